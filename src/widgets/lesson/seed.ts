// The seed of an exercise in the address of the page, behind `?exercise=` or the name of a second one. Knows the browser's address, and nothing of the
// exercise.
import { useEffect, useState } from 'preact/hooks';
import { type Seed, seedOf, toSeed } from '../../lessons/chance.ts';

const FIRST: Seed = '0001';

/**
 * The seed that the address names, or the first one where it names none; and a function that takes a new one, which it writes
 * into the address. The server does not see the address, and draws the exercise of the first.
 * @param parameter what the address calls it: two exercises of a page have a name each
 */
export function useSeed(parameter = 'exercise'): [seed: Seed, renew: () => void] {
  const [seed, setSeed] = useState(FIRST);
  useEffect(() => setSeed(seedOf(new URLSearchParams(location.search).get(parameter)) ?? FIRST), [parameter]);
  const renew = (): void => {
    const next = toSeed(Math.random());
    const address = new URL(location.href);
    address.searchParams.set(parameter, next);
    history.replaceState(history.state, '', address);
    setSeed(next);
  };
  return [seed, renew];
}
