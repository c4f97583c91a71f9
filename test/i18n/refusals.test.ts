/** That what a reader is told of an impossible wish is said by the dictionary, so that every language can say it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ImpossibleInput, type Input, REFUSALS, refusalOf, type Setup, World } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import { closesText } from '../../src/widgets/packet/closes.ts';
import { refusalText } from '../../src/widgets/refusal.ts';

const SETUP: Setup = {
  version: 4,
  link: { delay: 0 },
  clients: [
    { name: 'p1', keepAlive: 0 },
    { name: 'phone', version: 5, keepAlive: 0 },
    { name: 'slow', link: { delay: 100 } },
  ],
  broker: { maximumQoS: 1, retainAvailable: false, topicAliasMaximum: 3, maximumPacketSize: 60 },
};
const TWO: Input[] = [
  { do: 'connect', client: 'p1' },
  { do: 'deliver', flight: 1 },
  { do: 'deliver', flight: 2 },
  { do: 'publish', client: 'p1', topic: 'a', payload: '1', qos: 0 },
  { do: 'publish', client: 'p1', topic: 'a', payload: '2', qos: 0 },
];
const ON: Input[] = [
  { do: 'connect', client: 'phone' },
  { do: 'deliver', flight: 1 },
  { do: 'deliver', flight: 2 },
];

const publish = (more: Partial<Input & { do: 'publish' }>): Input => ({
  do: 'publish',
  client: 'phone',
  topic: 'a',
  payload: '',
  qos: 0,
  ...more,
});

/** What is wished for, after what, and what the reader is told. */
const WISHES: [before: Input[], wish: Input, told: string, notTcp?: true][] = [
  [[], { do: 'connect', client: 'nobody' }, 'There is no client nobody.'],
  [[], { do: 'join', setup: { name: 'p1' } }, 'The name p1 is taken already.'],
  [TWO, { do: 'connect', client: 'p1' }, 'p1 is connected already.'],
  [[], { do: 'cut', client: 'p1' }, 'p1 is not connected.'],
  [
    [...TWO, { do: 'freeze', client: 'p1' }],
    { do: 'freeze', client: 'p1' },
    'The link of p1 is frozen already.',
  ],
  [TWO, { do: 'thaw', client: 'p1' }, 'The link of p1 is not frozen.'],
  [
    TWO,
    { do: 'disconnect', client: 'p1', sessionExpiryInterval: 5 },
    'p1 does not speak MQTT 5.0, and only that has a session expiry interval.',
  ],
  [
    TWO,
    publish({ client: 'p1', properties: { contentType: 'x' } }),
    'p1 does not speak MQTT 5.0, and only that has properties.',
  ],
  [
    TWO,
    { do: 'subscribe', client: 'p1', topicFilter: 'a', qos: 0, noLocal: true },
    'p1 does not speak MQTT 5.0, and only that has options for subscriptions.',
  ],
  [[], { do: 'deliver', flight: 7 }, 'There is no packet 7.'],
  [TWO, { do: 'deliver', flight: 1 }, 'Packet 1 has arrived already.'],
  [TWO, { do: 'hold', flight: 1 }, 'Packet 1 has arrived already.'],
  [[...TWO, { do: 'cut', client: 'p1' }], { do: 'deliver', flight: 3 }, 'Packet 3 is lost already.'],
  [[...TWO, { do: 'hold', flight: 3 }], { do: 'hold', flight: 3 }, 'Packet 3 is held already.'],
  [TWO, { do: 'release', flight: 3 }, 'Packet 3 is not held.'],
  [
    [...TWO, { do: 'freeze', client: 'p1' }],
    { do: 'deliver', flight: 3 },
    'Packet 3 cannot move: its link is frozen.',
  ],
  [TWO, { do: 'deliver', flight: 4 }, 'Packet 4 is behind packet 3, and TCP keeps their order.'],
  [
    [
      { do: 'connect', client: 'slow' },
      { do: 'wait', time: 40 },
    ],
    { do: 'deliver', flight: 1 },
    'Packet 1 is on its way for another 60\u00a0ms.',
  ],
  [TWO, { do: 'drop', flight: 3 }, 'TCP keeps all packets, each once and in their order.'],
  [TWO, { do: 'reorder', flight: 3 }, 'There is no packet in front of packet 3.', true],
  [[], { do: 'wait', time: -1 }, 'Time does not go back.'],
  [[], { do: 'wait', time: Number.POSITIVE_INFINITY }, 'A wait has an end.'],
  [ON, publish({ qos: 2 }), 'The broker takes no message above QoS\u00a01.'],
  [ON, publish({ retain: true }), 'The broker retains no messages.'],
  [ON, publish({ properties: { topicAlias: 4 } }), 'The broker takes no topic alias above 3.'],
  [ON, publish({ payload: 'x'.repeat(60) }), 'The broker takes no packet of more than 60 bytes.'],
  [
    ON,
    { do: 'subscribe', client: 'phone', topicFilter: 'x'.repeat(60), qos: 0 },
    'The broker takes no packet of more than 60 bytes.',
  ],
  [
    ON,
    publish({ topic: '', qos: 1, properties: { topicAlias: 3 } }),
    'Above QoS\u00a00 a message needs its topic: an alias is not enough.',
  ],
  [
    ON,
    publish({ topic: 'x'.repeat(70_000) }),
    'A value is larger or longer than there is room for in its packet.',
  ],
  [
    TWO,
    publish({ client: 'p1', topic: 'a/+' }),
    'The Topic Name has the wildcard + in it, which only a filter may have.',
  ],
];

