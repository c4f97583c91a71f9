// Hex dumps: lines of an offset, bytes, and perhaps the same bytes as characters, as xxd, hexdump, od, tshark and Wireshark print
// them. The offsets say how many bytes a line has; where none follows, the characters do. Knows no other way of writing bytes.
import { Unreadable } from './unreadable.ts';

/** More bytes than any packet that is looked at: a dump can stand for as many as it likes in one line. */
const MOST = 16 * 1024 * 1024;

/** A line has no more bytes than this. */
const WIDEST = 256;

interface Line {
  /** Where it begins in the text. */
  at: number;
  /** The digits of the offset; `*` for a line that says that the one before it goes on. */
  digits: string;
  hasColon: boolean;
  rest: string;
}

/**
 * Reads a dump. Offsets may begin anew: then another dump follows.
 * @returns undefined for a text that is none
 * @throws Unreadable where a line has fewer bytes than its offsets say
 */
export function readDump(text: string): Uint8Array | undefined {
  const lines = linesOf(text);
  if (lines === undefined) return undefined;
  const base = [16, 10, 8].find((each) => isCounted(lines, each));
  if (base !== undefined) return bytesOf(lines, base);
  if (isMeant(lines)) throw new Unreadable('offset', lines[0]?.at ?? 0, lines[0]?.digits ?? '');
  return undefined;
}

/** Whether the first column counts from 0 upwards, if not the bytes behind it. */
function isMeant(lines: readonly Line[]): boolean {
  const offsets = lines.map((line) => offsetOf(line, 16));
  const [first] = offsets;
  return first === 0 && offsets.every((offset, index) => index === 0 || offset > (offsets[index - 1] ?? 0));
}

function linesOf(text: string): Line[] | undefined {
  const lines: Line[] = [];
  let at = 0;
  for (const whole of text.split('\n')) {
    const line = /^[ \t]*(?:0x)?(\*|[0-9a-f]{4,16}(?=[:\s]|$))(:?)(?=\s|$)(.*)$/i.exec(whole.trimEnd());
    if (line) {
      const [, digits = '', colon, rest = ''] = line;
      lines.push({ at, digits, hasColon: colon !== '', rest: inPairs(rest) });
    } else if (whole.trim() !== '') return undefined;
    at += whole.length + 1;
  }
  const [first] = lines;
  return first && digitsIn(first.rest, 1).bytes.length > 0 ? lines : undefined;
}

/** Other ways to write the bytes of a line: bits, octal numbers, and octal numbers of two bytes, the low one first. */
const OTHERS = [
  { line: /^( [01]{8})+(?= {2}|$)/, word: /[01]{8}/g, base: 2, bytes: 1 },
  { line: /^( [0-7]{3})+$/, word: /[0-7]{3}/g, base: 8, bytes: 1 },
  { line: /^( [0-7]{6})+$/, word: /[0-7]{6}/g, base: 8, bytes: 2 },
] as const;

/** The same with pairs of digits. */
function inPairs(rest: string): string {
  for (const { line, word, base, bytes } of OTHERS) {
    const [found] = line.exec(rest) ?? [];
    if (found === undefined) continue;
    const pairs = found.replace(word, (digits) => {
      const value = Number.parseInt(digits, base);
      const parts = bytes === 2 ? [value & 0xff, value >> 8] : [value];
      return parts.map((part) => part.toString(16).padStart(2, '0')).join(' ');
    });
    return pairs + rest.slice(found.length);
  }
  return rest;
}

/** Whether the first column counts the bytes behind it, to a base. */
function isCounted(lines: readonly Line[], base: number): boolean {
  const [first, ...others] = lines.filter(({ digits }) => digits !== '*');
  if (first === undefined) return false;
  let before = offsetOf(first, base);
  if (others.length === 0) return before === 0 || first.hasColon;
  let room = roomOf(first);
  const isFolded = lines.length > others.length + 1;
  return others.every((line) => {
    const offset = offsetOf(line, base);
    const grown = offset - before;
    const isNew = offset === 0 || grown <= 0;
    const isNext = isNew || grown <= room || isFolded;
    before = offset;
    room = roomOf(line);
    return !Number.isNaN(offset) && isNext;
  });
}

