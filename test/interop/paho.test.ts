// paho-mqtt, a client in another language and of others' making, against our broker, over TCP and over WebSocket. What it does
// stands in scenario.py.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { run } from '../process.ts';
import { watched } from '../watched.ts';

/** Debian's packages are for Debian's Python, which need not be the first on the path. */
const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import paho.mqtt.client']).status === 0,
);

const VERSIONS = [
  { version: 3, name: '3.1' },
  { version: 4, name: '3.1.1' },
  { version: 5, name: '5.0' },
] as const;
const cases = (['tcp', 'websockets'] as const).flatMap((transport) =>
  VERSIONS.map((version) => ({ transport, ...version })),
);

const PROPERTIES = {
  user: [
    ['a', '1'],
    ['a', '2'],
  ],
  type: 'text/plain',
  answer: 'answers',
  correlation: [0, 1],
  expiry: 100,
  format: 1,
  identifier: [7],
  assigned: true,
};

// In CI it belongs to the machine, and without it the tests fail.
test.skipIf(python === undefined && process.env.CI !== 'true').for(cases)(
  'paho-mqtt of $name over $transport delivers, retains, leaves wills and keeps its session',
  async ({ transport, version }) => {
    const broker = await watched();
    const port = transport === 'tcp' ? broker.port : broker.webSocketPort;
    const words = ['test/interop/scenario.py', String(port), transport, String(version)];
    const { out, err } = await run(python ?? 'python3', words).ended;
    expect(String(err)).toBe('');
    expect(JSON.parse(String(out))).toEqual({
      delivery: ['0 0 Room1/Light on 0', '1 0 Room1/Light on 1', '2 0 Room1/Light on 2'],
      retained: ['1 1 kept still here', '1 0 kept '],
      wills: ['1 0 gone/mortal gone'],
      sessions: [...(version === 3 ? [null, null] : [false, true]), '1 0 a one', '2 0 a two'],
      ...(version === 5 && { properties: PROPERTIES }),
    });
  },
);
