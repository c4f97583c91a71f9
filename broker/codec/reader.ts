// A cursor over the bytes of one packet. Every read is checked against the packet's end and, when asked to, leaves a span
// that tells what the bytes were. Knows the wire's data types (integers, strings, bits); knows no packet.
import { type Fault, type FaultId, fault, Malformed, ruleOf } from './fault.ts';
import { FIELDS, type Field, type FieldId, type Rule, type StatementId } from './field.ts';
import type { Version } from './packet.ts';
import type { PropertyKey } from './property.ts';
import { decodeUtf8, InvalidUtf8 } from './utf8.ts';

/** The four parts of a packet. Will Properties are in the payload, and count as payload. */
export type Part = 'fixed' | 'variable' | 'properties' | 'payload';

/** A stretch of a packet with a meaning. Spans come in pre-order: a group stands before what it is made of. */
export interface Span {
  /** 0 for the parts of the packet; a group's members are one deeper than it. */
  depth: number;
  start: number;
  /** The first byte that no longer belongs to it. */
  end: number;
  /** The bits of byte `start`, where it is not whole bytes: 7 is the highest. */
  bits?: [high: number, low: number];
  part: Part;
  field: FieldId;
  /** The property that this is, or is a piece of. */
  property?: PropertyKey;
  /** The standard's term, in the words of this packet's version. */
  name: string;
  /** Undefined where the group has no value of its own. */
  value: number | string | Uint8Array | undefined;
  /** What the value stands for, where the standards have a word for it: `PUBLISH`, `Not authorized`. */
  meaning?: string;
  /** Wireshark's filter name. */
  filter?: string;
  rule?: StatementId;
}

const MAX_VARINT_BYTES = 4;

export class Reader {
  readonly bytes: Uint8Array;
  /** The version decides names and rules. CONNECT corrects it by what it says of itself. */
  version: Version;
  offset = 0;
  /** Where what is being read says that it ends; behind the last byte where the packet breaks off. */
  end = Number.POSITIVE_INFINITY;
  /** Where the packet says that it ends, once its fixed header is read. */
  #packetEnd = Number.POSITIVE_INFINITY;
  /** Where spans are written down; undefined when nobody asked. */
  readonly spans: Span[] | undefined;
  #part: Part = 'fixed';
  #property: PropertyKey | undefined;
  readonly #open: Span[] = [];

  constructor(bytes: Uint8Array, version: Version, spans?: Span[]) {
    this.bytes = bytes;
    this.version = version;
    this.spans = spans;
  }

  get left(): number {
    return this.end - this.offset;
  }

  /** Takes the next `length` bytes for the rest of the packet. */
  limit(length: number): void {
    this.#packetEnd = this.offset + length;
    this.end = this.#packetEnd;
  }

  /** Makes sure that the packet has been read to its end, and that the bytes end there too. */
  finish(): void {
    const { end, bytes } = this;
    if (end > bytes.length) this.#breakOff(end);
    if (this.left > 0) this.fail('bytesLeftOver', this.offset, { count: this.left });
    if (bytes.length > end) this.fail('bytesAfterEnd', end, { count: bytes.length - end });
  }

  /** The byte that comes next, without reading it. */
  peek(field: FieldId): number {
    this.#need(1, field);
    return this.bytes[this.offset] as number;
  }

  uint8(field: FieldId): number {
    this.#need(1, field);
    const value = this.bytes[this.offset++] as number;
    if (this.spans !== undefined) this.#record(field, this.offset - 1, value);
    return value;
  }

  /** Two bytes, the high one first. */
  uint16(field: FieldId): number {
    this.#need(2, field);
    const at = this.offset;
    this.offset += 2;
    const value = ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
    if (this.spans !== undefined) this.#record(field, at, value);
    return value;
  }

  /** Four bytes, the high one first. */
  uint32(field: FieldId): number {
    this.#need(4, field);
    const at = this.offset;
    this.offset += 4;
    const high = ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
    const low = ((this.bytes[at + 2] as number) << 8) | (this.bytes[at + 3] as number);
    const value = high * 0x1_0000 + low;
    if (this.spans !== undefined) this.#record(field, at, value);
    return value;
  }

