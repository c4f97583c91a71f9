/**
 * How long a reader waits in a world of ten thousand inputs: for a step back or a jump anywhere, for a step on at its end,
 * for something else done in its past, and for the whole to be opened from a link. The first two have to be done within one
 * frame of a screen.
 */
import { afterAll, expect, test } from 'vitest';
import { type Input, type Setup, World } from '../../broker/index.ts';
import { act, go, type Run } from '../../src/lessons/run.ts';
import type { Scenario } from '../../src/lessons/scenario.ts';
import { readWorld, writeWorld } from '../../src/lessons/world-link.ts';
import { timeline } from '../../src/widgets/stepper/timeline.ts';

const LENGTH = 10_000;
/** Milliseconds from one picture on a screen to the next. */
const FRAME = 16;

const setup: Setup = {
  version: 5,
  clients: ['anna', 'bert', 'kim', 'lee'].map((name) => ({
    name,
    keepAlive: 0,
    cleanStart: false,
    properties: { sessionExpiryInterval: 3600 },
  })),
};
const publish: Input = { do: 'publish', client: 'anna', topic: 'room/1', payload: 'on', qos: 1 };

/** Two publish at each QoS, two have subscribed to all, and one of these loses its connection again and again. */
function inputs(): Input[] {
  const world = new World(setup);
  const settle = (input: Input): void => {
    world.apply(input);
    for (let flight = world.next(); flight; flight = world.next())
      world.apply({ do: 'deliver', flight: flight.number });
  };
  for (const { name } of setup.clients) settle({ do: 'connect', client: name });
  for (const client of ['kim', 'lee']) settle({ do: 'subscribe', client, topicFilter: '#', qos: 2 });
  for (let nth = 0; world.inputs.length < LENGTH; nth++) {
    if (nth % 10 === 0) settle({ do: 'cut', client: 'kim' });
    if (nth % 10 === 5) settle({ do: 'connect', client: 'kim' });
    const client = nth % 2 === 0 ? 'anna' : 'bert';
    const qos = ([0, 1, 2] as const)[nth % 3] ?? 0;
    settle({
      do: 'publish',
      client,
      topic: `room/${nth % 50}`,
      payload: String(nth),
      qos,
      retain: nth % 5 === 0,
    });
  }
  return world.inputs.slice(0, LENGTH);
}

const scenario: Scenario = { setup, participants: [], before: [], opening: [], script: [] };
const long: Run = { scenario, inputs: inputs(), at: LENGTH };
const text = writeWorld({ setup, inputs: long.inputs, at: LENGTH });
/** Some of these take a while, and need not be known to the last digit. */
const FEW = { time: 200, iterations: 12, warmupTime: 50, warmupIterations: 2 };
const table: Record<string, Record<string, string>> = {};

/** Measures something and notes the middle of all times it took. */
function measure(name: string, most: number | undefined, what: () => void): void {
  test(name, { timeout: 60_000 }, async ({ bench }) => {
    const { latency } = await bench(name, what).run(FEW);
    table[name] = { 'fastest, ms': latency.min.toFixed(3), 'median, ms': latency.p50.toFixed(3) };
    if (most !== undefined) expect(latency.p50).toBeLessThan(most);
  });
}

let at = LENGTH;
let steps = 0;
let head = long;

measure('a step back', FRAME, () => {
  at = at === 0 ? LENGTH : at - 1;
  look(go(long, at));
});
measure('a jump anywhere', FRAME, () => {
  at = (at + 6007) % (LENGTH + 1);
  look(go(long, at));
});
measure('a step on at the end', FRAME, () => {
  if (steps++ % 1000 === 0) head = long;
  head = steps % 3 === 1 ? act(head, publish) : go(head, head.at + 1);
  look(head);
});
measure('something else done in the past', undefined, () => {
  look(act(go(long, 9000), { do: 'wait', time: 1 }));
});
measure('a replay', undefined, () => {
  new World(setup, long.inputs);
});
measure('opening all that a link says', undefined, () => {
  expect('problem' in readWorld(text)).toBe(false);
});

/** Reads what a figure shows of a moment. */
function look(run: Run): void {
  const { moments } = timeline(run);
  const moment = moments[run.at];
  if (moment === undefined || Object.keys(moment.snapshot.clients).length !== 4) throw new Error('no moment');
}

afterAll(() => console.table(table));
