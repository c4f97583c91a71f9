import { describe, expect, test } from 'vitest';
import { hasWildcard, matches, mismatch, parseShared } from '#broker/topics/filter.ts';

describe('a filter and a topic name', () => {
  test.each([
    ['a/b', 'a/b', undefined],
    ['a/b', 'a/c', 1],
    ['a/b', 'a', 1],
    ['a', 'a/b', 1],
    ['a', 'A', 0],
    ['a/+', 'a/b', undefined],
    ['a/+', 'a/', undefined],
    ['a/+', 'a', 1],
    ['a/+', 'a/b/c', 2],
    ['+/b', 'a/b', undefined],
    ['+', '/b', 1],
    ['+/+', '/b', undefined],
    ['/+', '/b', undefined],
    ['#', 'a/b/c', undefined],
    ['a/#', 'a', undefined],
    ['a/#', 'a/b/c', undefined],
    ['a/#', 'ab', 0],
    ['a/+/#', 'a', 1],
    ['/', '/', undefined],
    ['//', '/', 2],
    ['#', '$SYS/x', 0],
    ['+/x', '$SYS/x', 0],
    ['$SYS/#', '$SYS/x', undefined],
    ['$SYS/+', '$SYS/x', undefined],
    ['a/+', 'a/$x', undefined],
  ])('%s and %s part at level %s', (filter, topic, level) => {
    expect(mismatch(filter, topic)).toBe(level);
    expect(matches(filter, topic)).toBe(level === undefined);
  });
});

test('a shared filter is a share name and a filter [v5 MQTT-4.8.2-1]', () => {
  expect(parseShared('$share/g/a/+/b')).toEqual({ share: 'g', topicFilter: 'a/+/b' });
  expect(parseShared('$share/g//a')).toEqual({ share: 'g', topicFilter: '/a' });
  expect(parseShared('$shared/g/a')).toBeUndefined();
  expect(parseShared('a/b')).toBeUndefined();
});

test('a wildcard is a plus or a hash', () => {
  expect(['a/+', '#', 'a/b'].map(hasWildcard)).toEqual([true, true, false]);
});
