/**
 * How a type of packet is laid out: its fields in order, found by dissecting an example in each version and joining the
 * two. It knows where fields stand and how long they are, and no words for it.
 */
import {
  dissect,
  encode,
  FIELDS,
  type Field,
  type FieldId,
  type PacketType,
  type Part,
  type Span,
  type Version,
} from '#broker/codec/index.ts';
import { bare, example } from '../../widgets/packet/examples.ts';
import { hexBytes } from '../../widgets/packet/hex.ts';

/** How much room a field takes. `text` and `bytes` are as long as the length before them says. */
export type Size =
  | { kind: 'bits'; high: number; low: number }
  | { kind: 'bytes'; count: number }
  | { kind: 'group' | 'varint' | 'text' | 'data' | 'rest' };

/** A field of a type of packet. */
export interface Row {
  /** Which field this is, and of what it is a part: `variableHeader/connectFlags/willQoS`. */
  key: string;
  /** 0 for the parts of the packet. */
  depth: number;
  part: Part;
  name: string;
  /** What 3.1.1 calls it, where it has another name for it. */
  formerName?: string | undefined;
  size: Size;
  filter?: string | undefined;
  v3?: string | undefined;
  v5?: string | undefined;
  /** The versions that have it, of 3.1.1 and 5.0. */
  versions: Version[];
  /** Whether a packet of the type can do without it. */
  isOptional: boolean;
  /** Its bytes in the example, of 5.0 where there is one. */
  bytes: string;
}

/** The stretches of an example that belong to one part each. */
export interface Stretch {
  part: Part;
  bytes: string;
}

/** The fields of a type of packet, those of both versions in one list. Properties are left out: each may stand in many packets. */
export function layout(type: PacketType): Row[] {
  const [older = [], newer] = type === 'auth' ? [[], rowsOf(type, 5)] : [rowsOf(type, 4), rowsOf(type, 5)];
  return join(older, newer as Row[]);
}

/** The bytes of an example, part by part. */
export function stretches(type: PacketType, version: Version): Stretch[] {
  const bytes = encode(example(type, version), version);
  const parts = dissect(bytes, version).spans.filter(({ depth }) => depth === 0);
  return parts.map(({ part, start, end }) => ({ part, bytes: hexBytes(bytes.subarray(start, end)) }));
}

function rowsOf(type: PacketType, version: Version): Row[] {
  const bytes = encode(example(type, version), version);
  const least = new Set(
    keyed(dissect(encode(bare(type, version), version), version).spans).map(([key]) => key),
  );
  return keyed(dissect(bytes, version).spans).map(([key, span]) => ({
    key,
    depth: span.depth,
    part: span.part,
    name: span.name,
    size: sizeOf(span),
    filter: span.filter,
    [version === 5 ? 'v5' : 'v3']: span.rule,
    versions: [version],
    isOptional: !least.has(key),
    bytes: span.bits ? '' : hexBytes(bytes.subarray(span.start, span.end)),
  }));
}

/** Spans with what they are called by, under all that they are part of. */
function keyed(spans: readonly Span[]): [key: string, span: Span][] {
  const path: FieldId[] = [];
  return spans
    .filter(({ property }) => property === undefined)
    .map((span) => {
      path.splice(span.depth, path.length, span.field);
      return [path.join('/'), span];
    });
}

/** The rows of the newer version, and those of the older one that it lacks, each behind what it stands behind. */
function join(older: readonly Row[], newer: readonly Row[]): Row[] {
  const rows = newer.map((row) => {
    const same = older.find(({ key }) => key === row.key);
    if (!same) return row;
    const formerName = same.name === row.name ? undefined : same.name;
    const isOptional = row.isOptional && same.isOptional;
    return { ...row, formerName, v3: same.v3, versions: [...same.versions, ...row.versions], isOptional };
  });
  older.forEach((row, index) => {
    if (rows.some(({ key }) => key === row.key)) return;
    const before = rows.findIndex(({ key }) => key === older[index - 1]?.key);
    rows.splice(before + 1, 0, row);
  });
  return rows;
}

const VARINTS: readonly FieldId[] = ['remainingLength', 'propertyLength'];

function sizeOf(span: Span): Size {
  const { format }: Field = FIELDS[span.field];
  if (span.bits) return { kind: 'bits', high: span.bits[0], low: span.bits[1] };
  if (format === 'group') return { kind: 'group' };
  if (VARINTS.includes(span.field)) return { kind: 'varint' };
  if (span.field === 'message') return { kind: 'rest' };
  if (span.value instanceof Uint8Array) return { kind: 'data' };
  if (format === 'text') return { kind: 'text' };
  return { kind: 'bytes', count: span.end - span.start };
}
