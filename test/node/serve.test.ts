// A broker as a configuration file wants it: who gets in where, what he may do there, and what changes while it runs.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { decode, encode, type Publish, REASON, utf8 } from '#broker/codec/index.ts';
import { configure } from '#broker/node/config/configuration.ts';
import { ConfigurationError, read } from '#broker/node/config/read.ts';
import { formatHash, hashPassword } from '#broker/node/passwords.ts';
import { RulesError } from '#broker/node/rules.ts';
import { serve } from '#broker/node/serve.ts';
import { certificates, contents } from './certificates.ts';
import { folder, isInstalled } from './files.ts';
import { served } from './served.ts';

const LISTENER = 'listener 1883\n';
const V5 = { version: 5 } as const;

/** A password file for users whose passwords are their names. */
async function passwordFile(...users: string[]): Promise<string> {
  const lines = users.map(async (user) => `${user}:${formatHash(await hashPassword(user, 'sha512', 1))}\n`);
  return folder().write('passwords', (await Promise.all(lines)).join(''));
}

function as(username: string, password = username) {
  return { ...V5, username, password: utf8(password) };
}

function texts(messages: readonly Publish[]): string[] {
  return messages.map(({ topic, payload }) => `${topic} ${new TextDecoder().decode(payload)}`);
}

function message(topic: string, text = 'x', more: { qos?: 0 | 1 | 2; retain?: boolean } = {}) {
  return { topic, payload: utf8(text), qos: 1 as const, ...more };
}

describe('without a password file', () => {
  test('a listener lets in nobody, unless it lets in everybody', async () => {
    const closed = await served(LISTENER);
    expect(await closed.answer(V5)).toBe(REASON.NotAuthorized);
    expect(await closed.answer()).toBe(5);
    expect(await closed.answer(as('alice'))).toBe(REASON.NotAuthorized);
    const open = await served(`${LISTENER}allow_anonymous true`);
    expect(await open.answer(V5)).toBe(0);
    expect(await open.answer(as('alice'))).toBe(0);
  });

  test('this machine’s own clients come in', async () => {
    expect(await (await served('')).answer()).toBe(0);
  });
});

describe('with a password file', () => {
  test('only those come in who know their password, and nobody is told whether it was the name or the word', async () => {
    const { answer } = await served(`${LISTENER}password_file ${await passwordFile('alice')}`);
    expect(await answer(as('alice'))).toBe(0);
    const refused = [as('alice', 'wrong'), as('bob'), { ...V5, username: 'alice' }, V5];
    for (const who of refused) expect(await answer(who)).toBe(REASON.NotAuthorized);
  });

  test('anonymous clients come in as well if they may, and users still need their password', async () => {
    const { answer } = await served(
      `${LISTENER}allow_anonymous true\npassword_file ${await passwordFile('alice')}`,
    );
    expect(await answer(V5)).toBe(0);
    expect(await answer(as('alice', 'wrong'))).toBe(REASON.NotAuthorized);
  });

  test('each listener may have its own', async () => {
    const [one, two] = [await passwordFile('alice'), await passwordFile('bob')];
    const { answer } = await served(
      `per_listener_settings true\nlistener 1883\npassword_file ${one}\nlistener 1884\npassword_file ${two}`,
    );
    expect(await answer(as('alice'))).toBe(0);
    expect(await answer({ ...as('alice'), listener: 1 })).toBe(REASON.NotAuthorized);
    expect(await answer({ ...as('bob'), listener: 1 })).toBe(0);
  });

  test('users whom it cannot know are named, and left out', async () => {
    const file = folder().write('passwords', 'alice:plain\n');
    const { answer, notes } = await served(`${LISTENER}password_file ${file}`);
    expect(notes).toEqual([
      'Error: Invalid password hash type for user alice, removing entry.',
      `Error found at ${file}:1.`,
    ]);
    expect(await answer(as('alice', 'plain'))).toBe(REASON.NotAuthorized);
  });
});

