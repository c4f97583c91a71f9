// Files that a test writes for itself, and programs that may or may not be installed.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { spawnSync } from 'node:child_process';
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

/** Whether a program is installed. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--help']).error === undefined;
}
