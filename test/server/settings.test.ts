// Settings that MQTT leaves to the broker: what waits, how much is under way, and what is passed on.
import { expect, test } from 'vitest';
import { type QoS, REASON, type Subscription, utf8 } from '#broker/codec/index.ts';
import { OPEN } from '#broker/server/access.ts';
import { transports } from '../transport.ts';

function subscribe(topicFilter: string, qos: QoS) {
  const subscription: Subscription = {
    topicFilter,
    qos,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
  };
  return { type: 'subscribe' as const, packetId: 1, subscriptions: [subscription] };
}

function publish(text: string, qos: QoS, packetId = qos === 0 ? undefined : 1) {
  return {
    type: 'publish',
    topic: 'a',
    payload: utf8(text),
    qos,
    dup: false,
    retain: false,
    packetId,
  } as const;
}

const LASTING = { clientId: 'keeper', version: 4, cleanStart: false } as const;

transports.each('a broker', (open) => {
  test('lets QoS 0 messages wait for a client that is away where it is told to, among the others', async () => {
    const rig = await open({ queueQoS0: true });
    const away = await rig.client(LASTING);
    await away.send(subscribe('a', 1), { type: 'disconnect', reasonCode: 0 });
    const publisher = await rig.client();
    await publisher.send(publish('one', 0), publish('two', 1), publish('three', 0));
    const back = await rig.client(LASTING);
    back.expect({ type: 'publish', qos: 0, payload: utf8('one') });
    back.expect({ type: 'publish', qos: 1, payload: utf8('two') });
    back.expect({ type: 'publish', qos: 0, payload: utf8('three') });
    await back.send({ type: 'puback', packetId: 1, reasonCode: 0 });
    await back.cut();
    (await rig.client(LASTING)).expectNothing();
  });

  test('sends at the QoS of the subscription where it is told to', async () => {
    const rig = await open({ upgradeQoS: true });
    const wire = await rig.client();
    await wire.send(subscribe('a', 2));
    wire.expect({ type: 'suback' });
    await (await rig.client()).send(publish('x', 0));
    wire.expect({ type: 'publish', qos: 2, packetId: 1 });
  });

  test('has as many bytes under way as it is told, but always one message', async () => {
    const rig = await open({ maximumInflightBytes: 6 });
    const wire = await rig.client();
    await wire.send(subscribe('a', 1));
    wire.expect({ type: 'suback' });
    const publisher = await rig.client();
    for (const text of ['much too long', 'four', 'two', 'one']) await publisher.send(publish(text, 1));
    wire.expect({ type: 'publish', payload: utf8('much too long') });
    wire.expectNothing();
    await wire.send({ type: 'puback', packetId: 1, reasonCode: 0 });
    wire.expect({ type: 'publish', payload: utf8('four') });
    wire.expect({ type: 'publish', payload: utf8('two') });
    wire.expectNothing();
    await wire.send({ type: 'puback', packetId: 2, reasonCode: 0 });
    wire.expect({ type: 'publish', payload: utf8('one') });
  });

  test('lets as many bytes wait as it is told, and drops the rest', async () => {
    const rig = await open({ maximumQueuedBytes: 10 });
    await (await rig.client(LASTING)).send(subscribe('a', 1), { type: 'disconnect', reasonCode: 0 });
    const publisher = await rig.client();
    for (const text of ['seven..', 'five.', 'ten']) await publisher.send(publish(text, 1));
    const back = await rig.client(LASTING);
    back.expect({ type: 'publish', payload: utf8('seven..') });
    back.expect({ type: 'publish', payload: utf8('ten') });
    back.expectNothing();
    expect(rig.trace).toContainEqual(expect.objectContaining({ kind: 'dropped', why: 'queue full' }));
  });

  test('acknowledges a payload that is too large, and drops it', async () => {
    const rig = await open({ maximumPayloadSize: 3 });
    const wire = await rig.client();
    await wire.send(subscribe('a', 1));
    wire.expect({ type: 'suback' });
    const [older, newer] = [await rig.client(), await rig.client({ version: 5 })];
    await older.send(publish('four', 1));
    older.expect({ type: 'puback' });
    await newer.send(publish('four', 1), publish('one', 1, 2));
    newer.expect({ type: 'puback', packetId: 1, reasonCode: REASON.ImplementationSpecificError });
    newer.expect({ type: 'puback', packetId: 2, reasonCode: REASON.Success });
    wire.expect({ type: 'publish', payload: utf8('one') });
    wire.expectNothing();
  });

  test('sets no more topic aliases than it is told, whatever the client would take', async () => {
    const rig = await open({ outboundTopicAliasMaximum: 0, topicAliasMaximum: 4 });
    const wire = await rig.client({ version: 5, properties: { topicAliasMaximum: 9 } });
    expect(wire.connack?.properties?.topicAliasMaximum).toBe(4);
    await wire.send(subscribe('a', 0), publish('x', 0));
    wire.expect({ type: 'suback' });
    expect(wire.expect({ type: 'publish', topic: 'a' }).properties?.topicAlias).toBeUndefined();
  });

  test('grants a 5.0 client the keep alive that it is told to, and others the one that they ask for', async () => {
    for (const [settings, wanted, granted] of [
      [{ serverKeepAlive: 10 }, 100, 10],
      [{ maximumKeepAlive: 1 }, 2, 1],
      [{ maximumKeepAlive: 60 }, 0, 60],
      [{ maximumKeepAlive: 60 }, 60, undefined],
      [{ maximumKeepAlive: 60 }, 59, undefined],
      [{}, 100, undefined],
      [{}, 0, undefined],
    ] as const) {
      const rig = await open(settings);
      const newer = await rig.client({ version: 5, keepAlive: wanted });
      expect(newer.connack?.properties?.serverKeepAlive).toBe(granted);
      await newer.send({ type: 'disconnect', reasonCode: 0 });
      await rig.client({ keepAlive: wanted });
      expect(rig.broker.deadline).toBe(wanted === 0 ? Number.POSITIVE_INFINITY : 1500 * wanted);
    }
  });

  test('takes a single topic alias where it is told to', async () => {
    const rig = await open({ topicAliasMaximum: 1 });
    const wire = await rig.client({ version: 5 });
    expect(wire.connack?.properties?.topicAliasMaximum).toBe(1);
  });

  test('lets a will have as many levels as a topic may have, and no more', async () => {
    const rig = await open({ maximumTopicLevels: 2 });
    for (const [topic, reasonCode] of [
      ['a/b', REASON.Success],
      ['a/b/c', REASON.TopicNameInvalid],
    ] as const) {
      const wire = await rig.connect(5);
      const will = { topic, payload: utf8(''), qos: 0, retain: false } as const;
      await wire.send({ type: 'connect', version: 5, clientId: 'x', cleanStart: true, keepAlive: 0, will });
      wire.expect({ type: 'connack', reasonCode });
    }
  });

  test('hands a message only to those who may read it, when it comes and when it was retained', async () => {
    const access = { ...OPEN, read: ({ username }: { username: string | undefined }) => username === 'ann' };
    const rig = await open({}, { access });
    const [ann, bob] = [await rig.client({ username: 'ann' }), await rig.client({ username: 'bob' })];
    await bob.send({ ...publish('x', 0), retain: true });
    for (const wire of [ann, bob]) {
      await wire.send(subscribe('a', 0));
      wire.expect({ type: 'suback', reasonCodes: [0] });
    }
    await bob.send(publish('y', 0));
    ann.expect({ type: 'publish', payload: utf8('x') });
    ann.expect({ type: 'publish', payload: utf8('y') });
    bob.expectNothing();
    expect(rig.trace).toContainEqual(
      expect.objectContaining({ kind: 'dropped', why: 'refused', topic: 'a' }),
    );
  });

  test('takes a client for whom it is said to be', async () => {
    const rig = await open(
      {},
      {
        access: {
          ...OPEN,
          connect: (_connect, _peer, decide) => decide(0, { clientId: 'one', username: 'ann' }),
        },
      },
    );
    await rig.client({ clientId: 'other', username: 'bob' });
    expect(rig.broker.snapshot().sessions.map(({ clientId }) => clientId)).toEqual(['one']);
    expect(rig.trace).toContainEqual(expect.objectContaining({ kind: 'identified', username: 'ann' }));
  });

  test('has as many clients as it is told, and those who are away are among them', async () => {
    const rig = await open({ maximumSessions: 2 });
    await (await rig.client(LASTING)).send({ type: 'disconnect', reasonCode: 0 });
    const second = await rig.client();
    const [older, newer] = [await rig.connect(4), await rig.connect(5)];
    await older.send({ type: 'connect', version: 4, clientId: 'x', cleanStart: true, keepAlive: 0 });
    older.expect({ type: 'connack', reasonCode: 3 });
    await newer.send({ type: 'connect', version: 5, clientId: 'x', cleanStart: true, keepAlive: 0 });
    newer.expect({ type: 'connack', reasonCode: REASON.ServerBusy });
    await rig.client(LASTING);
    await second.send({ type: 'disconnect', reasonCode: 0 });
    await rig.client();
  });

  test('forgets retained messages that have expired as often as it is told', async () => {
    const rig = await open({ retainedSweepInterval: 60 });
    const wire = await rig.client({ version: 5 });
    const retain = { ...publish('x', 0), retain: true };
    await wire.send({ ...retain, properties: { messageExpiryInterval: 90 } }, { ...retain, topic: 'b' });
    const topics = () => rig.broker.snapshot().retained.map(({ topic }) => topic);
    await rig.advance(100_000);
    expect(topics()).toEqual(['a', 'b']);
    await rig.advance(20_000);
    expect(topics()).toEqual(['b']);
  });

  test('speaks only the versions that it is told to', async () => {
    const rig = await open({ versions: [5] });
    const wire = await rig.connect(4);
    await wire.send({ type: 'connect', version: 4, clientId: 'x', cleanStart: true, keepAlive: 0 });
    wire.expect({ type: 'connack', reasonCode: 1 });
    wire.expectClose();
    await rig.client({ version: 5 });
  });
});
