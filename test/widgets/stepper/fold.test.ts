import { describe, expect, test } from 'vitest';
import { encode, type Packet } from '../../../broker/index.ts';
import type { Participant } from '../../../src/lessons/scenario.ts';
import type { Diagram } from '../../../src/widgets/stepper/diagram.ts';
import { type Folded, fold } from '../../../src/widgets/stepper/fold.ts';
import { drawSeen, type Seen } from '../../../src/widgets/stepper/seen.ts';
import { FEW, isInView, rowsNear, scrollFor } from '../../../src/widgets/stepper/windowed.ts';

const participants: Participant[] = [
  { name: 'a', role: 'publisher' },
  { name: 'broker', role: 'broker' },
];

let number = 0;
function packet(up: boolean, content: Packet, at: number): Seen {
  number++;
  const [from, to] = up ? ['a', 'broker'] : ['broker', 'a'];
  return { kind: 'packet', number, from, to, frame: encode(content, 4), version: 4, at };
}

const publish = (packetId: number): Packet => ({
  type: 'publish',
  dup: false,
  qos: 1,
  retain: false,
  topic: 't',
  packetId,
  payload: new Uint8Array(),
});
const puback = (packetId: number): Packet => ({ type: 'puback', packetId, reasonCode: 0 });

function handshakes(count: number, from = 0): Seen[] {
  return Array.from({ length: count }, (_, index) => [
    packet(true, publish((index % 100) + 1), from + index * 10),
    packet(false, puback((index % 100) + 1), from + index * 10),
  ]).flat();
}

function pings(count: number, from = 0): Seen[] {
  return Array.from({ length: count }, (_, index) => [
    packet(true, { type: 'pingreq' }, from + index * 1000),
    packet(false, { type: 'pingresp' }, from + index * 1000),
  ]).flat();
}

function drawn(seen: readonly Seen[]): Diagram {
  return drawSeen(seen, participants);
}

/** Rows in short: what is folded, and how many rows are not. */
function short({ rows }: Folded): (string | number)[] {
  const all: (string | number)[] = [];
  for (const row of rows) {
    const last = all.at(-1);
    if (row.kind === 'fold') all.push(`${row.packets} packets, ${row.time} ms`);
    else if (typeof last === 'number') all[all.length - 1] = last + 1;
    else all.push(1);
  }
  return all;
}

describe('what is folded', () => {
  test('a long stretch of handshakes that are over, but for the newest rows', () => {
    expect(short(fold(drawn(handshakes(60)), new Set()))).toEqual(['80 packets, 390 ms', 40]);
  });
  test('little by little: most steps leave the folds as they are', () => {
    const seen = handshakes(60);
    const lengths = Array.from({ length: 40 }, (_, back) => {
      const { rows } = fold(drawn(seen.slice(0, seen.length - back)), new Set());
      return rows[0]?.kind === 'fold' ? rows[0].packets : 0;
    });
    expect(new Set(lengths)).toEqual(new Set([80, 60]));
  });
  test('nothing in a short run', () => {
    const diagram = drawn(handshakes(20));
    expect(fold(diagram, new Set())).toBe(diagram);
  });
  test('keep alive packets, sooner than others, and not the others among them', () => {
    const seen = [...pings(5), ...handshakes(1, 9000), ...pings(20, 10_000)];
    expect(short(fold(drawn(seen), new Set()))).toEqual(['10 packets, 4000 ms', 2, '8 packets, 3000 ms', 32]);
  });
  test('nothing of a handshake that is not over', () => {
    const open = [packet(true, publish(200), 0)];
    expect(short(fold(drawn([...handshakes(50), ...open, ...handshakes(60)]), new Set()))).toEqual([
      '100 packets, 490 ms',
      1,
      '99 packets, 490 ms',
      21,
    ]);
  });
  test('nothing across a cut', () => {
    const seen: Seen[] = [...handshakes(19), { kind: 'cut', client: 'a' }, ...handshakes(60)];
    expect(short(fold(drawn(seen), new Set()))[0]).toBe(39);
  });
});

describe('a fold', () => {
  const diagram = drawn(handshakes(60));
  const folded = fold(diagram, new Set());

  test('leaves rows under each other without a gap', () => {
    for (const [index, row] of folded.rows.entries()) {
      const above = folded.rows[index - 1];
      expect(row.top).toBe(above ? above.top + above.height : diagram.rows[0]?.top);
    }
    const last = folded.rows.at(-1);
    expect(folded.height - (last?.top ?? 0)).toBe(diagram.height - (diagram.rows.at(-1)?.top ?? 0));
  });
  test('takes the bars within it away, and moves those below it along', () => {
    expect(folded.bars.length).toBeLessThan(22);
    const [bar] = folded.bars.slice(-1);
    const [row] = folded.rows.slice(-2);
    expect(bar?.top).toBe((row?.top ?? 0) + 23);
  });
  test('opens: all rows are there, below the line that folds them again', () => {
    const key = folded.rows[0]?.key ?? '';
    const open = fold(diagram, new Set([key]));
    expect(open.rows).toHaveLength(121);
    expect(open.rows[0]).toMatchObject({ kind: 'fold', isOpen: true });
    expect(open.bars).toHaveLength(diagram.bars.length);
  });
});

describe('rows near what is seen', () => {
  const rows = Array.from({ length: 1000 }, (_, index) => ({ key: `${index}`, top: index * 46, height: 46 }));

  test('few rows are all in the page', () => {
    expect(rowsNear(rows.slice(0, FEW), { top: 0, height: 600 })).toBeUndefined();
  });
  test.each([0, 1234, 20_000, 46_000 - 600])('of many only some, around %i', (top) => {
    const near = rowsNear(rows, { top, height: 600 }) ?? [];
    expect(near.length).toBeLessThan(70);
    const [first = 0, last = 0] = [near[0], near.at(-1)];
    expect(first * 46).toBeLessThanOrEqual(top);
    expect((last + 1) * 46).toBeGreaterThanOrEqual(top + 600);
    expect(near).toHaveLength(last - first + 1);
  });
  test('and the one that has the focus, wherever it is', () => {
    expect(rowsNear(rows, { top: 0, height: 600 }, '900')?.at(-1)).toBe(900);
    expect(rowsNear(rows, { top: 40_000, height: 600 }, '3')?.[0]).toBe(3);
    expect(rowsNear(rows, { top: 0, height: 600 }, '3')).toEqual(rowsNear(rows, { top: 0, height: 600 }));
  });
});

test('scrolling goes no further than it takes', () => {
  const view = { top: 100, height: 500 };
  expect(scrollFor({ top: 200, height: 46 }, view, 20)).toBe(100);
  expect(scrollFor({ top: 700, height: 46 }, view, 20)).toBe(266);
  expect(scrollFor({ top: 50, height: 46 }, view, 20)).toBe(30);
  expect(scrollFor({ top: 6, height: 46 }, view, 20)).toBe(0);
  expect(isInView({ top: 200, height: 46 }, view)).toBe(true);
  expect(isInView({ top: 590, height: 46 }, view)).toBe(false);
});
