// Changing a packet by its fields. Most fields are written where they stand, and what counts them is counted again; the few
// that decide which other fields there are go through the decoded packet and the encoder. Knows how a value is typed; knows
// no words.
import {
  encode,
  FIELDS,
  type Field,
  type FieldId,
  isUtf8,
  type Packet,
  type QoS,
  utf8,
  type Version,
} from '#broker/codec/index.ts';
import { bigEndian, setBits, splice, varint } from './bytes.ts';
import { hexBytes, parseHex } from './hex.ts';
import { isLength, mateOf, type Node, type Opened } from './opened.ts';

/** Why a text cannot be the value of a field. */
export type Refusal =
  | { kind: 'number'; max: number }
  | { kind: 'hex' }
  /** Too many bytes for a length of two bytes. */
  | { kind: 'long'; max: number };

const MAX_STRING = 65_535;
const MAX_VARINT = 268_435_455;

/** A change of a field that decides which other fields there are. Undefined where no packet has that value. */
type Change = (packet: Packet, value: number) => Packet | undefined;

/** What comes in with a flag: fields that are empty, or as short as is allowed. */
const WILL = { topic: 'will', payload: new Uint8Array(), qos: 0, retain: false } as const;

/** The fields that are changed through the packet. */
const STRUCTURAL: Partial<Record<FieldId, Change>> = {
  qos: (packet, value) =>
    packet.type === 'publish' && value < 3
      ? { ...packet, qos: value as QoS, packetId: value === 0 ? undefined : (packet.packetId ?? 1) }
      : undefined,
  protocolVersion: (packet, value) =>
    packet.type === 'connect' && value >= 3 && value <= 5
      ? { ...packet, version: value as Version }
      : undefined,
  usernameFlag: (packet, value) =>
    packet.type === 'connect' ? { ...packet, username: value ? '' : undefined } : undefined,
  passwordFlag: (packet, value) =>
    packet.type === 'connect' ? { ...packet, password: value ? new Uint8Array() : undefined } : undefined,
  willFlag: (packet, value) =>
    packet.type === 'connect' ? { ...packet, will: value ? WILL : undefined } : undefined,
};

/** Fields that say what the packet is made of, and are changed byte by byte or not at all. */
const FIXED: ReadonlySet<FieldId> = new Set<FieldId>(['propertyId']);

/** The stretches whose values stand in a row: a property's pieces stand for it. */
export function valueNodes(node: Node): Node[] {
  if (node.span.field !== 'property') return [node];
  return node.children.filter(({ span }) => !FIXED.has(span.field) && !isLength(span.field));
}

/** A longer value is not typed into one line. */
const MAX_TYPED = 4096;

/** Whether a field can be typed in. Lengths are counted, and groups are made of their members. */
export function isEditable(opened: Opened, { span, children }: Node): boolean {
  const { field, value, start, end } = span;
  const { format }: Field = FIELDS[field];
  const hasValue = value !== undefined && format !== 'group' && children.length === 0;
  const isChosen = !isLength(field) && !FIXED.has(field);
  return opened.dissection.packet !== undefined && hasValue && isChosen && end - start <= MAX_TYPED;
}

/** A value as it is typed: text as text, a number as a decimal, bytes as text where they are text, as pairs of digits where not. */
export function typed({ span: { value } }: Node): string {
  if (value instanceof Uint8Array) return readable(value) ?? hexBytes(value);
  return String(value ?? '');
}

/** Bytes as text, where they are printable UTF-8. */
export function readable(bytes: Uint8Array): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = new TextDecoder().decode(bytes);
  return /[\p{Cc}\p{Cn}]/u.test(text) ? undefined : text;
}

/**
 * Types a value into a field.
 * @returns the bytes of the packet that has it, or why there is none
 */
export function setField(opened: Opened, node: Node, text: string): Uint8Array | Refusal {
  const { value } = node.span;
  if (typeof value === 'number') return setNumber(opened, node, text);
  if (value instanceof Uint8Array && readable(value) === undefined) {
    const bytes = parseHex(text);
    return bytes === undefined ? { kind: 'hex' } : setContent(opened, node, bytes);
  }
  return setContent(opened, node, utf8(text));
}

function setNumber(opened: Opened, node: Node, text: string): Uint8Array | Refusal {
  const max = maximum(node);
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value <= max ? writeNumber(opened, node, value) : { kind: 'number', max };
}

/** The largest number that fits a field. */
export function maximum({ span: { bits, start, end, property } }: Node): number {
  if (bits) return 2 ** (bits[0] - bits[1] + 1) - 1;
  return property === 'subscriptionIdentifier' ? MAX_VARINT : 256 ** (end - start) - 1;
}

/** Writes a number that fits into a field, and lets the fields come and go that depend on it. */
export function writeNumber(opened: Opened, node: Node, value: number): Uint8Array {
  const { bytes, version, dissection } = opened;
  const { field, bits, start, end, property } = node.span;
  const packet = dissection.packet && STRUCTURAL[field]?.(dissection.packet, value);
  if (packet) return encode(packet, version);
  if (bits) return setBits(bytes, start, bits, value);
  if (property === 'subscriptionIdentifier') return put(opened, node, varint(value));
  return splice(bytes, start, end, bigEndian(value, end - start));
}

function setContent(opened: Opened, node: Node, content: Uint8Array): Uint8Array | Refusal {
  const isCounted = mateOf(opened, node) !== undefined;
  return isCounted && content.length > MAX_STRING
    ? { kind: 'long', max: MAX_STRING }
    : put(opened, node, content);
}

/** Puts other bytes in place of a stretch, and counts again every length that it is part of, the innermost first. */
export function put(opened: Opened, node: Node, content: ArrayLike<number>): Uint8Array {
  const { start, end } = node.span;
  const grown = content.length - (end - start);
  let bytes = splice(opened.bytes, start, end, content);
  const mate = mateOf(opened, node);
  if (mate) bytes = splice(bytes, mate.span.start, mate.span.end, bigEndian(content.length, 2));
  return countAgain(opened, node, bytes, grown);
}

/** Adds to the lengths around a stretch by what it has grown. */
function countAgain(opened: Opened, node: Node, bytes: Uint8Array, grown: number): Uint8Array {
  let [result, more] = [bytes, grown];
  for (const length of lengthsAround(opened, node)) {
    const counted = varint(Number(length.span.value) + more);
    result = splice(result, length.span.start, length.span.end, counted);
    more += counted.length - (length.span.end - length.span.start);
  }
  return result;
}

/** The Property Length that counts a stretch, if one does, and the Remaining Length. */
function lengthsAround({ byKey }: Opened, node: Node): Node[] {
  const around: Node[] = [];
  for (let group = node.parent; group; group = group.parent) {
    const [first] = group.children;
    if (first?.span.field === 'propertyLength' && first.span.end <= node.span.start) around.push(first);
  }
  const whole = byKey.get('remainingLength');
  return whole ? [...around, whole] : around;
}
