// Rows that nobody needs to see one by one, folded into one: long stretches of keep alive packets, and of packets that
// arrived long ago and of which nothing is left to remember. It knows rows and their places; who opens a fold is not its affair.
import { type Bar, type Diagram, HEIGHTS, handshakeOf, packetOf, type Row } from './diagram.ts';

/** A stretch of rows that is folded away. */
export interface FoldRow {
  readonly kind: 'fold';
  readonly key: string;
  readonly top: number;
  readonly height: number;
  /** How many packets are in it, and how much time passed from the first to the last, in milliseconds. */
  readonly packets: number;
  readonly time: number;
  /** What is in it, if it is open. */
  readonly isOpen: boolean;
}

export type Folded = Diagram<Row | FoldRow>;

/** From this many rows on a stretch is folded: of keep alive packets, and of any. */
const QUIET = 6;
const LONG = 40;
/** So many rows before the newest are left as they are, up to twice as many: most steps fold nothing, and nothing moves. */
const NEAR = 20;

/**
 * Folds what is idle.
 * In: the keys of the folds that a reader has opened: their rows are shown, below the line that folds them again.
 */
export function fold(diagram: Diagram, opened: ReadonlySet<string>): Folded {
  const stretches = idleStretches(diagram);
  if (stretches.length === 0) return diagram;
  const rows: (Row | FoldRow)[] = [];
  const moves: Stretched[] = [];
  let top = diagram.rows[0]?.top ?? 0;
  let next = 0;
  const put = (row: Row) => {
    moves.push({ from: row.top, to: top, shrinks: false });
    rows.push(movedTo(top, row));
    top += row.height;
  };
  for (const [first, last] of stretches) {
    for (const row of diagram.rows.slice(next, first)) put(row);
    const hidden = diagram.rows.slice(first, last + 1);
    const key = `fold ${hidden[0]?.key}`;
    const isOpen = opened.has(key);
    moves.push({ from: hidden[0]?.top ?? 0, to: top + HEIGHTS.fold / 2, shrinks: !isOpen });
    rows.push({ kind: 'fold', key, top, height: HEIGHTS.fold, ...measure(hidden), isOpen });
    top += HEIGHTS.fold;
    if (isOpen) for (const row of hidden) put(row);
    next = last + 1;
  }
  for (const row of diagram.rows.slice(next)) put(row);
  const end = diagram.rows.at(-1);
  const height = diagram.height + top - (end ? end.top + end.height : top);
  moves.push({ from: diagram.height, to: height, shrinks: false });
  return { ...diagram, rows, height, bars: moved(diagram.bars, moves) };
}

/** Rows that folds above them have moved, by what they are without. */
const shifted = new WeakMap<Row, Row>();

/** The same row elsewhere; the same object for the same place, as long as it is not asked for another. */
function movedTo(top: number, row: Row): Row {
  if (row.top === top) return row;
  let there = shifted.get(row);
  if (there?.top !== top) {
    there = { ...row, top };
    shifted.set(row, there);
  }
  return there;
}

type Stretch = readonly [first: number, last: number];

/** The first and the last row of each stretch that is folded. */
function idleStretches({ rows, bars, latest }: Diagram): Stretch[] {
  const newest = rows.findLastIndex(({ key }) => key === latest);
  const blocks = Math.floor((newest < 0 ? rows.length : newest) / NEAR) - 1;
  const old = rows.slice(0, Math.max(blocks, 0) * NEAR);
  const open = new Map(bars.filter((bar) => bar.open).map(({ handshake, top }) => [handshake, top]));
  const above = Math.min(...open.values());
  const isSettled = (row: Row) => {
    if (row.kind !== 'packet' || row.top + row.height <= above) return true;
    const handshake = handshakeOf(row.flight);
    const since = handshake === undefined ? undefined : open.get(handshake);
    return since === undefined || since >= row.top + row.height;
  };
  return stretchesOf(old, (row) => isIdle(row) && isSettled(row)).flatMap(([first, last]) => {
    if (last - first + 1 >= LONG) return [[first, last] as const];
    return stretchesOf(old.slice(first, last + 1), isKeepAlive)
      .filter(([from, to]) => to - from + 1 >= QUIET)
      .map(([from, to]) => [first + from, first + to] as const);
  });
}

/** The longest stretches of rows that are all of a kind. */
function stretchesOf(rows: readonly Row[], isOne: (row: Row) => boolean): Stretch[] {
  const stretches: Stretch[] = [];
  let first = 0;
  for (let index = 0; index <= rows.length; index++) {
    const row = rows[index];
    if (row && isOne(row)) continue;
    if (index > first) stretches.push([first, index - 1]);
    first = index + 1;
  }
  return stretches;
}

/** Nothing more can happen to it, and nothing happened that the reader did. */
function isIdle(row: Row): boolean {
  if (row.kind === 'packet') return row.state === 'delivered' && row.motion === undefined;
  return row.kind === 'wait' && row.silent.length === 0 && row.expired.length === 0;
}

function isKeepAlive(row: Row): boolean {
  if (row.kind !== 'packet') return true;
  const type = packetOf(row.flight)?.type;
  return type === 'pingreq' || type === 'pingresp';
}

function measure(rows: readonly Row[]): { packets: number; time: number } {
  let [packets, waited, first, last]: [number, number, number?, number?] = [0, 0];
  for (const row of rows) {
    if (row.kind === 'wait') waited += row.time;
    if (row.kind !== 'packet') continue;
    packets++;
    first ??= row.time;
    last = row.time ?? last;
  }
  return { packets, time: Math.max((last ?? 0) - (first ?? 0), waited) };
}

interface Stretched {
  /** Where a stretch of heights began and where it begins now. */
  readonly from: number;
  readonly to: number;
  /** It is folded away. */
  readonly shrinks: boolean;
}

/** The last stretch that begins at or above a height. */
function stretchAt(height: number, moves: readonly Stretched[]): Stretched | undefined {
  let [low, high] = [0, moves.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moves[middle] as Stretched).from <= height) low = middle + 1;
    else high = middle;
  }
  return moves[low - 1];
}

/** Where bars go. A bar that lies within a fold is folded away with it. In: what has moved, from top to bottom. */
function moved(bars: readonly Bar[], moves: readonly Stretched[]): Bar[] {
  const there: Bar[] = [];
  for (const bar of bars) {
    const end = bar.top + bar.height;
    const [first, last] = [stretchAt(bar.top, moves), stretchAt(end, moves)];
    if (first?.shrinks && first === last) continue;
    const top = placed(bar.top, first);
    there.push({ ...bar, top, height: placed(end, last) - top });
  }
  return there;
}

function placed(height: number, move: Stretched | undefined): number {
  if (!move) return height;
  return move.shrinks ? move.to : move.to + height - move.from;
}
