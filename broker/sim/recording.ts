// A world with every moment of its past: what each input changed, and how things stood after it. Moments share with those
// before them whatever stayed the same, so that thousands can be kept and any of them is there at once. The world goes on at
// its end alone; whoever wants to go on from a moment of its past forks it, which costs one replay.
import type { ClientSnapshot } from '../client/client.ts';
import type { TraceEvent } from '../session/trace.ts';
import type { Input } from './input.ts';
import type { Flight } from './network.ts';
import type { Setup } from './setup.ts';
import { World, type WorldSnapshot } from './world.ts';

export type LinkState = 'none' | 'connected' | 'frozen';

/** How things stand after a number of inputs. */
export interface Moment {
  /** The input that led here; undefined at the beginning. */
  readonly input: Input | undefined;
  /** Milliseconds since the world began. */
  readonly now: number;
  /** Where each packet is, by its number. Those sent before the recording began are not in it. */
  readonly states: ReadonlyMap<number, Flight['state']>;
  readonly snapshot: WorldSnapshot;
  readonly links: Readonly<Record<string, LinkState>>;
  /** The packets that can arrive next: one at most in each direction of a link that moves. */
  readonly deliverable: ReadonlySet<number>;
  /** What the input made happen. */
  readonly events: readonly TraceEvent[];
  /** The packets that the input made somebody send. What became of them is for `states` to say. */
  readonly sent: readonly Flight[];
  /** The packets, by their numbers, that the input let arrive, and those that it lost. */
  readonly arrived: readonly number[];
  readonly lost: readonly number[];
}

export class Recording {
  readonly setup: Setup;
  /** What happened before the recording began. It is part of the world and of no moment. */
  readonly before: readonly Input[];
  readonly inputs: readonly Input[];
  /** One more than there are inputs: the first is the beginning. */
  readonly moments: readonly Moment[];
  readonly #done: Input[];
  readonly #moments: Moment[];
  /** At the end of the recording; made when it is first needed. */
  #world: World | undefined;
  /** How many packets were sent, and how many events there were, before the recording began and by its last moment. */
  #earlier = 0;
  #events = 0;

  /** @throws as a world does that is made of these */
  constructor(setup: Setup, before: readonly Input[] = [], past?: Recording, count = 0) {
    this.setup = setup;
    this.before = before;
    this.inputs = this.#done = past?.inputs.slice(0, count) ?? [];
    this.moments = this.#moments = past?.moments.slice(0, count + 1) ?? [];
    if (past === undefined) this.#record(this.world, undefined, 0);
  }

  /** The world as it is now. It is not to be changed but through the recording. */
  get world(): World {
    if (this.#world === undefined) {
      this.#world = new World(this.setup, this.before);
      this.#earlier = this.#world.flights.length;
      for (const input of this.inputs) this.#world.apply(input);
      this.#events = this.#world.trace.length;
    }
    return this.#world;
  }

  /** All packets since the recording began. */
  get flights(): readonly Flight[] {
    const { flights } = this.world;
    return flights.slice(this.#earlier);
  }

  /**
   * Does one thing more.
   * @throws ImpossibleInput, and nothing has changed
   */
  apply(input: Input): void {
    const { world } = this;
    const sent = world.flights.length;
    world.apply(input);
    this.#done.push(input);
    this.#record(world, input, sent);
  }

  /** Another recording, of the first inputs of this one. */
  fork(count: number): Recording {
    return new Recording(this.setup, this.before, this, count);
  }

  #record(world: World, input: Input | undefined, sent: number): void {
    const before = this.#moments.at(-1);
    const ended = input === undefined ? [] : world.ended;
    const links = Object.fromEntries(world.clients.map(({ name }) => [name, world.link(name)]));
    this.#moments.push({
      input,
      now: world.now,
      states: new States(world.flights, this.#earlier, world.inputs.length),
      snapshot: snapshotAfter(before?.snapshot, world.snapshot()),
      links: shared(before?.links, links),
      deliverable: new Set(world.deliverable().map(({ number }) => number)),
      events: input === undefined ? [] : world.trace.slice(this.#events),
      sent: input === undefined ? [] : world.flights.slice(sent),
      arrived: numbers(ended, 'delivered'),
      lost: numbers(ended, 'lost'),
    });
    this.#events = world.trace.length;
  }
}

