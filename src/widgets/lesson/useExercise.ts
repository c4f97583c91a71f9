// What an exercise remembers: the question that its seed asks, what the reader has given, and what looking at that has found. Knows when each
// of them is let go of; what is asked and what is right it is told.
import { useMemo, useState } from 'preact/hooks';
import type { Seed } from '../../lessons/chance.ts';
import { useSeed } from './seed.ts';

export interface Asked<Question, Given, Result> {
  readonly seed: Seed;
  readonly question: Question;
  readonly given: Given;
  /** What was found in it; nothing before it was looked at, or once something else is given. */
  readonly result: Result | undefined;
  /** Takes what the reader gives now. */
  give(next: Given | ((before: Given) => Given)): void;
  /** Tells what was found: in what the reader gave, or in the solution, which then takes its place. */
  show(result: Result, solution?: Given): void;
  /** Asks something new. */
  renew(): void;
}

/**
 * The exercise of the seed in the page's address; what was given and found goes with its question.
 * @param ask the question of a seed, the same function at every call
 * @param blank what is given before the reader gives anything
 * @param parameter what the address calls the seed, where a page has a second exercise
 */
export function useExercise<Question, Given, Result>(
  ask: (seed: Seed) => Question,
  blank: (question: Question) => Given,
  parameter?: string,
): Asked<Question, Given, Result> {
  const [seed, renew] = useSeed(parameter);
  const question = useMemo(() => ask(seed), [seed, ask]);
  const [kept, keep] = useState<{ question: Question; given: Given; result?: Result | undefined }>();
  const now = (before: typeof kept) =>
    before?.question === question ? before : { question, given: blank(question), result: undefined };
  const { given, result } = now(kept);
  return {
    seed,
    question,
    given,
    result,
    give: (next) =>
      keep((before) => ({ question, given: next instanceof Function ? next(now(before).given) : next })),
    show: (result, solution) =>
      keep((before) => ({ question, given: solution ?? now(before).given, result })),
    renew,
  };
}
