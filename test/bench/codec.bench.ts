/**
 * How fast the codec is beside mqtt-packet, at what a broker does most. Both do the same work: a Buffer of the stream to
 * packet objects (the parser, or the framer, is kept), and a packet object to bytes. `npm run bench` runs it as Node does,
 * without Vitest's rewriting of imports, which would slow down the code here and spare the package.
 */
import mqttPacket, { type Packet as TheirPacket } from 'mqtt-packet';
import { afterAll, expect, test } from 'vitest';
import { decode, encode, Framer, type Packet } from '../../broker/codec/index.ts';

const VERSION = 4;

/** How many packets are done between two looks at the clock, which would otherwise cost more than they do. */
const PACKETS = 200;

/** What is asked of each ratio. */
const LEAST_RATIO = 3;

interface Case {
  name: string;
  ours: Packet;
  theirs: TheirPacket;
}

function publish(qos: 0 | 1, bytes: number): Case {
  const message = {
    topic: 'home/kitchen/temperature',
    payload: Buffer.alloc(bytes, '7'),
    qos,
    dup: false,
    retain: false,
  };
  const packetId = qos === 0 ? undefined : 42;
  return {
    name: `PUBLISH at QoS ${qos}, ${bytes} bytes`,
    ours: { type: 'publish', ...message, packetId },
    theirs: { cmd: 'publish', ...message, ...(packetId && { messageId: packetId }) },
  };
}

const login = { clientId: 'kitchen-sensor-17', username: 'alice', password: Buffer.from('s3cret') };
const filters = [
  { topic: 'home/+/temperature', qos: 0 },
  { topic: 'home/kitchen/#', qos: 1 },
  { topic: 'garden/light', qos: 2 },
] as const;
const options = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;

const cases: Case[] = [
  {
    name: 'CONNECT',
    ours: { type: 'connect', version: VERSION, cleanStart: true, keepAlive: 60, ...login },
    theirs: {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: VERSION,
      clean: true,
      keepalive: 60,
      ...login,
    },
  },
  publish(0, 16),
  publish(0, 256),
  publish(1, 16),
  {
    name: 'SUBSCRIBE for three filters',
    ours: {
      type: 'subscribe',
      packetId: 7,
      subscriptions: filters.map(({ topic, qos }) => ({ topicFilter: topic, qos, ...options })),
    },
    theirs: { cmd: 'subscribe', messageId: 7, subscriptions: [...filters] },
  },
];

const table: Record<string, Record<string, string>> = {};

for (const { name, ours, theirs } of cases) {
  const bytes = mqttPacket.generate(theirs);
  // What was made last is kept, so that nothing is left out for being of no use.
  let last: unknown;

  test(`parse ${name}`, { timeout: 60_000 }, async ({ bench }) => {
    const parser = mqttPacket.parser({ protocolVersion: VERSION });
    parser.on('packet', (packet) => {
      last = packet;
    });
    const framer = new Framer(VERSION);
    const result = await bench.compare(
      bench('mqtt-packet', () => {
        for (let count = 0; count < PACKETS; count++) parser.parse(bytes);
      }),
      bench('here', () => {
        for (let count = 0; count < PACKETS; count++)
          for (const frame of framer.push(bytes)) last = decode(frame, VERSION);
      }),
    );
    expect(last).toEqual(decode(bytes, VERSION));
    note(name, 'parse', result.get('mqtt-packet').latency.min, result.get('here').latency.min);
  });

  test(`generate ${name}`, { timeout: 60_000 }, async ({ bench }) => {
    const result = await bench.compare(
      bench('mqtt-packet', () => {
        for (let count = 0; count < PACKETS; count++) last = mqttPacket.generate(theirs);
      }),
      bench('here', () => {
        for (let count = 0; count < PACKETS; count++) last = encode(ours, VERSION);
      }),
    );
    expect(Buffer.compare(last as Uint8Array, bytes)).toBe(0);
    note(name, 'generate', result.get('mqtt-packet').latency.min, result.get('here').latency.min);
  });
}

/** @param theirs time of the fastest round, which other programs disturbed least, in milliseconds; so is `ours` */
function note(name: string, work: string, theirs: number, ours: number): void {
  const nanoseconds = (round: number): string => ((round * 1e6) / PACKETS).toFixed(0);
  table[`${work} ${name}`] = {
    'mqtt-packet, ns': nanoseconds(theirs),
    'here, ns': nanoseconds(ours),
    'times as fast': (theirs / ours).toFixed(1),
  };
  expect(theirs / ours).toBeGreaterThan(LEAST_RATIO);
}

afterAll(() => console.table(table));
