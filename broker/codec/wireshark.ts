// What Wireshark would show of a dissected packet: its filter names and its way of writing values. Knows nothing of the
// capture that a packet was found in.
import { type Field, FIELDS } from './field.ts';
import type { Span } from './reader.ts';

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

/** A span's value as Wireshark writes it: `0x30`, `11`, `Room1/Light`, `54:75:72`. */
export function wiresharkValue({ field, value }: Span): string {
  const { format }: Field = FIELDS[field];
  if (value instanceof Uint8Array) return format === 'text' ? latin(value) : hexPairs(value).join(':');
  if (typeof value === 'number' && format === 'hex') return `0x${hex(value)}`;
  return String(value ?? '');
}

function hexPairs(bytes: Uint8Array): string[] {
  return Array.from(bytes, hex);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** Binary data that Wireshark shows as text. */
function latin(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
