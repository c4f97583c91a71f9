// Chance that can be repeated: the same seed gives the same numbers, so that an exercise can be linked to. Knows nothing
// of what the numbers are used for.

/** A seed as it is shown and written into addresses: four hexadecimal digits. */
export type Seed = string;

const SEED = /^[0-9A-F]{4}$/;

/** Reads a seed; undefined where the text is none. */
export function seedOf(text: string | null | undefined): Seed | undefined {
  const seed = text?.toUpperCase();
  return seed !== undefined && SEED.test(seed) ? seed : undefined;
}

/** Writes a number from 0 to 1 (excluded) as a seed. */
export function toSeed(fraction: number): Seed {
  return Math.floor(fraction * 0x1_0000)
    .toString(16)
    .toUpperCase()
    .padStart(4, '0');
}

/**
 * A source of numbers from 0 to 1 (excluded), decided by the seed alone.
 * Source: mulberry32 by Tommy Ettinger, in the public domain.
 */
export function random(seed: Seed): () => number {
  let state = Math.imul(Number.parseInt(seed, 16) + 1, 0x9e37_79b1);
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of several, by chance. */
export function pick<Item>(next: () => number, items: readonly [Item, ...Item[]]): Item {
  return items[Math.floor(next() * items.length)] ?? items[0];
}

/** The items in an order by chance. */
export function shuffle<Item>(next: () => number, items: readonly Item[]): Item[] {
  const rest = [...items];
  const shuffled: Item[] = [];
  while (rest.length > 0) shuffled.push(...rest.splice(Math.floor(next() * rest.length), 1));
  return shuffled;
}
