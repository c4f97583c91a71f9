import { expect, test } from 'vitest';
import { chance } from '#broker/sim/chance.ts';

const numbers = Array.from({ length: 10_000 }, (_, number) => number);

test('chance is the same for the same seed, purpose and number, and another for any other', () => {
  expect(chance(1, 'jitter', 5)).toBe(chance(1, 'jitter', 5));
  const others = [
    chance(1, 'jitter', 5),
    chance(2, 'jitter', 5),
    chance(1, 'breaks', 5),
    chance(1, 'jitter', 6),
  ];
  expect(new Set(others).size).toBe(4);
});

test('chance spreads evenly from 0 to 1, for any seed', () => {
  for (const seed of [0, 1, 2, 0xffff_ffff]) {
    const tenths = new Array(10).fill(0);
    for (const number of numbers) {
      const tenth = Math.floor(10 * chance(seed, 'breaks', number));
      tenths[tenth]++;
    }
    expect(tenths).toHaveLength(10);
    for (const count of tenths) expect(Math.abs(count - 1000), `seed ${seed}: ${tenths}`).toBeLessThan(150);
  }
});
