// Options of a configuration file, each in a broker that runs: what one says, happens. What Mosquitto has as well is asked of both
// in test/interop.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { connect as connectTcp, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { encode, type Packet, REASON } from '#broker/codec/index.ts';
import type { Clock } from '#broker/node/clock.ts';
import { configure } from '#broker/node/config/configuration.ts';
import { OPTIONS } from '#broker/node/config/options.ts';
import { read } from '#broker/node/config/read.ts';
import { type Serving, serve } from '#broker/node/serve.ts';
import { publish, subscribe } from '../conformance/packets.ts';
import { certificates, contents } from './certificates.ts';
import { folder, isInstalled } from './files.ts';
import { served } from './served.ts';
import { wire } from './wire.ts';

const V5 = { version: 5 } as const;

/** The lines of a file with one listener that everybody may use. */
const open = (...lines: string[]) => ['listener 1883', 'allow_anonymous true', ...lines].join('\n');

async function portOf(...lines: string[]): Promise<number | undefined> {
  return (await served(open(...lines))).ports[0];
}

/** The reason codes with which a broker answers. */
async function codesOf(port: number | undefined, ...packets: Packet[]): Promise<unknown[]> {
  const client = await wire(port, { ...V5, clientId: 'asks' });
  client.send(...packets);
  return (await client.come()).flatMap((packet) => {
    if ('reasonCodes' in packet) return packet.reasonCodes;
    return 'reasonCode' in packet ? [packet.reasonCode] : [];
  });
}

function retained(topic: string, packetId: number, size = 1): Packet {
  return publish(topic, 'x'.repeat(size), { retain: true, packetId });
}

test('every option is set in a test of a broker that runs', () => {
  const files = ['test/node', 'test/interop'].flatMap((path) =>
    readdirSync(path)
      .filter((name) => name.endsWith('.ts') && !/^config\./.test(name))
      .map((name) => readFileSync(`${path}/${name}`, 'utf8')),
  );
  const names = Object.keys(OPTIONS).filter((name) => !files.some((text) => text.includes(`${name} `)));
  expect(names).toEqual([]);
});

describe('a limit of its own', () => {
  test('global_max_clients counts sessions that wait', async () => {
    const port = await portOf('global_max_clients 2');
    const first = await wire(port, { clientId: 'lasting', cleanStart: false });
    first.send({ type: 'disconnect', reasonCode: 0 });
    await first.closed;
    await wire(port, { clientId: 'b' });
    expect((await wire(port, { ...V5, clientId: 'c' })).connack.reasonCode).toBe(REASON.ServerBusy);
    expect((await wire(port, { clientId: 'lasting' })).connack.reasonCode).toBe(0);
  });

  test('glass_max_connect_size ends who sends a larger CONNECT', async () => {
    const port = await portOf('glass_max_connect_size 100');
    expect((await wire(port, { clientId: 'a'.repeat(50) })).connack.reasonCode).toBe(0);
    const { connack } = await wire(port, { ...V5, clientId: 'a'.repeat(101) });
    expect(connack.reasonCode).toBe(REASON.PacketTooLarge);
  });

  test('glass_max_retained_bytes counts topics and payloads', async () => {
    const port = await portOf('glass_max_retained_bytes 100');
    const answers = await codesOf(port, retained('a', 1, 50), retained('b', 2, 60));
    expect(answers).toEqual([REASON.NoMatchingSubscribers, REASON.QuotaExceeded]);
  });

  test('glass_max_subscriptions refuses one too many', async () => {
    const port = await portOf('glass_max_subscriptions 2');
    expect(await codesOf(port, subscribe(1, 'a', 'b', 'c'))).toEqual([0, 0, REASON.QuotaExceeded]);
  });

  test('glass_max_topic_levels holds for names and for filters', async () => {
    const port = await portOf('glass_max_topic_levels 2');
    expect(await codesOf(port, subscribe(1, 'a/b', 'a/b/c'))).toEqual([0, REASON.TopicFilterInvalid]);
    expect(await codesOf(port, publish('a/b/c', 'x', { packetId: 1 }))).toContain(REASON.TopicNameInvalid);
  });

  test('glass_max_backlog drops messages of QoS 0 to who does not read', async () => {
    const { ports, trace } = await served(open('glass_max_backlog 1000'));
    const reader = await wire(ports[0], { clientId: 'reader' });
    reader.send(subscribe(1, '#'));
    await reader.come();
    const publisher = await wire(ports[0], { ...V5, clientId: 'publisher' });
    publisher.send(publish('a', 'x'.repeat(2000)), publish('a', 'y'.repeat(2000)), publish('a', 'z'));
    await publisher.come();
    expect(trace.filter(({ kind }) => kind === 'dropped')).not.toEqual([]);
  });

  test('max_topic_alias_broker is how many the broker sets', async () => {
    const port = await portOf('max_topic_alias_broker 1');
    const reader = await wire(port, { ...V5, properties: { topicAliasMaximum: 9 } });
    reader.send(subscribe(1, '#'));
    await reader.come();
    await codesOf(port, publish('one/long/topic'), publish('other/long/topic'));
    const aliases = (await reader.come()).map((packet) => 'properties' in packet && packet.properties);
    expect(aliases).toEqual([expect.objectContaining({ topicAlias: 1 }), undefined]);
  });
});

