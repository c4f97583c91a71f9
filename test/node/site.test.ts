// The site's integration under a real `astro dev` and a real `astro preview`, on a small site of its own, so that its broker's
// code can be changed while it runs.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { REASON } from '#broker/codec/index.ts';
import { bindNext } from '#broker/node/bind.ts';
import { connect } from '#broker/node/index.ts';
import { MQTT_PORT } from '#broker/ports.ts';
import { type FeedEvent, readMessage } from '../../src/widgets/live/feed.ts';
import { type Running, run } from '../process.ts';

const astro = resolve('node_modules/astro/bin/astro.mjs');
let site: string;

// Each of these starts Astro anew, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

/** Astro stays in front and keeps to itself, whoever calls it. */
const ENVIRONMENT = {
  ASTRO_TELEMETRY_DISABLED: '1',
  ASTRO_DEV_BACKGROUND: '1',
  ASTRO_PREVIEW_BACKGROUND: '1',
  NO_COLOR: '1',
};

beforeAll(() => {
  site = mkdtempSync(join(tmpdir(), 'glass-broker-site-'));
  for (const path of [
    'tsconfig.json',
    'broker',
    'src/integrations',
    'src/widgets/live',
    'public/broker.json',
  ])
    cpSync(path, join(site, path), { recursive: true });
  symlinkSync(resolve('node_modules'), join(site, 'node_modules'));
  mkdirSync(join(site, 'pages'));
  writeFileSync(join(site, 'pages/index.astro'), '<!doctype html><title>A site</title>');
  writeFileSync(
    join(site, 'package.json'),
    JSON.stringify({ type: 'module', version: '7.7.7', imports: { '#broker/*': './broker/*' } }),
  );
  configure('');
});

afterAll(() => rmSync(site, { recursive: true, force: true }));

test('under astro dev, the broker is on TCP and on the site’s own port, and survives changes', async () => {
  const dev = await serve('dev');
  expect(dev.said()).toContain(`mosquitto_pub${dev.option} -t Room1/Light`);
  expect(dev.said()).toContain(`${dev.site}/lessons/publish-packet/`);
  expect(await fileOf(dev)).toEqual({ trace: '/trace' });

  const kept = await connect(`mqtt://127.0.0.1:${dev.mqttPort}`, { version: 5 });
  expect(kept.connack.properties?.assignedClientIdentifier).toMatch(/^auto-/);
  await until(dev.says('server restarted'), () => configure('build: { format: "file" },'));
  await kept.subscribe({ topicFilter: 'still/here' });
  await expectNews(dev);

  const settings = join(site, 'broker/server/settings.ts');
  const newer = readFileSync(settings, 'utf8').replace("'auto-'", "'newer-'");
  await until(dev.says('new code'), () => writeFileSync(settings, newer));
  expect(await kept.closed).toContain(`${REASON.ServerShuttingDown}`);
  for (const url of [`mqtt://127.0.0.1:${dev.mqttPort}`, `ws://127.0.0.1:${dev.port}/mqtt`]) {
    const client = await connect(url, { version: 5 });
    expect(client.connack.properties?.assignedClientIdentifier).toMatch(/^newer-/);
    await client.disconnect();
  }
  await expectTrace(dev);
});

test('where the port is taken, the broker moves on and says so', async () => {
  // This takes the port if it is free; if it is not, somebody else has it, which is as good.
  const inTheWay = await bindNext(createServer, MQTT_PORT, ['127.0.0.1']);
  onTestFinished(() => inTheWay.close());
  const dev = await serve('dev');
  expect(dev.mqttPort).toBeGreaterThan(MQTT_PORT);
  expect(dev.said()).toContain(`Port ${MQTT_PORT} is taken; the broker is on ${dev.mqttPort}.`);
  expect(dev.said()).toContain(`mosquitto_sub -p ${dev.mqttPort} -t 'Room1/#' -v`);
});

test('under astro preview, the broker is on TCP and on the site’s own port', async () => {
  const built = spawnSync(process.execPath, [astro, 'build', '--root', site], { encoding: 'utf8' });
  expect(built.status, built.stdout + built.stderr).toBe(0);
  expect(readFileSync(join(site, 'dist/broker.json'), 'utf8').trim()).toBe('{}');
  expect(built.stdout).not.toContain('A broker is on port');
  const preview = await serve('preview');
  expect(await fileOf(preview)).toEqual({ trace: '/trace' });
  const client = await connect(`ws://127.0.0.1:${preview.port}/mqtt`);
  await client.disconnect();
  await expectTrace(preview);
});

