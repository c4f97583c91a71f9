// The packets of a real broker's figure, each with what became of it and when. Knows steps by their numbers; who moves a
// packet, and why, is not its affair.
import type { Flight } from '#broker/index.ts';

/** A packet, and what became of it at which step. */
export interface LiveFlight extends Flight {
  readonly turns: { readonly step: number; readonly state: Flight['state'] }[];
  /** The broker has told of it. */
  isHeard: boolean;
}

/** Where the packets were at a step, read from what became of them. */
export class States extends Map<number, Flight['state']> {
  readonly #flights: readonly LiveFlight[];
  readonly #count: number;
  readonly #step: number;

  constructor(flights: readonly LiveFlight[], step: number) {
    super();
    this.#flights = flights;
    this.#count = flights.length;
    this.#step = step;
  }

  override get size(): number {
    return this.#count;
  }

  override has(number: number): boolean {
    return number > 0 && number <= this.size;
  }

  override get(number: number): Flight['state'] | undefined {
    const flight = this.#flights[number - 1];
    if (!flight || !this.has(number)) return undefined;
    return flight.turns.findLast(({ step }) => step <= this.#step)?.state ?? 'in flight';
  }
}
