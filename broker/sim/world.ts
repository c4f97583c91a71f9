// Any number of clients, a broker, and the connections between them, on one virtual clock. A world is its list of inputs: the
// same set-up and inputs give the same bytes, always, so going back is to begin anew with fewer inputs. Honest about TCP: a
// packet arrives in its order, or is lost with its connection.
import type { Client, ClientSnapshot } from '../client/client.ts';
import { type Packet, type Properties, utf8, type Version, validate } from '../codec/index.ts';
import { Broker, type BrokerSnapshot } from '../server/broker.ts';
import { inherit } from '../server/inherit.ts';
import type { TraceEvent } from '../session/trace.ts';
import { chance } from './chance.ts';
import {
  ImpossibleInput,
  type Input,
  type PublishInput,
  type PublishProperties,
  type SubscribeInput,
} from './input.ts';
import { type Flight, Network } from './network.ts';
import { Participant, type Received } from './participant.ts';
import { impossible, refusalOf } from './refusal.ts';
import { BROKER, type ClientSetup, type Setup } from './setup.ts';
import type { Wire } from './wire.ts';

export interface WorldSnapshot {
  broker: BrokerSnapshot;
  clients: Record<string, ClientSnapshot & ClientMemory>;
}

interface ClientMemory {
  /** All that its application was given. A copy that is made when it is asked for. */
  readonly received: Received[];
  /** How many messages that is. */
  readonly receivedCount: number;
}

/** How many packets a world has room for, and how much work: it refuses every input beyond. */
const MOST_PACKETS = 100_000;
const MOST_WORK = 1_000_000;
/** How many packets may be sent while time passes before it stands still again. */
const MOST_AT_ONCE = 10_000;

export class World {
  readonly setup: Setup;
  readonly inputs: readonly Input[];
  readonly trace: readonly TraceEvent[];
  /** Milliseconds since the world began. */
  now = 0;
  #broker: Broker;
  readonly #network: Network;
  readonly #participants = new Map<string, Participant>();
  readonly #done: Input[] = [];
  readonly #events: TraceEvent[] = [];
  readonly #calls: (() => void)[] = [];
  /** How often something was due, and how many subscriptions matched a message. */
  #work = 0;
  /** Client identifiers that brokers of this world have assigned. */
  #assigned = 0;

  /** @throws ImpossibleInput for an input that cannot be done; RangeError for a client that may not connect as it is set up */
  constructor(setup: Setup, inputs: readonly Input[] = []) {
    this.setup = setup;
    this.inputs = this.#done;
    this.trace = this.#events;
    this.#network = new Network(this.#surroundings());
    this.#broker = this.#newBroker();
    for (const one of setup.clients) this.#planJoin(one)();
    for (const input of inputs) this.apply(input);
  }

  /** All packets there ever were, in the order of sending. */
  get flights(): readonly Flight[] {
    return this.#network.flights;
  }

  /** The packets that the last input delivered or lost. */
  get ended(): readonly Flight[] {
    return this.#network.ended;
  }

