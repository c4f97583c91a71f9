// A moment of a run as a drawing: rows from top to bottom, who sends to whom, what state each packet is in, what can be
// done with it, and the bars on the lifelines. All in numbers and names; it knows neither HTML nor words.
import {
  decode,
  type Flight,
  type Input,
  type Packet,
  type StatementId,
  type TraceEvent,
} from '../../../broker/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import type { CapsuleState } from '../packet/Capsule.tsx';
import { brokerOf, type Item, type Remembered, remembered, textOf } from './memory.ts';
import type { Moment, Timeline } from './timeline.ts';

/** Heights in CSS pixels. A row with buttons has them below its arrow. */
export const HEIGHTS = { packet: 46, packetWithActions: 86, cut: 58, link: 34, silence: 20 } as const;
/** From the top of a row to its arrow. */
const ARROW = 23;
/** Above the first row, and below the last. */
const MARGIN = 6;

export type Action = 'deliver' | 'hold' | 'release' | 'cut';

/** Something to be said beside an arrow. */
export type Note =
  | { kind: 'clean' | 'present'; flag: boolean }
  /** A QoS 2 PUBLISH came again, and was recognized. */
  | { kind: 'known'; packetId: number; rule: StatementId | undefined }
  /** A QoS 1 PUBLISH came again, and is a message like any other. */
  | { kind: 'fresh'; rule: StatementId }
  /** The application was given a message that it had been given before. */
  | { kind: 'again'; payload: string; times: number }
  /** What a PUBLISH carries, and its RETAIN flag. */
  | { kind: 'retain'; payload: string; flag: boolean }
  /** What this packet did to a will, or that it is one. */
  | { kind: 'will'; action: WillAction; client: string; rule: StatementId | undefined }
  /** What a PUBLISH carries, and what the broker did with it while its receiver was away. */
  | { kind: 'carries'; payload: string; fate: Fate; client: string; rule: StatementId | undefined }
  /** How long the session is to outlive the connection, in seconds (5.0). */
  | { kind: 'expiry'; seconds: number }
  /** What this packet did to a session. */
  | {
      kind: 'session';
      action: 'kept' | 'ended' | 'taken over';
      client: string;
      rule: StatementId | undefined;
    }
  | { kind: 'held' | 'frozen' }
  /** TCP keeps the order: another packet has to arrive first. */
  | { kind: 'behind'; number: number };

/** A message goes on, waits for a client that is away, is let go of, or is for nobody. */
export type Fate = 'passed' | 'queued' | 'dropped' | 'unmatched';

export type WillAction = 'stored' | 'deleted' | 'published' | 'delayed';

interface Place {
  readonly key: string;
  readonly top: number;
  readonly height: number;
}

export interface PacketRow extends Place {
  readonly kind: 'packet';
  readonly flight: Flight;
  /** Its number in this figure; undefined for a packet that is only expected. */
  readonly number: number | undefined;
  readonly state: CapsuleState;
  /** Columns of the participants. */
  readonly from: number;
  readonly to: number;
  readonly actions: readonly Action[];
  readonly notes: readonly Note[];
  /** What the last step did to it. */
  readonly motion: 'leaves' | 'arrives' | undefined;
}

/** Something that happened to a link. */
export interface LinkRow extends Place {
  readonly kind: 'cut' | 'freeze' | 'thaw';
  readonly client: string;
  readonly from: number;
  readonly to: number;
  /** The numbers of the packets that were lost. */
  readonly lost: readonly number[];
  /** Nobody has reconnected yet. */
  readonly open: boolean;
}

/** Time that was let pass. */
export interface WaitRow extends Place {
  readonly kind: 'wait';
  /** In milliseconds. */
  readonly time: number;
  /** The first and the last column. */
  readonly from: number;
  readonly to: number;
  /** Whose keep alive ran out meanwhile. */
  readonly silent: readonly { client: string; keepAlive: number; rule: StatementId | undefined }[];
  /** Whose session expired. */
  readonly expired: readonly { client: string; rule: StatementId | undefined }[];
}

