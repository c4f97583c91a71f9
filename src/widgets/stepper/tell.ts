// The figure in words: what stands beside arrows, what each party remembers, and the transcript, line by line. It puts
// phrases of the dictionary together and decides nothing about packets.
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import type { Participant } from '../../lessons/scenario.ts';
import { capsuleLabel } from '../packet/Capsule.tsx';
import type { Decision } from './decisions.ts';
import { type BetweenRow, type PacketRow, packetOf, type Row, type WaitRow } from './diagram.ts';
import { brokerOf, type Change, changes, type Item, identifiersOf } from './memory.ts';
import type { Note } from './notes.ts';
import { readingOf } from './reading.ts';
import type { Timeline } from './timeline.ts';

/** The words that a stepper needs. */
export interface StepperWords {
  readonly stepper: Dictionary['stepper'];
  readonly packet: Dictionary['packet'];
  readonly fields: Dictionary['fields'];
}

/** One line of the transcript. */
export interface Line {
  readonly key: string;
  /** The number of the packet that it is about. */
  readonly number: number | undefined;
  readonly text: string;
  readonly tone: 'plain' | 'now' | 'lost';
  /** What the broker decided then. */
  readonly decisions: readonly Decision[];
}

/** What a moment is told from. */
export interface Scene {
  readonly line: Timeline;
  readonly at: number;
  readonly rows: readonly Row[];
  readonly participants: readonly Participant[];
}

const AWAITED = { puback: 'PUBACK', pubrec: 'PUBREC', pubcomp: 'PUBCOMP' } as const;

const TONES = {
  lost: 'lost',
  'in flight': 'now',
  held: 'now',
  delivered: 'plain',
  expected: 'plain',
} as const;

/** The transcript up to now. */
export function transcript(scene: Scene, words: StepperWords): Line[] {
  return told(scene.rows).map((row) => lineOf(row, scene, words));
}

/** The rows that a transcript tells: what is only expected is not among them. */
export function told(rows: readonly Row[]): Row[] {
  return rows.filter((row) => row.kind !== 'packet' || row.number !== undefined);
}

/** The lines of rows that were told; a row that stays the same is told once. */
const lines = new WeakMap<Row, { readonly words: StepperWords; readonly line: Line }>();

/** A row as a line of the transcript. */
export function lineOf(row: Row, scene: Scene, words: StepperWords): Line {
  const known = lines.get(row);
  if (known?.words === words) return known.line;
  const line = tell(row, scene, words);
  lines.set(row, { words, line });
  return line;
}

function tell(row: Row, scene: Scene, words: StepperWords): Line {
  const { key, decisions = [] } = row;
  if (row.kind === 'packet') {
    const { number, state } = row;
    return { key, number, text: tellPacket(row, scene, words), tone: TONES[state], decisions };
  }
  const tone = row.kind === 'cut' ? 'lost' : 'plain';
  return { key, number: undefined, text: tellBetween(row, words), tone, decisions };
}

/**
 * What the last step did, for those who hear it.
 * @param ends whether nothing comes after the last step of all
 */
export function announcement(scene: Scene, words: StepperWords, ends = true): string {
  const { line, at, rows, participants } = scene;
  const texts = readingOf(line, participants)
    .touchedBy(at)
    .flatMap((place) => rows[place] ?? [])
    .map((row) => (row.kind === 'packet' ? tellPacket(row, scene, words) : tellBetween(row, words)));
  if (ends && at === line.inputs.length) texts.push(words.stepper.transcript.end);
  return texts.join(' ');
}

/** What stands beside an arrow. */
export function noteText(note: Note, version: number, { stepper }: StepperWords): string {
  const { notes } = stepper;
  switch (note.kind) {
    case 'clean':
      return fill(notes.clean[version === 5 ? 5 : 4], { flag: Number(note.flag) });
    case 'present':
      return fill(notes.present, { flag: Number(note.flag) });
    case 'known':
      return fill(notes.known, { id: note.packetId });
    case 'again': {
      const message = messageText(note.payload, stepper);
      const { times } = note;
      return times === 2 || times === 3
        ? fill(notes.again, { message, times: notes.ordinals[times] })
        : fill(notes.oftenAgain, { message, times });
    }
    case 'retain':
      return fill(notes.retain, { message: messageText(note.payload, stepper), flag: Number(note.flag) });
    case 'will':
      return fill(notes.wills[note.action], { client: note.client });
    case 'carries':
      return fill(notes.fates[note.fate], {
        message: messageText(note.payload, stepper),
        client: note.client,
      });
    case 'expiry':
      return note.seconds === 0 ? notes.noExpiry : fill(notes.expiry, { seconds: note.seconds });
    case 'session':
      return fill(notes.sessions[note.action], { client: note.client });
    case 'behind':
      return fill(notes.behind, { number: note.number });
    case 'differs':
      return note.text;
    case 'fresh':
    case 'held':
    case 'frozen':
    case 'dropped':
    case 'copy':
    case 'overtook':
      return notes[note.kind];
    default:
      return note satisfies never;
  }
}

