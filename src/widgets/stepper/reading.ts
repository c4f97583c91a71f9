// A story, read once from its beginning to its end: what has a row of its own and at which step it settled, what the
// applications got, and from which step to which an identifier was remembered. Everything that a drawing of any moment needs
// and that is not to be found again for each; timelines that share their moments share what was read of them.
import type { Flight, Input, TraceEvent, WorldSnapshot } from '../../../broker/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import type { Stretch } from './bars.ts';
import { type Given, packetOf, type Row } from './diagram.ts';
import { brokerOf, giftKey, type Identifier, identifiersIn, namesIn, textOf } from './memory.ts';
import type { Mischief } from './notes.ts';
import type { Moment, Timeline } from './timeline.ts';

/** Something that has a row of its own: a packet, or what was done to a link, to the broker or to time. */
export type Entry = PacketEntry | BetweenEntry;

interface Settling {
  /** At which step it was sent or done. */
  readonly step: number;
  /** From which step on nothing can happen to it: a packet arrived or was lost, a client came back. Infinity if there is none. */
  settledAt: number;
}

export interface PacketEntry extends Settling {
  readonly flight: Flight;
  /** Its number in the figure. */
  readonly number: number;
  /** Time has passed since the packet before it. */
  readonly isLater: boolean;
  /** What befell it, if it was not treated as TCP treats a packet, and at which step. */
  mischief: { readonly step: number; readonly what: Mischief } | undefined;
}

export interface BetweenEntry extends Settling {
  readonly flight: undefined;
  readonly input: Between;
}

const BETWEEN = { cut: true, freeze: true, thaw: true, restart: true, wait: true, join: true } as const;

/** What is done to a link, to the broker or to time. */
export type Between = Extract<Input, { do: keyof typeof BETWEEN }>;

/** An identifier that was remembered from one step to another. */
export interface Span {
  readonly of: Identifier;
  readonly since: number;
  /** The place of the row at which it begins; undefined above all rows. */
  readonly first: number | undefined;
  /** Infinity where it lasts to the end; and the row at which it ends. */
  until: number;
  last: number | undefined;
  /** As it was drawn the last time. */
  drawn: Stretch | undefined;
}

/** A message that an application was given, under a name that no other of this client has. */
export interface Gift {
  readonly key: string;
  readonly topic: string;
  readonly payload: string;
  /** The steps at which it was given, one after the other; 0 is before all of them. */
  readonly steps: number[];
}

export class Reading {
  /** The moments that have been read. */
  readonly moments: Moment[] = [];
  /** Everything that has a row, from top to bottom. */
  readonly entries: Entry[] = [];
  /** How many rows there are after each step. */
  readonly counts: number[] = [];
  /** The place of the row that each step was about. */
  readonly latest: (number | undefined)[] = [];
  /** The places of those who came later. */
  readonly joins: number[] = [];
  /** In the order in which they begin. */
  readonly spans: Span[] = [];
  /** The rows of what has settled, as they were drawn the last time, by their places. */
  readonly settled: Row[] = [];
  readonly #tells: Timeline['tells'];
  readonly #participants: readonly Participant[];
  readonly #broker: string;
  readonly #places = new Map<number, number>();
  readonly #given = new Map<TraceEvent, Given>();
  readonly #gifts = new Map<string, Gift[]>();
  readonly #gift = new Map<string, Gift>();
  readonly #lasting = new Map<string, Span>();
  readonly #cuts = new Map<string, BetweenEntry>();
  #packets = 0;
  #sentAt = 0;

  constructor(tells: Timeline['tells'], participants: readonly Participant[]) {
    this.#tells = tells;
    this.#participants = participants;
    this.#broker = brokerOf(participants);
  }

  /** Whether a timeline tells this story, as far as either goes, to the same people. */
  isOf({ moments, tells }: Timeline, participants: readonly Participant[]): boolean {
    return (
      tells === this.#tells &&
      this.isFor(participants) &&
      this.moments.every((moment, step) => step >= moments.length || moment === moments[step])
    );
  }

  isFor(participants: readonly Participant[]): boolean {
    const own = this.#participants;
    return (
      own === participants ||
      (own.length === participants.length &&
        own.every(({ name }, column) => name === participants[column]?.name))
    );
  }

  /** Reads what a timeline has beyond what has been read. */
  readOn({ moments }: Timeline): void {
    for (const moment of moments.slice(this.moments.length)) this.#read(moment);
  }

