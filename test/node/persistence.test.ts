// Brokers whose state outlives them: killed under load and started again on the same store, and kept from what is not a store of
// theirs. KILLS=500 kills more often.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { expect, test } from 'vitest';
import { textOf } from '#broker/codec/index.ts';
import { connect } from '#broker/node/index.ts';
import { type Running, run } from '../process.ts';
import { folder } from './files.ts';
import { Keeper, Publisher } from './lasting.ts';

const KILLS = Number(process.env['KILLS'] ?? 50);
/** So many brokers are killed at the same time: most of the time goes by until one has started. */
const LANES = 3;
/** A broker is killed so many milliseconds after it has begun to listen, at the latest. */
const LONGEST_LIFE = 300;

test(`what was acknowledged outlives ${KILLS} kills, and no QoS 2 message comes twice`, {
  timeout: 60_000 + 2_000 * KILLS,
}, async () => {
  await Promise.all(Array.from({ length: LANES }, () => loadAndKill(Math.ceil(KILLS / LANES))));
});

async function loadAndKill(kills: number): Promise<void> {
  const { file } = place();
  let broker = await start(file);
  const portOf = () => broker.port;
  const keepers = ([4, 5] as const).map(
    (version) => new Keeper(`keeper-${version}`, version, 'load/#', portOf),
  );
  for (const keeper of keepers) await keeper.subscribed;
  const publishers = [
    new Publisher('new', 5, 2, portOf),
    new Publisher('common', 4, 1, portOf),
    new Publisher('old', 3, 2, portOf),
  ];
  for (const publisher of publishers) publisher.begin();
  for (let kill = 0; kill < kills; kill++) {
    await sleep(Math.random() * LONGEST_LIFE);
    broker.running.kill('SIGKILL');
    await broker.running.ended;
    broker = await start(file);
  }
  for (const publisher of publishers) await publisher.end();
  for (const { topic, qos, published } of publishers) {
    expect(published.length).toBeGreaterThan(kills);
    for (const keeper of keepers) {
      const last = published.at(-1) as string;
      await expect.poll(() => keeper.on(topic).includes(last), { timeout: 20_000 }).toBe(true);
      const got = keeper.on(topic);
      expect(qos === 2 ? got : [...new Set(got)], topic).toEqual(published);
    }
  }
  for (const keeper of keepers) keeper.stop();
  const last = publishers.map(({ topic, published }) => [topic, published.at(-1)] as const);
  expect(await retainedOn(broker.port)).toEqual(new Map(last));
  broker.running.kill('SIGTERM');
  await broker.running.ended;
}

/** The retained messages below `load`. */
async function retainedOn(port: number): Promise<Map<string, string | undefined>> {
  const retained = new Map<string, string | undefined>();
  const visitor = await connect(`mqtt://127.0.0.1:${port}`, {
    receive: ({ topic, payload }) => void retained.set(topic, textOf(payload)),
  });
  await visitor.subscribe({ topicFilter: 'load/#', qos: 0 });
  await visitor.disconnect();
  return retained;
}

test('a store that another broker has open is left to it', async () => {
  const { file, store } = place();
  const { running } = await start(file);
  expect(await complaint(file)).toContain(`Error: The store ${store} is in use by another broker.`);
  running.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
});

test('Mosquitto’s own store, which has the name without .glass, stays as it is', async () => {
  const { file, store, write } = place();
  const own = write('store', 'a database');
  const { running } = await start(file);
  running.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  expect(readFileSync(own, 'utf8')).toBe('a database');
  expect(readdirSync(store)).toContain('CURRENT');
});

test('a file in the place of the store is left alone', async () => {
  const { file, store } = place();
  writeFileSync(store, 'a database');
  expect(await complaint(file)).toContain(`Error: ${store} is a file, and the store is a folder.`);
  expect(readFileSync(store, 'utf8')).toBe('a database');
});

test('a folder with something else in it is left alone', async () => {
  const { file, store, write } = place();
  write('store.glass/letter.txt', 'Dear');
  expect(await complaint(file)).toContain(`Error: The folder ${store} holds something else than a store.`);
  expect(readdirSync(store)).toEqual(['letter.txt']);
});

test('a store of another program is left alone', async () => {
  const { file, store } = place();
  const level = new ClassicLevel(store);
  await level.put('name', 'value');
  await level.close();
  expect(await complaint(file)).toContain(
    `Error: The store ${store} is damaged, or is not one of this broker.`,
  );
  await level.open();
  expect(await level.get('name')).toBe('value');
  await level.close();
});

test('a store that is damaged is not used, and not changed', async () => {
  const { file, store } = place();
  const { running, port } = await start(file);
  const client = await connect(`mqtt://127.0.0.1:${port}`);
  await client.publish({ topic: 'load/a', payload: new Uint8Array(100), qos: 1, retain: true });
  running.kill('SIGKILL');
  await running.ended;
  const level = new ClassicLevel<string, Uint8Array>(store, { valueEncoding: 'view' });
  const [[key, value] = ['', new Uint8Array()]] = await level.iterator({ gt: 'message/' }).all();
  value[value.length - 1] = 1;
  await level.put(key, value);
  await level.close();
  expect(await complaint(file)).toContain(`Error: The store ${store} is damaged`);
  await level.open();
  expect(await level.get(key)).toEqual(value);
  await level.close();
});

/** A configuration file with a store, in a new folder. */
function place(): { file: string; store: string; write: ReturnType<typeof folder>['write'] } {
  const { path, write } = folder();
  const store = join(path, 'store.glass');
  const lines = [
    'persistence true',
    `persistence_location ${path}/`,
    'persistence_file store',
    'max_queued_messages 0',
  ];
  return { file: write('mosquitto.conf', `${lines.join('\n')}\n`), store, write };
}

/** Starts a broker, and waits until it listens. */
async function start(file: string): Promise<{ running: Running; port: number }> {
  const running = command(file);
  await running.says('clients on this machine only.');
  return { running, port: Number(/Listening on port (\d+)/.exec(running.said())?.[1]) };
}

/** What a broker says that does not start. */
async function complaint(file: string): Promise<string> {
  const running = command(file);
  expect(await running.ended).toMatchObject({ code: 1 });
  return running.said();
}

function command(file: string): Running {
  const compiled = resolve('node_modules/.cache/compiled');
  const words = ['broker/node/broker.ts', '-c', file, '-p', '0'];
  return run(process.execPath, words, { NODE_COMPILE_CACHE: compiled });
}
