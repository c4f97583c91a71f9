import { describe, expect, test } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import { compare, objectionToFilter, objectionToTopic } from '../../../src/lessons/matching.ts';
import { TABLE, type Table } from '../../../src/lessons/topics.ts';
import {
  fromFragment,
  LIMITS,
  pick,
  toFragment,
  withMore,
  without,
  withText,
} from '../../../src/widgets/topics/table.ts';
import { objectionText, ruleFor, sentenceFor } from '../../../src/widgets/topics/tell.ts';

describe('the matcher’s table in an address', () => {
  const odd: Table = { filters: ['a,b;c', '+/#'], topics: ['ü/ %', '', 'x'], picked: [1, 2] };

  test.each([TABLE, odd])('comes back as it was', (table) => {
    expect(fromFragment(`#${toFragment(table)}`)).toEqual(table);
  });
  test('an address that is about something else is none of its affair', () => {
    expect(fromFragment('#retained=4-retain:')).toBeUndefined();
    expect(fromFragment('')).toBeUndefined();
  });
  test.each([
    'matcher=',
    'matcher=a;b',
    'matcher=a;b;x',
    'matcher=%;b;0.0',
    `matcher=${'a,'.repeat(LIMITS.filters)};b;0.0`,
    `matcher=${'a'.repeat(LIMITS.length + 1)};b;0.0`,
  ])('%s is broken', (fragment) => {
    expect(fromFragment(fragment)).toBe('broken');
  });
  test('a pair that is not there is the nearest one', () => {
    expect(fromFragment('matcher=a;b,c;9.1')).toMatchObject({ picked: [0, 1] });
  });
});

describe('the table changes', () => {
  test('by writing, adding up to a limit, and taking away down to one', () => {
    expect(withText(TABLE, 'filters', 0, 'x').filters[0]).toBe('x');
    let table: Table = TABLE;
    for (let count = 0; count < 20; count++) table = withMore(table, 'filters');
    expect(table.filters).toHaveLength(LIMITS.filters);
    for (let count = 0; count < 20; count++) table = without(table, 'filters', 0);
    expect(table.filters).toHaveLength(1);
  });
  test('and what is looked at stays within it', () => {
    const last = pick(TABLE, 2, 7);
    expect(without(last, 'topics', 0).picked).toEqual([2, 6]);
    expect(pick(TABLE, -1, 99).picked).toEqual([0, 7]);
  });
});

describe('what is said of a pair', () => {
  test.each([
    ['+/Light', 'Room1/Light', 'It matches: every level fits.', 'MQTT-3.3.2-3'],
    [
      'Room1/#',
      'Room1',
      'It matches: # also stands for the level above it, so the topic may end here.',
      'MQTT-3.3.2-3',
    ],
    ['a/b', 'a/c', 'Level 2 differs: the filter has “b”, the topic has “c”.', 'MQTT-4.7.3-4'],
    ['a/b', 'a/B', 'Level 2 differs: “b” and “B” are not the same. Case counts.', 'MQTT-4.7.3-4'],
    ['a/b', 'a/b ', 'Level 2 differs by a space, and a space is a character like any other.', 'MQTT-4.7.3-4'],
    ['a', '/a', 'Level 1 of the topic is empty, and the filter has “a” there.', 'MQTT-4.7.3-4'],
    ['/a', 'b/a', 'Level 1 of the filter is empty, and the topic has “b” there.', 'MQTT-4.7.3-4'],
    ['a/+', 'a', 'The filter asks for a level 2, and the topic has none.', 'MQTT-3.3.2-3'],
    ['a', 'a/b', 'The topic has a level 2, and the filter ends before it.', 'MQTT-3.3.2-3'],
    [
      '#',
      '$SYS/a',
      'A filter that begins with a wildcard does not match a topic that begins with $.',
      'MQTT-4.7.2-1',
    ],
  ])('%s and %s', (filter, topic, sentence, rule) => {
    const comparison = compare(filter, topic);
    expect(sentenceFor(comparison, en.topics)).toBe(sentence);
    expect(ruleFor(comparison)).toBe(rule);
  });
  test('and of what cannot be sent, with its character', () => {
    const said = (objection: ReturnType<typeof objectionToTopic>) =>
      objection && objectionText(objection, en.topics);
    expect(said(objectionToFilter('Room+', 5))).toMatch(/^Character 5: \+ takes a whole level/);
    expect(said(objectionToTopic('a/#', 5))).toMatch(/^Character 3: # is a wildcard\./);
    expect(said(objectionToTopic('', 5))).toBe('At least one character is needed.');
    expect(said(objectionToTopic('a\u0000', 5))).toMatch(/No packet can carry this\.$/);
  });
});
