// Bytes as a string in which each character stands for one: what is printed is put together so, because widths, and all else,
// count bytes. Knows nothing of what the bytes say.
import { utf8 } from '../../codec/index.ts';

/** How many characters are made at a time. */
const PIECE = 4096;

/** The characters that stand for bytes. */
export function charactersOf(bytes: Uint8Array): string {
  let characters = '';
  for (let at = 0; at < bytes.length; at += PIECE)
    characters += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return characters;
}

/** The characters that stand for the bytes of a text. */
export function charactersOfText(text: string): string {
  return charactersOf(utf8(text));
}

/** The bytes that characters stand for. */
export function bytesOf(characters: string): Uint8Array {
  return Uint8Array.from({ length: characters.length }, (_, index) => characters.charCodeAt(index));
}
