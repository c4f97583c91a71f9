import { describe, expect, test } from 'vitest';
import type { Input } from '../../../broker/index.ts';
import { variants } from '../../../src/lessons/qos.ts';
import { act, begin, go, toEnd } from '../../../src/lessons/run.ts';
import type { Scenario, Variant } from '../../../src/lessons/scenario.ts';
import { fromFragment, toFragment } from '../../../src/widgets/stepper/link.ts';
import { atStart, cut, scenario, until } from './world.ts';

const ID = 'handshake';

describe('a link to a step leads there again', () => {
  test.each(variants.map(({ key }) => key))('as the figure opens (%s)', (key) => {
    const run = begin(scenario(key));
    const found = fromFragment(toFragment(ID, key, run), ID, variants);
    expect(found).toMatchObject({ variant: { key }, run: { inputs: run.inputs, at: run.at } });
  });
  test('after a cut, to its end and half-way', () => {
    const { run } = until('5-2', 'pubrec', 'p1');
    const end = toEnd(act(run, cut('p1')));
    for (const at of [end.at, 5, 0]) {
      const found = fromFragment(`#${toFragment(ID, '5-2', go(end, at))}`, ID, variants);
      expect(found).toMatchObject({ run: { at, inputs: end.inputs.slice(0, at) } });
    }
  });
  test('what the script does is one letter', () => {
    const { run } = until('4-1', 'publish', 'broker');
    expect(toFragment(ID, '4-1', run)).toBe('handshake=4-1:n');
  });
  test('every kind of input survives, with whatever stands in its texts', () => {
    const base = atStart('4-1');
    const inputs: Input[] = [
      { do: 'subscribe', client: 'p1', topicFilter: 'a.b/#', qos: 1 },
      { do: 'subscribe', client: 'p1', topicFilter: 'a.b/+', qos: 2, retainAsPublished: true },
      { do: 'publish', client: 'p1', topic: 'a.b/ü', payload: '1,2:3.4 & ö', qos: 0, retain: true },
      { do: 'hold', flight: base.scenario.before.length > 0 ? 13 : 1 },
      { do: 'release', flight: 13 },
      { do: 'unsubscribe', client: 'phone', topicFilter: 'Room1/#' },
      { do: 'freeze', client: 'phone' },
      { do: 'thaw', client: 'phone' },
      { do: 'wait', time: 1500 },
      { do: 'disconnect', client: 'phone' },
      { do: 'connect', client: 'phone' },
      { do: 'disconnect', client: 'phone', reasonCode: 4 },
      cut('p1'),
      { do: 'connect', client: 'p1' },
    ];
    let run = base;
    for (const input of inputs) run = act(run, input);
    expect(fromFragment(toFragment(ID, '4-1', run), ID, variants)).toMatchObject({ run: { inputs } });
  });
});

test('what is too rare for a letter survives as well', () => {
  const base = atStart('5-1');
  const inputs: Input[] = [
    {
      do: 'publish',
      client: 'p1',
      topic: 'a.b',
      payload: 'x, y',
      qos: 0,
      properties: { contentType: 'text/plain', userProperty: [['a', '1,2.3']] },
    },
    { do: 'subscribe', client: 'p1', topicFilter: 'a.b', qos: 1, noLocal: true },
    { do: 'join', setup: { name: 'late', password: Uint8Array.of(0, 0xff) } },
    { do: 'restart', keeps: true },
    { do: 'connect', client: 'phone' },
    { do: 'disconnect', client: 'phone', sessionExpiryInterval: 0 },
  ];
  let run = base;
  for (const input of inputs) run = act(run, input);
  expect(fromFragment(toFragment(ID, '5-1', run), ID, variants)).toMatchObject({ run: { inputs } });
});

test('another fragment is no affair of this figure', () => {
  expect(fromFragment('#common-mistakes', ID, variants)).toBeUndefined();
  expect(fromFragment('#once=4-2:n', ID, variants)).toBeUndefined();
});

test.each([
  ['a variant that there is not', '#handshake=9-9:n'],
  ['a step that cannot be read', '#handshake=4-1:q7'],
  ['a packet that was never sent', '#handshake=4-1:n.d99'],
  ['a client that does not exist', '#handshake=4-1:xnobody'],
  ['a QoS that does not exist', '#handshake=4-1:pp1,a,b,7'],
  ['an escape that is cut off', '#handshake=4-1:xp%'],
  ['an input that is none', '#handshake=4-1:j%7B%22do%22%3A%22explode%22%7D'],
  ['a script that is at its end', '#handshake=4-1:n.n'],
])('a link with %s is broken', (_, fragment) => {
  expect(fromFragment(fragment, ID, variants)).toBe('broken');
});

test('a link does not depend on what the figure opens with', () => {
  const { run } = until('4-1', 'puback', 'p1');
  const fragment = toFragment(ID, '4-1', run);
  const changed: Scenario = { ...scenario('4-1'), opening: [] };
  const other: Variant[] = [{ key: '4-1', scenario: changed }];
  expect(fromFragment(fragment, ID, other)).toMatchObject({ run: { inputs: run.inputs } });
});
