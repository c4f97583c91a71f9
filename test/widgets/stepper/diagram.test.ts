import { describe, expect, test } from 'vitest';
import type { Input } from '../../../broker/index.ts';
import { act, begin, go, type Run, toEnd } from '../../../src/lessons/run.ts';
import {
  type Bar,
  type Diagram,
  HEIGHTS,
  handshakeOf,
  type LinkRow,
  type PacketRow,
  packetOf,
} from '../../../src/widgets/stepper/diagram.ts';
import { draw, nextFlight, tallest } from '../../../src/widgets/stepper/draw.ts';
import { handshakeOfItem, remembered } from '../../../src/widgets/stepper/memory.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';
import { longRun } from './long.ts';
import { atStart, cut, scenario, until } from './world.ts';

function drawing(run: Run): Diagram {
  return draw(timeline(run), run.at, run.scenario.participants);
}

function packets({ rows }: Diagram): PacketRow[] {
  return rows.filter((row) => row.kind === 'packet');
}

function links({ rows }: Diagram): LinkRow[] {
  return rows.filter(
    (row): row is LinkRow => row.kind === 'cut' || row.kind === 'freeze' || row.kind === 'thaw',
  );
}

/** A row in short: `PUBLISH p1>broker delivered`. */
function short({ flight, state }: PacketRow): string {
  return `${packetOf(flight)?.type.toUpperCase()} ${flight.from}>${flight.to} ${state}`;
}

/** The row whose arrow a height is at. */
function rowAt({ rows }: Diagram, y: number): number {
  return rows.findIndex(({ top, height }) => top <= y && y < top + height) + 1;
}

/** A bar in short: `p1 middle 4: 1-3`, from row to row; open bars have no end. */
function bar(diagram: Diagram, { column, side, packetId, top, height, open }: Bar): string {
  const to = open ? '' : rowAt(diagram, top + height);
  return `${['p1', 'broker', 'phone'][column]} ${side} ${packetId}: ${rowAt(diagram, top)}-${to}`;
}

describe('the figure as it opens', () => {
  const diagram = drawing(begin(scenario('4-1')));

  test('the phone has the message, and the PUBACK to p1 is in flight', () => {
    expect(packets(diagram).map(short)).toEqual([
      'PUBLISH p1>broker delivered',
      'PUBLISH broker>phone delivered',
      'PUBACK broker>p1 in flight',
      'PUBACK phone>broker delivered',
    ]);
  });
  test('what can be delivered can be held and cut as well, and nothing else can be touched', () => {
    expect(packets(diagram).map(({ actions }) => actions)).toEqual([[], [], ['deliver', 'hold', 'cut'], []]);
  });
  test('rows stand under each other without a gap', () => {
    for (const [index, row] of diagram.rows.entries()) {
      const above = diagram.rows[index - 1];
      expect(row.top).toBe(above ? above.top + above.height : diagram.rows[0]?.top);
    }
    expect(diagram.rows[2]?.height).toBe(HEIGHTS.packetWithActions);
  });
  test('a bar is open while its identifier is remembered, and ends where it is let go', () => {
    expect(diagram.bars.map((each) => bar(diagram, each))).toEqual([
      'p1 middle 4: 1-',
      'broker right 1: 2-4',
    ]);
  });
});

test('at QoS 2 the broker remembers towards the publisher on its left, and towards the subscriber on its right', () => {
  const diagram = drawing(toEnd(atStart('4-2')));
  expect(diagram.bars.map((each) => bar(diagram, each)).sort()).toEqual([
    'broker left 4: 1-5',
    'broker right 1: 2-8',
    'p1 middle 4: 1-7',
    'phone middle 1: 2-6',
  ]);
});

test('at QoS 0 nobody remembers anything', () => {
  expect(drawing(toEnd(atStart('4-0'))).bars).toEqual([]);
});

test('packets are numbered in the order of sending, and expected ones are not numbered', () => {
  const { run } = until('4-2', 'publish', 'phone');
  const rows = packets(drawing(run));
  expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, undefined]);
  expect(rows.at(-1) && short(rows.at(-1) as PacketRow)).toBe('PUBREC phone>broker expected');
});

