/** Strict UTF-8, held against TextDecoder, which knows nothing of MQTT's own rule: no U+0000. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isUtf8, textOf, utf8 } from '../../broker/codec/index.ts';
import { decodeUtf8, InvalidUtf8, utf8Length } from '../../broker/codec/utf8.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text, or undefined where the bytes are not UTF-8. */
function reference(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

function faultOf(...bytes: number[]): { fault: string; offset: number } {
  try {
    decodeUtf8(Uint8Array.from(bytes), 0, bytes.length);
  } catch (error) {
    if (error instanceof InvalidUtf8) return { fault: error.fault, offset: error.offset };
    throw error;
  }
  throw new Error('the bytes are UTF-8');
}

function agrees(bytes: Uint8Array): void {
  const text = reference(bytes);
  if (textOf(bytes) !== text) expect(textOf(bytes)).toBe(text);
}

describe('bytes to text', () => {
  test('every code point but the surrogates is read and written as TextDecoder and TextEncoder do', () => {
    const encoder = new TextEncoder();
    for (let point = 1; point <= 0x10_ffff; point++) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const text = String.fromCodePoint(point);
      const bytes = encoder.encode(text);
      if (Buffer.compare(utf8(text), bytes) !== 0 || decodeUtf8(bytes, 0, bytes.length) !== text)
        expect(point).toBe('read and written');
    }
  });

  test('every sequence of one and of two bytes is taken or refused as TextDecoder does', () => {
    for (let first = 0; first < 256; first++) {
      agrees(Uint8Array.of(first));
      for (let second = 0; second < 256; second++) agrees(Uint8Array.of(first, second));
    }
  });

  test('every sequence of three and of four bytes at the borders is taken or refused as TextDecoder does', () => {
    const borders = [
      0x00, 0x01, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0,
      0xf4, 0xf5, 0xf8, 0xff,
    ];
    for (const a of borders)
      for (const b of borders)
        for (const c of borders) {
          agrees(Uint8Array.of(a, b, c));
          if (a >= 0xf0) for (const d of borders) agrees(Uint8Array.of(a, b, c, d));
        }
  });

  test('any bytes are taken or refused as TextDecoder does', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 10 }).map(utf8),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const bytes = Uint8Array.from(Buffer.concat(pieces));
        agrees(bytes);
        expect(isUtf8(bytes)).toBe(reference(bytes) !== undefined);
      }),
      { numRuns: 3000 },
    );
  });

  test('only the bytes between start and end are read', () => {
    const bytes = Uint8Array.of(0xff, 0x61, 0xe7, 0x87, 0x88, 0xff);
    expect(decodeUtf8(bytes, 1, 5)).toBe('a燈');
    expect(() => decodeUtf8(bytes, 1, 4)).toThrow(new InvalidUtf8('notUtf8', 2));
    expect(decodeUtf8(bytes, 3, 3)).toBe('');
  });
});

describe('what is wrong with a string is told with its kind and its first byte', () => {
  test.each([
    ['U+0000', [0x61, 0x00], 'nullCharacter', 1],
    [
      'U+0000 behind eight others',
      [0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x00],
      'nullCharacter',
      8,
    ],
    ['U+0000 in two bytes', [0xc0, 0x80], 'notUtf8', 0],
    ['the first surrogate', [0x61, 0xed, 0xa0, 0x80], 'surrogate', 1],
    ['the last surrogate', [0xed, 0xbf, 0xbf], 'surrogate', 0],
    ['a surrogate behind a wide character', [0xe7, 0x87, 0x88, 0xed, 0xb0, 0x80], 'surrogate', 3],
    ['an overlong form of two bytes', [0xc1, 0xbf], 'notUtf8', 0],
    ['an overlong form of three bytes', [0xe0, 0x9f, 0xbf], 'notUtf8', 0],
    ['an overlong form of four bytes', [0xf0, 0x8f, 0xbf, 0xbf], 'notUtf8', 0],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 'notUtf8', 0],
    ['a character that breaks off', [0x61, 0xe7, 0x87], 'notUtf8', 1],
    ['a continuation without a lead', [0x61, 0x80], 'notUtf8', 1],
  ])('%s', (_, bytes, fault, offset) => {
    expect(faultOf(...bytes)).toEqual({ fault, offset });
  });

  test('no other first byte of a character is UTF-8', () => {
    for (const lead of [0x80, 0xbf, 0xc0, 0xc1, 0xf5, 0xf7, 0xf8, 0xfb, 0xfc, 0xfe, 0xff]) {
      expect(faultOf(lead, 0x80, 0x80, 0x80)).toEqual({ fault: 'notUtf8', offset: 0 });
    }
  });
});

describe('text to bytes', () => {
  test('any text is as long as it was said to be, and is read as it was written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        const bytes = utf8(text);
        expect(bytes.length).toBe(utf8Length(text));
        expect(bytes).toEqual(Uint8Array.from(new TextEncoder().encode(text)));
        expect(textOf(bytes)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('half a surrogate pair is written as the three bytes that a receiver refuses', () => {
    expect(utf8('\ud834')).toEqual(Uint8Array.of(0xed, 0xa0, 0xb4));
    expect(utf8('a\udd1e')).toEqual(Uint8Array.of(0x61, 0xed, 0xb4, 0x9e));
    expect(textOf(utf8('\ud834a'))).toBeUndefined();
  });
});
