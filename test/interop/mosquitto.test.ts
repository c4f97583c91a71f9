// The real mosquitto_pub and mosquitto_sub against our broker.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Running, run } from '../process.ts';
import { type Watched, watched } from '../watched.ts';

const isInstalled = spawnSync('mosquitto_sub', ['--help']).error === undefined;

const VERSIONS = ['mqttv31', 'mqttv311', 'mqttv5'] as const;
const QOS = [0, 1, 2] as const;

// In CI the tools belong to the machine, and without them the tests fail.
describe.skipIf(!isInstalled && process.env.CI !== 'true')('mosquitto_pub and mosquitto_sub', () => {
  const pairs = VERSIONS.flatMap((from) => VERSIONS.map((to) => ({ from, to })));

  test.each(pairs)('from a publisher of $from to a subscriber of $to, at every QoS', async ({ from, to }) => {
    const broker = await watched();
    for (const granted of QOS) {
      const subscriber = await subscribe(broker, `s${granted}`, to, 'Room1/#', [
        '-q',
        String(granted),
        '-C',
        '3',
        '-F',
        '%q %t %p',
      ]);
      for (const qos of QOS)
        await publish(broker, from, ['-q', String(qos), '-t', 'Room1/Light', '-m', `Turn On ${qos}`]);
      const { code, out } = await subscriber.ended;
      expect(String(out)).toBe(
        QOS.map((qos) => `${Math.min(qos, granted)} Room1/Light Turn On ${qos}\n`).join(''),
      );
      expect(code).toBe(0);
    }
  });

  test.each(VERSIONS)(
    '%s: a retained message waits for whoever comes, until it is removed',
    async (version) => {
      const broker = await watched();
      const once = ['-C', '1', '-F', '%r %p'];
      await publish(broker, version, ['-q', '1', '-r', '-t', 'Room1/Light', '-m', 'on']);
      const before = await subscribe(broker, 'before', version, 'Room1/#', once);
      expect(String((await before.ended).out)).toBe('1 on\n');
      await publish(broker, version, ['-q', '1', '-r', '-t', 'Room1/Light', '-n']);
      const after = await subscribe(broker, 'after', version, 'Room1/#', once);
      await publish(broker, version, ['-q', '1', '-t', 'Room1/Light', '-m', 'live']);
      expect(String((await after.ended).out)).toBe('0 live\n');
    },
  );

  test.each(VERSIONS)('%s: a client that is killed leaves its will', async (version) => {
    const broker = await watched();
    const watcher = await subscribe(broker, 'watcher', version, 'gone/#', ['-C', '1', '-F', '%q %t %p']);
    const mortal = await subscribe(broker, 'mortal', version, 'a', [
      ...['--will-topic', 'gone/mortal', '--will-payload', 'killed', '--will-qos', '1'],
    ]);
    mortal.kill('SIGKILL');
    expect(String((await watcher.ended).out)).toBe('0 gone/mortal killed\n');
  });

  test.each(VERSIONS)('%s: a client that says goodbye leaves no will', async (version) => {
    const broker = await watched();
    const watcher = await subscribe(broker, 'watcher', version, 'gone', ['-C', '1']);
    await publish(broker, version, ['-t', 'a', '-m', 'x', '--will-topic', 'gone', '--will-payload', 'wrong']);
    await publish(broker, version, ['-t', 'gone', '-m', 'right']);
    expect(String((await watcher.ended).out)).toBe('right\n');
  });

  test.each(VERSIONS)('%s: a persistent session keeps messages of QoS 1 and 2', async (version) => {
    const broker = await watched();
    const keep = version === 'mqttv5' ? ['-c', '-x', '60'] : ['-c'];
    const away = await subscribe(broker, 'keeper', version, 'a', ['-q', '2', '-E', ...keep]);
    await away.ended;
    await broker.happens('closed', 'keeper');
    for (const qos of QOS) await publish(broker, version, ['-q', String(qos), '-t', 'a', '-m', `at ${qos}`]);
    const back = await subscribe(broker, 'keeper', version, 'a', ['-q', '2', '-C', '2', ...keep], 2);
    expect(String((await back.ended).out)).toBe('at 1\nat 2\n');
  });

  test.each(VERSIONS)('%s: a payload of a million bytes arrives as it was', async (version) => {
    const broker = await watched();
    const folder = mkdtempSync(join(tmpdir(), 'glass-broker-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const payload = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => (index * 31) % 251));
    const file = join(folder, 'payload');
    writeFileSync(file, payload);
    for (const qos of QOS) {
      const subscriber = await subscribe(broker, `s${qos}`, version, 'a', [
        '-q',
        String(qos),
        '-C',
        '1',
        '-N',
      ]);
      await publish(broker, version, ['-q', String(qos), '-t', 'a', '-f', file]);
      const { out } = await subscriber.ended;
      expect(out.equals(payload)).toBe(true);
    }
  });

  test.each(VERSIONS)('%s: a thousand messages arrive in their order', async (version) => {
    const broker = await watched();
    const lines = Array.from({ length: 1000 }, (_, index) => `message ${index}\n`).join('');
    for (const qos of QOS) {
      const subscriber = await subscribe(broker, `s${qos}`, version, 'a', ['-q', String(qos), '-C', '1000']);
      const publisher = tool('mosquitto_pub', broker, version, ['-q', String(qos), '-t', 'a', '-l']);
      publisher.feed(lines);
      expect(await publisher.ended).toMatchObject({ code: 0 });
      expect(String((await subscriber.ended).out)).toBe(lines);
    }
  });

  test.each(VERSIONS)('%s: unsubscribing ends what subscribing began', async (version) => {
    const broker = await watched();
    const subscriber = await subscribe(broker, 's', version, 'b', ['-t', 'a', '-U', 'a', '-C', '1']);
    await broker.happens('unsubscribed', 's');
    await publish(broker, version, ['-t', 'a', '-m', 'wrong']);
    await publish(broker, version, ['-t', 'b', '-m', 'right']);
    expect(String((await subscriber.ended).out)).toBe('right\n');
  });

  test.each(VERSIONS)('%s: the second of a name takes over from the first', async (version) => {
    const broker = await watched();
    await subscribe(broker, 'same', version, 'a', ['-C', '1']);
    await subscribe(broker, 'same', version, 'a', ['-C', '1'], 2);
    await broker.happens('closed', 'same');
    expect(broker.trace.find(({ kind }) => kind === 'closed')).toMatchObject({ connection: 1 });
  });
});

/** Runs mosquitto_sub until the broker has its subscription, for the `count`th time. */
async function subscribe(
  broker: Watched,
  name: string,
  version: string,
  topicFilter: string,
  more: readonly string[],
  count = 1,
): Promise<Running> {
  const running = tool('mosquitto_sub', broker, version, ['-i', name, '-t', topicFilter, ...more]);
  await broker.happens('subscribed', name, count);
  return running;
}

/** Runs mosquitto_pub to its end. */
async function publish(broker: Watched, version: string, words: readonly string[]): Promise<void> {
  const { code } = await tool('mosquitto_pub', broker, version, words).ended;
  expect(code).toBe(0);
}

function tool(name: string, { port }: Watched, version: string, words: readonly string[]): Running {
  return run(name, ['-h', '127.0.0.1', '-p', String(port), '-V', version, ...words]);
}
