// Where a row stands among the lifelines, as classes and values for its style. Knows columns, and nothing of what is in a row.

/** How many clients a figure holds: with more lifelines it cannot be read. */
export const MOST_CLIENTS = 8;

interface Reach {
  readonly from: number;
  readonly to: number;
}

/** The columns that a wire runs between, the left one first. */
export function wire({ from, to }: Reach) {
  return { '--a': Math.min(from, to), '--b': Math.max(from, to) };
}

/** Marks what happens to the right of the broker. */
export function handOf({ from, to }: Reach, middle: number): string {
  return Math.max(from, to) > middle ? 'right-hand' : '';
}
