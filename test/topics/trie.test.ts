import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Trie } from '#broker/topics/trie.ts';

/** Few names, so that paths share levels and `$` comes up. */
const level = fc.constantFrom('a', 'b', '', '$x', '$');
const name = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc
  .tuple(fc.array(fc.oneof(level, fc.constant('+')), { maxLength: 3 }), fc.constantFrom('', '#'))
  .map(([levels, last]) => [...levels, ...(last === '' && levels.length > 0 ? [] : [last || '+'])].join('/'));

/** Matching as the standard tells it, with a regular expression for each filter. */
function naive(topicFilter: string, topic: string): boolean {
  if (/^[+#]/.test(topicFilter) && topic.startsWith('$')) return false;
  const pattern = topicFilter
    .replace(/[$]/g, '\\$')
    .replace(/\/#$/, '(?:/.*)?')
    .replace(/^#$/, '.*')
    .replace(/\+/g, '[^/]*');
  return new RegExp(`^${pattern}$`).test(topic);
}

function collect(walk: (visit: (value: string) => void) => void): string[] {
  const found: string[] = [];
  walk((value) => {
    found.push(value);
  });
  return found.sort();
}

describe('a trie', () => {
  test('finds for a topic name exactly the filters that match it [MQTT-4.7.2-1]', () => {
    fc.assert(
      fc.property(fc.uniqueArray(filter, { maxLength: 20 }), name, (filters, topic) => {
        const trie = new Trie<number, string>();
        for (const each of filters) trie.set(each, 1, each);
        const found = collect((visit) => trie.matchName(topic, visit));
        expect(found).toEqual(filters.filter((each) => naive(each, topic)).sort());
      }),
      { numRuns: 1000 },
    );
  });

  test('finds for a filter exactly the topic names that it matches', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 20 }), filter, (names, topicFilter) => {
        const trie = new Trie<number, string>();
        for (const each of names) trie.set(each, 1, each);
        const found = collect((visit) => trie.matchFilter(topicFilter, visit));
        expect(found).toEqual(names.filter((each) => naive(topicFilter, each)).sort());
        expect(collect((visit) => trie.visitAll(visit))).toEqual([...names].sort());
      }),
      { numRuns: 1000 },
    );
  });

  test('holds what was put and not taken, as a map of path and key would', () => {
    const step = fc.record({
      put: fc.boolean(),
      path: filter,
      key: fc.nat(2),
      value: fc.string({ maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const trie = new Trie<number, string>();
        const model = new Map<string, string>();
        for (const { put, path, key, value } of steps) {
          const id = `${key} ${path}`;
          expect(put ? trie.set(path, key, value) : trie.delete(path, key)).toBe(model.get(id));
          if (put) model.set(id, value);
          else model.delete(id);
          expect(trie.get(path, key)).toBe(model.get(id));
        }
        expect(collect((visit) => trie.visitAll(visit))).toEqual([...model.values()].sort());
      }),
    );
  });

  test('keeps no branch that is empty', () => {
    const trie = new Trie<number, string>();
    trie.set('a/b/c', 1, 'x');
    trie.set('a/b', 1, 'y');
    trie.delete('a/b/c', 1);
    trie.delete('a/b', 1);
    expect(trie).toEqual(new Trie());
  });
});