export type Row = PacketRow | LinkRow | WaitRow;

/** A packet identifier that is remembered, for as long as it is. */
export interface Bar {
  readonly key: string;
  readonly column: number;
  readonly side: 'left' | 'middle' | 'right';
  /** 0 is nearest to the lifeline. */
  readonly lane: number;
  readonly top: number;
  readonly height: number;
  /** It lasts still. */
  readonly open: boolean;
  readonly packetId: number;
  readonly handshake: string;
}

export interface Diagram {
  readonly rows: readonly Row[];
  readonly bars: readonly Bar[];
  readonly height: number;
}

/** Draws the moment after `at` steps. */
export function draw(line: Timeline, at: number, participants: readonly Participant[]): Diagram {
  const drawing = new Drawing(line, at, participants);
  for (let step = 1; step <= at; step++) drawing.addMoment(step);
  for (const flight of line.moments[at + 1]?.sent ?? []) drawing.addPacket(flight, undefined);
  return { rows: drawing.rows, bars: drawing.bars(), height: drawing.top + MARGIN };
}

/** The height of the tallest moment: with it reserved, nothing below moves while time does. */
export function tallest(line: Timeline, participants: readonly Participant[]): number {
  return Math.max(...line.moments.map((_, at) => draw(line, at, participants).height));
}

/** The packet that a moment's next step delivers, or else the first that can be delivered. */
export function nextFlight({ inputs, moments }: Timeline, at: number): number | undefined {
  const input = inputs[at];
  const deliverable = moments[at]?.deliverable;
  if (input?.do === 'deliver') return input.flight;
  return deliverable && [...deliverable][0];
}

/** The handshake that a packet belongs to: on whose link, who took the identifier, and which; undefined for others. */
export function handshakeOf(flight: Flight): string | undefined {
  const packet = packetOf(flight);
  switch (packet.type) {
    case 'publish':
    case 'pubrel':
      return packet.packetId === undefined ? undefined : `${flight.client} ${flight.from} ${packet.packetId}`;
    case 'puback':
    case 'pubrec':
    case 'pubcomp':
      return `${flight.client} ${flight.to} ${packet.packetId}`;
    default:
      return undefined;
  }
}

/** The handshake that something remembered belongs to. */
export function handshakeOfItem(party: string, item: Item, broker: string): string | undefined {
  if (item.kind !== 'owed' && item.kind !== 'accepted') return undefined;
  const client = party === broker ? item.peer : party;
  return `${client} ${item.kind === 'owed' ? party : item.peer} ${item.packetId}`;
}

/** What the bytes of a flight say. The engine sends nothing that cannot be read. */
export function packetOf({ frame, version }: Flight): Packet {
  return decode(frame, version);
}

class Drawing {
  readonly rows: Row[] = [];
  top = MARGIN;
  readonly #line: Timeline;
  readonly #at: number;
  readonly #participants: readonly Participant[];
  readonly #broker: string;
  readonly #rowOfFlight = new Map<number, Row>();
  readonly #rowOfStep = new Map<number, Row>();

  constructor(line: Timeline, at: number, participants: readonly Participant[]) {
    this.#line = line;
    this.#at = at;
    this.#participants = participants;
    this.#broker = brokerOf(participants);
  }

