// What is drawn from what was drawn before is what would be drawn from nothing, and drawing the next moment makes little anew.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImpossibleInput, type Input, type Setup, World } from '../../../broker/index.ts';
import { en } from '../../../src/i18n/en.ts';
import { act, begin, fork, go, type Run, settled, way } from '../../../src/lessons/run.ts';
import type { Participant, Scenario } from '../../../src/lessons/scenario.ts';
import { draw } from '../../../src/widgets/stepper/draw.ts';
import { fold } from '../../../src/widgets/stepper/fold.ts';
import { givenTo } from '../../../src/widgets/stepper/gifts.ts';
import { changes, remembered } from '../../../src/widgets/stepper/memory.ts';
import { readingOf } from '../../../src/widgets/stepper/reading.ts';
import { announcement, transcript } from '../../../src/widgets/stepper/tell.ts';
import { type Timeline, timeline } from '../../../src/widgets/stepper/timeline.ts';
import { longRun } from './long.ts';

const NAMES = ['a', 'b', 'c'] as const;
const participants: Participant[] = [
  { name: 'a', role: 'publisher' },
  { name: 'broker', role: 'broker' },
  { name: 'b', role: 'both' },
  { name: 'c', role: 'subscriber' },
];
const setup: Setup = {
  version: 5,
  notTcp: true,
  clients: NAMES.map((name) => ({
    name,
    keepAlive: 0,
    cleanStart: false,
    properties: { sessionExpiryInterval: 3600 },
  })),
};
const before = settled(setup, [
  ...NAMES.map((client): Input => ({ do: 'connect', client })),
  { do: 'subscribe', client: 'b', topicFilter: '#', qos: 1 },
  { do: 'subscribe', client: 'c', topicFilter: '#', qos: 2 },
]);
const scenario: Scenario = { setup, participants, before, opening: [], script: [], tells: 'session' };

/** Something that a reader does, chosen by two numbers; it may not be possible. */
function done(run: Run, kind: number, which: number): Run {
  const client = NAMES[which % 3] as string;
  const moment = timeline(run).moments[run.at];
  const flights = [...(moment?.deliverable ?? [])];
  const flight = flights[which % Math.max(flights.length, 1)] ?? 0;
  const last = timeline(run).flights.at(-1)?.number ?? 0;
  const choices: (() => Run)[] = [
    () => go(run, run.at + 1),
    () => go(run, run.at - 1),
    () => go(run, which % (way(run).length + 1)),
    () => go(run, way(run).length),
    () => fork(run),
    () =>
      act(run, {
        do: 'publish',
        client,
        topic: 't',
        payload: String(which % 2),
        qos: [0, 1, 2][which % 3] as 0,
      }),
    () => act(run, { do: 'publish', client: 'a', topic: 't', payload: String(which), qos: 2 }),
    () => act(run, { do: 'deliver', flight }),
    () => act(run, { do: 'hold', flight }),
    () => act(run, { do: 'release', flight: last - (which % 5) }),
    () => act(run, { do: 'drop', flight }),
    () => act(run, { do: 'duplicate', flight }),
    () => act(run, { do: 'reorder', flight: last - (which % 3) }),
    () => act(run, { do: 'cut', client }),
    () => act(run, { do: 'connect', client }),
    () => act(run, { do: 'freeze', client }),
    () => act(run, { do: 'thaw', client }),
    () => act(run, { do: 'wait', time: 1000 }),
    () => act(run, { do: 'restart', keeps: which % 2 === 0 }),
  ];
  try {
    return choices[kind % choices.length]?.() ?? run;
  } catch (error) {
    if (error instanceof ImpossibleInput) return run;
    throw error;
  }
}

/** The same timeline as nobody has seen it. */
function unread(line: Timeline): Timeline {
  return { ...line, moments: line.moments.map((moment) => ({ ...moment })) };
}

/** All that a stepper shows of a moment. */
function shown(line: Timeline, at: number) {
  const diagram = draw(line, at, participants);
  const scene = { line, at, rows: diagram.rows, participants };
  return {
    diagram,
    folded: fold(diagram, new Set()),
    announced: announcement(scene, en),
    told: transcript(scene, en),
  };
}

function expectNothingStale(line: Timeline, at: number): void {
  const now = shown(line, at);
  expect(now).toEqual(shown(unread(line), at));
  for (const { name } of participants) expectAllGifts(line, at, name);
}

/** What an application was given is what the moment itself says of it. */
function expectAllGifts(line: Timeline, at: number, name: string): void {
  const [moment, earlier] = [line.moments[at], line.moments[at - 1]].map(
    (each) => each && remembered(each, participants, line.tells),
  );
  const all = changes(name, moment ?? [], earlier).filter(({ item }) => item.kind === 'given');
  const reading = readingOf(line, participants);
  expect(givenTo(reading, name, at, Number.POSITIVE_INFINITY)).toEqual({ shown: all, earlier: 0 });
  const few = givenTo(reading, name, at, 2);
  expect(few.shown.filter(({ change }) => change !== 'same')).toEqual(
    all.filter(({ change }) => change !== 'same'),
  );
  expect(few.shown.filter(({ change }) => change === 'same')).toEqual(
    all.filter(({ change }) => change === 'same').slice(-2),
  );
  expect(few.earlier + few.shown.length).toBe(all.length);
}

test('whatever a reader does, each moment is shown as if it were the first that is', () => {
  const deed = fc.tuple(fc.nat(18), fc.nat(100));
  fc.assert(
    fc.property(fc.array(deed, { minLength: 5, maxLength: 30 }), (deeds) => {
      let run = begin(scenario);
      for (const [kind, which] of deeds) {
        run = done(run, kind, which);
        expectNothingStale(timeline(run), run.at);
      }
      const line = timeline(run);
      for (let at = line.moments.length - 1; at >= 0; at--) expectNothingStale(line, at);
    }),
    { numRuns: 25 },
  );
}, 60_000);

describe('a step back in a world of ten thousand inputs', () => {
  /** One packet is held, and all others come and go. */
  function heldAtFirst(): Run {
    const publish: Input = { do: 'publish', client: 'a', topic: 't', payload: '', qos: 1 };
    const flight = new World(setup, [...before, publish]).flights.at(-1)?.number ?? 0;
    const first: Input[] = [publish, { do: 'hold', flight }];
    const many = Array.from({ length: 1300 }, (): Input => ({ ...publish, client: 'b' }));
    const inputs = [...first, ...settled(setup, many, [...before, ...first])];
    return { scenario, inputs, at: inputs.length };
  }
  const long = longRun(2000);
  test.each([
    ['from its end', long, long.inputs.length],
    ['from its middle', long, 5001],
    ['where a packet has been under way from the beginning', heldAtFirst(), 9000],
  ])('makes few rows and bars anew, and folds few: %s', (_, run, at) => {
    expect(run.inputs.length).toBeGreaterThan(9000);
    const line = timeline(run);
    const own = run.scenario.participants;
    const all = (step: number) => {
      const diagram = draw(line, step, own);
      const folded = fold(diagram, new Set());
      return [diagram.rows, diagram.bars, folded.rows.filter(({ kind }) => kind !== 'fold')];
    };
    const was = all(at).map((parts) => new Set<unknown>(parts));
    const fresh = all(at - 1).map((parts, index) => parts.filter((part) => !was[index]?.has(part)).length);
    expect(was[0]?.size).toBeGreaterThan(3000);
    for (const count of fresh) expect(count).toBeLessThan(45);
  });
});
