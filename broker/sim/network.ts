// All that travels in a world: the connections there are, the packets on them, and which of them may arrive. It keeps the
// order of TCP unless it is told not to. Knows neither client nor broker, and no packet from the inside.
import type { Version } from '../codec/index.ts';
import { chance } from './chance.ts';
import type { ImpossibleInput } from './input.ts';
import { impossible } from './refusal.ts';
import { BROKER, type LinkSetup } from './setup.ts';
import { type Direction, Wire } from './wire.ts';

/** A packet on its way. */
export interface Flight {
  /** From 1, in the order of sending. */
  number: number;
  /** The name of a client, or `broker`. */
  from: string;
  to: string;
  /** Whose connection it travels on, and the how manieth of that client. */
  client: string;
  connection: number;
  frame: Uint8Array;
  version: Version;
  state: 'in flight' | 'held' | 'delivered' | 'lost';
  sentAt: number;
  /** When it arrives by itself, where packets do. */
  arrivesAt?: number;
  endedAt?: number;
  /** The input, by its place in the list, that made it be sent, and the one that ended it. */
  sentAfter: number;
  endedAfter?: number;
  /** The inputs that held it and released it, by turns. */
  heldAfter?: number[];
}

/** What the network asks the world. */
export interface Surroundings {
  /** Milliseconds since the world began. */
  readonly now: number;
  /** The place of the input that is being done. */
  readonly step: number;
  readonly seed: number;
  /** Runs a call after the one that is under way has come back. */
  soon(call: () => void): void;
}

/** Whose connection it is. */
export interface Line {
  client: string;
  connection: number;
  version: Version;
  link: LinkSetup;
}

export class Network {
  readonly flights: Flight[] = [];
  /** What the last input delivered or lost. */
  ended: Flight[] = [];
  readonly #world: Surroundings;
  /** All that is not over: a client that has begun anew may have left something behind on an older one. */
  #wires: Wire<Flight>[] = [];
  readonly #carriers = new Map<Flight, Wire<Flight>>();
  readonly #links = new Map<Wire<Flight>, LinkSetup>();

  constructor(world: Surroundings) {
    this.#world = world;
  }

  /** A new connection. */
  open(line: Line): Wire<Flight> {
    const wire: Wire<Flight> = new Wire<Flight>({
      launch: (direction, frame) => this.#launch(wire, direction, frame, line),
      arrive: (flight) => {
        this.#finish(flight, 'delivered');
        return flight.frame;
      },
      lose: (flight) => this.#finish(flight, 'lost'),
      soon: (call) => this.#world.soon(call),
    });
    this.#wires.push(wire);
    this.#links.set(wire, line.link);
    return wire;
  }

