import { afterEach, describe, expect, test, vi } from 'vitest';
import { ImpossibleInput, type Input, type Setup, World } from '../../broker/index.ts';
import {
  act,
  begin,
  can,
  fork,
  go,
  isSame,
  type Run,
  scriptDone,
  toEnd,
  way,
  worldOf,
} from '../../src/lessons/run.ts';
import { timeline } from '../../src/widgets/stepper/timeline.ts';
import { atStart, cut, scenario, until } from '../widgets/stepper/world.ts';

describe('a way goes on by itself', () => {
  test('what the script says is done first, then everything in flight is delivered, in the order of sending', () => {
    const run = atStart('4-2');
    const [first, ...rest] = way(run);
    expect(first).toEqual(run.scenario.script[0]);
    const numbers = rest.map((input) => (input.do === 'deliver' ? input.flight : undefined));
    expect(numbers).toEqual([...numbers].sort((one, other) => Number(one) - Number(other)));
    expect(numbers).toHaveLength(8);
  });
  test('a client that was cut comes back', () => {
    const { run } = until('4-1', 'puback', 'p1');
    const after = act(run, cut('p1'));
    expect(way(after)).toContainEqual({ do: 'connect', client: 'p1' });
    expect(worldOf(toEnd(after)).link('p1')).toBe('connected');
  });
  test('a client that said goodbye does not', () => {
    const left = act(atStart('4-1'), { do: 'disconnect', client: 'phone' });
    expect(way(left)).not.toContainEqual({ do: 'connect', client: 'phone' });
  });
  test('what was frozen and what was held goes on at last, so that the end can be reached', () => {
    const { run, flight } = until('4-1', 'puback', 'p1');
    const held = act(run, { do: 'hold', flight: flight.number });
    const frozen = act(held, { do: 'freeze', client: 'phone' });
    const world = worldOf(toEnd(frozen));
    expect(world.flights.every(({ state }) => state === 'delivered')).toBe(true);
    expect(way(frozen)).toContainEqual({ do: 'thaw', client: 'phone' });
    expect(way(frozen)).toContainEqual({ do: 'release', flight: flight.number });
  });
});

describe('going back is replay', () => {
  test('every place on the way can be gone to, and gives the same bytes each time', () => {
    const end = toEnd(atStart('5-2'));
    const frames = worldOf(end).flights.map(({ frame }) => frame);
    for (let at = 0; at <= end.at; at++) {
      expect(worldOf(toEnd(go(end, at))).flights.map(({ frame }) => frame)).toEqual(frames);
    }
  });
  test('a place beyond either end is that end', () => {
    const run = atStart('4-0');
    expect(go(run, -3).at).toBe(0);
    expect(go(run, 99).at).toBe(way(run).length);
  });
  test('what lay ahead stays when its next step is done, and is let go when another is', () => {
    const run = go(toEnd(atStart('4-1')), 1);
    const same = act(run, run.inputs[1] as Input);
    expect(same.inputs).toEqual(run.inputs);
    const other = act(run, cut('p1'));
    expect(other.inputs).toEqual([run.inputs[0], cut('p1')]);
  });
  test('a fork ends where the reader stands', () => {
    const run = go(toEnd(atStart('4-1')), 2);
    expect(fork(run).inputs).toHaveLength(2);
    expect(run.inputs.length).toBeGreaterThan(2);
  });
});

test('a figure opens with its plan ahead', () => {
  const plan = [cut('p1')];
  const run = begin({ ...scenario('4-1'), plan });
  expect(run.inputs.slice(run.at)).toEqual(plan);
});

test('what the world does not allow is refused, and nothing changes', () => {
  const run = atStart('4-1');
  expect(() => act(run, { do: 'deliver', flight: 999 })).toThrow(ImpossibleInput);
  expect(run.inputs).toEqual([]);
});

test('a packet behind another one cannot overtake it', () => {
  const publish = scenario('4-1').script[0] as Input;
  const twice = act(act(atStart('4-1'), publish), { ...publish, payload: 'Turn Off' } as Input);
  const behind = worldOf(twice).flights.at(-1);
  expect(() => act(twice, { do: 'deliver', flight: behind?.number ?? 0 })).toThrow(ImpossibleInput);
});

test('inputs are the same if all that they say is', () => {
  expect(isSame({ do: 'cut', client: 'p1' }, { do: 'cut', client: 'p1' })).toBe(true);
  expect(isSame({ do: 'cut', client: 'p1' }, { do: 'freeze', client: 'p1' })).toBe(false);
  expect(isSame({ do: 'wait', time: 1 }, undefined)).toBe(false);
});