test('files that are not there keep the broker from starting', async () => {
  const start = (line: string) => {
    const file = folder().write('mosquitto.conf', `listener 1883 127.0.0.1\n${line}`);
    return serve(configure(read(file)), { note: () => {} });
  };
  await expect(start('password_file /none')).rejects.toEqual(
    new RulesError(['Error: Unable to open pwfile "/none".', 'Error opening password file "/none".']),
  );
  await expect(start('acl_file /none')).rejects.toEqual(
    new RulesError(['Error: Unable to open acl_file "/none".', 'Error opening acl file "/none".']),
  );
  const acl = folder().write('acl', '\ntopic');
  await expect(start(`acl_file ${acl}`)).rejects.toEqual(
    new RulesError(
      [
        `Error: Empty topic in acl_file "${acl}".`,
        `Error found at ${acl}:2.`,
        `Error opening acl file "${acl}".`,
      ],
      true,
    ),
  );
});

describe('with an ACL file', () => {
  const rules =
    'topic read open/#\nuser alice\ntopic readwrite a/#\ntopic deny a/secret\npattern readwrite for/%u\n';
  const lines = (acl: string) => `${LISTENER}allow_anonymous true\nacl_file ${folder().write('acl', acl)}\n`;

  test('what may not be published is refused, and goes nowhere', async () => {
    const { client } = await served(lines(rules));
    const alice = await client(as('alice'));
    const answers = [];
    for (const topic of ['a/1', 'a/secret', 'open/1', 'for/alice', 'for/bob', '$SYS/a', '$share/g/a'])
      answers.push(await alice.publish(message(topic)));
    const { NotAuthorized: no, NoMatchingSubscribers: yes } = REASON;
    expect(answers).toEqual([yes, no, no, yes, no, no, no]);
  });

  test('a SUBSCRIBE is granted, and what may not be read does not come', async () => {
    const { client } = await served(lines(`${rules}user admin\ntopic #\n`));
    const got: Publish[] = [];
    const alice = await client({ ...as('alice'), receive: (each) => got.push(each) });
    expect((await alice.subscribe({ topicFilter: '#', qos: 1 })).reasonCodes).toEqual([1]);
    const admin = await client(as('admin'));
    for (const topic of ['open/1', 'a/secret', 'for/bob', 'for/alice', 'a/last'])
      await admin.publish(message(topic, 'x', { retain: true }));
    await expect.poll(() => texts(got)).toEqual(['for/alice x', 'a/last x']);
    got.length = 0;
    await alice.subscribe({ topicFilter: 'a/+', qos: 1 });
    await expect.poll(() => texts(got)).toEqual(['a/last x']);
  });

  test('a SUBSCRIBE that can bring nothing is refused where that is wanted', async () => {
    const { client } = await served(`${lines(rules)}glass_refuse_subscribe true`);
    const alice = await client(as('alice'));
    const wanted = ['a/#', '#', 'open/#', '$share/g/open/1', '$share/g/a/1'];
    const { reasonCodes } = await alice.subscribe(
      ...wanted.map((topicFilter) => ({ topicFilter, qos: 0 as const })),
    );
    expect(reasonCodes).toEqual([0, 0, REASON.NotAuthorized, REASON.NotAuthorized, 0]);
  });

  test('a will that may not be published is not', async () => {
    const { client } = await served(lines(`${rules}user admin\ntopic #\n`));
    const got: Publish[] = [];
    const admin = await client({ ...as('admin'), receive: (each) => got.push(each) });
    await admin.subscribe({ topicFilter: '#', qos: 0 });
    for (const topic of ['open/gone', 'a/gone', 'a/not gone yet']) {
      const will = { topic, payload: utf8('x'), qos: 0 as const, retain: false };
      await client({ ...as('alice'), clientId: 'next takes over', will });
    }
    await expect.poll(() => texts(got)).toEqual(['a/gone x']);
  });

  test('a retained message stays away once its publisher may not publish there any more', async () => {
    const before = lines('user alice\ntopic a\nuser bob\ntopic read a\n');
    const { client, reload } = await served(before);
    await (await client(as('alice'))).publish(message('a', 'x', { retain: true }));
    const got: Publish[] = [];
    const bob = await client({ ...as('bob'), receive: (each) => got.push(each) });
    const ask = async () => {
      got.length = 0;
      await bob.subscribe({ topicFilter: 'a', qos: 1 });
      await bob.unsubscribe('a');
      return texts(got);
    };
    expect(await ask()).toEqual(['a x']);
    reload(lines('user bob\ntopic read a\n'));
    expect(await ask()).toEqual([]);
    reload(`${lines('user bob\ntopic read a\n')}check_retain_source false`);
    expect(await ask()).toEqual(['a x']);
  });
});

