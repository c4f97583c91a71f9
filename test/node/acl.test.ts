// Lists of who may read and write what, and what is said of those that cannot be used.
import { describe, expect, test } from 'vitest';
import { AccessList, AclError } from '#broker/node/acl.ts';

const ALICE = { clientId: 'one', username: 'alice' };
const BOB = { clientId: 'two', username: 'bob' };
const NOBODY = { clientId: 'three', username: undefined };

function list(text: string): AccessList {
  return new AccessList(text, 'acl');
}

describe('an access list', () => {
  test('gives nothing that it does not name', () => {
    const empty = list('');
    expect([empty.mayRead(ALICE, 'a'), empty.mayWrite(ALICE, 'a'), empty.mayReadSome(ALICE, '#')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test.each([
    ['topic read a', true, false],
    ['topic write a', false, true],
    ['topic readwrite a', true, true],
    ['topic a', true, true],
    ['topic deny a', false, false],
    ['  topic   read   a  \r', true, false],
  ])('says with %j what a client may', (line, read, write) => {
    const rights = list(line);
    expect([rights.mayRead(NOBODY, 'a'), rights.mayWrite(NOBODY, 'a')]).toEqual([read, write]);
    expect([rights.mayRead(NOBODY, 'b'), rights.mayWrite(NOBODY, 'b')]).toEqual([false, false]);
  });

  test('is for clients without a name up to the first user, and then for each user, wherever he is named', () => {
    const rights = list(
      'topic read open\nuser alice\ntopic read hers\nuser bob\ntopic read his\nuser alice\ntopic read more',
    );
    const read = (reader: typeof NOBODY | typeof ALICE) =>
      ['open', 'hers', 'his', 'more'].filter((topic) => rights.mayRead(reader, topic));
    expect([read(NOBODY), read(ALICE), read(BOB)]).toEqual([['open'], ['hers', 'more'], ['his']]);
  });

  test('denies before it gives, in whatever order it is written', () => {
    for (const text of ['topic a/#\ntopic deny a/b', 'topic deny a/b\ntopic a/#']) {
      expect(list(text).mayRead(NOBODY, 'a/b')).toBe(false);
      expect(list(text).mayRead(NOBODY, 'a/c')).toBe(true);
    }
  });

  test('puts the names of the client into patterns, which are for everybody', () => {
    const rights = list(
      'user alice\ntopic own\npattern read for/%u/#\npattern write from/%c\npattern deny for/%u/not',
    );
    expect(rights.mayRead(ALICE, 'for/alice/1')).toBe(true);
    expect(rights.mayRead(BOB, 'for/alice/1')).toBe(false);
    expect(rights.mayRead(BOB, 'for/bob/not')).toBe(false);
    expect(rights.mayWrite(NOBODY, 'from/three')).toBe(true);
    expect(rights.mayRead(NOBODY, 'for/%u/1')).toBe(false);
  });

  test('asks what a user is given before it asks the patterns', () => {
    const rights = list('user alice\ntopic deny a\npattern readwrite +\npattern deny b\nuser bob\ntopic b');
    expect(rights.mayRead(ALICE, 'a')).toBe(false);
    expect(rights.mayRead(BOB, 'a')).toBe(true);
    expect(rights.mayRead(BOB, 'b')).toBe(true);
    expect(rights.mayRead(ALICE, 'b')).toBe(false);
  });

  test.each(['+', '#', 'a+b'])('fits no pattern to a client who calls himself %s', (name) => {
    const rights = list('pattern readwrite p/%u/%c');
    expect(rights.mayRead({ clientId: 'x', username: name }, `p/${name}/x`)).toBe(false);
    expect(rights.mayRead({ clientId: name, username: 'x' }, `p/x/${name}`)).toBe(false);
  });

  test('gives no wildcard what begins with a dollar sign [MQTT-4.7.2-1]', () => {
    const rights = list('topic #\ntopic read $SYS/#');
    expect(rights.mayRead(NOBODY, '$SYS/broker/uptime')).toBe(true);
    expect(rights.mayWrite(NOBODY, '$other')).toBe(false);
  });

  test('passes over remarks, blank lines and blanks at the ends of lines', () => {
    expect(list('# topic a\n\n  \ntopic read b c  ').mayRead(NOBODY, 'b c')).toBe(true);
  });

  test.each([
    ['topic', 'Error: Empty topic in acl_file "acl".'],
    ['\npattern ', 'Error: Empty topic in acl_file "acl".'],
    ['topic some a', 'Error: Invalid topic access type "some" in acl_file "acl".'],
    ['user', 'Error: Missing username in acl_file "acl".'],
    ['users alice', 'Error: Invalid line in acl_file "acl": users.'],
    ['topic a#', 'Error: Invalid ACL topic "a#" in acl_file "acl".'],
    ['topic read #/a', 'Error: Invalid ACL topic "#/a" in acl_file "acl".'],
    ['topic a+/b', 'Error: Invalid ACL topic "a+/b" in acl_file "acl".'],
  ])('cannot be made of %j', (text, message) => {
    expect(() => list(text)).toThrow(new AclError(message, text.split('\n').length));
  });
});

describe('a filter of which something may be read', () => {
  const rights = list(
    'topic read a/+/c\ntopic read d/#\ntopic write e\ntopic deny f/#\ntopic read f/1\ntopic read +/z\ntopic deny d/x/+',
  );

  test.each(['a/b/c', 'a/#', '+/b/c', '#', 'd', 'd/1/2', '+/+/+', 'd/+', '+/z', 'q/z', 'd/x/y/z'])(
    'is %s',
    (topicFilter) => {
      expect(rights.mayReadSome(NOBODY, topicFilter)).toBe(true);
    },
  );

  test.each(['a/b', 'a/b/d', 'b/b/c', 'e', 'f/1', 'f/#', 'a', '$SYS/#', '$SYS/z', 'd/x/y', 'd/x/+'])(
    'is not %s',
    (topicFilter) => {
      expect(rights.mayReadSome(NOBODY, topicFilter)).toBe(false);
    },
  );
});
