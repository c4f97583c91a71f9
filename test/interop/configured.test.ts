// The same files and the same clients for Mosquitto and for our broker: who gets in, and what he may do, is the same.
import { describe, expect, test } from 'vitest';
import { listen } from '#broker/node/index.ts';
import { certificates } from '../node/certificates.ts';
import { folder, isInstalled, runToEnd } from '../node/files.ts';
import { run } from '../process.ts';

const BROKERS = {
  mosquitto: { command: 'mosquitto', words: [], ready: 'running' },
  ours: { command: process.execPath, words: ['broker/node/broker.ts'], ready: 'istening on port' },
};

const PASSWORDS = `alice:$7$101$ubw9l4H+BWTnDpFH$q3ycYwBIDB3ESnDk3HsPPojPlhTaz7SRlzC98lP8xvRU/uraONKDCi6Zhl0yk+S7DIRWBJEAwnWg4wEVwh5cnA==
bob:$6$o2kbiLTrYS5H4Osi$4MUkBfllarpTnidwH84qTR1qHqU20agBjPbZ424rcFlfsJ3EkIR6h+P3a5mevIobJPwdMCcjr3gLdjyKoJxhiA==
`;

const ACL = `topic read pub/#
topic deny pub/secret
user alice
topic readwrite a/#
topic deny a/no/#
topic write w/+
pattern read p/%u/#
pattern deny p/%u/hidden
pattern readwrite c/%c/x
user bob
topic #
topic $SYS/#
`;

const ALICE = ['-u', 'alice', '-P', 'secret'];
const BOB = ['-u', 'bob', '-P', 'hunter'];
const TOPICS = [
  'a/1',
  'a/no/1',
  'w/1',
  'pub/1',
  'p/alice/1',
  'p/alice/hidden',
  'p/bob/1',
  'c/id/x',
  'c/1/x',
  '$x/y',
];

async function freePort(): Promise<number> {
  const listening = await listen({ port: 0 });
  await listening.close();
  return listening.port as number;
}

/** Starts a broker with a file in which `PORT` stands for a port. */
async function start(name: keyof typeof BROKERS, content: string): Promise<string> {
  const port = await freePort();
  const { command, words, ready } = BROKERS[name];
  const file = folder().write('mosquitto.conf', content.replace('PORT', `${port} 127.0.0.1`));
  const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  await run(command, [...words, '-c', file], { PATH: path }).says(ready);
  return String(port);
}

/** The exit code of mosquitto_pub. */
function publish(port: string, words: readonly string[]): number | null {
  return runToEnd('mosquitto_pub', ['-p', port, '-t', 'a/1', '-m', 'x', '-q', '1', ...words]).code;
}

