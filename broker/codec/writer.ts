// A growing buffer that packets are written into, each where it stays. Obeys: it writes any value that fits its field, and
// leaves to `validate.ts` what is forbidden. Knows the wire's data types; knows no packet.
import { encodeUtf8, utf8Length } from './utf8.ts';

/** The largest Remaining Length (3.1.1, section 2.2.3; 5.0, section 1.5.5). */
const MAX_VARINT = 268_435_455;

/** What is kept free in front of a packet for its fixed header: a byte and the longest length. */
const HEADER_ROOM = 5;

/** Small packets share buffers of this size, because an array of its own costs more than the packet. */
const SHARED = 8 * 1024;

/** A string that is not measured before it is written: no unit of it takes more than three bytes. */
const SHORT = 256;

const NONE = new Uint8Array(0);

export class Writer {
  #bytes = NONE;
  /** What lies before belongs to packets that were given away, and is never touched again. */
  #start = 0;
  #offset = 0;

  /** Begins a packet. What was written of another and not given away is forgotten. */
  begin(): void {
    const isLarge = this.#bytes.length > SHARED; // what a packet that did not fit has left behind
    if (isLarge || this.#start + HEADER_ROOM > this.#bytes.length) {
      this.#bytes = new Uint8Array(SHARED);
      this.#start = 0;
    }
    this.#offset = this.#start + HEADER_ROOM;
  }

  uint8(value: number): void {
    checkRange('a byte', value, 0xff);
    this.#room(1);
    this.#bytes[this.#offset++] = value;
  }

  /** @param name what to call the value when it does not fit */
  uint16(name: string, value: number): void {
    checkRange(name, value, 0xffff);
    this.#room(2);
    this.#bytes[this.#offset++] = value >> 8;
    this.#bytes[this.#offset++] = value;
  }

  uint32(name: string, value: number): void {
    checkRange(name, value, 0xffff_ffff);
    this.#room(4);
    this.#bytes[this.#offset++] = value >>> 24;
    this.#bytes[this.#offset++] = value >>> 16;
    this.#bytes[this.#offset++] = value >>> 8;
    this.#bytes[this.#offset++] = value;
  }

  varint(name: string, value: number): void {
    checkRange(name, value, MAX_VARINT);
    this.#room(4);
    this.#offset = writeVarint(value, this.#bytes, this.#offset);
  }

  /** A UTF-8 string behind two bytes of length [MQTT-4.7.3-3]. */
  string(name: string, value: string): void {
    this.#room(2 + (value.length < SHORT ? 3 * value.length : utf8Length(value)));
    const at = this.#offset + 2;
    const end = encodeUtf8(value, this.#bytes, at);
    this.#length(name, end - at);
    this.#offset = end;
  }

  /** Bytes behind two bytes of length. */
  binary(name: string, value: Uint8Array): void {
    this.#length(name, value.length);
    this.raw(value);
  }

  raw(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#offset);
    this.#offset += value.length;
  }

  /** Writes what `body` writes, behind its length as a variable byte integer. */
  measured(name: string, body: () => void): void {
    const before = this.#offset - this.#start;
    body();
    const length = this.#offset - this.#start - before;
    checkRange(name, length, MAX_VARINT);
    const shift = varintLength(length);
    this.#room(shift);
    const at = this.#start + before;
    this.#bytes.copyWithin(at + shift, at, this.#offset);
    writeVarint(length, this.#bytes, at);
    this.#offset += shift;
  }

  /** Puts a fixed header in front of what was written, and gives the whole away: a view of bytes that are not touched again. */
  frame(firstByte: number): Uint8Array {
    const length = this.#offset - this.#start - HEADER_ROOM;
    checkRange('the Remaining Length', length, MAX_VARINT);
    const first = this.#start + HEADER_ROOM - 1 - varintLength(length);
    this.#bytes[first] = firstByte;
    writeVarint(length, this.#bytes, first + 1);
    const frame = this.#bytes.subarray(first, this.#offset);
    if (this.#bytes.length > SHARED) this.#bytes = NONE;
    this.#start = this.#offset;
    return frame;
  }

  #length(name: string, length: number): void {
    if (length > 0xffff)
      throw new RangeError(`${name} takes ${length} bytes, and its length has room for 65535`);
    this.#room(2);
    this.#bytes[this.#offset++] = length >> 8;
    this.#bytes[this.#offset++] = length;
  }

  #room(count: number): void {
    if (this.#offset + count > this.#bytes.length) this.#move(count);
  }

  /** Takes the packet that is under way to a new buffer, which has room for `count` bytes more. */
  #move(count: number): void {
    const held = this.#offset - this.#start;
    const needed = held + count;
    checkRange('the length of the packet', needed - HEADER_ROOM, MAX_VARINT);
    const isLarge = needed > SHARED;
    const bytes = new Uint8Array(isLarge ? Math.max(needed, 2 * held) : SHARED);
    bytes.set(this.#bytes.subarray(this.#start, this.#offset));
    this.#bytes = bytes;
    this.#start = 0;
    this.#offset = held;
  }
}

/** How many bytes a variable byte integer takes. */
function varintLength(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
}

/** Writes a variable byte integer, the low seven bits first, and returns where it ends. Source: 5.0, section 1.5.5. */
function writeVarint(value: number, bytes: Uint8Array, start: number): number {
  let at = start;
  let rest = value;
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

/** @throws RangeError unless `value` is a whole number that fits */
export function checkRange(name: string, value: number, max: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= max) return;
  throw new RangeError(`${name} is ${value}; it has to be a whole number from 0 to ${max}`);
}
