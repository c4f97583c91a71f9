/**
 * How long a reader waits in a world of ten thousand inputs: for a step back or a jump anywhere, for a step on at its end,
 * for something else done in its past, and for the whole to be opened from a link. The first two have to be done within one
 * frame of a screen.
 */
import { afterAll, expect, test } from 'vitest';
import { type Input, type Setup, World } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import { act, go, type Run } from '../../src/lessons/run.ts';
import type { Participant, Scenario } from '../../src/lessons/scenario.ts';
import { readWorld, writeWorld } from '../../src/lessons/world-link.ts';
import { draw } from '../../src/widgets/stepper/draw.ts';
import { fold } from '../../src/widgets/stepper/fold.ts';
import { givenTo } from '../../src/widgets/stepper/gifts.ts';
import { changes, stateOf } from '../../src/widgets/stepper/memory.ts';
import { readingOf } from '../../src/widgets/stepper/reading.ts';
import { announcement, lineOf, told } from '../../src/widgets/stepper/tell.ts';
import { timeline } from '../../src/widgets/stepper/timeline.ts';
import { rowsNear } from '../../src/widgets/stepper/windowed.ts';

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

const participants: Participant[] = [
  { name: 'anna', role: 'publisher' },
  { name: 'bert', role: 'publisher' },
  { name: 'broker', role: 'broker' },
  { name: 'kim', role: 'subscriber' },
  { name: 'lee', role: 'subscriber' },
];
const scenario: Scenario = { setup, participants, before: [], opening: [], script: [], tells: 'session' };
const long: Run = { scenario, inputs: inputs(), at: LENGTH };
const text = writeWorld({ setup, inputs: long.inputs, at: LENGTH });
/** Some of these take a while, and need not be known to the last digit. */
const FEW = { time: 200, iterations: 12, warmupTime: 50, warmupIterations: 2 };
/** So often has a page done it that a reader steps through. */
const OFTEN = { time: 200, iterations: 60, warmupTime: 50, warmupIterations: 40 };
const table: Record<string, Record<string, string>> = {};

/** Measures something and notes the middle of all times it took. */
function measure(name: string, most: number | undefined, what: () => void, often = FEW): void {
  test(name, { timeout: 60_000 }, async ({ bench }) => {
    const { latency } = await bench(name, what).run(often);
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
measure(
  'a step back, with all that a stepper makes of it',
  FRAME / 2,
  () => {
    at = at === 0 ? LENGTH : at - 1;
    show(go(long, at));
  },
  OFTEN,
);
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

/** Makes what a stepper puts on a page of a moment: its rows, folded, and what is told and remembered. */
function show(run: Run): void {
  const line = timeline(run);
  const { at } = run;
  const diagram = draw(line, at, participants);
  const scene = { line, at, rows: diagram.rows, participants };
  const { rows, height } = fold(diagram, new Set());
  rowsNear(rows, { top: Math.max(height - 680, 0), height: 680 });
  for (const row of told(diagram.rows).slice(-100)) lineOf(row, scene, en);
  announcement(scene, en);
  for (const participant of participants) {
    const [now, before] = [line.moments[at], line.moments[at - 1]].map(
      (moment) => moment && stateOf(participant, moment, participants, line.tells),
    );
    changes(participant.name, now ?? [], before);
    givenTo(readingOf(line, participants), participant.name, at, 8);
  }
  if (at > 0 && rows.length === 0) throw new Error('nothing is shown');
}

afterAll(() => console.table(table));
