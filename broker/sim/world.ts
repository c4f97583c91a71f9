// Any number of clients, a broker, and the wires between them, on one virtual clock. A world is its list of inputs: the same
// set-up and inputs give the same bytes, always, so going back is to begin anew with fewer inputs. Honest about TCP: a
// packet arrives in its order, or is lost with its connection.
import { Client, type ClientEvent, type ClientSettings, type ClientSnapshot } from '../client/client.ts';
import { type QoS, utf8, type Version } from '../codec/index.ts';
import { Broker, type BrokerSnapshot } from '../server/broker.ts';
import type { Settings } from '../server/settings.ts';
import type { TraceEvent } from '../session/trace.ts';
import { type Direction, Wire } from './wire.ts';

/** A client of a world; its name tells it apart and is its client identifier if it has no other. */
export type ClientSetup = Omit<ClientSettings, 'clientId'> & { name: string; clientId?: string };

export interface Setup {
  /** For clients that do not say their own. */
  version: Version;
  clients: readonly ClientSetup[];
  broker?: Partial<Settings>;
}

/** What can be done to a world. */
export type Input =
  | { do: 'connect'; client: string }
  /** Says goodbye; 5.0 has more than one way to do so. */
  | { do: 'disconnect'; client: string; reasonCode?: number }
  /** Loses the connection: everything in flight on it, both ways. */
  | { do: 'cut'; client: string }
  /** Nothing moves on the connection, and nobody is told. */
  | { do: 'freeze' | 'thaw'; client: string }
  | { do: 'publish'; client: string; topic: string; payload: string; qos: QoS; retain?: boolean }
  | { do: 'subscribe'; client: string; topicFilter: string; qos: QoS; retainAsPublished?: boolean }
  | { do: 'unsubscribe'; client: string; topicFilter: string }
  /** Lets a packet arrive, stops it, or lets it go on. */
  | { do: 'deliver' | 'hold' | 'release'; flight: number }
  /** Lets time pass, in milliseconds. */
  | { do: 'wait'; time: number };

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
  endedAt?: number;
  /** The input, by its place in the list, that made it be sent, and the one that ended it. */
  sentAfter: number;
  endedAfter?: number;
}

/** An application message as its receiver got it. */
export interface Received {
  topic: string;
  payload: Uint8Array;
  qos: QoS;
  retain: boolean;
  dup: boolean;
}

export interface WorldSnapshot {
  broker: BrokerSnapshot;
  clients: Record<string, ClientSnapshot & { received: Received[] }>;
}

/** Thrown for an input that cannot happen in the world as it is; the world is then unchanged. */
export class ImpossibleInput extends Error {
  override readonly name = 'ImpossibleInput';
}

interface Participant {
  readonly setup: ClientSetup;
  readonly client: Client;
  readonly received: Received[];
  /** The newest connection; older ones may live on at the broker's end. */
  wire: Wire<Flight> | undefined;
  connections: number;
}

const BROKER = 'broker';

export class World {
  readonly setup: Setup;
  readonly inputs: readonly Input[];
  readonly flights: readonly Flight[];
  readonly trace: readonly TraceEvent[];
  /** Milliseconds since the world began. */
  now = 0;
  readonly #broker: Broker;
  readonly #participants = new Map<string, Participant>();
  readonly #done: Input[] = [];
  readonly #launched: Flight[] = [];
  readonly #events: TraceEvent[] = [];
  readonly #calls: (() => void)[] = [];
  /** All that is not over: a client that has begun anew may have left something behind on an older one. */
  #wires: Wire<Flight>[] = [];
  readonly #carriers = new Map<Flight, Wire<Flight>>();

  constructor(setup: Setup, inputs: readonly Input[] = []) {
    this.setup = setup;
    this.inputs = this.#done;
    this.flights = this.#launched;
    this.trace = this.#events;
    const trace = (event: TraceEvent): void => {
      this.#events.push(event);
    };
    this.#broker = new Broker(setup.broker, { trace });
    for (const one of setup.clients) this.#join(one, trace);
    for (const input of inputs) this.apply(input);
  }

