// Files that a test writes for itself, and programs that may or may not be installed.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Folder {
  readonly path: string;
  /** Writes a file that everybody may read, and returns its path. */
  write(name: string, content: string | Uint8Array): string;
}

/** A new folder, gone when the test is over. */
export function folder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'glass-broker-'));
  chmodSync(path, 0o755); // Mosquitto, started by root, reads it as somebody else
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      chmodSync(file, 0o644);
      return file;
    },
  };
}

/** Debian keeps programs of the system where only root looks. */
const env = { ...process.env, PATH: [process.env.PATH, '/usr/sbin', '/usr/local/sbin'].join(delimiter) };

/** Whether a program is installed. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['-h'], { env }).error === undefined;
}

/** Runs a program until it ends by itself. */
export function runToEnd(
  program: string,
  words: readonly string[],
  input = '',
): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    env,
    input,
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}
