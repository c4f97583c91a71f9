/** What the browser remembers of lessons, on a storage and a page made for the test. */
import { beforeEach, expect, test, vi } from 'vitest';
import { path } from '../../src/lessons/path.ts';
import {
  begin,
  clear,
  fromFile,
  meet,
  type Progress,
  progress,
  toFile,
  watch,
} from '../../src/lessons/progress.ts';

let stored: Map<string, string>;
let page: EventTarget;

beforeEach(() => {
  stored = new Map();
  page = new EventTarget();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
  });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  vi.stubGlobal('dispatchEvent', page.dispatchEvent.bind(page));
});

test('the path has seventeen lessons, numbered from 1, each with an address of its own', () => {
  expect(path.map(({ number }) => number)).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  expect(new Set(path.map(({ slug }) => slug)).size).toBe(17);
  expect(path.find(({ slug }) => slug === 'publish-packet')?.number).toBe(6);
});

test('a lesson is begun, then met, and does not fall back', () => {
  begin('qos');
  expect(progress()).toEqual({ qos: 'begun' });
  meet('qos');
  begin('qos');
  expect(progress()).toEqual({ qos: 'met' });
});

test('everything is kept under one key and can be cleared', () => {
  begin('topics');
  meet('qos');
  expect(stored.size).toBe(1);
  clear();
  expect(progress()).toEqual({});
});

test('who watches hears of now and of every change, until the end', () => {
  const seen: Progress[] = [];
  const end = watch((now) => seen.push(now));
  begin('qos');
  end();
  meet('qos');
  expect(seen).toEqual([{}, { qos: 'begun' }]);
});

test.each(['', 'null', '7', '{', '{"qos":"begun","elsewhere":"met","topics":3}'])(
  'what is stored as %j does no harm',
  (text) => {
    stored.set('glass-broker.progress', text);
    expect(progress()).toEqual(text.includes('begun') ? { qos: 'begun' } : {});
  },
);

test('where storage is refused, nothing is remembered and nothing fails', () => {
  const refuse = () => {
    throw new Error('refused');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse });
  begin('qos');
  expect(progress()).toEqual({});
});

test('a file takes progress to another browser, where the further stage stays', () => {
  begin('qos');
  meet('topics');
  const file = toFile();
  clear();
  meet('qos');
  begin('topics');
  expect(fromFile(file)).toEqual({ is: 'read', known: 2, unknown: 0 });
  expect(progress()).toEqual({ qos: 'met', topics: 'met' });
});

test('lessons and stages that are not known are counted and left out', () => {
  const lessons = { qos: 'begun', elsewhere: 'met', topics: 'mastered' };
  expect(fromFile(JSON.stringify({ site: 'glass-broker', form: 1, lessons }))).toEqual({
    is: 'read',
    known: 1,
    unknown: 2,
  });
  expect(progress()).toEqual({ qos: 'begun' });
});

test.each([
  ['', 'not JSON'],
  ['{', 'not JSON'],
  ['7', 'not progress'],
  ['[]', 'not progress'],
  ['{"qos":"met"}', 'not progress'],
  ['{"site":"elsewhere","form":1,"lessons":{}}', 'not progress'],
  ['{"site":"glass-broker","form":1,"lessons":[]}', 'not progress'],
  ['{"site":"glass-broker","form":2,"lessons":{"qos":"met"}}', 'newer'],
])('the file %j is refused: %s, and nothing changes', (text, is) => {
  begin('qos');
  expect(fromFile(text)).toEqual({ is });
  expect(progress()).toEqual({ qos: 'begun' });
});
