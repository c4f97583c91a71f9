import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
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

describe('the way through a trie', () => {
  /** How many nodes are looked at, by the looks into their children. */
  function steps(walk: () => void): number {
    const look = vi.spyOn(Map.prototype, 'get');
    try {
      walk();
      return look.mock.calls.length;
    } finally {
      look.mockRestore();
    }
  }

  function filled(filters: Iterable<string>): Trie<number, string> {
    const trie = new Trie<number, string>();
    for (const each of filters) trie.set(each, 1, each);
    return trie;
  }

  /** How many nodes there are, by the looks at what each holds. */
  function nodes(trie: Trie<number, string>): number {
    const look = vi.spyOn(Map.prototype, 'forEach');
    try {
      trie.visitAll(() => {});
      return look.mock.calls.length / 2;
    } finally {
      look.mockRestore();
    }
  }

  test('is as short as ever when all that was put in has been taken out', () => {
    const paths = ['a', 'a/b', 'a/b/c/d', 'a/x', 'b//+', '#'];
    const trie = filled(paths);
    expect(nodes(trie)).toBe(10);
    expect(trie.delete('a/b', 1)).toBe('a/b');
    expect(nodes(trie)).toBe(10);
    expect(trie.delete('a/b/c/d', 1)).toBe('a/b/c/d');
    expect(nodes(trie)).toBe(7);
    for (const path of ['b//+', '#', 'a', 'a/x']) trie.delete(path, 1);
    expect(nodes(trie)).toBe(1);
  });

  test('is no longer for many wildcards that lead elsewhere', () => {
    const few = filled(['+/+/x']);
    const many = filled(Array.from({ length: 10_000 }, (_, index) => `+/+/x${index}/#`));
    const walk = (trie: Trie<number, string>) => steps(() => trie.matchName('a/b/c', () => {}));
    expect(walk(many)).toBe(walk(few));
  });

  test('is never longer than the filters that begin like the topic are together', () => {
    const levels = 12;
    const filters = Array.from({ length: 2 ** levels }, (_, pattern) =>
      Array.from({ length: levels }, (_, at) => ((pattern >> at) & 1 ? '+' : 'a')).join('/'),
    );
    const all = filled([...filters, ...filters.map((each) => `${each}/more`)]);
    const nodes = 2 ** (levels + 1) - 1;
    const found: string[] = [];
    const walked = steps(() => all.matchName(Array(levels).fill('a').join('/'), (each) => found.push(each)));
    expect(found).toHaveLength(filters.length);
    expect(walked).toBeLessThanOrEqual(3 * nodes);
    expect(steps(() => all.matchName('b/b/b/b/b/b/b/b/b/b/b/b', () => {}))).toBeLessThanOrEqual(
      3 * levels + 3,
    );
  });

  test('leads as deep as a topic may go', () => {
    const deep = Array(1000).fill('+').join('/');
    const trie = filled([deep]);
    const name = Array(1000).fill('a').join('/');
    expect(collect((visit) => trie.matchName(name, visit))).toEqual([deep]);
    const names = filled([name]);
    expect(collect((visit) => names.matchFilter('#', visit))).toEqual([name]);
    expect(collect((visit) => names.matchFilter(deep, visit))).toEqual([name]);
    expect(collect((visit) => names.visitAll(visit))).toEqual([name]);
  });
});
