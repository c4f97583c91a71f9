import { describe, expect, test } from 'vitest';
import { act, type Run, toEnd } from '../../../src/lessons/run.ts';
import { brokerOf, type Change, changes, remembered, textOf } from '../../../src/widgets/stepper/memory.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';
import { atStart, cut, scenario, until } from './world.ts';

/** What the last step of a run did to what a party remembers. */
function changesOf(run: Run, party: string): Change[] {
  const { moments } = timeline(run);
  const [now, before] = [moments[run.at], moments[run.at - 1]].map(
    (moment) => moment && remembered(moment, run.scenario.participants),
  );
  return changes(party, now ?? [], before);
}

describe('each step marks what it changed', () => {
  test('an identifier that is taken is new', () => {
    const { run } = until('4-2', 'publish', 'broker');
    expect(changesOf(run, 'p1')).toMatchObject([
      { change: 'new', item: { kind: 'owed', peer: 'broker', packetId: 4, awaiting: 'pubrec', sent: 1 } },
    ]);
    expect(changesOf(run, 'broker')).toEqual([]);
  });
  test('what is awaited changes, and the old is there to be struck out', () => {
    const { run } = until('4-2', 'pubrel', 'broker');
    expect(changesOf(run, 'p1')).toMatchObject([
      { change: 'changed', item: { awaiting: 'pubcomp' }, was: { awaiting: 'pubrec' } },
    ]);
  });
  test('an identifier that is let go is there for one step more', () => {
    const { run, flight } = until('4-1', 'puback', 'p1');
    const done = act(run, { do: 'deliver', flight: flight.number });
    expect(changesOf(done, 'p1')).toMatchObject([{ change: 'gone', item: { packetId: 4 } }]);
    expect(changesOf(toEnd(done), 'p1')).toEqual([]);
  });
  test('at the beginning nothing is marked', () => {
    for (const party of ['p1', 'broker', 'phone']) expect(changesOf(atStart('4-1'), party)).toEqual([]);
  });
});

test('what an application is given is counted, a copy too', () => {
  const { run } = until('4-1', 'puback', 'p1');
  const end = toEnd(act(run, cut('p1')));
  expect(changesOf(end, 'phone')).toMatchObject([
    { item: { kind: 'given', topic: 'Room1/Light', payload: 'Turn On', times: 2 } },
  ]);
});

test('messages that wait for a client that is away are counted', () => {
  const left = act(atStart('4-1'), cut('phone'));
  let run = act(left, scenario('4-1').script[0] as never);
  const [, publish] = timeline(run).inputs.slice(run.at - 1);
  run = act(run, publish as never);
  expect(changesOf(run, 'broker')).toMatchObject([{ item: { kind: 'queued', peer: 'phone', count: 1 } }]);
});

test('a scenario without a broker is refused', () => {
  expect(() => brokerOf([{ name: 'p1', role: 'publisher' }])).toThrow('needs a broker');
});

test('payloads are read as UTF-8', () => {
  expect(textOf(new Uint8Array([0xe9, 0x96, 0x8b]))).toBe('開');
});
