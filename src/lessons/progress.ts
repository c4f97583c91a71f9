/**
 * What this browser remembers of a reader's way: which lessons are begun, which are done. It knows one key of
 * `localStorage` and the addresses of lessons, and nothing of how progress is shown. Where storage is refused or
 * damaged, nothing is remembered and nothing fails.
 */
import { path, type Slug } from './path.ts';

/** How far a lesson has come: something was tried in it, or its goal was met. */
export type Stage = 'begun' | 'met';

/** The lessons that have been begun, and how far each has come. */
export type Progress = Partial<Record<Slug, Stage>>;

const key = 'glass-broker.progress';
const changed = 'glass-broker:progress';

/** What is remembered now. */
export function progress(): Progress {
  const stored = read();
  const known = path.flatMap(({ slug }) => {
    const stage = stored[slug];
    return stage === 'begun' || stage === 'met' ? [[slug, stage] as const] : [];
  });
  return Object.fromEntries(known);
}

/** Remembers that something was tried in a lesson. A lesson that is done stays done. */
export function begin(slug: Slug): void {
  if (!progress()[slug]) write({ ...progress(), [slug]: 'begun' });
}

/** Remembers that a lesson's goal was met. */
export function meet(slug: Slug): void {
  if (progress()[slug] !== 'met') write({ ...progress(), [slug]: 'met' });
}

/** Forgets everything. */
export function clear(): void {
  write({});
}

/**
 * Calls `show` now, and again whenever progress changes, in this page or in another one.
 * Out: a function that ends this.
 */
export function watch(show: (now: Progress) => void): () => void {
  const update = (): void => show(progress());
  const stored = (event: StorageEvent): void => {
    if (event.key === key || event.key === null) update();
  };
  addEventListener(changed, update);
  addEventListener('storage', stored);
  update();
  return () => {
    removeEventListener(changed, update);
    removeEventListener('storage', stored);
  };
}

function read(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function write(next: Progress): void {
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // Storage may be full or forbidden; the page works without it.
  }
  dispatchEvent(new Event(changed));
}
