import { describe, expect, test } from 'vitest';
import { type Input, type Setup, World } from '../../broker/index.ts';
import { en } from '../../src/i18n/en.ts';
import { type Problem, readWorld, type SavedWorld, writeWorld } from '../../src/lessons/world-link.ts';
import { squeeze, unfold } from '../../src/widgets/squeeze.ts';
import { problemText } from '../../src/widgets/world-problem.ts';

const SETUP: Setup = {
  version: 5,
  seed: 7,
  notTcp: true,
  link: { delay: 20, jitter: 5 },
  broker: { maximumQueued: 3, responseInformation: 'answers/', maximumPayloadSize: Number.POSITIVE_INFINITY },
  clients: [
    {
      name: 'p1',
      clientId: 'sensor',
      keepAlive: 10,
      cleanStart: false,
      username: 'anna',
      password: Uint8Array.of(0xff, 0),
      properties: { sessionExpiryInterval: 60, userProperty: [['a', 'b']] },
      will: {
        topic: 'gone',
        payload: new TextEncoder().encode('p1 ü'),
        qos: 1,
        retain: true,
        properties: { willDelayInterval: 5, correlationData: Uint8Array.of(1, 0x80) },
      },
      link: { delay: 0, jitter: 0, breaks: 0 },
      reconnect: { after: 100, times: 3, backoff: 2 },
    },
    { name: 'phone', version: 4 },
  ],
};

const INPUTS: Input[] = [
  { do: 'connect', client: 'p1' },
  { do: 'deliver', flight: 1 },
  { do: 'deliver', flight: 2 },
  { do: 'connect', client: 'phone' },
  { do: 'wait', time: 100 },
  {
    do: 'subscribe',
    client: 'p1',
    topicFilter: 'a/+',
    qos: 1,
    noLocal: true,
    retainAsPublished: true,
    retainHandling: 2,
    subscriptionIdentifier: 9,
  },
  {
    do: 'publish',
    client: 'p1',
    topic: 'a/b',
    payload: 'hi',
    qos: 2,
    retain: true,
    properties: {
      payloadFormatIndicator: 1,
      messageExpiryInterval: 9,
      contentType: 'text/plain',
      responseTopic: 'r',
      correlationData: 'ü',
      topicAlias: 1,
      userProperty: [['x', 'y']],
    },
  },
  { do: 'publish', client: 'phone', topic: 'a/b', payload: '', qos: 0 },
  { do: 'hold', flight: 5 },
  { do: 'release', flight: 5 },
  { do: 'duplicate', flight: 5 },
  { do: 'drop', flight: 8 },
  { do: 'reorder', flight: 6 },
  { do: 'freeze', client: 'phone' },
  { do: 'thaw', client: 'phone' },
  { do: 'unsubscribe', client: 'p1', topicFilter: 'a/+' },
  { do: 'join', setup: { name: 'late', reconnect: { after: 5 } } },
  { do: 'connect', client: 'late' },
  { do: 'cut', client: 'late' },
  { do: 'restart', keeps: true },
  { do: 'connect', client: 'p1' },
  { do: 'disconnect', client: 'p1', reasonCode: 4, sessionExpiryInterval: 0 },
];

const WORLD: SavedWorld = { setup: SETUP, inputs: INPUTS, at: 7 };

function isProblem(found: SavedWorld | Problem): found is Problem {
  return 'problem' in found;
}

interface Written {
  inputs: object[];
  setup: { clients: [object, object] };
}

/** The text of the world with something else in it. */
function altered(change: (data: Written) => void): string {
  const data = JSON.parse(writeWorld(WORLD));
  change(data);
  return JSON.stringify(data);
}

describe('a world that was written down', () => {
  test('is read as it was: every kind of input, and whatever can be said of clients and broker', () => {
    const { maximumPayloadSize: _, ...broker } = SETUP.broker as NonNullable<Setup['broker']>;
    expect(new Set(INPUTS.map((input) => input.do)).size).toBe(17);
    expect(readWorld(writeWorld(WORLD))).toEqual({ ...WORLD, setup: { ...SETUP, broker } });
  });

  test('is the same world: the same bytes in the same order', () => {
    const read = readWorld(writeWorld(WORLD)) as SavedWorld;
    expect(new World(read.setup, read.inputs).flights).toEqual(new World(SETUP, INPUTS).flights);
  });

  test('is short in an address, where most inputs are deliveries', async () => {
    const setup: Setup = { version: 4, clients: [{ name: 'p1', keepAlive: 0 }] };
    const world = new World(setup, [{ do: 'connect', client: 'p1' }]);
    while (world.inputs.length < 1000) {
      if (world.inputs.length % 3 === 0)
        world.apply({ do: 'publish', client: 'p1', topic: 'a', payload: 'b', qos: 1 });
      const flight = world.next();
      if (flight) world.apply({ do: 'deliver', flight: flight.number });
    }
    const text = writeWorld({ setup, inputs: world.inputs, at: 1000 });
    const short = await squeeze(text);
    expect(await unfold(short)).toBe(text);
    expect(short.length).toBeLessThan(4000);
  });
});

