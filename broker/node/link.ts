// A link over a socket of whatever kind: gathers what one turn of the event loop sends, writes it in one go, and closes so
// that the other end can read to the end. Knows no packet, and no kind of socket.
import type { Link } from '../session/link.ts';
import type { Clock } from './clock.ts';

/** A socket as a link sees it. */
export interface Carrier {
  /** What the other end is called. */
  readonly peer: string;
  /** Takes bytes, in order, and tells when they have left. Nothing is taken once the socket is gone. */
  write(chunks: readonly Uint8Array[], left: () => void): void;
  /** Bytes that were written and have not left. */
  readonly buffered: number;
  /** Says to the other end that nothing more comes, behind all that was written. */
  end(): void;
  /** Gives the socket up at once. */
  destroy(): void;
  /** Names who is told what happens to the socket. Called once. */
  attend(attendant: Attendant): void;
}

/** Who is told what happens to a socket. */
export interface Attendant {
  received(chunk: Uint8Array): void;
  /** The other end sends nothing more, or nothing that may be read. */
  ended(): void;
  /** The socket is gone. The last that is told. */
  closed(): void;
}

/** A backlog is small below this many bytes. */
const SMALL = 16_384;

/** How long the other end is given to read what was sent before a close, and to close as well. */
const GRACE = 5_000;

export class SocketLink implements Link {
  /** True once nothing more is to be sent. */
  closing = false;
  readonly #carrier: Carrier;
  readonly #clock: Clock;
  readonly #soon: (link: SocketLink) => void;
  readonly #drained: () => void;
  #chunks: Uint8Array[] = [];
  #gathered = 0;
  #dirty = false;
  #crowded = false;
  #over = false;
  #callOff: (() => void) | undefined;

  /**
   * @param soon puts the link among those whose `flush` is called when the turn is over
   * @param drained is told when a backlog that was not small has become small
   */
  constructor(carrier: Carrier, clock: Clock, soon: (link: SocketLink) => void, drained: () => void) {
    this.#carrier = carrier;
    this.#clock = clock;
    this.#soon = soon;
    this.#drained = drained;
  }

  get backlog(): number {
    return this.#gathered + this.#carrier.buffered;
  }

  send(frame: Uint8Array): void {
    if (this.closing) return;
    this.#chunks.push(frame);
    this.#gathered += frame.length;
    if (this.backlog > SMALL) this.#crowded = true;
    this.#mark();
  }

  close(): void {
    if (this.closing) return;
    this.closing = true;
    this.#mark();
  }

  /** Writes what the turn gathered, and ends the socket if it is to be closed. */
  flush(): void {
    this.#dirty = false;
    if (this.#over) return;
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#gathered = 0;
    if (chunks.length > 0) this.#carrier.write(chunks, () => this.#left());
    if (!this.closing) return;
    this.#carrier.end();
    this.#callOff = this.#clock.wake(this.#clock.now() + GRACE, () => this.#carrier.destroy());
  }

  /** The socket is gone: nothing is sent and nothing waited for any more. */
  gone(): void {
    this.#over = true;
    this.closing = true;
    this.#callOff?.();
  }

  #mark(): void {
    if (this.#dirty) return;
    this.#dirty = true;
    this.#soon(this);
  }

  #left(): void {
    if (this.closing || !this.#crowded || this.backlog > SMALL) return;
    this.#crowded = false;
    this.#drained();
  }
}