  /** The place of a packet's row. */
  placeOf(flight: number): number | undefined {
    return this.#places.get(flight);
  }

  /** A packet, and what became of it. */
  packet(flight: number): PacketEntry | undefined {
    const entry = this.entries[this.#places.get(flight) ?? -1];
    return entry?.flight && entry;
  }

  /** The places of the rows that a step made, or did something to, from top to bottom. */
  touchedBy(step: number): number[] {
    const { input, arrived = [] } = this.moments[step] ?? {};
    const places = new Set<number>();
    const named = input && 'flight' in input ? [input.flight, ...arrived] : arrived;
    for (const number of named) places.add(this.placeOf(number) ?? -1);
    for (let place = this.counts[step - 1] ?? 0; place < (this.counts[step] ?? 0); place++) places.add(place);
    places.delete(-1);
    return [...places].sort((one, other) => one - other);
  }

  /** What happened at a step. */
  eventsAt(step: number | undefined): readonly TraceEvent[] {
    return this.moments[step ?? -1]?.events ?? [];
  }

  /** What an application got, by the event that tells so. */
  givenBy(event: TraceEvent): Given | undefined {
    return this.#given.get(event);
  }

  /** What a client's application was given up to the end of the story; what was given first comes first. */
  giftsOf(client: string): readonly Gift[] {
    return this.#gifts.get(client) ?? [];
  }

  /** Those among them that a step gave it. */
  giftsAt(step: number, client: string): Gift[] {
    return this.eventsAt(step).flatMap((event) => {
      if (event.kind !== 'delivered' || event.by !== client) return [];
      return this.#gift.get(giftKey(client, event.topic, textOf(event.payload))) ?? [];
    });
  }

  #read(moment: Moment): void {
    const step = this.moments.length;
    const before = this.moments.at(-1);
    this.moments.push(moment);
    if (before === undefined) {
      this.#sentAt = moment.now;
      this.#readReceived(moment);
      this.latest.push(undefined);
    } else this.latest.push(this.#readStep(moment, step));
    this.counts.push(this.entries.length);
    this.#readMemory(before?.snapshot, moment, step);
  }

  /** Returns the place of the row that the step was about. */
  #readStep(moment: Moment, step: number): number | undefined {
    const { input, sent, arrived, lost, links, events } = moment;
    const between = input && this.#readBetween(input, step);
    for (const flight of sent) this.#readPacket(flight, input, step);
    for (const number of [...arrived, ...lost]) this.#settle(this.packet(number), step);
    for (const [client, cut] of this.#cuts) {
      if (links[client] === 'none') continue;
      this.#settle(cut, step);
      this.#cuts.delete(client);
    }
    if (input?.do === 'drop' || input?.do === 'reorder') {
      const packet = this.packet(input.flight);
      if (packet) packet.mischief = { step, what: input.do === 'drop' ? 'dropped' : 'overtook' };
    }
    for (const event of events) this.#readEvent(event, step);
    const delivered = input?.do === 'deliver' ? this.placeOf(arrived[0] ?? 0) : undefined;
    return delivered ?? between ?? this.placeOf(sent[0]?.number ?? 0);
  }

