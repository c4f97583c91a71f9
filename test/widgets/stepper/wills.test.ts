import { describe, expect, test } from 'vitest';
import { en } from '../../../src/i18n/en.ts';
import { variants as retainedStories } from '../../../src/lessons/retained.ts';
import { begin, go, type Run, toEnd } from '../../../src/lessons/run.ts';
import type { Scenario } from '../../../src/lessons/scenario.ts';
import { delay, prediction, variants } from '../../../src/lessons/will.ts';
import type { PacketRow, Row, WaitRow } from '../../../src/widgets/stepper/diagram.ts';
import { draw } from '../../../src/widgets/stepper/draw.ts';
import { remembered } from '../../../src/widgets/stepper/memory.ts';
import { announcement, itemText, noteText, transcript } from '../../../src/widgets/stepper/tell.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';

function rowsOf(run: Run): readonly Row[] {
  return draw(timeline(run), run.at, run.scenario.participants).rows;
}

function sceneOf(run: Run) {
  const line = timeline(run);
  const { participants } = run.scenario;
  return { line, at: run.at, participants, rows: draw(line, run.at, participants).rows };
}

/** What stands beside the packets that were sent, in words. */
function notes(run: Run): string[][] {
  const packets = rowsOf(run).filter(
    (row): row is PacketRow => row.kind === 'packet' && row.number !== undefined,
  );
  return packets.map((row) => row.notes.map((note) => noteText(note, row.flight.version, en)));
}

function brokerRemembers(run: Run): string[] {
  const moment = timeline(run).moments[run.at];
  const items = moment ? remembered(moment, run.scenario.participants) : [];
  return items
    .filter(({ party }) => party === 'broker')
    .map(({ item }) => Object.values(itemText(item, true, en.stepper, 'en')).join(' '));
}

const lost = variants[0]?.scenario as Scenario;
const story = (key: string) => retainedStories.find((each) => each.key === key)?.scenario as Scenario;

describe('a will', () => {
  test('is said to be one where it is published, and its DISCONNECT to delete the other', () => {
    const said = notes(toEnd(begin(lost)));
    expect(said[0]).toEqual(['“lost”, RETAIN 0', 'the will of p1']);
    expect(said.at(-1)).toEqual(['the will of phone is deleted']);
  });
  test('is remembered by the broker until it is published', () => {
    expect(brokerRemembers(go(begin(lost), 0))).toEqual(['will of p1: “lost”', 'will of phone: “lost”']);
    expect(brokerRemembers(begin(lost))).toEqual(['retained “lost” for status/p1', 'will of phone: “lost”']);
  });
  test('waits where it has a delay', () => {
    expect(brokerRemembers(begin(delay.scenario))).toEqual(['will of p1: “lost”, waits']);
  });
});

describe('time that passes', () => {
  const end = toEnd(begin(prediction.scenario));
  const waits = rowsOf(end).filter((row): row is WaitRow => row.kind === 'wait');

  test('has a row from the first lifeline to the last, and says whose keep alive ran out', () => {
    expect(waits.map(({ time, from, to }) => [time, from, to])).toEqual([
      [10_000, 0, 3],
      [5000, 0, 3],
    ]);
    expect(waits.map(({ silent }) => silent)).toEqual([
      [],
      [{ client: 'p1', keepAlive: 10, rule: 'MQTT-3.1.2-24' }],
    ]);
  });
  test('is told in the transcript, and when it happens', () => {
    const texts = transcript(sceneOf(end), en).map(({ text }) => text);
    expect(texts).toContain('10 s pass.');
    const silence = '5 s pass. Nothing came from p1 for 15 s: the broker closes its connection.';
    expect(texts).toContain(silence);
    expect(announcement(sceneOf(go(end, 3)), en)).toContain(silence);
  });
});

describe('a retained message', () => {
  test('is remembered by the broker for its topic, until an empty one removes it', () => {
    const run = begin(story('4-remove'));
    expect(brokerRemembers(run)).toEqual(['retained “23” for Room1/Temperature']);
    expect(brokerRemembers(toEnd(run))).toEqual([]);
  });
  test('has its RETAIN flag beside every PUBLISH of its story, and an empty one is said to be so', () => {
    expect(notes(toEnd(begin(story('5-remove')))).flat()).toEqual([
      'an empty message, RETAIN 1',
      'an empty message, RETAIN 0',
    ]);
    const told = transcript(sceneOf(toEnd(begin(story('5-remove')))), en).map(({ text }) => text);
    expect(told[1]).toContain('The application on phone gets an empty message.');
  });
});
