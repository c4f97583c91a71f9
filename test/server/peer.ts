// A broker and clients whose links a test holds in its hand: nothing lies between them, and nothing happens by itself.
import { type Connect, decode, encode, type Packet, type Version } from '#broker/codec/index.ts';
import { Broker, type Environment } from '#broker/server/broker.ts';
import type { Entrance } from '#broker/server/entrance.ts';
import type { Settings } from '#broker/server/settings.ts';
import type { TraceEvent } from '#broker/session/trace.ts';
import { connect } from '../conformance/packets.ts';

/** A client of a broker, with a link whose backlog the test sets. */
export class Peer {
  backlog = 0;
  /** After so many packets the backlog is there by itself. */
  fillsAfter = Number.POSITIVE_INFINITY;
  isClosed = false;
  readonly version: Version;
  /** What was answered to its CONNECT. */
  readonly welcome: readonly Packet[];
  readonly #inbox: Packet[] = [];
  readonly #connection: ReturnType<Broker['accept']>;

  /** @param entrance where it comes in */
  constructor(broker: Broker, partial: Partial<Connect> = {}, entrance?: Entrance) {
    this.version = partial.version ?? 4;
    const peer = this;
    this.#connection = broker.accept(
      {
        get backlog() {
          return peer.backlog;
        },
        send: (frame) => {
          this.#inbox.push(decode(frame, this.version));
          if (this.#inbox.length >= this.fillsAfter) this.backlog = Number.MAX_SAFE_INTEGER;
        },
        close: () => {
          this.isClosed = true;
        },
      },
      'test',
      entrance,
    );
    this.send(connect(partial));
    this.welcome = this.take();
  }

  send(...packets: Packet[]): void {
    for (const packet of packets) this.#connection.receive(encode(packet, this.version));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#connection.receive(bytes);
  }

  take(): Packet[] {
    return this.#inbox.splice(0);
  }

  drained(): void {
    this.backlog = 0;
    this.#connection.drained();
  }

  closed(): void {
    this.#connection.closed();
  }
}

/** A broker, and what it tells. */
export function start(settings: Partial<Settings> = {}, environment: Partial<Environment> = {}) {
  const events: TraceEvent[] = [];
  const broker = new Broker(settings, { trace: (event) => events.push(event), ...environment });
  return { broker, events };
}
