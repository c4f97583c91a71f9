// The field tree, row by row: what was read, what a learner looks for and does not find, and what a receiver would not
// read. Knows which rows there are and in which order; knows neither their words nor their looks.
import type { Part } from '#broker/codec/index.ts';
import { hasRow, isLength, type Node, type Opened, partAt, type Range, unreadFrom } from './opened.ts';

interface Place {
  key: string;
  /** 0 for the parts of the packet. */
  depth: number;
  part: Part | 'unread';
}

export type Row =
  | (Place & { kind: 'part' | 'field'; node: Node })
  /** A field that could have been there. */
  | (Place & { kind: 'absent'; field: 'packetId' })
  /** Bytes before a fault in the middle of a field, or bytes that a receiver would not read. */
  | (Place & { kind: 'broken' | 'unread'; range: Range });

/** All rows of the tree. */
export function rowsOf(opened: Opened): Row[] {
  const rows = opened.nodes.filter(hasRow).flatMap((node): Row[] => {
    const { key, span } = node;
    const row: Row = {
      kind: span.depth === 0 ? 'part' : 'field',
      key,
      depth: rowDepth(node),
      part: span.part,
      node,
    };
    return isTopicAtQoS0(opened, node)
      ? [row, { kind: 'absent', key: 'packetId', depth: row.depth, part: span.part, field: 'packetId' }]
      : [row];
  });
  return [...rows, ...remainder(opened)];
}

/** What no row stands for: the bytes of a field that could not be read up to its end, and all behind the fault. */
function remainder(opened: Opened): Row[] {
  const { nodes, bytes } = opened;
  const read = Math.max(
    0,
    ...nodes.filter(({ children }) => children.length === 0).map(({ span }) => span.end),
  );
  const start = Math.max(unreadFrom(opened), read);
  const broken: Row = {
    kind: 'broken',
    key: 'broken',
    depth: 1,
    part: partAt(opened, read),
    range: { start: read, end: start },
  };
  const unread: Row = {
    kind: 'unread',
    key: 'unread',
    depth: 0,
    part: 'unread',
    range: { start, end: bytes.length },
  };
  return [broken, unread].filter((row) => 'range' in row && row.range.start < row.range.end);
}

/** Bits of the first byte stand beside the Remaining Length, since the byte has no row. */
function rowDepth({ span, parent }: Node): number {
  return parent?.span.field === 'headerFlags' ? span.depth - 1 : span.depth;
}

function isTopicAtQoS0({ dissection: { packet } }: Opened, { span }: Node): boolean {
  return span.field === 'topic' && packet?.type === 'publish' && packet.qos === 0;
}

/** How a counted length comes about: the lengths of what it counts, empty where there is only one. */
export function countedFrom({ nodes, bytes }: Opened, node: Node): number[] {
  if (node.span.field === 'remainingLength') {
    const behind = nodes.filter(({ span }) => span.part !== 'fixed');
    const fields = behind.filter(
      ({ span, parent }) =>
        span.bits === undefined && parent?.span.depth === 0 && parent.span.field !== 'properties',
    );
    const parts = behind.filter(({ span }) => span.depth === 0 && span.end > span.start);
    const hasProperties = parts.some(({ span }) => span.field === 'properties');
    const terms = lengthsOf(!hasProperties && fields.length <= 5 ? fields : parts);
    return sum(terms) === bytes.length - node.span.end ? terms : [];
  }
  if (node.span.field === 'propertyLength')
    return lengthsOf(node.parent?.children.filter((child) => child !== node) ?? []);
  return [];
}

/** Whether a row's value is counted from the others rather than chosen. */
export function isCounted({ span }: Node): boolean {
  return isLength(span.field);
}

function lengthsOf(nodes: readonly Node[]): number[] {
  const lengths = nodes.map(({ span }) => span.end - span.start).filter((length) => length > 0);
  return lengths.length > 1 ? lengths : [];
}

function sum(terms: readonly number[]): number {
  return terms.reduce((total, term) => total + term, 0);
}