  /**
   * Does one thing, and all that follows from it at once.
   * @throws ImpossibleInput
   */
  apply(input: Input): void {
    const act = this.#plan(input);
    this.#done.push(input);
    try {
      act();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#done.pop(); // the client refuses such a packet before anything happens
      throw new ImpossibleInput(error.message);
    }
    this.#catchUp();
    this.#wires = this.#wires.filter((wire) => !wire.isOver);
  }

  /** The flight that is next to arrive: of all that may, the one that was sent first. */
  next(): Flight | undefined {
    return this.deliverable().find(({ state }) => state === 'in flight');
  }

  /** The flights that may arrive now, in the order of sending: each is the first of its direction. */
  deliverable(): Flight[] {
    const heads: Flight[] = [];
    for (const wire of this.#wires) {
      for (const direction of ['up', 'down'] as const) {
        const flight = wire.head(direction);
        if (flight !== undefined) heads.push(flight);
      }
    }
    return heads.sort((a, b) => a.number - b.number);
  }

  /** How a client's network connection stands, as its own end sees it. */
  link(name: string): 'none' | 'connected' | 'frozen' {
    const { wire } = this.#participant(name);
    if (wire === undefined || !wire.isOpen('down')) return 'none';
    return wire.isFrozen ? 'frozen' : 'connected';
  }

