// What a broker or a client lacks to live on a machine: the time of day, an alarm for its deadline, and sockets whose bytes
// are handed in. Knows nothing of what the bytes mean, and no kind of socket. What goes wrong in the party on one connection
// ends that connection alone.
import type { Connection, Link } from '../session/link.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Carrier, ENDLESS, type Patience, SocketLink } from './link.ts';

/** A party of the protocol, as its host sees it: a broker or a client. */
export interface Party {
  /** Tells the time, in milliseconds. */
  advance(now: number): void;
  /** When to tell it next at the latest, or Infinity. */
  readonly deadline: number;
}

/**
 * Takes an error of the party's own, which is a fault in its code.
 * @param peer the other end of the connection on which it came up, if it was one
 */
export type Failed = (error: unknown, peer?: string) => void;

/** Who keeps what must not be forgotten once the other end has been told of it. */
export interface Keeper {
  /** Writes what a turn changed. Returns what is to be waited for before anything is sent, if there is something to wait for. */
  commit(): Promise<void> | undefined;
  /** Told that something could not be written. From then on nothing is sent. */
  lost(error: unknown): void;
}

export interface HostOptions {
  /** Without it, what goes wrong in the party is thrown. */
  readonly failed?: Failed | undefined;
  /** With ends that do not read; without it, it is endless. */
  readonly patience?: Patience | undefined;
  readonly keeper?: Keeper | undefined;
}

export class Host {
  readonly #party: Party;
  readonly #clock: Clock;
  readonly #failed: Failed;
  readonly #patience: Patience;
  readonly #keeper: Keeper | undefined;
  readonly #links = new Set<SocketLink>();
  #dirty: SocketLink[] = [];
  #isTurning = false;
  #isLost = false;
  #alarm: { at: number; callOff: () => void } | undefined;
  #emptied: (() => void) | undefined;

  constructor(party: Party, clock: Clock = systemClock, options: HostOptions = {}) {
    this.#party = party;
    this.#clock = clock;
    this.#failed = options.failed ?? rethrow;
    this.#patience = options.patience ?? ENDLESS;
    this.#keeper = options.keeper;
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
      this.#patience,
      (dirty) => {
        this.#dirty.push(dirty);
        this.#endTurnSoon();
      },
      () => tell(() => connection?.drained()),
    );
    this.#links.add(link);
    let connection: Connection | undefined;
    let over = false;
    const tell = (happening: () => void) => {
      if (this.try(happening, carrier.peer)) return;
      link.close();
      closed();
    };
    const closed = () => {
      if (over) return;
      over = true;
      tell(() => connection?.closed());
    };
    tell(() => {
      connection = begin(link);
    });
    carrier.attend({
      received: (chunk) => {
        // What comes after the end is read, so that the other end is not reset, and let go of.
        if (!over && !link.closing) tell(() => connection?.receive(chunk));
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
    try {
      this.#party.advance(this.#clock.now());
    } catch (error) {
      this.#failed(error);
    }
    try {
      return happening();
    } finally {
      if (this.#keeper !== undefined) this.#endTurnSoon();
      this.#arm();
    }
  }

  /**
   * Tells the party like `tell`, where nobody waits for an answer.
   * @param peer the other end of the connection on which it happened
   * @returns whether it went well
   */
  try(happening: () => void, peer?: string): boolean {
    try {
      this.tell(happening);
      return true;
    } catch (error) {
      this.#failed(error, peer);
      return false;
    }
  }

  /** Closes every connection politely. Resolves when all are gone. */
  async close(): Promise<void> {
    for (const link of this.#links) link.close();
    if (this.#links.size > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
    this.#alarm?.callOff();
    this.#alarm = undefined;
  }

  #endTurnSoon(): void {
    if (this.#isTurning) return;
    this.#isTurning = true;
    setImmediate(() => this.#endTurn());
  }

  /**
   * All that is sent in one turn of the event loop leaves at its end, in the order of the sending; where something is to be
   * written, after that, so that nobody is told of what could still be forgotten.
   */
  #endTurn(): void {
    this.#isTurning = false;
    const sealed = this.#dirty.map((link) => link.seal());
    this.#dirty = [];
    const leave = () => {
      for (const flush of sealed) flush();
    };
    const written = this.#keeper?.commit();
    if (written === undefined) leave();
    else written.then(leave, (error) => this.#lose(error));
  }

  #lose(error: unknown): void {
    for (const link of this.#links) link.abandon();
    if (this.#isLost) return;
    this.#isLost = true;
    this.#keeper?.lost(error);
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

function rethrow(error: unknown): never {
  throw error;
}