test('a script is done in its order', () => {
  const script: Input[] = [cut('p1'), { do: 'connect', client: 'p1' }];
  expect(scriptDone(script, [{ do: 'wait', time: 1 }, ...script])).toBe(2);
  expect(scriptDone(script, [...script].reverse())).toBe(1);
});

test('what happened before a figure begins is part of its world, and of no step', () => {
  const { setup, before } = scenario('4-1');
  expect(worldOf(atStart('4-1')).flights).toEqual(new World(setup, before).flights);
});

describe('a long run', () => {
  const LENGTH = 10_000;
  const long = longRun(LENGTH);
  /** How many inputs were done to worlds meanwhile. */
  const counted = (what: () => void): number => {
    const apply = vi.spyOn(World.prototype, 'apply').mockClear();
    what();
    return apply.mock.calls.length;
  };
  afterEach(() => vi.restoreAllMocks());

  test('is gone through without doing anything again: a step back, a jump, and to its beginning and end', () => {
    timeline(long);
    const stepsDone = counted(() => {
      for (const at of [LENGTH - 1, LENGTH - 2, 17, 5000, 0, LENGTH]) {
        const { moments } = timeline(go(long, at));
        expect(moments[at]?.input).toEqual(long.inputs[at - 1]);
      }
    });
    expect(stepsDone).toBe(0);
  });

  test('goes on by one input at a time', () => {
    timeline(long);
    let run = long;
    const { script } = long.scenario;
    expect(counted(() => (run = act(run, script[0] as Input)))).toBe(1);
    expect(counted(() => (run = go(run, run.at + 1)))).toBe(1);
    expect(counted(() => timeline(run))).toBe(0);
    expect(counted(() => can(run, script[0] as Input))).toBe(0);
    expect(run.at).toBe(LENGTH + 2);
    expect(timeline(run).moments[run.at]?.arrived).toHaveLength(1);
  });

  test('names what comes next and does not do it yet', () => {
    const run = act(long, long.scenario.script[0] as Input);
    const { inputs, moments } = timeline(run);
    expect(inputs.at(-1)).toMatchObject({ do: 'deliver' });
    expect([inputs.length, moments.length]).toEqual([run.at + 1, run.at + 1]);
  });

  test('is done again once where something else is done in its past, up to there', () => {
    const done = counted(() => act(go(long, 600), cut('p1')));
    expect(done).toBe(long.scenario.before.length + 601);
  });

  test('and one that was forked from it go on apart, each from its own state', () => {
    const other = fork(long);
    const one = act(long, cut('p1'));
    const two = act(other, cut('phone'));
    expect(timeline(one).moments.at(-1)?.links).toMatchObject({ p1: 'none', phone: 'connected' });
    expect(timeline(two).moments.at(-1)?.links).toMatchObject({ p1: 'connected', phone: 'none' });
    const again = act(long, cut('phone'));
    expect(timeline(again).moments.at(-1)).toEqual(timeline(two).moments.at(-1));
  });
});

describe('what comes by itself in time', () => {
  const slow = (extra: object): Run => {
    const setup: Setup = { version: 4, clients: [{ name: 'p1', keepAlive: 0, ...extra }] };
    return begin({
      ...scenario('4-1'),
      setup,
      before: [],
      opening: [],
      script: [{ do: 'connect', client: 'p1' }],
    });
  };

  test('is waited for: packets on a link with a delay', () => {
    expect(way(slow({ link: { delay: 50 } }))).toEqual([
      { do: 'connect', client: 'p1' },
      { do: 'wait', time: 50 },
      { do: 'wait', time: 50 },
    ]);
  });

  test('is waited for: a client that comes back by itself', () => {
    const there = toEnd(slow({ reconnect: { after: 700 } }));
    const after = toEnd(act(there, cut('p1')));
    expect(after.inputs.slice(there.at)).toEqual([
      cut('p1'),
      { do: 'wait', time: 700 },
      { do: 'deliver', flight: 3 },
      { do: 'deliver', flight: 4 },
    ]);
  });

  test('after the broker has crashed, whoever was connected comes back', () => {
    const there = toEnd(slow({}));
    const after = toEnd(act(there, { do: 'restart', keeps: false }));
    expect(worldOf(after).link('p1')).toBe('connected');
  });
});

/** A run in which p1 publishes again and again. */
function longRun(length: number): Run {
  const { scenario } = atStart('4-1');
  const world = new World(scenario.setup, scenario.before);
  const inputs: Input[] = [];
  while (inputs.length < length) {
    const flight = world.next();
    const input: Input = flight ? { do: 'deliver', flight: flight.number } : (scenario.script[0] as Input);
    world.apply(input);
    inputs.push(input);
  }
  return { scenario, inputs, at: inputs.length };
}
