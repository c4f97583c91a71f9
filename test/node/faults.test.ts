// A fault in the broker's own code: it ends the connection on which it came up, with its reason, and nothing else.
import { expect, onTestFinished, test } from 'vitest';
import { REASON, utf8 } from '#broker/codec/index.ts';
import { configure } from '#broker/node/config/configuration.ts';
import { read } from '#broker/node/config/read.ts';
import { connect, serve } from '#broker/node/index.ts';
import { OPEN } from '#broker/server/access.ts';
import { Broker, type Environment } from '#broker/server/broker.ts';
import type { Connection } from '#broker/session/link.ts';
import type { TraceEvent } from '#broker/session/trace.ts';
import { watched } from '../watched.ts';
import { folder } from './files.ts';

const V5 = { version: 5 } as const;
const TROUBLE = { topic: 'trouble', payload: utf8('x'), qos: 1 } as const;
const PEER = /^127\.0\.0\.1:\d+$/;

/** A broker's environment in which some things fail. */
const FAULTY: Partial<Environment> = {
  access: {
    ...OPEN,
    publish(_client, topic) {
      if (topic === 'trouble') throw new Error('a fault');
      return true;
    },
    connect(connect, _peer, decide) {
      if (connect.username === 'trouble') throw new Error('another fault');
      decide(REASON.Success);
    },
  },
};

test('on a connection ends that connection, with 0x83 where the client can be told, and the others live on', async () => {
  const failures: unknown[] = [];
  const failed = (error: unknown, peer?: string) => failures.push([(error as Error).message, peer]);
  const { port, webSocketPort, broker, happens } = await watched({ environment: FAULTY, failed });
  const bystander = await connect(`mqtt://127.0.0.1:${port}`, { ...V5, clientId: 'bystander' });
  for (const url of [`mqtt://127.0.0.1:${port}`, `ws://127.0.0.1:${webSocketPort}`]) {
    const client = await connect(url, { ...V5, clientId: 'cause' });
    await expect(client.publish(TROUBLE)).rejects.toThrow('closed');
    expect(await client.closed).toContain(`reason code ${REASON.ImplementationSpecificError}`);
    await happens('closed', 'cause');
    await expect(connect(url, { ...V5, username: 'trouble' })).rejects.toThrow();
  }
  expect(failures).toEqual(
    ['a fault', 'another fault', 'a fault', 'another fault'].map((message) => [
      message,
      expect.stringMatching(PEER),
    ]),
  );
  const { sessions } = (broker as Broker).snapshot();
  expect(sessions.map(({ clientId }) => clientId)).toEqual(['bystander']);
  expect(await bystander.publish({ topic: 'a', payload: utf8('x'), qos: 1 })).toBe(
    REASON.NoMatchingSubscribers,
  );
  await bystander.disconnect();
});

test('in a broker that could not even close the connection, or not take it, still ends it', async () => {
  const failures: string[] = [];
  let isTaking = true;
  const hopeless: Connection = {
    receive() {
      throw new Error('receiving');
    },
    drained: () => {},
    closed() {
      throw new Error('closing');
    },
  };
  const accept = () => {
    if (isTaking) return hopeless;
    throw new Error('accepting');
  };
  const party = { accept, advance: () => {}, deadline: Number.POSITIVE_INFINITY, shutdown: () => {} };
  const { port } = await watched({
    broker: party,
    failed: (error) => failures.push((error as Error).message),
  });
  await expect(connect(`mqtt://127.0.0.1:${port}`)).rejects.toThrow();
  isTaking = false;
  await expect(connect(`mqtt://127.0.0.1:${port}`)).rejects.toThrow();
  expect(failures).toEqual(['receiving', 'closing', 'accepting']);
});

test('in what was due ends nothing', async () => {
  const failures: unknown[] = [];
  const broker = new Broker();
  broker.timers.schedule(1, () => {
    throw new Error('too late');
  });
  const failed = (error: unknown, peer?: string) => failures.push([(error as Error).message, peer]);
  const { port } = await watched({ broker, failed });
  const client = await connect(`mqtt://127.0.0.1:${port}`);
  expect(failures).toEqual([['too late', undefined]]);
  await client.disconnect();
});

test('is logged with the name of the connection and where in the code it is', async () => {
  const notes: [string, string][] = [];
  const file = folder().write('mosquitto.conf', 'listener 1883\nallow_anonymous true\nsys_interval 0');
  const configuration = configure(read(file));
  const [listener] = configuration.listeners;
  const at = { port: 0, addresses: ['127.0.0.1'], host: undefined };
  const serving = await serve(
    { ...configuration, listeners: [{ ...(listener as NonNullable<typeof listener>), at }] },
    { environment: { trace: failAtMatch }, note: (type, text) => notes.push([type, text]) },
  );
  onTestFinished(() => serving.close());
  const client = await connect(`mqtt://127.0.0.1:${serving.portsOf.get(at)}`, V5);
  await expect(client.publish(TROUBLE)).rejects.toThrow('closed');
  expect(notes[0]).toEqual([
    'error',
    expect.stringMatching(
      /^Error: The broker failed on the connection from 127\.0\.0\.1:\d+: Error: no match$/,
    ),
  ]);
  expect(notes[1]?.[1]).toContain('faults.test.ts');
});

function failAtMatch({ kind }: TraceEvent): void {
  if (kind === 'matched') throw new Error('no match');
}
