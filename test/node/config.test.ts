// Configuration files: what they come to, and what is said of those that cannot be used.
import { expect, test } from 'vitest';
import { type Configuration, configure, type Place } from '#broker/node/config/configuration.ts';
import { Words } from '#broker/node/config/kinds.ts';
import { MISSING, OPTIONS, WITHOUT_EFFECT } from '#broker/node/config/options.ts';
import { ConfigurationError, nothing, read } from '#broker/node/config/read.ts';
import { LOOPBACK } from '#broker/ports.ts';
import { folder } from './files.ts';

function configured(content: string, ports: number[] = []): Configuration {
  return configure(read(folder().write('mosquitto.conf', content)), ports);
}

function places(content: string, ports: number[] = []): Place[] {
  return configured(content, ports).listeners.map(({ at }) => at);
}

/** What is said of a file, with `FILE` for its path. */
function complaint(content: string | Uint8Array): string[] {
  const path = folder().write('mosquitto.conf', content);
  try {
    configure(read(path));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.lines.map((line) => line.replaceAll(path, 'FILE'));
  }
  throw new Error('there was no complaint');
}

const ANYWHERE = ['0.0.0.0', '::'];

test('without a listener the broker is for this machine, and for everybody on it', () => {
  for (const configuration of [configured(''), configure(nothing())]) {
    const [only, ...others] = configuration.listeners;
    expect(others).toEqual([]);
    expect(only?.at).toEqual({ port: 1883, addresses: LOOPBACK, host: undefined });
    expect(only?.security.allow_anonymous).toBe(true);
    expect(configuration.isLocalOnly).toBe(true);
  }
});

test('allow_anonymous false holds on this machine alone as well', () => {
  expect(configured('allow_anonymous false').listeners[0]?.security.allow_anonymous).toBe(false);
});

test.each(['listener 1900', 'port 1900', 'bind_address ::1'])('%s lets in nobody without a name', (line) => {
  expect(configured(line).listeners[0]?.security.allow_anonymous).toBe(false);
  expect(configured(`${line}\nallow_anonymous true`).listeners[0]?.security.allow_anonymous).toBe(true);
});

test('a listener takes a port and an address, and everybody can reach one without', () => {
  expect(
    places('listener 1900\nlistener 1901 127.0.0.1\nlistener 1902 # a remark\nlistener 0 /tmp/mqtt'),
  ).toEqual([
    { port: 1900, addresses: ANYWHERE, host: undefined },
    { port: 1901, addresses: ['127.0.0.1'], host: '127.0.0.1' },
    { port: 1902, addresses: ANYWHERE, host: undefined },
    { path: '/tmp/mqtt' },
  ]);
});

test('port and bind_address make a listener that need not be named, the last', () => {
  expect(places('bind_address localhost\nlistener 1900\nport 1901')).toMatchObject([
    { port: 1900 },
    { port: 1901, addresses: ['localhost'] },
  ]);
});

test('what stands before the first listener makes one on 1883', () => {
  const { listeners } = configured('max_connections 5\nlistener 1900');
  expect(listeners.map(({ at, options }) => [at, options.max_connections])).toMatchObject([
    [{ port: 1900 }, -1],
    [{ port: 1883 }, 5],
  ]);
});

test('socket_domain chooses the version of IP', () => {
  expect(places('listener 1900\nsocket_domain ipv4\nlistener 1901\nsocket_domain ipv6')).toMatchObject([
    { addresses: ['0.0.0.0'] },
    { addresses: ['::'] },
  ]);
});

test('ports of the command line take the place of 1883, and come after listeners, for this machine only', () => {
  expect(places('', [1900, 1901])).toMatchObject([
    { port: 1900, addresses: LOOPBACK },
    { port: 1901, addresses: LOOPBACK },
  ]);
  const { listeners } = configured('listener 1900', [1901]);
  expect(listeners[1]).toMatchObject({
    at: { port: 1901, addresses: LOOPBACK },
    security: { allow_anonymous: false },
  });
});

