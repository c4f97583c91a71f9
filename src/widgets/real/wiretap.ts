// What went over the network, as the broker's end had it: which bytes came and went on which connection, and how each ended.
// A packet that waits in the page has not left it and is not here yet; one that waits in the page on its way to a client has
// left the broker, and is not acknowledged. Knows no packet; how a capture is written is the engine's affair.
import type { TraceEvent, Version } from '#broker/index.ts';
import { BROKER } from '#broker/sim/setup.ts';

/** Who ended a connection: one of its ends, or neither, and it broke. */
export type Ending = 'client' | 'broker' | 'broken';

/** What the broker told of a connection that is not the page's, to be put into a capture once somebody is seen at it. */
export interface Overheard {
  readonly events: TraceEvent[];
  isShown: boolean;
}

const SAID = 'closed';

export class Wiretap {
  readonly #events: TraceEvent[] = [];
  readonly #overheard: Overheard[] = [];
  /** How many connections each client of the page has had. */
  readonly #counts = new Map<string, number>();
  #connections = 0;
  /** What has to be added to the broker's time to have the page's. */
  #skew = Number.POSITIVE_INFINITY;

  /** A connection of a client of the page is open. */
  open(client: string, at: number): Tap {
    const count = (this.#counts.get(client) ?? 0) + 1;
    this.#counts.set(client, count);
    return new Tap(client, { broker: ++this.#connections, client: count }, at, this.#events);
  }

  /** A connection of somebody else's. */
  overhear(): Overheard {
    const overheard: Overheard = { events: [], isShown: false };
    this.#overheard.push(overheard);
    return overheard;
  }

  /**
   * Sets the broker's clock by the page's: what was told a moment ago happened a moment ago.
   * @param at when the broker says that the latest event was
   * @param now the time here
   */
  setClock(at: number, now: number): void {
    this.#skew = Math.min(this.#skew, now - at);
  }

  /** All of it in the order of happening, as the broker would have traced it. Times are milliseconds since the figure began. */
  get trace(): TraceEvent[] {
    const skew = Number.isFinite(this.#skew) ? this.#skew : 0;
    const shown = this.#overheard.filter(({ isShown }) => isShown);
    const others = shown.flatMap(({ events }, index) =>
      events.map((event) => ({
        ...event,
        at: event.at + skew,
        connection: this.#connections + 1 + index,
      })),
    );
    return [...this.#events, ...others].sort((one, other) => one.at - other.at);
  }
}

/** One connection of a client of the page. */
export class Tap {
  readonly #client: string;
  readonly #numbers: { readonly broker: number; readonly client: number };
  readonly #events: TraceEvent[];

  constructor(
    client: string,
    numbers: { readonly broker: number; readonly client: number },
    at: number,
    events: TraceEvent[],
  ) {
    this.#client = client;
    this.#numbers = numbers;
    this.#events = events;
    events.push({ ...this.#ofBroker(at), kind: 'opened', peer: client });
    events.push({ ...this.#ofClient(at), kind: 'opened', peer: BROKER });
  }

  /** A packet has left the page. */
  up(frame: Uint8Array, version: Version, at: number): void {
    this.#events.push({ ...this.#ofBroker(at), kind: 'received', frame, version });
  }

  /** The broker has sent a packet. */
  down(frame: Uint8Array, version: Version, at: number): void {
    this.#events.push({ ...this.#ofBroker(at), kind: 'sent', frame, version });
  }

  /** The client has taken a packet. */
  taken(frame: Uint8Array, version: Version, at: number): void {
    this.#events.push({ ...this.#ofClient(at), kind: 'received', frame, version });
  }

  /** It is over; what is told of it after that, the other end learnt later. */
  end(by: Ending, at: number): void {
    if (by === 'client') this.#events.push({ ...this.#ofClient(at), kind: 'closed', reason: SAID });
    this.#events.push({ ...this.#ofBroker(at), kind: 'closed', ...(by === 'broker' && { reason: SAID }) });
  }

  /** The client learns that the broker has closed. */
  learn(at: number): void {
    this.#events.push({ ...this.#ofClient(at), kind: 'closed' });
  }

  #ofBroker(at: number) {
    return { at, by: BROKER, connection: this.#numbers.broker };
  }

  #ofClient(at: number) {
    return { at, by: this.#client, connection: this.#numbers.client };
  }
}