describe('a text that is no world', () => {
  const cases: [string, string, Problem['problem']['key'], (string | number)[]][] = [
    ['nothing', '', 'damaged', []],
    ['null', 'null', 'damaged', []],
    ['half of one', writeWorld(WORLD).slice(0, -9), 'damaged', []],
    ['JSON of something else', '{"inputs":[]}', 'damaged', []],
    ['far too much', ' '.repeat(9 * 1024 * 1024), 'tooLong', []],
    ['a later version', altered((it) => Object.assign(it, { version: 9 })), 'otherVersion', ['version']],
    ['no inputs', altered((it) => Object.assign(it, { inputs: undefined })), 'missing', ['inputs']],
    ['a place beyond its end', altered((it) => Object.assign(it, { at: 99 })), 'outOfRange', ['at']],
    [
      'an input of no kind',
      altered((it) => Object.assign(it.inputs, { 3: { do: 'explode' } })),
      'notOneOf',
      ['inputs', 3, 'do'],
    ],
    [
      'an input that is nothing',
      altered((it) => Object.assign(it.inputs, { 3: null })),
      'notOneOf',
      ['inputs', 3, 'do'],
    ],
    [
      'a field that is not known',
      altered((it) => Object.assign(it.inputs[0] ?? {}, { extra: 1 })),
      'unknown',
      ['inputs', 0, 'extra'],
    ],
    [
      'a QoS that there is not',
      altered((it) => Object.assign(it.inputs[7] ?? {}, { qos: 3 })),
      'notOneOf',
      ['inputs', 7, 'qos'],
    ],
    [
      'a wait of a century',
      altered((it) => Object.assign(it.inputs[4] ?? {}, { time: 3e12 })),
      'outOfRange',
      ['inputs', 4, 'time'],
    ],
    [
      'a payload without end',
      altered((it) => Object.assign(it.inputs[7] ?? {}, { payload: 'x'.repeat(70_000) })),
      'tooLong',
      ['inputs', 7, 'payload'],
    ],
    [
      'inputs without end',
      altered((it) => Object.assign(it, { inputs: Array.from({ length: 20_001 }, () => 1) })),
      'tooMany',
      ['inputs'],
    ],
    [
      'text that should be a number',
      altered((it) => Object.assign(it.setup, { seed: '7' })),
      'notNumber',
      ['setup', 'seed'],
    ],
    [
      'a setting that is a list',
      altered((it) => Object.assign(it.setup, { broker: [] })),
      'notRecord',
      ['setup', 'broker'],
    ],
    [
      'bytes that are none',
      altered((it) => Object.assign(it.setup.clients[0], { password: { hex: 'f' } })),
      'notBytes',
      ['setup', 'clients', 0, 'password', 'hex'],
    ],
    [
      'two clients of one name',
      altered((it) => Object.assign(it.setup.clients[1], { name: 'p1' })),
      'impossible',
      ['setup'],
    ],
    [
      'a packet that was never sent',
      altered((it) => Object.assign(it.inputs, { 1: 77 })),
      'impossible',
      ['inputs', 1],
    ],
  ];
  test.each(cases)('%s', (_, text, key, place) => {
    const found = readWorld(text);
    expect(found).toMatchObject({ problem: { key }, place });
    const said = problemText(found as Problem, en);
    expect(said).toMatch(/^[A-Z].*\.$/);
    expect(said).not.toMatch(/[{}]/);
  });

  test('any change of one character in it is read or refused, and never throws', () => {
    const text = writeWorld(WORLD);
    let refused = 0;
    for (let at = 0; at < text.length; at++) {
      for (const other of ['"', '9', 'x', '{'])
        if (isProblem(readWorld(text.slice(0, at) + other + text.slice(at + 1)))) refused++;
    }
    expect(refused).toBeGreaterThan(text.length);
  });
});
