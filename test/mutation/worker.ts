// Tries faults, one after the other, in a copy of the project that is its working directory: for each it says on one line whether
// the tests found it. Reads the faults from its standard input. May hang on any of them, which whoever started it sees.
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createVitest } from 'vitest/node';
import type { Mutant } from './mutants.ts';

const stages = process.argv.slice(2).map((words) => words.split(','));
const vitest = await createVitest('test', {
  root: process.cwd(),
  watch: false,
  bail: 1,
  isolate: false,
  pool: 'threads',
  maxWorkers: 1,
  reporters: [{}],
  exclude: ['**/coverage.test.ts'], // looks at the text of tests, not at what they do
});

/** Whether the tests pass. */
async function isPassing(filters: string[]): Promise<boolean> {
  const specifications = await vitest.globTestSpecifications(filters);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  return unhandledErrors.length === 0 && testModules.length > 0 && testModules.every((each) => each.ok());
}

async function survives({ file, start, end, after }: Mutant): Promise<boolean> {
  const text = readFileSync(file, 'utf8');
  const change = (content: string) => {
    writeFileSync(file, content);
    vitest.invalidateFile(`${process.cwd()}/${file}`);
  };
  change(text.slice(0, start) + after + text.slice(end));
  try {
    for (const filters of stages) if (!(await isPassing(filters))) return false;
    return true;
  } finally {
    change(text);
  }
}

console.log('ready');
for await (const line of createInterface({ input: process.stdin }))
  console.log(
    line === ''
      ? await survives({ file: 'package.json', start: 0, end: 0, after: '' } as Mutant)
      : await survives(JSON.parse(line)),
  );
await vitest.close();
