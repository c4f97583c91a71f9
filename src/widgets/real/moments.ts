// What has happened at a real broker, step by step, so that the past can be looked at: it cannot be done again. Writes down
// what it is told, with the packets that a step sent; it moves none, and knows no client and no broker.
import {
  type Flight,
  ImpossibleInput,
  type Input,
  type Moment,
  refusalOf,
  type TraceEvent,
} from '#broker/index.ts';
import { BROKER } from '#broker/sim/setup.ts';
import type { Timeline } from '../stepper/timeline.ts';
import { type LiveFlight, States } from './flights.ts';

/** How many steps are written down. */
export const MOST_STEPS = 2000;

/** How things stand now. */
export interface Present {
  /** Milliseconds since the figure began. */
  now(): number;
  links(): Moment['links'];
  deliverable(): Moment['deliverable'];
  /** What the clients remember. In: what they did the step before, so that what is the same stays the same object. */
  snapshot(before: Moment['snapshot'] | undefined): Moment['snapshot'];
}

/** What a packet is launched with. */
export interface Launch {
  /** The client at the one end; the broker is at the other. */
  readonly client: string;
  readonly way: 'up' | 'down';
  readonly frame: Uint8Array;
  readonly version: Flight['version'];
  readonly connection: number;
}

interface Step {
  readonly sent: Flight[];
  readonly arrived: number[];
  readonly lost: number[];
  readonly events: TraceEvent[];
}

export class Moments {
  readonly #present: Present;
  readonly #flights: LiveFlight[] = [];
  readonly #inputs: Input[] = [];
  readonly #moments: Moment[] = [];
  /** What the step that is under way has done. */
  #step: Step | undefined;
  #calls: (() => void)[] = [];
  /** Until something changes. */
  #line: Timeline | undefined;

  constructor(present: Present) {
    this.#present = present;
  }

  /** Begins, with how things stand at first. */
  begin(): void {
    this.#record(undefined, newStep());
  }

  /** All that has happened, as a new object after each change. What can be done now is said of the last moment alone. */
  get line(): Timeline {
    this.#line ??= {
      tells: 'session',
      inputs: [...this.#inputs],
      moments: [...this.#moments],
      flights: [...this.#flights],
    };
    return this.#line;
  }

  get flights(): readonly LiveFlight[] {
    return this.#flights;
  }

  get inputs(): readonly Input[] {
    return this.#inputs;
  }

  /** The number of the last step. */
  get last(): number {
    return this.#moments.length - 1;
  }

  /** The number of the step that is under way. */
  get underWay(): number {
    return this.#moments.length;
  }

  /** Nothing more is written down. */
  get isFull(): boolean {
    return this.#moments.length > MOST_STEPS;
  }

  /**
   * A step that the reader asked for.
   * @throws ImpossibleInput if the client cannot do it
   */
  input(input: Input, act: () => void): void {
    this.#record(input, this.#during(act));
  }

  /** Something that came from outside, and is a step of its own if it changed anything. */
  event(happens: () => void): void {
    const step = this.#during(happens);
    const isEmpty = Object.values(step).every((list) => list.length === 0);
    if (isEmpty) this.#refresh();
    else this.#record(undefined, step);
  }

  /** Calls something once what is under way is done, in the same step. */
  afterwards(call: () => void): void {
    this.#calls.push(call);
  }

  /** A packet sets out. */
  launch({ client, way, frame, version, connection }: Launch): LiveFlight {
    const flight: LiveFlight = {
      number: this.#flights.length + 1,
      from: way === 'up' ? client : BROKER,
      to: way === 'up' ? BROKER : client,
      client,
      connection,
      frame,
      version,
      state: 'in flight',
      sentAt: this.#present.now(),
      sentAfter: this.#inputs.length - 1,
      turns: [],
      isHeard: false,
    };
    this.#flights.push(flight);
    this.#step?.sent.push(flight);
    return flight;
  }

  /** Something becomes of a packet. */
  turn(flight: LiveFlight, state: Flight['state']): void {
    flight.state = state;
    flight.turns.push({ step: this.underWay, state });
    if (state === 'delivered') this.#step?.arrived.push(flight.number);
    if (state === 'lost') this.#step?.lost.push(flight.number);
  }

  /** A client tells something of itself. */
  note(event: TraceEvent): void {
    this.#step?.events.push(event);
  }

  /** Adds to a step what the broker told of it later. */
  rule(at: number, event: TraceEvent): void {
    const moment = this.#moments[at];
    if (!moment) return;
    this.#line = undefined;
    this.#moments[at] = { ...moment, events: [...moment.events, event] };
  }

  #during(act: () => void): Step {
    const step = newStep();
    this.#step = step;
    try {
      act();
      for (let call = this.#calls.shift(); call; call = this.#calls.shift()) call();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new ImpossibleInput(refusalOf(error));
    } finally {
      this.#step = undefined;
    }
    return step;
  }

  #record(input: Input | undefined, step: Step): void {
    this.#line = undefined;
    const last = this.#moments.at(-1);
    if (last) {
      this.#moments[this.#moments.length - 1] = { ...last, deliverable: new Set() };
      this.#inputs.push(input ?? NOTHING);
    }
    this.#moments.push({
      input,
      ...step,
      now: this.#present.now(),
      states: new States(this.#flights, this.#moments.length),
      snapshot: this.#present.snapshot(last?.snapshot),
      links: this.#present.links(),
      deliverable: this.#present.deliverable(),
    });
  }

  /** What can be done has changed, though nothing happened: a connection is open, for one. */
  #refresh(): void {
    this.#line = undefined;
    const last = this.#moments.at(-1);
    if (!last) return;
    const [links, deliverable] = [this.#present.links(), this.#present.deliverable()];
    this.#moments[this.#moments.length - 1] = { ...last, links, deliverable };
  }
}

/** Stands in the list of inputs where something came from outside. */
const NOTHING: Input = { do: 'wait', time: 0 };

function newStep(): Step {
  return { sent: [], arrived: [], lost: [], events: [] };
}
