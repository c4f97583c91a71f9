// Typing into fields: the packet that comes of it, with everything counted again.
import { describe, expect, test } from 'vitest';
import { PROPERTIES, type Version } from '#broker/codec/index.ts';
import { isEditable, setField, typed } from '../../../src/widgets/packet/field.ts';
import { hexBytes, parseHex } from '../../../src/widgets/packet/hex.ts';
import { open } from '../../../src/widgets/packet/opened.ts';

const PUBLISH = '30 14 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 54 75 72 6E 20 4F 6E';
const CONNECT = '10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 70 31';
const CONNECT_5 =
  '10 21 00 04 4D 51 54 54 05 02 00 3C 12 11 00 00 0E 10 21 00 14 26 00 04 72 6F 6F 6D 00 01 31 00 02 70 31';

function set(hex: string, key: string, text: string, version: Version = 4): unknown {
  const opened = open(parseHex(hex) ?? new Uint8Array(), version);
  const node = opened.byKey.get(key);
  if (node === undefined) throw new Error(`no field ${key}`);
  const result = setField(opened, node, text);
  return result instanceof Uint8Array ? hexBytes(result) : result;
}

describe('fields that stand where they stand', () => {
  test.each([
    ['a shorter topic is counted twice', PUBLISH, 'topic', 'a', 4, '30 0A 00 01 61 54 75 72 6E 20 4F 6E'],
    [
      'a longer message is counted once',
      PUBLISH,
      'message',
      'Turn On!',
      4,
      '30 15 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 54 75 72 6E 20 4F 6E 21',
    ],
    ['a topic is UTF-8', PUBLISH, 'topic', 'ü', 4, '30 0B 00 02 C3 BC 54 75 72 6E 20 4F 6E'],
    ['RETAIN is one bit', PUBLISH, 'retain', '1', 4, PUBLISH.replace('30', '31')],
    ['the type is four bits', PUBLISH, 'packetType', '4', 4, PUBLISH.replace('30', '40')],
    ['the keep alive has two bytes', CONNECT, 'keepAlive', '300', 4, CONNECT.replace('00 3C', '01 2C')],
    [
      'a client identifier in the payload',
      CONNECT,
      'clientId',
      'lamp',
      4,
      '10 10 00 04 4D 51 54 54 04 02 00 3C 00 04 6C 61 6D 70',
    ],
    [
      'a number in a property',
      CONNECT_5,
      'propertyNumber:receiveMaximum',
      '65535',
      5,
      CONNECT_5.replace('21 00 14', '21 FF FF'),
    ],
    [
      'a text in a property is counted three times',
      CONNECT_5,
      'propertyValue:userProperty',
      '12',
      5,
      '10 22 00 04 4D 51 54 54 05 02 00 3C 13 11 00 00 0E 10 21 00 14 26 00 04 72 6F 6F 6D 00 02 31 32 00 02 70 31',
    ],
    [
      'a subscription identifier grows',
      '82 08 00 01 02 0B 01 00 01 61 00',
      'propertyNumber:subscriptionIdentifier',
      '200',
      5,
      '82 09 00 01 03 0B C8 01 00 01 61 00',
    ],
  ] as const)('%s', (_, hex, key, text, version, result) => {
    expect(set(hex, key, text, version)).toBe(result);
  });

  test('a Remaining Length that needs another byte moves everything behind it', () => {
    const result = set(PUBLISH, 'message', 'x'.repeat(120));
    expect(result).toMatch(/^30 85 01 00 0B /);
    expect(open(parseHex(String(result)) ?? new Uint8Array(), 4).dissection.fault).toBeUndefined();
  });

  test('properties beside the changed one stay as they are, in their order', () => {
    const opened = open(parseHex(CONNECT_5) ?? new Uint8Array(), 5);
    expect(PROPERTIES.some(({ key }) => key === 'userProperty')).toBe(true);
    expect(opened.nodes.filter(({ span }) => span.field === 'property').map(({ key }) => key)).toEqual([
      'property:sessionExpiryInterval',
      'property:receiveMaximum',
      'property:userProperty',
    ]);
  });
});

