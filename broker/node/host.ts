// What a broker or a client lacks to live on a machine: the time of day, an alarm for its deadline, and sockets whose bytes
// are handed in. Knows nothing of what the bytes mean, and no kind of socket.
import type { Connection, Link } from '../session/link.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Carrier, SocketLink } from './link.ts';

/** A party of the protocol, as its host sees it: a broker or a client. */
export interface Party {
  /** Tells the time, in milliseconds. */
  advance(now: number): void;
  /** When to tell it next at the latest, or Infinity. */
  readonly deadline: number;
}

export class Host {
  readonly #party: Party;
  readonly #clock: Clock;
  readonly #links = new Set<SocketLink>();
  #dirty: SocketLink[] = [];
  #alarm: { at: number; callOff: () => void } | undefined;
  #emptied: (() => void) | undefined;

  constructor(party: Party, clock: Clock = systemClock) {
    this.#party = party;
    this.#clock = clock;
  }

  /**
   * Carries a new network connection until it is gone.
   * @param begin gives the link to the party, and returns the end of the connection that it made of it
   * @param gone is called when the socket is no more
   */
  carry(carrier: Carrier, begin: (link: Link) => Connection, gone: () => void = () => {}): void {
    const link = new SocketLink(
      carrier,
      this.#clock,
      (dirty) => this.#flushSoon(dirty),
      () => this.tell(() => connection.drained()),
    );
    this.#links.add(link);
    const connection: Connection = this.tell(() => begin(link));
    let over = false;
    const closed = () => {
      if (over) return;
      over = true;
      this.tell(() => connection.closed());
    };
    carrier.attend({
      received: (chunk) => {
        // What comes after the end is read, so that the other end is not reset, and let go of.
        if (!over && !link.closing) this.tell(() => connection.receive(chunk));
      },
      ended: () => {
        closed();
        link.close();
      },
      closed: () => {
        link.gone();
        this.#links.delete(link);
        closed();
        gone();
        if (this.#links.size === 0) this.#emptied?.();
      },
    });
  }

  /** Tells the party the time and then what happened, and waits for its next deadline. */
  tell<Result>(happening: () => Result): Result {
    this.#party.advance(this.#clock.now());
    const result = happening();
    this.#arm();
    return result;
  }

  /** Closes every connection politely. Resolves when all are gone. */
  async close(): Promise<void> {
    for (const link of this.#links) link.close();
    if (this.#links.size > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
    this.#alarm?.callOff();
    this.#alarm = undefined;
  }

  /** All that is sent in one turn of the event loop leaves at its end, in the order of the sending. */
  #flushSoon(link: SocketLink): void {
    this.#dirty.push(link);
    if (this.#dirty.length > 1) return;
    setImmediate(() => {
      const dirty = this.#dirty;
      this.#dirty = [];
      for (const each of dirty) each.flush();
    });
  }

  /** An alarm that is too early stays: when it rings, it is set anew. */
  #arm(): void {
    const at = this.#party.deadline;
    if (at === Number.POSITIVE_INFINITY || (this.#alarm && this.#alarm.at <= at)) return;
    this.#alarm?.callOff();
    const callOff = this.#clock.wake(at, () => {
      this.#alarm = undefined;
      this.tell(() => {});
    });
    this.#alarm = { at, callOff };
  }
}
