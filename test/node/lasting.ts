// Clients that outlive their broker: each has one session, and connects again for as long as it takes.
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientEvent } from '#broker/client/client.ts';
import { type QoS, textOf, utf8, type Version } from '#broker/codec/index.ts';
import { dial } from '#broker/node/dial.ts';
import { Host } from '#broker/node/host.ts';
import { NEVER } from '#broker/server/settings.ts';

/** How many messages a publisher has under way. */
const UNDER_WAY = 20;

/** How long it waits until it tries again, in milliseconds. */
const AGAIN = 5;

class Lasting {
  readonly client: Client;
  readonly host: Host;
  #isOver = false;

  constructor(
    clientId: string,
    version: Version,
    portOf: () => number,
    report: (event: ClientEvent) => void,
  ) {
    const properties = { sessionExpiryInterval: NEVER };
    this.client = new Client(
      { clientId, version, cleanStart: false, ...(version === 5 && { properties }) },
      { report },
    );
    this.host = new Host(this.client);
    void this.#stay(portOf);
  }

  stop(): void {
    this.#isOver = true;
    this.host.tell(() => this.client.disconnect());
  }

  async #stay(portOf: () => number): Promise<void> {
    while (!this.#isOver) {
      const address = { host: '127.0.0.1', port: portOf(), isWebSocket: false };
      const carrier = await dial(address).catch(() => undefined);
      if (carrier === undefined) await sleep(AGAIN);
      else
        await new Promise<void>((gone) =>
          this.host.carry(carrier, (link) => this.client.connect(link), gone),
        );
    }
  }
}

/** Publishes numbers to a topic of its own, retained, a few at a time. */
export class Publisher {
  readonly topic: string;
  readonly qos: QoS;
  readonly published: string[] = [];
  acknowledged = 0;
  readonly #lasting: Lasting;
  #isPublishing = false;
  #rest: (() => void) | undefined;

  constructor(name: string, version: Version, qos: QoS, portOf: () => number) {
    this.topic = `load/${name}`;
    this.qos = qos;
    this.#lasting = new Lasting(name, version, portOf, ({ kind }) => {
      if (kind !== 'acknowledged') return;
      this.acknowledged++;
      setImmediate(() => this.#publish());
    });
  }

  begin(): void {
    this.#isPublishing = true;
    this.#publish();
  }

  /** Publishes nothing more, and waits until all that it did publish is acknowledged. */
  async end(): Promise<void> {
    this.#isPublishing = false;
    await new Promise<void>((resolve) => {
      this.#rest = resolve;
      this.#publish();
    });
    this.#lasting.stop();
  }

  #publish(): void {
    const { topic, qos, published } = this;
    while (this.#isPublishing && published.length - this.acknowledged < UNDER_WAY) {
      const text = String(published.length);
      published.push(text);
      this.#lasting.host.tell(() =>
        this.#lasting.client.publish({ topic, qos, payload: utf8(text), retain: true }),
      );
    }
    if (published.length === this.acknowledged) this.#rest?.();
  }
}

/** Subscribes once, at QoS 2, and keeps all that it is sent and that was not retained. */
export class Keeper {
  /** Resolves when its subscription is acknowledged. */
  readonly subscribed: Promise<void>;
  readonly #received = new Map<string, string[]>();
  readonly #lasting: Lasting;

  constructor(name: string, version: Version, topicFilter: string, portOf: () => number) {
    let isSubscribed: () => void;
    this.subscribed = new Promise((resolve) => {
      isSubscribed = resolve;
    });
    this.#lasting = new Lasting(name, version, portOf, (event) => {
      if (event.kind === 'subscribed') isSubscribed();
      if (event.kind === 'connected' && !event.packet.sessionPresent)
        setImmediate(() =>
          this.#lasting.host.tell(() => this.#lasting.client.subscribe([{ topicFilter, qos: 2 }])),
        );
      if (event.kind === 'message' && !event.packet.retain)
        this.on(event.packet.topic).push(textOf(event.packet.payload) ?? '');
    });
  }

  /** What came on a topic, in order. */
  on(topic: string): string[] {
    const texts = this.#received.get(topic) ?? [];
    this.#received.set(topic, texts);
    return texts;
  }

  stop(): void {
    this.#lasting.stop();
  }
}
