/** Phrases and their slots. The shape of dictionaries is checked by the compiler, in the lines that must fail here. */
import { expect, test } from 'vitest';
import { fill, plural, type Words } from '../../src/i18n/phrase.ts';

const english = { name: 'a byte', length: '{count} bytes', hop: 'from {from} to {to}' } as const;

test('a slot takes its value, and a phrase without slots stays as it is', () => {
  expect(fill(english.length, { count: 22 })).toBe('22 bytes');
  expect(fill(english.hop, { from: 'p1', to: 'the broker' })).toBe('from p1 to the broker');
  expect(fill(english.name, {})).toBe('a byte');
});

test('a value that looks like a slot is not filled again', () => {
  expect(fill('{a} {b}', { a: '{b}', b: 'x' })).toBe('{b} x');
});

test('a slot without a value stays as it is written', () => {
  expect(fill('{a} {b}', { a: 1 } as { a: number; b: number })).toBe('1 {b}');
});

test('one and many take the form that their language asks for', () => {
  const bytes = { one: '{count} byte of {name}', other: '{count} bytes of {name}' };
  expect(plural(bytes, 1, 'en', { name: 'topic' })).toBe('1 byte of topic');
  expect(plural(bytes, 0, 'en', { name: 'topic' })).toBe('0 bytes of topic');
  expect(plural({ other: '{count} 位元組' }, 1, 'zh-TW')).toBe('1 位元組');
});

test('a dictionary in another language has the same keys and the same slots', () => {
  const whole: Words<typeof english> = {
    name: 'ein Byte',
    length: '{count} Byte',
    hop: 'zu {to} von {from}',
  };
  // @ts-expect-error: a key is missing
  const without: Words<typeof english> = { name: 'ein Byte', length: '{count} Byte' };
  // @ts-expect-error: a slot is missing
  const bare: Words<typeof english> = { ...whole, hop: 'zu {to}' };
  expect(Object.keys(whole)).toEqual(Object.keys(english));
  expect(Object.keys(without)).not.toEqual(Object.keys(english));
  expect(bare.hop).not.toContain('{from}');
});
