/** What the encoder refuses, what it leaves out, and that it and the framer hold no more than they have to. */
import { describe, expect, test } from 'vitest';
import {
  decode,
  encode,
  Framer,
  type Packet,
  type Publish,
  type QoS,
  type Subscription,
  stampPacketId,
  textOf,
  utf8,
  type Version,
  validate,
} from '../../broker/codec/index.ts';

const publish: Publish = {
  type: 'publish',
  dup: false,
  qos: 0,
  retain: false,
  topic: 'a',
  payload: utf8('x'),
};
const subscription: Subscription = {
  topicFilter: 'a',
  qos: 0,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
};
const connect = { type: 'connect', version: 5, cleanStart: true, keepAlive: 60, clientId: 'a' } as const;
const will = { topic: 'w', payload: utf8('x'), qos: 0, retain: false } as const;
const tooLong = 'a'.repeat(65_536);
const four = 4 as QoS;

describe('what does not fit its field is refused', () => {
  const cases: [string, Packet][] = [
    ['a topic of 65536 bytes', { ...publish, topic: tooLong }],
    ['a topic of 65536 bytes, though of fewer characters', { ...publish, topic: '燈'.repeat(21_846) }],
    ['a packet identifier of 65536', { type: 'puback', packetId: 65_536, reasonCode: 0 }],
    ['a packet identifier of -1', { type: 'puback', packetId: -1, reasonCode: 0 }],
    ['a packet identifier of 1.5', { type: 'puback', packetId: 1.5, reasonCode: 0 }],
    ['a packet identifier that is no number', { type: 'puback', packetId: Number.NaN, reasonCode: 0 }],
    ['a reason code of 256', { type: 'puback', packetId: 1, reasonCode: 256 }],
    ['a QoS of 4', { ...publish, qos: four }],
    ['a Will QoS of 4', { ...connect, will: { ...will, qos: four } }],
    [
      'a requested QoS of 4',
      { type: 'subscribe', packetId: 1, subscriptions: [{ ...subscription, qos: four }] },
    ],
    [
      'a Retain Handling of 4',
      { type: 'subscribe', packetId: 1, subscriptions: [{ ...subscription, retainHandling: 4 as 0 }] },
    ],
    ['a keep alive of 65536 s', { ...connect, keepAlive: 65_536 }],
    ['a password of 65536 bytes', { ...connect, password: new Uint8Array(65_536) }],
    ['a will payload of 65536 bytes', { ...connect, will: { ...will, payload: new Uint8Array(65_536) } }],
    [
      'a session expiry interval of 2 to the 32nd',
      { ...connect, properties: { sessionExpiryInterval: 2 ** 32 } },
    ],
    [
      'a subscription identifier of 268435456',
      { ...publish, properties: { subscriptionIdentifier: [268_435_456] } },
    ],
    ['a user property of 65536 bytes', { ...publish, properties: { userProperty: [['k', tooLong]] } }],
    ['a property that does not exist', { ...publish, properties: { toString: 1 } as object }],
    [
      'a packet of more than 268435455 bytes behind its fixed header',
      { ...publish, payload: new Uint8Array(268_435_456) },
    ],
  ];

  test.each(cases)('%s', (_, packet) => {
    expect(() => encode(packet, 5)).toThrow(RangeError);
    expect(decode(encode(publish, 5), 5)).toEqual({ ...publish, packetId: undefined, properties: undefined });
  });
});

describe('what a version has no place for is left out', () => {
  const cases: [string, Version, Packet, number[]][] = [
    ['properties before 5.0', 4, { ...publish, properties: { topicAlias: 1 } }, [0x30, 4, 0, 1, 0x61, 0x78]],
    [
      'the reason code of a PUBACK before 5.0',
      4,
      { type: 'puback', packetId: 1, reasonCode: 0x80 },
      [0x40, 2, 0, 1],
    ],
    ['the reason code of a DISCONNECT before 5.0', 4, { type: 'disconnect', reasonCode: 4 }, [0xe0, 0]],
    [
      'the reason codes of an UNSUBACK before 5.0',
      4,
      { type: 'unsuback', packetId: 1, reasonCodes: [0] },
      [0xb0, 2, 0, 1],
    ],
    [
      'all options but QoS before 5.0',
      4,
      {
        type: 'subscribe',
        packetId: 1,
        subscriptions: [
          { topicFilter: 'a', qos: 1, noLocal: true, retainAsPublished: true, retainHandling: 2 },
        ],
      },
      [0x82, 6, 0, 1, 0, 1, 0x61, 1],
    ],
    ['Session Present in 3.1', 3, { type: 'connack', sessionPresent: true, reasonCode: 0 }, [0x20, 2, 0, 0]],
    ['the packet identifier at QoS 0', 4, { ...publish, packetId: 7 }, [0x30, 4, 0, 1, 0x61, 0x78]],
    [
      'properties without values',
      5,
      { ...publish, properties: { topicAlias: undefined, userProperty: [] } },
      [0x30, 5, 0, 1, 0x61, 0, 0x78],
    ],
    [
      'the reason code of a success without properties',
      5,
      { type: 'pubrel', packetId: 1, reasonCode: 0, properties: {} },
      [0x62, 2, 0, 1],
    ],
  ];

  test.each(cases)('%s', (_, version, packet, bytes) => {
    expect(Array.from(encode(packet, version))).toEqual(bytes);
  });
});

