// What Wireshark would show of a dissected packet: its filter names and its way of writing values. Knows nothing of the
// capture that a packet was found in.
import { FIELDS, type Field } from './field.ts';
import type { Span } from './reader.ts';
import { decodeUtf8 } from './utf8.ts';

/** One line of Wireshark's field tree. */
export interface WiresharkField {
  filter: string;
  value: string;
}

/** The fields of a packet that Wireshark has names for, in the order of its bytes. */
export function wiresharkFields(spans: readonly Span[]): WiresharkField[] {
  const fields: WiresharkField[] = [];
  for (const span of spans) {
    if (span.filter !== undefined) fields.push({ filter: span.filter, value: wiresharkValue(span) });
  }
  return fields;
}

/** Binary data that Wireshark takes for text. */
const SHOWN_AS_TEXT = ['mqtt.passwd', 'mqtt.prop_string'];

/** A span's value as Wireshark writes it: `0x30`, `11`, `Room1/Light`, `54:75:72`. */
function wiresharkValue({ field, filter = '', value }: Span): string {
  const { format }: Field = FIELDS[field];
  if (value instanceof Uint8Array)
    return SHOWN_AS_TEXT.includes(filter) ? shownText(value) : hexPairs(value).join(':');
  if (typeof value === 'number' && format === 'hex') return `0x${hex(value)}`;
  return String(value ?? '');
}

/** Well-formed characters of more than one byte, by their first byte: how many bytes, and what the second may be. */
const LEADS = [
  { from: 0xc2, to: 0xdf, length: 2, low: 0x80, high: 0xbf },
  { from: 0xe0, to: 0xe0, length: 3, low: 0xa0, high: 0xbf },
  { from: 0xe1, to: 0xec, length: 3, low: 0x80, high: 0xbf },
  { from: 0xed, to: 0xed, length: 3, low: 0x80, high: 0x9f },
  { from: 0xee, to: 0xef, length: 3, low: 0x80, high: 0xbf },
  { from: 0xf0, to: 0xf0, length: 4, low: 0x90, high: 0xbf },
  { from: 0xf1, to: 0xf3, length: 4, low: 0x80, high: 0xbf },
  { from: 0xf4, to: 0xf4, length: 4, low: 0x80, high: 0x8f },
] as const;

const REPLACEMENT = '\ufffd';

/**
 * Text as Wireshark makes it of any bytes: up to the first zero, with a replacement character for each piece that is no
 * character. Source: the Unicode Standard, section 3.9, on maximal subparts.
 */
export function shownText(bytes: Uint8Array): string {
  const zero = bytes.indexOf(0);
  const end = zero === -1 ? bytes.length : zero;
  let text = '';
  for (let at = 0; at < end; ) {
    const byte = bytes[at] as number;
    const lead = LEADS.find(({ from, to }) => byte >= from && byte <= to);
    let next = at + 1;
    if (lead !== undefined && isWithin(bytes[next], lead.low, lead.high))
      do next++;
      while (next < at + lead.length && isWithin(bytes[next], 0x80, 0xbf));
    const isWhole = byte < 0x80 || next - at === lead?.length;
    text += isWhole ? decodeUtf8(bytes, at, next) : REPLACEMENT;
    at = next;
  }
  return text;
}

function isWithin(byte: number | undefined, low: number, high: number): boolean {
  return byte !== undefined && byte >= low && byte <= high;
}

function hexPairs(bytes: Uint8Array): string[] {
  return Array.from(bytes, hex);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
