// Bytes as people and their tools write them down: pairs of digits, hex dumps, escapes, arrays of a program, base64. Finds out
// which it is, and where a text stops being that. Knows nothing of what the bytes mean.
import { fromBase64 } from './base64.ts';
import { readDump } from './dump.ts';
import { type Problem, placed, Unreadable } from './unreadable.ts';
import { utf8 } from './utf8.ts';

/** A way to write bytes. `numbers` are those of an array in a program or in JSON. */
export type Writing = 'hex' | 'dump' | 'escapes' | 'numbers' | 'base64';

export type Reading = { bytes: Uint8Array; writing: Writing } | { problem: Problem };

/**
 * Reads bytes from a text in any of the usual ways: `30 14`, `3014`, `0x30, 0x14`, `30:14`, `48 20`, `00110000 00010100`,
 * `\x30\x14`, a string of Python or C, an array of C, Rust, Java or JSON, `<Buffer 30 14>`, base64, and dumps of xxd,
 * hexdump, od, tshark and Wireshark, also with what a program or a shell has around them.
 * @returns the bytes and how they were written, or where the text cannot be read on and why
 */
export function readBytes(text: string): Reading {
  try {
    return read(text);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { problem: placed(error, text) };
  }
}

function read(text: string): { bytes: Uint8Array; writing: Writing } {
  const start = text.search(/\S/);
  if (start === -1) throw new Unreadable('nothing', 0, '');
  if (text.startsWith('<', start) && !text.startsWith('<<', start))
    return { bytes: readBuffer(text, start), writing: 'hex' };
  const bits = plainBits(text);
  if (bits !== undefined) return { bytes: bits, writing: 'numbers' };
  const dump = readDump(text) ?? dumpWithin(text);
  if (dump !== undefined) return { bytes: dump, writing: 'dump' };
  if (isEscaped(text, start)) return { bytes: readEscapes(text), writing: 'escapes' };
  if (LIST.test(text)) return { bytes: readNumbers(text), writing: 'numbers' };
  const numbers = plainNumbers(text);
  if (numbers !== undefined) return { bytes: numbers, writing: 'numbers' };
  try {
    return { bytes: readHex(text, 0), writing: 'hex' };
  } catch (error) {
    return readBase64(text) ?? readWithin(text) ?? refuse(error);
  }
}