  addMoment(step: number): void {
    const { input, sent } = this.#moment(step);
    if (input?.do === 'cut' || input?.do === 'freeze' || input?.do === 'thaw') {
      this.#rowOfStep.set(step, this.#addLink(step, input.do, input.client));
    }
    if (input?.do === 'wait') this.#rowOfStep.set(step, this.#addWait(step, input.time));
    for (const flight of sent) this.addPacket(flight, this.#rowOfFlight.size + 1);
    const delivered = input?.do === 'deliver' ? this.#rowOfFlight.get(input.flight) : undefined;
    const row = delivered ?? this.#rowOfStep.get(step) ?? this.#rowOfFlight.get(sent[0]?.number ?? 0);
    if (row) this.#rowOfStep.set(step, row);
  }

  addPacket(flight: Flight, number: number | undefined): void {
    const now = this.#moment(this.#at);
    const state = number === undefined ? 'expected' : (now.states.get(flight.number) ?? 'in flight');
    const actions = number === undefined ? [] : actionsFor(flight.number, state as Flight['state'], now);
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
      notes: [
        ...this.#contentOf(flight),
        ...this.#notesOn(flight, state, now),
        ...this.#willsOf(flight, state),
        ...this.#sessionsOf(flight, state),
      ],
      motion: motionOf(flight.number, now),
    };
    this.rows.push(row);
    if (number !== undefined) this.#rowOfFlight.set(flight.number, row);
  }

  #addLink(step: number, kind: LinkRow['kind'], client: string): LinkRow {
    const before = this.#moment(step - 1).states;
    const lost = [...this.#moment(step).states].filter(
      ([number, state]) => state === 'lost' && before.get(number) !== 'lost',
    );
    const row: LinkRow = {
      ...this.#place(`${kind} ${step}`, kind === 'cut' ? HEIGHTS.cut : HEIGHTS.link),
      kind,
      client,
      from: this.#column(client),
      to: this.#column(this.#broker),
      lost: lost.map(([number]) => this.#numberOf(number)),
      open: kind === 'cut' && this.#moment(this.#at).links[client] === 'none',
    };
    this.rows.push(row);
    return row;
  }

