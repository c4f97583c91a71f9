// The converter as data: a number and bytes as they are being typed, and what each change of one does to the other. Knows
// no words and no screen.
import { LARGEST, OPENS, read, write } from '../../lessons/remaining-length.ts';
import { hexBytes, parseHex } from '../packet/hex.ts';

/** More bytes than anybody needs to see that five are too many. */
export const MOST_BYTES = 8;

export type Refused = 'number' | 'range' | 'hex' | 'long';

export interface Converted {
  bytes: Uint8Array;
  /** What stands in the two fields; the number is empty where the bytes say none. */
  number: string;
  hex: string;
  /** Why what was typed last is not taken. The bytes are then those of before. */
  refused: Refused | undefined;
}

/** A number, converted. */
export function ofNumber(value: number): Converted {
  return ofBytes(write(value));
}

/** Bytes, converted. */
export function ofBytes(bytes: Uint8Array): Converted {
  return { bytes, number: read(bytes).value?.toString() ?? '', hex: hexBytes(bytes), refused: undefined };
}

export const START: Converted = ofNumber(OPENS);

/** Takes what was typed as the number; spaces and commas between digits are for the eye. */
export function typeNumber(before: Converted, text: string): Converted {
  const digits = text.replace(/[\s,_]/g, '');
  if (!/^\d+$/.test(digits)) return { ...before, number: text, refused: 'number' };
  if (Number(digits) > LARGEST) return { ...before, number: text, refused: 'range' };
  return { ...ofNumber(Number(digits)), number: text };
}

/** Takes what was typed as the bytes. */
export function typeHex(before: Converted, text: string): Converted {
  const bytes = parseHex(text);
  if (bytes === undefined || bytes.length === 0) return { ...before, hex: text, refused: 'hex' };
  if (bytes.length > MOST_BYTES) return { ...before, hex: text, refused: 'long' };
  return { ...ofBytes(bytes), hex: text };
}

/** Turns one bit over. */
export function flip({ bytes }: Converted, index: number, bit: number): Converted {
  return ofBytes(bytes.with(index, (bytes[index] ?? 0) ^ (1 << bit)));
}

/** A number with its digits in groups of three. */
export function spaced(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
}