  snapshot(): WorldSnapshot {
    const clients: WorldSnapshot['clients'] = {};
    for (const [name, { client, received }] of this.#participants)
      clients[name] = { ...client.snapshot(), received: [...received] };
    return { broker: this.#broker.snapshot(), clients };
  }

  #join(setup: ClientSetup, trace: (event: TraceEvent) => void): void {
    const received: Received[] = [];
    const report = (event: ClientEvent): void => {
      if (event.kind !== 'message') return;
      const { topic, payload, qos, retain, dup } = event.packet;
      received.push({ topic, payload, qos, retain, dup });
    };
    const client = new Client(
      { version: this.setup.version, clientId: setup.name, ...setup },
      { trace, report },
    );
    this.#participants.set(setup.name, { setup, client, received, wire: undefined, connections: 0 });
  }

  /** Finds out whether an input is possible, and returns how it is done. */
  #plan(input: Input): () => void {
    switch (input.do) {
      case 'connect':
        return this.#planConnect(input.client);
      case 'disconnect':
        return this.#withWire(input.client, () =>
          this.#participant(input.client).client.disconnect(input.reasonCode),
        );
      case 'cut':
        return this.#withWire(input.client, (wire) => wire.cut());
      case 'freeze':
      case 'thaw':
        return this.#planFreeze(input.client, input.do === 'freeze');
      case 'publish': {
        const { client, topic, payload, qos, retain } = input;
        const message = { topic, payload: utf8(payload), qos, retain };
        const participant = this.#participant(client);
        return () => participant.client.publish(message);
      }
      case 'subscribe': {
        const { topicFilter, qos, retainAsPublished = false } = input;
        const wanted = { topicFilter, qos, retainAsPublished };
        return this.#withSession(input.client, (client) => client.subscribe([wanted]));
      }
      case 'unsubscribe': {
        const { topicFilter } = input;
        return this.#withSession(input.client, (client) => client.unsubscribe([topicFilter]));
      }
      case 'deliver':
        return this.#planDeliver(input.flight);
      case 'hold':
      case 'release':
        return this.#planHold(input.flight, input.do === 'hold' ? 'held' : 'in flight');
      case 'wait':
        if (!(input.time >= 0)) throw new ImpossibleInput(`time does not go back: ${input.time}`);
        return () => this.#pass(this.now + input.time);
      default:
        return input satisfies never;
    }
  }

  #planConnect(name: string): () => void {
    const participant = this.#participant(name);
    const state = this.link(name);
    if (state === 'connected') throw new ImpossibleInput(`${name} is connected already`);
    return () => {
      if (participant.wire?.isFrozen) this.#giveUp(participant);
      const wire = this.#wire(name, participant);
      participant.wire = wire;
      this.#wires.push(wire);
      participant.connections++;
      wire.attach('up', this.#broker.accept(wire.link('down'), name));
      wire.attach('down', participant.client);
      participant.client.connect(wire.link('up'));
    };
  }

  /** A client on a frozen connection begins anew: its own end is gone, and the broker does not know. */
  #giveUp({ wire, client }: Participant): void {
    wire?.desert('up');
    client.closed();
  }

  #planFreeze(name: string, isFrozen: boolean): () => void {
    const { wire } = this.#participant(name);
    if (!isFrozen) {
      if (!wire?.isFrozen) throw new ImpossibleInput(`the connection of ${name} is not frozen`);
      return () => wire.thaw();
    }
    if (this.link(name) === 'frozen')
      throw new ImpossibleInput(`the connection of ${name} is frozen already`);
    return this.#withWire(name, (live) => {
      live.isFrozen = true;
    });
  }

  #planDeliver(number: number): () => void {
    const flight = this.#flight(number);
    const wire = this.#carriers.get(flight);
    const direction: Direction = flight.to === BROKER ? 'up' : 'down';
    if (flight.state === 'delivered' || flight.state === 'lost')
      throw new ImpossibleInput(`packet ${number} is ${flight.state} already`);
    if (wire === undefined || wire.isFrozen)
      throw new ImpossibleInput(`packet ${number} cannot move: its connection is frozen`);
    const head = wire.head(direction);
    if (head !== flight)
      throw new ImpossibleInput(`packet ${number} is behind packet ${head?.number}: TCP keeps their order`);
    return () => wire.deliver(direction);
  }

  #planHold(number: number, state: 'held' | 'in flight'): () => void {
    const flight = this.#flight(number);
    const before = state === 'held' ? 'in flight' : 'held';
    if (flight.state !== before)
      throw new ImpossibleInput(`packet ${number} is ${flight.state}, not ${before}`);
    return () => {
      flight.state = state;
    };
  }

  #withWire(name: string, act: (wire: Wire<Flight>) => void): () => void {
    const { wire } = this.#participant(name);
    if (wire === undefined || this.link(name) === 'none')
      throw new ImpossibleInput(`${name} is not connected`);
    return () => act(wire);
  }

  #withSession(name: string, act: (client: Client) => void): () => void {
    const { client } = this.#participant(name);
    if (!client.snapshot().connected) throw new ImpossibleInput(`${name} is not connected`);
    return () => act(client);
  }

  #participant(name: string): Participant {
    const participant = this.#participants.get(name);
    if (participant === undefined) throw new ImpossibleInput(`there is no client ${name}`);
    return participant;
  }

  #flight(number: number): Flight {
    const flight = this.#launched[number - 1];
    if (flight === undefined) throw new ImpossibleInput(`there is no packet ${number}`);
    return flight;
  }

  #wire(name: string, { client, connections }: Participant): Wire<Flight> {
    const wire = new Wire<Flight>({
      launch: (direction, frame) => {
        const flight: Flight = {
          number: this.#launched.length + 1,
          from: direction === 'up' ? name : BROKER,
          to: direction === 'up' ? BROKER : name,
          client: name,
          connection: connections + 1,
          frame,
          version: client.version,
          state: 'in flight',
          sentAt: this.now,
          sentAfter: this.#done.length - 1,
        };
        this.#launched.push(flight);
        this.#carriers.set(flight, wire);
        return flight;
      },
      arrive: (flight) => {
        this.#finish(flight, 'delivered');
        return flight.frame;
      },
      lose: (flight) => this.#finish(flight, 'lost'),
      soon: (call) => this.#calls.push(call),
    });
    return wire;
  }

  #finish(flight: Flight, state: 'delivered' | 'lost'): void {
    this.#carriers.delete(flight);
    flight.state = state;
    flight.endedAt = this.now;
    flight.endedAfter = this.#done.length - 1;
  }

  /** Makes the calls that were put off. They may put off more. */
  #catchUp(): void {
    for (let call = this.#calls.shift(); call !== undefined; call = this.#calls.shift()) call();
  }

  /** Lets time pass, from one thing that is due to the next. */
  #pass(until: number): void {
    for (;;) {
      const parties = [this.#broker, ...[...this.#participants.values()].map(({ client }) => client)];
      const due = Math.min(...parties.map(({ deadline }) => deadline));
      this.now = Math.min(due, until);
      for (const party of parties) party.advance(this.now);
      this.#catchUp();
      if (due > until) return;
    }
  }
}
