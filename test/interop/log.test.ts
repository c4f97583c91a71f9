// The same log for Mosquitto and for our broker, type by type, while the file that says which lines are wanted changes under it.
import { describe, expect, test } from 'vitest';
import { listen } from '#broker/node/index.ts';
import { publish, subscribe, unsubscribe } from '../conformance/packets.ts';
import { folder, isInstalled } from '../node/files.ts';
import { wire } from '../node/wire.ts';
import { run } from '../process.ts';

const BROKERS = {
  mosquitto: { command: 'mosquitto', words: [] },
  ours: { command: process.execPath, words: ['broker/node/broker.ts'] },
};

/** What a log has of one client that comes, subscribes, publishes and goes, by the lines that say what is wanted. */
const WANTED: readonly (readonly [lines: string, log: readonly string[]])[] = [
  [
    'log_type notice',
    [
      'New connection from PEER on port PORT.',
      'New client connected from PEER as c1 (p2, c1, k60).',
      'Client c1 disconnected.',
    ],
  ],
  ['log_type notice\nconnection_messages false', []],
  ['log_type subscribe', ['c1 1 a/#']],
  ['log_type unsubscribe', ['c1 a/#']],
  ['log_type error\nlog_type warning', []],
  [
    'log_type debug',
    [
      'No will message specified.',
      'Sending CONNACK to c1 (0, 0)',
      'Received SUBSCRIBE from c1',
      '\ta/# (QoS 1)',
      'Sending SUBACK to c1',
      "Received PUBLISH from c1 (d0, q1, r0, m2, 'a/b', ... (1 bytes))",
      "Sending PUBLISH to c1 (d0, q1, r0, m1, 'a/b', ... (1 bytes))",
      'Sending PUBACK to c1 (m2, rc0)',
      'Received UNSUBSCRIBE from c1',
      '\ta/#',
      'Sending UNSUBACK to c1',
      'Received PINGREQ from c1',
      'Sending PINGRESP to c1',
      'Received DISCONNECT from c1',
    ],
  ],
  ['log_type none', []],
];

// In CI the programs belong to the machine, and without them the tests fail.
describe.skipIf(!isInstalled('mosquitto') && process.env.CI !== 'true')('the log', () => {
  test.each(['ours', 'mosquitto'] as const)('of %s has the types of lines that are wanted', async (name) => {
    const free = await listen({ port: 0 });
    await free.close();
    const { write } = folder();
    const put = (lines: string) =>
      write(
        'mosquitto.conf',
        `listener ${free.port} 127.0.0.1\nallow_anonymous true\nlog_timestamp false\nsys_interval 0\n${lines}\n`,
      );
    const file = put('log_type all');
    const { command, words } = BROKERS[name];
    const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
    const broker = run(command, [...words, '-c', file], { PATH: path });
    await broker.says(name === 'ours' ? 'istening on port' : 'running');
    const parts = () => broker.said().split('Reloading config.\n');
    const reload = async (lines: string) => {
      // Without `information` the next reloading says nothing.
      put(`${lines}\nlog_type information`);
      const before = parts().length;
      broker.kill('SIGHUP');
      await expect.poll(() => parts().length).toBe(before + 1);
    };
    for (const [lines] of WANTED) {
      await reload(lines);
      const client = await wire(free.port, { clientId: 'c1' });
      client.send(subscribe(1, { topicFilter: 'a/#', qos: 1 }));
      client.send(publish('a/b', 'x', { packetId: 2 }), unsubscribe(3, 'a/#'));
      await client.come();
      client.send({ type: 'disconnect', reasonCode: 0 });
      await client.closed;
    }
    await reload('log_type none');
    const log = parts().slice(1, -1).map(tidied);
    expect(log.map((said, index) => [WANTED[index]?.[0], said])).toEqual(WANTED);
  });
});

/** The lines of a log about clients, without what differs from run to run. */
function tidied(said: string): string[] {
  return said
    .replace(/127\.0\.0\.1:\d+/g, 'PEER')
    .replace(/on port \d+/g, 'on port PORT')
    .split('\n')
    .filter((line) => / c1\b|^c1 |^\t|PEER|^No will/.test(line));
}
