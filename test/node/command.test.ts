// The command `npm run broker`, as a process of its own.
import { existsSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { Publish } from '#broker/codec/index.ts';
import { connect, listen } from '#broker/node/index.ts';
import { type Running, run } from '../process.ts';
import { folder } from './files.ts';

test('it serves until it is told to end, and logs what it sees', async () => {
  const port = await freePort();
  const broker = command('-p', String(port), '-v');
  await broker.says(`Listening on port ${port}`);
  const client = await connect(`mqtt://127.0.0.1:${port}`, { version: 5, clientId: 'p1' });
  broker.kill('SIGTERM');
  expect(await client.closed).toContain('reason code 139');
  expect(await broker.ended).toMatchObject({ code: 0 });
  expect(broker.said()).toMatch(/^\d{10}: New connection from 127\.0\.0\.1:\d+ on port \d+\.$/m);
  expect(broker.said()).toMatch(
    /^\d{10}: New client connected from 127\.0\.0\.1:\d+ as p1 \(p5, c1, k60\)\.$/m,
  );
});

test('it takes MQTT over WebSocket on a port of its own, and ends at SIGINT', async () => {
  const [port, webSocketPort] = [await freePort(), await freePort()];
  const broker = command('--port', String(port), '--ws', String(webSocketPort));
  await broker.says(`WebSocket is on port ${webSocketPort}`);
  const client = await connect(`ws://127.0.0.1:${webSocketPort}`, { clientId: 'page' });
  await broker.says(`on port ${webSocketPort}.`);
  await client.disconnect();
  await broker.says('Client page disconnected.');
  broker.kill('SIGINT');
  expect(await broker.ended).toMatchObject({ code: 0 });
});

test('a port that is taken is named, and ends it with 1', async () => {
  const taken = await listen({ port: 0 });
  onTestFinished(() => taken.close());
  const broker = command('-p', String(taken.port));
  expect(await broker.ended).toMatchObject({ code: 1 });
  expect(broker.said()).toBe(
    `Port ${taken.port} is taken. Choose another with -p, or end what listens there.\n`,
  );
});

test('it does as a configuration file says, and reads it again at SIGHUP', async () => {
  const { path, write } = folder();
  const port = await freePort();
  const listener = `listener ${port} 127.0.0.1\nlog_dest stdout\nlog_dest topic\npid_file ${path}/pid\n`;
  const file = write('mosquitto.conf', `${listener}allow_anonymous true\nautosave_interval 5\n`);
  const broker = command('-c', file);
  await broker.says(`Listening on port ${port}, for clients on this machine only.`);
  expect(broker.said()).toContain(`: Config loaded from ${file}.\n`);
  expect(broker.said()).toContain(
    `: Warning: The 'autosave_interval' option at ${file}:6 has no effect here`,
  );
  const number = Number(readFileSync(`${path}/pid`, 'utf8'));
  expect(() => process.kill(number, 0)).not.toThrow();
  const heard: string[] = [];
  const receive = ({ topic, payload }: Publish) =>
    heard.push(`${topic} ${new TextDecoder().decode(payload)}`);
  const client = await connect(`mqtt://127.0.0.1:${port}`, { version: 5, clientId: 'a', receive });
  await client.subscribe({ topicFilter: '$SYS/broker/log/#', qos: 0 });
  write('mosquitto.conf', 'nonsense');
  broker.kill('SIGHUP');
  await broker.says('Error: Unknown configuration variable "nonsense".');
  await broker.says(`Error found at ${file}:1.`);
  await expect.poll(() => heard).toContain(`$SYS/broker/log/E Error found at ${file}:1.`);
  write('mosquitto.conf', `${listener}log_timestamp_format %Y here\n`);
  broker.kill('SIGHUP');
  expect(await client.closed).toContain('reason code 135');
  await expect(connect(`mqtt://127.0.0.1:${port}`)).rejects.toThrow('code 5');
  broker.kill('SIGTERM');
  expect(await broker.ended).toMatchObject({ code: 0 });
  expect(broker.said()).toMatch(/^\d{4} here: Ending\.$/m);
  expect(existsSync(`${path}/pid`)).toBe(false);
});

test.each([
  [
    '\npersistence maybe',
    3,
    ['Error: Invalid persistence value (maybe).', 'Expected: true or false.', 'Error found at FILE:2.'],
  ],
  [
    'password_file /none',
    13,
    [
      'Config loaded from FILE.',
      'Error: Unable to open pwfile "/none".',
      'Error opening password file "/none".',
    ],
  ],
  ['log_dest file /none/log', 1, ['Error: Unable to open log file /none/log for writing.']],
  [
    'listener 1 127.0.0.1\ncertfile /a\nkeyfile /b',
    1,
    ['Config loaded from FILE.', 'Error: Unable to load server certificate "/a". Check certfile.'],
  ],
])('a file with %j ends it with %i', async (content, code, lines) => {
  const file = folder().write('mosquitto.conf', content);
  const broker = command('-c', file);
  expect(await broker.ended).toMatchObject({ code });
  const said = broker.said().trimEnd().split('\n');
  expect(said.map((line) => line.replace(/^\d{10}: /, ''))).toEqual(
    lines.map((line) => line.replace('FILE', file)),
  );
});

test('what is in the way of a listener of a file is named', async () => {
  const { path, write } = folder();
  const port = await freePort();
  const twice = write('twice', `listener ${port} 127.0.0.1\nlistener ${port} 127.0.0.1`);
  const several = command('-c', twice);
  const socket = command('-c', write('socket', `listener 0 ${path}/twice`));
  expect(await several.ended).toMatchObject({ code: 1 });
  expect(several.said()).toContain(`Error: Address already in use: several listeners are on port ${port}.\n`);
  expect(await socket.ended).toMatchObject({ code: 1 });
  expect(socket.said()).toContain(
    `Error binding unix socket: ${path}/twice is there already, and is no socket.`,
  );
});

test.each([
  [['-p']],
  [['-p', '70000']],
  [['-p', 'x']],
  [['--ws', '-1']],
  [['--nothing']],
  [['word']],
  [['-c']],
])('wrong options get one line and end it with 3: %s', async (words) => {
  const broker = command(...words);
  expect(await broker.ended).toMatchObject({ code: 3 });
  expect(broker.said()).toMatch(/^.*npm run broker -- --help\n$/);
});

test('--help lists every option', async () => {
  const broker = command('-h');
  expect(await broker.ended).toMatchObject({ code: 0 });
  for (const option of [
    '-c, --config-file FILE',
    '-p, --port PORT',
    '--ws PORT',
    '-v, --verbose',
    '-h, --help',
  ])
    expect(broker.said()).toContain(option);
});

function command(...words: string[]): Running {
  return run(process.execPath, ['broker/node/broker.ts', ...words]);
}

async function freePort(): Promise<number> {
  const listening = await listen({ port: 0 });
  await listening.close();
  return listening.port as number;
}
