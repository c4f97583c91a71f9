// Why a topic filter does not match a topic name, level by level. Knows the two texts; knows no subscriber and no words.
import { type PartingKind, partingOf } from '../../lessons/matching.ts';

/** Where a filter and a topic name part. */
export interface Verdict {
  kind: 'matches' | PartingKind;
  /** The level at which they part, counted from 1; 0 where they do not. */
  level: number;
  /** The filter in three pieces; the middle one is the level that fails, empty where the filter has none. */
  pieces: readonly [before: string, level: string, after: string];
}

/** Compares a topic filter with a topic name. */
export function verdict(topicFilter: string, topic: string): Verdict {
  const parting = partingOf(topicFilter, topic);
  if (!parting) return { kind: 'matches', level: 0, pieces: [topicFilter, '', ''] };
  const { kind, level: index } = parting;
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
  return { kind, level: index + 1, pieces };
}