/** Writes the site's configuration, with a line of its own. */
function configure(line: string): void {
  const integration = `import broker from './src/integrations/broker.ts';`;
  const options = `srcDir: '.', devToolbar: { enabled: false }, integrations: [broker()], ${line}`;
  writeFileSync(join(site, 'astro.config.mjs'), `${integration}\nexport default { ${options} };\n`);
}

/** Does something again and again until it has had its effect: what watches files may have just begun to. */
async function until(effect: Promise<void>, act: () => void): Promise<void> {
  act();
  const again = setInterval(act, 3000);
  await effect.finally(() => clearInterval(again));
}

interface Served extends Pick<Running, 'said' | 'says'> {
  port: number;
  mqttPort: number;
  site: string;
  /** What the tools of Mosquitto need to find the broker. */
  option: string;
}

/** Starts the site, and ends it when the test is over. */
async function serve(command: 'dev' | 'preview'): Promise<Served> {
  const port = await freePort();
  const words = [astro, command, '--root', site, '--port', String(port)];
  if (command === 'dev') words.push('--ignore-lock');
  const { said, says } = run(process.execPath, words, ENVIRONMENT);
  await says('mosquitto_pub');
  await says('Local');
  const mqttPort = Number(/broker is on port (\d+)/.exec(said())?.[1]);
  const option = mqttPort === MQTT_PORT ? '' : ` -p ${mqttPort}`;
  return { port, mqttPort, site: `http://localhost:${port}`, option, said, says };
}

async function freePort(): Promise<number> {
  const bound = await bindNext(createServer, 0, ['127.0.0.1']);
  await bound.close();
  return bound.port;
}

async function fileOf({ site }: Served): Promise<unknown> {
  return (await fetch(`${site}/broker.json`)).json();
}

/** A page of the site is told of what happens; pages of others, and what is no page, are not let in. */
/** What the broker says of itself is there for who asks. */
async function expectNews({ mqttPort }: Served): Promise<void> {
  const said = Promise.withResolvers<string>();
  const curious = await connect(`mqtt://127.0.0.1:${mqttPort}`, {
    receive: ({ payload }) => said.resolve(new TextDecoder().decode(payload)),
  });
  await curious.subscribe({ topicFilter: '$SYS/broker/version' });
  expect(await said.promise).toBe('Glass Broker version 7.7.7');
  await curious.disconnect();
}

async function expectTrace({ port, site, mqttPort }: Served): Promise<void> {
  const open = (path: string, headers: Record<string, string>, ...protocols: string[]) =>
    new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { headers });
  const status = (socket: WebSocket) =>
    new Promise<number>((resolve) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => {});
    });
  const host = `localhost:${port}`;
  const stranger = 'http://stranger.example';
  expect(await status(open('/trace', { host, origin: stranger }))).toBe(403);
  expect(await status(open('/trace', { host, origin: site, 'sec-fetch-site': 'same-site' }))).toBe(403);
  expect(
    await status(open('/trace', { host: `stranger.example:${port}`, origin: `${stranger}:${port}` })),
  ).toBe(403);
  expect(await status(open('/trace', { host }))).toBe(403);
  expect(await status(open('/mqtt', { host, origin: stranger }, 'mqtt'))).toBe(403);
  expect(await status(open('/mqtt', { host }))).toBe(400);

  const page = open('/trace', { host, origin: site });
  const events: FeedEvent[] = [];
  const seen = new Promise<void>((resolve) =>
    page.on('message', (data) => {
      const message = readMessage(String(data));
      if (message.kind === 'greeting') expect(message.port).toBe(mqttPort);
      else events.push(...message.events);
      if (events.some(({ event }) => event.clientId === 'watched' && event.kind === 'closed')) resolve();
    }),
  );
  expect(await status(page)).toBe(101);
  const client = await connect(`mqtt://127.0.0.1:${mqttPort}`, { clientId: 'watched' });
  await client.disconnect();
  await seen;
  page.close();
  const first = events.find(({ event }) => event.kind === 'received' && event.frame[0] === 0x10);
  expect(first).toBeDefined();
}
