// What the widget says of a packet: values, notes beside them, labels, sentences. Puts words from the dictionary together;
// decides nothing about the packet.
import {
  type Fault,
  FIELDS,
  type Field,
  PACKET_TYPES,
  PROPERTIES,
  type PropertyKey,
  packetName,
  type Span,
  type StatementId,
  VERSION_NAMES,
} from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { readable } from './field.ts';
import { ascii, hexByte, hexBytes } from './hex.ts';
import type { Lights } from './lights.ts';
import type { Mend } from './mend.ts';
import { type Node, nodeAt, nodeAtBit, type Opened, unreadFrom } from './opened.ts';
import type { Row } from './rows.ts';

/** The sections of the dictionary that the widget needs. */
export type PacketWords = Pick<Dictionary, 'packet' | 'fields'>;

/** Longer values are cut off where they are only looked at. */
const MAX_SHOWN = 160;
const MAX_SAID = 48;

/** The name of the packet type that the first byte names. */
function nameOf({ bytes, dissection: { packet } }: Opened, { packet: words }: PacketWords): string {
  if (packet) return packetName(packet.type);
  return PACKET_TYPES[((bytes[0] ?? 0) >> 4) - 1]?.name ?? words.notPacket;
}

/** `MQTT 3.1.1, 22 bytes`. */
export function versionAndSize(
  { bytes, version }: Opened,
  { packet: words }: PacketWords,
  lang: string,
): string {
  return fill(words.version, {
    version: VERSION_NAMES[version],
    size: plural(words.size, bytes.length, lang),
  });
}

/** The figure's label: `PUBLISH, 22 bytes`. */
export function figureLabel(opened: Opened, words: PacketWords, lang: string): string {
  const values = { name: nameOf(opened, words), size: plural(words.packet.size, opened.bytes.length, lang) };
  return fill(opened.dissection.fault ? words.packet.labelFaulty : words.packet.label, values);
}

/** A value in text, as the tree shows it. */
export function valueText({ span }: Node, words: PacketWords): string {
  const { field, value } = span;
  const { format }: Field = FIELDS[field];
  if (value instanceof Uint8Array) return bytesText(value) || words.packet.tree.empty;
  if (typeof value === 'number') return format === 'hex' ? hexByte(value) : String(value);
  return value === '' ? words.packet.tree.empty : shorten(value ?? '', MAX_SHOWN);
}