/** What opens a list: brackets, the parentheses of a call, or Erlang's two angles. */
const LIST = /[[{]|^\s*(@|\w[\w.]*\s*)\((?=\s*(0x|\d))|<</;

function refuse(error: unknown): never {
  throw error;
}

/** What a program has between quotes. */
function readWithin(text: string): { bytes: Uint8Array; writing: Writing } | undefined {
  for (const { 2: inner = '' } of text.matchAll(/(["'`])([0-9a-f\s:]{2,})\1/gi))
    if (inner.replace(/[\s:]/g, '').length % 2 === 0) return { bytes: readHex(inner, 0), writing: 'hex' };
  return undefined;
}

/** The dump in a page that has more than that, as tshark prints one for each frame. */
function dumpWithin(text: string): Uint8Array | undefined {
  if (!/^[ \t]*0{4,8}:?[ \t]+[0-9a-f]{2}(\s|$)/im.test(text)) return undefined;
  const lines = text.split('\n').filter((line) => /^\s*[0-9a-f]{4,8}:?\s+[0-9a-f]{2}(\s|$)/i.test(line));
  return readDump(lines.join('\n'));
}

/** `<Buffer 30 14 00>`, as Node prints it. Longer ones are cut off when they are printed. */
function readBuffer(text: string, start: number): Uint8Array {
  const name = /<\w*(Buffer|Array)\b/y;
  name.lastIndex = start;
  if (!name.test(text)) throw new Unreadable('digit', start, '<');
  const end = text.indexOf('>', start);
  const body = text.slice(name.lastIndex, end === -1 ? text.length : end);
  const dots = body.indexOf('...');
  if (dots !== -1) throw new Unreadable('cut', name.lastIndex + dots, '...');
  return readHex(body, name.lastIndex);
}

/** @param base where `text` stands in the whole of what was given */
function readHex(text: string, base: number): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  let length = 0;
  const word = /0x[0-9a-f]*(?=0x)|[^\s\u200b,:;"'`“”‘’|_.%-]+/gi;
  for (let found = word.exec(text); found !== null; found = word.exec(text)) {
    const prefix = /^0x/i.test(found[0]) ? 2 : 0;
    const at = base + found.index;
    const wrong = found[0].slice(prefix).search(/[^0-9a-f]/i);
    if (wrong !== -1) {
      const place = at + prefix + wrong;
      throw new Unreadable('digit', place, String.fromCodePoint(text.codePointAt(place - base) ?? 0));
    }
    const digits = found[0].length - prefix;
    if (digits === 0 || digits % 2 === 1) throw new Unreadable('half', at, found[0]);
    for (let pair = prefix; pair < found[0].length; pair += 2)
      bytes[length++] = Number.parseInt(found[0].slice(pair, pair + 2), 16);
  }
  if (length === 0) throw new Unreadable('nothing', base, '');
  return bytes.slice(0, length);
}

/** Bytes of eight bits; one alone would be four pairs. */
function plainBits(text: string): Uint8Array | undefined {
  if (!/^\s*[01]{8}[\s,]+[01]{8}\b/.test(text)) return undefined;
  const words = text.trim().split(/[\s,]+/);
  const isBits = words.every((word) => /^[01]{8}$/.test(word));
  return isBits ? Uint8Array.from(words, (word) => Number.parseInt(word, 2)) : undefined;
}

/**
 * Decimal numbers, of which some cannot be pairs of digits: with commas between them, or with blanks where they are as long as
 * numbers of a byte can be and as short.
 */
function plainNumbers(text: string): Uint8Array | undefined {
  const words = text.trim().split(/\s*,\s*|\s+/);
  if (words.at(-1) === '') words.pop();
  if (words.length < 2) return undefined;
  const has = (length: number) => words.some((word) => word.length === length);
  const isDecimal = words.every((word) => /^\d{1,3}$/.test(word) && Number(word) < 256);
  const isMeant = text.includes(',') ? has(1) || has(3) : has(1) && has(3);
  return isDecimal && isMeant ? Uint8Array.from(words, Number) : undefined;
}

/** With padding, or of some length: a short word could be anything. Line breaks may stand in it, and the characters for addresses. */
function readBase64(text: string): { bytes: Uint8Array; writing: Writing } | undefined {
  const body = text.trim().replace(/^data:[^,]*;base64,/i, '');
  const isNamed = body.length < text.trim().length;
  const word = body.replace(/\r?\n/g, '').replace(/^["']|["']$/g, '');
  const isMeant = isNamed || word.endsWith('=') || word.length >= 8;
  if (!isMeant || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(word)) return undefined;
  if (!isNamed && /^(0x)?[0-9a-f_-]*$|^(0x[0-9a-f]{1,2})+$/i.test(word)) return undefined;
  const standard = word.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '');
  const bytes = fromBase64(standard + '='.repeat((4 - (standard.length % 4)) % 4));
  return bytes && { bytes, writing: 'base64' };
}

/** The elements of the last list in the text: what stands before it is its declaration, what stands behind it its length. */
function readNumbers(text: string): Uint8Array {
  const code = withoutComments(text);
  const bracket = Math.max(code.lastIndexOf('['), code.lastIndexOf('{'));
  const open = bracket === -1 ? Math.max(code.indexOf('('), code.indexOf('<<') + 1) : bracket;
  const closing = code.slice(open + 1).search(/[\]}]/);
  const close = bracket === -1 ? Math.max(code.lastIndexOf(')'), code.indexOf('>>')) : open + 1 + closing;
  const body = code
    .slice(open + 1, close <= open ? code.length : close)
    .replace(/\(byte\)|\.toByte\(\)|"\d+"\s*:/g, (word) => ' '.repeat(word.length));
  const words = [...body.matchAll(/[^\s,;"]+/g)];
  if (words.length === 0) throw new Unreadable('nothing', open, '');
  const isText = body.trimStart().startsWith('"');
  const isHex =
    words.every(([word]) => /^[0-9a-f]{2}$/i.test(word)) &&
    (isText || words.some(([word]) => /[a-f]/i.test(word)));
  return Uint8Array.from(words, ({ 0: word, index }) => {
    const value = isHex ? Number.parseInt(word, 16) : numberOf(word);
    if (value === undefined) throw new Unreadable('number', open + 1 + index, word);
    return value;
  });
}

/** A byte of a program: `0x30`, `48u8`, `0b110000`, `'0'`; a negative one where bytes have signs. */
function numberOf(word: string): number | undefined {
  const character = /^b?'([ -~])'$/.exec(word)?.[1];
  if (character !== undefined) return character.charCodeAt(0);
  const digits = /^(0x[0-9a-f]{1,2}|0b[01]{1,8}|-?\d{1,3})(?:_?u8|u?l?)$/i.exec(word)?.[1];
  const value = digits === undefined ? Number.NaN : Number(digits);
  return value >= -128 && value <= 255 ? value & 0xff : undefined;
}

/** Blanks in place of comments, so that everything else stays where it is. */
function withoutComments(text: string): string {
  let code = '';
  let at = 0;
  while (at < text.length) {
    const slash = text.indexOf('/', at);
    if (slash === -1) break;
    const close = { '/*': '*/', '//': '\n' }[text.slice(slash, slash + 2)];
    const found = close === undefined ? slash + 1 : text.indexOf(close, slash + 2);
    const end = close === undefined ? found : found === -1 ? text.length : found + close.length;
    code += text.slice(at, slash) + (close === undefined ? '/' : ' '.repeat(end - slash));
    at = end;
  }
  return code + text.slice(at);
}

/** Whether it is a string of a program: with escapes, or marked as one of bytes. */
function isEscaped(text: string, start: number): boolean {
  const beginning = text.slice(start, start + 4096);
  return (
    /\\(x|u00|[0-7]{3})[0-9a-f]?/i.test(text) ||
    /^["'][\s\S]*\\/.test(beginning) ||
    /(^|[=(]\s*)(b|rb|br)["']/i.test(beginning)
  );
}

/** What single letters stand for behind a backslash, in C and in Python. */
const ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  e: 27,
  '"': 0x22,
  "'": 0x27,
  '\\': 0x5c,
};

/** Strings one behind the other, or what stands between quotes without them. */
function readEscapes(text: string): Uint8Array {
  const bytes: number[] = [];
  const isQuoted = /["']/.test(text.slice(0, text.indexOf('\\') + 1 || text.length));
  let quote: string | undefined;
  for (let at = 0; at < text.length; ) {
    const character = text.charAt(at);
    if (isQuoted && quote === undefined) {
      if (character === '"' || character === "'") quote = character;
      at++;
    } else if (character === quote) {
      quote = undefined;
      at++;
    } else if (character === '\\') at += readEscape(text, at, bytes);
    else if (!isQuoted && /\s/.test(character)) at++;
    else {
      const whole = String.fromCodePoint(text.codePointAt(at) ?? 0);
      bytes.push(...utf8(whole));
      at += whole.length;
    }
  }
  return Uint8Array.from(bytes);
}

/** Reads one escape, and returns how many characters it has. */
function readEscape(text: string, at: number, bytes: number[]): number {
  const pattern = /\\(?:(?:x|u00)([0-9a-f]{2})|([0-7]{1,3})|([^x0-7]))/iy;
  pattern.lastIndex = at;
  const [whole = '', hex, octal, letter = ''] = pattern.exec(text) ?? [];
  if (/^\s/.test(letter)) return 2;
  const value = hex ? Number.parseInt(hex, 16) : octal ? Number.parseInt(octal, 8) : ESCAPES[letter];
  if (value === undefined || value > 0xff) throw new Unreadable('escape', at, text.slice(at, at + 4));
  bytes.push(value);
  return whole.length;
}
