// Which rows of a long diagram are near enough to be seen to be worth having in the page. Pure arithmetic on heights.
interface Placed {
  readonly key: string;
  readonly top: number;
  readonly height: number;
}

/** A stretch of heights. */
export interface View {
  readonly top: number;
  readonly height: number;
}

/** Fewer rows than this are all in the page. */
export const FEW = 120;
/** So far beyond what is seen rows are in the page, in CSS pixels. */
const BEYOND = 500;

/**
 * The places of the rows that are to be in the page, in their order; undefined for all.
 * @param kept the key of a row that is to be there wherever it is, because it has the focus
 */
export function rowsNear(rows: readonly Placed[], view: View, kept?: string): number[] | undefined {
  if (rows.length <= FEW) return undefined;
  const from = firstBelow(rows, view.top - BEYOND);
  const to = firstBelow(rows, view.top + view.height + BEYOND);
  const near = Array.from({ length: Math.min(to + 1, rows.length) - from }, (_, index) => from + index);
  const own = kept === undefined ? -1 : rows.findIndex(({ key }) => key === kept);
  if (own < 0 || (own >= from && own <= to)) return near;
  return own < from ? [own, ...near] : [...near, own];
}

/** The first row that ends below a height. */
function firstBelow(rows: readonly Placed[], height: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && row.top + row.height <= height) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where to scroll to, so that a stretch is in view: no further than it takes. Its end counts more than its beginning. */
export function scrollFor(stretch: View, view: View, room: number): number {
  const bottom = stretch.top + stretch.height + room;
  if (bottom > view.top + view.height) return bottom - view.height;
  return Math.min(view.top, Math.max(stretch.top - room, 0));
}

/** Whether a stretch is in view, as far as it fits. */
export function isInView(stretch: View, view: View): boolean {
  return (
    stretch.top + stretch.height <= view.top + view.height && stretch.top + stretch.height / 2 >= view.top
  );
}
