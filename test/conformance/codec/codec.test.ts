// The statements that the codec alone decides, and those that only an encoder can be asked about.
import { describe, expect, test } from 'vitest';
import {
  CONNECT_RETURN_CODES,
  type Connect,
  decode,
  encode,
  Malformed,
  PACKET_TYPES,
  type Packet,
  reasonName,
  utf8,
  type Version,
} from '#broker/codec/index.ts';
import { connect, field, frame, none, publish, subscribe, unsubscribe } from '../packets.ts';

const VERSIONS: readonly Version[] = [4, 5];

/** One packet of each type that a version has. */
function everyPacket(version: Version): Packet[] {
  const packets: Packet[] = [
    connect({ version }),
    { type: 'connack', sessionPresent: false, reasonCode: 0 },
    publish('a'),
    ...(['puback', 'pubrec', 'pubrel', 'pubcomp'] as const).map((type) => ({
      type,
      packetId: 1,
      reasonCode: 0,
    })),
    subscribe(1, 'a'),
    { type: 'suback', packetId: 1, reasonCodes: [0] },
    unsubscribe(1, 'a'),
    { type: 'unsuback', packetId: 1, reasonCodes: version === 5 ? [0] : [] },
    { type: 'pingreq' },
    { type: 'pingresp' },
    { type: 'disconnect', reasonCode: 0 },
  ];
  return version === 5 ? [...packets, { type: 'auth', reasonCode: 0 }] : packets;
}

describe.each(VERSIONS)('the encoder, level %i', (version) => {
  const full: Connect = connect({
    version,
    clientId: 'c',
    will: { topic: 't', payload: utf8('w'), qos: 1, retain: true },
    username: 'u',
    password: utf8('p'),
  });

  test('writes the fields of CONNECT in their order, behind flags that tell which there are [MQTT-3.1.3-1] [MQTT-3.1.3-3] [MQTT-3.1.2-9] [v3 MQTT-3.1.2-19, MQTT-3.1.2-21] [v5 MQTT-3.1.2-17, MQTT-3.1.2-19]', () => {
    expect(encode(full, version)).toEqual(
      frame(0x10, 'MQTT', [version, 0xee, 0, 0], none(version), 'c', none(version), 't', 'w', 'u', 'p'),
    );
  });

  test('sets no flag for what is not there [v3 MQTT-3.1.2-11, MQTT-3.1.2-13, MQTT-3.1.2-15, MQTT-3.1.2-18, MQTT-3.1.2-20] [v5 MQTT-3.1.2-11, MQTT-3.1.2-13, MQTT-3.1.2-16, MQTT-3.1.2-18]', () => {
    expect(encode(connect({ version, clientId: 'c' }), version)).toEqual(
      frame(0x10, 'MQTT', [version, 0x02, 0, 0], none(version), 'c'),
    );
  });

  test('gives reserved flags their value in every packet [v3 MQTT-2.2.2-1] [v5 MQTT-2.1.3-1]', () => {
    for (const packet of everyPacket(version)) {
      const row = PACKET_TYPES.find(({ type }) => type === packet.type);
      expect((encode(packet, version)[0] as number) & 0x0f, packet.type).toBe(row?.flags ?? 0);
    }
  });

  test('begins a PUBLISH with its topic, and gives it no identifier at QoS 0 [MQTT-3.3.2-1] [v3 MQTT-2.3.1-5] [v5 MQTT-2.2.1-2]', () => {
    expect(encode(publish('ä', 'x'), version)).toEqual(frame(0x30, 'ä', none(version), utf8('x')));
    expect(encode(publish('ä', 'x', { packetId: 258 }), version)).toEqual(
      frame(0x32, 'ä', [1, 2], none(version), utf8('x')),
    );
  });

  test('refuses a topic or a filter of more than 65 535 bytes [MQTT-4.7.3-3]', () => {
    const long = 'ä'.repeat(32_768);
    for (const packet of [publish(long), subscribe(1, long), unsubscribe(1, long)])
      expect(() => encode(packet, version)).toThrow(RangeError);
    expect(encode(publish('x'.repeat(65_535)), version).length).toBeGreaterThan(65_535);
  });

  test('writes a length in as few bytes as it needs [v5 MQTT-1.5.5-1]', () => {
    const overhead = frame(0x30, 'a', none(version)).length - 2;
    for (const [length, bytes] of [
      [overhead, 1],
      [127, 1],
      [128, 2],
      [16_383, 2],
      [16_384, 3],
      [2_097_151, 3],
      [2_097_152, 4],
    ] as const) {
      const payload = new Uint8Array(length - overhead);
      expect(encode(publish('a', '', { payload }), version).length).toBe(1 + bytes + length);
    }
  });
});

