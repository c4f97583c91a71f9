import { describe, expect, test } from 'vitest';
import { type Input, type Setup, type TraceEvent, World } from '../../../broker/index.ts';
import { en } from '../../../src/i18n/en.ts';
import { settled } from '../../../src/lessons/run.ts';
import { decisionText } from '../../../src/widgets/stepper/decided.ts';
import { decisionsIn } from '../../../src/widgets/stepper/decisions.ts';
import { draw } from '../../../src/widgets/stepper/draw.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';
import { until } from './world.ts';

/** What the broker decides when these things are done, in sentences with their statements. */
function decided(version: 4 | 5, inputs: readonly Input[], more: Partial<Setup> = {}): string[] {
  const clients = [
    {
      name: 'p1',
      keepAlive: 10,
      will: { topic: 'gone', payload: new Uint8Array([33]), qos: 1, retain: false },
    },
    { name: 'phone', cleanStart: false, keepAlive: 0 },
  ] as const;
  const setup: Setup = { version, clients, ...more };
  const { trace } = new World(setup, settled(setup, inputs));
  return sentences(trace);
}

function sentences(events: readonly TraceEvent[]): string[] {
  return decisionsIn(events, 'broker').map((each) =>
    `${decisionText(each, en)} ${each.rule ?? '–'}`.replaceAll('\u00a0', ' '),
  );
}

const connect: Input[] = [
  { do: 'connect', client: 'p1' },
  { do: 'connect', client: 'phone' },
];

test('a message is looked up among the subscriptions, and goes to those that match', () => {
  const all = decided(4, [
    ...connect,
    { do: 'subscribe', client: 'phone', topicFilter: 'Room1/#', qos: 1 },
    { do: 'publish', client: 'p1', topic: 'Room1/Light', payload: 'on', qos: 1, retain: true },
    { do: 'publish', client: 'p1', topic: 'Room2/Light', payload: 'on', qos: 0 },
  ]);
  expect(all).toEqual(
    expect.arrayContaining([
      'The broker notes the subscription of phone to Room1/#. MQTT-3.8.4-1',
      'The broker keeps the message for later subscribers of Room1/Light. MQTT-3.3.1-5',
      'The broker found 1 subscription for Room1/Light: phone (Room1/#, QoS 1). MQTT-4.5.0-1',
      'The broker found no subscription for Room2/Light: the message goes to nobody. MQTT-4.5.0-1',
    ]),
  );
});

test.each([
  [
    4,
    'The broker makes a new session for p1. MQTT-3.1.2-6',
    'The broker makes a new session for phone. MQTT-3.1.2-4',
  ],
  [
    5,
    'The broker makes a new session for p1. MQTT-3.1.2-4',
    'The broker makes a new session for phone. MQTT-3.1.2-6',
  ],
] as const)(
  'a session is new because it was asked for, or because there is none (version %i)',
  (version, clean, none) => {
    const events = new World({ version, clients: [{ name: 'p1' }, { name: 'phone', cleanStart: false }] });
    const said = ['p1', 'phone'].flatMap((client) => {
      const seen = events.trace.length;
      events.apply({ do: 'connect', client });
      events.apply({ do: 'deliver', flight: events.flights.length });
      return sentences(events.trace.slice(seen));
    });
    expect(said).toEqual([clean, none]);
  },
);

test('a cut publishes the will and keeps or throws away the session', () => {
  const all = decided(4, [...connect, { do: 'cut', client: 'p1' }, { do: 'cut', client: 'phone' }]);
  expect(all).toEqual(
    expect.arrayContaining([
      'The broker keeps the will of p1 for gone. MQTT-3.1.2-8',
      'The broker publishes the will of p1 for gone. MQTT-3.1.2-8',
      'The broker throws the session of p1 away. MQTT-3.1.2-6',
      'The broker keeps the session of phone while it is away. MQTT-3.1.2-4',
    ]),
  );
});

test('messages for who is away wait, or are let go of', () => {
  const all = decided(4, [
    ...connect,
    { do: 'subscribe', client: 'phone', topicFilter: '#', qos: 1 },
    { do: 'cut', client: 'phone' },
    { do: 'publish', client: 'p1', topic: 'a', payload: 'x', qos: 0 },
    { do: 'publish', client: 'p1', topic: 'b', payload: 'x', qos: 1 },
    { do: 'connect', client: 'phone' },
  ]);
  expect(all).toEqual(
    expect.arrayContaining([
      'The broker lets go of the message for a: phone is away, and QoS 0 does not wait. –',
      'The broker keeps the message for b until phone can take it. MQTT-3.1.2-5',
      'The broker had kept a session of phone, and goes on with it. MQTT-3.1.2-4',
    ]),
  );
});

test('silence closes a connection', () => {
  const all = decided(4, [...connect, { do: 'freeze', client: 'p1' }, { do: 'wait', time: 20_000 }]);
  expect(all).toEqual(
    expect.arrayContaining([
      'The broker heard nothing for one and a half times the Keep Alive of 10 s. MQTT-3.1.2-24',
      'The broker closes the connection: Keep Alive timeout. MQTT-3.1.2-24',
    ]),
  );
});

describe('where they stand', () => {
  test('each decision stands at the packet that led to it, and nowhere else', () => {
    const { run } = until('4-1', 'puback', 'p1');
    const { rows } = draw(timeline(run), run.at, run.scenario.participants);
    expect(rows.map(({ decisions = [] }) => decisions.map(({ kind }) => kind))).toEqual([
      ['matched'],
      [],
      [],
      [],
    ]);
  });
  test('what the network did and what was said are no decisions', () => {
    const { run } = until('4-1', 'puback', 'p1');
    const kinds = timeline(run).moments.flatMap(({ events }) =>
      decisionsIn(events, 'broker').map(({ kind }) => kind),
    );
    expect(new Set(kinds)).toEqual(new Set(['matched']));
  });
});
