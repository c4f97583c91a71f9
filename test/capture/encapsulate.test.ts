/** Traces as captures: what a world's party sent and received comes out as the same packets, here and in tshark, over TCP that is without fault. */
import { describe, expect, test } from 'vitest';
import { type CaptureContents, encapsulate } from '../../broker/capture/index.ts';
import { Broker, type Input, type TraceEvent, utf8, type Version, World } from '../../broker/index.ts';
import { CONNACK, connect, DISCONNECT, findingIds, listing, publish, read } from './packets.ts';
import { expectLikeTshark, tsharkFields, withoutTshark } from './tshark.ts';

const STARTED = Date.UTC(2026, 0, 1);

type Step = Input | 'all arrives';

function world(version: Version, steps: readonly Step[]): World {
  const will = { topic: 'gone', payload: utf8('alice'), qos: 1, retain: false } as const;
  const made = new World({
    version,
    clients: [{ name: 'alice', keepAlive: 60, will }, { name: 'bob' }, { name: 'carol' }],
  });
  for (const step of steps) {
    if (step !== 'all arrives') made.apply(step);
    else
      for (let flight = made.next(); flight !== undefined; flight = made.next()) {
        made.apply({ do: 'wait', time: 3 });
        made.apply({ do: 'deliver', flight: flight.number });
      }
  }
  return made;
}

const connected: Step[] = [
  { do: 'connect', client: 'alice' },
  { do: 'connect', client: 'bob' },
  { do: 'connect', client: 'carol' },
  'all arrives',
];

const worlds: Record<string, Step[]> = {
  'publish and subscribe at every QoS': [
    ...connected,
    { do: 'subscribe', client: 'bob', topicFilter: '#', qos: 2 },
    'all arrives',
    { do: 'publish', client: 'alice', topic: 'a/0', payload: 'zero', qos: 0 },
    { do: 'publish', client: 'alice', topic: 'a/1', payload: 'one', qos: 1 },
    { do: 'publish', client: 'carol', topic: 'a/2', payload: 'two', qos: 2, retain: true },
    'all arrives',
    { do: 'unsubscribe', client: 'bob', topicFilter: '#' },
    'all arrives',
    { do: 'disconnect', client: 'alice' },
    'all arrives',
  ],
  'a packet of many segments': [
    ...connected,
    { do: 'subscribe', client: 'bob', topicFilter: 'big', qos: 0 },
    'all arrives',
    { do: 'publish', client: 'alice', topic: 'big', payload: 'y'.repeat(20_000), qos: 1 },
    'all arrives',
  ],
  'a connection that is cut with packets in flight': [
    ...connected,
    { do: 'subscribe', client: 'bob', topicFilter: '#', qos: 1 },
    'all arrives',
    { do: 'publish', client: 'alice', topic: 'lost', payload: 'x', qos: 1 },
    { do: 'cut', client: 'alice' },
    'all arrives',
    { do: 'connect', client: 'alice' },
    'all arrives',
  ],
  'a broker that begins anew, and its clients that come back': [
    ...connected,
    { do: 'restart', keeps: true },
    { do: 'connect', client: 'bob' },
    { do: 'connect', client: 'alice' },
    'all arrives',
    { do: 'publish', client: 'alice', topic: 'after', payload: 'x', qos: 1 },
    'all arrives',
    { do: 'restart', keeps: false },
    { do: 'connect', client: 'alice' },
    'all arrives',
  ],
  'a client that freezes until its keep alive is over, and comes back': [
    ...connected,
    { do: 'subscribe', client: 'alice', topicFilter: '#', qos: 1 },
    'all arrives',
    { do: 'freeze', client: 'alice' },
    { do: 'publish', client: 'bob', topic: 'unheard', payload: 'x', qos: 1 },
    'all arrives',
    { do: 'wait', time: 200_000 },
    'all arrives',
    { do: 'connect', client: 'alice' },
    'all arrives',
    { do: 'disconnect', client: 'alice' },
    'all arrives',
  ],
};

const made = Object.entries(worlds).flatMap(([name, steps]) =>
  ([4, 5] as const).map((version) => ({ name, version, trace: world(version, steps).trace })),
);

/** The bytes of packets that a party sent or received, in order. */
function frames(trace: readonly TraceEvent[], by: string): string[] {
  return trace.flatMap((event) =>
    event.by === by && (event.kind === 'sent' || event.kind === 'received')
      ? [Buffer.from(event.frame).toString('hex')]
      : [],
  );
}