function refusal(wish: () => void) {
  try {
    wish();
  } catch (error) {
    if (error instanceof ImpossibleInput || error instanceof RangeError) return refusalOf(error);
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('an impossible wish', () => {
  test.each(WISHES)('after %j: %j', (before, wish, told, notTcp) => {
    const world = new World({ ...SETUP, ...(notTcp && { notTcp }) }, before);
    const said = refusal(() => world.apply(wish));
    expect(refusalText(said, en.refusals)).toBe(told);
  });

  test('a client that may not connect as it is set up is refused with the fault of its CONNECT', () => {
    const clients = [{ name: 'p1', clientId: '', cleanStart: false }];
    const said = refusal(() => new World({ version: 4, clients }));
    expect(said.id).toBe('clientIdEmpty');
    expect(refusalText(said, en.refusals)).toBe('An empty client identifier needs Clean Session 1.');
  });

  test('is said from the dictionary whatever its language, with the values that the engine gives', () => {
    const other = Object.fromEntries(
      Object.entries(en.refusals).map(([id, text]) => [id, `«${text.match(/\{\w+\}/g)?.join(' ') ?? ''}»`]),
    ) as unknown as typeof en.refusals;
    for (const [before, wish, , notTcp] of WISHES) {
      const world = new World({ ...SETUP, ...(notTcp && { notTcp }) }, before);
      const said = refusal(() => world.apply(wish));
      // What no packet may be is said by the codec's table, by the name of the fault.
      if (said.id === 'topicWildcard') continue;
      expect(refusalText(said, other)).toMatch(/^«[^{}]*»$/);
    }
  });

  test.each(Object.entries(REFUSALS))(
    '%s has words that ask for no value which the engine lacks',
    (id, text) => {
      const slots = (phrase: string) => phrase.match(/\{\w+\}/g) ?? [];
      expect(slots(text)).toEqual(expect.arrayContaining(slots(en.refusals[id as keyof typeof REFUSALS])));
    },
  );
});

describe('a connection that the broker closes', () => {
  const source = readFileSync('broker/server/connection.ts', 'utf8');
  const reasons = [...source.matchAll(/#close\('([^']+)'/g)].map(([, reason]) => reason as string);

  test('has its reason in the dictionary, for every reason that has no code', () => {
    expect([...new Set(reasons)].sort()).toEqual(Object.keys(en.packet.closes.reasons).sort());
  });

  test('is told in a sentence, whether the reason is words, a reason code or a fault', () => {
    const { closes } = en.packet;
    expect(closesText('the client said goodbye', closes)).toBe(
      'The broker closes the connection. The client said goodbye.',
    );
    expect(closesText('Protocol Error', closes)).toBe('The broker closes the connection: Protocol Error.');
    expect(closesText('There is no QoS 3.', closes)).toBe(
      'The broker closes the connection. There is no QoS 3.',
    );
  });
});