  /** The clients, in the order in which they came. */
  get clients(): readonly ClientSetup[] {
    return [...this.#participants.values()].map(({ setup }) => setup);
  }

  /**
   * Does one thing, and all that follows from it at once.
   * @throws ImpossibleInput
   */
  apply(input: Input): void {
    const act = this.#plan(input);
    this.#done.push(input);
    const ended = this.#network.ended;
    this.#network.ended = [];
    try {
      act();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#done.pop(); // the client refuses such a packet before anything happens
      this.#network.ended = ended;
      throw new ImpossibleInput(refusalOf(error));
    }
    this.#catchUp();
    this.#network.sweep();
  }

  /** Whether something can be done to the world as it is. */
  allows(input: Input): boolean {
    try {
      this.#plan(input);
      return true;
    } catch (error) {
      if (error instanceof ImpossibleInput || error instanceof RangeError) return false;
      throw error;
    }
  }

  /** The flight that is next to arrive: of all that may, the one that was sent first. */
  next(): Flight | undefined {
    return this.deliverable().find(({ state }) => state === 'in flight');
  }

  /** The flights that may arrive now, in the order of sending: each is the first of its direction. */
  deliverable(): Flight[] {
    return this.#network.deliverable();
  }

  /** When a packet arrives, or a client comes back, if no more is done than let time pass; Infinity if neither is to come. */
  get awaited(): number {
    const returns = [...this.#participants.values()].map(({ returnsAt }) => returnsAt);
    return Math.min(this.#network.coming?.arrivesAt ?? Number.POSITIVE_INFINITY, ...returns);
  }

  /** How a client's network connection stands, as its own end sees it. */
  link(name: string): 'none' | 'connected' | 'frozen' {
    return this.#participant(name).link;
  }

  /** Whether a client's connection was cut, or went down with the broker, and it is still without one. */
  isBereft(name: string): boolean {
    const { isBereft, link } = this.#participant(name);
    return isBereft && link === 'none';
  }

  snapshot(): WorldSnapshot {
    const clients = [...this.#participants].map(([name, { client, received }]) => {
      const receivedCount = received.length;
      const memory = {
        ...client.snapshot(),
        receivedCount,
        get received() {
          return received.slice(0, receivedCount);
        },
      };
      return [name, memory] as const;
    });
    return { broker: this.#broker.snapshot(), clients: Object.fromEntries(clients) };
  }

  #surroundings() {
    const world = this;
    return {
      get now() {
        return world.now;
      },
      get step() {
        return world.#done.length - 1;
      },
      seed: this.setup.seed ?? 0,
      soon: (call: () => void) => {
        this.#calls.push(call);
      },
    };
  }

  readonly #trace = (event: TraceEvent): void => {
    this.#events.push(event);
    if (event.kind === 'matched') this.#work += event.matches.length;
  };

  #newBroker(): Broker {
    const { seed } = this.setup;
    const unique = (): string => {
      const nth = ++this.#assigned;
      if (seed === undefined) return String(nth);
      return Math.floor(chance(seed, 'clientId', nth) * 2 ** 32).toString(36);
    };
    const broker = new Broker(this.setup.broker, { trace: this.#trace, unique });
    broker.advance(this.now);
    return broker;
  }

  #join(setup: ClientSetup): void {
    const comeBack = (): void => this.#connect(setup.name);
    const participant = new Participant(setup, this.setup.version, this.#trace, comeBack);
    participant.advance(this.now);
    this.#participants.set(setup.name, participant);
  }

  /** Finds out whether an input is possible, and returns how it is done. */
  #plan(input: Input): () => void {
    if (this.flights.length >= MOST_PACKETS || this.#work >= MOST_WORK)
      throw impossible('worldFull', { most: MOST_PACKETS });
    switch (input.do) {
      case 'connect':
        if (this.link(input.client) === 'connected') throw impossible('connected', { client: input.client });
        return () => this.#connect(input.client);
      case 'disconnect':
        return this.#planDisconnect(input);
      case 'cut':
        return this.#withWire(input.client, (wire, participant) => {
          wire.cut();
          participant.isBereft = true;
        });
      case 'freeze':
      case 'thaw':
        return this.#planFreeze(input.client, input.do === 'freeze');
      case 'publish':
        return this.#planPublish(input);
      case 'subscribe':
        return this.#planSubscribe(input);
      case 'unsubscribe':
        return this.#planUnsubscribe(input.client, [input.topicFilter]);
      case 'deliver':
        return this.#network.planDelivery(input.flight);
      case 'hold':
      case 'release':
        return this.#network.planHold(input.flight, input.do === 'hold' ? 'held' : 'in flight');
      case 'drop':
      case 'duplicate':
      case 'reorder':
        if (!this.setup.notTcp) throw impossible('isTcp', {});
        return this.#network.planMischief(input.flight, input.do);
      case 'wait':
        if (!(input.time >= 0)) throw impossible('timeBack', { time: input.time });
        if (input.time === Number.POSITIVE_INFINITY) throw impossible('timeEndless', {});
        return () => this.#pass(this.now + input.time);
      case 'restart':
        return () => this.#restart(input.keeps);
      case 'join':
        return this.#planJoin(input.setup);
      default:
        return input satisfies never;
    }
  }

