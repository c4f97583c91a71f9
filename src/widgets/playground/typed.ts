// Values as they are typed into the form: how each is written, and what a text is read as. Knows the kinds of values; knows no
// field.
import { textOf, utf8 } from '#broker/codec/index.ts';
import { same } from '../packet/bytes.ts';
import type { Refusal } from '../packet/field.ts';
import { hexBytes, parseHex } from '../packet/hex.ts';

/** A way to write values of a kind. */
export interface Writing<Value> {
  write(value: Value): string;
  /** The value that a text stands for, or why it stands for none. */
  read(text: string): { value: Value } | Refusal;
  isSame(one: Value, other: Value): boolean;
}

const MAX_COUNTED = 65_535;

/** Whole numbers, up to a largest. */
export function numbers(max: number): Writing<number> {
  return {
    write: String,
    read: (text) => {
      const value = /^\s*\d+\s*$/.test(text) ? Number(text) : Number.NaN;
      return value <= max ? { value } : { kind: 'number', max };
    },
    isSame: Object.is,
  };
}

/** Texts whose length two bytes can tell. */
export const TEXTS: Writing<string> = {
  write: (value) => value,
  read: (text) => (utf8(text).length > MAX_COUNTED ? { kind: 'long', max: MAX_COUNTED } : { value: text }),
  isSame: Object.is,
};

/** Bytes as text or as pairs of digits; `max` is how many there can be. */
export function bytesAs(form: 'text' | 'hex', isCounted: boolean): Writing<Uint8Array> {
  const max = isCounted ? MAX_COUNTED : Number.POSITIVE_INFINITY;
  return {
    write: form === 'hex' ? hexBytes : (value) => textOf(value) ?? '',
    read: (text) => {
      const value = form === 'hex' ? parseHex(text) : utf8(text);
      if (value === undefined) return { kind: 'hex' };
      return value.length > max ? { kind: 'long', max } : { value };
    },
    isSame: same,
  };
}

/** Whether bytes can be typed as text without changing: UTF-8, with no control characters but tabs and ends of lines. */
export function isText(bytes: Uint8Array): boolean {
  const text = textOf(bytes);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text !== undefined && !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text);
}
