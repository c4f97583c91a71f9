// Bytes as people write them: two hexadecimal digits each, capital letters, a space between. Knows no packet.

/** One byte: `0A`. */
export function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0').toUpperCase();
}

/** Bytes with spaces between. */
export function hexBytes(bytes: Uint8Array | readonly number[]): string {
  return Array.from(bytes, hexByte).join(' ');
}

/** The place of a byte, as hex dumps write it: four digits, more where needed. */
export function hexOffset(offset: number): string {
  return offset.toString(16).padStart(4, '0').toUpperCase();
}

/**
 * Reads bytes from text: pairs of digits, with anything between them that hex dumps put there (spaces, commas, colons,
 * `0x`, line breaks).
 * @returns undefined where the text is not made of whole bytes
 */
export function parseHex(text: string): Uint8Array | undefined {
  const digits = text
    .replace(/0x/gi, ' ')
    .replace(/[\s,:;-]+/g, ' ')
    .trim();
  const groups = digits === '' ? [] : digits.split(' ');
  if (groups.some((group) => !/^[0-9a-f]+$/i.test(group) || group.length % 2 !== 0)) return undefined;
  const pairs = groups.flatMap((group) => group.match(/../g) ?? []);
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}

/** The character that a byte is in ASCII, `␣` for the space, `·` where there is nothing to print. */
export function ascii(byte: number): string {
  if (byte === 0x20) return '␣';
  return byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}