test('what waits for a client stays away once the client may not read it any more', async () => {
  const lines = (acl: string) => `${LISTENER}allow_anonymous true\nacl_file ${folder().write('acl', acl)}\n`;
  const { client, reload } = await served(lines('topic #'));
  const session = { ...V5, clientId: 'away', cleanStart: false, properties: { sessionExpiryInterval: 60 } };
  const away = await client(session);
  await away.subscribe({ topicFilter: '#', qos: 1 });
  await away.disconnect();
  const other = await client(V5);
  for (const topic of ['a', 'b', 'c']) await other.publish(message(topic));
  reload(lines('topic a\ntopic c\n'));
  const got: Publish[] = [];
  await client({ ...session, receive: (each) => got.push(each) });
  await expect.poll(() => texts(got)).toEqual(['a x', 'c x']);
});

test('client identifiers have to begin as they are told to', async () => {
  const { answer } = await served(`${LISTENER}allow_anonymous true\nclientid_prefixes me-`);
  expect(await answer({ ...V5, clientId: 'me-1' })).toBe(0);
  expect(await answer({ ...V5, clientId: 'you-1' })).toBe(REASON.NotAuthorized);
  expect(await answer(V5)).toBe(REASON.NotAuthorized);
  const { answer: another } = await served(
    `${LISTENER}allow_anonymous true\nclientid_prefixes me-\nauto_id_prefix me-`,
  );
  expect(await another(V5)).toBe(0);
});

test('a user name serves as client identifier where that is wanted', async () => {
  const { answer, client, serving } = await served(
    `${LISTENER}allow_anonymous true\nuse_username_as_clientid true`,
  );
  expect(await answer({ ...V5, clientId: 'x' })).toBe(REASON.NotAuthorized);
  await client({ ...as('alice'), clientId: 'x' });
  expect(serving.broker.snapshot().sessions.map(({ clientId }) => clientId)).toEqual(['alice']);
});

test('identifiers that the broker gives begin as they are told to, and may not be asked for', async () => {
  const { client } = await served(`${LISTENER}allow_anonymous true\nauto_id_prefix here-`);
  const { connack } = await client({ ...V5, clientId: '' });
  expect(connack.properties?.assignedClientIdentifier).toMatch(/^here-[0-9A-F-]{36}$/);
  const { answer } = await served(`${LISTENER}allow_anonymous true\nallow_zero_length_clientid false`);
  expect(await answer({ ...V5, clientId: '' })).toBe(REASON.ClientIdentifierNotValid);
});

test('a listener speaks the versions that it is told to', async () => {
  const { answer } = await served(`${LISTENER}allow_anonymous true\naccept_protocol_versions 4`);
  expect(await answer({ version: 4 })).toBe(0);
  expect(await answer(V5)).toBe(REASON.UnsupportedProtocolVersion);
  expect(await answer({ version: 3, clientId: 'a' })).toBe(1);
});

test('a listener tells 5.0 clients its limits', async () => {
  const { client } = await served(
    `allow_anonymous true\nglass_receive_maximum 3\nglass_server_keep_alive 17\nmax_packet_size 200\nretain_available false
listener 1883\nmax_qos 1\nmax_topic_alias 2\nlistener 1884`,
  );
  const [first, second] = [await client(V5), await client({ ...V5, listener: 1 })];
  const common = { receiveMaximum: 3, serverKeepAlive: 17, maximumPacketSize: 200, retainAvailable: 0 };
  expect(first.connack.properties).toMatchObject({ ...common, maximumQoS: 1, topicAliasMaximum: 2 });
  expect(second.connack.properties).toMatchObject({ ...common, topicAliasMaximum: 10 });
  expect(second.connack.properties?.maximumQoS).toBeUndefined();
});

