// The command `npm run passwd`: mosquitto_passwd on this machine's files. Knows how something is typed unseen; all else is the
// command's.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { passwd } from '../client/passwd.ts';
import { read, replace, resolve } from './files.ts';
import { formatHash, hashPassword } from './passwords.ts';

const input = secrets();
process.exitCode = await passwd(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
  readSecret: input.read,
  hash: async (...secret) => formatHash(await hashPassword(...secret)),
  resolve,
  read,
  write: replace,
});
input.close();

/** Reads what is typed, line by line, without showing it. The input is left alone until the first line is wanted. */
function secrets(): { read(): Promise<string | undefined>; close(): void } {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const open = () =>
    createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY === true });
  let lines: ReturnType<typeof open> | undefined;
  let answers: AsyncIterator<string> | undefined;
  return {
    async read() {
      lines ??= open();
      answers ??= lines[Symbol.asyncIterator]();
      const { value, done } = await answers.next();
      return done ? undefined : value;
    },
    close: () => lines?.close(),
  };
}
