// A moment of a run as a drawing: a row for each packet and for each thing that was done to a link or to time, and what can be
// done with each packet now. It reads timelines; what a drawing is made of is the diagram's to say.
import type { Flight, Input, TraceEvent } from '../../../broker/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import type { CapsuleState } from '../packet/Capsule.tsx';
import { barsOf, type Stretch } from './bars.ts';
import { type Decision, decisionsIn } from './decisions.ts';
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
import { type Arrival, type Reading, readingOf, type Span } from './reading.ts';
import type { Moment, Timeline } from './timeline.ts';

/** Draws the moment after `at` steps. */
export function draw(line: Timeline, at: number, participants: readonly Participant[]): Diagram {
  const drawing = new Drawing(line, at, participants);
  for (let step = 1; step <= at; step++) drawing.addMoment(step);
  for (const flight of line.moments[at + 1]?.sent ?? []) drawing.addPacket(flight, undefined);
  const height = drawing.top + MARGIN;
  return {
    rows: drawing.rows,
    bars: barsOf(drawing.stretches(), participants, height),
    height,
    latest: drawing.latest,
    beginnings: drawing.beginnings,
  };
}

/** The height of the tallest moment: with it reserved, nothing below moves while time does. */
export function tallest({ moments }: Timeline): number {
  let [settled, highest] = [2 * MARGIN, 0];
  const held = new Set<number>();
  for (const [step, moment] of moments.entries()) {
    const { input, arrived, lost } = moment;
    if (input?.do === 'hold') held.add(input.flight);
    if (input?.do === 'release') held.delete(input.flight);
    for (const number of [...arrived, ...lost]) held.delete(number);
    if (step > 0) settled += heightOf(moment) + HEIGHTS.packet * moment.sent.length;
    const touchable = new Set([...held, ...moment.deliverable]).size;
    const expected = HEIGHTS.packet * (moments[step + 1]?.sent.length ?? 0);
    const actions = (HEIGHTS.packetWithActions - HEIGHTS.packet) * touchable;
    highest = Math.max(highest, settled + actions + expected);
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
  readonly rows: Row[] = [];
  readonly beginnings = new Map<number, number>();
  top = MARGIN;
  readonly #line: Timeline;
  readonly #at: number;
  readonly #now: Moment;
  readonly #beginning: number;
  readonly #participants: readonly Participant[];
  readonly #broker: string;
  readonly #reading: Reading;
  readonly #rowOfFlight = new Map<number, PacketRow>();
  readonly #rowOfStep = new Map<number, Row>();
  #time: number;

  constructor(line: Timeline, at: number, participants: readonly Participant[]) {
    this.#line = line;
    this.#at = at;
    this.#now = this.#moment(at);
    this.#beginning = this.#moment(0).now;
    this.#time = this.#beginning;
    this.#participants = participants;
    this.#broker = brokerOf(participants);
    this.#reading = readingOf(line, participants);
  }

  get latest(): string | undefined {
    return this.#rowOfStep.get(this.#at)?.key;
  }

  addMoment(step: number): void {
    const { input, sent, arrived } = this.#moment(step);
    const between = input && this.#addBetween(step, input);
    if (between) this.#rowOfStep.set(step, between);
    for (const flight of sent) this.addPacket(flight, this.#rowOfFlight.size + 1);
    const delivered = input?.do === 'deliver' ? this.#rowOfFlight.get(arrived[0] ?? 0) : undefined;
    const row = delivered ?? between ?? this.#rowOfFlight.get(sent[0]?.number ?? 0);
    if (row) this.#rowOfStep.set(step, row);
  }

  addPacket(flight: Flight, number: number | undefined): void {
    const state = number === undefined ? 'expected' : (this.#now.states.get(flight.number) ?? 'in flight');
    const actions = number === undefined ? [] : actionsFor(flight.number, state, this.#now);
    const height = actions.length > 0 ? HEIGHTS.packetWithActions : HEIGHTS.packet;
    const row: PacketRow = {
      ...this.#place(`${number === undefined ? 'expected' : 'packet'} ${flight.number}`, height),
      kind: 'packet',
      flight,
      number,
      state,
      from: this.#column(flight.from),
      to: this.#column(flight.to),
      actions,
      ...(state === 'delivered' ? this.#arrivalOf(flight) : this.#told(flight, state)),
      motion: motionOf(flight.number, this.#now),
      time: flight.sentAt - this.#beginning,
      isLater: flight.sentAt > this.#time,
    };
    this.#time = flight.sentAt;
    this.rows.push(row);
    if (number !== undefined) this.#rowOfFlight.set(flight.number, row);
  }

  #addBetween(step: number, input: Input): Row | undefined {
    const row = this.#between(step, input);
    if (row) this.rows.push(row);
    return row;
  }

  /** What is done to a link, to the broker or to time has a row of its own. */
  #between(step: number, input: Input): BetweenRow | undefined {
    const last = this.#participants.length - 1;
    switch (input.do) {
      case 'cut':
      case 'freeze':
      case 'thaw': {
        const { client } = input;
        const isOpen = input.do === 'cut' && this.#now.links[client] === 'none';
        const [from, to] = [this.#column(client), this.#column(this.#broker)];
        return { ...this.#happening(step, input), kind: input.do, client, from, to, open: isOpen };
      }
      case 'restart':
        return { ...this.#happening(step, input), kind: 'restart', keeps: input.keeps, from: 0, to: last };
      case 'wait':
        return {
          ...this.#happening(step, input),
          ...this.#meanwhile(step),
          kind: 'wait',
          time: input.time,
          from: 0,
          to: last,
        };
      case 'join': {
        const column = this.#column(input.setup.name);
        this.beginnings.set(column, this.top + HEIGHTS.link / 2);
        const place = this.#happening(step, input);
        return { ...place, kind: 'join', client: input.setup.name, from: column, to: column };
      }
      default:
        return undefined;
    }
  }

  #happening(step: number, input: Input) {
    const moment = this.#moment(step);
    return {
      ...this.#place(`${input.do} ${step}`, heightOf(moment)),
      lost: moment.lost.map((number) => this.#rowOfFlight.get(number)?.number ?? 0),
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
  stretches(): Stretch[] {
    return this.#reading.spans
      .filter(({ since }) => since <= this.#at)
      .map((span): Stretch => {
        const { key, party, item } = span.of;
        const isOver = span.until !== undefined && span.until <= this.#at;
        const last = isOver ? this.#rowOfStep.get(span.until as number) : undefined;
        return {
          key,
          party,
          peer: item.peer,
          handshake: handshakeOfItem(party, item, this.#broker) ?? '',
          packetId: item.packetId,
          top: this.#beginningOf(span),
          bottom: isOver ? (last ? arrowOf(last) : 0) : undefined,
        };
      });
  }

  /** An identifier is taken where its PUBLISH leaves, or where it arrives. */
  #beginningOf({ of: { party, item }, since }: Span): number {
    if (since === 0) return 0;
    const { sent } = this.#moment(since);
    const leaving = item.kind === 'owed' && sent.find((flight) => isPublish(flight, party, item.packetId));
    const row = leaving ? this.#rowOfFlight.get(leaving.number) : this.#rowOfStep.get(since);
    return row ? arrowOf(row) : 0;
  }

  #place(key: string, height: number) {
    const { top } = this;
    this.top += height;
    return { key, top, height };
  }

  #moment(step: number): Moment {
    const moment = this.#line.moments[step];
    if (!moment) throw new RangeError(`There is no step ${step}`);
    return moment;
  }

  #column(name: string): number {
    return columnOf(name, this.#participants);
  }

  #notesOn(flight: Flight, state: CapsuleState, given: readonly Given[]): Note[] {
    const packet = packetOf(flight);
    if (packet === undefined) return [];
    const { sentAt, arrivedAt } = this.#reading;
    const eventsAt = (step: number | undefined): readonly TraceEvent[] =>
      this.#line.moments[step ?? -1]?.events ?? [];
    const told = {
      flight,
      packet,
      state,
      given,
      broker: this.#broker,
      tells: this.#line.tells,
      departure: eventsAt(sentAt.get(flight.number)),
      arrival: eventsAt(arrivedAt.get(flight.number)),
    };
    const mischief = this.#reading.mischief.get(flight.number);
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

  #behind({ client, from, number }: Flight): Note[] {
    for (const [earlier, row] of this.#rowOfFlight) {
      if (earlier >= number) break;
      const isAhead = row.flight.client === client && row.flight.from === from;
      if (isAhead && (row.state === 'in flight' || row.state === 'held'))
        return [{ kind: 'behind', number: row.number as number }];
    }
    return [];
  }

  /** What is told of a packet that arrived does not change any more. */
  #arrivalOf(flight: Flight): Arrival {
    const { arrivals } = this.#reading;
    let arrival = arrivals.get(flight.number);
    if (arrival === undefined) {
      arrival = this.#told(flight, 'delivered');
      arrivals.set(flight.number, arrival);
    }
    return arrival;
  }

  #told(flight: Flight, state: CapsuleState): Arrival {
    const given = state === 'delivered' ? this.#givenBy(flight) : [];
    const decisions = state === 'delivered' && flight.to === this.#broker ? this.#decidedOn(flight) : [];
    return { given, notes: this.#notesOn(flight, state, given), decisions };
  }

  /** What the receiver's application got with a packet. */
  #givenBy(flight: Flight): Given[] {
    const packet = packetOf(flight);
    if (packet?.type !== 'publish' || flight.to === this.#broker) return [];
    const payload = textOf(packet.payload);
    const { events = [] } = this.#line.moments[this.#reading.arrivedAt.get(flight.number) ?? -1] ?? {};
    return events.flatMap((event) => {
      const given = event.by === flight.to ? this.#reading.given.get(event) : undefined;
      return given?.payload === payload ? [given] : [];
    });
  }

  /** Where several packets arrive while time passes, what was decided stands there. */
  #decidedOn(flight: Flight): Decision[] {
    const { input, events = [] } = this.#line.moments[this.#reading.arrivedAt.get(flight.number) ?? -1] ?? {};
    return input?.do === 'wait' ? [] : decisionsIn(events, this.#broker);
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

function isPublish(flight: Flight, from: string, packetId: number): boolean {
  const packet = packetOf(flight);
  return flight.from === from && packet?.type === 'publish' && packet.packetId === packetId;
}
