// A network connection in a simulated world. What is sent waits in flight until it is told to move; each direction keeps
// its order and loses nothing, as TCP does, until the connection itself is lost. Knows no packet and no clock.
import type { Connection, Link } from '../session/link.ts';

/** One end of a wire sends towards the other. */
export type Direction = 'up' | 'down';

/** What is told of what moves. `Flight` is what the world calls one thing that was sent. */
export interface WireKeeper<Flight> {
  launch(direction: Direction, frame: Uint8Array): Flight;
  arrive(flight: Flight): Uint8Array;
  lose(flight: Flight): void;
  /** Runs a call into a party after the call that is under way has come back. */
  soon(call: () => void): void;
}

/** One direction: what is in flight, who receives it, and whether its sender has closed. */
interface Way<Flight> {
  flights: Flight[];
  receiver: Connection | undefined;
  isEnded: boolean;
}

const OPPOSITE = { up: 'down', down: 'up' } as const;

export class Wire<Flight> {
  /** Nothing moves, and nobody is told. */
  isFrozen = false;
  readonly #keeper: WireKeeper<Flight>;
  /** `up` is from client to broker. */
  readonly #ways: Record<Direction, Way<Flight>> = { up: emptyWay(), down: emptyWay() };

  constructor(keeper: WireKeeper<Flight>) {
    this.#keeper = keeper;
  }

  /** The end that sends in a direction. */
  link(direction: Direction): Link {
    const way = this.#ways[direction];
    return {
      backlog: 0,
      send: (frame) => {
        const flight = this.#keeper.launch(direction, frame);
        if (way.receiver === undefined) this.#keeper.lose(flight);
        else way.flights.push(flight);
      },
      close: () => this.#end(direction),
    };
  }

  /** Says who receives what is sent in a direction. */
  attach(direction: Direction, receiver: Connection): void {
    this.#ways[direction].receiver = receiver;
  }

  /** What may arrive next in a direction; everything else is behind it. */
  head(direction: Direction): Flight | undefined {
    return this.isFrozen ? undefined : this.#ways[direction].flights[0];
  }

  /** Lets the head of a direction arrive. */
  deliver(direction: Direction): void {
    const way = this.#ways[direction];
    const flight = way.flights.shift() as Flight;
    const { receiver } = way;
    const frame = this.#keeper.arrive(flight);
    receiver?.receive(frame);
    this.#settle(direction);
  }

  /** Loses the connection: all that is in flight, both ways, and both ends learn of it. */
  cut(): void {
    for (const direction of ['up', 'down'] as const) this.#abandon(direction);
  }

  /** One end is gone without a word, as when its process dies: it sends and receives no more, and the other end is not told. */
  desert(direction: Direction): void {
    this.#lose(this.#ways[direction]);
    const back = this.#ways[OPPOSITE[direction]];
    this.#lose(back);
    back.receiver = undefined;
  }

  /** One end is gone, and the other learns of it as soon as anything moves: its machine lives on and says so. */
  kill(direction: Direction): void {
    this.desert(direction);
    this.#ways[direction].isEnded = true;
    this.#settle(direction);
  }

  /** Loses one packet, as no TCP connection does that lives on. */
  drop(direction: Direction, flight: Flight): void {
    this.#take(direction, flight);
    this.#keeper.lose(flight);
    this.#settle(direction);
  }

  /** Lets a packet be in flight once more, right behind itself. */
  duplicate(direction: Direction, flight: Flight, frame: Uint8Array): void {
    const { flights } = this.#ways[direction];
    flights.splice(flights.indexOf(flight) + 1, 0, this.#keeper.launch(direction, frame));
  }

  /** Lets a packet overtake all that are before it. */
  reorder(direction: Direction, flight: Flight): void {
    this.#take(direction, flight);
    this.#ways[direction].flights.unshift(flight);
  }

  #take(direction: Direction, flight: Flight): void {
    const { flights } = this.#ways[direction];
    flights.splice(flights.indexOf(flight), 1);
  }

  /** What is in flight in a direction, the first to arrive first. */
  flights(direction: Direction): readonly Flight[] {
    return this.#ways[direction].flights;
  }

  /** Whether the receiver of a direction still counts on this connection. */
  isOpen(direction: Direction): boolean {
    return this.#ways[direction].receiver !== undefined;
  }

  /** Nothing is in flight, and nobody counts on this connection. */
  get isOver(): boolean {
    return Object.values(this.#ways).every(
      ({ receiver, flights }) => receiver === undefined && flights.length === 0,
    );
  }

  thaw(): void {
    this.isFrozen = false;
    for (const direction of ['up', 'down'] as const) this.#settle(direction);
  }

  /** The sender of a direction closes: what it sent before still arrives, what comes towards it does not. */
  #end(direction: Direction): void {
    this.#ways[direction].isEnded = true;
    const back = this.#ways[OPPOSITE[direction]];
    this.#lose(back);
    back.receiver = undefined;
    this.#keeper.soon(() => this.#settle(direction));
  }

  /** Once all has arrived that was sent before a close, the receiver learns of the close. */
  #settle(direction: Direction): void {
    const { isEnded, flights } = this.#ways[direction];
    if (isEnded && flights.length === 0 && !this.isFrozen) this.#abandon(direction);
  }

  #abandon(direction: Direction): void {
    const way = this.#ways[direction];
    const { receiver } = way;
    this.#lose(way);
    way.receiver = undefined;
    if (receiver !== undefined) this.#keeper.soon(() => receiver.closed());
  }

  #lose(way: Way<Flight>): void {
    for (const flight of way.flights) this.#keeper.lose(flight);
    way.flights = [];
  }
}

function emptyWay<Flight>(): Way<Flight> {
  return { flights: [], receiver: undefined, isEnded: false };
}
