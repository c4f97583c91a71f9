// Why a topic filter does not match a topic name, level by level. Knows the two texts; knows no subscriber and no words.
import { mismatch } from '#broker/index.ts';

/** Where a filter and a topic name part. */
export interface Verdict {
  /** `wildcard`: one at the start does not match a topic that begins with `$`. */
  kind: 'matches' | 'differs' | 'topic ends' | 'filter ends' | 'wildcard';
  /** The level at which they part, counted from 1; 0 where they do not. */
  level: number;
  /** The filter in three pieces; the middle one is the level that fails, empty where the filter has none. */
  pieces: readonly [before: string, level: string, after: string];
}

/** Compares a topic filter with a topic name. */
export function verdict(topicFilter: string, topic: string): Verdict {
  const index = mismatch(topicFilter, topic);
  if (index === undefined) return { kind: 'matches', level: 0, pieces: [topicFilter, '', ''] };
  const wanted = topicFilter.split('/');
  const pieces = [
    wanted
      .slice(0, index)
      .map((level) => `${level}/`)
      .join(''),
    wanted[index] ?? '',
    wanted
      .slice(index + 1)
      .map((level) => `/${level}`)
      .join(''),
  ] as const;
  return { kind: kindOf(wanted[index], topic.split('/')[index]), level: index + 1, pieces };
}

function kindOf(wanted: string | undefined, level: string | undefined): Verdict['kind'] {
  if (wanted === undefined) return 'filter ends';
  if (level === undefined) return 'topic ends';
  return wanted === '+' || wanted === '#' ? 'wildcard' : 'differs';
}
