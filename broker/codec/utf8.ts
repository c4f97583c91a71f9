// UTF-8 as MQTT wants it: strict, without surrogates and without U+0000, with a short way for ASCII. Written here because
// the engine runs where no TextDecoder is promised, and because a fault has to be told with its kind and its byte.

/** Why bytes are not a string of MQTT. */
export type Utf8Fault = 'notUtf8' | 'surrogate' | 'nullCharacter';

/** Thrown by `decodeUtf8`, and turned into a fault of the packet by the reader. */
export class InvalidUtf8 extends Error {
  readonly fault: Utf8Fault;
  readonly offset: number;

  constructor(fault: Utf8Fault, offset: number) {
    super(`${fault} at ${offset}`);
    this.fault = fault;
    this.offset = offset;
  }
}

/**
 * Reads `bytes` from `start` up to `end` as a string [v3 MQTT-1.5.3-1, MQTT-1.5.3-2] [v5 MQTT-1.5.4-1, MQTT-1.5.4-2] [MQTT-4.7.3-2].
 * A byte order mark is an ordinary character, and stays [v3 MQTT-1.5.3-3] [v5 MQTT-1.5.4-3].
 * @throws InvalidUtf8 with the offset of the first byte of the bad character
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let at = asciiEnd(bytes, start, end);
  let text = ascii(bytes, start, at);
  while (at < end) {
    const point = codePoint(bytes, at, end);
    const next = at + widthOf(point);
    at = asciiEnd(bytes, next, end);
    text += String.fromCodePoint(point) + ascii(bytes, next, at);
  }
  return text;
}

/** Where the first byte stands that is not a character of its own, or is U+0000. */
function asciiEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte > 0x7f || byte === 0) return at;
  }
  return end;
}

/** Said of bytes that are known to be there. */
const charactersOf = String.fromCharCode as (...units: (number | undefined)[]) => string;

/** Eight characters at a time, because each piece of a string has its price. */
function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  for (; at + 8 <= end; at += 8) {
    text += charactersOf(
      bytes[at],
      bytes[at + 1],
      bytes[at + 2],
      bytes[at + 3],
      bytes[at + 4],
      bytes[at + 5],
      bytes[at + 6],
      bytes[at + 7],
    );
  }
  for (; at < end; at++) text += charactersOf(bytes[at]);
  return text;
}

/** By the upper bits of the first byte: how long a character is, and the least code point that may be written so long. */
const LEADS = [
  { mask: 0b1110_0000, bits: 0b1100_0000, length: 2, least: 0x80 },
  { mask: 0b1111_0000, bits: 0b1110_0000, length: 3, least: 0x800 },
  { mask: 0b1111_1000, bits: 0b1111_0000, length: 4, least: 0x1_0000 },
] as const;

/** How many bytes a character takes that is not ASCII. */
function widthOf(point: number): number {
  return point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
}

/** Reads a character that is not ASCII. */
function codePoint(bytes: Uint8Array, at: number, end: number): number {
  const byte = bytes[at] as number;
  if (byte === 0) throw new InvalidUtf8('nullCharacter', at);
  const lead = LEADS.find(({ mask, bits }) => (byte & mask) === bits);
  if (lead === undefined || at + lead.length > end) throw new InvalidUtf8('notUtf8', at);
  let point = byte & ~lead.mask;
  for (let next = at + 1; next < at + lead.length; next++) {
    const more = bytes[next] as number;
    if ((more & 0b1100_0000) !== 0b1000_0000) throw new InvalidUtf8('notUtf8', at);
    point = (point << 6) | (more & 0b0011_1111);
  }
  if (point >= 0xd800 && point <= 0xdfff) throw new InvalidUtf8('surrogate', at);
  if (point < lead.least || point > 0x10_ffff) throw new InvalidUtf8('notUtf8', at);
  return point;
}

/** The text that `bytes` are, or undefined where they are not UTF-8. Unlike in a string of MQTT, U+0000 is allowed. */
export function textOf(bytes: Uint8Array): string | undefined {
  let text = '';
  let start = 0;
  try {
    for (let zero = bytes.indexOf(0); zero !== -1; zero = bytes.indexOf(0, start)) {
      text += `${decodeUtf8(bytes, start, zero)}\0`;
      start = zero + 1;
    }
    return text + decodeUtf8(bytes, start, bytes.length);
  } catch (error) {
    if (error instanceof InvalidUtf8) return undefined;
    throw error;
  }
}

/** Whether all of `bytes` is UTF-8: what Payload Format Indicator 1 promises (5.0, section 3.3.2.3.2). */
export function isUtf8(bytes: Uint8Array): boolean {
  return textOf(bytes) !== undefined;
}

/** How many bytes `text` takes as UTF-8. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) length += 1;
    else if (unit < 0x800) length += 2;
    else if (isPair(text, at)) {
      length += 4;
      at++;
    } else length += 3;
  }
  return length;
}

/**
 * Writes `text` into `bytes` from `start`, and returns where it ends. There must be room for `utf8Length(text)` bytes.
 * Half a surrogate pair is written as the three bytes that a receiver refuses: the encoder obeys.
 */
export function encodeUtf8(text: string, bytes: Uint8Array, start: number): number {
  let at = start;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      bytes[at++] = unit;
    } else if (unit < 0x800) {
      bytes[at++] = 0b1100_0000 | (unit >> 6);
      bytes[at++] = continuation(unit);
    } else if (isPair(text, index)) {
      const point = text.codePointAt(index++) as number;
      bytes[at++] = 0b1111_0000 | (point >> 18);
      bytes[at++] = continuation(point >> 12);
      bytes[at++] = continuation(point >> 6);
      bytes[at++] = continuation(point);
    } else {
      bytes[at++] = 0b1110_0000 | (unit >> 12);
      bytes[at++] = continuation(unit >> 6);
      bytes[at++] = continuation(unit);
    }
  }
  return at;
}

/** The UTF-8 bytes of a string, for payloads that are text. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  encodeUtf8(text, bytes, 0);
  return bytes;
}

function continuation(bits: number): number {
  return 0b1000_0000 | (bits & 0b0011_1111);
}

/** Whether a surrogate pair, one character of four bytes, begins at `index`. */
function isPair(text: string, index: number): boolean {
  const high = text.charCodeAt(index);
  const low = text.charCodeAt(index + 1);
  return high >= 0xd800 && high <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}
