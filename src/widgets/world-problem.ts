// What is wrong with a link to a world, in a sentence.
import type { Dictionary } from '../i18n/index.ts';
import { fill } from '../i18n/phrase.ts';
import type { Problem } from '../lessons/world-link.ts';
import { refusalText } from './refusal.ts';

type Words = Pick<Dictionary, 'worldLink' | 'refusals'>;

/** Says what is wrong and where; places in lists are counted from 1. */
export function problemText({ problem, place }: Problem, words: Words): string {
  const { problems, at } = words.worldLink;
  const what = fill(problems[problem.key], valuesOf(problem, words));
  if (place.length === 0) return what;
  const where = place.map((part) => (typeof part === 'number' ? part + 1 : part)).join(', ');
  return fill(at, { problem: what, where });
}

function valuesOf(problem: Problem['problem'], { refusals }: Words): Record<string, string | number> {
  if (problem.key === 'impossible') return { why: refusalText(problem.refusal, refusals) };
  return 'values' in problem ? problem.values : {};
}
