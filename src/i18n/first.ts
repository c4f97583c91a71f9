/** Which pages hold the shared words already. It counts per page, so that builds repeat exactly. */
const pages = new WeakSet<object>();

/** Whether this is the first time that it is asked on a page. In: any object that stands for the page. */
export function isFirstOn(page: object): boolean {
  const isFirst = !pages.has(page);
  pages.add(page);
  return isFirst;
}
