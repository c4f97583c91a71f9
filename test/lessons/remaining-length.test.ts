// Lesson 5: its figure, its numbers, its prediction, its goal and its exercise are what its text says.
import { describe, expect, test } from 'vitest';
import { decode, encode } from '#broker/codec/index.ts';
import { random } from '../../src/lessons/chance.ts';
import {
  exercise,
  found,
  GROWTH,
  grown,
  LARGEST,
  LETTERS,
  lengthBytes,
  mark,
  publication,
  RANGES,
  read,
  SHOWN,
  solution,
  steps,
  write,
} from '../../src/lessons/remaining-length.ts';
import { hexBytes, parseHex } from '../../src/widgets/packet/hex.ts';

const SEEDS = Array.from({ length: 100 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));

const NUMBERS = [
  [0, '00'],
  [2, '02'],
  [127, '7F'],
  [128, '80 01'],
  [509, 'FD 03'],
  [16_383, 'FF 7F'],
  [16_384, '80 80 01'],
  [49_798, '86 85 03'],
  [2_097_151, 'FF FF 7F'],
  [2_097_152, '80 80 80 01'],
  [268_435_455, 'FF FF FF 7F'],
] as const;

describe('a number', () => {
  test.each(NUMBERS)('%i is written as %s, and read back', (value, hex) => {
    expect(hexBytes(write(value))).toBe(hex);
    expect(read(write(value))).toEqual({ value, fault: undefined, end: write(value).length });
  });

  test('takes as many bytes as its range says, at both ends', () => {
    expect(RANGES.map(({ first, last }) => [first, last])).toEqual([
      [0, 127],
      [128, 16_383],
      [16_384, 2_097_151],
      [2_097_152, 268_435_455],
    ]);
    for (const { bytes, first, last } of RANGES)
      expect([write(first).length, write(last).length]).toEqual([bytes, bytes]);
    expect(() => write(LARGEST + 1)).toThrow(RangeError);
  });

  test('that the codec writes into a packet has the same bytes', () => {
    for (const length of [0, 127, 128, 509, 16_383, 49_798]) {
      const payload = new Uint8Array(Math.max(0, length - 3));
      const frame =
        length === 0
          ? encode({ type: 'pingreq' }, 4)
          : encode({ type: 'publish', dup: false, qos: 0, retain: false, topic: 'a', payload }, 4);
      expect(hexBytes(lengthBytes(frame))).toBe(hexBytes(write(length)));
    }
  });
});

describe('bytes that are none', () => {
  test.each([
    ['80 80 80 80 01', 'varintTooLong', undefined],
    ['82 00', 'varintNotShortest', 'MQTT-1.5.5-1'],
    ['80 80 00', 'varintNotShortest', 'MQTT-1.5.5-1'],
    ['80', 'breaksOff', undefined],
    ['FF FF FF', 'breaksOff', undefined],
  ])('%s has the fault %s', (hex, id, rule) => {
    const { value, fault } = read(parseHex(hex) ?? new Uint8Array());
    expect([value, fault?.id, fault?.rule]).toEqual([undefined, id, rule]);
  });

  test('the longer form is refused in 3.1.1 as well, without a statement', () => {
    const { fault } = read(Uint8Array.of(0x82, 0x00), 4);
    expect([fault?.id, fault?.rule]).toEqual(['varintNotShortest', undefined]);
  });

  test('what stands behind the length is left alone', () => {
    expect(read(Uint8Array.of(0x05, 0x83))).toEqual({ value: 5, fault: undefined, end: 1 });
  });
});

describe('the steps', () => {
  test('of 49 798 are those of the text', () => {
    expect(steps(write(49_798))).toEqual([
      { byte: 0x86, more: true, digit: 6, weight: 1, before: 49_798, after: 389 },
      { byte: 0x85, more: true, digit: 5, weight: 128, before: 389, after: 3 },
      { byte: 0x03, more: false, digit: 3, weight: 16_384, before: 3, after: 0 },
    ]);
  });

  test.each(NUMBERS)('of %i add up, and begin where they left off', (value) => {
    const all = steps(write(value));
    expect(all.reduce((sum, { digit, weight }) => sum + digit * weight, 0)).toBe(value);
    for (const [index, { before, after, digit, more }] of all.entries()) {
      expect(before).toBe(after * 128 + digit);
      expect(before).toBe(index === 0 ? value : all[index - 1]?.after);
      expect(more).toBe(after > 0);
    }
  });
});

test('the prediction: from 114 to 115 letters, the packet grows by two bytes', () => {
  const { frames, outcome } = grown();
  expect(LETTERS).toBe(114);
  expect(frames.map((frame) => hexBytes(frame.subarray(0, 3)))).toEqual(['30 7F 00', '30 80 01']);
  expect(GROWTH[outcome]).toBe(2);
});

describe('the goal', () => {
  test('is met by its solution alone', () => {
    expect(solution()).toBe(16_370);
    expect(found(solution())).toMatchObject({ value: 16_383, fits: true, isLongest: true });
    for (const length of [100, 16_369]) expect(found(length)).toMatchObject({ isLongest: false });
    for (const length of [16_371, 16_383])
      expect(found(length)).toMatchObject({ fits: false, isLongest: false });
  });

  test('looks at a PUBLISH that the client sent', () => {
    expect(decode(publication(3), 4)).toMatchObject({
      type: 'publish',
      qos: 0,
      topic: 'Room1/Light',
      payload: new TextEncoder().encode('xxx'),
    });
  });
});

describe('the exercise', () => {
  test('the same seed makes the same, and different ones differ', () => {
    expect(exercise(random('4F2A'))).toEqual(exercise(random('4F2A')));
    expect(new Set(SEEDS.map((seed) => exercise(random(seed)).value)).size).toBeGreaterThan(80);
  });

  test.each(SEEDS.filter((_, index) => index % 10 === 0))(
    'exercise %s can be solved, from what is shown',
    (seed) => {
      const task = exercise(random(seed));
      const shown = read(task.frame.subarray(1, SHOWN));
      const size = 1 + shown.end + (shown.value ?? 0);
      expect(mark(task, size, write(task.value))).toEqual({ size: { is: 'right' }, bytes: { is: 'right' } });
      expect(mark(task, size - 1, undefined)).toEqual({
        size: { is: 'different', typed: size - 1 },
        bytes: { is: 'blank' },
      });
    },
  );

  test('tells what went wrong', () => {
    const frame = encode(
      { type: 'publish', dup: false, qos: 0, retain: false, topic: 'a', payload: new Uint8Array(506) },
      4,
    );
    const task = { frame, value: 128 };
    expect(mark(task, 509, Uint8Array.of(0x80))).toMatchObject({
      size: { is: 'remaining' },
      bytes: { is: 'fault' },
    });
    expect(mark(task, 125 * 128 + 3, Uint8Array.of(0x01, 0x80))).toMatchObject({
      size: { is: 'highFirst' },
      bytes: { is: 'different', read: 1 },
    });
    expect(mark(task, undefined, Uint8Array.of(0x80, 0x01, 0x00))).toMatchObject({
      size: { is: 'blank' },
      bytes: { is: 'behind', count: 1 },
    });
    expect(mark(task, 512, Uint8Array.of(0x80, 0x01))).toEqual({
      size: { is: 'right' },
      bytes: { is: 'right' },
    });
  });
});
