import { afterEach, describe, expect, test, vi } from 'vitest';
import { ImpossibleInput, type Input } from '#broker/sim/input.ts';
import { Recording } from '#broker/sim/recording.ts';
import type { Setup } from '#broker/sim/setup.ts';
import { World } from '#broker/sim/world.ts';

const SETUP: Setup = {
  version: 4,
  clients: ['pub', 'sub', 'idle'].map((name) => ({ name, keepAlive: 0, cleanStart: false })),
};
const BEFORE: Input[] = [
  { do: 'connect', client: 'sub' },
  { do: 'deliver', flight: 1 },
  { do: 'deliver', flight: 2 },
  { do: 'subscribe', client: 'sub', topicFilter: '#', qos: 2 },
  { do: 'deliver', flight: 3 },
  { do: 'deliver', flight: 4 },
];
const PUBLISH: Input = { do: 'publish', client: 'pub', topic: 'a', payload: 'hi', qos: 1 };

/** A recording in which these were done, and all that can arrive has arrived. */
function record(inputs: readonly Input[]): Recording {
  const recording = new Recording(SETUP, BEFORE);
  for (const input of inputs) {
    recording.apply(input);
    for (let flight = recording.world.next(); flight; flight = recording.world.next())
      recording.apply({ do: 'deliver', flight: flight.number });
  }
  return recording;
}

afterEach(() => vi.restoreAllMocks());

describe('a recording', () => {
  test('begins with one moment, of which what happened before is no part', () => {
    const { moments, flights, inputs } = new Recording(SETUP, BEFORE);
    expect([moments.length, flights, inputs]).toEqual([1, [], []]);
    expect([...(moments[0]?.states ?? [])]).toEqual([]);
    expect(moments[0]).toMatchObject({ input: undefined, events: [], sent: [], arrived: [], lost: [] });
    expect(moments[0]?.links).toEqual({ pub: 'none', sub: 'connected', idle: 'none' });
  });

  test('knows what each input sent, let arrive and lost', () => {
    const recording = record([{ do: 'connect', client: 'pub' }]);
    recording.apply(PUBLISH);
    recording.apply({ do: 'cut', client: 'pub' });
    const told = recording.moments
      .slice(1)
      .map(({ input, sent, arrived, lost }) => [input?.do, sent.map(({ number }) => number), arrived, lost]);
    expect(told).toEqual([
      ['connect', [5], [], []],
      ['deliver', [6], [5], []],
      ['deliver', [], [6], []],
      ['publish', [7], [], []],
      ['cut', [], [], [7]],
    ]);
  });

  test('knows where each packet was at any moment', () => {
    const recording = record([{ do: 'connect', client: 'pub' }]);
    recording.apply(PUBLISH);
    recording.apply({ do: 'hold', flight: 7 });
    recording.apply({ do: 'release', flight: 7 });
    recording.apply({ do: 'hold', flight: 7 });
    recording.apply({ do: 'cut', client: 'pub' });
    const states = recording.moments.slice(-6).map((moment) => moment.states.get(7));
    expect(states).toEqual([undefined, 'in flight', 'held', 'in flight', 'held', 'lost']);
    const { states: last } = recording.moments.at(-1) ?? {};
    expect([last?.size, last?.has(4), last?.has(5), last?.has(8)]).toEqual([3, false, true, false]);
    expect([...(last?.keys() ?? [])]).toEqual([5, 6, 7]);
    expect([...(last?.values() ?? [])]).toEqual(['delivered', 'delivered', 'lost']);
  });

  test('keeps what an application had been given by then', () => {
    const { moments } = record([{ do: 'connect', client: 'pub' }, PUBLISH, PUBLISH]);
    const given = moments.map(({ snapshot }) => snapshot.clients['sub']);
    expect(given.map((client) => client?.received.length)).toEqual(
      given.map((client) => client?.receivedCount),
    );
    expect(new Set(given.map((client) => client?.receivedCount))).toEqual(new Set([0, 1, 2]));
  });

  test('shares between moments what did not change', () => {
    const { moments } = record([{ do: 'connect', client: 'pub' }, PUBLISH]);
    const first = moments[0]?.snapshot;
    const last = moments.at(-1)?.snapshot;
    expect(last).not.toBe(first);
    expect(last?.clients['idle']).toBe(first?.clients['idle']);
    expect(last?.broker.sessions[0]?.subscriptions).toBe(first?.broker.sessions[0]?.subscriptions);
    const recording = record([{ do: 'connect', client: 'pub' }]);
    recording.apply({ do: 'freeze', client: 'pub' });
    const [before, after] = recording.moments.slice(-2);
    expect(after?.snapshot).toBe(before?.snapshot);
    expect(after?.links).not.toEqual(before?.links);
  });

  test('is unchanged by what is impossible', () => {
    const recording = record([]);
    expect(() => recording.apply({ do: 'thaw', client: 'pub' })).toThrow(ImpossibleInput);
    expect([recording.moments.length, recording.inputs.length]).toEqual([1, 0]);
  });
});

describe('a fork', () => {
  test('has the same past, goes another way, and leaves the first as it is', () => {
    const recording = record([{ do: 'connect', client: 'pub' }, PUBLISH]);
    const { length } = recording.moments;
    const fork = recording.fork(4);
    fork.apply({ do: 'cut', client: 'pub' });
    expect(fork.moments.slice(0, 5).every((moment, at) => moment === recording.moments[at])).toBe(true);
    expect(fork.moments.at(-1)?.lost).toEqual([7]);
    expect(recording.moments).toHaveLength(length);
    expect(recording.moments.at(-1)?.states.get(7)).toBe('delivered');
    const straight = new Recording(SETUP, BEFORE);
    for (const input of fork.inputs) straight.apply(input);
    expect(fork.flights).toEqual(straight.flights);
    expect(fork.moments.at(-1)).toEqual(straight.moments.at(-1));
  });

  test('is replayed when it goes on, once, and not before', () => {
    const recording = record([{ do: 'connect', client: 'pub' }, PUBLISH, PUBLISH]);
    const apply = vi.spyOn(World.prototype, 'apply');
    const fork = recording.fork(5);
    expect(fork.moments[5]?.snapshot).toBe(recording.moments[5]?.snapshot);
    expect(apply).not.toHaveBeenCalled();
    fork.apply({ do: 'wait', time: 1 });
    expect(apply).toHaveBeenCalledTimes(BEFORE.length + 5 + 1);
    fork.apply({ do: 'wait', time: 1 });
    expect(apply).toHaveBeenCalledTimes(BEFORE.length + 5 + 2);
  });
});
