// Files that a command reads and replaces as a whole, and what C programs say when that fails. Knows no content.
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/** What C's strerror says of errors that files are apt to cause. */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EISDIR: 'Is a directory',
  ENOENT: 'No such file or directory',
  ENOTDIR: 'Not a directory',
  EROFS: 'Read-only file system',
};

/** The file that a link leads to, so that it is replaced, and not the link; the path itself where there is nothing. */
export function resolve(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** @throws Error with the system's words */
export function read(path: string): string {
  return worded(() => readFileSync(path, 'utf8'));
}

/**
 * Puts a new file in the place of the old, so that nobody ever reads half of one. Whoever might read the old may read the new;
 * one that was not there before is its owner's alone.
 * @throws Error with the system's words
 */
export function replace(path: string, content: string): void {
  worded(() => {
    const old = statSync(path, { throwIfNoEntry: false });
    if (old?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    const fresh = `${path}.${process.pid}.new`;
    try {
      writeFileSync(fresh, content, { mode: old ? old.mode & 0o7777 : 0o600, flag: 'wx' });
      renameSync(fresh, path);
    } finally {
      rmSync(fresh, { force: true });
    }
  });
}

function worded<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new Error(WORDS[code] ?? message);
  }
}
