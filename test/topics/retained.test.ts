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

test('how many topics have a message is known, and each change of one is told', () => {
  const told: string[] = [];
  const retained = new Retained<{ topic: string; text: string }>((topic, message) =>
    told.push(`${topic} ${message?.text ?? 'none'}`),
  );
  retained.store({ topic: 'a', text: '1' });
  retained.store({ topic: 'b', text: '2' });
  retained.store({ topic: 'a', text: '3' });
  expect(retained.size).toBe(2);
  expect([retained.remove('a'), retained.remove('a')]).toEqual([true, false]);
  expect(retained.size).toBe(1);
  expect(told).toEqual(['a 1', 'b 2', 'a 3', 'a none']);
});