  #addWait(step: number, time: number): WaitRow {
    const silent = this.#moment(step).events.flatMap((event) =>
      event.kind === 'silent'
        ? [{ client: event.clientId ?? '', keepAlive: event.keepAlive, rule: event.rule }]
        : [],
    );
    const expired = this.#moment(step).events.flatMap((event) =>
      event.kind === 'session' && event.action === 'expired'
        ? [{ client: event.clientId ?? '', rule: event.rule }]
        : [],
    );
    const row: WaitRow = {
      ...this.#place(`wait ${step}`, HEIGHTS.link + HEIGHTS.silence * (silent.length + expired.length)),
      kind: 'wait',
      time,
      from: 0,
      to: this.#participants.length - 1,
      silent,
      expired,
    };
    this.rows.push(row);
    return row;
  }

  /** One bar for each stretch of steps in which an identifier was remembered. */
  bars(): Bar[] {
    const bars: Bar[] = [];
    const open = new Map<string, { since: Remembered; top: number }>();
    for (let step = 0; step <= this.#at; step++) {
      const now = remembered(this.#moment(step), this.#participants).filter(
        ({ item }) => item.kind === 'owed' || item.kind === 'accepted',
      );
      const keys = new Set(now.map(({ key }) => key));
      for (const [key, { since, top }] of open) {
        if (keys.has(key)) continue;
        bars.push(this.#bar(since, top, this.#arrowOf(this.#rowOfStep.get(step))));
        open.delete(key);
      }
      for (const each of now) {
        if (!open.has(each.key)) open.set(each.key, { since: each, top: this.#beginning(each, step) });
      }
    }
    for (const { since, top } of open.values()) bars.push(this.#bar(since, top, undefined));
    return inLanes(bars.sort((one, other) => one.top - other.top));
  }

  #bar({ key, party, item }: Remembered, top: number, bottom: number | undefined): Bar {
    const peer = 'peer' in item ? item.peer : '';
    const sides = ['left', 'right'] as const;
    return {
      key: `${key} ${top}`,
      column: this.#column(party),
      side:
        party === this.#broker
          ? (sides[this.#column(peer) < this.#column(party) ? 0 : 1] ?? 'left')
          : 'middle',
      lane: 0,
      top,
      height: (bottom ?? this.top + MARGIN - 2) - top,
      open: bottom === undefined,
      packetId: 'packetId' in item ? item.packetId : 0,
      handshake: handshakeOfItem(party, item, this.#broker) ?? '',
    };
  }

  /** An identifier is taken where its PUBLISH leaves, or where it arrives. */
  #beginning({ party, item }: Remembered, step: number): number {
    if (step === 0) return 0;
    const { sent } = this.#moment(step);
    const leaving = item.kind === 'owed' && sent.find((flight) => isPublish(flight, party, item.packetId));
    return this.#arrowOf(leaving ? this.#rowOfFlight.get(leaving.number) : this.#rowOfStep.get(step));
  }

  #arrowOf(row: Row | undefined): number {
    if (!row) return 0;
    return row.top + (row.kind === 'packet' ? ARROW : row.height / 2);
  }

  #place(key: string, height: number): Place {
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
    return this.#participants.findIndex((each) => each.name === name);
  }

  #numberOf(flight: number): number {
    const row = this.#rowOfFlight.get(flight);
    return (row?.kind === 'packet' && row.number) || 0;
  }

  #notesOn(flight: Flight, state: CapsuleState, now: Moment): Note[] {
    if (state === 'held') return [{ kind: 'held' }];
    if (state === 'in flight' && now.links[flight.client] === 'frozen') return [{ kind: 'frozen' }];
    if (state === 'in flight' && !now.deliverable.has(flight.number)) return this.#behind(flight, now);
    if (state === 'expected' || state === 'lost') return [];
    const packet = packetOf(flight);
    if (packet.type === 'connect') return [{ kind: 'clean', flag: packet.cleanStart }];
    if (packet.type === 'connack') return [{ kind: 'present', flag: packet.sessionPresent }];
    return packet.type === 'publish' && state === 'delivered' ? this.#notesOnPublish(flight, packet) : [];
  }

  /** What a PUBLISH carries, in stories about that. */
  #contentOf(flight: Flight): Note[] {
    if (this.#line.tells !== 'retain') return [];
    const packet = packetOf(flight);
    if (packet.type !== 'publish') return [];
    return [{ kind: 'retain', payload: textOf(packet.payload), flag: packet.retain }];
  }

  /** A will that this packet is, or that its arrival stored or deleted. */
  #willsOf(flight: Flight, state: CapsuleState): Note[] {
    const packet = packetOf(flight);
    const { moments } = this.#line;
    const isWill = packet.type === 'publish' && flight.from === this.#broker;
    const moment = isWill
      ? moments.find(({ sent }) => sent.some(({ number }) => number === flight.number))
      : moments.find(({ input }) => isDelivery(input, flight.number));
    if (!moment || (!isWill && state !== 'delivered')) return [];
    return moment.events.flatMap((event): Note[] => {
      if (event.kind !== 'will' || (event.action === 'published') !== isWill) return [];
      if (isWill && packet.topic !== event.topic) return [];
      return [{ kind: 'will', action: event.action, client: event.clientId ?? '', rule: event.rule }];
    });
  }

  /** What a packet does to a session, in stories about that. */
  #sessionsOf(flight: Flight, state: CapsuleState): Note[] {
    if (this.#line.tells !== 'session' || state === 'expected') return [];
    const packet = packetOf(flight);
    const { events = [] } = this.#line.moments.find(({ input }) => isDelivery(input, flight.number)) ?? {};
    const known = state === 'delivered' ? events : [];
    if (packet.type === 'publish') {
      const { fate, client, rule } = flight.to === this.#broker ? fateIn(known) : PASSED;
      return [{ kind: 'carries', payload: textOf(packet.payload), fate, client, rule }];
    }
    const notes: Note[] = [];
    if (packet.type === 'connect' && flight.version === 5)
      notes.push({ kind: 'expiry', seconds: packet.properties?.sessionExpiryInterval ?? 0 });
    const event = known.find((each) => each.kind === 'session');
    const action = event && ACTIONS[event.action];
    if (event && action)
      notes.push({ kind: 'session', action, client: event.clientId ?? '', rule: event.rule });
    return notes;
  }

  #behind(flight: Flight, now: Moment): Note[] {
    const first = this.#line.flights.find(
      ({ number, client, from }) =>
        client === flight.client &&
        from === flight.from &&
        number < flight.number &&
        ['in flight', 'held'].includes(now.states.get(number) ?? ''),
    );
    return first ? [{ kind: 'behind', number: this.#numberOf(first.number) }] : [];
  }

  #notesOnPublish(flight: Flight, { dup, qos }: Packet & { type: 'publish' }): Note[] {
    const step = this.#line.inputs.findIndex((input) => isDelivery(input, flight.number)) + 1;
    const { events } = this.#moment(step);
    const duplicate = events.find((event) => event.kind === 'duplicate');
    if (duplicate) return [{ kind: 'known', packetId: duplicate.packetId, rule: duplicate.rule }];
    const again = this.#givenAgain(flight.to, step);
    if (again) return [again];
    const fresh = flight.version === 5 ? 'MQTT-4.3.2-5' : 'MQTT-4.3.2-2';
    return dup && qos === 1 ? [{ kind: 'fresh', rule: fresh }] : [];
  }

  #givenAgain(party: string, step: number): Note | undefined {
    const before = new Map(
      remembered(this.#moment(step - 1), this.#participants).map((each) => [each.key, each.item]),
    );
    for (const { key, party: who, item } of remembered(this.#moment(step), this.#participants)) {
      const was = before.get(key);
      if (who !== party || item.kind !== 'given' || was?.kind !== 'given') continue;
      if (item.times > was.times) return { kind: 'again', payload: item.payload, times: item.times };
    }
    return undefined;
  }
}

