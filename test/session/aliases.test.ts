import { expect, test } from 'vitest';
import { InboundAliases, OutboundAliases } from '#broker/session/aliases.ts';

test('the sender names a topic with its number once, and then by the number alone', () => {
  const aliases = new OutboundAliases(2);
  expect(aliases.shorten('room/1')).toEqual({ topic: 'room/1', topicAlias: 1 });
  expect(aliases.shorten('room/1')).toEqual({ topic: '', topicAlias: 1 });
  expect(aliases.shorten('room/2')).toEqual({ topic: 'room/2', topicAlias: 2 });
  expect(aliases.shorten('room/1')).toEqual({ topic: '', topicAlias: 1 });
});

test('the sender gives a number to a topic that is longer than what a number takes', () => {
  const aliases = new OutboundAliases(9);
  expect(aliases.shorten('123')).toEqual({ topic: '123' });
  expect(aliases.shorten('1234')).toEqual({ topic: '1234', topicAlias: 1 });
});

test('the sender gives no number beyond the maximum, and none where it would save nothing [v5 MQTT-3.1.2-26]', () => {
  const aliases = new OutboundAliases(1);
  expect(aliases.shorten('a/b')).toEqual({ topic: 'a/b' });
  expect(aliases.shorten('room/1')).toEqual({ topic: 'room/1', topicAlias: 1 });
  expect(aliases.shorten('room/2')).toEqual({ topic: 'room/2' });
  expect(new OutboundAliases(0).shorten('room/1')).toEqual({ topic: 'room/1' });
});

test('the receiver learns numbers, learns them anew, and knows none that it did not offer [v5 MQTT-3.3.2-12]', () => {
  const aliases = new InboundAliases(2);
  expect(aliases.resolve('a', undefined)).toEqual({ topic: 'a' });
  expect(aliases.resolve('', 1)).toBe('unknown');
  expect(aliases.resolve('a', 1)).toEqual({ topic: 'a' });
  expect(aliases.resolve('', 1)).toEqual({ topic: 'a' });
  expect(aliases.resolve('b', 1)).toEqual({ topic: 'b' });
  expect(aliases.resolve('', 1)).toEqual({ topic: 'b' });
  expect(aliases.resolve('c', 3)).toBe('invalid');
});