  #readBetween(input: Input, step: number): number | undefined {
    if (!isBetween(input)) return undefined;
    const entry = { flight: undefined, input, step, settledAt: step };
    if (input.do === 'cut') {
      const earlier = this.#cuts.get(input.client);
      if (earlier) this.#settle(earlier, step);
      entry.settledAt = Number.POSITIVE_INFINITY;
      this.#cuts.set(input.client, entry);
    }
    if (input.do === 'join') this.joins.push(this.entries.length);
    return this.entries.push(entry) - 1;
  }

  #readPacket(flight: Flight, input: Input | undefined, step: number): void {
    this.#places.set(flight.number, this.entries.length);
    this.entries.push({
      flight,
      number: ++this.#packets,
      isLater: flight.sentAt > this.#sentAt,
      mischief: input?.do === 'duplicate' ? { step, what: 'copy' } : undefined,
      step,
      settledAt: Number.POSITIVE_INFINITY,
    });
    this.#sentAt = flight.sentAt;
  }

  #settle(entry: Entry | undefined, step: number): void {
    if (entry) entry.settledAt = Math.min(entry.settledAt, step);
  }

  #readReceived({ snapshot }: Moment): void {
    for (const [client, { received }] of Object.entries(snapshot.clients))
      for (const { topic, payload } of received) this.#give(client, topic, textOf(payload), 0);
  }

  #readEvent(event: TraceEvent, step: number): void {
    if (event.kind !== 'delivered') return;
    const payload = textOf(event.payload);
    this.#given.set(event, { payload, times: this.#give(event.by, event.topic, payload, step) });
  }

  /** Returns how often it has been given by now. */
  #give(client: string, topic: string, payload: string, step: number): number {
    const key = giftKey(client, topic, payload);
    let gift = this.#gift.get(key);
    if (gift === undefined) {
      gift = { key, topic, payload, steps: [] };
      this.#gift.set(key, gift);
      const own = this.#gifts.get(client);
      if (own) own.push(gift);
      else this.#gifts.set(client, [gift]);
    }
    return gift.steps.push(step);
  }

  /** Looks only where something changed: what a step leaves as it was is the same object before and after it. */
  #readMemory(before: WorldSnapshot | undefined, { snapshot, sent }: Moment, step: number): void {
    const { gone, come } = changed(before, snapshot, this.#broker);
    const kept = new Set(come.map(({ key }) => key));
    for (const { key } of gone) {
      const span = kept.has(key) ? undefined : this.#lasting.get(key);
      if (!span) continue;
      span.until = step;
      span.last = this.latest[step];
      this.#lasting.delete(key);
    }
    for (const of of come) {
      if (this.#lasting.has(of.key)) continue;
      const leaving = sent.find((flight) => isPublishOf(flight, of));
      const first = step === 0 ? undefined : leaving ? this.placeOf(leaving.number) : this.latest[step];
      const span = {
        of,
        since: step,
        first,
        until: Number.POSITIVE_INFINITY,
        last: undefined,
        drawn: undefined,
      };
      this.spans.push(span);
      this.#lasting.set(of.key, span);
    }
  }
}

const readings = new WeakMap<Timeline, Reading>();
/** What was read last of each story, by its first moment. */
const stories = new WeakMap<Moment, Reading>();

/** Reads a timeline, or remembers what was read of it or of one that began in the same way. */
export function readingOf(line: Timeline, participants: readonly Participant[]): Reading {
  const known = readings.get(line);
  if (known?.isFor(participants)) return known;
  const beginning = line.moments[0] as Moment;
  const story = stories.get(beginning);
  const reading = story?.isOf(line, participants) ? story : new Reading(line.tells, participants);
  reading.readOn(line);
  readings.set(line, reading);
  stories.set(beginning, reading);
  return reading;
}

/** A packet of a timeline by its number. */
export function flightOf({ flights }: Timeline, number: number): Flight | undefined {
  return flights[number - (flights[0]?.number ?? 0)];
}

function isBetween(input: Input): input is Between {
  return input.do in BETWEEN;
}

/** Whether a packet is the PUBLISH for which an identifier was taken. */
function isPublishOf(flight: Flight, { party, item }: Identifier): boolean {
  if (item.kind !== 'owed' || flight.from !== party) return false;
  const packet = packetOf(flight);
  return packet?.type === 'publish' && packet.packetId === item.packetId;
}

/** The identifiers of those whose state is another than before, as they were and as they are. */
function changed(before: WorldSnapshot | undefined, now: WorldSnapshot, broker: string) {
  const [gone, come]: [Identifier[], Identifier[]] = [[], []];
  const compare = <Of extends Parameters<typeof identifiersIn>[2]>(
    was: Of | undefined,
    is: Of | undefined,
    party: string,
    peer: string,
  ) => {
    if (was === is) return;
    if (was) gone.push(...identifiersIn(party, peer, was));
    if (is) come.push(...identifiersIn(party, peer, is));
  };
  for (const name of Object.keys({ ...before?.clients, ...now.clients }))
    compare(before?.clients[name], now.clients[name], name, broker);
  if (before?.broker === now.broker) return { gone, come };
  const names = namesIn(now);
  const sessions = new Map(before?.broker.sessions.map((session) => [session.clientId, session]));
  for (const session of now.broker.sessions) {
    compare(sessions.get(session.clientId), session, broker, names(session.clientId));
    sessions.delete(session.clientId);
  }
  for (const [clientId, session] of sessions) compare(session, undefined, broker, names(clientId));
  return { gone, come };
}