function hex({ packets }: CaptureContents): string[] {
  return packets.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
}

describe.each(made)('$name, version $version', ({ trace }) => {
  test.each(['broker', 'alice', 'bob'])('what %s saw is what the capture holds', async (by) => {
    const contents = await read(encapsulate(trace, { by, startedAt: STARTED }));
    expect(contents.fault).toBeUndefined();
    expect(hex(contents)).toEqual(frames(trace, by));
    expect(contents.startedAt).toBe(BigInt(STARTED) * 1_000_000n);
    for (const id of ['gap', 'retransmitted', 'beginsInMiddle', 'incomplete', 'wrongSide'])
      expect(findingIds(contents)).not.toContain(id);
  });

  test.skipIf(withoutTshark)(
    'tshark sees the same fields, nothing malformed, no segment unseen, every checksum right',
    async () => {
      await expectLikeTshark(encapsulate(trace, { startedAt: STARTED }));
    },
  );
});

test.skipIf(withoutTshark)('what a client saw is without fault, too', async () => {
  for (const by of ['alice', 'bob'])
    await expectLikeTshark(
      encapsulate(world(5, worlds['publish and subscribe at every QoS'] as Step[]).trace, { by }),
    );
});

describe('a connection', () => {
  const at = (time: number, event: Record<string, unknown>): TraceEvent =>
    ({ at: time, by: 'broker', connection: 1, version: 4, ...event }) as TraceEvent;
  const opened = (peer: string) => at(0, { kind: 'opened', peer });
  const greeting = [at(1, { kind: 'received', frame: connect() }), at(2, { kind: 'sent', frame: CONNACK })];

  /** Flags of a capture's segments, in words. */
  const flags = (file: Uint8Array): string[] => {
    const names = [...'FSRPA'];
    const words: string[] = [];
    const view = Buffer.from(file);
    for (let place = 0; place < view.length; place += view.readUInt32LE(place + 4)) {
      if (view.readUInt32LE(place) !== 6) continue;
      const frame = view.subarray(place + 28);
      const bits = frame.readUInt8(14 + 20 + 13);
      words.push(
        `${frame.readUInt16BE(14 + 20) === 1883 ? '<' : '>'}${names.filter((_, bit) => bits & (1 << bit)).join('')}`,
      );
    }
    return words;
  };

  test('is opened by the client, acknowledged on both sides, and closed by whoever said goodbye', () => {
    const file = encapsulate([
      opened('c'),
      ...greeting,
      at(3, { kind: 'received', frame: DISCONNECT }),
      at(3, { kind: 'closed', reason: 'the client said goodbye' }),
    ]);
    expect(flags(file)).toEqual([
      '>S',
      '<SA',
      '>A',
      '>PA',
      '<A',
      '<PA',
      '>A',
      '>PA',
      '<A',
      '>FA',
      '<FA',
      '>A',
    ]);
  });

  test('that the broker closes ends with the broker’s FIN', () => {
    expect(
      flags(
        encapsulate([opened('c'), ...greeting, at(3, { kind: 'closed', reason: 'Keep Alive timeout' })]),
      ).slice(-3),
    ).toEqual(['<FA', '>FA', '<A']);
  });

  test('that is lost ends with RST', () => {
    expect(flags(encapsulate([opened('c'), ...greeting, at(3, { kind: 'closed' })])).at(-1)).toBe('>RA');
  });

  test('that is still open has no end', () => {
    expect(flags(encapsulate([opened('c'), ...greeting])).at(-1)).toBe('>A');
  });

  test('whose beginning the trace does not have begins with what it has', async () => {
    const contents = await read(encapsulate(greeting));
    expect(listing(contents)).toEqual(['CONNECT', 'CONNACK']);
    expect(findingIds(contents)).toEqual(['beginsInMiddle']);
  });

  test.each([
    ['127.0.0.1:50123', '127.0.0.1', 50_123, '127.0.0.1'],
    ['::ffff:127.0.0.1:50123', '127.0.0.1', 50_123, '127.0.0.1'],
    ['203.0.113.9:50123', '203.0.113.9', 50_123, '192.0.2.1'],
    ['::1:50123', '::1', 50_123, '::1'],
    ['[2001:db8::7]:50123', '2001:db8::7', 50_123, '2001:db8::1'],
    ['alice', '192.0.2.10', 49_153, '192.0.2.1'],
  ])('of %s has its addresses', async (peer, address, port, broker) => {
    const { conversations } = await read(encapsulate([opened(peer), ...greeting], { port: 2883 }));
    expect(conversations[0]).toMatchObject({
      client: { address, port },
      broker: { address: broker, port: 2883 },
    });
  });

  test('has what was malformed, as it came', async () => {
    const frame = publish('a', 'x').fill(0x36, 0, 1);
    const contents = await read(
      encapsulate([
        opened('c'),
        ...greeting,
        at(3, { kind: 'malformed', frame }),
        at(3, { kind: 'closed', reason: 'Malformed Packet' }),
      ]),
    );
    expect(hex(contents).at(-1)).toBe(Buffer.from(frame).toString('hex'));
    expect(findingIds(contents)).toContain('malformed');
  });

  test('whose stream cannot be read on has each byte once, wherever it was cut', async () => {
    const whole = [publish('a', 'x'), publish('b', 'y'), Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 0x7f)];
    const sent = Buffer.concat([connect(), ...whole]);
    for (const size of [sent.length, 20, 7, 1]) {
      const trace: TraceEvent[] = [];
      const broker = new Broker({}, { trace: (event) => trace.push(event) });
      const connection = broker.accept({ send: () => {}, close: () => {}, backlog: 0 }, '203.0.113.9:50123');
      for (let start = 0; start < sent.length; start += size)
        connection.receive(sent.subarray(start, start + size));
      const received = trace.flatMap((event) =>
        event.kind === 'received' || event.kind === 'malformed' ? [event.frame] : [],
      );
      const broken = whole.at(-1) as Uint8Array;
      // Of the last packet, as much as shows that it is broken.
      expect(sent.toString('hex')).toContain(Buffer.concat(received).toString('hex'));
      expect(Buffer.concat(received).length).toBeGreaterThanOrEqual(sent.length - 1);
      expect(received.at(-1)?.subarray(0, 5)).toEqual(broken.subarray(0, 5));
      const contents = await read(encapsulate(trace));
      expect(listing(contents).slice(0, 4)).toEqual(['CONNECT', 'CONNACK', 'PUBLISH a', 'PUBLISH b']);
      expect(listing(contents).filter((line) => line.startsWith('PUBLISH ')).length).toBe(2);
      expect(findingIds(contents)).not.toContain('retransmitted');
    }
  });

  test('over IPv6 has segments that fit, too', async () => {
    const frame = publish('a', 'y'.repeat(5000));
    const file = encapsulate([opened('::1:50000'), ...greeting, at(3, { kind: 'received', frame })]);
    expect(hex(await read(file)).at(-1)).toBe(Buffer.from(frame).toString('hex'));
  });
});

