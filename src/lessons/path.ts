/**
 * The path through the lessons: their order, numbers, parts and addresses. It knows nothing of their titles (those
 * are words, in `src/i18n`) nor of which of them are written (that is for the content folder to say).
 */

/** The lessons by part, in the order of the path. The addresses are for ever. */
const parts = [
  { part: 'idea', slugs: ['publish-subscribe', 'topics', 'network-stack'] },
  { part: 'bytes', slugs: ['fixed-header', 'remaining-length', 'publish-packet', 'wireshark'] },
  { part: 'delivery', slugs: ['qos', 'sessions', 'retained', 'will'] },
  { part: 'security', slugs: ['password', 'certificates', 'tls', 'all-together'] },
  { part: 'outside', slugs: ['real-clients', 'mqtt-5'] },
] as const;

/** A part of the path, by the key of its name. */
export type Part = (typeof parts)[number]['part'];

/** A lesson's own part of its address: `/lessons/<slug>/`. */
export type Slug = (typeof parts)[number]['slugs'][number];

/** One step of the path. */
export interface Step {
  readonly number: number;
  readonly slug: Slug;
  readonly part: Part;
}

/** All steps of the path, numbered from 1. */
export const path: readonly Step[] = parts
  .flatMap(({ part, slugs }) => slugs.map((slug) => ({ slug, part })))
  .map((step, index) => ({ number: index + 1, ...step }));

/** The lesson's number as it is drawn, like a byte of two digits: `08`. */
export function digits(number: number): string {
  return String(number).padStart(2, '0');
}
