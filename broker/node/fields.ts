// A dissected packet as text: one line for each field, in aligned columns. Knows how values are written for people; knows
// neither where the packet comes from nor where the text goes.
import {
  type Dissection,
  type Fault,
  FIELDS,
  type Field,
  packetName,
  type Span,
  textOf,
} from '../codec/index.ts';

/** Longer values are cut: the whole is in the packet. */
const LONGEST_TEXT = 60;
const MOST_BYTES = 16;

const COLUMNS = ['Bytes', 'Bits', 'Field', 'Value', 'Meaning', 'Wireshark'] as const;

/** The field tree of a packet, and behind it the fault if there is one. */
export function fieldTree({ spans, fault }: Dissection): string {
  const tree = table([[...COLUMNS], ...spans.map(row)]);
  return fault === undefined ? tree : `${tree}\n\n${faultLine(fault)}`;
}

/** What a packet is, as far as its first byte tells. */
export function title({ spans, packet }: Dissection): string {
  if (packet !== undefined) return packetName(packet.type);
  return spans.find(({ field }) => field === 'packetType')?.meaning ?? 'No packet';
}

function row(span: Span): string[] {
  const { depth, name, meaning = '', filter = '' } = span;
  return [bytesOf(span), bitsOf(span), `${'  '.repeat(depth)}${name}`, shown(span), meaning, filter];
}

/** First and last byte; nothing where a field has no bytes. */
function bytesOf({ start, end }: Span): string {
  if (end === start) return '';
  return end === start + 1 ? String(start) : `${start}-${end - 1}`;
}

function bitsOf({ bits }: Span): string {
  if (bits === undefined) return '';
  const [high, low] = bits;
  return high === low ? String(high) : `${high}-${low}`;
}

function shown({ field, value }: Span): string {
  const { format }: Field = FIELDS[field];
  if (value instanceof Uint8Array) return binary(value);
  if (typeof value === 'string') return quoted(value);
  if (value === undefined) return '';
  return format === 'hex' ? `0x${value.toString(16).padStart(2, '0')}` : String(value);
}

function binary(bytes: Uint8Array): string {
  const text = textOf(bytes);
  if (text !== undefined) return quoted(text);
  const more = bytes.length > MOST_BYTES ? ` … (${bytes.length} bytes)` : '';
  return hexOf(bytes.subarray(0, MOST_BYTES)) + more;
}

/** Control characters are written out, so that nothing in a packet can command the terminal. */
function quoted(text: string): string {
  const characters = Array.from(text);
  const more = characters.length > LONGEST_TEXT ? ` … (${characters.length} characters)` : '';
  const literal = JSON.stringify(characters.slice(0, LONGEST_TEXT).join(''));
  return literal.replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, escaped) + more;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function faultLine({ offset, bits, rule, message }: Fault): string {
  const place = bits === undefined ? `byte ${offset}` : `byte ${offset}, bits ${bits.join('-')}`;
  return `Fault at ${place}: ${message}${rule === undefined ? '' : ` [${rule}]`}`;
}

function table(rows: string[][]): string {
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Bytes as `30 14 00`. */
function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
}