describe('a forbidden packet is written all the same', () => {
  test('every fault of it is found, in the order of its bytes', () => {
    const packet: Packet = {
      ...publish,
      dup: true,
      topic: 'a/#',
      properties: {
        responseTopic: '+',
        topicAlias: 0,
        payloadFormatIndicator: 7,
        subscriptionIdentifier: [1, 0],
        receiveMaximum: 1,
      },
    };
    const faults = validate(packet, 5);
    expect(faults.map(({ id }) => id)).toEqual([
      'dupAtQoS0',
      'topicWildcard',
      'responseTopicWildcard',
      'topicAliasZero',
      'propertyNotFlag',
      'propertyZero',
      'propertyMisplaced',
    ]);
    expect(faults.map(({ offset }) => offset)).toEqual([0, 4, 8, 12, 15, 19, 21]);
    expect(validate({ ...publish, qos: 2 }, 5)).toMatchObject([{ id: 'packetIdZero', offset: 5 }]);
  });

  test('what cannot be read on is the one fault that is told', () => {
    expect(validate({ ...publish, qos: 3 as QoS }, 5)).toMatchObject([
      { id: 'qosThree', offset: 0, bits: [2, 1] },
    ]);
    expect(validate({ ...publish, topic: '\ud800' }, 5)).toMatchObject([{ id: 'surrogate', offset: 4 }]);
  });

  test('what cannot be written is a RangeError here too', () => {
    expect(() => validate({ ...publish, topic: tooLong }, 5)).toThrow(RangeError);
  });
});

describe('time', () => {
  const many = 100_000;

  test('a SUBSCRIBE full of bad filters is refused as soon as one with a single bad filter', () => {
    const subscriptions = Array.from({ length: many }, () => ({ ...subscription, topicFilter: '++' }));
    const packet: Packet = { type: 'subscribe', packetId: 1, subscriptions };
    expect(() => decode(encode(packet, 4), 4)).toThrow('(byte 8, MQTT-4.7.1-3)');
    expect(validate(packet, 4).length).toBe(many);
  });

  test('a PUBLISH full of properties is read', () => {
    const userProperty = Array.from({ length: many }, (_, index): [string, string] => ['k', String(index)]);
    const packet: Packet = { ...publish, properties: { userProperty } };
    expect(decode(encode(packet, 5), 5)).toMatchObject({ properties: { userProperty } });
    expect(validate(packet, 5)).toEqual([]);
  });

  test('a string of wide characters, and a payload of zeros, are read as text', () => {
    const topic = '燈'.repeat(21_845);
    expect(decode(encode({ ...publish, topic }, 4), 4)).toMatchObject({ topic });
    expect(textOf(new Uint8Array(many))).toBe('\0'.repeat(many));
  });
});

describe('memory', () => {
  test('a framer holds what came, however much its header promises', () => {
    const framer = new Framer(4);
    expect([...framer.push(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f))]).toEqual([]);
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 1000; count++) expect([...framer.push(new Uint8Array(10))]).toEqual([]);
    expect(framer.pending).toBe(10_005);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  test('a header that promises much costs the decoder nothing', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let count = 0; count < 1000; count++)
      expect(() => decode(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff), 5)).toThrow(
        'Missing bytes: 268435453',
      );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  test('a small packet shares its buffer, and a large one has its own', () => {
    expect(encode(publish, 4).buffer.byteLength).toBeLessThanOrEqual(8192);
    const large = encode({ ...publish, payload: new Uint8Array(100_000) }, 4);
    expect(large.buffer.byteLength).toBeLessThan(100_100);
    expect(encode(publish, 4).buffer).not.toBe(large.buffer);
  });

  test('a payload is a plain view of the bytes that came, even of a Buffer', () => {
    const bytes = Buffer.from('30050001617879', 'hex');
    const { payload } = decode(bytes, 4) as Publish;
    expect(payload.constructor).toBe(Uint8Array);
    expect(payload.buffer).toBe(bytes.buffer);
    expect(payload).toEqual(utf8('xy'));
  });
});

describe('a packet identifier that is put into bytes already written', () => {
  const cases: [string, Publish, Version][] = [
    ['a PUBLISH at QoS 1', { ...publish, qos: 1, packetId: 1 }, 4],
    ['a PUBLISH at QoS 2 of 5.0', { ...publish, qos: 2, packetId: 1, properties: { topicAlias: 3 } }, 5],
    [
      'a PUBLISH without a topic',
      { ...publish, qos: 1, packetId: 1, topic: '', properties: { topicAlias: 3 } },
      5,
    ],
    [
      'a PUBLISH with a length of three bytes',
      { ...publish, qos: 1, packetId: 1, payload: new Uint8Array(20_000) },
      4,
    ],
    ['a PUBLISH with a topic of 300 bytes', { ...publish, qos: 1, packetId: 1, topic: 'a'.repeat(300) }, 4],
  ];

  test.each(cases)('is that of %s, and nothing else changes', (_, packet, version) => {
    const frame = encode(packet, version);
    stampPacketId(frame, 0xabcd);
    expect(frame).toEqual(encode({ ...packet, packetId: 0xabcd }, version));
  });
});
