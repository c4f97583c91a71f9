// The page's clients at a real broker. Their packets wait at the page's end until they are told to move; what other clients do
// is written down where the broker tells of it. Everything that happens becomes a moment of a timeline, so that the past can
// be looked at; it cannot be done again. Knows no socket and no clock: the host brings them.
import {
  type BrokerSnapshot,
  Client,
  type ClientSetup,
  decode,
  type Flight,
  Framer,
  ImpossibleInput,
  type Input,
  type LinkState,
  Malformed,
  type Moment,
  type Received,
  type Setup,
  type TraceEvent,
  utf8,
} from '#broker/index.ts';
import { BROKER } from '#broker/sim/setup.ts';
import type { Participant } from '../../lessons/scenario.ts';
import type { FeedEvent, FeedMessage } from '../live/feed.ts';
import type { Timeline } from '../stepper/timeline.ts';
import { MOST_CLIENTS } from './lab.ts';

/** What carries the bytes of one connection. */
export interface Carrier {
  send(bytes: Uint8Array): void;
  close(): void;
}

/** What a carrier tells of its connection. */
export interface End {
  opened(): void;
  received(bytes: Uint8Array): void;
  closed(): void;
}

export interface Surroundings {
  /** Milliseconds on a clock that only goes on. */
  now(): number;
  open(end: End): Carrier;
}

/** How many steps are written down. */
export const MOST_STEPS = 2000;

/** A packet, and what became of it at which step. */
interface LiveFlight extends Flight {
  readonly turns: { readonly step: number; readonly state: Flight['state'] }[];
  /** The broker has told of it. */
  isHeard: boolean;
}

interface Wire {
  readonly carrier: Carrier;
  readonly framer: Framer;
  up: LiveFlight[];
  down: LiveFlight[];
  isOpen: boolean;
  isFrozen: boolean;
  /** The client has closed; the broker has. */
  endsUp: boolean;
  endsDown: boolean;
}

interface Party {
  setup: ClientSetup;
  /** What its client was made with. */
  made: ClientSetup;
  client: Client;
  readonly received: Received[];
  wire: Wire | undefined;
  connections: number;
  /** Its CONNECT, until the broker tells of it. */
  knocking: Uint8Array | undefined;
}

/** A client that is not the page's. */
interface Stranger {
  name: string;
  publishes: boolean;
  subscribes: boolean;
}

type Change = Partial<Pick<Moment, 'sent' | 'arrived' | 'lost' | 'events'>>;

const NO_BROKER: BrokerSnapshot = { sessions: [], retained: [] };

export class RealWorld {
  readonly #host: Surroundings;
  readonly #parties = new Map<string, Party>();
  readonly #strangers = new Map<string, Stranger>();
  readonly #flights: LiveFlight[] = [];
  readonly #inputs: Input[] = [];
  readonly #moments: Moment[] = [];
  readonly #began: number;
  /** Until something changes. */
  #line: Timeline | undefined;
  /** What the step that is under way has done. */
  #step: { sent: Flight[]; arrived: number[]; lost: number[]; events: TraceEvent[] } | undefined;
  #calls: (() => void)[] = [];
  /** Of the broker's connections: which of the page's clients, or which stranger, is at the other end. */
  readonly #peers = new Map<string, Party | Stranger>();
  /** The moment that what the broker tells next belongs to. */
  #ruling: number | undefined;
  #isHeard = false;
  /** Where the broker behind the page takes MQTT over TCP, once it has said so. */
  port: number | null = null;

  constructor(setup: Setup, host: Surroundings) {
    this.#host = host;
    this.#began = host.now();
    this.update(setup);
    this.#record(undefined, {});
  }

