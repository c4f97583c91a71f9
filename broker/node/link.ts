// A link over a socket of whatever kind: gathers what one turn of the event loop sends, writes it in one go when it is let, and
// closes so that the other end can read to the end. An end that does not read is not read either, and cut if that lasts. Knows
// no packet, and no kind of socket.
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
  /** Reads no further, so that the other end comes to a halt, until told to go on. */
  pause(): void;
  resume(): void;
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

/** How much an end may leave unread. */
export interface Patience {
  /** The largest backlog with which the other end is still read, in bytes. */
  readonly maximumBacklog: number;
  /** How long nothing may leave of a larger one, in milliseconds. */
  readonly timeout: number;
  /** Told of an end that was cut. */
  cut(peer: string): void;
}

/** For parties that choose whom they connect to. */
export const ENDLESS: Patience = { maximumBacklog: Number.POSITIVE_INFINITY, timeout: 0, cut: () => {} };

/** A backlog is small below this many bytes. */
const SMALL = 16_384;

/** How many bytes are given to a socket at a time, so that it can be seen how they leave. */
const PORTION = 1_048_576;

/** How long the other end is given to read what was sent before a close, and to close as well. */
const GRACE = 5_000;

export class SocketLink implements Link {
  /** True once nothing more is to be sent. */
  closing = false;
  readonly #carrier: Carrier;
  readonly #clock: Clock;
  readonly #patience: Patience;
  readonly #soon: (link: SocketLink) => void;
  readonly #drained: () => void;
  /** What this turn has sent. */
  #chunks: Uint8Array[] = [];
  /** What may leave, and waits for what is before it. */
  #ready: Uint8Array[] = [];
  /** How many bytes both have, and what lies sealed between them. */
  #gathered = 0;
  #dirty = false;
  #crowded = false;
  #over = false;
  /** Whether the other end is not read because it does not read. */
  #isHalted = false;
  /** When bytes last left. */
  #leftAt = 0;
  #callOff: (() => void) | undefined;

  /**
   * @param soon puts the link among those whose `seal` is called when the turn is over
   * @param drained is told when a backlog that was not small has become small
   */
  constructor(
    carrier: Carrier,
    clock: Clock,
    patience: Patience,
    soon: (link: SocketLink) => void,
    drained: () => void,
  ) {
    this.#carrier = carrier;
    this.#clock = clock;
    this.#patience = patience;
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
    if (!this.#isHalted && this.backlog > this.#patience.maximumBacklog) this.#halt();
    this.#mark();
  }

  close(): void {
    if (this.closing) return;
    this.closing = true;
    this.#goOn();
    this.#mark();
  }

  /** The turn is over, and nothing is added to what it sent. Returns what lets that leave. */
  seal(): () => void {
    this.#dirty = false;
    const chunks = this.#chunks;
    const isLast = this.closing;
    this.#chunks = [];
    return () => {
      if (this.#over) return;
      for (const chunk of chunks) this.#ready.push(chunk);
      if (isLast) this.#end();
      else this.#feed();
    };
  }

  /** Ends without a word; what has not left yet never will. */
  abandon(): void {
    this.gone();
    this.#carrier.destroy();
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

  /** Gives the socket a portion of what may leave, unless it still has one. */
  #feed(): void {
    if (this.#carrier.buffered < PORTION) this.#write(PORTION);
  }

  #end(): void {
    this.#write(this.#gathered);
    this.#carrier.end();
    this.#callOff = this.#clock.wake(this.#clock.now() + GRACE, () => this.#carrier.destroy());
  }

  #write(most: number): void {
    const chunks = this.#take(most);
    for (const { length } of chunks) this.#gathered -= length;
    if (chunks.length > 0) this.#carrier.write(chunks, () => this.#left());
  }

  /** Takes so many bytes of what may leave, at most. */
  #take(most: number): Uint8Array[] {
    let room = most;
    let whole = 0;
    for (; room >= (this.#ready[whole]?.length ?? Number.POSITIVE_INFINITY); whole++)
      room -= (this.#ready[whole] as Uint8Array).length;
    const taken = this.#ready.splice(0, whole);
    const [rest] = this.#ready;
    if (rest === undefined || room === 0) return taken;
    this.#ready[0] = rest.subarray(room);
    return [...taken, rest.subarray(0, room)];
  }

  #left(): void {
    if (this.closing) return;
    this.#leftAt = this.#clock.now();
    this.#feed();
    if (!this.#crowded || this.backlog > SMALL) return;
    this.#crowded = false;
    this.#goOn();
    this.#drained();
  }

  /** Reads nothing more from an end that does not read, and waits how long that lasts. */
  #halt(): void {
    this.#isHalted = true;
    this.#leftAt = this.#clock.now();
    this.#carrier.pause();
    this.#wait();
  }

  #goOn(): void {
    if (!this.#isHalted) return;
    this.#isHalted = false;
    this.#callOff?.();
    this.#carrier.resume();
  }

  #wait(): void {
    const due = this.#leftAt + this.#patience.timeout;
    this.#callOff = this.#clock.wake(due, () => {
      if (this.#leftAt + this.#patience.timeout > this.#clock.now()) return this.#wait();
      this.#patience.cut(this.#carrier.peer);
      this.#carrier.destroy();
    });
  }
}
