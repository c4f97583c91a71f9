// Bytes as people type them: in hex, with or without blanks, commas, colons and 0x. Knows nothing of what the bytes mean.

/** What is not hex, and where it stands. */
export class NotHex extends Error {
  override readonly name = 'NotHex';
}

/**
 * Reads `30 14 00`, `301400`, `0x30, 0x14` or `30:14:00`, over as many lines as one likes.
 * @throws NotHex naming the word, counted from 1, and the character
 */
export function readHex(text: string): Uint8Array {
  const words = text.split(/[\s,:]+/).filter((word) => word !== '');
  return Uint8Array.from(words.flatMap((word, index) => bytesOf(word, index + 1)));
}

function bytesOf(word: string, number: number): number[] {
  const prefix = /^0x/i.test(word) ? 2 : 0;
  const digits = word.slice(prefix);
  const wrong = digits.search(/[^0-9a-f]/i);
  if (wrong !== -1) {
    const place = `word ${number}, character ${prefix + wrong + 1}`;
    throw new NotHex(
      `${place}: “${String.fromCodePoint(digits.codePointAt(wrong) as number)}” is not a hex digit`,
    );
  }
  if (digits === '' || digits.length % 2 === 1)
    throw new NotHex(`word ${number}: “${word}” is not whole bytes, of two hex digits each`);
  return (digits.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
}

/** Bytes as `30 14 00`. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}
