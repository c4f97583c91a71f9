// The other end for tests of our client: a server that says what it is told to, in memory.
import {
  Client,
  type ClientEnvironment,
  type ClientEvent,
  type ClientSettings,
} from '#broker/client/client.ts';
import {
  type Connack,
  decode,
  encode,
  type Packet,
  type PacketType,
  type Properties,
  type Version,
} from '#broker/codec/index.ts';
import type { Connection } from '#broker/session/link.ts';

export class ScriptedServer {
  readonly client: Client;
  readonly version: Version;
  /** What the application was told. */
  readonly events: ClientEvent[] = [];
  /** The client has closed the connection. */
  isClosed = false;
  /** All bytes that the client sent on this connection. */
  frames: Uint8Array[] = [];
  #connection: Connection | undefined;
  #taken = 0;
  #now = 0;

  constructor(
    settings: Partial<ClientSettings> & { version: Version },
    environment: Partial<ClientEnvironment> = {},
  ) {
    this.version = settings.version;
    this.client = new Client(
      { clientId: 'client', keepAlive: 0, ...settings },
      { report: (event) => this.events.push(event), ...environment },
    );
  }

  /** The client connects; its CONNECT can be taken then. */
  dial(): this {
    this.isClosed = false;
    this.frames = [];
    this.#taken = 0;
    this.#connection = this.client.connect({
      backlog: 0,
      send: (frame) => this.frames.push(frame),
      close: () => {
        this.isClosed = true;
      },
    });
    return this;
  }

  /** The client connects, and is let in. */
  welcome(properties?: Properties, partial: Partial<Connack> = {}): this {
    this.dial();
    this.take();
    this.send({ type: 'connack', sessionPresent: false, reasonCode: 0, properties, ...partial });
    return this;
  }

  send(...packets: Packet[]): void {
    for (const packet of packets) this.sendBytes(encode(packet, this.version));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#connection?.receive(bytes);
  }

  /** The packets that the client sent since they were last taken. */
  take(): Packet[] {
    const fresh = this.frames.slice(this.#taken);
    this.#taken = this.frames.length;
    return fresh.map((frame) => decode(frame, this.version));
  }

  types(): PacketType[] {
    return this.take().map(({ type }) => type);
  }

  /** The connection is lost. */
  cut(): void {
    this.#connection?.closed();
  }

  advance(duration: number): void {
    const end = this.#now + duration;
    while (this.client.deadline <= end) {
      this.#now = this.client.deadline;
      this.client.advance(this.#now);
    }
    this.#now = end;
    this.client.advance(end);
  }
}
