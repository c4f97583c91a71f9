/** Names for elements that must be told apart within one page. It counts per page, so that builds repeat exactly. */

const counts = new WeakMap<object, number>();

/** A name that no other element of the page has. In: any object that stands for the page, and what to begin with. */
export function uniqueId(page: object, stem: string): string {
  const count = (counts.get(page) ?? 0) + 1;
  counts.set(page, count);
  return `${stem}-${count}`;
}
