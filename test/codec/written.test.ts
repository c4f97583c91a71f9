// Bytes as they are written down: every way of writing any bytes gives them back, what is none says where, and no text takes long.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toBase64 } from '#broker/codec/base64.ts';
import { type Reading, readBytes, type Writing } from '#broker/codec/written.ts';

const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const digits = (bytes: Uint8Array) => Array.from(bytes, hex);
const printable = (byte: number) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.');

/** Lines of sixteen bytes, each drawn with its offset. */
function lines(bytes: Uint8Array, draw: (offset: number, row: Uint8Array) => string): string {
  const starts = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, index) => 16 * index);
  return starts.map((start) => draw(start, bytes.subarray(start, start + 16))).join('\n');
}

const offset = (at: number, width: number, base = 16) => at.toString(base).padStart(width, '0');
const halves = (row: Uint8Array, between: string) =>
  [row.subarray(0, 8), row.subarray(8)].map((half) => digits(half).join(' ')).join(between);
const characters = (row: Uint8Array) => Array.from(row, printable).join('');

function xxd(bytes: Uint8Array): string {
  return lines(bytes, (at, row) => {
    const groups = digits(row).join('').replace(/..../g, '$& ').trim();
    return `${offset(at, 8)}: ${groups.padEnd(40)} ${characters(row)}`;
  });
}

function hexdumpC(bytes: Uint8Array): string {
  const body = lines(
    bytes,
    (at, row) => `${offset(at, 8)}  ${halves(row, '  ').padEnd(49)} |${characters(row)}|`,
  );
  return `${body}\n${offset(bytes.length, 8)}\n`;
}

function hexdump(bytes: Uint8Array): string {
  const body = lines(bytes, (at, row) => {
    const words = Array.from(
      { length: Math.ceil(row.length / 2) },
      (_, index) => hex(row[2 * index + 1] ?? 0) + hex(row[2 * index] ?? 0),
    );
    return `${offset(at, 7)} ${words.join(' ')}`;
  });
  return `${body}\n${offset(bytes.length, 7)}\n`;
}

function od(bytes: Uint8Array): string {
  const body = lines(bytes, (at, row) => {
    const words = Array.from({ length: Math.ceil(row.length / 2) }, (_, index) =>
      offset(((row[2 * index + 1] ?? 0) << 8) | (row[2 * index] ?? 0), 6, 8),
    );
    return `${offset(at, 7, 8)} ${words.join(' ')}`;
  });
  return `${body}\n${offset(bytes.length, 7, 8)}\n`;
}

