// Clients that would bring a broker down, on sockets of the machine's own: each runs into the limit that is there for it.
import { connect as connectTcp, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { encode, utf8 } from '#broker/codec/index.ts';
import { publish, subscribe } from '../conformance/packets.ts';
import { served } from './served.ts';

const OPEN_TO_ALL = 'allow_anonymous true\n';
const CONNECT = encode({ type: 'connect', version: 4, cleanStart: true, keepAlive: 0, clientId: 'slow' }, 4);

test('who sends and never reads is not read any further, and cut after a while; others do not notice', async () => {
  const { ports, notes, client, trace } = await served(
    `glass_max_backlog 200000\nglass_reader_timeout 1\nlistener 1883\n${OPEN_TO_ALL}`,
  );
  const socket = await dial(ports[0]);
  socket.pause();
  const over = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => {});
  socket.write(CONNECT);
  socket.write(encode(subscribe(1, '#'), 4));
  const message = encode(publish('a', 'x'.repeat(100_000)), 4);
  const flood = () => {
    while (!socket.destroyed && socket.write(message));
  };
  socket.on('drain', flood);
  flood();
  const other = await client({ version: 5 });
  expect(await other.publish({ topic: 'a', payload: utf8('x'), qos: 1 })).toBe(0);
  await expect
    .poll(() => notes, { timeout: 10_000 })
    .toEqual([expect.stringMatching(/ cut: nothing is read there\.$/)]);
  socket.resume();
  await over;
  expect(trace).toContainEqual(expect.objectContaining({ kind: 'closed', clientId: 'slow' }));
});

test('of a reader that is too slow, messages at QoS 0 are dropped, the others wait, and nobody else does', async () => {
  const { ports, client, trace, serving } = await served(
    `glass_max_backlog 200000\nmax_queued_messages 5\nlistener 1883\n${OPEN_TO_ALL}`,
  );
  const socket = await dial(ports[0]);
  socket.write(CONNECT);
  socket.write(encode(subscribe(1, { topicFilter: '#', qos: 1 }), 4));
  await expect.poll(() => trace.some(({ kind }) => kind === 'subscribed')).toBe(true);
  socket.pause();
  const publisher = await client({ version: 5 });
  const payload = new Uint8Array(100_000);
  const dropped = (qos: number) => trace.some((event) => event.kind === 'dropped' && event.qos === qos);
  while (!dropped(0)) {
    await publisher.publish({ topic: 'a', payload, qos: 0 });
    await new Promise((resolve) => setImmediate(resolve));
  }
  while (!dropped(1)) expect(await publisher.publish({ topic: 'a', payload, qos: 1 })).toBe(0);
  const [session] = serving.broker.snapshot().sessions;
  expect(session).toMatchObject({ clientId: 'slow', connected: true });
  expect(session?.queued).toHaveLength(5);
  socket.destroy();
});

test('who never asks for a WebSocket, or for one in vain, is counted among the connections, and cut in time', async () => {
  const { ports, notes } = await served(
    `glass_connect_timeout 1\nlistener 1883\nprotocol websockets\nmax_connections 1\n${OPEN_TO_ALL}`,
  );
  const silent = await dial(ports[0]);
  silent.write('GET / HTTP/1.1\r\n');
  const denied = await dial(ports[0]);
  await closed(denied);
  expect(notes).toEqual([expect.stringMatching(/ denied: max_connections exceeded\.$/)]);
  await closed(silent);
});

test('a WebSocket message that is too large is not put together, before CONNECT or after', async () => {
  const { ports, trace } = await served(
    `glass_max_connect_size 1000\nmax_packet_size 2000\nlistener 1883\nprotocol websockets\n${OPEN_TO_ALL}`,
  );
  const open = () =>
    new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${ports[0]}`, 'mqtt');
      socket.once('open', () => resolve(socket)).on('error', reject);
    });
  const early = await open();
  early.removeAllListeners('error').on('error', () => {});
  early.send(new Uint8Array(1_000_000));
  await new Promise((resolve) => early.once('close', resolve));
  expect(trace.some(({ kind }) => kind === 'malformed' || kind === 'received')).toBe(false);
  const late = await open();
  late.send(CONNECT);
  await new Promise((resolve) => late.once('message', resolve));
  const many = Array.from({ length: 100 }, () => encode(publish('a', 'x'.repeat(1000)), 4));
  late.send(Buffer.concat(many));
  await expect.poll(() => trace.filter(({ kind }) => kind === 'matched').length).toBe(100);
  late.removeAllListeners('error').on('error', () => {});
  late.send(new Uint8Array(2_000_000));
  expect(await new Promise((resolve) => late.once('close', resolve))).toBe(1009);
});

test('memory that is full is told of in the log', async () => {
  const { client, notes, reload } = await served(`memory_limit 3000\nlistener 1883\n${OPEN_TO_ALL}`);
  const publisher = await client({ version: 5 });
  const retain = (topic: string) =>
    publisher.publish({ topic, payload: new Uint8Array(1000), qos: 1, retain: true });
  expect([await retain('a'), await retain('b'), await retain('c')]).toEqual([0x10, 0x10, 0x97]);
  reload(`memory_limit 0\nglass_max_retained 3\nlistener 1883\n${OPEN_TO_ALL}`);
  expect([await retain('c'), await retain('d')]).toEqual([0x10, 0x97]);
  reload(`memory_limit 3000\nlistener 1883\n${OPEN_TO_ALL}`);
  expect(await retain('a')).toBe(0x97);
  expect(notes).toEqual(['memory_limit is reached: what would have to be kept is refused.']);
});

function dial(port: number | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ port: port as number, host: '127.0.0.1' }, () => resolve(socket));
    socket.once('error', reject);
  });
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.resume();
  });
}
