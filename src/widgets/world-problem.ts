// What is wrong with a link to a world, in a sentence.
import type { Dictionary } from '../i18n/index.ts';
import { fill } from '../i18n/phrase.ts';
import type { Problem } from '../lessons/world-link.ts';

/** Says what is wrong and where; places in lists are counted from 1. */
export function problemText({ problem, place }: Problem, words: Dictionary['worldLink']): string {
  const what = fill(words.problems[problem.key], 'values' in problem ? problem.values : {});
  if (place.length === 0) return what;
  const where = place.map((part) => (typeof part === 'number' ? part + 1 : part)).join(', ');
  return fill(words.at, { problem: what, where });
}