test('two identifiers at once stand side by side', () => {
  const publish = scenario('4-1').script[0] as Input;
  const twice = act(act(atStart('4-1'), publish), { ...publish, payload: 'Turn Off' } as Input);
  expect(drawing(twice).bars.map(({ lane }) => lane)).toEqual([0, 1]);
});

describe('after a cut', () => {
  const { run } = until('4-2', 'pubrec', 'p1');
  const atCut = act(run, cut('p1'));

  test('what was in flight on that link is lost, and the cut stands below it', () => {
    const diagram = drawing(atCut);
    const lost = packets(diagram).filter(({ state }) => state === 'lost');
    expect(lost.map(short)).toEqual(['PUBREC broker>p1 lost']);
    expect(links(diagram)).toMatchObject([{ kind: 'cut', client: 'p1', lost: [3], open: true }]);
    expect(links(diagram)[0]?.top).toBeGreaterThan(lost[0]?.top ?? Number.POSITIVE_INFINITY);
  });
  test('what is in flight on the other link goes on', () => {
    const other = packets(drawing(atCut)).find(({ flight }) => flight.to === 'phone');
    expect(other).toMatchObject({ state: 'in flight', actions: ['deliver', 'hold', 'cut'] });
  });
  test('identifiers are remembered across it', () => {
    const diagram = drawing(toEnd(atCut));
    const own = diagram.bars.filter(({ packetId }) => packetId === 4);
    expect(own).toHaveLength(2);
    for (const { top, height } of own) {
      const cutAt = links(diagram)[0]?.top ?? 0;
      expect(top).toBeLessThan(cutAt);
      expect(top + height).toBeGreaterThan(cutAt);
    }
  });
  test('notes tell the session, the repeat, and that there is no second delivery', () => {
    const notes = packets(drawing(toEnd(atCut))).flatMap((row) => row.notes);
    expect(notes).toEqual([
      { kind: 'clean', flag: false },
      { kind: 'present', flag: true },
      { kind: 'known', packetId: 4, rule: 'MQTT-4.3.3-2' },
    ]);
    expect(links(drawing(toEnd(atCut)))[0]?.open).toBe(false);
  });
  test('going back draws the same as before', () => {
    expect(drawing(go(toEnd(atCut), run.at))).toEqual({ ...drawing(go(atCut, run.at)) });
  });
});

test.each([
  ['4-1', 'MQTT-4.3.2-2'],
  ['5-1', 'MQTT-4.3.2-5'],
])('a repeat at QoS 1 is a new message (%s)', (key, rule) => {
  const { run } = until(key, 'puback', 'p1');
  const notes = packets(drawing(toEnd(act(run, cut('p1'))))).flatMap((row) => row.notes);
  expect(notes).toContainEqual({ kind: 'fresh', rule });
  expect(notes).toContainEqual({ kind: 'again', payload: 'Turn On', times: 2 });
});

describe('what stands still says why', () => {
  const publish = scenario('4-1').script[0] as Input;
  const twice = act(act(atStart('4-1'), publish), { ...publish, payload: 'Turn Off' } as Input);

  test('a packet behind another one waits for it', () => {
    const [, second] = packets(drawing(twice));
    expect(second).toMatchObject({ actions: [], notes: [{ kind: 'behind', number: 1 }] });
  });
  test('a held packet can go on', () => {
    const [first] = packets(drawing(twice));
    const [held] = packets(drawing(act(twice, { do: 'hold', flight: first?.flight.number ?? 0 })));
    expect(held).toMatchObject({
      state: 'held',
      actions: ['deliver', 'release', 'cut'],
      notes: [{ kind: 'held' }],
    });
  });
  test('nothing moves on a frozen link', () => {
    const frozen = drawing(act(twice, { do: 'freeze', client: 'p1' }));
    expect(
      packets(frozen)
        .slice(0, 2)
        .map(({ notes, actions }) => ({ notes, actions })),
    ).toEqual([
      { notes: [{ kind: 'frozen' }], actions: [] },
      { notes: [{ kind: 'frozen' }], actions: [] },
    ]);
    expect(links(frozen).map(({ kind }) => kind)).toEqual(['freeze']);
  });
});