  #connect(name: string): void {
    const participant = this.#participant(name);
    if (participant.link === 'frozen') participant.desert();
    const { client, setup } = participant;
    const wire = this.#network.open({
      client: name,
      connection: ++participant.connections,
      version: client.version,
      link: { ...this.setup.link, ...setup.link },
    });
    wire.attach('up', this.#broker.accept(wire.link('down'), name));
    wire.attach('down', client);
    participant.begin(wire);
  }

  #planDisconnect({ client: name, reasonCode, sessionExpiryInterval }: Input & { do: 'disconnect' }) {
    if (sessionExpiryInterval !== undefined) this.#requireFive(name, 'expiryOlder');
    return this.#withWire(name, (_, participant) => participant.leave(reasonCode, sessionExpiryInterval));
  }

  #planFreeze(client: string, isFrozen: boolean): () => void {
    const { wire } = this.#participant(client);
    if (!isFrozen) {
      if (!wire?.isFrozen) throw impossible('notFrozen', { client });
      return () => wire.thaw();
    }
    if (this.link(client) === 'frozen') throw impossible('frozen', { client });
    return this.#withWire(client, (live) => {
      live.isFrozen = true;
    });
  }

  #planPublish({ client: name, topic, payload, qos, retain, properties }: PublishInput): () => void {
    if (properties !== undefined) this.#requireFive(name, 'propertiesOlder');
    const { client } = this.#participant(name);
    const message = { topic, payload: utf8(payload), qos, retain, ...propertiesOf(properties) };
    const refusal = client.publishRefusal(message);
    if (refusal !== undefined) throw new ImpossibleInput(refusal);
    return () => client.publish(message);
  }

  #planSubscribe(input: SubscribeInput): () => void {
    const { client: name, topicFilter, qos, subscriptionIdentifier } = input;
    const { noLocal = false, retainAsPublished = false, retainHandling = 0 } = input;
    if (noLocal || retainHandling > 0 || subscriptionIdentifier !== undefined)
      this.#requireFive(name, 'optionsOlder');
    const wanted = { topicFilter, qos, noLocal, retainAsPublished, retainHandling };
    const properties =
      subscriptionIdentifier === undefined ? undefined : { subscriptionIdentifier: [subscriptionIdentifier] };
    const client = this.#connected(name);
    checkAllowed({ type: 'subscribe', packetId: 1, subscriptions: [wanted], properties }, client.version);
    return () => client.subscribe([wanted], properties);
  }

  #planUnsubscribe(name: string, topicFilters: string[]): () => void {
    const client = this.#connected(name);
    checkAllowed({ type: 'unsubscribe', packetId: 1, topicFilters }, client.version);
    return () => client.unsubscribe(topicFilters);
  }

  #planJoin(setup: ClientSetup): () => void {
    const { name } = setup;
    if (name === BROKER || this.#participants.has(name)) throw impossible('nameTaken', { client: name });
    return () => this.#join(setup);
  }

  /**
   * The broker crashes and begins anew. Its connections are lost, with all that is in flight on them; whoever is on a frozen
   * one is not told.
   */
  #restart(keeps: boolean): void {
    for (const participant of this.#participants.values())
      if (participant.link !== 'none') participant.isBereft = true;
    this.#network.crash();
    const former = this.#broker;
    this.#broker = this.#newBroker();
    if (keeps) inherit(this.#broker, former);
  }

  /** @throws ImpossibleInput unless a client speaks the version that knows this */
  #requireFive(client: string, otherwise: 'expiryOlder' | 'propertiesOlder' | 'optionsOlder'): void {
    if (this.#participant(client).client.version !== 5) throw impossible(otherwise, { client });
  }

  #withWire(name: string, act: (wire: Wire<Flight>, participant: Participant) => void): () => void {
    const participant = this.#participant(name);
    const { wire } = participant;
    if (wire === undefined || participant.link === 'none') throw impossible('notConnected', { client: name });
    return () => act(wire, participant);
  }

  #connected(name: string): Client {
    const { client } = this.#participant(name);
    if (!client.snapshot().connected) throw impossible('notConnected', { client: name });
    return client;
  }

  #participant(name: string): Participant {
    const participant = this.#participants.get(name);
    if (participant === undefined) throw impossible('noClient', { client: name });
    return participant;
  }

  /** Makes the calls that were put off. They may put off more. */
  #catchUp(): void {
    for (let call = this.#calls.shift(); call !== undefined; call = this.#calls.shift()) call();
  }

  /**
   * Lets time pass, from one thing that is due to the next, and lets arrive what arrives by itself. Time stands still sooner
   * where more is sent meanwhile than a reader could look at.
   */
  #pass(until: number): void {
    const most = this.flights.length + MOST_AT_ONCE;
    const isEnough = (): boolean => this.flights.length >= most || this.#work >= MOST_WORK;
    for (;;) {
      const parties = [this.#broker, ...this.#participants.values()];
      const arrival = this.#network.coming?.arrivesAt ?? Number.POSITIVE_INFINITY;
      const due = Math.max(this.now, Math.min(arrival, ...parties.map(({ deadline }) => deadline)));
      this.now = Math.min(due, until);
      this.#work++;
      for (const party of parties) party.advance(this.now);
      this.#catchUp();
      this.#letArrive(isEnough);
      if (due > until || isEnough()) return;
    }
  }

  /** Lets arrive all that is due, one after the other. */
  #letArrive(isEnough: () => boolean): void {
    for (;;) {
      const flight = this.#network.coming;
      if (flight?.arrivesAt === undefined || flight.arrivesAt > this.now || isEnough()) return;
      this.#network.arrive(flight);
      this.#catchUp();
    }
  }
}

/** @throws ImpossibleInput if a packet may never be sent */
function checkAllowed(packet: Packet, version: Version): void {
  const [fault] = validate(packet, version);
  if (fault !== undefined) throw new ImpossibleInput(fault);
}

function propertiesOf(given: PublishProperties | undefined): { properties?: Properties } {
  if (given === undefined) return {};
  const { correlationData, userProperty, ...rest } = given;
  const pairs = userProperty?.map(([name, value]): [string, string] => [name, value]);
  return {
    properties: {
      ...rest,
      ...(correlationData !== undefined && { correlationData: utf8(correlationData) }),
      ...(pairs && { userProperty: pairs }),
    },
  };
}