describe('what a 5.0 client may ask for', () => {
  test.each([
    ['glass_shared_subscriptions false', '$share/g/a', REASON.SharedSubscriptionsNotSupported],
    ['glass_wildcard_subscriptions false', 'a/#', REASON.WildcardSubscriptionsNotSupported],
  ])('%s ends who subscribes to %s', async (line, topicFilter, reasonCode) => {
    expect(await codesOf(await portOf(), subscribe(1, topicFilter, 'a'))).toEqual([0, 0]);
    expect(await codesOf(await portOf(line), subscribe(1, topicFilter, 'a'))).toEqual([reasonCode]);
  });

  test('glass_subscription_identifiers false ends who gives one', async () => {
    const wanted = { ...subscribe(1, 'a'), properties: { subscriptionIdentifier: [7] } };
    expect(await codesOf(await portOf(), wanted)).toEqual([0]);
    const port = await portOf('glass_subscription_identifiers false');
    expect(await codesOf(port, wanted)).toEqual([REASON.SubscriptionIdentifiersNotSupported]);
  });

  test('glass_response_information is told to who asks for it', async () => {
    const port = await portOf('glass_response_information answers/here');
    const asked = async (requestResponseInformation: 0 | 1) =>
      (await wire(port, { ...V5, properties: { requestResponseInformation } })).connack.properties
        ?.responseInformation;
    expect(await asked(1)).toBe('answers/here');
    expect(await asked(0)).toBeUndefined();
  });
});

describe('as time goes by', () => {
  test('glass_connect_timeout cuts who has not sent CONNECT, and nobody else', async () => {
    const { clock, port, closings } = await timed('glass_connect_timeout 20');
    const [silent, late] = [connectTcp(port, '127.0.0.1'), connectTcp(port, '127.0.0.1')];
    for (const socket of [silent, late]) {
      await new Promise((resolve) => socket.once('connect', resolve));
      onTestFinished(() => void socket.destroy());
    }
    await expect.poll(() => clock.alarms).toBeGreaterThan(0);
    clock.pass(10_000);
    late.write(encode({ type: 'connect', version: 4, cleanStart: true, keepAlive: 0, clientId: 'late' }, 4));
    const [first] = await new Promise<Buffer>((resolve) => late.once('data', resolve));
    expect(first).toBe(0x20);
    clock.pass(9_999);
    expect(closings()).toEqual([]);
    const over = new Promise((resolve) => silent.once('close', resolve).resume());
    clock.pass(1);
    await over;
    clock.pass(60_000);
    expect(closings()).toEqual(['no CONNECT in time']);
  });

  test('persistent_client_expiration is as long as a session waits', async () => {
    const { clock, port, serving } = await timed('persistent_client_expiration 2h');
    const sessions = () => serving.broker.snapshot().sessions.map(({ clientId }) => clientId);
    for (const version of [4, 5] as const) {
      const client = await wire(port, {
        version,
        clientId: `v${version}`,
        cleanStart: false,
        ...(version === 5 && { properties: { sessionExpiryInterval: 0xffff_ffff } }),
      });
      if (version === 5) expect(client.connack.properties?.sessionExpiryInterval).toBe(7200);
      client.send({ type: 'disconnect', reasonCode: 0 });
      await client.closed;
    }
    clock.pass(7_199_000);
    expect(sessions()).toEqual(['v4', 'v5']);
    clock.pass(1000);
    expect(sessions()).toEqual([]);
  });

  test('retain_expiry_interval lets go of retained messages that nobody looks at', async () => {
    const { clock, port, serving } = await timed('retain_expiry_interval 1');
    const properties = { messageExpiryInterval: 10 };
    await codesOf(port, publish('a', 'x', { retain: true, packetId: 1, properties }));
    clock.pass(59_000);
    expect(serving.broker.snapshot().retained).toHaveLength(1);
    clock.pass(1000);
    expect(serving.broker.snapshot().retained).toEqual([]);
  });
});

