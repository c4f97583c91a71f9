// Chance that can be repeated: what happens is decided by the world's seed and by the number of what it happens to, so that
// a packet has the same fate whatever was done before it was sent.

/** What is left to chance. */
const WHAT = { jitter: 1, breaks: 2, clientId: 3 } as const;

/**
 * A number from 0 to 1 (excluded).
 * Source: the mixing steps of mulberry32 by Tommy Ettinger, in the public domain.
 */
export function chance(seed: number, what: keyof typeof WHAT, number: number): number {
  let mixed = mix(mix(seed) ^ WHAT[what]);
  mixed = mix(mixed ^ number);
  return (mixed >>> 0) / 2 ** 32;
}

function mix(value: number): number {
  let mixed = (value + 0x6d2b_79f5) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 1 | mixed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return mixed ^ (mixed >>> 14);
}
