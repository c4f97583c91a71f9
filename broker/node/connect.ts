// Our client on a machine: a network connection by URL, and promises for what the client reports. Knows no packet's bytes,
// and does not connect again when the connection is lost.
import {
  Client,
  type ClientEvent,
  type ClientSettings,
  type Outgoing,
  type Wanted,
} from '../client/client.ts';
import type { TlsTarget } from '../client/tools/host.ts';
import { type Connack, type Publish, type Suback, type Unsuback, utf8 } from '../codec/index.ts';
import { MQTT_PORT } from '../ports.ts';
import type { Trace } from '../session/trace.ts';
import type { Clock } from './clock.ts';
import { type Address, dial } from './dial.ts';
import { Host } from './host.ts';

export interface ConnectOptions extends Partial<ClientSettings> {
  /** Takes each message, also those that come before `connect` has resolved. */
  receive?: ((message: Publish) => void) | undefined;
  trace?: Trace | undefined;
  clock?: Clock | undefined;
}

/** A client that is connected. What is under way when the connection is lost is rejected. */
export interface ConnectedClient {
  readonly connack: Connack;
  /** Resolves with the broker's reason code when the message is the broker's; at QoS 0, which is not answered, at once. */
  publish(message: Outgoing): Promise<number>;
  subscribe(...wanted: Wanted[]): Promise<Suback>;
  unsubscribe(...topicFilters: string[]): Promise<Unsuback>;
  /** Says goodbye. Resolves when the connection is gone. */
  disconnect(): Promise<void>;
  /** Resolves when the connection is gone, with the reason if an end gave one. */
  readonly closed: Promise<string | undefined>;
}

/** The broker did not let the client in. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly connack: Connack;

  constructor(connack: Connack) {
    super(`the broker refused the connection with code ${connack.reasonCode}`);
    this.connack = connack;
  }
}

/**
 * Connects to a broker.
 * @param url `mqtt://host:port` for TCP, `ws://host:port/path` for WebSocket; may hold `user:password@`
 * @throws Refused if the broker says no; the socket's error if there is no broker
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<ConnectedClient> {
  const { receive = () => {}, trace, clock, ...settings } = options;
  const target = new URL(url);
  const carrier = await dial(addressOf(target));
  const answers = new Answers(receive);
  const client = new Client(
    { clientId: '', ...credentials(target), ...settings },
    { trace, report: (event) => answers.take(event) },
  );
  const host = new Host(client, clock);
  const connack = answers.await<Connack>('connack');
  host.carry(carrier, (link) => client.connect(link));
  return {
    connack: await connack,
    closed: answers.closed,
    async publish(message) {
      const answer = message.qos === 0 ? 0 : answers.await<number>(message);
      host.tell(() => client.publish(message));
      return answer;
    },
    subscribe: (...wanted) => answers.await(host.tell(() => client.subscribe(wanted))),
    unsubscribe: (...topicFilters) => answers.await(host.tell(() => client.unsubscribe(topicFilters))),
    async disconnect() {
      host.tell(() => client.disconnect());
      await host.close();
    },
  };
}

/** What is awaited of the broker: CONNACK, the acknowledgement of a message, or the answer to a packet identifier. */
type Question = 'connack' | Outgoing | number;

class Answers {
  readonly closed: Promise<string | undefined>;
  readonly #receive: (message: Publish) => void;
  readonly #open = new Map<Question, { resolve(answer: unknown): void; reject(error: Error): void }>();
  #close!: (reason: string | undefined) => void;

  constructor(receive: (message: Publish) => void) {
    this.#receive = receive;
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  await<Answer>(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#open.set(question, { resolve: resolve as (answer: unknown) => void, reject });
    });
  }

  take(event: ClientEvent): void {
    switch (event.kind) {
      case 'connected':
        return this.#settle('connack', event.packet);
      case 'refused':
        return this.#open.get('connack')?.reject(new Refused(event.packet));
      case 'message':
        return this.#receive(event.packet);
      case 'acknowledged':
        return this.#settle(event.message, event.reasonCode);
      case 'subscribed':
      case 'unsubscribed':
        return this.#settle(event.packet.packetId, event.packet);
      case 'authenticated':
        return;
      case 'closed':
        return this.#end(event.reason);
      default:
        return event satisfies never;
    }
  }

  #settle(question: Question, answer: unknown): void {
    this.#open.get(question)?.resolve(answer);
    this.#open.delete(question);
  }

  #end(reason: string | undefined): void {
    const error = new Error(`the connection is closed${reason === undefined ? '' : `: ${reason}`}`);
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
    this.#close(reason);
  }
}

/** By scheme: the port where none is named. */
const SCHEMES: Readonly<Record<string, { port: number; isWebSocket: boolean; tls?: TlsTarget }>> = {
  'mqtt:': { port: MQTT_PORT, isWebSocket: false },
  'ws:': { port: 80, isWebSocket: true },
  'wss:': { port: 443, isWebSocket: true, tls: { usesSystemCertificates: true, isInsecure: false } },
};

function addressOf({ protocol, hostname, port, pathname, search }: URL): Address {
  const scheme = SCHEMES[protocol];
  if (scheme === undefined) throw new RangeError(`mqtt:, ws: and wss: can be connected to, not ${protocol}`);
  return {
    ...scheme,
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? scheme.port : Number(port),
    path: pathname + search,
  };
}

function credentials({ username, password }: URL): Pick<ClientSettings, 'username' | 'password'> {
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password !== '' && { password: utf8(decodeURIComponent(password)) }),
  };
}
