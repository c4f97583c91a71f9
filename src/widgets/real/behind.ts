// Whether there is a broker behind the page. A static site says that there is none; a page asks once, however many figures it
// has.
import { useEffect, useState } from 'preact/hooks';
import { BROKER_FILE } from '#broker/ports.ts';
import type { BrokerFile } from '../live/feed.ts';

/** The file that says where the broker tells what it does. */
export const BEHIND = import.meta.env.BASE_URL.replace(/\/$/, '') + BROKER_FILE;

export type Behind = 'asked' | 'there' | 'none';

let answer: Promise<Behind> | undefined;

function ask(): Promise<Behind> {
  answer ??= fetch(BEHIND)
    .then(async (response) => ((await response.json()) as BrokerFile).trace)
    .then(
      (trace): Behind => (trace === undefined ? 'none' : 'there'),
      (): Behind => 'none',
    );
  return answer;
}

export function useBehind(): Behind {
  const [behind, setBehind] = useState<Behind>('asked');
  useEffect(() => {
    let isOver = false;
    void ask().then((is) => isOver || setBehind(is));
    return () => {
      isOver = true;
    };
  }, []);
  return behind;
}
