// What changed from some bytes to others, as few bytes as can be. Knows no packet.

/** Bytes that went, and those that came in their place; either may be none. */
export interface Hunk {
  /** Where it is in the old bytes. */
  at: number;
  gone: number[];
  come: number[];
}

/** Above this many pairs of bytes to compare, what lies between the first and the last change counts as changed. */
const MAX_PAIRS = 1_000_000;

/** The shortest list of changes between two packets, in the order of their bytes. */
export function difference(old: Uint8Array, now: Uint8Array): Hunk[] {
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  const [gone, come] = [old.subarray(head, old.length - tail), now.subarray(head, now.length - tail)];
  if (gone.length === 0 && come.length === 0) return [];
  if (gone.length * come.length > MAX_PAIRS) return [{ at: head, gone: [...gone], come: [...come] }];
  return hunks(gone, come, head);
}

function hunks(old: Uint8Array, now: Uint8Array, base: number): Hunk[] {
  const common = commonLengths(old, now);
  const found: Hunk[] = [];
  let [a, b] = [0, 0];
  let open: Hunk | undefined;
  while (a < old.length || b < now.length) {
    if (
      a < old.length &&
      b < now.length &&
      old[a] === now[b] &&
      at(common, a, b) === at(common, a + 1, b + 1) + 1
    ) {
      open = undefined;
      a++;
      b++;
      continue;
    }
    if (open === undefined) {
      open = { at: base + a, gone: [], come: [] };
      found.push(open);
    }
    if (a < old.length && (b === now.length || at(common, a + 1, b) >= at(common, a, b + 1)))
      open.gone.push(old[a++] as number);
    else open.come.push(now[b++] as number);
  }
  return found;
}

/** How many bytes the rest of the one has in common with the rest of the other, for every pair of beginnings. */
function commonLengths(old: Uint8Array, now: Uint8Array): Uint32Array[] {
  const rows = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let a = old.length - 1; a >= 0; a--) {
    const row = rows[a] as Uint32Array;
    for (let b = now.length - 1; b >= 0; b--)
      row[b] =
        old[a] === now[b] ? at(rows, a + 1, b + 1) + 1 : Math.max(at(rows, a + 1, b), at(rows, a, b + 1));
  }
  return rows;
}

function at(rows: readonly Uint32Array[], a: number, b: number): number {
  return rows[a]?.[b] ?? 0;
}
