// The page's clients at a real broker, as a world of the stepper's kind: inputs go in, moments come out. It says what can be
// done there and what cannot; knows no socket and no clock, which the host brings.
import { type ImpossibleInput, type Input, impossible, type Setup, type TraceEvent } from '#broker/index.ts';
import { BROKER } from '#broker/sim/setup.ts';
import type { Participant } from '../../lessons/scenario.ts';
import type { FeedMessage } from '../live/feed.ts';
import type { Timeline } from '../stepper/timeline.ts';
import { type Carrier, type End, PageClient } from './client.ts';
import { Heard } from './heard.ts';
import { Moments } from './moments.ts';
import { Wiretap } from './wiretap.ts';

export interface Surroundings {
  /** Milliseconds since 1970, on a clock that only goes on. */
  now(): number;
  /** Opens a connection to the broker for a client. */
  open(end: End, client: string): Carrier;
}

export class RealWorld {
  readonly #host: Surroundings;
  readonly #clients = new Map<string, PageClient>();
  readonly #wiretap = new Wiretap();
  readonly #moments: Moments;
  readonly #heard: Heard;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;

  constructor(setup: Setup, host: Surroundings) {
    this.#host = host;
    this.startedAt = host.now();
    const all = () => [...this.#clients.values()];
    const now = () => this.#now;
    this.#moments = new Moments({
      now,
      links: () => Object.fromEntries(all().map(({ name, link }) => [name, link])),
      deliverable: () => new Set(all().flatMap(({ heads }) => heads.map(({ number }) => number))),
      snapshot: (before) => ({
        broker: NO_BROKER,
        clients: Object.fromEntries(
          all().map((client) => [client.name, client.snapshot(before?.clients[client.name])]),
        ),
      }),
    });
    this.#heard = new Heard({ moments: this.#moments, wiretap: this.#wiretap, now, clients: all });
    this.update(setup);
    this.#moments.begin();
  }

  /** All that has happened, as a new object after each change. What can be done now is said of the last moment alone. */
  get line(): Timeline {
    return this.#moments.line;
  }

  /** Nothing more is written down. */
  get isFull(): boolean {
    return this.#moments.isFull;
  }

  /** What went over the network, as the broker would have traced it. Times are milliseconds since the world began. */
  get trace(): TraceEvent[] {
    return this.#wiretap.trace;
  }

  /** Where the broker behind the page takes MQTT over TCP, once it has said so. */
  get port(): number | null {
    return this.#heard.port;
  }

  /** The page's clients and the others, with the broker in the middle. */
  participants(): Participant[] {
    const { inputs } = this.#moments;
    const own = [...this.#clients.values()].map(({ name, setup }): Participant => {
      const does = (what: Input['do']) =>
        inputs.some((input) => input.do === what && 'client' in input && input.client === name);
      return { name, role: roleOf(does('publish') || setup.will !== undefined, does('subscribe')) };
    });
    const others = this.#heard.strangers.map(
      ({ name, publishes, subscribes }): Participant => ({ name, role: roleOf(publishes, subscribes) }),
    );
    const all = [...own, ...others];
    const side = (of: 0 | 1) => all.filter((_, index) => index % 2 === of);
    return [...side(0), { name: BROKER, role: 'broker' }, ...side(1)];
  }

  /** When `advance` is to be called at the latest, on the host's clock. */
  get deadline(): number {
    return Math.min(...[...this.#clients.values()].map(({ deadline }) => deadline)) + this.startedAt;
  }

  advance(): void {
    this.#event(() => {});
  }

  /** Takes over other settings: a client that is connected keeps its own until it connects again. */
  update({ clients, version }: Setup): void {
    const names = new Set(clients.map(({ name }) => name));
    for (const [name, client] of this.#clients) {
      if (names.has(name)) continue;
      client.leave();
      this.#clients.delete(name);
    }
    for (const each of clients) {
      const setup = { ...each, version: each.version ?? version };
      const client = this.#clients.get(setup.name);
      if (client) client.update(setup);
      else this.#clients.set(setup.name, this.#newClient(setup));
    }
  }

  /**
   * Does something at the page's end.
   * @throws ImpossibleInput
   */
  apply(input: Input): void {
    if (this.isFull) throw impossible('stepsFull', {});
    const act = this.#plan(input);
    this.#moments.input(input, () => {
      this.#tick();
      act();
    });
  }

  /** Takes what the server behind the page tells of its broker. What was before this world began is not shown. */
  hear(message: FeedMessage): void {
    this.#heard.hear(message);
  }

  /** Leaves without a word: all connections are closed. */
  close(): void {
    for (const client of this.#clients.values()) client.leave();
  }

  #plan(input: Input): () => void {
    switch (input.do) {
      case 'connect': {
        const client = this.#client(input.client);
        if (client.link === 'connected') throw impossible('connected', { client: input.client });
        return () => client.connect();
      }
      case 'disconnect': {
        const client = this.#wired(input.client);
        return () => client.disconnect(input);
      }
      case 'cut': {
        const client = this.#wired(input.client);
        return () => client.cut();
      }
      case 'freeze':
      case 'thaw': {
        const client = this.#wired(input.client);
        return () => client.freeze(input.do === 'freeze');
      }
      case 'publish': {
        const client = this.#client(input.client);
        return () => client.publish(input);
      }
      case 'subscribe': {
        const client = this.#connected(input.client);
        return () => client.subscribe(input);
      }
      case 'unsubscribe': {
        const client = this.#connected(input.client);
        return () => client.unsubscribe(input.topicFilter);
      }
      case 'deliver':
        return this.#planDelivery(input.flight);
      case 'hold':
        return this.#planTurn(input.flight, 'in flight', 'held');
      case 'release':
        return this.#planTurn(input.flight, 'held', 'in flight');
      case 'drop':
      case 'duplicate':
      case 'reorder':
      case 'wait':
      case 'restart':
      case 'join':
        throw impossible('notOurs', {});
      default:
        return input satisfies never;
    }
  }

  #planDelivery(number: number): () => void {
    const flight = this.#moments.flights[number - 1];
    const client = flight && this.#clients.get(flight.client);
    if (!flight || !client?.heads.includes(flight)) throw cannotMove(number);
    return () => client.deliver(flight);
  }

  #planTurn(number: number, from: 'in flight' | 'held', to: 'in flight' | 'held'): () => void {
    const flight = this.#moments.flights[number - 1];
    if (flight?.state !== from) throw cannotMove(number);
    return () => this.#moments.turn(flight, to);
  }

  #tick(): void {
    for (const client of this.#clients.values()) client.advance();
  }

  get #now(): number {
    return this.#host.now() - this.startedAt;
  }

  #newClient(setup: Setup['clients'][number]): PageClient {
    return new PageClient(setup, {
      moments: this.#moments,
      wiretap: this.#wiretap,
      now: () => this.#now,
      open: (end, client) => this.#host.open(end, client),
      event: (happens) => this.#event(happens),
    });
  }

  /** What comes from outside, while there is room to write it down. */
  #event(happens: () => void): void {
    if (this.isFull) return;
    this.#moments.event(() => {
      this.#tick();
      happens();
    });
  }

  #client(name: string): PageClient {
    const client = this.#clients.get(name);
    if (!client) throw impossible('stranger', { client: name });
    return client;
  }

  #wired(name: string): PageClient {
    const client = this.#client(name);
    if (!client.isWired) throw impossible('notConnected', { client: name });
    return client;
  }

  #connected(name: string): PageClient {
    const client = this.#client(name);
    if (!client.isConnected) throw impossible('notConnected', { client: name });
    return client;
  }
}

/** A real broker does not tell what it remembers. */
const NO_BROKER = { sessions: [], retained: [] };

function cannotMove(number: number): ImpossibleInput {
  return impossible('packetStands', { number });
}

function roleOf(publishes: boolean, subscribes: boolean): Participant['role'] {
  if (publishes !== subscribes) return publishes ? 'publisher' : 'subscriber';
  return 'both';
}
