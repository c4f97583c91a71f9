// How a topic filter and a topic name compare, level by level, and what is wrong with one that was typed, at its character.
// Knows texts and the engine's own rules for them; knows no subscriber and no words.
import { type Fault, isShared, mismatch, type Version, validate } from '../../broker/index.ts';

/** `wildcard`: one at the start does not match a topic that begins with `$`. */
export type PartingKind = 'differs' | 'topic ends' | 'filter ends' | 'wildcard';

/** Where a filter and a topic name part: at which level, counted from 0, and how. */
export interface Parting {
  readonly kind: PartingKind;
  readonly level: number;
}

/** Where a filter and a topic name part; undefined where the filter matches. */
export function partingOf(topicFilter: string, topic: string): Parting | undefined {
  const level = mismatch(topicFilter, topic);
  return level === undefined
    ? undefined
    : { kind: kindOf(topicFilter.split('/')[level], topic.split('/')[level]), level };
}

function kindOf(wanted: string | undefined, found: string | undefined): PartingKind {
  if (wanted === undefined) return 'filter ends';
  if (found === undefined) return 'topic ends';
  return wanted === '+' || wanted === '#' ? 'wildcard' : 'differs';
}

/** How one level of a filter stands to that of a topic name. `unread`: they have parted before. */
export type Fit = 'same' | 'any' | 'rest' | 'unread' | PartingKind;

export interface Level {
  /** What the filter has there; undefined behind its end. */
  readonly wanted: string | undefined;
  /** What the topic name has there; all that follows where the filter has `#`; undefined behind its end. */
  readonly found: string | undefined;
  readonly fit: Fit;
}

export interface Comparison {
  readonly levels: readonly Level[];
  readonly parting: Parting | undefined;
}

/** Compares a filter that is well formed with a topic name. That of a shared subscription begins behind its share name. */
export function compare(topicFilter: string, topic: string): Comparison {
  const parting = partingOf(topicFilter, topic);
  const [wanted, found] = [topicFilter.split('/'), topic.split('/')];
  const count = wanted.at(-1) === '#' ? wanted.length : Math.max(wanted.length, found.length);
  const levels = Array.from({ length: count }, (_, index): Level => {
    const isRest = wanted[index] === '#';
    return {
      wanted: wanted[index],
      found: isRest && found.length > index ? found.slice(index).join('/') : found[index],
      fit: fitOf(wanted[index], index, parting),
    };
  });
  return { levels, parting };
}

function fitOf(wanted: string | undefined, index: number, parting: Parting | undefined): Fit {
  if (parting && index >= parting.level) return index === parting.level ? parting.kind : 'unread';
  if (wanted === '#') return 'rest';
  return wanted === '+' ? 'any' : 'same';
}

/** The filter proper of a shared subscription of 5.0, or the filter as it is. */
export function properOf(topicFilter: string): string {
  return isShared(topicFilter) ? topicFilter.split('/').slice(2).join('/') : topicFilter;
}

/** What is wrong with a text, and which of its characters show it: from `start` up to, not including, `end`. */
export interface Objection {
  readonly fault: Fault;
  readonly start: number;
  readonly end: number;
}

/** What forbids a SUBSCRIBE with this filter, if anything does. */
export function objectionToFilter(topicFilter: string, version: Version): Objection | undefined {
  const options = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  const subscriptions = [{ topicFilter, ...options }];
  const [fault] = validate({ type: 'subscribe', packetId: 1, subscriptions }, version);
  return fault && { fault, ...placeInFilter(fault, topicFilter) };
}

/** What forbids a PUBLISH to this topic, if anything does. */
export function objectionToTopic(topic: string, version: Version): Objection | undefined {
  const message = { payload: new Uint8Array(), qos: 0, retain: false, dup: false } as const;
  const [fault] = validate({ type: 'publish', topic, ...message }, version);
  return fault && { fault, ...placeOf(topic, topic.search(/[+#]/)) };
}

function placeInFilter({ id }: Fault, topicFilter: string): Pick<Objection, 'start' | 'end'> {
  switch (id) {
    case 'filterMultiLevel':
      return placeOf(topicFilter, topicFilter.indexOf('#'));
    case 'filterSingleLevel':
      return placeOf(topicFilter, badPlus(topicFilter));
    default:
      return { start: 0, end: topicFilter.length };
  }
}

/** The first `+` that does not fill its level. */
function badPlus(topicFilter: string): number {
  const levels = topicFilter.split('/');
  const bad = levels.findIndex((level) => level.length > 1 && level.includes('+'));
  const before = levels.slice(0, bad).reduce((length, level) => length + level.length + 1, 0);
  return before + (levels[bad] ?? '').indexOf('+');
}

function placeOf(text: string, at: number): Pick<Objection, 'start' | 'end'> {
  return at < 0 ? { start: 0, end: text.length } : { start: at, end: at + 1 };
}

/** Allowed, and seldom meant. */
export type Doubt = 'leadingSlash' | 'trailingSlash' | 'emptyLevel' | 'space';

/** What is odd about a filter or a topic name that is allowed, the first thing first. */
export function doubtAbout(text: string): Doubt | undefined {
  if (text.startsWith('/')) return 'leadingSlash';
  if (text.endsWith('/')) return 'trailingSlash';
  if (text.includes('//')) return 'emptyLevel';
  return text.split('/').some((level) => level !== level.trim()) ? 'space' : undefined;
}
