// A moment of a run as a drawing: a row for each packet and for each thing that was done to a link or to time, and what can be
// done with each packet now. It reads timelines; what a drawing is made of is the diagram's to say.
import type { Flight, TraceEvent } from '../../../broker/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import type { CapsuleState } from '../packet/Capsule.tsx';
import { barsOf, type Stretch } from './bars.ts';
import { decisionsIn } from './decisions.ts';
import {
  type Action,
  arrowOf,
  type BetweenRow,
  columnOf,
  type Diagram,
  type Given,
  HEIGHTS,
  MARGIN,
  type PacketRow,
  packetOf,
  type Row,
  type WaitRow,
} from './diagram.ts';
import { brokerOf, handshakeOfItem, textOf } from './memory.ts';
import { type Note, notesOn } from './notes.ts';
import {
  type BetweenEntry,
  type Entry,
  type PacketEntry,
  type Reading,
  readingOf,
  type Span,
} from './reading.ts';
import type { Moment, Timeline } from './timeline.ts';

/** Draws the moment after `at` steps. What has settled is drawn once; a row is made again only where another could stand. */
export function draw(line: Timeline, at: number, participants: readonly Participant[]): Diagram {
  return new Drawing(line, at, participants).diagram();
}

/**
 * The height of the tallest moment: with it reserved, nothing below moves while time does.
 * @param enough the height beyond which it does not matter how much more there is
 */
export function tallest({ moments }: Timeline, enough = Number.POSITIVE_INFINITY): number {
  let [settled, highest] = [2 * MARGIN, 0];
  const held = new Set<number>();
  for (const [step, moment] of moments.entries()) {
    const { input, arrived, lost } = moment;
    if (input?.do === 'hold') held.add(input.flight);
    if (input?.do === 'release') held.delete(input.flight);
    for (const number of [...arrived, ...lost]) held.delete(number);
    if (step > 0) settled += heightOf(moment) + HEIGHTS.packet * moment.sent.length;
    const touchable =
      held.size === 0 ? moment.deliverable.size : new Set([...held, ...moment.deliverable]).size;
    const expected = HEIGHTS.packet * (moments[step + 1]?.sent.length ?? 0);
    const actions = (HEIGHTS.packetWithActions - HEIGHTS.packet) * touchable;
    highest = Math.max(highest, settled + actions + expected);
    if (highest > enough) break;
  }
  return highest;
}

/** How much room a step takes that is no packet's. */
function heightOf({ input, events }: Moment): number {
  switch (input?.do) {
    case 'cut':
    case 'restart':
      return HEIGHTS.cut;
    case 'freeze':
    case 'thaw':
    case 'join':
      return HEIGHTS.link;
    case 'wait':
      return HEIGHTS.link + HEIGHTS.line * events.filter(isToldOfWaiting).length;
    default:
      return 0;
  }
}

/** The packet that a moment's next step delivers, or else the first that can be delivered. */
export function nextFlight({ inputs, moments }: Timeline, at: number): number | undefined {
  const input = inputs[at];
  const deliverable = moments[at]?.deliverable;
  if (input?.do === 'deliver') return input.flight;
  return deliverable && [...deliverable][0];
}

class Drawing {
  readonly #rows: Row[] = [];
  #top = MARGIN;
  readonly #line: Timeline;
  readonly #at: number;
  readonly #now: Moment;
  readonly #beginning: number;
  readonly #participants: readonly Participant[];
  readonly #broker: string;
  readonly #reading: Reading;
  /** Packets above that have not arrived. */
  readonly #waiting: PacketRow[] = [];

  constructor(line: Timeline, at: number, participants: readonly Participant[]) {
    this.#line = line;
    this.#at = at;
    this.#reading = readingOf(line, participants);
    this.#now = this.#moment(at);
    this.#beginning = this.#moment(0).now;
    this.#participants = participants;
    this.#broker = brokerOf(participants);
  }

