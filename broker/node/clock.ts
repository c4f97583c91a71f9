// The time that a host tells its party. Knows how to say what time it is and how to wait; knows nothing that happens then.

/** What a host reads the time from and is woken by. Tests bring one of their own. */
export interface Clock {
  /** Milliseconds. Never goes back. */
  now(): number;
  /** Calls `ring` once, at `at` or soon after it. Returns what calls it off. */
  wake(at: number, ring: () => void): () => void;
}

/** A timer takes no longer wait than this, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;

/** The machine's own clock: milliseconds since 1970, but steady, so that setting the time of day disturbs no keep alive. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  wake(at, ring) {
    const wait = Math.ceil(at - systemClock.now());
    const timer = setTimeout(ring, Math.min(Math.max(wait, 0), LONGEST_WAIT));
    return () => clearTimeout(timer);
  },
};