test.skipIf(withoutTshark)(
  'packets longer than 64 KB are whole in tshark, over IPv4 and over IPv6',
  async () => {
    const frame = publish('big', 'y'.repeat(200_000));
    for (const peer of ['203.0.113.9:50123', '[2001:db8::7]:50123']) {
      const common = { by: 'broker', connection: 1, version: 4 } as const;
      const file = encapsulate([
        { ...common, at: 0, kind: 'opened', peer },
        { ...common, at: 1, kind: 'received', frame: connect() },
        { ...common, at: 2, kind: 'sent', frame: CONNACK },
        { ...common, at: 3, kind: 'received', frame },
        { ...common, at: 4, kind: 'received', frame: DISCONNECT },
        { ...common, at: 4, kind: 'closed', reason: 'goodbye' },
      ]);
      await expectLikeTshark(file);
      expect(tsharkFields(file, 'mqtt.topic == "big"', ['mqtt.len'])).toEqual([[String(frame.length - 4)]]);
    }
  },
);

describe('secrets', () => {
  const SECRETS = `CLIENT_RANDOM ${'ab'.repeat(32)} ${'cd'.repeat(48)}\n`;

  test('are written in front of the frames', () => {
    const text = Buffer.from(encapsulate([], { secrets: SECRETS })).toString('latin1');
    expect(text).toContain(SECRETS);
  });

  test.skipIf(withoutTshark)('are in the file for tshark as well', () => {
    const file = encapsulate(world(4, connected).trace, { secrets: SECRETS });
    expect(tsharkFields(file, 'mqtt', ['mqtt.msgtype']).length).toBe(6);
  });
});
