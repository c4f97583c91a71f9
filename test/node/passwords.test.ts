// Password files: what is read, what is written, and how passwords are checked.
import { createHash, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { formatHash, hashPassword, Passwords, parsePasswords } from '#broker/node/passwords.ts';

/** Written by mosquitto_passwd 2.0.11: alice has the password `secret`, bob `hunter`. */
const FILE = `alice:$7$101$ubw9l4H+BWTnDpFH$q3ycYwBIDB3ESnDk3HsPPojPlhTaz7SRlzC98lP8xvRU/uraONKDCi6Zhl0yk+S7DIRWBJEAwnWg4wEVwh5cnA==
bob:$6$o2kbiLTrYS5H4Osi$4MUkBfllarpTnidwH84qTR1qHqU20agBjPbZ424rcFlfsJ3EkIR6h+P3a5mevIobJPwdMCcjr3gLdjyKoJxhiA==
`;
const HASH = FILE.slice('alice:'.length, FILE.indexOf('\n'));

function parse(text: string) {
  const complaints: string[] = [];
  return { hashes: parsePasswords(text, (line) => complaints.push(line)), complaints };
}

function check(
  passwords: Passwords,
  username: string,
  password: string | undefined,
): Promise<boolean | 'busy'> {
  const bytes = password === undefined ? undefined : new TextEncoder().encode(password);
  return new Promise((resolve) => passwords.check(username, bytes, resolve));
}

describe('a password', () => {
  const passwords = new Passwords(parse(FILE).hashes);

  test.each([
    ['alice', 'secret', true],
    ['alice', 'Secret', false],
    ['alice', '', false],
    ['alice', undefined, false],
    ['bob', 'hunter', true],
    ['bob', 'secret', false],
    ['carol', 'secret', false],
    ['', '', false],
  ])('of %j is %j: %s', async (username, password, isRight) => {
    expect(await check(passwords, username, password)).toBe(isRight);
  });

  test.each(['sha512', 'sha512-pbkdf2'] as const)(
    'hashed anew by %s is known again, and has a salt of its own',
    async (kind) => {
      const one = formatHash(await hashPassword('grüße', kind));
      const other = formatHash(await hashPassword('grüße', kind));
      expect(one).not.toBe(other);
      const { hashes, complaints } = parse(`u:${one}\nv:${other}`);
      expect(complaints).toEqual([]);
      expect(await check(new Passwords(hashes), 'u', 'grüße')).toBe(true);
      expect(await check(new Passwords(hashes), 'v', 'grüße')).toBe(true);
      expect(await check(new Passwords(hashes), 'v', 'gruesse')).toBe(false);
    },
  );

  test('is hashed as mosquitto_passwd hashes it', async () => {
    const slow = await hashPassword('p', 'sha512-pbkdf2', 7);
    expect(slow.digest).toEqual(pbkdf2Sync('p', slow.salt, 7, 64, 'sha512'));
    expect(formatHash(slow)).toBe(`$7$7$${slow.salt.toString('base64')}$${slow.digest.toString('base64')}`);
    const fast = await hashPassword('p', 'sha512');
    expect(fast.digest).toEqual(createHash('sha512').update('p').update(fast.salt).digest());
  });

  test('that is empty is right for nobody, not even where that is what was hashed', async () => {
    const hashes = new Map([['nobody', await hashPassword('', 'sha512')]]);
    expect(await check(new Passwords(hashes), 'nobody', '')).toBe(false);
    expect(await check(new Passwords(hashes), 'nobody', undefined)).toBe(false);
  });

  test('is not waited for: the answer comes after the question was put', async () => {
    let answer: boolean | 'busy' | undefined;
    passwords.check('bob', new TextEncoder().encode('hunter'), (given) => (answer = given));
    expect(answer).toBeUndefined();
    await expect.poll(() => answer).toBe(true);
  });

  test('is not checked where too many wait, and those who wait are answered', async () => {
    const checks = Array.from({ length: 1100 }, () => check(passwords, 'alice', 'secret'));
    const answers = await Promise.all(checks);
    expect(answers.filter((answer) => answer === true)).toHaveLength(1002);
    expect(answers.filter((answer) => answer === 'busy')).toHaveLength(98);
  });
});

describe('a password file', () => {
  test('may have remarks, blank lines, and blanks around names; the last line for a name holds', () => {
    const { hashes, complaints } = parse(
      `# nobody:x\n\r\n x :${HASH} \r\n:${HASH}\nalone\nx:$6$${'A'.repeat(16)}$${'A'.repeat(86)}==\n`,
    );
    expect([...hashes.keys()]).toEqual(['x']);
    expect(hashes.get('x')?.kind).toBe('sha512');
    expect(complaints).toEqual(['Error: There is no user name before the colon.']);
  });

  test.each([
    ['plain', 'Error: Invalid password hash type for user u, removing entry.'],
    ['$5$x$y', 'Error: Invalid password hash type for user u, removing entry.'],
    ['', 'Error: Invalid password hash for user u, removing entry.'],
    ['$7$0$x$y', 'Error: Invalid hash iterations for user u, removing entry.'],
    ['$7$x', 'Error: Invalid hash iterations for user u, removing entry.'],
    ['$6$abc', 'Error: Unable to decode password salt for user u, removing entry.'],
    ['$6$@@@@$!!!!', 'Error: Unable to decode password salt for user u, removing entry.'],
    [`$6$${'A'.repeat(16)}$short`, 'Error: Unable to decode password for user u, removing entry.'],
  ])('with %j for a hash leaves that user out', (hash, complaint) => {
    const { hashes, complaints } = parse(`u:${hash}\nv:${HASH}`);
    expect([...hashes.keys()]).toEqual(['v']);
    expect(complaints).toEqual([complaint]);
  });

  test('is compared with a later one by its users', () => {
    const before = new Passwords(parse(FILE).hashes);
    const after = new Passwords(parse(`bob:${HASH}\ncarol:${HASH}\n${FILE.split('\n')[0]}`).hashes);
    expect(before.changed(after)).toEqual(['bob']);
    expect(before.changed(before)).toEqual([]);
    expect(before.changed(undefined)).toEqual(['alice', 'bob']);
  });
});