describe('sockets', () => {
  test('set_tcp_nodelay is what each connection is set to, also when the file is read again', async () => {
    const set = vi.spyOn(Socket.prototype, 'setNoDelay');
    onTestFinished(() => set.mockRestore());
    const { ports, reload } = await served(open('set_tcp_nodelay false'));
    await wire(ports[0]);
    expect(set).toHaveBeenLastCalledWith(false);
    reload(open('set_tcp_nodelay true'));
    await wire(ports[0]);
    expect(set).toHaveBeenLastCalledWith(true);
  });

  test.each([
    ['socket_domain ipv4', '127.0.0.1', '::1'],
    ['socket_domain ipv6', '::1', '127.0.0.1'],
  ])('%s listens there and not elsewhere', async (line, here, elsewhere) => {
    const port = await listening(line);
    expect(await reaches(port, here)).toBe(true);
    expect(await reaches(port, elsewhere)).toBe(false);
  });
});

describe('when the file is read again', () => {
  test('options that cannot change say that they do not', async () => {
    const { reload, notes } = await served(open());
    reload(`persistence true\n${open('max_qos 1', 'max_inflight_messages 5')}`);
    expect(notes).toEqual([
      "Warning: The 'max_qos' option keeps its value until the broker is started again.",
      "Warning: The 'persistence' option keeps its value until the broker is started again.",
    ]);
  });
});

describe.skipIf(!isInstalled('openssl') && process.env.CI !== 'true')('with TLS', () => {
  /** Who gets in: the cipher and the version that were agreed on, or undefined. */
  async function agreed(port: number | undefined, options: object): Promise<unknown> {
    const socket = connectTls({
      port: port as number,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ...options,
    });
    onTestFinished(() => void socket.destroy());
    const packet = { type: 'connect', version: 4, cleanStart: true, keepAlive: 0, clientId: 'a' } as const;
    socket.write(encode(packet, 4));
    return new Promise((resolve) => {
      socket.once('error', () => resolve(undefined));
      socket.once('close', () => resolve(undefined));
      socket.once('data', () => resolve([socket.getCipher().standardName, socket.getProtocol()]));
    });
  }

  const IN = [expect.any(String), 'TLSv1.3'];

  test('cafile, capath and crlfile say whose certificate is good', async () => {
    const files = certificates();
    const { server, ca, crl, client, revoked, stranger } = files;
    const base = [
      `certfile ${server.cert}`,
      `keyfile ${server.key}`,
      'require_certificate true',
      'tls_keyform pem',
    ];
    const { path, write } = folder();
    write('authorities/ca.pem', readFileSync(ca));
    const sources = [[`cafile ${ca}`], [`capath ${path}/authorities`], [`cafile ${ca}`, `crlfile ${crl}`]];
    const answers = [];
    for (const lines of sources) {
      const port = await portOf(...base, ...lines);
      const shown = [client, revoked, stranger].map((certificate) => agreed(port, contents(certificate)));
      answers.push(await Promise.all(shown));
    }
    expect(answers).toEqual([
      [IN, IN, undefined],
      [IN, IN, undefined],
      [IN, undefined, undefined],
    ]);
  });

  test('dhparamfile says how large the numbers are that keys are exchanged by', async () => {
    const { lines, parameters } = rsa();
    const ciphers = 'DHE-RSA-AES256-GCM-SHA384';
    const size = async (...more: string[]) => {
      const port = (await portOf(...lines, ...more)) as number;
      const place = { port, host: '127.0.0.1', rejectUnauthorized: false };
      const socket = connectTls({ ...place, maxVersion: 'TLSv1.2', ciphers });
      onTestFinished(() => void socket.destroy());
      await new Promise((resolve) => socket.once('secureConnect', resolve));
      return socket.getEphemeralKeyInfo();
    };
    expect(await size()).toMatchObject({ type: 'DH', size: 2048 });
    expect(await size(`dhparamfile ${parameters}`)).toMatchObject({ type: 'DH', size: 3072 });
  });

  test('tls_version, ciphers and ciphers_tls1.3 say how it is spoken', async () => {
    const { server } = certificates();
    const base = [`certfile ${server.cert}`, `keyfile ${server.key}`];
    const old = { maxVersion: 'TLSv1.2' };
    const spoken = async (line: string, options: object) => agreed(await portOf(...base, line), options);
    expect(await spoken('tls_version tlsv1.2', old)).toEqual([expect.any(String), 'TLSv1.2']);
    expect(await spoken('tls_version tlsv1.3', old)).toBeUndefined();
    expect(await spoken('ciphers ECDHE-ECDSA-AES256-GCM-SHA384', old)).toEqual([
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      'TLSv1.2',
    ]);
    expect(await spoken('ciphers_tls1.3 TLS_CHACHA20_POLY1305_SHA256', {})).toEqual([
      'TLS_CHACHA20_POLY1305_SHA256',
      'TLSv1.3',
    ]);
  });
});

