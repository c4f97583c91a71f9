// Which rows of a long list are drawn: those in view, and some around them. Knows heights and places; no rows.

/** The height of a row, in CSS pixels. */
export const ROW_HEIGHT = 29;

/** Browsers refuse to make anything much higher. */
const HIGHEST = 8_000_000;

/** Rows beyond the view that are drawn in either direction. */
const MARGIN = 12;

export interface Window {
  /** The first row that is drawn, and the one behind the last. */
  from: number;
  to: number;
  /** Where the first of them stands, in pixels from the top of the list. */
  top: number;
  /** The height of the whole list. */
  height: number;
}

/** How high a list of so many rows is drawn: in a very long one, a pixel of scrolling goes further than a pixel. */
function heightOf(count: number): number {
  return Math.min(count * ROW_HEIGHT, HIGHEST);
}

/**
 * What of the list is drawn.
 * @param scrollTop how far it is scrolled, in pixels
 * @param view the height in view, in pixels
 */
export function windowOf(count: number, scrollTop: number, view: number): Window {
  const height = heightOf(count);
  const fits = Math.ceil(view / ROW_HEIGHT);
  const first = firstInView(count, scrollTop, view);
  const from = Math.max(0, Math.floor(first) - MARGIN);
  const to = Math.min(count, Math.ceil(first) + fits + MARGIN);
  return { from, to, top: scrollTop - (first - from) * ROW_HEIGHT, height };
}

function firstInView(count: number, scrollTop: number, view: number): number {
  const range = heightOf(count) - view;
  const rows = count - view / ROW_HEIGHT;
  if (range <= 0 || rows <= 0) return 0;
  return (Math.min(Math.max(scrollTop, 0), range) / range) * rows;
}

/** How far to scroll so that a row is in view: as it is where it is already. */
export function scrollTo(place: number, count: number, scrollTop: number, view: number): number {
  const first = firstInView(count, scrollTop, view);
  const fits = view / ROW_HEIGHT;
  if (place >= first && place + 1 <= first + fits) return scrollTop;
  const wanted = place < first ? place : place + 1 - fits;
  const rows = count - fits;
  return rows <= 0 ? 0 : (Math.min(Math.max(wanted, 0), rows) / rows) * (heightOf(count) - view);
}
