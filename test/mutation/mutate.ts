// The command `npm run mutate`: puts faults into a copy of the project, one at a time, and lists those that no test finds. Knows
// which tests are about which folder; survivors that are explained in survivors.json are passed over.
import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { Dice } from '../dice.ts';
import { type Mutant, mutants } from './mutants.ts';

/** What finds faults, by folder: quick tests first; the others are asked where those are content. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  'broker/session': ['test/session', 'test/server/broker', 'test/conformance,test/sim/random'],
  'broker/topics': ['test/topics', 'test/conformance/subscribe,test/conformance/publish,test/server/broker'],
  'broker/server': ['test/conformance,test/server', 'test/sim/random,test/fuzz'],
};

/** How long the tests may take with a fault in it: so many times what they take without. What takes longer hangs, and is found by that. */
const PATIENCE = 4;

/** A survivor that nothing can find, or need not, and why: told by its file and its line as it reads, with all its blanks gone. */
interface Explained {
  file: string;
  line: string;
  before: string;
  after: string;
  why: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sample: { type: 'string' }, seed: { type: 'string' } },
});
const [folder = ''] = positionals;
const stages = Object.entries(STAGES).find(([known]) => folder.startsWith(known))?.[1];
if (stages === undefined) {
  console.error(
    `npm run mutate -- FOLDER|FILE [--sample N] [--seed N]\nFOLDER is one of ${Object.keys(STAGES).join(', ')}.`,
  );
  process.exit(1);
}

const explained = JSON.parse(
  readFileSync(join(import.meta.dirname, 'survivors.json'), 'utf8'),
) as Explained[];
const copy = mkdtempSync(join(tmpdir(), 'mutation-'));
/** The source files as they are; the project may be worked on meanwhile. */
const texts = new Map<string, string>();
let worker: Awaited<ReturnType<typeof start>> | undefined;
try {
  for (const part of [
    'broker',
    'src',
    'test',
    'content',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ])
    cpSync(part, join(copy, part), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  await run(chosen(), stages);
} finally {
  worker?.child.kill('SIGKILL');
  rmSync(copy, { recursive: true });
}

function chosen(): Mutant[] {
  const files = statSync(folder).isDirectory() ? globSync(`${folder}/**/*.ts`).sort() : [folder];
  for (const file of files) texts.set(file, readFileSync(join(copy, file), 'utf8'));
  const all = files.flatMap((file) => mutants(file, texts.get(file) as string));
  const sample = Number(values.sample ?? all.length);
  const dice = new Dice(Number(values.seed ?? 1));
  const rest = [...all];
  while (rest.length > sample) rest.splice(dice.roll(rest.length), 1);
  console.log(`${rest.length} of ${all.length} faults in ${files.length} files`);
  return rest;
}

async function run(tried: readonly Mutant[], stages: readonly string[]): Promise<void> {
  worker = await start(stages);
  const begin = performance.now();
  if (!(await worker.ask('', 600_000))) throw new Error('The tests fail without any fault.');
  const patience = PATIENCE * (performance.now() - begin);
  const survivors: Mutant[] = [];
  for (const [index, mutant] of tried.entries()) {
    worker ??= await start(stages);
    const answer: boolean | 'hangs' = await worker.ask(JSON.stringify(mutant), patience);
    if (answer === 'hangs') {
      worker.child.kill('SIGKILL');
      worker = undefined;
      writeFileSync(join(copy, mutant.file), texts.get(mutant.file) as string);
    }
    if (answer === true && !isExplained(mutant)) {
      survivors.push(mutant);
      console.log(`${mutant.file}:${mutant.line}  ${mutant.before}  →  ${mutant.after}`);
    } else if (index % 20 === 19) console.log(`… ${index + 1} tried, ${survivors.length} not found`);
  }
  console.log(`${tried.length} tried, ${survivors.length} not found`);
  process.exitCode = survivors.length > 0 ? 1 : 0;
}

async function start(stages: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [join(copy, 'test/mutation/worker.ts'), ...stages], {
    cwd: copy,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, TRANSPORTS: 'memory', WORLDS: '20' },
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  await lines.next();
  return {
    child,
    async ask(question: string, milliseconds: number): Promise<boolean | 'hangs'> {
      child.stdin?.write(`${question}\n`);
      let late: NodeJS.Timeout | undefined;
      const end = new Promise<'hangs'>((resolve) => {
        late = setTimeout(resolve, milliseconds, 'hangs');
      });
      const answer = lines.next().then(({ value }) => (value === undefined ? 'hangs' : value === 'true'));
      return Promise.race([answer, end]).finally(() => clearTimeout(late));
    },
  };
}

function isExplained(mutant: Mutant): boolean {
  const line = (texts.get(mutant.file)?.split('\n')[mutant.line - 1] ?? '').trim();
  return explained.some(
    (each) =>
      each.file === mutant.file &&
      each.line === line &&
      each.before === mutant.before &&
      each.after === mutant.after,
  );
}