test('clients behind a mount point have topics of their own, wherever topics are named', async () => {
  const { client } = await served('allow_anonymous true\nlistener 1883\nlistener 1884\nmount_point flat/\n');
  const [outside, inside]: [Publish[], Publish[]] = [[], []];
  const outer = await client({ ...V5, receive: (each) => outside.push(each) });
  await outer.subscribe({ topicFilter: '#', qos: 1 });
  const will = { topic: 'gone', payload: utf8('w'), qos: 1 as const, retain: false };
  const inner = await client({
    ...V5,
    clientId: 'inner',
    listener: 1,
    will,
    receive: (each) => inside.push(each),
    properties: { topicAliasMaximum: 5 },
  });
  await inner.subscribe({ topicFilter: 'hall/+', qos: 1 }, { topicFilter: '$share/g/room', qos: 1 });
  await outer.publish(message('hall/1', 'not for them'));
  await outer.publish(message('flat/hall/1', 'one'));
  await outer.publish(message('flat/hall/1', 'two'));
  await outer.publish(message('flat/room', 'three'));
  await inner.publish(message('hall/2', 'four'));
  expect((await inner.unsubscribe('hall/+', 'flat/hall/+')).reasonCodes).toEqual([
    0,
    REASON.NoSubscriptionExisted,
  ]);
  await inner.publish(message('hall/3', 'five'));
  expect(texts(inside)).toEqual(['hall/1 one', 'hall/1 two', 'room three', 'hall/2 four']);
  expect(inside.map(({ properties }) => properties?.topicAlias)).toEqual([1, 1, 2, 3]);
  await client({ ...V5, clientId: 'inner' });
  await inner.closed;
  await expect
    .poll(() => texts(outside))
    .toEqual([
      'hall/1 not for them',
      'flat/hall/1 one',
      'flat/hall/1 two',
      'flat/room three',
      'flat/hall/2 four',
      'flat/hall/3 five',
      'flat/gone w',
    ]);
});

test('a listener has room for as many connections as it is told, and so has the broker', async () => {
  const { client, notes, ports } = await served(
    'allow_anonymous true\nglobal_max_connections 2\nlistener 1883\nmax_connections 1\nlistener 1884',
  );
  const denied = expect.stringMatching(
    /^Client connection from 127\.0\.0\.1:\d+ denied: max_connections exceeded\.$/,
  );
  const first = await client();
  await expectEnd(ports[0]);
  expect(notes).toEqual([denied]);
  await client({ listener: 1 });
  await expectEnd(ports[1]);
  expect(notes).toEqual([denied, denied]);
  await first.disconnect();
  await client();
});

test('a socket of Unix’s is a listener like any other, and gives way to the next broker', async () => {
  const path = `${folder().path}/socket`;
  const content = `listener 0 ${path}\nallow_anonymous true`;
  await (await served(content)).serving.close();
  const { trace } = await served(content);
  const socket = connectTcp(path);
  socket.write(encode({ type: 'connect', version: 4, cleanStart: true, keepAlive: 0, clientId: 'near' }, 4));
  const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  expect(decode(answer, 4)).toMatchObject({ type: 'connack', reasonCode: 0 });
  socket.destroy();
  expect(trace[0]).toMatchObject({ kind: 'opened', peer: 'local:1' });
});

