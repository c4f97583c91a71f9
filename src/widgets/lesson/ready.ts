// Whether a widget runs: it does not while the server draws it, nor where there is no JavaScript.
import { useEffect, useState } from 'preact/hooks';

/** False at first, and as long as nothing would answer; then true. */
export function useReady(): boolean {
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  return isReady;
}
