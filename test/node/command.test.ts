// The command `npm run broker`, as a process of its own.
import { expect, onTestFinished, test } from 'vitest';
import { connect, listen } from '#broker/node/index.ts';
import { type Running, run } from '../process.ts';

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

test.each([[['-p']], [['-p', '70000']], [['-p', 'x']], [['--ws', '-1']], [['--nothing']], [['word']]])(
  'wrong options get one line and end it with 3: %s',
  async (words) => {
    const broker = command(...words);
    expect(await broker.ended).toMatchObject({ code: 3 });
    expect(broker.said()).toMatch(/^.*npm run broker -- --help\n$/);
  },
);

test('--help lists every option', async () => {
  const broker = command('-h');
  expect(await broker.ended).toMatchObject({ code: 0 });
  for (const option of ['-p, --port PORT', '--ws PORT', '-v, --verbose', '-h, --help'])
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
