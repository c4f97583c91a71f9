import { describe, expect, test } from 'vitest';
import { toEnd } from '../../../src/lessons/run.ts';
import { draw } from '../../../src/widgets/stepper/draw.ts';
import { drawSeen, type Seen } from '../../../src/widgets/stepper/seen.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';
import { atStart } from './world.ts';

/** The packets of a run as somebody sees them who only listens. */
function overheard(key: string) {
  const run = toEnd(atStart(key));
  const line = timeline(run);
  const { participants } = run.scenario;
  const seen = line.flights.map(({ from, to, frame, version }, index): Seen => {
    return { kind: 'packet', number: index + 1, from, to, frame, version, at: index };
  });
  return { own: draw(line, run.at, participants), seen, participants };
}

describe.each(['4-0', '4-1', '4-2', '5-2'])('story %s, overheard', (key) => {
  const { own, seen, participants } = overheard(key);
  const diagram = drawSeen(seen, participants);

  test('has the rows that the world has', () => {
    const short = ({ rows }: typeof diagram) =>
      rows.map((row) => [row.top, row.height, row.from, row.to, row.kind === 'packet' && row.state]);
    expect(short(diagram)).toEqual(short(own));
  });
  test('has the bars that the world has, each from its PUBLISH on', () => {
    const short = ({ bars }: typeof diagram) =>
      bars
        .map(({ column, side, packetId, open, handshake }) => [column, side, packetId, open, handshake])
        .sort();
    expect(short(diagram)).toEqual(short(own));
  });
});

test('what is lost changes nothing at its receiver, and what is sent again is not remembered twice', () => {
  const { seen, participants } = overheard('4-1');
  const [publish] = seen as [Seen & { kind: 'packet' }];
  const lost: Seen[] = [
    { ...publish, state: 'lost' },
    { kind: 'cut', client: 'p1' },
    { ...publish, number: 2 },
  ];
  const { rows, bars } = drawSeen(lost, participants);
  expect(rows.map(({ kind }) => kind)).toEqual(['packet', 'cut', 'packet']);
  expect(bars).toHaveLength(1);
  expect(bars[0]).toMatchObject({ column: 0, open: true });
});

test('time that has passed is marked where it has', () => {
  const { seen, participants } = overheard('4-1');
  const [one, two, three] = seen as [Seen, Seen, Seen];
  const { rows } = drawSeen(
    [
      { ...one, at: 5 },
      { ...two, at: 5 },
      { ...three, at: 9 },
    ],
    participants,
  );
  expect(rows.map((row) => row.kind === 'packet' && row.isLater)).toEqual([false, false, true]);
});

test('what cannot be read has a row, and no bar', () => {
  const { participants } = overheard('4-1');
  const seen: Seen[] = [
    { kind: 'packet', number: 1, from: 'p1', to: 'broker', frame: Uint8Array.of(0), version: 4 },
  ];
  expect(drawSeen(seen, participants)).toMatchObject({ rows: [{ number: 1 }], bars: [] });
});
