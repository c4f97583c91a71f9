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
 * Reads `bytes` from `start` up to `end` as a string [v3 MQTT-1.5.3-1, MQTT-1.5.3-2] [v5 MQTT-1.5.4-1, MQTT-1.5.4-2].
 * A byte order mark is an ordinary character, and stays [v3 MQTT-1.5.3-3] [v5 MQTT-1.5.4-3].
 * @throws InvalidUtf8 with the offset of the first byte of the bad character
 */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0) throw new InvalidUtf8('nullCharacter', at);
    if (byte > 0x7f) return text + decodeWide(bytes, at, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** By the upper bits of the first byte: how long a character is, and the least code point that may be written so long. */
const LEADS = [
  { mask: 0b1110_0000, bits: 0b1100_0000, length: 2, least: 0x80 },
  { mask: 0b1111_0000, bits: 0b1110_0000, length: 3, least: 0x800 },
  { mask: 0b1111_1000, bits: 0b1111_0000, length: 4, least: 0x1_0000 },
] as const;

function decodeWide(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === 0) throw new InvalidUtf8('nullCharacter', at);
    if (byte < 0x80) {
      text += String.fromCharCode(byte);
      at++;
      continue;
    }
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
    text += String.fromCodePoint(point);
    at += lead.length;
  }
  return text;
}

/** Whether all of `bytes` is UTF-8; unlike in a string, U+0000 is allowed. What Payload Format Indicator 1 promises (5.0, section 3.3.2.3.2). */
export function isUtf8(bytes: Uint8Array): boolean {
  let start = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0) continue;
    try {
      decodeUtf8(bytes, start, at);
    } catch (error) {
      if (error instanceof InvalidUtf8) return false;
      throw error;
    }
    start = at + 1;
  }
  return true;
}

/** How many bytes `text` takes as UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    if (unit < 0x800) length += 1;
    else if (isPair(text, at)) {
      length += 2;
      at++;
    } else length += 2;
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
