// Brokers are put through what nobody would think of. SEED=7 begins elsewhere, FUZZ_SECONDS=300 goes on for as long. What was found
// once is in found/, and is tried each time.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Dice } from '../dice.ts';
import { type Case, invent, play, shorten } from './play.ts';

const SEED = Number(process.env['SEED'] ?? 1);
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0);
const CASES = 300;
const STEPS = 120;
const FOUND = join(import.meta.dirname, 'found');

function failure(tried: Case): string | undefined {
  try {
    play(tried);
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function attempt(seed: number): void {
  const tried = invent(new Dice(seed), STEPS);
  if (failure(tried) === undefined) return;
  const short = shorten(tried, (shorter) => failure(shorter) !== undefined);
  expect.fail(`seed ${seed}: ${failure(short)}\nTo be kept in test/fuzz/found: ${JSON.stringify(short)}`);
}

describe('whatever comes, nothing breaks and nothing is left', () => {
  test(`in cases from seed ${SEED}`, { timeout: 60_000 + 2000 * SECONDS }, async () => {
    const end = performance.now() + 1000 * SECONDS;
    for (let seed = SEED; seed < SEED + CASES || performance.now() < end; seed++) {
      attempt(seed);
      if (seed % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  });

  test.for(readdirSync(FOUND).filter((name) => name.endsWith('.json')))('in the case of %s', (name) => {
    play(JSON.parse(readFileSync(join(FOUND, name), 'utf8')) as Case);
  });
});