/** Bytes as text where they are text, as pairs of digits where they are not. Of many bytes, only the first are looked at. */
function bytesText(bytes: Uint8Array): string {
  if (bytes.length <= MAX_SHOWN) return readable(bytes) ?? hexBytes(bytes);
  const first = [0, 1, 2, 3]
    .map((cut) => readable(bytes.subarray(0, MAX_SHOWN - cut)))
    .find((text) => text !== undefined);
  return `${first ?? hexBytes(bytes.subarray(0, MAX_SHOWN / 8))}…`;
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length).replace(/…$/, '')}…` : text;
}

/** What stands behind a value: the standard's word for it, ours, its unit, or the flags that are set. */
export function note(node: Node, { fields }: PacketWords): string | undefined {
  const { span, children } = node;
  if (span.meaning !== undefined) return span.meaning;
  const isFlags = children.some((child) => child.span.bits);
  if (isFlags)
    return children
      .filter((child) => child.span.bits && child.span.value)
      .map((child) => flagText(child.span))
      .join(', ');
  return valueWords(span, fields)?.note ?? unitOf(span, fields);
}

function flagText({ name, value, bits }: Span): string {
  return bits && bits[0] > bits[1] ? `${name} ${value}` : name;
}

function valueWords(
  { field, value }: Span,
  { values }: PacketWords['fields'],
): { note?: string; meaning?: string } | undefined {
  const table: Record<string, Record<number, { note?: string; meaning?: string }> | undefined> = values;
  return typeof value === 'number' ? table[field]?.[value] : undefined;
}

function unitOf({ field, property, value }: Span, { units }: PacketWords['fields']): string | undefined {
  const table: Record<string, string | undefined> = units;
  return typeof value === 'number' ? table[property ?? field] : undefined;
}

/** `Byte 0, bits 2 and 1` or `Bytes 4 to 14`. */
function placeOf(
  { start, end, bits }: Pick<Span, 'start' | 'end' | 'bits'>,
  { packet: { say } }: PacketWords,
): string {
  if (bits) {
    const [high, low] = bits;
    const phrase = high === low ? say.bit : high === low + 1 ? say.twoBits : say.bits;
    return fill(phrase as string, { first: start, high, low });
  }
  return end - start > 1
    ? fill(say.bytes, { first: start, last: end - 1 })
    : fill(say.byte, { first: start });
}

/** What a stretch is and what it means, in a sentence or two. */
function sentence(node: Node, words: PacketWords): string {
  const { say } = words.packet;
  const { span } = node;
  const place = placeOf(span, words);
  const value = saidValue(node, words);
  if (span.property && span.field === 'property') {
    const id = hexByte(PROPERTIES.find(({ key }) => key === span.property)?.id ?? 0);
    return fill(say.property as string, {
      place,
      id,
      name: span.name,
      value,
      meaning: propertyMeaning(span.property, value, words),
    });
  }
  const meaning = valueWords(span, words.fields)?.meaning ?? words.fields.meaning[span.field];
  return fill((value === '' ? say.group : say.field) as string, { place, name: span.name, value, meaning });
}

function propertyMeaning(property: PropertyKey, value: string, { fields }: PacketWords): string {
  return fill(fields.properties[property] as string, { value });
}

function saidValue(node: Node, words: PacketWords): string {
  const { span, children } = node;
  if (span.value === undefined) return '';
  const text = shorten(valueText(node, words), MAX_SAID);
  const unit = span.meaning ?? unitOf(span, words.fields);
  return children.length === 0 && unit ? `${text} ${unit}` : text;
}

/** The same for a row of the tree that stands for nothing that was read. */
export function rowSentence(row: Row, words: PacketWords): string {
  switch (row.kind) {
    case 'part':
    case 'field':
      return sentence(row.node, words);
    case 'absent':
      return words.packet.say.absent;
    case 'broken':
    case 'unread':
      return fill(words.packet.say[row.kind], { place: placeOf(row.range, words) });
    default:
      return row satisfies never;
  }
}

/** What the line below the packet says, and the statement that goes with it: of what is lit, or else of the byte at the cursor. */
export function saidOf(
  opened: Opened,
  { key, node, row }: Lights,
  cursor: number,
  words: PacketWords,
): { said: string; rule: StatementId | undefined } {
  const meant = key === undefined ? nodeAt(opened, cursor) : node;
  if (meant) return { said: sentence(meant, words), rule: meant.span.rule };
  return { said: row ? rowSentence(row, words) : words.packet.say.end, rule: undefined };
}

/** A byte's label: `byte 4, 52, letter R, Topic Name`. */
export function byteLabel(opened: Opened, offset: number, { packet: { bytes: words } }: PacketWords): string {
  const byte = opened.bytes[offset];
  if (byte === undefined)
    return fill(opened.dissection.fault?.offset === offset ? words.missing : words.end, { offset });
  const isRead = offset < unreadFrom(opened) || opened.dissection.fault?.offset === offset;
  const field = (isRead && nodeAt(opened, offset)?.span.name) || words.unread;
  const letter = ascii(byte);
  const values = { offset, hex: hexByte(byte), letter, field };
  return fill((/[A-Za-z]/.test(letter) ? words.letter : words.byte) as string, values);
}

/** A bit's label: `bit 2, 0, QoS level`. */
export function bitLabel(
  opened: Opened,
  offset: number,
  bit: number,
  { packet: { bits, bytes } }: PacketWords,
): string {
  const value = ((opened.bytes[offset] ?? 0) >> bit) & 1;
  const field = nodeAtBit(opened, offset, bit)?.span.name ?? bytes.unread;
  return fill(bits.bit as string, { bit, value, field });
}

/** Why a fault is one. */
export function whyFault({ id, offset, values }: Fault, { fields }: PacketWords): string {
  return fill(fields.why[id] as string, { ...values, offset });
}

/** What a mend's button says. */
export function mendLabel({ id, values }: Mend, { packet: { fault } }: PacketWords): string {
  const phrase = id === 'bits' && values.high === values.low ? fault.mend.bit : fault.mend[id];
  return fill(phrase as string, values);
}

/** How much a mend changes: `2 bytes change, 2 bytes come in`. */
export function mendNote({ hunks }: Mend, { packet: { fault } }: PacketWords, lang: string): string {
  const changed = total(hunks, ({ gone, come }) => Math.min(gone.length, come.length));
  const come = total(hunks, ({ gone, come }) => Math.max(0, come.length - gone.length));
  const gone = total(hunks, ({ gone, come }) => Math.max(0, gone.length - come.length));
  const counts = [
    [fault.changes, changed],
    [fault.comes, come],
    [fault.goes, gone],
  ] as const;
  return counts
    .filter(([, count]) => count > 0)
    .map(([forms, count]) => plural(forms, count, lang))
    .join(', ');
}

function total<Item>(items: readonly Item[], count: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + count(item), 0);
}

/** The bytes before and after a mend, with an ellipsis where nothing changes. */
export function mendBytes({ hunks }: Mend): { gone: string; come: string } {
  const shown = (lists: readonly number[][]) =>
    lists
      .filter((list) => list.length > 0)
      .map((list) => (list.length > 4 ? `${hexBytes(list.slice(0, 3))} …` : hexBytes(list)))
      .join(' … ');
  return { gone: shown(hunks.map(({ gone }) => gone)), come: shown(hunks.map(({ come }) => come)) };
}