describe('pages', () => {
  const opens = async (port: number | undefined, origin: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, 'mqtt', { origin });
    return new Promise<boolean>((resolve) => {
      socket.once('open', () => {
        socket.terminate();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  };
  const websockets = `${LISTENER}protocol websockets\n`;

  test('of this machine may connect where everybody may, and others where they need a password', async () => {
    const open = await served(`${websockets}allow_anonymous true`);
    expect(await opens(open.ports[0], 'http://localhost:4321')).toBe(true);
    expect(await opens(open.ports[0], 'http://127.0.0.1:4321')).toBe(true);
    expect(await opens(open.ports[0], 'https://example.org')).toBe(false);
    expect(open.notes).toEqual([
      expect.stringMatching(
        /^Client connection from .* denied: pages of https:\/\/example\.org may not connect\.$/,
      ),
    ]);
    const closed = await served(websockets);
    expect(await opens(closed.ports[0], 'https://example.org')).toBe(true);
  });

  test('of the sites that are named may connect, and no others', async () => {
    const { ports } = await served(
      `${websockets}websockets_origin https://a.org\nwebsockets_origin https://b.org`,
    );
    expect(await opens(ports[0], 'https://a.org')).toBe(true);
    expect(await opens(ports[0], 'https://b.org')).toBe(true);
    expect(await opens(ports[0], 'http://localhost:4321')).toBe(false);
  });

  test('programs need come from no page', async () => {
    const { answer } = await served(`${websockets}allow_anonymous true\nwebsockets_origin https://a.org`);
    expect(await answer({ scheme: 'ws' })).toBe(0);
  });
});

test('the broker tells of itself as often as it is told, and changes that when the configuration is read again', async () => {
  const { client, serving, reload } = await served(`${LISTENER}allow_anonymous true\nsys_interval 60`);
  const told = (name: string) => serving.broker.retained.get(`$SYS/broker/${name}`)?.payload;
  expect(told('version')).toEqual(utf8(`Glass Broker version ${packageVersion()}`));
  expect(told('clients/connected')).toEqual(utf8('0'));
  await client();
  reload(`${LISTENER}allow_anonymous true\nsys_interval 30`);
  expect(told('clients/connected')).toEqual(utf8('1'));
});

describe('when the configuration is read again', () => {
  test('those are sent away who may not come in any more, and only those', async () => {
    const before = await passwordFile('alice', 'bob', 'carol');
    const { client, reload, answer } = await served(
      `${LISTENER}allow_anonymous true\npassword_file ${before}`,
    );
    const [alice, bob, carol] = [
      await client(as('alice')),
      await client(as('bob')),
      await client(as('carol')),
    ];
    const nobody = await client(V5);
    const [keep] = (await import('node:fs')).readFileSync(before, 'utf8').split('\n');
    const changed = (await import('node:fs')).readFileSync(await passwordFile('carol'), 'utf8');
    reload(`${LISTENER}password_file ${folder().write('passwords', `${keep}\n${changed}`)}`);
    for (const gone of [bob, carol, nobody])
      expect(await gone.closed).toContain(`reason code ${REASON.NotAuthorized}`);
    expect(await alice.publish(message('a'))).toBe(REASON.NoMatchingSubscribers);
    expect(await answer(V5)).toBe(REASON.NotAuthorized);
    expect(await answer(as('carol'))).toBe(0);
  });

  test('settings hold for those who come then', async () => {
    const { client, reload } = await served(`${LISTENER}allow_anonymous true`);
    reload(`${LISTENER}allow_anonymous true\nglass_receive_maximum 9\nauto_id_prefix new-\nmax_qos 0`);
    const { properties } = (await client({ ...V5, clientId: '' })).connack;
    expect(properties).toMatchObject({
      receiveMaximum: 9,
      assignedClientIdentifier: expect.stringMatching(/^new-/),
    });
    expect(properties?.maximumQoS).toBeUndefined(); // is a listener's, which stays
  });

  test('listeners stay as they are, and files that are wrong change nothing', async () => {
    const { reload, answer } = await served(`${LISTENER}allow_anonymous true`);
    const fixed =
      'Error: It is not currently possible to add/remove listeners when reloading the config file.';
    expect(() => reload('listener 1884')).toThrow(new ConfigurationError([fixed]));
    expect(() => reload(`${LISTENER}listener 1884`)).toThrow(new ConfigurationError([fixed]));
    expect(() => reload(`${LISTENER}nonsense`)).toThrow(ConfigurationError);
    expect(() => reload(`${LISTENER}acl_file /none`)).toThrow(RulesError);
    expect(await answer(V5)).toBe(0);
  });
});

describe.skipIf(!isInstalled('openssl') && process.env.CI !== 'true')('with TLS', () => {
  const lines = ({ server, ca }: ReturnType<typeof certificates>) =>
    `allow_anonymous true\ncertfile ${server.cert}\nkeyfile ${server.key}\ncafile ${ca}\n`;

  /** What the broker answers to a CONNECT with a user name of its own; undefined if it never gets there. */
  async function greet(port: number | undefined, options: object): Promise<number | undefined> {
    const socket = connectTls({
      port: port as number,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ...options,
    });
    socket.on('error', () => {});
    socket.write(
      encode(
        { type: 'connect', version: 5, cleanStart: true, keepAlive: 0, clientId: 'c', username: 'other' },
        5,
      ),
    );
    const data = await new Promise<Buffer | undefined>((resolve) => {
      socket.once('data', resolve);
      socket.once('close', () => resolve(undefined));
    });
    socket.destroy();
    const packet = data && decode(data, 5);
    return packet?.type === 'connack' ? packet.reasonCode : undefined;
  }

  test('a client is who its certificate says, and needs one for that', async () => {
    const files = certificates();
    const { serving, ports, trace } = await served(
      `${LISTENER}${lines(files)}require_certificate true\nuse_identity_as_username true\nlistener 1884\n${lines(
        files,
      )
        .split('\n')
        .slice(1)
        .join('\n')}use_identity_as_username true\n`,
    );
    expect(await greet(ports[0], contents(files.client))).toBe(0);
    expect(trace).toContainEqual(expect.objectContaining({ kind: 'identified', username: 'test client' }));
    expect(await greet(ports[0], {})).toBeUndefined();
    expect(trace.at(-1)).toMatchObject({ kind: 'failed', reason: 'peer did not return a certificate' });
    expect(await greet(ports[1], {})).toBe(REASON.BadUserNameOrPassword);
    await serving.close();
  });

  test('the whole subject may be the name, and ACL files go by it', async () => {
    const files = certificates();
    const acl = folder().write('acl', 'user CN=revoked\ntopic a\n');
    const { ports, trace } = await served(
      `${LISTENER}${lines(files)}require_certificate true\nuse_subject_as_username true\nacl_file ${acl}`,
    );
    expect(await greet(ports[0], contents(files.revoked))).toBe(0);
    expect(trace).toContainEqual(expect.objectContaining({ kind: 'identified', username: 'CN=revoked' }));
  });

  test('MQTT over WebSocket is secured as well', async () => {
    const files = certificates();
    const { ports } = await served(`${LISTENER}${lines(files)}protocol websockets`);
    const socket = new WebSocket(`wss://127.0.0.1:${ports[0]}`, 'mqtt', { rejectUnauthorized: false });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.terminate();
  });

  test('a client whose certificate was revoked is kept out, over WebSocket too, once the list is read again', async () => {
    const files = certificates();
    const crlfile = `${files.path}/list.crl`;
    writeFileSync(`${files.path}/index`, '');
    const list = 'ca -config openssl.cnf -keyfile authority.key -cert authority.crt -gencrl -out list.crl';
    execFileSync('openssl', list.split(' '), { cwd: files.path, stdio: 'ignore' });
    const secure = `${lines(files)}require_certificate true\ncrlfile ${crlfile}\n`;
    const content = `${LISTENER}${secure}listener 1884\nprotocol websockets\n${secure.slice(secure.indexOf('\n') + 1)}`;
    const { ports, trace, reload } = await served(content);
    const visit = async () => {
      const options = { rejectUnauthorized: false, ...contents(files.revoked) };
      const socket = new WebSocket(`wss://127.0.0.1:${ports[1]}`, 'mqtt', options);
      const isOpen = await new Promise((resolve) => {
        socket.once('open', () => resolve(true));
        socket.once('error', () => resolve(false));
      });
      socket.terminate();
      return [await greet(ports[0], contents(files.revoked)), isOpen];
    };
    expect(await visit()).toEqual([0, true]);
    copyFileSync(files.crl, crlfile);
    reload(content);
    expect(await visit()).toEqual([undefined, false]);
    const reason = "the client's certificate was refused: CERT_REVOKED";
    expect(trace.filter((event) => event.kind === 'failed')).toMatchObject([{ reason }, { reason }]);
  });

  test('an end that never comes to the end of its handshake does not keep the broker from closing', async () => {
    const files = certificates();
    const { serving, ports } = await served(`${LISTENER}${lines(files)}`);
    const socket = connectTcp(ports[0] as number, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const over = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    await serving.close();
    await over;
  });

  test('a certificate that was exchanged is shown to those who come then', async () => {
    const [before, after] = [certificates(), certificates()];
    const { write } = folder();
    const put = ({ server }: typeof before) => {
      const { cert, key } = contents(server);
      return `${LISTENER}allow_anonymous true\ncertfile ${write('cert', cert)}\nkeyfile ${write('key', key)}\n`;
    };
    const { ports, reload } = await served(put(before));
    const shown = () =>
      new Promise<string>((resolve) => {
        const socket = connectTls(
          { port: ports[0] as number, host: '127.0.0.1', rejectUnauthorized: false },
          () => {
            resolve(socket.getPeerCertificate().fingerprint256);
            socket.destroy();
          },
        );
      });
    const first = await shown();
    expect(await shown()).toBe(first);
    reload(put(after));
    expect(await shown()).not.toBe(first);
  });
});

/** A connection that is closed before anything was said. */
function expectEnd(port: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp(port as number, '127.0.0.1');
    socket.once('data', () => reject(new Error('there was an answer')));
    socket.once('error', () => {});
    socket.once('close', () => resolve());
  });
}

function packageVersion(): string {
  return JSON.parse(readFileSync('package.json', 'utf8')).version;
}
