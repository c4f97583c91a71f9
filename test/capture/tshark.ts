/** Wireshark's command line, where it is installed. In CI it has to be. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Whether tests against it cannot run. */
export const withoutTshark: boolean =
  process.env['CI'] === undefined && spawnSync('tshark', ['--version']).status !== 0;

/** Opens a capture in tshark, and returns what it prints. */
export function tshark(file: Uint8Array, ...words: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tshark-'));
  try {
    const path = join(folder, 'capture');
    writeFileSync(path, file);
    const { status, stdout, stderr } = spawnSync('tshark', ['-r', path, ...words], {
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Values of fields, a row for each frame that `filter` lets through. */
export function tsharkFields(
  file: Uint8Array,
  filter: string,
  fields: readonly string[],
  ...words: string[]
): string[][] {
  const chosen = fields.flatMap((field) => ['-e', field]);
  const lines = tshark(
    file,
    '-Y',
    filter,
    '-T',
    'fields',
    '-E',
    'occurrence=a',
    '-E',
    'aggregator=;',
    ...chosen,
    ...words,
  ).split('\n');
  return lines.slice(0, -1).map((line) => line.split('\t'));
}
