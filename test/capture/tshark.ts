/** Wireshark's command line, where it is installed. In CI it has to be. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { wiresharkRows } from '../../broker/capture/index.ts';
import { read } from './packets.ts';

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

/** Faults, as tshark finds them, and what it warns of. A reset is one of the warnings, and no fault of the capture's. */
const FAULTS = [
  '_ws.malformed',
  'tcp.analysis.flags',
  'tcp.checksum.status != 1',
  'ip.checksum.status != 1',
  '_ws.expert.severity >= 6291456',
];
const RESET = 'Connection reset (RST)';

/** Our packets are tshark's, field by field, and it finds no fault with the TCP around them. */
export async function expectLikeTshark(file: Uint8Array): Promise<void> {
  const rows = wiresharkRows(await read(file)).map(({ mqtt }) => mqtt);
  const layers: { _source: { layers: { mqtt: unknown } } }[] = JSON.parse(
    tshark(file, '-Y', 'mqtt', '-T', 'json', '-J', 'mqtt', '--no-duplicate-keys'),
  );
  expect(JSON.stringify(rows)).toBe(JSON.stringify(layers.flatMap(({ _source }) => _source.layers.mqtt)));
  const checked = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
  const found = tsharkFields(file, FAULTS.join(' || '), ['frame.number', '_ws.expert.message'], ...checked);
  expect(found.filter(([, message]) => message !== RESET)).toEqual([]);
}
