// What is lit on the page, for components. Knows when to draw again.
import { useEffect, useState } from 'preact/hooks';
import { lit, type Target } from './lit.ts';

/** What is lit now; a component that asks is drawn again when it changes. */
export function useLit(): Target | undefined {
  const [target, setTarget] = useState(lit.target);
  useEffect(() => {
    const update = () => setTarget(lit.target);
    update();
    return lit.watch(update);
  }, []);
  return target;
}