/** A certificate with an RSA key, with which keys can be exchanged by plain numbers, and parameters of 3072 bits for that. */
function rsa(): { lines: string[]; parameters: string } {
  const { path } = folder();
  const openssl = (words: string) => execFileSync('openssl', words.split(' '), { cwd: path, stdio: 'pipe' });
  openssl('req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout key -out cert');
  openssl('genpkey -genparam -algorithm DH -pkeyopt group:ffdhe3072 -out dh');
  return { lines: [`certfile ${path}/cert`, `keyfile ${path}/key`], parameters: `${path}/dh` };
}

/** A clock that a test moves. */
class HandClock implements Clock {
  #time = 1_700_000_000_000;
  readonly #alarms = new Set<{ at: number; ring: () => void }>();

  get alarms(): number {
    return this.#alarms.size;
  }

  now(): number {
    return this.#time;
  }

  wake(at: number, ring: () => void): () => void {
    const alarm = { at, ring };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  pass(duration: number): void {
    this.#time += duration;
    for (const alarm of this.#alarms) {
      if (alarm.at > this.#time) continue;
      this.#alarms.delete(alarm);
      alarm.ring();
    }
  }
}

interface Timed {
  readonly clock: HandClock;
  readonly serving: Serving;
  readonly port: number;
  /** Why connections were closed that the broker closed. */
  closings(): (string | undefined)[];
}

/** A broker of one listener whose time a test moves. */
async function timed(...lines: string[]): Promise<Timed> {
  const clock = new HandClock();
  const closings: (string | undefined)[] = [];
  const serving = await start(open(...lines, 'sys_interval 0'), {
    clock,
    environment: { trace: (event) => event.kind === 'closed' && closings.push(event.reason) },
    note: () => {},
  });
  const [port] = serving.portsOf.values();
  return {
    clock,
    serving,
    port: port as number,
    closings: () => closings.filter((reason) => reason !== undefined),
  };
}

async function listening(...lines: string[]): Promise<number> {
  const serving = await start(open(...lines), { note: () => {} });
  return [...serving.portsOf.values()][0] as number;
}

/** Starts a broker on any port that is free, on the addresses that the file names. */
async function start(content: string, options: Parameters<typeof serve>[1]): Promise<Serving> {
  const configuration = configure(read(folder().write('mosquitto.conf', content)));
  const listeners = configuration.listeners.map((listener) => ({
    ...listener,
    at: { ...listener.at, port: 0 },
  }));
  const serving = await serve({ ...configuration, listeners }, options);
  onTestFinished(() => serving.close());
  return serving;
}

function reaches(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ port, host }, () => resolve(true));
    socket.once('error', () => resolve(false));
    onTestFinished(() => void socket.destroy());
  });
}
