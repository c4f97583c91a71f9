// A growing buffer that packets are written into. Obeys: it writes any value that fits its field, and leaves to
// `validate.ts` what is forbidden. Knows the wire's data types; knows no packet.
import { encodeUtf8, utf8Length } from './utf8.ts';

/** The largest Remaining Length (3.1.1, section 2.2.3; 5.0, section 1.5.5). */
export const MAX_VARINT = 268_435_455;

/** A buffer that one large packet made larger than this is not kept for the next. */
const KEEP = 64 * 1024;

export class Writer {
  private bytes = new Uint8Array(256);
  private offset = 0;

  uint8(value: number): void {
    checkRange('a byte', value, 0xff);
    this.room(1);
    this.bytes[this.offset++] = value;
  }

  /** @param name what to call the value when it does not fit */
  uint16(name: string, value: number): void {
    checkRange(name, value, 0xffff);
    this.room(2);
    this.bytes[this.offset++] = value >> 8;
    this.bytes[this.offset++] = value;
  }

  uint32(name: string, value: number): void {
    checkRange(name, value, 0xffff_ffff);
    this.room(4);
    this.bytes[this.offset++] = value >>> 24;
    this.bytes[this.offset++] = value >>> 16;
    this.bytes[this.offset++] = value >>> 8;
    this.bytes[this.offset++] = value;
  }

  varint(name: string, value: number): void {
    checkRange(name, value, MAX_VARINT);
    this.room(4);
    this.offset = writeVarint(value, this.bytes, this.offset);
  }

  /** A UTF-8 string behind two bytes of length [v3 MQTT-4.7.3-3]. */
  string(name: string, value: string): void {
    const length = utf8Length(value);
    this.uint16(`the length of ${name}`, length);
    this.room(length);
    this.offset = encodeUtf8(value, this.bytes, this.offset);
  }

  /** Bytes behind two bytes of length. */
  binary(name: string, value: Uint8Array): void {
    this.uint16(`the length of ${name}`, value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.room(value.length);
    this.bytes.set(value, this.offset);
    this.offset += value.length;
  }

  /** Writes what `body` writes, behind its length as a variable byte integer. */
  measured(name: string, body: () => void): void {
    const start = this.offset;
    body();
    const length = this.offset - start;
    checkRange(name, length, MAX_VARINT);
    const shift = varintLength(length);
    this.room(shift);
    this.bytes.copyWithin(start + shift, start, this.offset);
    writeVarint(length, this.bytes, start);
    this.offset += shift;
  }

  /** Puts a fixed header in front of all that was written, returns a copy of the whole, and begins anew. */
  frame(firstByte: number): Uint8Array {
    const length = this.offset;
    this.offset = 0;
    checkRange('the Remaining Length', length, MAX_VARINT);
    const frame = new Uint8Array(1 + varintLength(length) + length);
    frame[0] = firstByte;
    const start = writeVarint(length, frame, 1);
    copy(this.bytes, length, frame, start);
    if (this.bytes.length > KEEP) this.bytes = new Uint8Array(256);
    return frame;
  }

  /** Forgets what was written. */
  reset(): void {
    this.offset = 0;
  }

  private room(count: number): void {
    const needed = this.offset + count;
    if (needed <= this.bytes.length) return;
    checkRange('the length of the packet', needed, MAX_VARINT);
    const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** How many bytes a variable byte integer takes. */
export function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
}

/** Writes a variable byte integer, the low seven bits first, and returns where it ends. Source: 5.0, section 1.5.5. */
export function writeVarint(value: number, bytes: Uint8Array, start: number): number {
  let at = start;
  let rest = value;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

function copy(from: Uint8Array, length: number, to: Uint8Array, start: number): void {
  if (length > 64) to.set(from.subarray(0, length), start);
  else for (let at = 0; at < length; at++) to[start + at] = from[at] as number;
}

/** @throws RangeError unless `value` is a whole number that fits */
export function checkRange(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw new RangeError(`${name} is ${value}; it has to be a whole number from 0 to ${max}`);
}
