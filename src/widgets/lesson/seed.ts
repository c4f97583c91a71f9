// The seed of an exercise in the address of the page, behind `?exercise=`. Knows the browser's address, and nothing of the
// exercise.
import { useEffect, useState } from 'preact/hooks';
import { type Seed, seedOf, toSeed } from '../../lessons/chance.ts';

const PARAMETER = 'exercise';

/**
 * The seed that the address names, or `first` where it names none; and a function that takes a new one, which it writes
 * into the address. The server does not see the address, and draws the exercise of `first`.
 */
export function useSeed(first: Seed = '0001'): [seed: Seed, renew: () => void] {
  const [seed, setSeed] = useState(first);
  useEffect(() => setSeed(seedOf(new URLSearchParams(location.search).get(PARAMETER)) ?? first), [first]);
  const renew = (): void => {
    const next = toSeed(Math.random());
    const address = new URL(location.href);
    address.searchParams.set(PARAMETER, next);
    history.replaceState(history.state, '', address);
    setSeed(next);
  };
  return [seed, renew];
}
