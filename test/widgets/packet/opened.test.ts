// A packet opened: which stretch a byte and a bit belong to, what lights up with what, and which rows the tree has.
import { describe, expect, test } from 'vitest';
import type { Version } from '#broker/codec/index.ts';
import { parseHex } from '../../../src/widgets/packet/hex.ts';
import {
  bitsOf,
  nodeAt,
  nodeAtBit,
  type Opened,
  open,
  partAt,
  type Range,
  reach,
  unreadFrom,
} from '../../../src/widgets/packet/opened.ts';
import { countedFrom, rowsOf } from '../../../src/widgets/packet/rows.ts';

const PUBLISH = '30 14 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 54 75 72 6E 20 4F 6E';
const QOS_THREE = PUBLISH.replace('30', '36');
const CONNECT =
  '10 21 00 04 4D 51 54 54 05 02 00 3C 12 11 00 00 0E 10 21 00 14 26 00 04 72 6F 6F 6D 00 01 31 00 02 70 31';
const TWO_FILTERS = '82 0A 00 01 00 01 61 00 00 01 62 01';

function opened(hex: string, version: Version = 4): Opened {
  return open(parseHex(hex) ?? new Uint8Array(), version);
}

function lights(packet: Opened, key: string): { is: [number, number][]; belongs: [number, number][] } {
  const node = packet.byKey.get(key);
  if (node === undefined) throw new Error(`no stretch ${key}`);
  const pairs = (ranges: Range[]) => ranges.map(({ start, end }): [number, number] => [start, end]);
  const { is, belongs } = reach(packet, node);
  return { is: pairs(is), belongs: pairs(belongs) };
}

describe('bytes and bits', () => {
  test('a byte belongs to the innermost stretch around it', () => {
    const packet = opened(PUBLISH);
    expect([0, 1, 2, 3, 4, 14, 15, 21].map((offset) => nodeAt(packet, offset)?.key)).toEqual([
      'headerFlags',
      'remainingLength',
      'topicLength',
      'topicLength',
      'topic',
      'topic',
      'message',
      'message',
    ]);
    expect(nodeAt(packet, 22)).toBeUndefined();
  });

  test('a bit belongs to its flag, or else to its byte', () => {
    const packet = opened(PUBLISH);
    expect([7, 4, 3, 2, 1, 0].map((bit) => nodeAtBit(packet, 0, bit)?.key)).toEqual([
      'packetType',
      'packetType',
      'dup',
      'qos',
      'qos',
      'retain',
    ]);
    expect(nodeAtBit(packet, 4, 0)?.key).toBe('topic');
    expect(bitsOf(packet, 4)).toEqual([]);
  });

  test('the pieces of a property stand for the property', () => {
    const packet = opened(CONNECT, 5);
    expect([18, 19, 20, 21, 30].map((offset) => nodeAt(packet, offset)?.key)).toEqual([
      'property:receiveMaximum',
      'property:receiveMaximum',
      'property:receiveMaximum',
      'property:userProperty',
      'property:userProperty',
    ]);
  });

  test('stretches of one name are numbered from the second on', () => {
    const packet = opened(TWO_FILTERS);
    expect(packet.nodes.map(({ key }) => key).filter((key) => key.startsWith('topicFilter'))).toEqual([
      'topicFilterLength',
      'topicFilter',
      'topicFilterLength#2',
      'topicFilter#2',
    ]);
  });

  test('every byte of a whole packet has its part', () => {
    const packet = opened(CONNECT, 5);
    expect([0, 1, 2, 11, 12, 30, 31, 34].map((offset) => partAt(packet, offset))).toEqual([
      'fixed',
      'fixed',
      'variable',
      'variable',
      'properties',
      'properties',
      'payload',
      'payload',
    ]);
  });

  test('behind a fault nothing is read', () => {
    const packet = opened(QOS_THREE);
    expect(unreadFrom(packet)).toBe(0);
    expect([0, 1, 21].map((offset) => partAt(packet, offset))).toEqual(['fixed', 'unread', 'unread']);
  });

  test('a packet that is forbidden was read all the same', () => {
    const packet = opened(PUBLISH.replace('30', '38'));
    expect(packet.dissection.fault?.id).toBe('dupAtQoS0');
    expect(unreadFrom(packet)).toBe(22);
    expect(partAt(packet, 21)).toBe('payload');
  });
});

