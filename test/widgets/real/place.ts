/** A page's clients at a broker of the engine's, with a clock that tests move, and no network between them. */
import {
  Broker,
  Client,
  type ClientSettings,
  type Connection,
  type Flight,
  type Setup,
  type TraceEvent,
} from '#broker/index.ts';
import type { FeedEvent } from '../../../src/widgets/live/feed.ts';
import type { End } from '../../../src/widgets/real/client.ts';
import { RealWorld } from '../../../src/widgets/real/world.ts';

export const STARTED: number = Date.UTC(2026, 0, 1);

export const SETUP: Setup = {
  version: 4,
  clients: [
    { name: 'p1', keepAlive: 0 },
    { name: 'phone', keepAlive: 0 },
  ],
};

/** Where the page's clients connect to at once, as long as it answers. */
export class Place {
  broker: Broker;
  readonly world: RealWorld;
  readonly ends: End[] = [];
  /** How the page closed connections. */
  readonly farewells: (string | undefined)[] = [];
  readonly #told: TraceEvent[] = [];
  /** All that its server keeps for those who come late. */
  #kept: FeedEvent[] = [];
  #heard = 0;
  #now = STARTED;
  #isAnswering = true;
  #number = 0;

  constructor(setup = SETUP) {
    this.broker = this.#newBroker();
    this.world = new RealWorld(setup, { now: () => this.#now, open: (end) => this.#open(end) });
  }

  #open(end: End) {
    let connection: Connection | undefined;
    this.ends.push(end);
    const link = {
      backlog: 0,
      send: (frame: Uint8Array) => end.received(frame),
      close: () => end.closed(true),
    };
    if (this.#isAnswering)
      queueMicrotask(() => {
        connection = this.broker.accept(link, 'page');
        end.opened();
      });
    return {
      send: (bytes: Uint8Array) => connection?.receive(bytes),
      close: (why?: string) => {
        this.farewells.push(why);
        connection?.closed();
      },
    };
  }

  #newBroker(): Broker {
    const broker = new Broker(undefined, { trace: (event) => this.#told.push(event) });
    broker.advance(this.#now);
    return broker;
  }

  /** Tells the world what the broker did since the last time. */
  hear(): void {
    this.#keep();
    this.world.hear({ kind: 'events', letGo: 0, events: this.#kept.slice(this.#heard) });
    this.#heard = this.#kept.length;
  }

  /** The page lost its server and finds it again. */
  hearAgain(): void {
    this.#keep();
    this.world.hear({ kind: 'greeting', port: 1883 });
    this.world.hear({ kind: 'events', letGo: 0, events: this.#kept });
    this.#heard = this.#kept.length;
  }

  #keep(): void {
    const told = this.#told.splice(0);
    this.#kept.push(...told.map((event): FeedEvent => ({ number: ++this.#number, broker: 1, event })));
  }

  /** The server ends and comes back, with a broker that knows nothing. */
  restart(): void {
    this.#now += 1000;
    this.broker = this.#newBroker();
    this.#kept = [];
    this.#number = 0;
  }

  pass(time: number): void {
    this.#now += time;
    this.broker.advance(this.#now);
    this.world.advance();
  }

  answers(does: boolean): void {
    this.#isAnswering = does;
  }

  /** A client that is not the page's connects. */
  async stranger(settings: Partial<ClientSettings>, peer = '127.0.0.1:50123') {
    const client = new Client({ clientId: 'mosquitto', keepAlive: 0, ...settings });
    const link = {
      backlog: 0,
      send: (frame: Uint8Array) => queueMicrotask(() => client.receive(frame)),
      close() {},
    };
    const connection = this.broker.accept(link, peer);
    client.connect({
      backlog: 0,
      send: (frame) => connection.receive(frame),
      close: () => connection.closed(),
    });
    await settled();
    return client;
  }

  get last() {
    return this.world.line.moments.at(-1);
  }

  /** The packets that can be told to move. */
  get waiting(): (Flight | undefined)[] {
    return [...(this.last?.deliverable ?? [])].map((number) => this.world.line.flights[number - 1]);
  }

  /** Delivers what waits until nothing does. In: how long each takes. */
  deliverAll(time = 0): void {
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      if (time > 0) this.pass(time);
      this.world.apply({ do: 'deliver', flight: next.number });
    }
  }
}

export const settled = (): Promise<void> => new Promise((resolve) => queueMicrotask(resolve));
