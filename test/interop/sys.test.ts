// The topics below $SYS beside those of the real Mosquitto: whoever watches that one can watch ours.
import { describe, expect, test } from 'vitest';
import { listen } from '#broker/node/index.ts';
import { folder, isInstalled, runToEnd } from '../node/files.ts';
import { run } from '../process.ts';

async function freePort(): Promise<number> {
  const listening = await listen({ port: 0 });
  await listening.close();
  return listening.port as number;
}

/** What a broker tells of itself within some seconds. */
async function told(command: string, words: readonly string[], ready: string): Promise<Map<string, string>> {
  const port = await freePort();
  const content = `listener ${port} 127.0.0.1\nallow_anonymous true\nsys_interval 1\n`;
  const file = folder().write('mosquitto.conf', content);
  const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  await run(command, [...words, '-c', file], { PATH: path }).says(ready);
  const { stdout } = runToEnd('mosquitto_sub', [
    '-p',
    String(port),
    '-t',
    '$SYS/#',
    '-W',
    '4',
    '-F',
    '%t\t%p',
  ]);
  return new Map(stdout.split('\n').map((line) => line.split('\t') as [string, string]));
}

// In CI the programs belong to the machine, and without them the tests fail.
const missing = ['mosquitto', 'mosquitto_sub'].some((program) => !isInstalled(program));
describe.skipIf(missing && process.env.CI !== 'true')('the topics below $SYS', () => {
  test('are all there that Mosquitto has, and their values look like its', async () => {
    const theirs = await told('mosquitto', [], 'running');
    const ours = await told(process.execPath, ['broker/node/broker.ts'], 'istening on port');
    expect(theirs.size).toBeGreaterThan(40);
    expect([...theirs.keys()].filter((topic) => !ours.has(topic))).toEqual([]);
    const shape = (value = '') => value.replace(/\d+/g, '0');
    for (const [topic, value] of theirs)
      if (!topic.endsWith('/version')) expect(shape(ours.get(topic)), topic).toBe(shape(value));
    expect(ours.get('$SYS/broker/clients/connected')).toBe('1');
    expect(ours.get('$SYS/broker/version')).toMatch(/^Glass Broker version \d/);
  });
});