  /** Forgets connections on which nothing can happen any more. */
  sweep(): void {
    for (const wire of this.#wires) if (wire.isOver) this.#links.delete(wire);
    if (this.#links.size < this.#wires.length) this.#wires = this.#wires.filter((wire) => !wire.isOver);
  }

  /** The broker's machine loses all its connections at once. */
  crash(): void {
    for (const wire of this.#wires) wire.kill('down');
  }

  /** The flights that may arrive now, in the order of sending: each is the first of its direction. */
  deliverable(): Flight[] {
    const { now } = this.#world;
    return this.#heads()
      .filter(({ arrivesAt = now }) => arrivesAt <= now)
      .sort((a, b) => a.number - b.number);
  }

  /** The next packet that arrives by itself; it may have had to be there before now. */
  get coming(): Flight | undefined {
    let first: Flight | undefined;
    for (const flight of this.#heads()) {
      if (flight.arrivesAt === undefined || flight.state === 'held') continue;
      const { arrivesAt = flight.arrivesAt, number = flight.number } = first ?? {};
      if (flight.arrivesAt < arrivesAt || (flight.arrivesAt === arrivesAt && flight.number <= number))
        first = flight;
    }
    return first;
  }

  #heads(): Flight[] {
    const heads: Flight[] = [];
    for (const wire of this.#wires) {
      for (const direction of ['up', 'down'] as const) {
        const flight = wire.head(direction);
        if (flight !== undefined) heads.push(flight);
      }
    }
    return heads;
  }

  /** Lets the head of a direction arrive, unless the connection breaks under it. */
  arrive(flight: Flight): void {
    const wire = this.#carriers.get(flight) as Wire<Flight>;
    const { breaks = 0 } = this.#links.get(wire) as LinkSetup;
    if (chance(this.#world.seed, 'breaks', flight.number) < breaks) wire.cut();
    else wire.deliver(directionOf(flight));
  }

  /** @throws ImpossibleInput unless a packet may arrive now */
  planDelivery(number: number): () => void {
    const flight = this.#flight(number);
    const wire = this.#carrierOf(flight);
    if (wire.isFrozen) throw impossible('packetFrozen', { number });
    const head = wire.head(directionOf(flight));
    if (head !== flight) throw impossible('packetBehind', { number, first: head?.number ?? 0 });
    const { arrivesAt = 0 } = flight;
    const left = arrivesAt - this.#world.now;
    if (left > 0) throw impossible('packetEarly', { number, left });
    return () => this.arrive(flight);
  }

  /** @throws ImpossibleInput unless a packet can be stopped, or let go on */
  planHold(number: number, state: 'held' | 'in flight'): () => void {
    const flight = this.#flight(number);
    if (flight.state === 'delivered' || flight.state === 'lost') throw over(flight);
    if (flight.state === state)
      throw impossible(state === 'held' ? 'packetHeld' : 'packetNotHeld', { number });
    return () => {
      flight.state = state;
      flight.heldAfter = [...(flight.heldAfter ?? []), this.#world.step];
    };
  }

  /** @throws ImpossibleInput unless this can befall a packet, as it can nowhere on TCP */
  planMischief(number: number, what: 'drop' | 'duplicate' | 'reorder'): () => void {
    const flight = this.#flight(number);
    const wire = this.#carrierOf(flight);
    const direction = directionOf(flight);
    const [first] = wire.flights(direction) as [Flight];
    switch (what) {
      case 'drop':
        return () => wire.drop(direction, flight);
      case 'duplicate':
        return () => wire.duplicate(direction, flight, flight.frame);
      case 'reorder':
        if (first === flight) throw impossible('packetFirst', { number });
        return () => {
          wire.reorder(direction, flight);
          if (first.arrivesAt !== undefined) flight.arrivesAt = first.arrivesAt;
        };
      default:
        return what satisfies never;
    }
  }

  #flight(number: number): Flight {
    const flight = this.flights[number - 1];
    if (flight === undefined) throw impossible('noPacket', { number });
    return flight;
  }

  #carrierOf(flight: Flight): Wire<Flight> {
    const wire = this.#carriers.get(flight);
    if (wire === undefined) throw over(flight);
    return wire;
  }

  #launch(wire: Wire<Flight>, direction: Direction, frame: Uint8Array, line: Line): Flight {
    const { client, connection, version } = line;
    const number = this.flights.length + 1;
    const arrivesAt = this.#arrivalOf(number, wire.flights(direction).at(-1), line.link);
    const flight: Flight = {
      number,
      from: direction === 'up' ? client : BROKER,
      to: direction === 'up' ? BROKER : client,
      client,
      connection,
      frame,
      version,
      state: 'in flight',
      sentAt: this.#world.now,
      ...(arrivesAt !== undefined && { arrivesAt }),
      sentAfter: this.#world.step,
    };
    this.flights.push(flight);
    this.#carriers.set(flight, wire);
    return flight;
  }

  /** When a packet arrives by itself: not before the one that was sent before it. */
  #arrivalOf(number: number, before: Flight | undefined, { delay = 0, jitter = 0 }: LinkSetup) {
    const { now, seed } = this.#world;
    if (delay === 0 && jitter === 0) return undefined;
    const longer = Math.round(jitter * chance(seed, 'jitter', number));
    return Math.max(now + delay + longer, before?.arrivesAt ?? 0);
  }

  #finish(flight: Flight, state: 'delivered' | 'lost'): void {
    this.#carriers.delete(flight);
    this.ended.push(flight);
    flight.state = state;
    flight.endedAt = this.#world.now;
    flight.endedAfter = this.#world.step;
  }
}

function over({ number, state }: Flight): ImpossibleInput {
  return impossible(state === 'lost' ? 'packetLost' : 'packetDelivered', { number });
}

function directionOf({ to }: Flight): Direction {
  return to === BROKER ? 'up' : 'down';
}