function offsetOf({ digits }: Line, base: number): number {
  const isIn = base === 16 || (base === 8 ? /^[0-7]+$/ : /^\d+$/).test(digits);
  return isIn ? Number.parseInt(digits, base) : Number.NaN;
}

function roomOf({ rest }: Line): number {
  return digitsIn(rest, WIDEST).bytes.length;
}

function bytesOf(lines: readonly Line[], base: number): Uint8Array {
  const bytes: number[] = [];
  let previous: readonly number[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.digits === '*') continue;
    const next = lines.slice(index + 1, index + 3).find(({ digits }) => digits !== '*');
    const isRepeated = lines[index + 1]?.digits === '*';
    const grown = next === undefined ? 0 : offsetOf(next, base) - offsetOf(line, base);
    previous = grown > 0 && !isRepeated ? exactly(line, grown) : likely(line);
    for (const byte of previous) bytes.push(byte);
    if (isRepeated) repeat(bytes, previous, grown - previous.length, line);
    if (bytes.length > MOST) throw new Unreadable('long', line.at, line.digits);
  }
  return Uint8Array.from(bytes);
}

/** What a line with `*` stands for: the line before it, up to the next offset. */
function repeat(bytes: number[], line: readonly number[], count: number, { at, digits }: Line): void {
  if (bytes.length + count > MOST) throw new Unreadable('long', at, digits);
  for (let index = 0; index < count; index++) bytes.push(line[index % line.length] ?? 0);
}

/** As many bytes as the next offset says. */
function exactly(line: Line, count: number): number[] {
  const { bytes } = digitsIn(line.rest, isSwapped(line) ? count + (count % 2) : count);
  if (bytes.length < count) throw new Unreadable('offset', line.at, line.digits);
  return inOrder(line, bytes).slice(0, count);
}

/** As many bytes as the characters behind them say, or else all that there are. */
function likely(line: Line): number[] {
  const { bytes, ends } = digitsIn(line.rest, WIDEST);
  const behind = (count: number) => line.rest.slice(ends[count - 1], (ends[count - 1] ?? 0) + 3 * WIDEST);
  // Characters can look like pairs of digits, and then stand further off.
  const isAllDigits = behind(bytes.length).trim() === '';
  let count = bytes.length;
  while (count > 0 && !isShownBy(behind(count), bytes.slice(0, count), isAllDigits)) count--;
  return inOrder(line, count === 0 ? bytes : bytes.slice(0, count));
}

/** Whether a text has the characters of bytes, perhaps between bars, and nothing else. */
function isShownBy(text: string, bytes: readonly number[], isFarOff: boolean): boolean {
  const shown = text.trim();
  if (shown === '' || (isFarOff && !/^(\s\s|\s*\|)/.test(text))) return false;
  const wanted = characters(bytes).trim();
  return shown === wanted || shown.replace(/^\|(.*)\|$/, '$1').trim() === wanted;
}

/** hexdump without options prints numbers of two bytes, the low one first, behind seven digits of offset and no colon. */
function isSwapped({ digits, hasColon, rest }: Line): boolean {
  return digits.length === 7 && !hasColon && /^( +[0-9a-f]{4})+$/i.test(rest);
}

function inOrder(line: Line, bytes: number[]): number[] {
  return isSwapped(line) ? bytes.map((_, index) => bytes[index ^ 1] ?? 0) : bytes;
}

/** The characters that dumps print beside bytes. */
function characters(bytes: readonly number[]): string {
  return bytes.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}

/** Pairs of digits from the beginning of a text, up to so many, and where each ends. */
function digitsIn(text: string, most: number): { bytes: number[]; ends: number[] } {
  const bytes: number[] = [];
  const ends: number[] = [];
  const pair = /[ \t-]*([0-9a-f]{2})/iy;
  while (bytes.length < most) {
    const found = pair.exec(text);
    if (found === null) break;
    bytes.push(Number.parseInt(found[1] ?? '', 16));
    ends.push(pair.lastIndex);
  }
  return { bytes, ends };
}