/** What one thing that is remembered is called, and what is to be said of it. */
export function itemText(
  item: Item,
  ofBroker: boolean,
  stepper: StepperWords['stepper'],
  lang: string,
): { name: string; text: string } {
  const { remembers, broker } = stepper;
  switch (item.kind) {
    case 'owed': {
      const phrase =
        item.awaiting === 'pubcomp' ? remembers.released : item.sent > 1 ? remembers.again : remembers.sent;
      const what = fill(phrase, { awaited: AWAITED[item.awaiting] });
      const text = ofBroker ? fill(remembers.to, { peer: item.peer, what }) : what;
      return { name: fill(remembers.id, { id: item.packetId }), text };
    }
    case 'accepted': {
      const peer = ofBroker ? item.peer : broker.within;
      const text = fill(remembers.from, { peer, what: remembers.accepted });
      return { name: fill(remembers.id, { id: item.packetId }), text };
    }
    case 'session': {
      const phrase = item.isConnected ? remembers.connected : remembers.away;
      return { name: remembers.session, text: fill(phrase, { peer: item.peer }) };
    }
    case 'subscription': {
      const { peer, topicFilter, qos } = item;
      return { name: remembers.subscription, text: fill(remembers.subscribed, { peer, topicFilter, qos }) };
    }
    case 'queued':
      return { name: remembers.queue, text: plural(remembers.queued, item.count, lang, { peer: item.peer }) };
    case 'given': {
      const message = messageText(item.payload, stepper);
      return { name: remembers.given, text: plural(remembers.times, item.times, lang, { message }) };
    }
    case 'retained': {
      const message = messageText(item.payload, stepper);
      return { name: remembers.retained, text: fill(remembers.topic, { message, topic: item.topic }) };
    }
    case 'will': {
      const message = messageText(item.payload, stepper);
      const phrase = item.waits ? remembers.willWaits : remembers.willOf;
      return { name: remembers.will, text: fill(phrase, { message, peer: item.peer }) };
    }
    default:
      return item satisfies never;
  }
}

/** A message as it stands in a sentence. */
function messageText(payload: string, { message }: StepperWords['stepper']): string {
  return payload === '' ? message.empty : fill(message.text, { payload });
}

/** A stretch of a sentence that changed: what went, what came, or what stayed. */
export interface Piece {
  readonly text: string;
  readonly kind: 'same' | 'old' | 'new';
}

