// A program that a test runs: what it says, and when it ends. It does not outlive the test.
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

export interface Running {
  /** All that it has said, on both of its outputs. */
  said(): string;
  /** Resolves when it has said these words; rejects if it ends without. */
  says(words: string): Promise<void>;
  /** What it said on its standard output and on its standard error, and how it ended. */
  readonly ended: Promise<{ code: number | null; out: Buffer; err: Buffer }>;
  /** Writes to its standard input, and ends that. */
  feed(text: string): void;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program. */
export function run(command: string, words: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(command, words, { env: { ...process.env, ...env } });
  // A program may end without having read its input.
  child.stdin.on('error', () => {});
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  let said = '';
  let listeners: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
      (stream === child.stdout ? out : err).push(chunk);
      for (const listener of listeners) listener();
    });
  const ended = new Promise<{ code: number | null; out: Buffer; err: Buffer }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out: Buffer.concat(out), err: Buffer.concat(err) }));
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    ended,
    said: () => said,
    says: (words) =>
      new Promise((resolve, reject) => {
        const listener = () => {
          if (!said.includes(words)) return;
          listeners = listeners.filter((each) => each !== listener);
          resolve();
        };
        listeners.push(listener);
        ended.then(() => reject(new Error(`${command} ended before it said “${words}”:\n${said}`)), reject);
        listener();
      }),
    feed: (text) => child.stdin.end(text),
    kill: (signal) => child.kill(signal),
  };
}