test('the packet that the keys are about is the one that comes next', () => {
  const run = begin(scenario('4-1'));
  const line = timeline(run);
  const row = packets(drawing(run)).find(({ state }) => state === 'in flight');
  expect(nextFlight(line, run.at)).toBe(row?.flight.number);
  expect(nextFlight(line, line.inputs.length)).toBeUndefined();
});

test('what the last step moved is marked: what arrived, and what left because of it', () => {
  const { run } = until('4-1', 'puback', 'broker');
  const moved = packets(drawing(run)).filter(({ motion }) => motion !== undefined);
  expect(moved.map((row) => [packetOf(row.flight)?.type, row.motion])).toEqual([
    ['publish', 'arrives'],
    ['puback', 'leaves'],
  ]);
});

test('packets and what is remembered name the same handshake', () => {
  const run = toEnd(atStart('4-2'));
  const { flights } = timeline(run);
  const names = new Set(flights.map(handshakeOf));
  expect(names).toEqual(new Set(['p1 p1 4', 'phone broker 1']));
  const middle = timeline(run).moments[2];
  const items = middle ? remembered(middle, run.scenario.participants) : [];
  expect(new Set(items.map(({ party, item }) => handshakeOfItem(party, item, 'broker')))).toEqual(names);
});

test.each([
  ['QoS 2 with a cut', () => toEnd(act(until('4-2', 'pubrec', 'p1').run, cut('p1')))],
  [
    'a packet that is held',
    () => {
      const { run, flight } = until('4-1', 'publish', 'broker');
      return toEnd(act(run, { do: 'hold', flight: flight.number }));
    },
  ],
  ['time that passes', () => toEnd(act(begin(scenario('4-1')), { do: 'wait', time: 1000 }))],
])('the tallest moment is found without drawing each of them: %s', (_, story) => {
  const run = story();
  const line = timeline(run);
  const { participants } = run.scenario;
  expect(tallest(line)).toBe(Math.max(...line.moments.map((_, at) => draw(line, at, participants).height)));
});

test('the tallest moment is not looked for where a figure is too tall anyway', () => {
  const line = timeline(longRun(100));
  expect(tallest(line, 1000)).toBeGreaterThan(1000);
  expect(tallest(line, 1000)).toBeLessThan(tallest(line) / 2);
});

describe('what else can befall a world has a row of its own', () => {
  const setup = { ...scenario('4-1').setup, notTcp: true };
  const run: Run = { ...atStart('4-1'), scenario: { ...scenario('4-1'), setup } };

  test('the broker crashes: all that was on its way is lost, on every link', () => {
    const sent = act(run, scenario('4-1').script[0] as Input);
    const { rows } = drawing(act(sent, { do: 'restart', keeps: false }));
    expect(rows.slice(0, 2)).toMatchObject([
      { kind: 'packet', state: 'lost' },
      { kind: 'restart', keeps: false, from: 0, to: 2, lost: [1] },
    ]);
  });
  test('somebody comes: their lifeline begins there', () => {
    const participants = [...scenario('4-1').participants, { name: 'late', role: 'both' as const }];
    const joined = act(run, { do: 'join', setup: { name: 'late' } });
    const { rows, beginnings } = draw(timeline(joined), joined.at, participants);
    expect(rows.slice(0, 1)).toMatchObject([{ kind: 'join', client: 'late', from: 3, to: 3 }]);
    expect(beginnings?.get(3)).toBeGreaterThan(0);
  });
  test('a packet that is dropped is lost without a cut, and one that is doubled is there twice', () => {
    const sent = act(run, scenario('4-1').script[0] as Input);
    const { number: flight } = timeline(sent).flights[0] ?? { number: 0 };
    expect(packets(drawing(act(sent, { do: 'drop', flight }))).map(short)).toEqual([
      'PUBLISH p1>broker lost',
    ]);
    const twice = packets(drawing(act(sent, { do: 'duplicate', flight }))).filter(({ number }) => number);
    expect(twice.map(short)).toEqual(Array(2).fill('PUBLISH p1>broker in flight'));
  });
});

test('four hundred messages are drawn as they are: four packets each, and nothing left to remember', () => {
  const diagram = drawing(longRun(400));
  expect(diagram.rows).toHaveLength(1600);
  expect(diagram.bars).toHaveLength(800);
  expect(diagram.bars.some(({ open }) => open)).toBe(false);
});
