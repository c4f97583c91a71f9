import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { coverage, marksIn, type Standard, statementsOf, strangers } from './coverage.ts';

const REPORT = 'src/data/conformance.json';

describe.each<Standard>(['3.1.1', '5.0'])('of MQTT %s', (version) => {
  const report = coverage()[version];

  test('every statement is held by a test, or has a reason why not', () => {
    const open = statementsOf(version).filter(
      ({ id }) => report[id]?.tests.length === 0 && report[id]?.why === undefined,
    );
    expect(open.map(({ id, binds, summary }) => `${id} (${binds}): ${summary}`)).toEqual([]);
  });

  test('no statement has both', () => {
    expect(
      Object.entries(report).flatMap(([id, { tests, why }]) =>
        tests.length > 0 && why !== undefined ? [id] : [],
      ),
    ).toEqual([]);
  });

  test('every statement that binds a server is marked at the line that decides it, unless there is a reason', () => {
    const open = statementsOf(version).filter(
      ({ id, binds }) =>
        binds !== 'client' && report[id]?.decidedAt.length === 0 && report[id]?.why === undefined,
    );
    expect(open.map(({ id, summary }) => `${id}: ${summary}`)).toEqual([]);
  });
});

test('every mark names a statement that exists', () => {
  expect(strangers()).toEqual([]);
});

test('marks are read in both notations', () => {
  const [one, two] = ['MQTT-1', 'MQTT-2'].map((start) => `${start}.0.0-1`);
  const read = (text: string) => marksIn(text).map(({ version, id }) => `${version} ${id}`);
  expect(read(`[${one}]`)).toEqual([`3.1.1 ${one}`, `5.0 ${one}`]);
  expect(read(`a [v3 ${one}, ${two}] [v5 ${one}]`)).toEqual([`3.1.1 ${one}`, `3.1.1 ${two}`, `5.0 ${one}`]);
  expect(read(`// v3 [${one}] v5 [${one}] [${two}]`)).toEqual([`3.1.1 ${one}`, `5.0 ${one}`, `5.0 ${two}`]);
  expect(read(`[${one}] v5 [${two}]`)).toEqual([`3.1.1 ${one}`, `5.0 ${one}`, `5.0 ${two}`]);
  expect(read(`[not a mark] v5 and ${one}`)).toEqual([]);
});

test('the report for the site is up to date; where it was not, it is now', () => {
  const text = `${JSON.stringify(coverage(), null, 1)}\n`;
  if (!existsSync(REPORT) || readFileSync(REPORT, 'utf8') !== text) writeFileSync(REPORT, text);
  expect(JSON.parse(readFileSync(REPORT, 'utf8'))).toEqual(coverage());
});