  diagram(): Diagram {
    const { counts, latest } = this.#reading;
    const count = counts[this.#at] ?? 0;
    for (let place = 0; place < count; place++) this.#put(this.#rowAt(place));
    for (const { number } of this.#line.moments[this.#at + 1]?.sent ?? []) this.#expect(number);
    const height = this.#top + MARGIN;
    return {
      rows: this.#rows,
      bars: barsOf(this.#stretches(), this.#participants, height),
      height,
      latest: this.#rows[latest[this.#at] ?? -1]?.key,
      beginnings: this.#beginnings(),
    };
  }

  #put(row: Row): void {
    this.#rows.push(row);
    this.#top += row.height;
  }

  /** What settled before the last step is as it was drawn before; at most it has moved. */
  #rowAt(place: number): Row {
    const { entries, settled } = this.#reading;
    const entry = entries[place] as Entry;
    if (entry.settledAt >= this.#at) return this.#made(entry);
    const known = settled[place];
    if (known?.top === this.#top) return known;
    const row = known ? { ...known, top: this.#top } : this.#made(entry);
    settled[place] = row;
    return row;
  }

  #made(entry: Entry): Row {
    if (!entry.flight) return this.#between(entry);
    const row = this.#packet(entry, this.#now.states.get(entry.flight.number) ?? 'in flight');
    if (row.state === 'in flight' || row.state === 'held') this.#waiting.push(row);
    return row;
  }

  #expect(flight: number): void {
    const entry = this.#reading.packet(flight);
    if (entry) this.#put({ ...this.#packet(entry, 'expected'), number: undefined });
  }

  #packet(entry: PacketEntry, state: CapsuleState): PacketRow {
    const { flight, number, isLater } = entry;
    const actions = state === 'expected' ? [] : actionsFor(flight.number, state, this.#now);
    const height = actions.length > 0 ? HEIGHTS.packetWithActions : HEIGHTS.packet;
    return {
      ...this.#place(`${state === 'expected' ? 'expected' : 'packet'} ${flight.number}`, height),
      kind: 'packet',
      flight,
      number,
      state,
      from: this.#column(flight.from),
      to: this.#column(flight.to),
      actions,
      ...this.#told(entry, state),
      motion: motionOf(flight.number, this.#now),
      time: flight.sentAt - this.#beginning,
      isLater,
    };
  }

  /** What is done to a link, to the broker or to time has a row of its own. */
  #between(entry: BetweenEntry): BetweenRow {
    const { input, step, settledAt } = entry;
    const place = this.#happening(entry);
    const last = this.#participants.length - 1;
    switch (input.do) {
      case 'cut':
      case 'freeze':
      case 'thaw': {
        const { client } = input;
        const [from, to] = [this.#column(client), this.#column(this.#broker)];
        return { ...place, kind: input.do, client, from, to, open: settledAt > this.#at };
      }
      case 'restart':
        return { ...place, kind: 'restart', keeps: input.keeps, from: 0, to: last };
      case 'wait':
        return { ...place, ...this.#meanwhile(step), kind: 'wait', time: input.time, from: 0, to: last };
      case 'join': {
        const { name } = input.setup;
        const column = this.#column(name);
        return { ...place, kind: 'join', client: name, from: column, to: column };
      }
      default:
        return input satisfies never;
    }
  }

  #happening({ input, step }: BetweenEntry) {
    const moment = this.#moment(step);
    return {
      ...this.#place(`${input.do} ${step}`, heightOf(moment)),
      lost: moment.lost.map((number) => this.#reading.packet(number)?.number ?? 0),
      decisions: decisionsIn(moment.events, this.#broker),
    };
  }

  /** Who was silent for too long while time passed, and whose session expired. */
  #meanwhile(step: number): Pick<WaitRow, 'silent' | 'expired'> {
    const told = this.#moment(step).events.filter(isToldOfWaiting);
    return {
      silent: told.flatMap((event) =>
        event.kind === 'silent'
          ? [{ client: event.clientId ?? '', keepAlive: event.keepAlive, rule: event.rule }]
          : [],
      ),
      expired: told.flatMap((event) =>
        event.kind === 'session' ? [{ client: event.clientId ?? '', rule: event.rule }] : [],
      ),
    };
  }

  /** One stretch for each span of steps in which an identifier was remembered, as far as they have come. */
  #stretches(): Stretch[] {
    const stretches: Stretch[] = [];
    for (const span of this.#reading.spans) {
      if (span.since > this.#at) break;
      stretches.push(this.#stretch(span));
    }
    return stretches;
  }

  #stretch(span: Span): Stretch {
    const top = this.#arrowAt(span.first);
    const bottom = span.until <= this.#at ? this.#arrowAt(span.last) : undefined;
    const { drawn } = span;
    if (drawn?.top === top && drawn.bottom === bottom) return drawn;
    const { key, party, item } = span.of;
    const { peer, packetId } = item;
    const handshake = handshakeOfItem(party, item, this.#broker) ?? '';
    span.drawn = { key, party, peer, handshake, packetId, top, bottom };
    return span.drawn;
  }

  #arrowAt(place: number | undefined): number {
    const row = this.#rows[place ?? -1];
    return row ? arrowOf(row) : 0;
  }

  #beginnings(): Map<number, number> {
    const joined = this.#reading.joins.flatMap((place) => this.#rows[place] ?? []);
    return new Map(joined.flatMap((row) => (row.kind === 'join' ? [[row.from, arrowOf(row)]] : [])));
  }

  #place(key: string, height: number) {
    return { key, top: this.#top, height };
  }

  #moment(step: number): Moment {
    const moment = this.#line.moments[step];
    if (!moment) throw new RangeError(`There is no step ${step}`);
    return moment;
  }

  #column(name: string): number {
    return columnOf(name, this.#participants);
  }

  /** What is told of a packet. If it arrived, that does not change any more. */
  #told(entry: PacketEntry, state: CapsuleState): Pick<PacketRow, 'given' | 'notes' | 'decisions'> {
    const { flight, settledAt } = entry;
    const hasArrived = state === 'delivered';
    const arrival = hasArrived ? this.#reading.eventsAt(settledAt) : [];
    const given = hasArrived ? this.#givenBy(flight, arrival) : [];
    // Where several packets arrive while time passes, what was decided stands there.
    const isDecided = flight.to === this.#broker && this.#reading.moments[settledAt]?.input?.do !== 'wait';
    return {
      given,
      notes: this.#notesOn(entry, state, given, arrival),
      decisions: isDecided ? decisionsIn(arrival, this.#broker) : [],
    };
  }

  #notesOn(
    { flight, step, mischief }: PacketEntry,
    state: CapsuleState,
    given: readonly Given[],
    arrival: readonly TraceEvent[],
  ): Note[] {
    const packet = packetOf(flight);
    if (packet === undefined) return [];
    const told = {
      flight,
      packet,
      state,
      given,
      broker: this.#broker,
      tells: this.#line.tells,
      departure: this.#reading.eventsAt(step),
      arrival,
    };
    const befell: Note[] = mischief && mischief.step <= this.#at ? [{ kind: mischief.what }] : [];
    return [...befell, ...notesOn(told, this.#standingOf(flight, state))];
  }

  /** Why a packet that is on its way does not move. */
  #standingOf(flight: Flight, state: CapsuleState): Note[] {
    if (state === 'held') return [{ kind: 'held' }];
    if (state !== 'in flight') return [];
    if (this.#now.links[flight.client] === 'frozen') return [{ kind: 'frozen' }];
    return this.#now.deliverable.has(flight.number) ? [] : this.#behind(flight);
  }

  #behind({ client, from }: Flight): Note[] {
    const ahead = this.#waiting.find((row) => row.flight.client === client && row.flight.from === from);
    return ahead ? [{ kind: 'behind', number: ahead.number as number }] : [];
  }

  /** What the receiver's application got with a packet. */
  #givenBy(flight: Flight, arrival: readonly TraceEvent[]): Given[] {
    const packet = packetOf(flight);
    if (packet?.type !== 'publish' || flight.to === this.#broker) return [];
    const payload = textOf(packet.payload);
    return arrival.flatMap((event) => {
      const given = event.by === flight.to ? this.#reading.givenBy(event) : undefined;
      return given?.payload === payload ? [given] : [];
    });
  }
}

function isToldOfWaiting(event: TraceEvent): boolean {
  return event.kind === 'silent' || (event.kind === 'session' && event.action === 'expired');
}

function actionsFor(flight: number, state: CapsuleState, now: Moment): Action[] {
  if (state === 'held') return ['deliver', 'release', 'cut'];
  return state === 'in flight' && now.deliverable.has(flight) ? ['deliver', 'hold', 'cut'] : [];
}

function motionOf(flight: number, { arrived, sent }: Moment): PacketRow['motion'] {
  if (arrived.includes(flight)) return 'arrives';
  return sent.some(({ number }) => number === flight) ? 'leaves' : undefined;
}