test('a packet without properties has a property length of 0, or ends before it [v5 MQTT-2.2.2-1]', () => {
  const lengths = everyPacket(5).map((packet) => [packet.type, [...encode(packet, 5)]]);
  expect(Object.fromEntries(lengths)).toMatchObject({
    connack: [0x20, 3, 0, 0, 0],
    publish: [0x30, 5, 0, 1, 0x61, 0, 0x78],
    puback: [0x40, 2, 0, 1],
    pubrec: [0x50, 2, 0, 1],
    pubrel: [0x62, 2, 0, 1],
    pubcomp: [0x70, 2, 0, 1],
    subscribe: [0x82, 7, 0, 1, 0, 0, 1, 0x61, 0],
    suback: [0x90, 4, 0, 1, 0, 0],
    unsubscribe: [0xa2, 6, 0, 1, 0, 0, 1, 0x61],
    unsuback: [0xb0, 4, 0, 1, 0, 0],
    disconnect: [0xe0, 0],
    auth: [0xf0, 0],
  });
});

describe('the decoder', () => {
  const codes = Array.from({ length: 256 }, (_, code) => code);
  const packets = {
    connack: (code: number) => frame(0x20, [0, code, 0]),
    puback: (code: number) => frame(0x40, [0, 1, code]),
    pubrec: (code: number) => frame(0x50, [0, 1, code]),
    pubrel: (code: number) => frame(0x62, [0, 1, code]),
    pubcomp: (code: number) => frame(0x70, [0, 1, code]),
    suback: (code: number) => frame(0x90, [0, 1, 0, code]),
    unsuback: (code: number) => frame(0xb0, [0, 1, 0, code]),
    disconnect: (code: number) => frame(0xe0, [code]),
    auth: (code: number) => frame(0xf0, [code, 4, 0x15, ...field([0x78])]),
  };

  test('takes from each packet the reason codes of its table, and no others [v5 MQTT-3.2.2-8] [v5 MQTT-3.4.2-1] [v5 MQTT-3.5.2-1] [v5 MQTT-3.6.2-1] [v5 MQTT-3.7.2-1] [v5 MQTT-3.9.3-2] [v5 MQTT-3.11.3-2] [v5 MQTT-3.14.2-1] [v5 MQTT-3.15.2-1]', () => {
    for (const [type, bytes] of Object.entries(packets)) {
      const taken = codes.filter((code) => isTaken(bytes(code), 5));
      expect(taken, type).toEqual(
        codes.filter((code) => reasonName(type as keyof typeof packets, code) !== undefined),
      );
    }
  });

  test('takes from CONNACK and SUBACK before 5.0 the return codes that there are [v3 MQTT-3.9.3-2]', () => {
    expect(codes.filter((code) => isTaken(frame(0x20, [0, code]), 4))).toEqual([
      ...CONNECT_RETURN_CODES.keys(),
    ]);
    expect(codes.filter((code) => isTaken(frame(0x90, [0, 1, code]), 4))).toEqual([0, 1, 2, 0x80]);
  });

  test('takes no Session Present with a refusal, and no other flags [v3 MQTT-3.2.2-4] [v5 MQTT-3.2.2-6, MQTT-3.2.2-1]', () => {
    expect([frame(0x20, [1, 5]), frame(0x20, [2, 0])].map((bytes) => isTaken(bytes, 4))).toEqual([
      false,
      false,
    ]);
    expect(
      [frame(0x20, [1, 0x87, 0]), frame(0x20, [0x80, 0, 0]), frame(0x20, [1, 0, 0])].map((bytes) =>
        isTaken(bytes, 5),
      ),
    ).toEqual([false, false, true]);
  });
});

function isTaken(bytes: Uint8Array, version: Version): boolean {
  try {
    decode(bytes, version);
    return true;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}
