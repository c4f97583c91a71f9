// mosquitto_pub, mosquitto_sub and mosquitto_rr of our own on this machine: over TCP, WebSocket, TLS and a socket of the file
// system, and as commands.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { run } from '../process.ts';
import { watched } from '../watched.ts';
import { certificates } from './certificates.ts';
import { folder, isInstalled } from './files.ts';
import { ours } from './here.ts';
import { served } from './served.ts';

const MESSAGE = ['-t', 'a', '-m', 'hello', '-q', '1', '-r'];
const ONCE = ['-t', 'a', '-C', '1'];

/** Publishes and subscribes by the same way. */
async function roundTrip(...way: string[]): Promise<unknown> {
  expect(await ours('pub', [...way, ...MESSAGE])).toEqual({ code: 0, output: '', complaints: '' });
  return ours('sub', [...way, ...ONCE]);
}

const RECEIVED = { code: 0, output: 'hello\n', complaints: '' };

test('over TCP, to an address of either kind', async () => {
  const { port } = await watched();
  expect(await roundTrip('-h', '127.0.0.1', '-p', String(port))).toEqual(RECEIVED);
  expect(await roundTrip('-h', 'localhost', '-p', String(port))).toEqual(RECEIVED);
});

test('over WebSocket, by URL', async () => {
  const { webSocketPort } = await watched();
  const url = `ws://localhost:${webSocketPort}/a`;
  expect(await ours('pub', ['-L', url, '-m', 'hello', '-r'])).toMatchObject({ code: 0 });
  expect(await ours('sub', ['-L', url, '-C', '1'])).toEqual(RECEIVED);
});

test('over a socket of the file system', async () => {
  const path = `${folder().path}/broker.sock`;
  await served(`listener 0 ${path}\nallow_anonymous true\n`);
  expect(await roundTrip('--unix', path)).toEqual(RECEIVED);
});

test('says why there is no connection', async () => {
  const why = async (...way: string[]) => (await ours('pub', [...way, ...MESSAGE])).complaints;
  expect(await why('-p', '1')).toBe('Error: Connection refused\n');
  expect(await why('-L', 'ws://localhost:1/a')).toBe('Error: Connection refused\n');
  expect(await why('-h', 'name.invalid')).toBe('Unable to connect (Lookup error.).\n');
  expect(await why('--unix', '/nowhere.sock')).toBe('Error: No such file or directory\n');
  expect(await why('--cafile', '/nowhere.crt')).toBe('Error: Problem setting TLS options: File not found.\n');
});

test('takes its options from the file of the user as well', async () => {
  const { port } = await watched();
  const files = folder();
  files.write('mosquitto_pub', `# mine\n-p ${port}\n-d\n-i from-a-file\n`);
  const env = { XDG_CONFIG_HOME: files.path };
  const { out, code } = await run(process.execPath, ['broker/node/pub.ts', '-t', 'a', '-m', 'x'], env).ended;
  expect(code).toBe(0);
  expect(String(out)).toContain('Client from-a-file sending CONNECT\n');
});

describe('as a command', () => {
  const command = (tool: string, ...words: string[]) =>
    run(process.execPath, [`broker/node/${tool}.ts`, ...words]);

  test('mosquitto_pub reads its input line by line, and mosquitto_sub is ended by a signal', async () => {
    const broker = await watched();
    const place = ['-p', String(broker.port)];
    const subscriber = command('sub', ...place, '-i', 's', '-t', 'a', '-V', '5');
    await broker.happens('subscribed', 's');
    const publisher = command('pub', ...place, '-t', 'a', '-l', '-q', '1');
    publisher.feed('one\ntwo\n');
    expect(await publisher.ended).toMatchObject({ code: 0 });
    await subscriber.says('two\n');
    subscriber.kill('SIGTERM');
    const { code, out } = await subscriber.ended;
    expect([code, String(out)]).toEqual([0, 'one\ntwo\n']);
  });

  test('mosquitto_rr ends with the code of what went wrong', async () => {
    const { code, err } = await command('rr', '-t', 'a', '-m', 'b', '-e', 'c', '-p', '1').ended;
    expect([code, String(err)]).toEqual([1, 'Error: Connection refused\n']);
  });
});

describe.skipIf(!isInstalled('openssl') && process.env['CI'] !== 'true')('with TLS', () => {
  const TLS_ERROR = 'Unable to connect (A TLS error occurred.).\n';

  /** A broker that speaks TLS alone. */
  async function secured(name: 'server' | 'revoked', more = '') {
    const files = certificates();
    const { cert, key } = files[name];
    const { ports } = await served(
      `listener 1883\nallow_anonymous true\ncafile ${files.ca}\ncertfile ${cert}\nkeyfile ${key}\n${more}`,
    );
    return { files, port: String(ports[0]) };
  }

  test('trusts the certificates of a file, or of a folder, and no others', async () => {
    const { files, port } = await secured('server');
    const authorities = folder();
    authorities.write('ca.crt', readFileSync(files.ca));
    expect(await roundTrip('-p', port, '--cafile', files.ca)).toEqual(RECEIVED);
    expect(await roundTrip('-p', port, '--capath', authorities.path, '--tls-version', 'tlsv1.3')).toEqual(
      RECEIVED,
    );
    for (const way of [
      ['--cafile', files.stranger.cert],
      ['--tls-use-os-certs'],
      ['--cafile', files.server.key],
    ])
      expect(await ours('pub', ['-p', port, ...way, ...MESSAGE])).toMatchObject({
        code: 1,
        complaints: TLS_ERROR,
      });
  });

  test('wants the certificate of the host, unless told not to', async () => {
    const { files, port } = await secured('revoked');
    const way = ['-p', port, '--cafile', files.ca];
    expect(await ours('pub', [...way, ...MESSAGE])).toMatchObject({ code: 1, complaints: TLS_ERROR });
    expect(await roundTrip(...way, '--insecure')).toEqual(RECEIVED);
  });

  test('shows a certificate of its own', async () => {
    const { files, port } = await secured('server', 'require_certificate true\n');
    const way = ['-p', port, '--cafile', files.ca];
    expect(await roundTrip(...way, '--cert', files.client.cert, '--key', files.client.key)).toEqual(RECEIVED);
    expect((await ours('pub', [...way, ...MESSAGE])).code).not.toBe(0);
  });

  test('over WebSocket as well', async () => {
    const { files, port } = await secured('server', 'protocol websockets\n');
    expect(
      await ours('pub', ['-L', `wss://localhost:${port}/a`, '--cafile', files.ca, '-m', 'x']),
    ).toMatchObject({
      code: 0,
    });
  });

  test('a port without TLS is no good', async () => {
    const { port } = await watched();
    expect(await ours('pub', ['-p', String(port), '--tls-use-os-certs', ...MESSAGE])).toMatchObject({
      complaints: TLS_ERROR,
    });
  });
});
