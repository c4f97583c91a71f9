import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Timer, Timers } from '#broker/session/timers.ts';

test('timers run in the order of their times, and those of one moment in the order of scheduling', () => {
  const timers = new Timers();
  const ran: string[] = [];
  for (const [at, name] of [
    [20, 'c'],
    [10, 'a'],
    [20, 'd'],
    [10, 'b'],
  ] as const)
    timers.schedule(at, () => ran.push(name));
  timers.advance(9);
  expect(ran).toEqual([]);
  timers.advance(20);
  expect(ran).toEqual(['a', 'b', 'c', 'd']);
  expect(timers.deadline).toBe(Number.POSITIVE_INFINITY);
});

test('what a timer schedules for now runs in the same advance', () => {
  const timers = new Timers();
  const ran: number[] = [];
  timers.schedule(5, () => {
    timers.schedule(7, () => ran.push(7));
    timers.schedule(8, () => ran.push(8));
  });
  timers.advance(7);
  expect(ran).toEqual([7]);
  expect(timers.deadline).toBe(8);
});

test('a cancelled timer is gone at once, so that nobody wakes for it and nothing is kept', () => {
  const timers = new Timers();
  const first = timers.schedule(1, () => expect.unreachable());
  const second = timers.schedule(2, () => {});
  timers.cancel(first);
  timers.cancel(first);
  expect(timers.deadline).toBe(2);
  expect(timers.size).toBe(1);
  timers.advance(2);
  timers.cancel(second);
  timers.cancel(undefined);
  expect(timers.size).toBe(0);
});

test('any sequence of scheduling, cancelling and passing of time agrees with a sorted list', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('schedule' as const), value: fc.nat(50) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), value: fc.nat(50) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('advance' as const), value: fc.nat(5) }) },
  );
  fc.assert(
    // As long as is allowed, for only a heap of several floors can be in disorder.
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const timers = new Timers();
      const ran: number[] = [];
      const all: Timer[] = [];
      let expected: number[] = [];
      const due: { at: number; id: number }[] = [];
      let now = 0;
      const end = { do: 'advance', value: 50 } as const;
      for (const { do: what, value } of [...steps, end]) {
        if (what === 'schedule') {
          const id = all.length;
          all.push(timers.schedule(now + value, () => ran.push(id)));
          due.push({ at: now + value, id });
          due.sort((a, b) => a.at - b.at || a.id - b.id);
        } else if (what === 'cancel') {
          timers.cancel(all[value]);
          const at = due.findIndex(({ id }) => id === value);
          if (at >= 0) due.splice(at, 1);
        } else {
          now += value;
          timers.advance(now);
          const past = due.filter(({ at }) => at <= now);
          due.splice(0, past.length);
          expected = [...expected, ...past.map(({ id }) => id)];
        }
        expect(timers.deadline).toBe(due[0]?.at ?? Number.POSITIVE_INFINITY);
        expect(timers.size).toBe(due.length);
      }
      expect(ran).toEqual(expected);
    }),
  );
});