describe('what lights up', () => {
  test.each([
    ['a text, and its length belongs to it', PUBLISH, 4, 'topic', [[4, 15]], [[2, 4]]],
    ['a length, and its text belongs to it', PUBLISH, 4, 'topicLength', [[2, 4]], [[4, 15]]],
    ['the Remaining Length, and all that it counts', PUBLISH, 4, 'remainingLength', [[1, 2]], [[2, 22]]],
    ['a flag lights its byte', PUBLISH, 4, 'qos', [[0, 1]], []],
    ['the payload has no length that belongs to it', PUBLISH, 4, 'message', [[15, 22]], []],
    ['a part', PUBLISH, 4, 'variableHeader', [], [[2, 15]]],
    [
      'a property: its value, and all of it belongs to it',
      CONNECT,
      5,
      'property:receiveMaximum',
      [[19, 21]],
      [[18, 21]],
    ],
    [
      'a pair: name and value',
      CONNECT,
      5,
      'property:userProperty',
      [
        [24, 28],
        [30, 31],
      ],
      [[21, 31]],
    ],
    ['the Property Length, and the properties', CONNECT, 5, 'propertyLength', [[12, 13]], [[13, 31]]],
  ] as const)('%s', (_, hex, version, key, is, belongs) => {
    expect(lights(opened(hex, version), key)).toEqual({ is, belongs });
  });
});

describe('the tree', () => {
  test('the lesson’s packet has these rows', () => {
    const rows = rowsOf(opened(PUBLISH)).map(({ kind, key, depth }) => `${depth} ${kind} ${key}`);
    expect(rows).toEqual([
      '0 part fixedHeader',
      '1 field packetType',
      '1 field dup',
      '1 field qos',
      '1 field retain',
      '1 field remainingLength',
      '0 part variableHeader',
      '1 field topicLength',
      '1 field topic',
      '1 absent packetId',
      '0 part payload',
      '1 field message',
    ]);
  });

  test('at QoS 1 the identifier is a field like the others', () => {
    const rows = rowsOf(opened('32 07 00 01 61 00 01 62 63'));
    expect(rows.filter(({ key }) => key === 'packetId').map(({ kind }) => kind)).toEqual(['field']);
  });

  test('what a receiver does not read is one row', () => {
    const unread = rowsOf(opened(QOS_THREE)).at(-1);
    expect(unread).toMatchObject({ kind: 'unread', range: { start: 1, end: 22 } });
  });

  test('a field that could not be read to its end is a row of its own', () => {
    const rows = rowsOf(opened(PUBLISH.replace('2F', 'FF')));
    expect(rows.slice(-2)).toMatchObject([
      { kind: 'broken', part: 'variable', range: { start: 4, end: 9 } },
      { kind: 'unread', range: { start: 9, end: 22 } },
    ]);
  });

  test('a packet without a fault has nothing unread', () => {
    expect(rowsOf(opened(CONNECT, 5)).some(({ kind }) => kind === 'unread')).toBe(false);
  });

  test('a counted length says what it counts, by fields or, where there are many, by parts', () => {
    const counted = (packet: Opened, key: string) =>
      countedFrom(packet, packet.byKey.get(key) as NonNullable<ReturnType<typeof packet.byKey.get>>);
    expect(counted(opened(PUBLISH), 'remainingLength')).toEqual([2, 11, 7]);
    expect(counted(opened(CONNECT, 5), 'remainingLength')).toEqual([10, 19, 4]);
    expect(counted(opened(CONNECT, 5), 'propertyLength')).toEqual([5, 3, 10]);
    expect(counted(opened(PUBLISH), 'topicLength')).toEqual([]);
  });

  test('bytes that are no packet at all open as well', () => {
    for (const hex of ['', '00', 'FF', '30', '30 FF FF FF FF FF']) {
      const packet = opened(hex);
      expect(packet.dissection.fault).toBeDefined();
      expect(rowsOf(packet).every(({ depth }) => depth >= 0)).toBe(true);
    }
  });
});
