// The packets that the address of the page carries. Knows the browser's address; opens nothing itself.
import { useEffect } from 'preact/hooks';
import type { Version } from '#broker/codec/index.ts';
import { framesIn } from '#broker/codec/sequence.ts';
import { fromAddress } from './link.ts';

/** Packets to open, and at which of them. */
export interface Carried {
  frames: Uint8Array[];
  version: Version;
  open: number;
}

/** Reads what the address carries, now and whenever it changes. */
export function useAddress(isMeant: boolean, onRead: (carried: Carried | 'damaged') => void): void {
  useEffect(() => {
    if (!isMeant) return;
    const read = async (): Promise<void> => {
      const linked = await fromAddress(location.hash);
      if (linked === undefined) return;
      if (linked === 'damaged') return onRead(linked);
      const { version, bytes, open } = linked;
      onRead({ frames: framesIn(bytes), version, open });
    };
    void read();
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);
}