// In CI the programs belong to the machine, and without them the tests fail.
const missing = ['mosquitto', 'mosquitto_pub', 'mosquitto_sub', 'openssl'].some(
  (program) => !isInstalled(program),
);
describe.skipIf(missing && process.env.CI !== 'true').each(['mosquitto', 'ours'] as const)('%s', (name) => {
  test.each([
    ['', [5, 5, 5, 5, 5, 5, 135, 135]],
    ['allow_anonymous true', [0, 0, 0, 0, 0, 0, 0, 0]],
    ['password_file FILE', [5, 0, 0, 5, 5, 5, 135, 135]],
    ['password_file FILE\nallow_anonymous true', [0, 0, 0, 5, 5, 5, 0, 135]],
  ])('with %j lets in whom it should', async (lines, codes) => {
    const file = folder().write('passwords', PASSWORDS);
    const port = await start(name, `listener PORT\n${lines.replace('FILE', file)}\n`);
    const callers = [
      [],
      ALICE,
      BOB,
      ['-u', 'alice', '-P', 'wrong'],
      ['-u', 'carol', '-P', 'secret'],
      ['-u', 'alice'],
      ['-V', '5'],
      ['-V', '5', '-u', 'bob', '-P', 'secret'],
    ];
    expect(callers.map((words) => publish(port, words))).toEqual(codes);
  });

  test('with a password file that our own command wrote lets in whom it should', async () => {
    const file = folder().write('passwords', '');
    const passwd = (...words: string[]) =>
      runToEnd(process.execPath, ['broker/node/passwd.ts', '-b', ...words]).code;
    expect(passwd(file, 'alice', 'secret')).toBe(0);
    expect(passwd('-H', 'sha512', file, 'bob', 'hunter')).toBe(0);
    const port = await start(name, `listener PORT\npassword_file ${file}\n`);
    const callers = [ALICE, BOB, ['-u', 'alice', '-P', 'hunter'], ['-u', 'bob', '-P', 'secret'], []];
    expect(callers.map((words) => publish(port, words))).toEqual([0, 0, 5, 5, 5]);
  });

  test('with an ACL file lets pass what it should', async () => {
    const { write } = folder();
    const files = `acl_file ${write('acl', ACL)}\npassword_file ${write('passwords', PASSWORDS)}\n`;
    const port = await start(name, `listener PORT\nallow_anonymous true\n${files}`);
    const said = (words: string[]) => {
      const asked = ['-p', port, '-V', '5', '-q', '1', '-d', '-m', 'x', '-i', 'id', ...words];
      return /PUBACK \(Mid: 1, RC:(\d+)\)/.exec(runToEnd('mosquitto_pub', asked).stdout)?.[1];
    };
    const [yes, no] = ['16', '135'];
    const answers = (who: string[]) => TOPICS.map((topic) => said([...who, '-t', topic]));
    expect(answers(ALICE)).toEqual([yes, no, yes, no, no, no, no, yes, no, no]);
    expect(answers(BOB)).toEqual([yes, yes, yes, yes, yes, yes, yes, yes, yes, no]);
    expect(answers([])).toEqual([no, no, no, no, no, no, no, yes, no, no]);

    const hear = (who: string[]) => {
      const words = ['-p', port, '-i', 'id', '-t', '#', '-t', 'end', '-F', '%t', '-W', '5', '-d', ...who];
      return run('stdbuf', ['-oL', 'mosquitto_sub', ...words]);
    };
    const heard = (said: string) => said.split('\n').filter((line) => TOPICS.includes(line));
    const listeners = [hear(ALICE), hear(['-i', 'other'])];
    for (const listener of listeners) await listener.says('SUBACK');
    const told = [
      'a/1',
      'a/no/1',
      'w/1',
      'pub/1',
      'pub/secret',
      'p/alice/1',
      'p/alice/hidden',
      'p/bob/1',
      'c/id/x',
    ];
    for (const topic of told) publish(port, [...BOB, '-t', topic]);
    await listeners[0]?.says('c/id/x\n');
    await listeners[1]?.says('pub/1\n');
    expect(listeners.map((listener) => heard(listener.said()))).toEqual([
      ['a/1', 'p/alice/1', 'c/id/x'],
      ['pub/1'],
    ]);
  });

  test('with TLS lets in those with the right certificate', async () => {
    const files = certificates();
    const { server, ca, crl } = files;
    const port = await start(
      name,
      `listener PORT\nallow_anonymous true\ncafile ${ca}\ncertfile ${server.cert}\nkeyfile ${server.key}\ncrlfile ${crl}
require_certificate true\nuse_identity_as_username true\nacl_file ${folder().write('acl', 'user test client\ntopic a/1')}\n`,
    );
    const secured = (...words: string[]) => publish(port, ['-h', 'localhost', '--cafile', ca, ...words]);
    const shown = ({ cert, key }: { cert: string; key: string }) => ['--cert', cert, '--key', key];
    expect(secured(...shown(files.client))).toBe(0);
    const others = [
      secured(),
      secured(...shown(files.stranger)),
      secured(...shown(files.revoked)),
      publish(port, []),
    ];
    expect(others).not.toContain(0);
    const answer = ['-V', '5', '-d', '-h', 'localhost', '--cafile', ca, ...shown(files.client)];
    const said = runToEnd('mosquitto_pub', ['-p', port, '-t', 'b', '-m', 'x', '-q', '1', ...answer]);
    expect(said.stdout).toContain('RC:135');
  });
});
