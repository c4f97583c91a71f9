// Base64 (RFC 4648, section 4), in which SCRAM writes its bytes and people paste theirs: the engine runs where no `btoa` is
// promised.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.subarray(at, at + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += digit(group >> 18) + digit(group >> 12);
    text += second === undefined ? '=' : digit(group >> 6);
    text += third === undefined ? '=' : digit(group);
  }
  return text;
}

/** The bytes that a text stands for; undefined if it is not Base64, padding included. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const digits = text.replaceAll('=', '');
  const bytes = new Uint8Array((digits.length * 6) >> 3);
  let group = 0;
  let at = 0;
  for (let index = 0; index < digits.length; index++) {
    group = ((group << 6) | DIGITS.indexOf(digits.charAt(index))) & 0xffff;
    const bits = (6 * (index + 1)) % 8;
    if (bits < 6) bytes[at++] = group >> bits;
  }
  return bytes;
}

function digit(value: number): string {
  return DIGITS.charAt(value & 0b11_1111);
}