  /** All that has happened, as a new object after each change. What can be done now is said of the last moment alone. */
  get line(): Timeline {
    this.#line ??= {
      tells: 'session',
      inputs: [...this.#inputs],
      moments: [...this.#moments],
      flights: [...this.#flights],
    };
    return this.#line;
  }

  /** Nothing more is written down. */
  get isFull(): boolean {
    return this.#moments.length > MOST_STEPS;
  }

  /** The page's clients and the others, with the broker in the middle. */
  participants(inputs: readonly Input[] = this.#inputs): Participant[] {
    const own = [...this.#parties.values()].map(({ setup }): Participant => {
      const does = (what: Input['do']) =>
        inputs.some((input) => input.do === what && 'client' in input && input.client === setup.name);
      return {
        name: setup.name,
        role: roleOf(does('publish') || setup.will !== undefined, does('subscribe')),
      };
    });
    const others = [...this.#strangers.values()].map(
      ({ name, publishes, subscribes }): Participant => ({ name, role: roleOf(publishes, subscribes) }),
    );
    const all = [...own, ...others];
    const side = (of: 0 | 1) => all.filter((_, index) => index % 2 === of);
    return [...side(0), { name: BROKER, role: 'broker' }, ...side(1)];
  }

  /** Which of those who take part are not the page's. */
  get strangers(): string[] {
    return [...this.#strangers.values()].map(({ name }) => name);
  }

  /** When `advance` is to be called at the latest, on the host's clock. */
  get deadline(): number {
    return Math.min(...[...this.#parties.values()].map(({ client }) => client.deadline)) + this.#began;
  }

  advance(): void {
    if (this.isFull) return;
    this.#do({ do: 'wait', time: 0 }, () => this.#tick(), true);
  }

  /** Takes over other settings: a client that is connected keeps its own until it connects again. */
  update({ clients, version }: Setup): void {
    const names = new Set(clients.map(({ name }) => name));
    for (const [name, { wire }] of this.#parties) {
      if (names.has(name)) continue;
      wire?.carrier.close();
      this.#parties.delete(name);
    }
    for (const each of clients) {
      const setup = { ...each, version: each.version ?? version };
      const party = this.#parties.get(setup.name);
      if (party === undefined) this.#parties.set(setup.name, this.#newParty(setup));
      else if (JSON.stringify(party.setup) !== JSON.stringify(setup)) {
        party.setup = setup;
        if (party.wire === undefined) this.#renew(party);
      }
    }
  }

  /**
   * Does something at the page's end.
   * @throws ImpossibleInput
   */
  apply(input: Input): void {
    if (this.isFull) throw new ImpossibleInput('no more steps are written down');
    const act = this.#plan(input);
    this.#do(input, () => {
      this.#tick();
      act();
    });
  }

  /** Takes what the server behind the page tells of its broker. What was before this world began is not shown. */
  hear(message: FeedMessage): void {
    if (message.kind === 'greeting') {
      this.port = message.port;
      this.#peers.clear();
      this.#isHeard = false;
      return;
    }
    for (const event of message.events) this.#hearEvent(event, this.#isHeard);
    this.#isHeard = true;
  }

  /** Leaves without a word: all connections are closed. */
  close(): void {
    for (const { wire } of this.#parties.values()) wire?.carrier.close();
  }

  #plan(input: Input): () => void {
    switch (input.do) {
      case 'connect': {
        const party = this.#party(input.client);
        if (linkOf(party) === 'connected') throw new ImpossibleInput(`${input.client} is connected already`);
        return () => this.#connect(party);
      }
      case 'disconnect': {
        const { party } = this.#wired(input.client);
        const { reasonCode, sessionExpiryInterval } = input;
        const properties = sessionExpiryInterval === undefined ? undefined : { sessionExpiryInterval };
        return () => party.client.disconnect(reasonCode, properties);
      }
      case 'cut': {
        const { party } = this.#wired(input.client);
        return () => this.#cut(party);
      }
      case 'freeze':
      case 'thaw': {
        const { wire } = this.#wired(input.client);
        return () => {
          wire.isFrozen = input.do === 'freeze';
        };
      }
      case 'publish': {
        const { client } = this.#party(input.client);
        const { topic, payload, qos, retain, properties } = input;
        const { correlationData, userProperty, ...others } = properties ?? {};
        const message = {
          topic,
          payload: utf8(payload),
          qos,
          retain,
          ...(properties && {
            properties: {
              ...others,
              ...(correlationData !== undefined && { correlationData: utf8(correlationData) }),
              ...(userProperty && {
                userProperty: userProperty.map(([name, value]): [string, string] => [name, value]),
              }),
            },
          }),
        };
        return () => client.publish(message);
      }
      case 'subscribe': {
        const { client } = this.#connected(input.client);
        const { do: _, client: __, subscriptionIdentifier, ...wanted } = input;
        const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
        const properties =
          subscriptionIdentifier === undefined
            ? undefined
            : { subscriptionIdentifier: [subscriptionIdentifier] };
        return () => void client.subscribe([given as { topicFilter: string }], properties);
      }
      case 'unsubscribe': {
        const { client } = this.#connected(input.client);
        return () => void client.unsubscribe([input.topicFilter]);
      }
      case 'deliver':
        return this.#planDelivery(input.flight);
      case 'hold':
      case 'release': {
        const flight = this.#flights[input.flight - 1];
        const state = input.do === 'hold' ? 'held' : 'in flight';
        if (flight?.state !== (input.do === 'hold' ? 'in flight' : 'held'))
          throw new ImpossibleInput(`packet ${input.flight} cannot be moved`);
        return () => this.#turn(flight, state);
      }
      case 'drop':
      case 'duplicate':
      case 'reorder':
      case 'wait':
      case 'restart':
      case 'join':
        throw new ImpossibleInput('a real broker is not ours to do this with');
      default:
        return input satisfies never;
    }
  }

  #planDelivery(number: number): () => void {
    const flight = this.#flights[number - 1];
    const party = flight && this.#parties.get(flight.client);
    const wire = party?.wire;
    if (!flight || !party || !wire || !this.#heads(party).includes(flight))
      throw new ImpossibleInput(`packet ${number} cannot be moved`);
    return () => {
      this.#turn(flight, 'delivered');
      if (flight.to === BROKER) {
        wire.up.shift();
        wire.carrier.send(flight.frame);
        if (decode(flight.frame, flight.version).type === 'connect') party.knocking = flight.frame;
      } else {
        wire.down.shift();
        party.client.receive(flight.frame);
      }
      this.#settle(party, wire);
    };
  }

  #connect(party: Party): void {
    const { setup } = party;
    if (party.wire) this.#cut(party);
    if (party.made !== setup) this.#renew(party);
    party.connections++;
    const { client } = party;
    const wire: Wire = {
      carrier: this.#host.open({
        opened: () =>
          this.#event(() => {
            wire.isOpen = true;
          }),
        received: (bytes) => this.#event(() => this.#receive(party, wire, bytes)),
        closed: () =>
          this.#event(() => {
            wire.isOpen = false;
            wire.endsDown = true;
            this.#lose(wire, 'up');
            this.#settle(party, wire);
          }),
      }),
      framer: new Framer(client.version),
      up: [],
      down: [],
      isOpen: false,
      isFrozen: false,
      endsUp: false,
      endsDown: false,
    };
    party.wire = wire;
    client.connect({
      backlog: 0,
      send: (frame) => void wire.up.push(this.#launch(party, frame, 'up')),
      close: () => {
        wire.endsUp = true;
        this.#lose(wire, 'down');
        this.#calls.push(() => this.#settle(party, wire));
      },
    });
  }

  /** A client with other settings is another client: it has no session. */
  #renew(party: Party): void {
    party.client = this.#newClient(party.setup, party.received);
    party.made = party.setup;
  }

  #receive(party: Party, wire: Wire, bytes: Uint8Array): void {
    try {
      for (const frame of wire.framer.push(bytes)) wire.down.push(this.#launch(party, frame.slice(), 'down'));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#cut(party);
    }
  }

  #cut(party: Party): void {
    const { wire, client } = party;
    if (!wire) return;
    party.wire = undefined;
    this.#lose(wire, 'up');
    this.#lose(wire, 'down');
    wire.carrier.close();
    this.#calls.push(() => client.closed());
  }

  /** Once all has moved that was sent before an end closed, the other end learns of it. */
  #settle(party: Party, wire: Wire): void {
    if (party.wire !== wire) return;
    if (wire.endsUp && wire.up.length === 0) {
      party.wire = undefined;
      wire.carrier.close();
    } else if (wire.endsDown && wire.down.length === 0) {
      party.wire = undefined;
      this.#lose(wire, 'up');
      this.#calls.push(() => party.client.closed());
    }
  }

  #lose(wire: Wire, way: 'up' | 'down'): void {
    for (const flight of wire[way]) this.#turn(flight, 'lost');
    wire[way] = [];
  }

  #launch({ setup, client, connections }: Party, frame: Uint8Array, way: 'up' | 'down'): LiveFlight {
    return this.#newFlight(setup.name, frame, way, client.version, connections);
  }

  #newFlight(
    client: string,
    frame: Uint8Array,
    way: 'up' | 'down',
    version: Flight['version'],
    connection: number,
  ): LiveFlight {
    const flight: LiveFlight = {
      number: this.#flights.length + 1,
      from: way === 'up' ? client : BROKER,
      to: way === 'up' ? BROKER : client,
      client,
      connection,
      frame,
      version,
      state: 'in flight',
      sentAt: this.#now,
      sentAfter: this.#inputs.length - 1,
      turns: [],
      isHeard: false,
    };
    this.#flights.push(flight);
    this.#step?.sent.push(flight);
    return flight;
  }

  #turn(flight: LiveFlight, state: Flight['state']): void {
    flight.state = state;
    flight.turns.push({ step: this.#moments.length, state });
    if (state === 'delivered') this.#step?.arrived.push(flight.number);
    if (state === 'lost') this.#step?.lost.push(flight.number);
  }

  /** Something that came from outside, and is a step of its own if it changed anything. */
  #event(happens: () => void): void {
    if (this.isFull) return;
    this.#do(
      undefined,
      () => {
        this.#tick();
        happens();
      },
      true,
    );
  }

  /** Does something, and writes down what came of it. */
  #do(input: Input | undefined, act: () => void, onlyIfChanged = false): void {
    const step = { sent: [], arrived: [], lost: [], events: [] };
    this.#step = step;
    try {
      act();
      for (let call = this.#calls.shift(); call; call = this.#calls.shift()) call();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ImpossibleInput(error.message);
    } finally {
      this.#step = undefined;
    }
    const isEmpty = Object.values(step).every((list) => list.length === 0);
    if (onlyIfChanged && isEmpty) this.#refresh();
    else this.#record(onlyIfChanged ? undefined : input, step);
  }

  #record(input: Input | undefined, change: Change): void {
    this.#line = undefined;
    const last = this.#moments.at(-1);
    if (last) {
      this.#moments[this.#moments.length - 1] = { ...last, deliverable: new Set() };
      this.#inputs.push(input ?? NOTHING);
    }
    const { sent = [], arrived = [], lost = [], events = [] } = change;
    this.#moments.push({
      input,
      now: this.#now,
      sent,
      arrived,
      lost,
      events,
      states: new States(this.#flights, this.#flights.length, this.#moments.length),
      snapshot: this.#snapshot(last?.snapshot),
      ...this.#present(),
    });
  }

  /** What can be done has changed, though nothing happened: a connection is open, for one. */
  #refresh(): void {
    this.#line = undefined;
    const last = this.#moments.at(-1);
    if (last) this.#moments[this.#moments.length - 1] = { ...last, ...this.#present() };
  }

  #present(): Pick<Moment, 'links' | 'deliverable'> {
    const parties = [...this.#parties.values()];
    return {
      links: Object.fromEntries(parties.map((party) => [party.setup.name, linkOf(party)])),
      deliverable: new Set(parties.flatMap((party) => this.#heads(party).map(({ number }) => number))),
    };
  }

  #heads({ wire }: Party): LiveFlight[] {
    if (!wire || wire.isFrozen) return [];
    const [up, down] = [wire.up[0], wire.down[0]];
    return [...(up && wire.isOpen ? [up] : []), ...(down ? [down] : [])];
  }

  #snapshot(before: Moment['snapshot'] | undefined): Moment['snapshot'] {
    const clients: Moment['snapshot']['clients'] = {};
    for (const [name, { client, received }] of this.#parties) {
      const now = client.snapshot();
      const receivedCount = received.length;
      const was = before?.clients[name];
      const isSame =
        was?.receivedCount === receivedCount &&
        JSON.stringify(now) === JSON.stringify({ ...was, received: undefined, receivedCount: undefined });
      clients[name] = isSame
        ? was
        : {
            ...now,
            receivedCount,
            get received() {
              return received.slice(0, receivedCount);
            },
          };
    }
    return { broker: NO_BROKER, clients };
  }

  #tick(): void {
    for (const { client } of this.#parties.values()) client.advance(this.#now);
  }

  get #now(): number {
    return this.#host.now() - this.#began;
  }

  #newParty(setup: ClientSetup): Party {
    const received: Received[] = [];
    const client = this.#newClient(setup, received);
    return { setup, made: setup, client, received, wire: undefined, connections: 0, knocking: undefined };
  }

  #newClient(setup: ClientSetup, received: Received[]): Client {
    const { name, clientId = name } = setup;
    const client = new Client(
      { ...setup, name, clientId },
      {
        trace: (event) => this.#step?.events.push(event),
        report: (event) => {
          if (event.kind !== 'message') return;
          const { topic, payload, qos, retain, dup } = event.packet;
          received.push({ topic, payload, qos, retain, dup });
        },
      },
    );
    client.advance(this.#now);
    return client;
  }

  #party(name: string): Party {
    const party = this.#parties.get(name);
    if (!party) throw new ImpossibleInput(`${name} is not this page's`);
    return party;
  }

  #wired(name: string): { party: Party; wire: Wire } {
    const party = this.#party(name);
    if (!party.wire) throw new ImpossibleInput(`${name} is not connected`);
    return { party, wire: party.wire };
  }

  #connected(name: string): Party {
    const party = this.#party(name);
    if (!party.client.snapshot().connected) throw new ImpossibleInput(`${name} is not connected`);
    return party;
  }

  #hearEvent({ broker, event, whole }: FeedEvent, isNow: boolean): void {
    const key = `${broker}/${event.connection}`;
    if (event.kind === 'opened') {
      this.#peers.set(key, { name: '', publishes: false, subscribes: false });
      return;
    }
    const peer = this.#peers.get(key);
    if (event.kind === 'received' || event.kind === 'sent') {
      if (whole === undefined && peer) this.#hearPacket(key, peer, event, isNow);
      return;
    }
    if (event.kind === 'closed') this.#peers.delete(key);
    else if (isNow) this.#rule(event);
  }

  #hearPacket(
    key: string,
    known: Party | Stranger,
    event: TraceEvent & { kind: 'received' | 'sent' },
    isNow: boolean,
  ): void {
    const { frame, version, kind, clientId } = event;
    const packet = decode(frame, version);
    let peer = known;
    if (packet.type === 'connect' && !('client' in peer)) {
      const own = [...this.#parties.values()].find(
        ({ knocking }) => knocking && isSameBytes(knocking, frame),
      );
      if (own) {
        own.knocking = undefined;
        peer = own;
        this.#peers.set(key, own);
      } else peer.name = packet.clientId;
    }
    if ('client' in peer) {
      if (kind === 'received') this.#ruling = this.#sentOf(peer, frame);
      return;
    }
    if (peer.name === '' && clientId) peer.name = clientId;
    if (kind === 'received' && packet.type === 'publish') peer.publishes = true;
    if (kind === 'received' && packet.type === 'subscribe') peer.subscribes = true;
    if (!isNow || this.isFull) return;
    const name = this.#admit(key, peer);
    if (name === undefined) return;
    this.#do(undefined, () => {
      const flight = this.#newFlight(name, frame, kind === 'received' ? 'up' : 'down', version, 1);
      this.#turn(flight, 'delivered');
    });
    if (kind === 'received') this.#ruling = this.#moments.length - 1;
  }

  /** The moment at which a client's packet left the page. */
  #sentOf({ setup }: Party, frame: Uint8Array): number | undefined {
    const flight = this.#flights.find(
      (each) =>
        each.client === setup.name &&
        each.to === BROKER &&
        each.state === 'delivered' &&
        !each.isHeard &&
        isSameBytes(each.frame, frame),
    );
    if (!flight) return undefined;
    flight.isHeard = true;
    return flight.turns.at(-1)?.step;
  }

  /** What the broker decided, at the packet that it decided on. */
  #rule(event: TraceEvent): void {
    const at = this.#ruling;
    const moment = at === undefined ? undefined : this.#moments[at];
    this.#line = undefined;
    if (at !== undefined && moment) this.#moments[at] = { ...moment, events: [...moment.events, event] };
  }

  /** A stranger's name in the figure; undefined where there is no room for more. */
  #admit(key: string, stranger: Stranger): string | undefined {
    if (this.#strangers.has(key)) return stranger.name;
    const same = [...this.#strangers].find(([, { name }]) => name === stranger.name);
    if (same) {
      stranger.publishes ||= same[1].publishes;
      stranger.subscribes ||= same[1].subscribes;
      this.#strangers.delete(same[0]);
    }
    if (this.#parties.size + this.#strangers.size >= MOST_CLIENTS) return undefined;
    if (this.#parties.has(stranger.name) || stranger.name === '') stranger.name = `${stranger.name || '?'}′`;
    this.#strangers.set(key, stranger);
    return stranger.name;
  }
}

/** Stands in the list of inputs where something came from outside. */
const NOTHING: Input = { do: 'wait', time: 0 };

function linkOf({ wire }: Party): LinkState {
  if (!wire || wire.endsUp) return 'none';
  return wire.isFrozen ? 'frozen' : 'connected';
}

function roleOf(publishes: boolean, subscribes: boolean): Participant['role'] {
  if (publishes !== subscribes) return publishes ? 'publisher' : 'subscriber';
  return 'both';
}

function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

/** Where the packets were at a step, read from what became of them. */
class States extends Map<number, Flight['state']> {
  readonly #flights: readonly LiveFlight[];
  readonly #count: number;
  readonly #step: number;

  constructor(flights: readonly LiveFlight[], count: number, step: number) {
    super();
    this.#flights = flights;
    this.#count = count;
    this.#step = step;
  }

  override get size(): number {
    return this.#count;
  }

  override has(number: number): boolean {
    return number > 0 && number <= this.size;
  }

  override get(number: number): Flight['state'] | undefined {
    const flight = this.#flights[number - 1];
    if (!flight || !this.has(number)) return undefined;
    return flight.turns.findLast(({ step }) => step <= this.#step)?.state ?? 'in flight';
  }
}
