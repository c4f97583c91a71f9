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
  return stagesIn(read());
}

/** The lessons of the path and their stages, as far as there are such in what was read. */
function stagesIn(stored: Record<string, unknown>): Progress {
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

/** What names a file of progress as one, and its form. */
const FILE = { site: 'glass-broker', form: 1 } as const;

/** What is remembered, as the text of a file for another browser. */
export function toFile(): string {
  return `${JSON.stringify({ ...FILE, lessons: progress() }, undefined, 2)}\n`;
}

/** What came of reading a file: how many of its lessons are known and how many are not, or why it could not be read. */
export type Reading =
  | { readonly is: 'read'; readonly known: number; readonly unknown: number }
  | { readonly is: 'not JSON' | 'not progress' | 'newer' };

/** Adds what a file remembers to what is remembered here: of two stages of a lesson the further one stays. */
export function fromFile(text: string): Reading {
  const file = parse(text);
  if (file === undefined) return { is: 'not JSON' };
  const { site, form, lessons } = recordOf(file);
  if (site !== FILE.site || typeof form !== 'number' || !isRecord(lessons)) return { is: 'not progress' };
  if (form > FILE.form) return { is: 'newer' };
  const read = stagesIn(lessons);
  const now = progress();
  const further = Object.entries(read).filter(([slug]) => now[slug as Slug] !== 'met');
  write({ ...now, ...Object.fromEntries(further) });
  const known = Object.keys(read).length;
  return { is: 'read', known, unknown: Object.keys(lessons).length - known };
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
    return recordOf(parse(localStorage.getItem(key) ?? '{}'));
  } catch {
    return {};
  }
}

/** The value that a text stands for; undefined where it is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function write(next: Progress): void {
  try {
    localStorage.setItem(key, JSON.stringify(next));
  } catch {
    // Storage may be full or forbidden; the page works without it.
  }
  dispatchEvent(new Event(changed));
}
