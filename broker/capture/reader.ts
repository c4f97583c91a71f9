// A cursor over the headers of one frame. Every read is checked against the end of what was captured and, when asked to,
// leaves a span that tells what the bytes were. Knows the data types of headers; knows no protocol.
import type { Span } from '../codec/index.ts';
import { LAYER_FIELDS, LAYERS, type Layer, type LayerField, type LayerFieldId } from './field.ts';

/** A stretch of a frame with a meaning, in pre-order, as the codec's spans are. */
export interface LayerSpan extends Omit<Span, 'part' | 'field' | 'property' | 'rule' | 'bits'> {
  layer: Layer;
  field: LayerFieldId;
  /** The bits of the number that bytes `start` to `end` make, where it is not all of them: 0 is the lowest. */
  bits?: [high: number, low: number];
}

/** The bytes end before the header does, as they do where a capture keeps only the beginning of each frame. */
export class Short extends Error {
  override readonly name = 'Short';
}

export class LayerReader {
  readonly bytes: Uint8Array;
  readonly spans: LayerSpan[] | undefined;
  offset = 0;
  end: number;
  #layer: Layer = 'ethernet';
  readonly #open: LayerSpan[] = [];
  /** The number that was read last, and where it began: what `bits` are bits of. */
  #number = 0;
  #numberStart = 0;

  constructor(bytes: Uint8Array, spans?: LayerSpan[]) {
    this.bytes = bytes;
    this.end = bytes.length;
    this.spans = spans;
  }

  get left(): number {
    return this.end - this.offset;
  }

  /** A number of one to six bytes, the high one first unless it is `swapped`. */
  uint(field: LayerFieldId, count: number, swapped: boolean = false): number {
    const value = swapped ? reverse(this.peek(count), count) : this.peek(count);
    this.offset += count;
    this.#number = value;
    this.#numberStart = this.offset - count;
    this.#record(field, this.#numberStart, value);
    return value;
  }

  /** The number that comes next, without reading it. */
  peek(count: number): number {
    this.#need(count);
    let value = 0;
    for (let at = this.offset; at < this.offset + count; at++)
      value = value * 256 + (this.bytes[at] as number);
    return value;
  }

  /** Reads a number without a span of its own: `bits` tell its parts. */
  word(count: number): number {
    const value = this.peek(count);
    this.#number = value;
    this.#numberStart = this.offset;
    this.offset += count;
    return value;
  }

  /**
   * Names bits of the number that was read last. The span covers the bytes that hold them.
   * @returns their value, times `factor` where the field counts in steps
   */
  bits(field: LayerFieldId, high: number, low: number, factor: number = 1): number {
    const value = (Math.floor(this.#number / 2 ** low) % 2 ** (high - low + 1)) * factor;
    if (this.spans === undefined) return value;
    const count = this.offset - this.#numberStart;
    const from = count - 1 - Math.floor(high / 8);
    const to = count - Math.floor(low / 8);
    const shift = 8 * (count - to);
    const span = this.#record(field, this.#numberStart + from, value) as LayerSpan;
    span.end = this.#numberStart + to;
    span.bits = [high - shift, low - shift];
    return value;
  }

  /** `count` bytes, which mean nothing here but to whoever looks at the span. */
  raw(field: LayerFieldId, count: number): void {
    this.#need(count);
    const start = this.offset;
    this.offset += count;
    if (count > 0 && this.spans !== undefined)
      this.#record(field, start, this.bytes.subarray(start, this.offset));
  }

  /** `count` bytes that are written as text, for whoever looks at the span. */
  label(field: LayerFieldId, count: number, write: (bytes: Uint8Array) => string): void {
    if (this.spans !== undefined) this.text(field, count, write);
    else this.raw(field, count);
  }

  /** `count` bytes that are written as text in a way of their own. */
  text(field: LayerFieldId, count: number, write: (bytes: Uint8Array) => string): string {
    this.#need(count);
    const start = this.offset;
    this.offset += count;
    const value = write(this.bytes.subarray(start, this.offset));
    this.#record(field, start, value);
    return value;
  }

  /** Begins a layer: its group holds what is read until `close`. */
  begin(layer: Layer, name: string = LAYERS[layer].name): void {
    this.#layer = layer;
    this.group('header', name);
  }

  /** Begins a group: what is read until `close` belongs to it. */
  group(field: LayerFieldId, name?: string): void {
    const span = this.#record(field, this.offset, undefined);
    if (span === undefined) return;
    if (name !== undefined) span.name = name;
    this.#open.push(span);
  }

  /** Makes a group of the number or bytes read last, whose parts follow. */
  parts(): void {
    const last = this.spans?.at(-1);
    if (last !== undefined) this.#open.push(last);
  }

  close(): void {
    const span = this.#open.pop();
    if (span !== undefined) span.end = Math.max(span.end, this.offset);
  }

  /** Ends all groups where reading stopped. */
  abandon(): void {
    while (this.#open.length > 0) this.close();
  }

  /** Says what the value that was read last stands for. */
  mean(meaning: string | undefined): void {
    const last = this.spans?.at(-1);
    if (last !== undefined && meaning !== undefined) last.meaning = meaning;
  }

  #need(count: number): void {
    if (this.offset + count > this.end) throw new Short();
  }

  #record(field: LayerFieldId, start: number, value: LayerSpan['value']): LayerSpan | undefined {
    if (this.spans === undefined) return undefined;
    const { name, filter }: LayerField = LAYER_FIELDS[field];
    const span: LayerSpan = {
      depth: this.#open.length,
      start,
      end: this.offset,
      layer: this.#layer,
      field,
      name,
      value,
      ...(filter && { filter }),
    };
    this.spans.push(span);
    return span;
  }
}

function reverse(value: number, count: number): number {
  let swapped = 0;
  let rest = value;
  for (let index = 0; index < count; index++) {
    swapped = swapped * 256 + (rest % 256);
    rest = Math.floor(rest / 256);
  }
  return swapped;
}
