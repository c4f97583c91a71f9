/**
 * Every check of the project, one after the other, in the order in which a failure is cheapest to find. It goes on
 * after a failure, and its last line counts: one for each check, and each test of Vitest's and Playwright's.
 * `npm test` runs all; `npm test -- lint tests` runs those named. What a check looks at is the check's own affair.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getSystemPrograms } from './system.ts';

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const ci = process.env.CI === 'true';
const reports = mkdtempSync(join(tmpdir(), 'glass-broker-'));

const astro = 'astro/bin/astro.mjs';
const biome = '@biomejs/biome/bin/biome';
const tsc = 'typescript-7/bin/tsc';

const checks: Record<string, () => Count> = {
  system,
  format: () => one(run(biome, 'check', '--linter-enabled=false')),
  lint: () => one(run(biome, 'lint', '--error-on-warnings')),
  // The first of the three also writes the types of the content, which the others read.
  types: () => one(run(astro, 'check'), run(tsc), run(tsc, '--project', 'broker')),
  unused: () => one(run('knip/bin/knip.js')),
  tests: vitest,
  build: () => one(run(astro, 'build')),
  browser: playwright,
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !(name in checks));
if (unknown !== undefined) {
  console.error(`No check is called ${unknown}. There are: ${Object.keys(checks).join(', ')}`);
  process.exit(1);
}

const total: Count = { passed: 0, failed: 0, skipped: 0 };
const summary: string[] = [];
for (const [name, check] of Object.entries(checks)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`);
  const start = performance.now();
  const { passed, failed, skipped } = check();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  summary.push(`${failed > 0 ? 'FAIL' : 'ok  '}  ${name.padEnd(8)} ${seconds.padStart(6)} s`);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}
rmSync(reports, { recursive: true });

console.log(`\n${summary.join('\n')}\n`);
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Without a program, some tests cannot run. On a reader's machine that is no fault of the project's. */
function system(): Count {
  const missing = getSystemPrograms();
  for (const line of missing) console.log(line);
  return one(missing.length === 0 || !ci);
}

function vitest(): Count {
  const report = join(reports, 'vitest.json');
  const well = run(
    'vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile=${report}`,
  );
  return count<{ [key in 'numPassedTests' | 'numFailedTests' | 'numPendingTests' | 'numTodoTests']: number }>(
    well,
    report,
    (read) => ({
      passed: read.numPassedTests,
      failed: read.numFailedTests,
      skipped: read.numPendingTests + read.numTodoTests,
    }),
  );
}

function playwright(): Count {
  const report = join(reports, 'playwright.json');
  process.env.PLAYWRIGHT_JSON_OUTPUT_FILE = report;
  const well = run('@playwright/test/cli.js', 'test', '--reporter=list,json');
  return count<{ stats: { [key in 'expected' | 'unexpected' | 'flaky' | 'skipped']: number } }>(
    well,
    report,
    ({ stats }) => ({
      passed: stats.expected,
      failed: stats.unexpected + stats.flaky,
      skipped: stats.skipped,
    }),
  );
}

/** A runner that broke down, ran nothing, or in CI left tests out, has failed even where no test has. */
function count<Report>(well: boolean, report: string, read: (report: Report) => Count): Count {
  const none = { passed: 0, failed: 0, skipped: 0 };
  const found = existsSync(report) ? read(JSON.parse(readFileSync(report, 'utf8'))) : none;
  const sound = well && found.passed > 0 && !(ci && found.skipped > 0);
  return sound || found.failed > 0 ? found : { ...found, failed: 1 };
}

/** One check, of however many commands. */
function one(...commands: boolean[]): Count {
  const well = commands.every(Boolean);
  return { passed: well ? 1 : 0, failed: well ? 0 : 1, skipped: 0 };
}

/** Runs a command that a package brings, on this very Node. */
function run(file: string, ...words: string[]): boolean {
  return (
    spawnSync(process.execPath, [join('node_modules', file), ...words], { stdio: 'inherit' }).status === 0
  );
}
