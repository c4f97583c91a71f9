// Lesson 6: its figure, its numbers, its goal and its exercise are what its text says.
import { describe, expect, test } from 'vitest';
import { dissect, PACKET_TYPES, validate } from '#broker/codec/index.ts';
import { partsOfTypes, samples } from '../../src/lessons/packet-parts.ts';
import {
  compare,
  exercise,
  GOAL,
  GOAL_START,
  GROWTH,
  grown,
  mark,
  publication,
  solution,
} from '../../src/lessons/publish-packet.ts';
import { hexByte, hexBytes } from '../../src/widgets/packet/hex.ts';

const FIGURE = '30 14 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 54 75 72 6E 20 4F 6E';
const SEEDS = Array.from({ length: 400 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));

describe('the figure', () => {
  test('is the packet that mosquitto_pub sends', () => {
    expect(hexBytes(publication(4, 0))).toBe(FIGURE);
  });

  test('with 0C for 0B the topic swallows a letter, and nothing is wrong', () => {
    const bytes = publication(4, 0).with(3, 0x0c);
    const { packet, fault } = dissect(bytes, 4);
    expect(fault).toBeUndefined();
    expect(packet).toMatchObject({ topic: 'Room1/LightT', payload: new TextEncoder().encode('urn On') });
  });

  test('has 23 bytes in MQTT 5.0', () => {
    expect(hexBytes(publication(5, 0))).toBe(FIGURE.replace('30 14', '30 15').replace('74 54', '74 00 54'));
  });
});

test('the prediction runs at QoS 1, and two bytes come of it', () => {
  const { frame, outcome } = grown();
  expect(hexBytes(frame)).toBe(FIGURE.replace('30 14', '32 16').replace('74 54', '74 00 01 54'));
  expect(GROWTH[outcome]).toBe(2);
});

describe('the goal', () => {
  test('is met by its solution', () => {
    expect(compare(solution(GOAL), GOAL).filter(({ met }) => !met)).toEqual([]);
    expect(hexBytes(solution(GOAL))).toBe('33 11 00 09 68 61 6C 6C 2F 64 6F 6F 72 00 01 6F 70 65 6E');
  });

  test('is not met where it begins, and says what is there', () => {
    const found = compare(GOAL_START, GOAL);
    expect(found.filter(({ met }) => met).map(({ what }) => what)).toEqual(['dup']);
    expect(found.find(({ what }) => what === 'qos')).toEqual({ what: 'qos', met: false, found: '0' });
    expect(found.find(({ what }) => what === 'topic')?.found).toBeUndefined();
  });

  test.each([
    ['dup', { dup: true }],
    ['qos', { qos: 2 }],
    ['retain', { retain: false }],
    ['topic', { topic: 'hall/Door' }],
    ['packetId', { packetId: 2 }],
    ['payload', { payload: 'Open' }],
  ] as const)('tells when %s alone is different', (what, change) => {
    const bytes = what === 'dup' ? solution(GOAL).with(0, 0x3b) : solution({ ...GOAL, ...change });
    expect(
      compare(bytes, GOAL)
        .filter(({ met }) => !met)
        .map((comparison) => comparison.what),
    ).toEqual([what]);
  });

  test('is not met by another type of packet', () => {
    expect(compare(Uint8Array.of(0xc0, 0x00), GOAL).some(({ met }) => met)).toBe(false);
  });
});

describe('the exercise', () => {
  test('the same seed makes the same', () => {
    expect(exercise('4F2A')).toEqual(exercise('4F2A'));
    expect(new Set(SEEDS.map((seed) => hexBytes(exercise(seed).bytes))).size).toBeGreaterThan(100);
  });

  test.each(SEEDS.filter((_, index) => index % 20 === 0))(
    'exercise %s can be solved, and only by what is asked',
    (seed) => {
      const task = exercise(seed);
      expect(task.blanks.length).toBeGreaterThanOrEqual(3);
      const right = new Map(task.blanks.map((offset) => [offset, hexByte(task.bytes[offset] ?? 0)]));
      expect(mark(task, right)).toEqual({ is: 'right' });
      for (const offset of task.blanks) {
        for (const value of [0x00, 0x7f, 0xff, (task.bytes[offset] ?? 0) ^ 1]) {
          if (value === task.bytes[offset]) continue;
          expect(mark(task, new Map(right).set(offset, hexByte(value))).is).not.toBe('right');
        }
      }
    },
  );

  test('what is still blank is said first', () => {
    const task = exercise('0001');
    expect(mark(task, new Map(task.blanks.map((offset) => [offset, ''])))).toEqual({
      is: 'blank',
      offsets: task.blanks,
    });
    expect(mark(task, new Map(task.blanks.map((offset) => [offset, '3']))).is).toBe('blank');
  });

  test('every seed makes a packet without a fault', () => {
    for (const seed of SEEDS) {
      const { bytes, asked } = exercise(seed);
      expect(dissect(bytes, asked.version).fault).toBeUndefined();
    }
  });
});

describe('the table of parts', () => {
  test.each([4, 5] as const)('is measured on packets that may be sent, in version %i', (version) => {
    for (const packet of samples(version))
      expect([packet.type, ...validate(packet, version)]).toEqual([packet.type]);
  });

  test('has 14 types in 3.1.1 and 15 in 5.0', () => {
    expect(partsOfTypes(4).map(({ name }) => name)).toEqual(
      PACKET_TYPES.filter(({ type }) => type !== 'auth').map(({ name }) => name),
    );
    expect(partsOfTypes(5).length).toBe(15);
  });

  test('says which have neither variable header nor payload, and which begin with an identifier', () => {
    const none = (version: 4 | 5) =>
      partsOfTypes(version)
        .filter(({ variable, payload }) => variable.least + payload.least === 0)
        .map(({ type }) => type);
    expect(none(4)).toEqual(['pingreq', 'pingresp', 'disconnect']);
    expect(none(5)).toEqual(['pingreq', 'pingresp', 'disconnect', 'auth']);
    const withId = samples(4)
      .slice(0, 14)
      .filter((packet) => packet.type !== 'publish' && 'packetId' in packet);
    expect(withId.length).toBe(8);
  });

  test('knows properties in 5.0 only', () => {
    expect(partsOfTypes(4).some(({ properties }) => properties.grows || properties.least > 0)).toBe(false);
    expect(
      partsOfTypes(5)
        .filter(({ properties }) => !properties.grows)
        .map(({ type }) => type),
    ).toEqual(['pingreq', 'pingresp']);
  });

  test.each([
    [4, 'connect', 'payload', { least: 2, grows: true }],
    [4, 'connack', 'variable', { least: 2, grows: false }],
    [4, 'unsuback', 'payload', { least: 0, grows: false }],
    [5, 'unsuback', 'payload', { least: 1, grows: true }],
    [5, 'puback', 'properties', { least: 0, grows: true }],
    [5, 'publish', 'properties', { least: 1, grows: true }],
  ] as const)('in version %i, %s: %s', (version, type, part, size) => {
    expect(partsOfTypes(version).find((row) => row.type === type)?.[part]).toEqual(size);
  });
});
