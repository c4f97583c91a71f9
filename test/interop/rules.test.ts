// ACL files and password files in odd forms, for Mosquitto and for our broker: who gets in, and what he may do, is the same.
import { describe, expect, test } from 'vitest';
import { type Connect, type Publish, utf8 } from '#broker/codec/index.ts';
import { formatHash, hashPassword } from '#broker/node/passwords.ts';
import { publish, subscribe } from '../conformance/packets.ts';
import { folder, isInstalled } from '../node/files.ts';
import { wire } from '../node/wire.ts';
import { mosquitto, ours, type Started } from './brokers.ts';

const ACLS = [
  '',
  '# a remark\n\n   \r\ntopic read a/b',
  'topic read a b  ',
  'topic read A/B\ntopic é/ü',
  'user al ice\ntopic x\nuser ünï\ntopic x',
  'user  alice  \ntopic x\nuser alice # not a remark\ntopic a/b',
  'user alice\nuser bob\ntopic x',
  'user alice\ntopic a/b\nuser bob\ntopic x\nuser alice\ntopic x',
  'user alice\r\ntopic read a/b\r\ntopic write x\r\n',
  'topic #',
  'topic $SYS/#\ntopic $x/y',
  'topic read #\ntopic deny a/b\ntopic read a/b',
  'topic deny a/#\ntopic a/b\ntopic a/+/c',
  'topic +/+\ntopic write a/b/',
  'topic read readwrite\ntopic deny\ntopic write',
  'topic read a/b\ntopic write a/b\ntopic a//b',
  'pattern read a/%c/%c\npattern write a/%u/%u',
  'pattern a/%c/%u/%c\npattern read a%u',
  'pattern readwrite %u\npattern $x/%c',
  'pattern deny a/b\npattern a/#',
  'pattern %c/#\npattern deny %c/x',
  'pattern deny %u/x\ntopic alice/x\nuser alice\ntopic alice/x',
  'user alice\ntopic deny #\npattern #',
  'topic x%c\nuser %u\ntopic x\nuser #\ntopic a/b',
  'pattern write $SYS/broker/connection/%c/state\ntopic read $share/g/a/b',
];

const WHO: readonly Partial<Connect>[] = [
  {},
  { username: 'alice' },
  { username: 'alice', clientId: 'x y' },
  { username: 'al ice' },
  { username: 'ünï' },
  { username: '+' },
  { username: '%u' },
  { username: '' },
  { clientId: 'c+' },
];

const TOPICS = [
  ...['a/b', 'a b', 'a', 'x', 'alice', 'alice/x', 'a/alice/alice', 'a/id/id', 'aalice', 'id', 'id/x', 'a/x'],
  ...['a//b', 'a/b/', 'a/b/c', 'readwrite', 'deny', 'write', '$x/y', '$x/id', 'A/B', 'é/ü', 'x%c'],
  ...['a/id/alice/id', '$SYS/broker/connection/id/state'],
];

/** What everybody may write and read behind each ACL file. */
async function rightsOf({ ports: [anywhere, ...ports] }: Started): Promise<string[]> {
  const all = TOPICS.map((topic, index) => publish(topic, 'x', { packetId: index + 1 }));
  const told = await wire(anywhere, { version: 5, clientId: 'tells' });
  const rights: string[] = [];
  for (const [index, port] of ports.entries())
    for (const who of WHO) {
      // One takes the place of another.
      const client = await wire(port, { version: 5, clientId: 'id', ...who });
      client.send(...all, subscribe(100, '#', '$x/#'));
      const answers = (await client.come()).filter((packet) => packet.type === 'puback');
      const written = answers.filter(({ reasonCode }) => reasonCode < 0x80).map(({ packetId }) => packetId);
      told.send(...all);
      await told.come();
      const heard = (await client.come()).filter((packet): packet is Publish => packet.type === 'publish');
      const names = written.map((packetId) => TOPICS[packetId - 1]);
      rights.push(
        `${ACLS[index]} ${JSON.stringify(who)} writes ${names} reads ${heard.map(({ topic }) => topic)}`,
      );
    }
  return rights;
}

