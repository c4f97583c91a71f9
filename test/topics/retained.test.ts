import { expect, test } from 'vitest';
import { Retained } from '#broker/topics/retained.ts';

test('each topic retains one message, the last [MQTT-3.3.1-5]', () => {
  const retained = new Retained<{ topic: string; text: string }>();
  const first = { topic: 'a/b', text: '1' };
  const second = { topic: 'a/b', text: '2' };
  expect(retained.store(first)).toBeUndefined();
  expect(retained.store(second)).toBe(first);
  expect([retained.size, retained.get('a/b'), retained.get('a')]).toEqual([1, second, undefined]);
  expect(retained.match('a/+')).toEqual([second]);
  expect([retained.remove('a/b'), retained.remove('a/b'), retained.size]).toEqual([true, false, 0]);
});

test('a snapshot has all topics, also those that no wildcard sees', () => {
  const retained = new Retained<{ topic: string }>();
  for (const topic of ['a', '$SYS/x', '$other']) retained.store({ topic });
  expect(retained.match('#')).toEqual([{ topic: 'a' }]);
  expect(
    retained
      .snapshot()
      .map(({ topic }) => topic)
      .sort(),
  ).toEqual(['$SYS/x', '$other', 'a']);
});