const WRITINGS: readonly (readonly [string, Writing, (bytes: Uint8Array) => string])[] = [
  ['pairs with blanks', 'hex', (bytes) => digits(bytes).join(' ')],
  ['pairs without blanks', 'hex', (bytes) => digits(bytes).join('')],
  ['capital letters', 'hex', (bytes) => digits(bytes).join(' ').toUpperCase()],
  ['colons', 'hex', (bytes) => digits(bytes).join(':')],
  ['hyphens', 'hex', (bytes) => digits(bytes).join('-')],
  ['commas', 'hex', (bytes) => digits(bytes).join(', ')],
  [
    '0x and commas',
    'hex',
    (bytes) =>
      digits(bytes)
        .map((pair) => `0x${pair}`)
        .join(', '),
  ],
  ['one 0x', 'hex', (bytes) => `0x${digits(bytes).join('')}`],
  [
    'lines of eight',
    'hex',
    (bytes) =>
      digits(bytes)
        .join(' ')
        .replace(/((?:.. ){8})/g, '$1\n'),
  ],
  ['what Node prints', 'hex', (bytes) => `<Buffer ${digits(bytes).join(' ')}>`],
  [
    '\\x',
    'escapes',
    (bytes) =>
      digits(bytes)
        .map((pair) => `\\x${pair}`)
        .join(''),
  ],
  [
    'a string of C',
    'escapes',
    (bytes) =>
      `"${digits(bytes)
        .map((pair) => `\\x${pair}`)
        .join('')}"`,
  ],
  ['a string of Python', 'escapes', pythonString],
  [
    'an array of C',
    'numbers',
    (bytes) =>
      `unsigned char packet[${bytes.length}] = { /* a packet */\n  ${digits(bytes)
        .map((pair) => `0x${pair}`)
        .join(', ')} };\nunsigned int packet_len = ${bytes.length};`,
  ],
  [
    'an array of Rust',
    'numbers',
    (bytes) =>
      `let packet: [u8; ${bytes.length}] = [${digits(bytes)
        .map((pair) => `0x${pair}u8`)
        .join(', ')}];`,
  ],
  [
    'an array of Java',
    'numbers',
    (bytes) =>
      `byte[] packet = { ${Array.from(bytes, (byte) => `(byte) ${byte > 127 ? byte - 256 : byte}`).join(', ')} };`,
  ],
  [
    'an array of Rust with types',
    'numbers',
    (bytes) =>
      `vec![${digits(bytes)
        .map((pair) => `0x${pair}_u8`)
        .join(', ')}]`,
  ],
  [
    'a call of Kotlin',
    'numbers',
    (bytes) =>
      `byteArrayOf(${digits(bytes)
        .map((pair) => `0x${pair}`)
        .join(', ')})`,
  ],
  ['a binary of Erlang', 'numbers', (bytes) => `<<${bytes.join(',')}>>`],
  ['a Uint8Array in JSON', 'numbers', (bytes) => JSON.stringify(bytes)],
  ['pairs of digits in JSON', 'numbers', (bytes) => JSON.stringify(digits(bytes))],
  ['bits', 'numbers', (bytes) => Array.from(bytes, (byte) => offset(byte, 8, 2)).join(' ')],
  ['a call of Python', 'hex', (bytes) => `bytes.fromhex("${digits(bytes).join('')}")`],
  ['a call of Node', 'hex', (bytes) => `Buffer.from('${digits(bytes).join('')}', 'hex')`],
  ['0x without anything between', 'hex', (bytes) => `0x${digits(bytes).join('0x')}`],
  ['underscores', 'hex', (bytes) => digits(bytes).join('_')],
  ['a variable of Python', 'escapes', (bytes) => `data = ${pythonString(bytes)}`],
  ['a string of JSON', 'escapes', (bytes) => `"\\u00${digits(bytes).join('\\u00')}"`],
  ['a shell', 'escapes', (bytes) => `printf '\\x${digits(bytes).join('\\x')}' | nc localhost 1883`],
  [
    'a shell, in octal',
    'escapes',
    (bytes) => `printf '${Array.from(bytes, (byte) => `\\${offset(byte, 3, 8)}`).join('')}'`,
  ],
  ['JSON', 'numbers', (bytes) => JSON.stringify([...bytes])],
  ['a Buffer in JSON', 'numbers', (bytes) => JSON.stringify({ type: 'Buffer', data: [...bytes] })],
  ['base64', 'base64', toBase64],
  ['base64 for addresses', 'base64', (bytes) => toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_')],
  ['an address of data', 'base64', (bytes) => `data:application/octet-stream;base64,${toBase64(bytes)}`],
  ['xxd', 'dump', xxd],
  [
    'xxd -b',
    'dump',
    (bytes) =>
      lines(bytes, (at, row) => {
        const bits = Array.from(row, (byte) => offset(byte, 8, 2)).join(' ');
        return `${offset(at, 8)}: ${bits.padEnd(143)}  ${characters(row)}`;
      }),
  ],
  ['od', 'dump', od],
  [
    'od -b',
    'dump',
    (bytes) => {
      const row = (at: number, each: Uint8Array) =>
        `${offset(at, 7, 8)} ${Array.from(each, (byte) => offset(byte, 3, 8)).join(' ')}`;
      return `${lines(bytes, row)}\n${offset(bytes.length, 7, 8)}\n`;
    },
  ],
  [
    'tshark -V -x',
    'dump',
    (bytes) => {
      const row = (at: number, each: Uint8Array) =>
        `${offset(at, 4)}  ${halves(each, '  ').padEnd(50)} ${characters(each)}`;
      return `Frame 4: 22 bytes on wire\n    [Time: 0.0 s]\n\n${lines(bytes, row)}`;
    },
  ],
  ['hexdump -C', 'dump', hexdumpC],
  ['hexdump', 'dump', hexdump],
  [
    'od -A x -t x1',
    'dump',
    (bytes) =>
      `${lines(bytes, (at, row) => `${offset(at, 6)} ${digits(row).join(' ')}`)}\n${offset(bytes.length, 6)}`,
  ],
  [
    'od -t x1',
    'dump',
    (bytes) =>
      `${lines(bytes, (at, row) => `${offset(at, 7, 8)} ${digits(row).join(' ')}`)}\n${offset(bytes.length, 7, 8)}`,
  ],
  [
    'tshark -x',
    'dump',
    (bytes) =>
      lines(bytes, (at, row) => `${offset(at, 4)}  ${halves(row, '  ').padEnd(50)} ${characters(row)}`),
  ],
  [
    'Wireshark, with characters',
    'dump',
    (bytes) =>
      lines(
        bytes,
        (at, row) => `${offset(at, 4)}   ${digits(row).join(' ').padEnd(47)}   ${characters(row)}`,
      ),
  ],
  [
    'Wireshark, without',
    'dump',
    (bytes) => lines(bytes, (at, row) => `${offset(at, 4)}   ${digits(row).join(' ')}`),
  ],
];

function pythonString(bytes: Uint8Array): string {
  const escaped = Array.from(bytes, (byte) => {
    const short = { 9: '\\t', 10: '\\n', 13: '\\r', 39: "\\'", 92: '\\\\' }[byte];
    return short ?? (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${hex(byte)}`);
  });
  return `b'${escaped.join('')}'`;
}

/** Short texts of base64 could be anything, and so could those that are all hex digits. One byte of bits could be four. */
function isClear(writing: Writing, text: string): boolean {
  if (/^[01]{8}$/.test(text) || text.startsWith('data:')) return text.startsWith('data:');
  return writing !== 'base64' || ((text.endsWith('=') || text.length >= 8) && !/^[0-9a-f_-]+$/i.test(text));
}

describe.each(WRITINGS)('%s', (_, writing, write) => {
  test('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const text = write(bytes);
        fc.pre(isClear(writing, text));
        expect(readBytes(text)).toEqual({ bytes, writing });
      }),
      { numRuns: 300 },
    );
  });

  test('gives back the bytes of a packet, with blanks around it and the line ends of Windows', () => {
    const bytes = Uint8Array.from(Buffer.from('0\x14\x00\x0bRoom1/LightTurn On', 'latin1'));
    expect(readBytes(`\r\n  ${write(bytes).replaceAll('\n', '\r\n')}\r\n\r\n`)).toEqual({ bytes, writing });
  });
});

test('characters that look like digits are told from digits by their distance', () => {
  const of = (text: string) =>
    'bytes' in (readBytes(text) as object) ? [...(readBytes(text) as { bytes: Uint8Array }).bytes] : [];
  expect(of('0000   30 30      00')).toEqual([0x30, 0x30]);
  expect(of('0000   30 30 00')).toEqual([0x30, 0x30, 0]);
  expect(of('00000000  30 30 00 |00.|')).toEqual([0x30, 0x30, 0]);
});

test('dumps one behind the other are read one behind the other', () => {
  const [one, two] = [Uint8Array.from({ length: 20 }, (_, index) => index), Uint8Array.of(0xc0, 0)];
  expect(readBytes(`${hexdumpC(one)}\n${hexdumpC(two)}`)).toEqual({
    bytes: Uint8Array.of(...one, ...two),
    writing: 'dump',
  });
});

test('lines that a dump leaves out are put in again, up to a limit', () => {
  const line = '61 '.repeat(16);
  const folded = `00000000  ${line} |${'a'.repeat(16)}|\n*\n00000040\n`;
  expect(readBytes(folded)).toEqual({ bytes: new Uint8Array(64).fill(0x61), writing: 'dump' });
  expect(readBytes(folded.replace('00000040', 'ffffffff'))).toMatchObject({ problem: { what: 'long' } });
});

describe('what is none says where', () => {
  test.each([
    ['', 'nothing', 1, 1, ''],
    [' \n ', 'nothing', 1, 1, ''],
    ['30 1g', 'digit', 1, 5, 'g'],
    ['30 14\n00 zz', 'digit', 2, 4, 'z'],
    ['30 14 燈', 'digit', 1, 7, '燈'],
    ['0x3z', 'digit', 1, 4, 'z'],
    ['30 1', 'half', 1, 4, '1'],
    ['0x', 'half', 1, 1, '0x'],
    ['[48, 256]', 'number', 1, 6, '256'],
    ['{ 0x30,\n  0x1g }', 'number', 2, 3, '0x1g'],
    ['\\x30\\xg', 'escape', 1, 5, '\\xg'],
    ['<Buffer 30 14 ... 20 more bytes>', 'cut', 1, 15, '...'],
    ['Hello, world!', 'digit', 1, 1, 'H'],
  ])('%j', (text, what, line, column, found) => {
    expect(readBytes(text)).toMatchObject({ problem: { what, line, column, found } });
  });

  test('a line of a dump with fewer bytes than the next offset says', () => {
    const text = '0000   30 14 00 0b\n0010   75 72 6e';
    expect('problem' in readBytes(text)).toBe(true);
  });
});

test('any text gives bytes or a place in it', () => {
  const garbage = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom(...'0123456789abcdefxX \n\t,;:|*\\"\'[]{}<>=/-g.'.split('')),
      maxLength: 80,
    }),
  );
  fc.assert(
    fc.property(garbage, (text) => {
      const reading = readBytes(text);
      if ('bytes' in reading) return;
      const { at, line, column } = reading.problem;
      expect(at).toBeLessThanOrEqual(text.length);
      expect(text.split('\n')[line - 1]?.length).toBeGreaterThanOrEqual(column - 1);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['blanks', ' '],
  ['pairs', '30 '],
  ['digits', '0'],
  ['letters', 'a'],
  ['commas', '1 ,'],
  ['openings of comments', '[/*'],
  ['slashes', '{/'],
  ['backslashes', '\\'],
  ['escapes', '\\x3'],
  ['quotes', '"\\x30"'],
  ['offsets', '0000 \n'],
  ['dumps', '0000 3 0 |\n'],
  ['stars', '0000 30\n*\n'],
  ['brackets', '[{'],
  ['equal signs', '='],
])('a megabyte of %s is read to its end', (_, piece) => {
  const text = `30${piece.repeat(Math.ceil(1_000_000 / piece.length))}`;
  const reading: Reading = readBytes(text);
  expect('bytes' in reading || reading.problem.at <= text.length).toBe(true);
});
