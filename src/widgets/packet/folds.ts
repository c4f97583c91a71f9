// Which lines of a long list are shown, and which are folded away. Knows numbers of lines only.

/** A line that is shown, or lines that are not: the first of them and the first after them. */
export type Fold = number | { from: number; to: number };

/** Gaps of no more than this many lines are not worth a fold. */
const LEAST = 2;

/**
 * Folds a list of `total` lines.
 * @param limit how many of the first lines are shown
 * @param kept lines that are shown in any case
 */
export function foldLines(total: number, limit: number, kept: readonly number[]): Fold[] {
  const isShown = (line: number) => line < limit || kept.includes(line);
  const folds: Fold[] = [];
  for (let line = 0; line < total; ) {
    if (isShown(line)) {
      folds.push(line++);
      continue;
    }
    const next = Math.min(total, ...kept.filter((each) => each > line));
    if (next - line <= LEAST) for (; line < next; line++) folds.push(line);
    else {
      folds.push({ from: line, to: next });
      line = next;
    }
  }
  return folds;
}