const PASSED = { fate: 'passed', client: '', rule: undefined } as const;

/** What is said of what happens to a session; CONNACK says the rest. */
const ACTIONS: Partial<
  Record<(TraceEvent & { kind: 'session' })['action'], 'kept' | 'ended' | 'taken over'>
> = {
  kept: 'kept',
  discarded: 'ended',
  'taken over': 'taken over',
};

/** What the broker did with a message that arrived. */
function fateIn(events: readonly TraceEvent[]): {
  fate: Fate;
  client: string;
  rule: StatementId | undefined;
} {
  for (const event of events) {
    if (event.kind === 'queued' || event.kind === 'dropped')
      return { fate: event.kind, client: event.clientId ?? '', rule: event.rule };
    if (event.kind === 'matched' && event.matches.length === 0) return { ...PASSED, fate: 'unmatched' };
  }
  return PASSED;
}

function actionsFor(flight: number, state: Flight['state'], now: Moment): Action[] {
  if (state === 'held') return ['deliver', 'release', 'cut'];
  return state === 'in flight' && now.deliverable.has(flight) ? ['deliver', 'hold', 'cut'] : [];
}

function motionOf(flight: number, { input, sent }: Moment): PacketRow['motion'] {
  if (isDelivery(input, flight)) return 'arrives';
  return sent.some(({ number }) => number === flight) ? 'leaves' : undefined;
}

function isDelivery(input: Input | undefined, flight: number): boolean {
  return input?.do === 'deliver' && input.flight === flight;
}

function isPublish(flight: Flight, from: string, packetId: number): boolean {
  const packet = packetOf(flight);
  return flight.from === from && packet.type === 'publish' && packet.packetId === packetId;
}

/** Bars that would cover each other stand side by side. */
function inLanes(bars: readonly Bar[]): Bar[] {
  const placed: Bar[] = [];
  for (const bar of bars) {
    const beside = placed.filter(
      ({ column, side, top, height }) => column === bar.column && side === bar.side && top + height > bar.top,
    );
    let lane = 0;
    while (beside.some((each) => each.lane === lane)) lane++;
    placed.push({ ...bar, lane });
  }
  return placed;
}
