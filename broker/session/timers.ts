// What is due, and when. Knows only the time that it is told; a host asks for `deadline`, and arms one timer of its own.

/** Something to do at a time. */
export interface Timer {
  /** Milliseconds on the host's clock. */
  readonly at: number;
  readonly run: () => void;
}

/** A binary heap of timers, the earliest first; those of one moment run in the order of their scheduling. */
export class Timers {
  private readonly heap: (Timer & { order: number })[] = [];
  private readonly cancelled = new WeakSet<Timer>();
  private scheduled = 0;

  /** The time of the earliest timer; Infinity when there is none. */
  get deadline(): number {
    return this.heap[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  schedule(at: number, run: () => void): Timer {
    const timer = { at, run, order: this.scheduled++ };
    this.heap.push(timer);
    this.rise(this.heap.length - 1);
    return timer;
  }

  cancel(timer: Timer | undefined): void {
    if (timer === undefined) return;
    this.cancelled.add(timer);
    this.dropCancelled();
  }

  /** Runs all that is due at `now`, in order, with what they schedule for that time or before. */
  advance(now: number): void {
    while (this.deadline <= now) {
      const timer = this.pop() as Timer;
      if (!this.cancelled.has(timer)) timer.run();
      this.dropCancelled();
    }
  }

  /** A cancelled timer at the head would make the host wake for nothing. */
  private dropCancelled(): void {
    while (this.heap[0] !== undefined && this.cancelled.has(this.heap[0])) this.pop();
  }

  private pop(): Timer | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (last !== undefined && last !== first) {
      this.heap[0] = last;
      this.sink();
    }
    return first;
  }

  private rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (this.isBefore(parent, index)) return;
      this.swap(parent, index);
      index = parent;
    }
  }

  private sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= this.heap.length) return;
      const right = left + 1;
      const least = right < this.heap.length && this.isBefore(right, left) ? right : left;
      if (this.isBefore(index, least)) return;
      this.swap(index, least);
      index = least;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const [x, y] = [this.heap[a], this.heap[b]] as [(typeof this.heap)[0], (typeof this.heap)[0]];
    return x.at < y.at || (x.at === y.at && x.order < y.order);
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b], this.heap[a]] as [(typeof this.heap)[0], (typeof this.heap)[0]];
  }
}