describe('fields that decide which others there are', () => {
  test.each([
    [
      'QoS 2 brings in an identifier',
      PUBLISH,
      'qos',
      '2',
      '34 16 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 00 01 54 75 72 6E 20 4F 6E',
    ],
    ['QoS 0 takes it out', '32 07 00 01 61 00 09 62 63', 'qos', '0', '30 05 00 01 61 62 63'],
    ['from QoS 1 to 2 it stays', '32 07 00 01 61 00 09 62 63', 'qos', '2', '34 07 00 01 61 00 09 62 63'],
    ['QoS 3 is two bits, since no packet has it', PUBLISH, 'qos', '3', PUBLISH.replace('30', '36')],
    [
      'the User Name Flag brings in an empty name',
      CONNECT,
      'usernameFlag',
      '1',
      '10 10 00 04 4D 51 54 54 04 82 00 3C 00 02 70 31 00 00',
    ],
    [
      'the Will Flag brings in a will',
      CONNECT,
      'willFlag',
      '1',
      '10 16 00 04 4D 51 54 54 04 06 00 3C 00 02 70 31 00 04 77 69 6C 6C 00 00',
    ],
    [
      'version 5 brings in a Property Length',
      CONNECT,
      'protocolVersion',
      '5',
      '10 0F 00 04 4D 51 54 54 05 02 00 3C 00 00 02 70 31',
    ],
    [
      'version 3 has a name of its own',
      CONNECT,
      'protocolVersion',
      '3',
      '10 10 00 06 4D 51 49 73 64 70 03 02 00 3C 00 02 70 31',
    ],
  ] as const)('%s', (_, hex, key, text, result) => {
    expect(set(hex, key, text)).toBe(result);
  });
});

describe('what is refused', () => {
  test.each([
    ['a number that has no room', PUBLISH, 'qos', '4', { kind: 'number', max: 3 }],
    ['a number that is none', CONNECT, 'keepAlive', 'ten', { kind: 'number', max: 65535 }],
    ['nothing where a number belongs', CONNECT, 'keepAlive', '', { kind: 'number', max: 65535 }],
    [
      'a topic longer than two bytes can count',
      PUBLISH,
      'topic',
      'x'.repeat(65536),
      { kind: 'long', max: 65535 },
    ],
    ['half a byte in a payload that is no text', '30 05 00 01 61 FF FE', 'message', 'FF F', { kind: 'hex' }],
  ] as const)('%s', (_, hex, key, text, refusal) => {
    expect(set(hex, key, text)).toEqual(refusal);
  });
});

test('bytes that are text are typed as text, others as pairs of digits', () => {
  const text = (hex: string) => {
    const node = open(parseHex(hex) ?? new Uint8Array(), 4).byKey.get('message');
    return node && typed(node);
  };
  expect(text(PUBLISH)).toBe('Turn On');
  expect(text('30 05 00 01 61 FF FE')).toBe('FF FE');
  expect(text('30 05 00 01 61 0A 0D')).toBe('0A 0D');
  expect(set('30 05 00 01 61 FF FE', 'message', 'ff fe 00')).toBe('30 06 00 01 61 FF FE 00');
});

test('what is counted and what is made of others cannot be typed', () => {
  const opened = open(parseHex(CONNECT_5) ?? new Uint8Array(), 5);
  const cannot = opened.nodes.filter((node) => !isEditable(opened, node)).map(({ key }) => key);
  expect(cannot).toContain('remainingLength');
  expect(cannot).toContain('clientIdLength');
  expect(cannot).toContain('propertyLength');
  expect(cannot).toContain('propertyId:receiveMaximum');
  expect(cannot).toContain('connectFlags');
  expect(cannot).not.toContain('clientId');
  expect(cannot).not.toContain('propertyNumber:receiveMaximum');
});

test('in a packet that could not be read no field can be typed', () => {
  const opened = open(parseHex(PUBLISH.replace('30', '36')) ?? new Uint8Array(), 4);
  expect(opened.nodes.filter((node) => isEditable(opened, node))).toEqual([]);
});