function numbers(flights: readonly Flight[], state: Flight['state']): number[] {
  return flights.filter((flight) => flight.state === state).map(({ number }) => number);
}

/** The states of all packets after a number of inputs, read from what has become of them since. */
class States implements ReadonlyMap<number, Flight['state']> {
  readonly size: number;
  readonly #flights: readonly Flight[];
  readonly #earlier: number;
  readonly #inputs: number;

  /** To be made when that many inputs have been done. */
  constructor(flights: readonly Flight[], earlier: number, inputs: number) {
    this.size = flights.length - earlier;
    this.#flights = flights;
    this.#earlier = earlier;
    this.#inputs = inputs;
  }

  get(number: number): Flight['state'] | undefined {
    if (!this.has(number)) return undefined;
    const { state, endedAfter, heldAfter } = this.#flights[number - 1] as Flight;
    if (endedAfter !== undefined && endedAfter < this.#inputs) return state;
    const turns = heldAfter?.filter((input) => input < this.#inputs).length ?? 0;
    return turns % 2 === 1 ? 'held' : 'in flight';
  }

  has(number: number): boolean {
    return number > this.#earlier && number <= this.#earlier + this.size;
  }

  *keys(): MapIterator<number> {
    for (let number = this.#earlier + 1; this.has(number); number++) yield number;
  }

  *values(): MapIterator<Flight['state']> {
    for (const [, state] of this) yield state;
  }

  *entries(): MapIterator<[number, Flight['state']]> {
    for (const number of this.keys()) yield [number, this.get(number) as Flight['state']];
  }

  [Symbol.iterator](): MapIterator<[number, Flight['state']]> {
    return this.entries();
  }

  forEach(
    call: (state: Flight['state'], number: number, map: ReadonlyMap<number, Flight['state']>) => void,
  ): void {
    for (const [number, state] of this) call(state, number, this);
  }
}

/** A snapshot in which all that is as it was before is what was there before. */
function snapshotAfter(before: WorldSnapshot | undefined, now: WorldSnapshot): WorldSnapshot {
  if (before === undefined) return now;
  const clients = Object.entries(now.clients).map(
    ([name, client]) => [name, clientAfter(before.clients[name], client)] as const,
  );
  const isSame =
    clients.length === Object.keys(before.clients).length &&
    clients.every(([name, client]) => client === before.clients[name]);
  const broker = shared(before.broker, now.broker);
  return isSame && broker === before.broker ? before : { broker, clients: Object.fromEntries(clients) };
}

type Client = WorldSnapshot['clients'][string];

/** What an application was given is not compared: it grows, and never changes otherwise. */
function clientAfter(before: Client | undefined, now: Client): Client {
  if (before === undefined) return now;
  const { clientId, connected, receivedCount } = now;
  const parts: ClientSnapshot & { receivedCount: number } = {
    clientId,
    connected,
    outbound: shared(before.outbound, now.outbound),
    inbound: shared(before.inbound, now.inbound),
    queued: shared(before.queued, now.queued),
    receivedCount,
  };
  if (Object.entries(parts).every(([key, part]) => before[key as keyof typeof parts] === part)) return before;
  return {
    ...parts,
    get received() {
      return now.received;
    },
  };
}

/** What is now, made of parts of what was where they are the same; plain data, and bytes that are told apart by which they are. */
function shared<Value>(before: Value | undefined, now: Value): Value {
  if (!isComposite(before) || !isComposite(now) || Array.isArray(before) !== Array.isArray(now)) return now;
  const keys = Object.keys(now);
  const parts: Record<string, unknown> = {};
  let isSame = keys.length === Object.keys(before).length;
  for (const key of keys) {
    const part = shared(before[key], now[key]);
    isSame &&= part === before[key];
    parts[key] = part;
  }
  if (isSame) return before;
  return (Array.isArray(now) ? Object.values(parts) : parts) as Value;
}

function isComposite(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}
