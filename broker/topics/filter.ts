// Topic names and topic filters: when one matches the other, and where it fails if it does not. Knows levels and
// wildcards; knows no subscriber.
import { isShared } from '../codec/index.ts';

/**
 * Where a filter stops matching a topic name.
 * @returns the level, counted from 0, at which they part; undefined when the filter matches (3.1.1, section 4.7)
 */
export function mismatch(topicFilter: string, topic: string): number | undefined {
  const wanted = topicFilter.split('/');
  const levels = topic.split('/');
  if (startsWithWildcard(topicFilter) && topic.startsWith('$')) return 0; // [MQTT-4.7.2-1]
  for (const [index, level] of wanted.entries()) {
    if (level === '#') return undefined; // it also stands for the level above it: `sport/#` matches `sport`
    if (index >= levels.length) return index;
    if (level !== '+' && level !== levels[index]) return index;
  }
  return levels.length > wanted.length ? wanted.length : undefined;
}

/** Whether a filter matches a topic name. */
export function matches(topicFilter: string, topic: string): boolean {
  return mismatch(topicFilter, topic) === undefined;
}

export function hasWildcard(topicFilter: string): boolean {
  return topicFilter.includes('+') || topicFilter.includes('#');
}

function startsWithWildcard(topicFilter: string): boolean {
  return topicFilter.startsWith('+') || topicFilter.startsWith('#');
}

/** The share name and the filter proper of a shared subscription, or undefined for an ordinary one (5.0, section 4.8.2). */
export function parseShared(topicFilter: string): { share: string; topicFilter: string } | undefined {
  if (!isShared(topicFilter)) return undefined;
  const [, share = '', ...levels] = topicFilter.split('/');
  return { share, topicFilter: levels.join('/') };
}
