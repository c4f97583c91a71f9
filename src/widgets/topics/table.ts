// The matcher's table as plain values, changed by making new ones; and as a text for the fragment of an address, and back.
import type { Table } from '../../lessons/topics.ts';

/** More than anybody types into this table; a link with more was not made by it. */
export const LIMITS = { filters: 6, topics: 12, length: 200 } as const;

export type Side = 'filters' | 'topics';

/** Writes one filter or topic name anew. */
export function withText(table: Table, side: Side, index: number, text: string): Table {
  return { ...table, [side]: table[side].with(index, text) };
}

/** Adds an empty one at the end. */
export function withMore(table: Table, side: Side): Table {
  return table[side].length < LIMITS[side] ? { ...table, [side]: [...table[side], ''] } : table;
}

/** Takes one away; the last one stays. */
export function without(table: Table, side: Side, index: number): Table {
  if (table[side].length === 1) return table;
  return pick({ ...table, [side]: table[side].toSpliced(index, 1) }, ...table.picked);
}

/** Looks at a pair, or at the nearest one that there is. */
export function pick(table: Table, filter: number, topic: number): Table {
  return {
    ...table,
    picked: [within(filter, table.filters.length), within(topic, table.topics.length)],
  };
}

function within(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}

const NAME = 'matcher';

/** Writes a table down, without the `#`: `matcher=filter,filter;topic,topic;0.1`. */
export function toFragment({ filters, topics, picked }: Table): string {
  const list = (texts: readonly string[]) => texts.map(written).join(',');
  return `${NAME}=${list(filters)};${list(topics)};${picked.join('.')}`;
}

/** Reads a fragment: nothing if it is not about this table, `broken` if it is and cannot be read. */
export function fromFragment(fragment: string): Table | 'broken' | undefined {
  const text = fragment.replace(/^#/, '');
  if (!text.startsWith(`${NAME}=`)) return undefined;
  const parts = text.slice(NAME.length + 1).split(';');
  const [filters, topics] = [read(parts[0], 'filters'), read(parts[1], 'topics')];
  const picked = /^(\d{1,2})\.(\d{1,2})$/.exec(parts[2] ?? '');
  if (!filters || !topics || !picked) return 'broken';
  return pick({ filters, topics, picked: [0, 0] }, Number(picked[1]), Number(picked[2]));
}

function read(list: string | undefined, side: Side): string[] | undefined {
  try {
    const texts = list?.split(',').map(decodeURIComponent);
    const fits =
      texts && texts.length <= LIMITS[side] && texts.every(({ length }) => length <= LIMITS.length);
    return fits ? texts : undefined;
  } catch {
    return undefined;
  }
}

/** A slash may stand in a fragment as it is. */
function written(text: string): string {
  return encodeURIComponent(text).replaceAll('%2F', '/');
}
