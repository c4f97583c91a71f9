// The log: its lines beside those that Mosquitto writes of the same happenings, from the trace alone.
import { expect, test } from 'vitest';
import { REASON, utf8 } from '#broker/codec/index.ts';
import type { LogType } from '#broker/node/config/options.ts';
import { log } from '#broker/node/index.ts';
import { OPEN } from '#broker/server/access.ts';
import type { TraceEvent } from '#broker/session/trace.ts';
import { type Rig, transports } from '../transport.ts';

transports.each('the log', (open) => {
  test('of a subscriber of 5.0 and a publisher of 3.1.1 reads like that of mosquitto -v', async () => {
    const rig = await open();
    await exchange(rig);
    expect(linesOf(rig.trace, true)).toEqual([
      'New connection from PEER on port 1883.',
      'New client connected from PEER as s1 (p5, c1, k60).',
      'Will message specified (3 bytes) (r0, q1).',
      '\tgone',
      'Sending CONNACK to s1 (0, 0)',
      'Received SUBSCRIBE from s1',
      '\tRoom1/# (QoS 2)',
      '\ta (QoS 0)',
      's1 2 Room1/#',
      's1 0 a',
      'Sending SUBACK to s1',
      'New connection from PEER on port 1883.',
      "New client connected from PEER as p1 (p2, c0, k0, u'ann').",
      'No will message specified.',
      'Sending CONNACK to p1 (0, 0)',
      "Received PUBLISH from p1 (d0, q2, r1, m7, 'Room1/Light', ... (7 bytes))",
      "Sending PUBLISH to s1 (d0, q2, r0, m1, 'Room1/Light', ... (7 bytes))",
      'Sending PUBREC to p1 (m7, rc0)',
      'Received PUBREL from p1 (Mid: 7)',
      'Sending PUBCOMP to p1 (m7)',
      'Received PUBREC from s1 (Mid: 1)',
      'Sending PUBREL to s1 (m1)',
      'Received PUBCOMP from s1 (Mid: 1, RC:0)',
      'Received UNSUBSCRIBE from s1',
      '\ta',
      's1 a',
      'Sending UNSUBACK to s1',
      'Received PINGREQ from p1',
      'Sending PINGRESP to p1',
      'Received DISCONNECT from p1',
      'Client p1 disconnected.',
      'Client s1 closed its connection.',
    ]);
  });

  test('has only comings and goings when it is not verbose', async () => {
    const rig = await open();
    await exchange(rig);
    expect(linesOf(rig.trace, false)).toEqual([
      'New connection from PEER on port 1883.',
      'New client connected from PEER as s1 (p5, c1, k60).',
      'New connection from PEER on port 1883.',
      "New client connected from PEER as p1 (p2, c0, k0, u'ann').",
      'Client p1 disconnected.',
      'Client s1 closed its connection.',
    ]);
  });

  test('says why a client was sent away', async () => {
    const rig = await open({ connectTimeout: 30 });
    await rig.client({ clientId: 'twice' });
    const second = await rig.client({ clientId: 'twice' });
    await second.send(new Uint8Array([0xc1, 0]));
    await rig.client({ clientId: 'quiet', keepAlive: 1 });
    await rig.advance(1500);
    await rig.connect();
    await rig.advance(30_000);
    const lines = linesOf(rig.trace, false).filter((line) => line.startsWith('Client'));
    expect(lines).toEqual([
      'Client twice already connected, closing old connection.',
      'Client twice disconnected due to malformed packet.',
      'Client quiet has exceeded timeout, disconnecting.',
      'Client <unknown> disconnected: no CONNECT in time.',
    ]);
  });

  test('says of a client whom nobody knows that he was not authorised', async () => {
    const rig = await open(
      {},
      { access: { ...OPEN, connect: (_connect, _peer, decide) => decide(REASON.NotAuthorized) } },
    );
    const wire = await rig.connect();
    await wire.send({ type: 'connect', version: 4, cleanStart: true, keepAlive: 0, clientId: 'stranger' });
    expect(linesOf(rig.trace, false).at(-1)).toBe('Client stranger disconnected, not authorised.');
  });

  test('shows what a stranger calls itself on one line', async () => {
    const rig = await open();
    await rig.client({ clientId: 'a\n1: Client b disconnected.' });
    expect(linesOf(rig.trace, false)[1]).toBe(
      'New client connected from PEER as a\\x0a1: Client b disconnected. (p2, c1, k0).',
    );
  });
});

test('a line has the type that Mosquitto gives it, and the time of its event', () => {
  const lines: unknown[] = [];
  const options = { wants: () => true, hasConnections: true, portOf: () => 1883 };
  const trace = log((type, text, at) => lines.push([type, text, at]), options);
  trace({ at: 1234.5, by: 'broker', connection: 1, kind: 'opened', peer: '127.0.0.1:54321' });
  trace({ at: 1235, by: 'broker', kind: 'failed', peer: '127.0.0.1:54322', reason: 'no shared cipher' });
  expect(lines).toEqual([
    ['notice', 'New connection from 127.0.0.1:54321 on port 1883.', 1234.5],
    ['notice', 'Client connection from 127.0.0.1:54322 failed: no shared cipher.', 1235],
  ]);
});

test('clients that come and go can be left out', () => {
  const lines: string[] = [];
  const options = { wants: () => true, hasConnections: false, portOf: () => 1883 };
  const trace = log((_type, text) => lines.push(text), options);
  trace({ at: 1, by: 'broker', connection: 1, kind: 'opened', peer: 'x' });
  trace({ at: 2, by: 'broker', connection: 1, kind: 'closed' });
  expect(lines).toEqual([]);
});

/** A subscriber that dies, and a publisher that says goodbye. */
async function exchange(rig: Rig): Promise<void> {
  const will = { topic: 'gone', payload: utf8('bye'), qos: 1, retain: false } as const;
  const subscriber = await rig.client({ version: 5, clientId: 's1', keepAlive: 60, will });
  const defaults = { noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  const subscriptions = [
    { topicFilter: 'Room1/#', qos: 2 as const, ...defaults },
    { topicFilter: 'a', qos: 0 as const, ...defaults },
  ];
  await subscriber.send({ type: 'subscribe', packetId: 1, subscriptions });
  const publisher = await rig.client({ clientId: 'p1', cleanStart: false, username: 'ann' });
  const message = {
    dup: false,
    qos: 2,
    retain: true,
    topic: 'Room1/Light',
    payload: utf8('Turn On'),
  } as const;
  await publisher.send({ type: 'publish', packetId: 7, ...message });
  await publisher.send({ type: 'pubrel', packetId: 7, reasonCode: 0 });
  await subscriber.send({ type: 'pubrec', packetId: 1, reasonCode: 0 });
  await subscriber.send({ type: 'pubcomp', packetId: 1, reasonCode: 0 });
  await subscriber.send({ type: 'unsubscribe', packetId: 2, topicFilters: ['a'] });
  await publisher.send({ type: 'pingreq' });
  await publisher.send({ type: 'disconnect', reasonCode: 0 });
  await subscriber.cut();
}

/** The log of a trace, without the time. */
function linesOf(trace: readonly TraceEvent[], verbose: boolean): string[] {
  const lines: string[] = [];
  const wants = (type: LogType) => verbose || type === 'notice';
  const record = log(
    (_type, text) => lines.push(text.replace(/from (memory|127\.0\.0\.1:\d+)/, 'from PEER')),
    { wants, hasConnections: true, portOf: () => 1883 },
  );
  for (const event of trace) record(event);
  return lines;
}
