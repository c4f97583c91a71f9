// What Wireshark would show of a dissected packet: its filter names and its way of writing values. Knows nothing of the
// capture that a packet was found in.
import { FIELDS, type Field } from './field.ts';
import type { Span } from './reader.ts';
import { textOf } from './utf8.ts';

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
    return (SHOWN_AS_TEXT.includes(filter) ? textOf(value) : undefined) ?? hexPairs(value).join(':');
  if (typeof value === 'number' && format === 'hex') return `0x${hex(value)}`;
  return String(value ?? '');
}

function hexPairs(bytes: Uint8Array): string[] {
  return Array.from(bytes, hex);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
