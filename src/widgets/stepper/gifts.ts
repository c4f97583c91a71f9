// What an application was given up to a moment, as far as it is worth showing: of many messages the latest, and those that the
// last step touched. It counts only what it shows.
import type { Change, Item, Remembered } from './memory.ts';
import type { Gift, Reading } from './reading.ts';

export interface Given {
  readonly shown: readonly Change[];
  /** How many others there are before them. */
  readonly earlier: number;
}

/** In: how many messages at most that the last step did nothing to. */
export function givenTo(reading: Reading, client: string, at: number, most: number): Given {
  const gifts = reading.giftsOf(client);
  const touched = new Set(at === 0 ? [] : reading.giftsAt(at, client));
  const shown: Gift[] = [];
  const count = countUntil(gifts, at, ({ steps }) => steps[0] as number);
  let place = count;
  for (let same = 0; place > 0 && same < most; ) {
    const gift = gifts[--place] as Gift;
    shown.unshift(gift);
    if (!touched.delete(gift)) same++;
  }
  const all = [...touched].sort((one, other) => (one.steps[0] as number) - (other.steps[0] as number));
  all.push(...shown);
  return { shown: all.map((gift) => changeOf(gift, client, at)), earlier: count - all.length };
}

function changeOf({ key, topic, payload, steps }: Gift, party: string, at: number): Change {
  const told = (times: number): Item => ({ kind: 'given', topic, payload, times });
  const times = countUntil(steps, at, (step) => step);
  const before = countUntil(steps, at - 1, (step) => step);
  const now: Remembered = { key, party, item: told(times) };
  if (at === 0 || times === before) return { ...now, change: 'same' };
  return before === 0 ? { ...now, change: 'new' } : { ...now, change: 'changed', was: told(before) };
}

/** How many of those that come one after the other have come by a step. */
function countUntil<Each>(all: readonly Each[], at: number, stepOf: (each: Each) => number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stepOf(all[middle] as Each) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