test('who may do what is the whole broker’s unless each listener has its own', () => {
  const lines = 'listener 1900\npassword_file a\nlistener 1901\nallow_anonymous true\nacl_file b c\n';
  const shared = configured(lines).listeners.map(({ security }) => security);
  expect(shared[0]).toEqual(shared[1]);
  expect(shared[0]).toMatchObject({ password_file: 'a', allow_anonymous: true, acl_file: 'b c' });
  const own = configured(`per_listener_settings true\n${lines}`).listeners.map(({ security }) => security);
  expect(own[0]).toMatchObject({ password_file: 'a', allow_anonymous: false, acl_file: undefined });
  expect(own[1]).toMatchObject({ password_file: undefined, allow_anonymous: true, acl_file: 'b c' });
});

test('values go to the engine under its own names', () => {
  const { settings, listeners } = configured(
    `max_keepalive 100\nmax_packet_size 1000\nmax_inflight_messages 0\nmax_queued_messages 0\nretain_available false
persistent_client_expiration 2w\nglass_receive_maximum 7\nglass_server_keep_alive 30\nmessage_size_limit 10
listener 1900\nmaximum_qos 1\nmax_topic_alias 3\nauto_id_prefix me-\nallow_zero_length_clientid false\naccept_protocol_versions 4, 5`,
  );
  expect(settings).toMatchObject({
    maximumKeepAlive: 100,
    maximumPacketSize: 1000,
    maximumConnectSize: 1000,
    maximumInflight: 65_535,
    maximumQueued: Number.POSITIVE_INFINITY,
    retainAvailable: false,
    maximumSessionExpiry: 2 * 7 * 86_400,
    receiveMaximum: 7,
    serverKeepAlive: 30,
    maximumPayloadSize: 10,
  });
  expect(listeners[0]?.settings).toEqual({
    versions: [4, 5],
    maximumQoS: 1,
    topicAliasMaximum: 3,
    outboundTopicAliasMaximum: 10,
    allowEmptyClientId: false,
    assignedClientIdPrefix: 'me-',
  });
});

test('TLS is on where there are a certificate and a key', () => {
  const { listeners } = configured(
    'listener 1900\ncertfile c\nkeyfile k\ncafile a\nrequire_certificate true\ntls_version tlsv1.3\nlistener 1901',
  );
  expect(listeners[0]?.tls).toMatchObject({
    certfile: 'c',
    keyfile: 'k',
    cafile: 'a',
    requireCertificate: true,
    minimumVersion: 'TLSv1.3',
  });
  expect(listeners[1]?.tls).toBeUndefined();
});

test('logs go to several places, and have several types', () => {
  const { global } = configured(
    'log_dest stdout\nlog_dest file /tmp/a b.log\nlog_type error\nlog_type debug',
  );
  expect(global.log_dest).toEqual({ streams: ['stdout'], file: '/tmp/a b.log' });
  expect(global.log_type).toEqual(['error', 'debug']);
  expect(configured('log_type all').global.log_type).toContain('subscribe');
  expect(configured('log_dest stdout\nlog_dest none').global.log_dest).toEqual({
    streams: [],
    file: undefined,
  });
  expect(configured('').global.log_dest.streams).toEqual(['stderr']);
});

test('the files of a folder come in the order of the alphabet, small letters behind great ones', () => {
  const { path, write } = folder();
  for (const name of ['b', 'A', '01', 'a', 'B', '00', 'x.txt', '']) write(`more/${name}.conf`, '');
  write('more/other.txt', 'nonsense');
  const main = write('main.conf', `include_dir ${path}/more\nlistener 1900`);
  const { remarks } = read(main);
  const names = remarks.map(({ text }) => text.replace(`Loading config file ${path}/more/`, ''));
  expect(names).toEqual(['00.conf', '01.conf', 'A.conf', 'a.conf', 'B.conf', 'b.conf', 'x.txt.conf']);
});

