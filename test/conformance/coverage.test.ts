import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { coverage, marksIn, strangers } from '../../src/components/reference/coverage.ts';
import { STANDARDS, statementsOf } from '../../src/components/reference/standards.ts';

const broker = textsIn('broker', '.ts');
const tests = textsIn('test', '.test.ts');
const report = coverage(broker, tests);

describe.each(STANDARDS)('of MQTT %s', (version) => {
  test('every statement is held by a test, or has a reason why not', () => {
    const open = statementsOf(version).filter(
      ({ id }) => report[version][id]?.tests.length === 0 && report[version][id]?.why === undefined,
    );
    expect(open.map(({ id, binds, summary }) => `${id} (${binds}): ${summary}`)).toEqual([]);
  });

  test('no statement has both', () => {
    const both = Object.entries(report[version]).filter(
      ([, { tests, why }]) => tests.length > 0 && why !== undefined,
    );
    expect(both.map(([id]) => id)).toEqual([]);
  });

  test('every statement that binds a server is marked at the line that decides it, unless there is a reason', () => {
    const open = statementsOf(version).filter(
      ({ id, binds }) =>
        binds !== 'client' &&
        report[version][id]?.code.length === 0 &&
        report[version][id]?.why === undefined,
    );
    expect(open.map(({ id, summary }) => `${id}: ${summary}`)).toEqual([]);
  });
});

test('every mark names a statement that exists', () => {
  expect(strangers(broker, tests)).toEqual([]);
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

test('a test is found by the statement in its title, and a line by the one beside it', () => {
  const id = 'MQTT-3.1.0-2';
  const title = 'a second CONNECT ends it';
  const found = coverage(
    { 'broker/a.ts': `one();\ntwo(); // [${id}]` },
    {
      'test/server/a.test.ts': `test('${title} [v5 ${id}]', () => {});`,
      'test/codec/b.test.ts': `'[${id}]'`,
    },
  );
  expect(found['5.0'][id]).toEqual({
    tests: [{ file: 'test/server/a.test.ts', title }],
    code: [{ place: 'broker/a.ts:2', text: `two(); // [${id}]` }],
  });
  expect(found['3.1.1'][id]?.tests).toEqual([]);
});

function textsIn(folder: string, ending: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith(ending),
  );
  const paths = names.map((name) => posix.join(folder, name.replaceAll('\\', '/'))).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}
