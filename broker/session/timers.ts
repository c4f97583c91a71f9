// What is due, and when. Knows only the time that it is told; a host asks for `deadline`, and arms one timer of its own.

/** Something to do at a time. */
export interface Timer {
  /** Milliseconds on the host's clock. */
  readonly at: number;
  readonly run: () => void;
}

interface Scheduled extends Timer {
  readonly order: number;
  /** Where it stands in the heap; -1 once it has run or was cancelled. */
  place: number;
}

/** A binary heap of timers, the earliest first; those of one moment run in the order of their scheduling. */
export class Timers {
  readonly #heap: Scheduled[] = [];
  #scheduled = 0;

  /** The time of the earliest timer; Infinity when there is none. */
  get deadline(): number {
    return this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** How many timers are waited for. */
  get size(): number {
    return this.#heap.length;
  }

  schedule(at: number, run: () => void): Timer {
    const timer: Scheduled = { at, run, order: this.#scheduled++, place: this.#heap.length };
    this.#heap.push(timer);
    this.#rise(timer);
    return timer;
  }

  /** Takes a timer out; one that has run already is let be. */
  cancel(timer: Timer | undefined): void {
    const scheduled = timer as Scheduled | undefined;
    if (scheduled === undefined || scheduled.place < 0) return;
    const last = this.#heap.pop() as Scheduled;
    if (last !== scheduled) {
      this.#put(last, scheduled.place);
      this.#rise(last);
      this.#sink(last);
    }
    scheduled.place = -1;
  }

  /** Runs all that is due at `now`, in order, with what they schedule for that time or before. */
  advance(now: number): void {
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.cancel(first);
      first.run();
    }
  }

  #put(timer: Scheduled, place: number): void {
    this.#heap[place] = timer;
    timer.place = place;
  }

  #rise(timer: Scheduled): void {
    while (timer.place > 0) {
      const parent = this.#heap[(timer.place - 1) >> 1] as Scheduled;
      if (isBefore(parent, timer)) return;
      this.#swap(parent, timer);
    }
  }

  #sink(timer: Scheduled): void {
    for (;;) {
      const left = this.#heap[2 * timer.place + 1];
      if (left === undefined) return;
      const right = this.#heap[2 * timer.place + 2];
      const least = right !== undefined && isBefore(right, left) ? right : left;
      if (isBefore(timer, least)) return;
      this.#swap(timer, least);
    }
  }

  #swap(a: Scheduled, b: Scheduled): void {
    const { place } = a;
    this.#put(a, b.place);
    this.#put(b, place);
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  if (a.at === b.at) return a.order < b.order;
  return a.at < b.at;
}
