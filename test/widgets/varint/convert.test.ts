// The converter: what typing a number, typing bytes and turning a bit over do.
import { expect, test } from 'vitest';
import { hexBytes } from '../../../src/widgets/packet/hex.ts';
import { flip, ofNumber, START, spaced, typeHex, typeNumber } from '../../../src/widgets/varint/convert.ts';

test('it begins with 49 798', () => {
  expect(START).toMatchObject({ number: '49798', hex: '86 85 03', refused: undefined });
});

test('a number gives bytes, and keeps the form in which it is typed', () => {
  expect(typeNumber(START, '16 383')).toMatchObject({ number: '16 383', hex: 'FF 7F', refused: undefined });
  expect(typeNumber(START, '268,435,455')).toMatchObject({ number: '268,435,455', hex: 'FF FF FF 7F' });
});

test.each([
  ['', 'number'],
  ['-1', 'number'],
  ['1.5', 'number'],
  ['268435456', 'range'],
])('the number “%s” is refused, and the bytes stay', (text, refused) => {
  expect(typeNumber(START, text)).toEqual({ ...START, number: text, refused });
});

test('bytes give a number, and keep the form in which they are typed', () => {
  expect(typeHex(START, 'fd03')).toMatchObject({ number: '509', hex: 'fd03', refused: undefined });
  expect(typeHex(START, '0x80, 0x01')).toMatchObject({ number: '128' });
});

test('bytes with a fault are taken, and give no number', () => {
  expect(typeHex(START, '82 00')).toMatchObject({ number: '', refused: undefined });
});

test.each([
  ['8', 'hex'],
  ['', 'hex'],
  ['xy', 'hex'],
  ['80 80 80 80 80 80 80 80 01', 'long'],
])('the bytes “%s” are refused, and those before stay', (text, refused) => {
  expect(typeHex(START, text)).toEqual({ ...START, hex: text, refused });
});

test('a bit turned over changes the number', () => {
  expect(flip(ofNumber(127), 0, 0)).toMatchObject({ number: '126', hex: '7E' });
  expect(hexBytes(flip(ofNumber(128), 0, 7).bytes)).toBe('00 01');
});

test('digits stand in groups of three', () => {
  expect([0, 127, 1000, 49_798, 268_435_455].map(spaced)).toEqual([
    '0',
    '127',
    '1\u00a0000',
    '49\u00a0798',
    '268\u00a0435\u00a0455',
  ]);
});