/** Password files, in which `A` and `B` stand for hashes of these words, and `E` for that of an empty one. */
const PASSWORDS = [
  'alice:A\r\n',
  '# alice:A\nbob:B\n\n   \n # x:A',
  '  alice  :  A  \nal ice:A\n',
  'alice:A\nalice:B',
  'alice:B\nalice:A\nalice\nalice:broken',
  'alice:A:more\nbob:B more',
  '\talice:A\nbob\t:\tB',
  'alice:E\nünï:A',
  'alice\nbob:\nünï:$',
  'alice:plain\nbob:$5$a$b\nünï:7$101$SALT$DIGEST',
  'alice:$7\nbob:$7$\nünï:$7$0$SALT$DIGEST',
  'alice:$7$101$SALT\nbob:$7$101$SALT$\nünï:$7$-5$SALT$DIGEST',
  'alice:$7$101$!!$DIGEST\nbob:$7$101$SALT$!!\nünï:$7$101$AAAA$DIGEST',
  'alice:$7$101$SALT$DIGEST$more\nbob:$6$SALT\nünï:$7$101$SALT$AAAA',
  '::\n:A\n :B\n#:A',
];

const CALLERS: readonly (readonly [username: string | undefined, password: string | undefined])[] = [
  [undefined, undefined],
  ['', undefined],
  ['', 'A'],
  ['alice', 'A'],
  ['alice', 'B'],
  ['alice', ''],
  ['alice', undefined],
  ['alice', 'broken'],
  ['bob', 'B'],
  ['al ice', 'A'],
  ['ünï', 'A'],
  [' alice', 'A'],
  ['#', 'A'],
  ['# x', 'A'],
];

async function welcomesOf({ ports }: Started): Promise<string[]> {
  const welcomes: string[] = [];
  for (const [index, port] of ports.entries())
    for (const [username, word] of CALLERS) {
      const password = word === undefined ? undefined : utf8(word);
      const { connack } = await wire(port, { version: 5, clientId: 'id', username, password });
      const file = PASSWORDS[index];
      welcomes.push(`${file} ${username} ${word} ${connack.reasonCode}`);
    }
  return welcomes;
}

// In CI the programs belong to the machine, and without them the tests fail.
describe.skipIf(!isInstalled('mosquitto') && process.env.CI !== 'true')('beside Mosquitto', () => {
  test('an ACL file gives the same rights', async () => {
    const { write } = folder();
    const listeners = ACLS.map(
      (acl, index) => `listener 1\nallow_anonymous true\nacl_file ${write(`acl ${index}`, acl)}\n`,
    );
    const content = `per_listener_settings true\nset_tcp_nodelay true\nlistener 1\nallow_anonymous true\n${listeners.join('')}`;
    const [we, they] = [await ours(content), await mosquitto(content)];
    expect(await rightsOf(we)).toEqual(await rightsOf(they));
    const warnings = ({ said }: Started) => said().filter((line) => line.startsWith('Warning: ACL'));
    expect(warnings(we).toSorted()).toEqual(warnings(they).toSorted());
    expect(warnings(we)).not.toEqual([]);
  });

  test('a password file lets in the same clients, and is found fault with in the same words', async () => {
    const { write } = folder();
    const hashOf = async (word: string) => formatHash(await hashPassword(word, 'sha512-pbkdf2', 101));
    const hashes: Record<string, string> = {
      A: await hashOf('A'),
      B: await hashOf('B'),
      E: await hashOf(''),
    };
    const [, , , salt = '', digest = ''] = (hashes['A'] as string).split('$');
    const listeners = PASSWORDS.map((text, index) => {
      const named = text.replaceAll('SALT', salt).replaceAll('DIGEST', digest);
      const content = named.replace(/(?<=:\s*)[ABE](?=\W|$)/g, (name) => hashes[name] as string);
      return `listener 1\nallow_anonymous ${index === 0}\npassword_file ${write(`passwords ${index}`, content)}\n`;
    });
    const content = `per_listener_settings true\nset_tcp_nodelay true\n${listeners.join('')}`;
    const [we, they] = [await ours(content), await mosquitto(content)];
    expect(await welcomesOf(we)).toEqual(await welcomesOf(they));
    const faults = ({ said }: Started) => said().filter((line) => line.endsWith('removing entry.'));
    expect(faults(we).toSorted()).toEqual(faults(they).toSorted());
    expect(faults(we)).toHaveLength(17);
  });
});