/** What became of a sentence, word by word: the longest row of words that both have stays. */
export function compare(was: string, is: string): Piece[] {
  const [old, now] = [was.split(' '), is.split(' ')];
  const common: number[][] = Array.from({ length: old.length + 1 }, () => Array(now.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const row = common[i];
      if (row) row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [gone, come] = [old[i], now[j]];
    if (gone !== undefined && gone === come) {
      pieces.push({ kind: 'same', text: gone });
      i++;
      j++;
    } else if (gone !== undefined && at(i + 1, j) >= at(i, j + 1)) {
      pieces.push({ kind: 'old', text: gone });
      i++;
    } else {
      pieces.push({ kind: 'new', text: come ?? '' });
      j++;
    }
  }
  return pieces;
}

/** What happened between packets, in words. */
export function tellBetween(row: BetweenRow, all: StepperWords): string {
  const words = all.stepper.transcript;
  switch (row.kind) {
    case 'wait':
      return waitTexts(row, all).join(' ');
    case 'restart':
      return `${words.restart[row.keeps ? 'kept' : 'lost']} ${lostText(row.lost, words)}`;
    case 'join':
      return fill(words.join, { client: row.client });
    case 'cut':
      return `${fill(words.cut, { client: row.client })} ${lostText(row.lost, words)}`;
    case 'freeze':
    case 'thaw':
      return fill(words[row.kind], { client: row.client });
    default:
      return row satisfies never;
  }
}

/** What happened while time passed: how much of it, and whose silence was too long. */
export function waitTexts(
  { time, silent, expired }: WaitRow,
  { stepper: { transcript: words } }: StepperWords,
): string[] {
  return [
    fill(words.wait, { seconds: time / 1000 }),
    ...silent.map(({ client, keepAlive }) => fill(words.silent, { client, seconds: 1.5 * keepAlive })),
    ...expired.map(({ client }) => fill(words.expired, { client })),
  ];
}

function lostText(lost: readonly number[], words: Words): string {
  const form = lost.length === 0 ? 'none' : lost.length === 1 ? 'one' : 'other';
  return fill(words.lostWith[form], { numbers: lost.join(', ') });
}

/** A stretch of time, given in milliseconds. */
export function timeText(time: number, { stepper: { times } }: StepperWords): string {
  if (time < 1000) return fill(times.milliseconds, { milliseconds: Math.round(time) });
  const seconds = Math.round(time / 100) / 10;
  if (seconds < 120) return fill(times.seconds, { seconds });
  return fill(times.minutes, { minutes: Math.floor(seconds / 60), seconds: Math.round(seconds % 60) });
}

function sentence(text: string): string {
  return `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}.`;
}

/** What the transcript says in the words that stand beside the arrow. */
const TOLD: ReadonlySet<Note['kind']> = new Set([
  'retain',
  'will',
  'carries',
  'expiry',
  'session',
  'copy',
  'overtook',
]);

function tellPacket(row: PacketRow, scene: Scene, all: StepperWords): string {
  const words = all.stepper.transcript;
  const { frame, version } = row.flight;
  const packet = capsuleLabel(frame, version, all.packet.capsule);
  const from = called(row.flight.from, scene, all.stepper.broker.first);
  const to = called(row.flight.to, scene, all.stepper.broker.within);
  const told = [fill(words.packet, { from, to, packet })];
  const content = packetOf(row.flight);
  if (content?.type === 'connect')
    told.push(fill(words.clean[version === 5 ? 5 : 4], { flag: Number(content.cleanStart) }));
  if (content?.type === 'connack') told.push(fill(words.present, { flag: Number(content.sessionPresent) }));
  for (const note of row.notes) if (TOLD.has(note.kind)) told.push(sentence(noteText(note, version, all)));
  switch (row.state) {
    case 'in flight':
      told.push(words.inFlight, ...row.notes.flatMap((note) => standsStill(note, words)));
      break;
    case 'held':
      told.push(words.held);
      break;
    case 'lost':
      told.push(row.notes.some(({ kind }) => kind === 'dropped') ? words.dropped : words.lost);
      break;
    case 'delivered':
      told.push(...effects(row, scene, all));
      break;
    case 'expected':
      break;
    default:
      row.state satisfies never;
  }
  return told.join(' ');
}

type Words = StepperWords['stepper']['transcript'];

function standsStill(note: Note, words: Words): string[] {
  if (note.kind === 'frozen') return [words.frozen];
  return note.kind === 'behind' ? [fill(words.behind, { number: note.number })] : [];
}

/** What its arrival did to the party that received it. */
function effects(row: PacketRow, { line, participants }: Scene, { stepper }: StepperWords): string[] {
  const { transcript: words, broker } = stepper;
  const { to } = row.flight;
  const party = to === brokerOf(participants) ? broker.first : to;
  const notes = row.notes.flatMap((note) => {
    if (note.kind === 'known') return [fill(words.known, { id: note.packetId })];
    return note.kind === 'fresh' ? [fill(words.fresh, { party })] : [];
  });
  const step = readingOf(line, participants).packet(row.flight.number)?.settledAt ?? 0;
  const [before = [], after = []] = [line.moments[step - 1], line.moments[step]].map(
    (moment) => moment && identifiersOf(moment.snapshot, to, participants),
  );
  const given = row.given.map(({ payload, times }) => {
    const message = messageText(payload, stepper);
    return times > 1
      ? fill(words.givesAgain, { party, message, times })
      : fill(words.gives, { party, message });
  });
  return [...notes, ...changes(to, after, before).flatMap((each) => effect(each, party, stepper)), ...given];
}

function effect({ item, change, was }: Change, party: string, stepper: StepperWords['stepper']): string[] {
  const words = stepper.transcript;
  const id = 'packetId' in item ? item.packetId : 0;
  if (item.kind === 'accepted' && change === 'new') return [fill(words.accepts, { party, id })];
  if (item.kind === 'accepted' && change === 'gone') return [fill(words.forgets, { party, id })];
  if (item.kind === 'owed' && change === 'gone') return [fill(words.settles, { party, id })];
  if (item.kind === 'owed' && was?.kind === 'owed' && was.awaiting !== item.awaiting)
    return [fill(words.waits, { party, awaited: AWAITED[item.awaiting] })];
  return [];
}

/** A party by its name, or the broker in words. */
function called(party: string, { participants }: Scene, broker: string): string {
  return party === brokerOf(participants) ? broker : party;
}