  /** One to four bytes of seven bits each, the low ones first; the top bit says that another follows [v5 MQTT-1.5.5-1]. */
  varint(field: FieldId): number {
    const at = this.offset;
    let value = 0;
    let byte: number;
    do {
      const count = this.offset - at;
      if (count === MAX_VARINT_BYTES) this.fail('varintTooLong', at, { field: this.#nameOf(field) });
      this.#need(1, field);
      byte = this.bytes[this.offset++] as number;
      value |= (byte & 0x7f) << (7 * count);
    } while (byte & 0x80);
    if (byte === 0 && this.offset - at > 1)
      this.fail('varintNotShortest', at, { field: this.#nameOf(field), value });
    if (this.spans !== undefined) this.#record(field, at, value);
    return value;
  }

  /** A UTF-8 string behind two bytes of length. */
  string(lengthField: FieldId, field: FieldId): string {
    const length = this.uint16(lengthField);
    this.#need(length, field);
    const at = this.offset;
    let value: string;
    try {
      value = decodeUtf8(this.bytes, at, at + length);
    } catch (error) {
      if (error instanceof InvalidUtf8) this.fail(error.fault, error.offset, { field: this.#nameOf(field) });
      throw error;
    }
    this.offset += length;
    if (this.spans !== undefined) this.#record(field, at, value);
    return value;
  }

  /** Bytes behind two bytes of length. They are a view, not a copy. */
  binary(lengthField: FieldId, field: FieldId): Uint8Array {
    const length = this.uint16(lengthField);
    return this.#take(length, field);
  }

  /** All bytes up to the end, as a view; as many as there are, where the packet breaks off. */
  rest(field: FieldId): Uint8Array {
    return this.#take(Math.min(this.end, this.bytes.length) - this.offset, field);
  }

  /**
   * Reads no further than the next `length` bytes while `body` runs, which is to use them up.
   * @param field what is so long, for the message
   */
  within(length: number, field: FieldId, body: () => void): void {
    if (length > this.left)
      this.fail('fieldTooLong', this.offset, { field: this.#nameOf(field), needed: length, left: this.left });
    const outer = this.end;
    this.end = this.offset + length;
    body();
    this.end = outer;
  }

  /** A byte made of flags, which `bits` then names; it ends with `close`. */
  flags(field: FieldId): number {
    const value = this.uint8(field);
    if (this.spans !== undefined) this.#open.push(this.spans.at(-1) as Span);
    return value;
  }

  /** Names bits of the byte that was read last. */
  bits(field: FieldId, high: number, low: number, meaning?: string): void {
    if (this.spans === undefined) return;
    const start = this.offset - 1;
    const value = ((this.bytes[start] as number) >> low) & ((1 << (high - low + 1)) - 1);
    const span = this.#record(field, start, value);
    span.bits = [high, low];
    if (meaning !== undefined) span.meaning = meaning;
  }

  /** Begins a part of the packet. */
  begin(part: Part, field: FieldId): void {
    this.#part = part;
    this.group(field);
  }

  /** Begins a group: what is read until `close` belongs to it. A property's group has the property's name. */
  group(field: FieldId, property?: { key: PropertyKey; name: string }, start: number = this.offset): void {
    if (this.spans === undefined) return;
    if (property !== undefined) this.#property = property.key;
    const span = this.#record(field, start, undefined);
    if (property !== undefined) span.name = property.name;
    this.#open.push(span);
  }

  /** Ends the innermost group, which may have a value of its own. */
  close(value?: Span['value']): void {
    if (this.spans === undefined) return;
    const span = this.#open.pop() as Span;
    span.end = this.offset;
    if (value !== undefined) span.value = value;
    if (span.field === 'property') this.#property = undefined;
  }

  /** Says what the value that was read last stands for. */
  mean(meaning: string | undefined): void {
    const last = this.spans?.at(-1);
    if (last !== undefined && meaning !== undefined) last.meaning = meaning;
  }

  /** Gives the value that was read last a filter name that stands for its length as well. */
  filterBy(filter: string): void {
    const [length, value] = this.spans?.slice(-2) ?? [];
    if (length?.field === 'propertyStringLength') delete length.filter;
    if (value !== undefined) value.filter = filter;
  }

  /** Ends all groups where reading stopped, so that what was understood stays whole. */
  abandon(): void {
    while (this.#open.length > 0) this.close();
  }

  fail(id: FaultId, offset: number, values?: Fault['values'], bits?: Fault['bits'], rule?: Rule): never {
    throw new Malformed(fault(id, this.version, offset, values, bits, rule));
  }

  /** Tells how many bytes are missing up to where the packet says that it ends, or up to `least` where that is not known yet. */
  #breakOff(least: number): never {
    const total = Number.isFinite(this.#packetEnd) ? this.#packetEnd : least;
    return this.fail('breaksOff', this.bytes.length, { missing: total - this.bytes.length });
  }

  #take(length: number, field: FieldId): Uint8Array {
    this.#need(length, field);
    const at = this.offset;
    this.offset += length;
    const value = new Uint8Array(this.bytes.buffer, this.bytes.byteOffset + at, length);
    if (this.spans !== undefined) this.#record(field, at, value);
    return value;
  }

  #need(count: number, field: FieldId): void {
    const end = this.offset + count;
    if (end > this.end)
      this.fail('fieldTooLong', this.offset, { field: this.#nameOf(field), needed: count, left: this.left });
    if (end > this.bytes.length) this.#breakOff(end);
  }

  #nameOf(field: FieldId): string {
    const { name, name5 }: Field = FIELDS[field];
    return (this.version === 5 && name5) || name;
  }

  #record(field: FieldId, start: number, value: Span['value']): Span {
    const { filter, rule }: Field = FIELDS[field];
    const statement = rule && ruleOf(rule, this.version);
    const span: Span = {
      depth: this.#open.length,
      start,
      end: this.offset,
      part: this.#part,
      field,
      ...(this.#property && { property: this.#property }),
      name: this.#nameOf(field),
      value,
      ...(filter && { filter }),
      ...(statement && { rule: statement }),
    };
    (this.spans as Span[]).push(span);
    return span;
  }
}
