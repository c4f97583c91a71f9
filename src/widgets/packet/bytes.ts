// Operations on the bytes of a packet that ask nothing about their meaning. Each gives new bytes and leaves the old alone.

/** Puts other bytes in place of those from `start` to `end`. */
export function splice(bytes: Uint8Array, start: number, end: number, put: ArrayLike<number>): Uint8Array {
  const result = new Uint8Array(bytes.length - (end - start) + put.length);
  result.set(bytes.subarray(0, start));
  result.set(put, start);
  result.set(bytes.subarray(end), start + put.length);
  return result;
}

/** Sets one byte; at the end of the packet, adds it. */
export function setByte(bytes: Uint8Array, offset: number, value: number): Uint8Array {
  return splice(bytes, offset, Math.min(offset + 1, bytes.length), [value]);
}

/** Overwrites the upper half (0) or the lower half (1) of a byte; at the end of the packet, begins a new one. */
export function setHalf(bytes: Uint8Array, offset: number, half: 0 | 1, digit: number): Uint8Array {
  const before = bytes[offset] ?? 0;
  return setByte(bytes, offset, half === 0 ? (digit << 4) | (before & 0x0f) : (before & 0xf0) | digit);
}

/** Turns one bit over. */
export function flipBit(bytes: Uint8Array, offset: number, bit: number): Uint8Array {
  return setByte(bytes, offset, (bytes[offset] ?? 0) ^ (1 << bit));
}

/** Writes a number into the bits from `high` to `low` of a byte. */
export function setBits(
  bytes: Uint8Array,
  offset: number,
  [high, low]: readonly [number, number],
  value: number,
): Uint8Array {
  const mask = ((1 << (high - low + 1)) - 1) << low;
  return setByte(bytes, offset, ((bytes[offset] ?? 0) & ~mask) | ((value << low) & mask));
}

/** A number in `width` bytes, the high one first. */
export function bigEndian(value: number, width: number): number[] {
  return Array.from(
    { length: width },
    (_, index) => Math.floor(value / 2 ** (8 * (width - 1 - index))) & 0xff,
  );
}

/** A variable byte integer: seven bits a byte, the low ones first. Source: 5.0, section 1.5.5. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

/** Where the Remaining Length ends: behind the first byte without a continuation bit, at most four bytes on. */
export function headerEnd(bytes: Uint8Array): number {
  let end = 1;
  while (end < 4 && (bytes[end] ?? 0) & 0x80) end++;
  return Math.min(end + 1, bytes.length);
}

/** Writes the Remaining Length that goes with the bytes behind it. */
export function recount(bytes: Uint8Array): Uint8Array {
  const end = headerEnd(bytes);
  return splice(bytes, 1, end, varint(bytes.length - end));
}

/** Whether two packets have the same bytes. */
export function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