test('the last line for an option holds, and folders are read where they stand', () => {
  const { path, write } = folder();
  write('one/b.conf', 'max_keepalive 2\nsys_interval 2');
  write('two/a.conf', 'max_keepalive 3');
  const main = write(
    'main.conf',
    `max_keepalive 1\nsys_interval 1\ninclude_dir ${path}/one\ninclude_dir ${path}/two\nsys_interval 4`,
  );
  expect(configure(read(main)).global).toMatchObject({ max_keepalive: 3, sys_interval: 4 });
});

test('a file that is included includes no other, and its listeners end with it', () => {
  const { path, write } = folder();
  write('more/one.conf', `include_dir ${path}/nowhere\nlistener 1901\nmax_qos 0\n`);
  const main = write('main.conf', `listener 1900\ninclude_dir ${path}/more\nmax_qos 1`);
  const listeners = configure(read(main)).listeners;
  expect(listeners.map(({ at, options }) => ['port' in at && at.port, options.max_qos])).toEqual([
    [1900, 1],
    [1901, 0],
  ]);
});

test('a mistake in a file that is included is found there, and where it was included', () => {
  const { path, write } = folder();
  write('more/one.conf', '\nfoo 1');
  const main = write('main.conf', `# first\n\ninclude_dir ${path}/more`);
  expect(() => read(main)).toThrow(
    new ConfigurationError([
      'Error: Unknown configuration variable "foo".',
      `Error found at ${path}/more/one.conf:2.`,
      `Error found at ${main}:3.`,
    ]),
  );
});

test.each([
  [
    'max_keepalive many',
    'Error: Invalid max_keepalive value (many).',
    'Expected: a whole number from 0 to 65535.',
  ],
  ['allow_anonymous maybe', 'Error: Invalid allow_anonymous value (maybe).', 'Expected: true or false.'],
  ['\nprotocol mqttsn', 'Error: Invalid protocol value (mqttsn).', 'Expected: mqtt or websockets.'],
])('%j is said to be wrong, and what would be right', (content, ...lines) => {
  const line = content.split('\n').length;
  expect(complaint(content)).toEqual([...lines, `Error found at FILE:${line}.`]);
});

test.each(['toString', 'constructor', '__proto__'])('%s is no option', (name) => {
  expect(complaint(`${name} 1`)[0]).toBe(`Error: Unknown configuration variable "${name}".`);
});

test.each(MISSING.flatMap(({ what, names }) => names.map((name) => [name.replace('*', 'x'), what])))(
  '%s is refused by name',
  (name, what) => {
    expect(complaint(`${name} 1`)).toEqual([
      `Error: The '${name}' option is Mosquitto's alone: this broker has no ${what}.`,
      'Error found at FILE:1.',
    ]);
  },
);

test.each(Object.entries(WITHOUT_EFFECT))(
  '%s does no harm, and the reader hears where and why',
  (name, { why }) => {
    const path = folder().write('mosquitto.conf', `\n${name} 1`);
    const text = `Warning: The '${name}' option at ${path}:2 has no effect here: ${why}.`;
    expect(read(path).remarks).toEqual([{ type: 'warning', text }]);
  },
);

test('a file that begins with a byte order mark is said to', () => {
  expect(complaint('\ufeffport 1900')).toEqual([
    'Error: Unknown configuration variable "\ufeffport".',
    'Expected: a file that begins without a byte order mark.',
    'Error found at FILE:1.',
  ]);
});

test('a certificate and a key need each other, and what is used with them needs both', () => {
  expect(complaint('listener 1900\ncertfile c')).toEqual(['Error: certfile and keyfile need each other.']);
  expect(complaint('listener 1900\ncafile c')[0]).toContain('need certfile and keyfile');
  expect(complaint('listener 1900\ncertfile c\nkeyfile k\ntls_version tlsv9')[0]).toBe(
    'Error: Unsupported tls_version "tlsv9".',
  );
});

test('every option has a default that it would take itself', () => {
  for (const [name, { takes, default: value }] of Object.entries(OPTIONS)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) continue;
    expect([name, takes.read(new Words(String(value)), name, undefined as never)]).toEqual([name, value]);
  }
});
