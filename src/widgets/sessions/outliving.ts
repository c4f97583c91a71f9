// A broker in the page whose sessions outlive the page, and two clients that come to it for a moment. The time is that of the day;
// packets wait for nobody, but what the broker answers leaves when what led to it is written.
import { Client, type ClientSettings } from '#broker/client/client.ts';
import { textOf, utf8 } from '#broker/codec/index.ts';
import { Broker } from '#broker/server/broker.ts';
import type { Store } from '#broker/server/store.ts';
import type { Link } from '#broker/session/link.ts';
import { forgetPageStore, openPageStore } from '../store.ts';

const NAME = 'glass-broker.sessions';
const TOPIC = 'Room1/Door';
const PHONE = 'phone';

/** What a return of the phone brought. */
export interface Return {
  present: boolean;
  received: string[];
}

/** What the phone has of the broker right now: nothing, or a session and what waits in it. */
export type Waiting = readonly string[] | undefined;

export class OutlivingBroker {
  readonly #store: Store;
  readonly #broker: Broker;

  private constructor(store: Store) {
    this.#store = store;
    this.#broker = new Broker({}, { journal: store.journal });
  }

  /**
   * Starts a broker on what an earlier one wrote in this browser.
   * @throws as `openPageStore` does; DamagedRecord if something else was written there
   */
  static async open(): Promise<OutlivingBroker> {
    const store = await openPageStore(NAME);
    const outliving = new OutlivingBroker(store);
    try {
      const restore = await store.read();
      outliving.#broker.advance(Date.now());
      restore(outliving.#broker);
      await store.commit();
      return outliving;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  get waiting(): Waiting {
    const session = [...this.#broker.sessions].find(({ clientId }) => clientId === PHONE);
    return session?.outbound.waiting.map(({ message }) => textOf(message.payload) ?? '');
  }

  /** p1 publishes with QoS 1. Where the phone has no session yet, it comes, subscribes and leaves before. */
  async publish(payload: string): Promise<void> {
    if (this.waiting === undefined) await this.return();
    await this.#visit({ clientId: 'p1' }, (client) =>
      client.publish({ topic: TOPIC, payload: utf8(payload), qos: 1 }),
    );
  }

  /** The phone connects with Clean Session 0, gets what waits, and leaves. */
  async return(): Promise<Return> {
    return this.#visit({ clientId: PHONE, cleanStart: false }, (client, { present }) => {
      if (!present) client.subscribe([{ topicFilter: 'Room1/#', qos: 1 }]);
    });
  }

  /** Ends the broker, and forgets what it wrote. */
  async forget(): Promise<void> {
    await this.#store.close();
    await forgetPageStore(NAME);
  }

  /** Ends the broker; what it wrote stays. */
  close(): Promise<void> {
    return this.#store.close();
  }

  async #visit(settings: ClientSettings, act: (client: Client, found: Return) => void): Promise<Return> {
    const found: Return = { present: false, received: [] };
    const client = new Client(settings, {
      report(event) {
        if (event.kind === 'connected') found.present = event.packet.sessionPresent;
        if (event.kind === 'message') found.received.push(textOf(event.packet.payload) ?? '');
      },
    });
    const [toBroker, toClient] = [new Pipe(), new Pipe()];
    this.#broker.advance(Date.now());
    const connection = this.#broker.accept(toClient, settings.clientId);
    client.connect(toBroker);
    const carry = async () => {
      while (toBroker.frames.length + toClient.frames.length > 0) {
        for (const frame of toBroker.frames.splice(0)) connection.receive(frame);
        await this.#store.commit();
        for (const frame of toClient.frames.splice(0)) client.receive(frame);
      }
    };
    await carry();
    act(client, found);
    await carry();
    client.disconnect();
    await carry();
    return found;
  }
}

/** What is on its way in one direction. */
class Pipe implements Link {
  readonly frames: Uint8Array[] = [];
  readonly backlog = 0;

  send(frame: Uint8Array): void {
    this.frames.push(frame);
  }

  close(): void {}
}
