// What a packet shows of what is lit on the page: which stretch, which bytes, which byte's bits. Knows the packet and the
// targets that mean it; knows no screen.
import type { Cursor } from './editor.ts';
import type { Group } from './keys.ts';
import type { Target } from './lit.ts';
import {
  covers,
  type Node,
  nodeAt,
  nodeAtBit,
  type Opened,
  type Reach,
  reach,
  unreadFrom,
} from './opened.ts';
import type { Row } from './rows.ts';

/** What is lit in a packet. */
export interface Lights {
  /** The key of what is lit; undefined where nothing in this packet is. */
  key: string | undefined;
  node: Node | undefined;
  row: Row | undefined;
  reach: Reach | undefined;
  /** The byte whose bits are shown. */
  offset: number;
  /** The bit that is meant, where one is. */
  bit: number | undefined;
}

/**
 * What is lit in a packet.
 * @param target what is lit on the page, if it means this packet
 * @param isResting nothing was pointed at: then the target stands for itself, wherever the cursor is
 */
export function lightsOf(
  opened: Opened,
  rows: readonly Row[],
  target: Target | undefined,
  isResting: boolean,
  cursor: Cursor,
): Lights {
  const node = target && opened.byKey.get(target.key);
  const row = target && rows.find(({ key }) => key === target.key);
  const whole = node && reach(opened, node);
  const isHere = node === undefined || (!isResting && covers(node.span, cursor.offset));
  return {
    key: target?.key,
    node,
    row,
    reach: whole ?? (row && 'range' in row ? { is: [], belongs: [row.range] } : undefined),
    offset: target?.byte ?? (isHere ? cursor.offset : faceOf(node, whole)),
    bit: target?.bit,
  };
}

/** The byte that stands for a stretch: of a number of several bytes the last, which says most of small numbers; or else the first. */
function faceOf({ span }: Node, whole: Reach | undefined): number {
  const { start, end } = whole?.is[0] ?? span;
  const isVarint =
    span.field === 'remainingLength' ||
    span.field === 'propertyLength' ||
    span.property === 'subscriptionIdentifier';
  return typeof span.value === 'number' && !isVarint ? end - 1 : start;
}

/** The key of what a byte belongs to, whether or not it was understood. */
export function keyAt(opened: Opened, offset: number): string | undefined {
  const node = nodeAt(opened, offset);
  if (node || offset >= opened.bytes.length) return node?.key;
  return offset < unreadFrom(opened) ? 'broken' : 'unread';
}

/** The same for a bit. */
export function keyAtBit(opened: Opened, offset: number, bit: number): string | undefined {
  return nodeAtBit(opened, offset, bit)?.key ?? keyAt(opened, offset);
}

/** What has the focus, as something on the wire. */
export function focused(
  packet: string,
  opened: Opened,
  group: Group,
  cursor: Cursor,
  row: string | undefined,
): Target | undefined {
  const { offset, bit } = cursor;
  if (group === 'tree') return row === undefined ? undefined : { packet, key: row };
  const key = cursor.key ?? (group === 'bits' ? keyAtBit(opened, offset, bit) : keyAt(opened, offset));
  if (key === undefined) return undefined;
  return { packet, key, byte: offset, ...(group === 'bits' && { bit }) };
}
