/** Lesson 7's goal and exercises: the solution of each is taken, and nothing else. */
import { describe, expect, test } from 'vitest';
import { FINDINGS } from '../../broker/capture/index.ts';
import { toSeed } from '../../src/lessons/chance.ts';
import {
  blanked,
  COUNTS,
  compare,
  FAULTS,
  type Fault,
  faulty,
  GOAL,
  LENGTHS,
  type Listed,
  markBlanks,
  markFound,
  PLANTED,
  PREDICTION,
  placeOf,
  type Real,
  readFaulty,
} from '../../src/lessons/wireshark.ts';
import { Desk } from '../../src/widgets/capture/desk.ts';
import { listed } from '../../src/widgets/wireshark/listed.ts';
import { bytesOf, CAPTURES, contentsOf } from '../widgets/capture/captures.ts';

const SEEDS = Array.from({ length: 60 }, (_, index) => toSeed(((index * 7919) % 65_536) / 65_536));

async function list(example: string, filter: string): Promise<Listed[]> {
  const desk = new Desk(
    () => {},
    async () => {},
  );
  const file = new Blob([new Uint8Array(bytesOf(example))]);
  const { listing } = await desk.take({ do: 'read', file, keyLogs: [], ports: [], filter });
  return listing.rows.map(listed);
}

test('what the prediction runs is one of its options', async () => {
  expect(COUNTS).toContain((await list(PREDICTION.example, PREDICTION.filter)).length);
});

describe('the goal', () => {
  const met = async (filter: string) =>
    compare(await list(GOAL.example, ''), await list(GOAL.example, filter))
      .filter((one) => one.met)
      .map(({ what }) => what);

  test('is met by its solution, and by another way to say it', async () => {
    expect(await met(GOAL.solution)).toEqual(['publish', 'retain', 'down', 'all']);
    expect(await met('publish mqtt.retain==1 client:ret-sub')).toEqual(['publish', 'retain', 'down', 'all']);
  });

  test.each([
    ['', ['all']],
    ['mqtt.retain == 1', ['publish', 'retain', 'all']],
    ['publish tcp.srcport == 23883 && mqtt.retain == 0', ['publish', 'down']],
    ['mqtt.qos == 2', ['publish', 'retain', 'down']],
  ])('is not met by “%s”', async (filter, what) => {
    expect((await met(filter)).filter((one) => what.includes(one)).length).toBeGreaterThan(0);
    expect((await met(filter)).length).toBeLessThan(4);
  });
});

describe('a capture with a fault', () => {
  test.each(SEEDS)('%s shows the fault that was planted, and nothing else of weight', async (seed) => {
    const exercise = faulty(seed);
    const contents = await readFaulty(exercise);
    const place = placeOf(contents, exercise);
    expect(markFound(contents, exercise, place, exercise.fault)).toBe('right');
    const heavy = contents.findings.filter(({ id }) => FINDINGS[id].weight !== 'note');
    // A wrong identifier leaves the publication without its acknowledgement, too.
    const allowed: string[] = [
      PLANTED[exercise.fault],
      ...(exercise.fault === 'wrongId' ? ['publishUnacknowledged'] : []),
    ];
    expect(heavy.map(({ id }) => id).filter((id) => !allowed.includes(id))).toEqual([]);
  });

  test('every fault comes up', () => {
    expect(new Set(SEEDS.map((seed) => faulty(seed).fault))).toEqual(new Set(FAULTS));
  });

  test('the right fault elsewhere, and another one there, are not taken', async () => {
    const exercise = faulty('0001');
    const contents = await readFaulty(exercise);
    const place = placeOf(contents, exercise);
    const other = FAULTS.find((fault) => fault !== exercise.fault) as Fault;
    expect(markFound(contents, exercise, place === 1 ? 2 : 1, exercise.fault)).toBe('place');
    expect(markFound(contents, exercise, place, other)).toBe('fault');
    expect(markFound(contents, exercise, place === 1 ? 2 : 1, other)).toBe('both');
  });

  test('the same seed makes the same', () => {
    expect(faulty('4F2A')).toEqual(faulty('4F2A'));
  });
});

const real: Real[] = [];
for (const { file } of CAPTURES.filter(({ broker_port }) => broker_port !== 8883))
  for (const { bytes, version } of (await contentsOf(file)).packets)
    if (bytes.length >= LENGTHS.least && bytes.length <= LENGTHS.most)
      real.push({ hex: Buffer.from(bytes).toString('hex'), version });

describe('a real packet with blanks', () => {
  test.each(SEEDS)('%s is right when its bytes are put back, and not before', (seed) => {
    const exercise = blanked(seed, real);
    expect(exercise.blanks.length).toBe(4);
    const put = new Map(
      exercise.blanks.map((at) => [at, (exercise.bytes[at] as number).toString(16).padStart(2, '0')]),
    );
    expect(markBlanks(exercise, put)).toEqual({ is: 'right' });
    const [first] = exercise.blanks as [number];
    expect(markBlanks(exercise, new Map([...put, [first, '']]))).toEqual({ is: 'blank', offsets: [first] });
    const wrong = ((exercise.bytes[first] as number) ^ 0x01).toString(16).padStart(2, '0');
    expect(markBlanks(exercise, new Map([...put, [first, wrong]])).is).toMatch(/fault|different/);
  });
});
