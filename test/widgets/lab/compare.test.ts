// Two runs beside each other: which step goes with which, and what differs.
import { expect, test } from 'vitest';
import { toEnd } from '../../../src/lessons/run.ts';
import {
  besides,
  memoryDifferences,
  type Pair,
  packetDifferences,
  pairOf,
} from '../../../src/widgets/lab/compare.ts';
import { firstLab, runOf } from '../../../src/widgets/lab/lab.ts';
import { READY } from '../../../src/widgets/lab/ready.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';

const linesOf = ({ left, right }: Pair) => ({ left: timeline(left), right: timeline(right) });
const packetsOf = (pair: Pair) => {
  const { left, right } = linesOf(pair);
  return packetDifferences(left, right);
};
const memoryOf = (pair: Pair) => memoryDifferences(pair.left, linesOf(pair));
const got = (pair: Pair, side: 'left' | 'right') =>
  linesOf(pair)[side].moments.at(-1)?.snapshot.clients['phone']?.receivedCount;
const ready = (name: keyof typeof READY) => {
  const { lab, twist } = READY[name]();
  return pairOf(lab.setup, lab.inputs, twist);
};

test('a run beside itself has no difference, and its steps go together one by one', () => {
  const { setup, inputs } = firstLab();
  const run = toEnd(runOf({ setup, inputs, at: inputs.length }));
  const pair = besides(run, run);
  expect(packetsOf(pair)).toEqual([]);
  expect(memoryOf(pair)).toEqual([]);
  expect(pair.steps).toEqual(Array.from({ length: run.inputs.length + 1 }, (_, step) => [step, step]));
});

test('3.1.1 beside 5.0: the version differs in CONNECT, and who was away has the message on one side only', () => {
  const pair = ready('versions');
  const connect = packetsOf(pair)[0];
  if (connect?.kind !== 'bytes') throw new Error('CONNECT does not differ');
  expect(connect.fields.map(({ name }) => name)).toContain('Protocol Level');
  expect([got(pair, 'left'), got(pair, 'right')]).toEqual([1, 0]);
  expect(memoryOf(pair).map(({ party }) => party)).toContain('phone');
});

test('with and without a cut: the message arrives twice where the answer was lost', () => {
  const pair = ready('cut');
  expect([got(pair, 'left'), got(pair, 'right')]).toEqual([1, 2]);
  expect(packetsOf(pair).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['fate', 'right']));
});

test('QoS 1 beside QoS 2, with the same cut: twice, and once', () => {
  const pair = ready('qos');
  expect([got(pair, 'left'), got(pair, 'right')]).toEqual([2, 1]);
});

test('steps go on on both sides, never back, and reach both ends', () => {
  for (const name of Object.keys(READY) as (keyof typeof READY)[]) {
    const { left, right, steps } = ready(name);
    expect(steps[0]).toEqual([0, 0]);
    expect(steps.at(-1)).toEqual([left.inputs.length, right.inputs.length]);
    for (const [index, [a, b]] of steps.slice(1).entries()) {
      const [was, wasToo] = steps[index] ?? [0, 0];
      expect(a - was).toBeLessThanOrEqual(1);
      expect(a + b).toBeGreaterThan(was + wasToo);
    }
  }
});

test('a script without one of its lines is compared with the whole', () => {
  const { setup, inputs } = firstLab();
  const subscribe = inputs.findIndex((input) => input.do === 'subscribe');
  const pair = pairOf(setup, inputs, { kind: 'without', line: subscribe });
  expect([got(pair, 'left'), got(pair, 'right')]).toEqual([1, 0]);
});
