// The command `npm run passwd`, alone and beside mosquitto_passwd.
import { lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { passwd } from '#broker/client/passwd.ts';
import { read, replace, resolve } from '#broker/node/files.ts';
import { formatHash, hashPassword, Passwords, parsePasswords } from '#broker/node/passwords.ts';
import { folder, isInstalled, runToEnd } from './files.ts';

type Result = { code: number | null; stdout: string; stderr: string };

/** Runs the command here, with what would be typed. */
async function ours(words: readonly string[], input = ''): Promise<Result> {
  const said = { stdout: '', stderr: '' };
  const lines = input.split('\n');
  const code = await passwd(words, {
    print: (text) => (said.stdout += text),
    complain: (text) => (said.stderr += text),
    readSecret: async () => lines.shift() || undefined,
    hash: async (...secret) => formatHash(await hashPassword(...secret)),
    resolve,
    read,
    write: replace,
  });
  return { code, ...said };
}

function theirs(words: readonly string[], input?: string): Result {
  return runToEnd('mosquitto_passwd', words, input);
}

function check(file: string, username: string, password: string): Promise<boolean | 'busy'> {
  const hashes = parsePasswords(readFileSync(file, 'utf8'), (line) => {
    throw new Error(line);
  });
  return new Promise((resolve) => new Passwords(hashes).check(username, Buffer.from(password), resolve));
}

test('users are added, given another password, and deleted', async () => {
  const file = `${folder().path}/passwords`;
  expect(await ours(['-c', '-b', file, 'alice', 'one'])).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await ours(['-b', file, 'bob', 'two'])).code).toBe(0);
  expect((await ours(['-b', '-H', 'sha512', file, 'alice', 'three'])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/^alice:\$6\$.+\nbob:\$7\$101\$.+\n$/);
  expect(await check(file, 'alice', 'three')).toBe(true);
  expect(await check(file, 'bob', 'two')).toBe(true);
  expect((await ours(['-D', file, 'alice'])).code).toBe(0);
  expect(readFileSync(file, 'utf8')).toMatch(/^bob:[^\n]+\n$/);
});

test('a file that is corrupt stays as it is', async () => {
  const file = folder().write('passwords', 'alice:x\nbroken\n');
  expect(await ours(['-b', file, 'bob', 'x'])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Error: Corrupt password file at line 2.\n',
  });
  expect(readFileSync(file, 'utf8')).toBe('alice:x\nbroken\n');
});

test('a file keeps its rights, and a link leads to where it led', async () => {
  const file = folder().write('passwords', 'alice:x\n');
  const link = `${file}.link`;
  symlinkSync(file, link);
  await ours(['-b', link, 'bob', 'x']);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toContain('bob:');
  expect(statSync(file).mode & 0o777).toBe(0o644);
});

test('it is a command, which asks for the password', async () => {
  const file = `${folder().path}/passwords`;
  const command = ['broker/node/passwd.ts', '-c', file, 'alice'];
  expect(runToEnd(process.execPath, command, 'one\none\n')).toEqual({
    code: 0,
    stdout: 'Password: \nReenter password: \n',
    stderr: '',
  });
  expect(await check(file, 'alice', 'one')).toBe(true);
  expect(runToEnd(process.execPath, command)).toEqual({
    code: 1,
    stdout: 'Password: ',
    stderr: 'Error: Empty password.\n',
  });
});

const WRONG = [
  [],
  ['-x'],
  ['-H'],
  ['-H', 'md5', 'FILE', 'u'],
  ['-I', '0', 'FILE', 'u'],
  ['-I'],
  ['-c', '-D', 'FILE', 'u'],
  ['-c', '-U', 'FILE'],
  ['-D', '-U', 'FILE'],
  ['-b', '-D', 'FILE', 'u'],
  ['-c', '-b', 'FILE', 'u'],
  ['-c', 'FILE'],
  ['-D', 'FILE'],
  ['-U'],
  ['-U', 'FILE', 'u'],
  ['FILE'],
  ['-b', 'FILE', 'u'],
  ['-b', 'FILE', 'u', 'p', 'more'],
  ['-b', 'MISSING', 'u', 'p'],
  ['-U', 'MISSING'],
  ['-c', '-b', 'MISSING/file', 'u', 'p'],
  ['-c', '-b', 'FOLDER', 'u', 'p'],
  ['-b', 'FOLDER', 'u', 'p'],
  ['-c', '-b', 'FILE', 'u:v', 'p'],
  ['-c', '-b', 'FILE', 'u\tv', 'p'],
  ['-D', 'FILE', 'nobody'],
  ['FILE', 'u'],
  ['-c', 'FILE', 'u'],
];

describe.skipIf(!isInstalled('mosquitto_passwd') && process.env.CI !== 'true')(
  'beside mosquitto_passwd',
  () => {
    test.each(WRONG.map((words) => [words]))('%j has the same end and the same words', async (words) => {
      const { path, write } = folder();
      const file = write('passwords', 'alice:x\n');
      const named = words.map((word) =>
        word.replace('FILE', file).replace('MISSING', `${path}/missing`).replace('FOLDER', path),
      );
      const expected = theirs(named);
      expect(expected.code).toBe(1);
      expect(await ours(named)).toEqual(expected);
    });

    test.each([
      ['a\na\n', 0],
      ['a\na', 0],
      ['a\nb\n', 2],
      ['\n', 1],
      ['a\n\n', 1],
      ['a\n', 1],
    ])('asked for a password, %j ends in %i with the same words', async (input, code) => {
      const { path } = folder();
      const expected = theirs(['-c', `${path}/theirs`, 'u'], input);
      expect(expected.code).toBe(code);
      expect(await ours(['-c', `${path}/ours`, 'u'], input)).toEqual(expected);
    });

    test.each(['sha512', 'sha512-pbkdf2'])(
      'what they write with %s we check, also after -U',
      async (kind) => {
        const { path, write } = folder();
        theirs(['-H', kind, '-c', '-b', `${path}/passwords`, 'u', 'wörter']);
        expect(await check(`${path}/passwords`, 'u', 'wörter')).toBe(true);
        const plain = write('plain', 'a:one\nb: two \n');
        expect((await ours(['-H', kind, '-U', plain])).code).toBe(0);
        expect(await check(plain, 'a', 'one')).toBe(true);
        expect(await check(plain, 'b', 'two')).toBe(true);
      },
    );

    test('what we write they go on with', async () => {
      const file = `${folder().path}/passwords`;
      await ours(['-c', '-b', file, 'u', 'one']);
      expect(theirs(['-b', file, 'v', 'two']).code).toBe(0);
      expect(await check(file, 'u', 'one')).toBe(true);
      expect(await check(file, 'v', 'two')).toBe(true);
    });
  },
);
