// A packet, opened: its dissection with a name for every stretch, so that bytes, bits and the field tree can speak of the
// same thing. Knows which stretches get a row in the tree and which bytes belong together; knows no words and no screen.
import {
  type Dissection,
  dissect,
  type FieldId,
  type Part,
  type Span,
  type Version,
} from '#broker/codec/index.ts';

/** A span with a name. */
export interface Node {
  /** The field's id, with the property behind it and a number from the second of its name on: `topicFilter#2`. */
  key: string;
  span: Span;
  parent: Node | undefined;
  children: Node[];
}

export interface Opened {
  bytes: Uint8Array;
  /** The version that the packet is read as: a CONNECT says its own. */
  version: Version;
  dissection: Dissection;
  /** All spans, in pre-order. */
  nodes: readonly Node[];
  /** The parts of the packet. */
  parts: readonly Node[];
  byKey: ReadonlyMap<string, Node>;
}

/** A stretch of bytes, its end excluded. */
export interface Range {
  start: number;
  end: number;
}

/** Opens a packet, or what there is of one. */
export function open(bytes: Uint8Array, version: Version): Opened {
  const dissection = dissect(bytes, version);
  const nodes = nodesOf(dissection.spans);
  const { packet } = dissection;
  return {
    bytes,
    version: packet?.type === 'connect' ? packet.version : version,
    dissection,
    nodes,
    parts: nodes.filter(({ span }) => span.depth === 0),
    byKey: new Map(nodes.map((node) => [node.key, node])),
  };
}

function nodesOf(spans: readonly Span[]): Node[] {
  const seen = new Map<string, number>();
  const path: Node[] = [];
  return spans.map((span) => {
    const stem = span.property ? `${span.field}:${span.property}` : span.field;
    const count = (seen.get(stem) ?? 0) + 1;
    seen.set(stem, count);
    path.length = span.depth;
    const parent = path.at(-1);
    const node: Node = { key: count === 1 ? stem : `${stem}#${count}`, span, parent, children: [] };
    parent?.children.push(node);
    path.push(node);
    return node;
  });
}

/** Whether a stretch has a row of its own: the first byte shows as its bits, a property as one row with its pieces in it. */
export function hasRow({ span, parent }: Node): boolean {
  return span.field !== 'headerFlags' && parent?.span.field !== 'property';
}

/** The innermost stretch that has byte `offset` in it, and that one can point at: pieces of a property stand for it all. */
export function nodeAt({ nodes }: Opened, offset: number): Node | undefined {
  const covering = nodes.filter(({ span }) => span.bits === undefined && covers(span, offset));
  const found = covering.at(-1);
  return found?.parent?.span.field === 'property' ? found.parent : found;
}

/** The stretch that has bit `bit` of byte `offset`: its named bits if they have a name, or else the byte's. */
export function nodeAtBit(opened: Opened, offset: number, bit: number): Node | undefined {
  const named = opened.nodes.find(
    ({ span }) => span.start === offset && span.bits && span.bits[0] >= bit && bit >= span.bits[1],
  );
  return named ?? nodeAt(opened, offset);
}

export function covers({ start, end }: Range, offset: number): boolean {
  return start <= offset && offset < end;
}

/** The groups of bits that byte `offset` is made of, from the highest; empty where its bits have no names. */
export function bitsOf({ nodes }: Opened, offset: number): Node[] {
  return nodes.filter(({ span }) => span.bits !== undefined && span.start === offset);
}

/** The part that a byte belongs to. Bytes of a field that could not be read count to the part that was being read. */
export function partAt({ parts, dissection: { packet, fault } }: Opened, offset: number): Part | 'unread' {
  const isRead = packet !== undefined || fault === undefined || offset <= fault.offset;
  if (!isRead) return 'unread';
  const covering = parts.find(({ span }) => covers(span, offset));
  return covering?.span.part ?? parts.at(-1)?.span.part ?? 'fixed';
}

/** Where reading stopped: the bytes from here on mean nothing to a receiver. */
export function unreadFrom({ bytes, dissection: { packet, fault } }: Opened): number {
  return packet !== undefined || fault === undefined ? bytes.length : Math.min(fault.offset, bytes.length);
}

/** Which bytes are lit with a stretch: those that are it, and those that belong to it. */
export interface Reach {
  is: Range[];
  belongs: Range[];
}

/** The bytes that light up when a stretch is pointed at. */
export function reach(opened: Opened, node: Node): Reach {
  const { span, children } = node;
  switch (span.field) {
    case 'remainingLength':
      return {
        is: [span],
        belongs: [{ start: span.end, end: Math.min(span.end + Number(span.value), opened.bytes.length) }],
      };
    case 'propertyLength':
      return { is: [span], belongs: [{ start: span.end, end: span.end + Number(span.value) }] };
    case 'property': {
      const values = children.filter((child) => isValue(child)).map((child) => child.span);
      return { is: values, belongs: [span] };
    }
    case 'headerFlags':
    case 'connectFlags':
    case 'connackFlags':
    case 'subscriptionOptions':
      return { is: [span], belongs: [] };
    default: {
      if (children.length > 0 || span.depth === 0) return { is: [], belongs: [span] };
      const mate = mateOf(opened, node);
      return { is: [span], belongs: mate ? [mate.span] : [] };
    }
  }
}

function isValue({ span }: Node): boolean {
  return span.field !== 'propertyId' && !isLength(span.field);
}

/** Whether a field says how long the next one is. */
export function isLength(field: FieldId): boolean {
  return field.endsWith('Length');
}

/** The length of a field that has one, or the field of a length. A Property Length counts all properties, not the first. */
export function mateOf({ nodes }: Opened, node: Node): Node | undefined {
  if (node.span.field === 'property' || node.span.field === 'propertyLength') return undefined;
  const at = nodes.indexOf(node);
  const [before, after] = [nodes[at - 1], nodes[at + 1]];
  if (before?.span.field === `${node.span.field}Length` && before.span.end === node.span.start) return before;
  return after && node.span.field === `${after.span.field}Length` ? after : undefined;
}
