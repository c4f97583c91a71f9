// Sessions: what outlives a connection, and whose it is (sections 3.1.2.4, 3.1.3.1, 3.1.4, 3.2.2 and 4.1 of both standards).
import { expect } from 'vitest';
import { OPEN } from '#broker/server/access.ts';
import {
  connect,
  expectEnd,
  lasting,
  publish,
  subscribe,
  subscribed,
  subscriber,
  texts,
  will,
} from './packets.ts';
import { script } from './script.ts';

script('A session', [4, 5], ({ open, version, isV5, rule }) => {
  const session = { clientId: 'keeper', ...lasting(version) };
  const present = (wire: { connack: { sessionPresent: boolean } | undefined }) =>
    wire.connack?.sessionPresent;

  rule(
    'is made, kept after the connection, and carried on with [v3 MQTT-3.1.2-4, MQTT-3.2.2-2, MQTT-3.2.2-3] [v5 MQTT-3.1.2-5, MQTT-3.1.2-6, MQTT-3.1.2-23, MQTT-3.2.2-3] [MQTT-4.1.0-1]',
    async () => {
      const rig = await open();
      const first = await rig.client(session);
      expect(present(first)).toBe(false);
      await subscribed(first, 'a');
      await first.send({ type: 'disconnect', reasonCode: 0 });
      const second = await rig.client(session);
      expect(present(second)).toBe(true);
      await second.send(publish('a', 'x'));
      expect(texts(second)).toEqual(['x']);
    },
  );

  rule(
    'collects messages at QoS 1 and 2 while its client is away [v3 MQTT-3.1.2-5] [MQTT-4.5.0-1]',
    async () => {
      const rig = await open();
      await (await subscribed(await rig.client(session), { topicFilter: 'a', qos: 2 })).cut();
      const publisher = await rig.client({ version });
      await publisher.send(
        publish('a', '0'),
        publish('a', '1', { packetId: 1 }),
        publish('a', '2', { packetId: 2, qos: 2 }),
      );
      const back = await rig.client(session);
      back.expect({ type: 'publish', qos: 1, dup: false });
      back.expect({ type: 'publish', qos: 2, dup: false });
      back.expectNothing();
    },
  );

  rule(
    'is thrown away by a client that begins anew [v3 MQTT-3.1.2-6, MQTT-3.2.2-1, MQTT-3.1.4-3] [v5 MQTT-3.1.2-4, MQTT-3.2.2-2, MQTT-3.1.4-4]',
    async () => {
      const rig = await open();
      await (await subscribed(await rig.client(session), { topicFilter: 'a', qos: 1 })).cut();
      const publisher = await rig.client({ version });
      await publisher.send(publish('a', 'x', { packetId: 1 }));
      const anew = await rig.client({ clientId: 'keeper', version, cleanStart: true });
      expect(present(anew)).toBe(false);
      await publisher.send(publish('a', 'y', { packetId: 2 }));
      anew.expectNothing();
      await anew.cut();
      const after = await rig.client(session);
      expect(present(after)).toBe(false);
      await publisher.send(publish('a', 'z', { packetId: 3 }));
      after.expectNothing();
    },
  );

  rule('belongs to one client identifier [MQTT-3.1.3-2]', async () => {
    const rig = await open();
    await (await subscribed(await rig.client(session), 'a')).cut();
    const other = await rig.client({ ...session, clientId: 'Keeper' });
    expect(present(other)).toBe(false);
    const own = await rig.client(session);
    expect(present(own)).toBe(true);
    await other.send(publish('a', 'x'));
    other.expectNothing();
    expect(texts(own)).toEqual(['x']);
  });

  rule(
    'lasts as long as its connection, however long that is [v3 MQTT-4.1.0-2] [v5 MQTT-4.1.0-1]',
    async () => {
      const rig = await open();
      const wire = await subscribed(
        await rig.client({
          ...session,
          keepAlive: 100,
          properties: isV5 ? { sessionExpiryInterval: 1 } : undefined,
        }),
        'a',
      );
      for (let n = 0; n < 5; n++) {
        await rig.advance(100_000);
        await wire.send({ type: 'pingreq' });
        wire.expect({ type: 'pingresp' });
      }
      await wire.send(publish('a', 'x'));
      expect(texts(wire)).toEqual(['x']);
    },
  );

  rule('does not hold retained messages, which stay when it ends [v3 MQTT-3.1.2-7]', async () => {
    const rig = await open();
    const publisher = await rig.client({ version });
    await publisher.send(publish('a', 'x', { retain: true }), { type: 'disconnect', reasonCode: 0 });
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, 'a'));
    wire.expect({ type: 'suback' });
    wire.expect({ type: 'publish', topic: 'a', retain: true });
  });

  rule('that is clean ends with its connection [v3 MQTT-3.1.2-6]', async () => {
    const rig = await open();
    await (await rig.client({ clientId: 'brief', version })).cut();
    expect(rig.broker.snapshot().sessions).toEqual([]);
  });

  rule(
    'has one connection: a second client takes it over, and the first is disconnected [v3 MQTT-3.1.4-2] [v5 MQTT-3.1.4-3, MQTT-3.14.4-1, MQTT-3.14.4-2]',
    async () => {
      const rig = await open();
      const first = await subscribed(await rig.client(session), 'a');
      const publisher = await rig.client({ version });
      const second = await rig.client(session);
      expectEnd(first, 0x8e);
      expect(present(second)).toBe(true);
      await publisher.send(publish('a', 'x'));
      expect(texts(second)).toEqual(['x']);
      first.expectClose();
    },
  );

  rule(
    'is lost by a takeover that begins anew [v3 MQTT-3.1.4-2, MQTT-3.1.2-6] [v5 MQTT-3.1.4-3, MQTT-3.1.2-4]',
    async () => {
      const rig = await open();
      const first = await subscribed(await rig.client(session), 'a');
      const second = await rig.client({ ...session, cleanStart: true });
      expectEnd(first, 0x8e);
      expect(present(second)).toBe(false);
      await second.send(publish('a'));
      second.expectNothing();
    },
  );

  rule('lets go of what comes when too much waits, and keeps what came first', async () => {
    const rig = await open({ maximumQueued: 2 });
    await (await subscribed(await rig.client(session), { topicFilter: 'a', qos: 1 })).cut();
    const publisher = await rig.client({ version });
    await publisher.send(
      ...['1', '2', '3'].map((text, index) => publish('a', text, { packetId: index + 1 })),
    );
    expect(rig.trace).toContainEqual(
      expect.objectContaining({ kind: 'dropped', why: 'queue full', clientId: 'keeper' }),
    );
    expect(texts(await rig.client(session))).toEqual(['1', '2']);
  });
});

script('A session of one version', [4, 5], ({ open, version, rule }) => {
  rule('may be carried on with in another one', async () => {
    const rig = await open();
    const other = version === 5 ? 4 : 5;
    await (
      await subscribed(await rig.client({ clientId: 'both', ...lasting(version) }), {
        topicFilter: 'a',
        qos: 2,
      })
    ).cut();
    const publisher = await rig.client({ version });
    await publisher.send(publish('a', 'x', { packetId: 1, qos: 2, properties: { contentType: 'text' } }));
    const wire = await rig.client({ clientId: 'both', ...lasting(other) });
    expect(wire.connack?.sessionPresent).toBe(true);
    const { properties } = wire.expect({ type: 'publish', qos: 2 });
    expect(properties).toBeUndefined();
  });
});

script('Session Expiry Interval', [5], ({ open, version, rule }) => {
  const lives = (sessionExpiryInterval: number | undefined) => ({
    clientId: 'keeper',
    version,
    cleanStart: false,
    properties: { sessionExpiryInterval },
  });

  rule('ends the session so many seconds after its connection [v5 MQTT-4.1.0-2]', async () => {
    const rig = await open();
    await (await rig.client(lives(10))).cut();
    await rig.advance(9999);
    expect(rig.broker.snapshot().sessions).toHaveLength(1);
    await rig.advance(1);
    expect(rig.broker.snapshot().sessions).toEqual([]);
    expect((await rig.client(lives(10))).connack?.sessionPresent).toBe(false);
  });

  rule('begins anew with each connection [v5 MQTT-4.1.0-1, MQTT-4.1.0-2]', async () => {
    const rig = await open();
    await (await rig.client(lives(10))).cut();
    await rig.advance(6000);
    const back = await rig.client(lives(10));
    await rig.advance(60_000);
    await back.cut();
    await rig.advance(9000);
    expect((await rig.client(lives(10))).connack?.sessionPresent).toBe(true);
  });

  rule('of 0, or without one, ends the session with its connection', async () => {
    const rig = await open();
    for (const interval of [0, undefined]) {
      await (await rig.client(lives(interval))).cut();
      expect(rig.broker.snapshot().sessions).toEqual([]);
    }
  });

  rule('of FFFFFFFF never ends it', async () => {
    const rig = await open();
    await (await rig.client(lives(0xffff_ffff))).cut();
    await rig.advance(1e12);
    expect((await rig.client(lives(0))).connack?.sessionPresent).toBe(true);
  });

  rule('may be changed by DISCONNECT, unless it was 0', async () => {
    const rig = await open();
    const changed = await rig.client(lives(10));
    await changed.send({ type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 100 } });
    await rig.advance(99_000);
    const back = await rig.client(lives(0));
    expect(back.connack?.sessionPresent).toBe(true);
    await back.send({ type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 1 } });
    expectEnd(back, 0x82);
    const same = await rig.client(lives(0));
    await same.send({ type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    same.expectClose();
  });

  rule('may be changed to 0, and that ends the session at once', async () => {
    const rig = await open();
    const wire = await rig.client(lives(10));
    await wire.send({ type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    expect(rig.broker.snapshot().sessions).toEqual([]);
  });

  rule('is cut to what the broker grants, in DISCONNECT too', async () => {
    const rig = await open({ maximumSessionExpiry: 10 });
    const wire = await rig.client(lives(5));
    await wire.send({ type: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 1000 } });
    await rig.advance(10_000);
    expect(rig.broker.snapshot().sessions).toEqual([]);
  });
});

script('A will', [4, 5], ({ open, version, isV5, rule }) => {
  rule(
    'is published when the connection is lost [v3 MQTT-3.1.2-8] [v5 MQTT-3.1.2-7, MQTT-3.1.2-8]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, { topicFilter: 'gone', qos: 2 });
      for (const qos of [0, 1, 2] as const) {
        const mortal = await rig.client({ version, will: will('gone', { qos }) });
        watcher.expectNothing();
        await mortal.cut();
        watcher.expect({ type: 'publish', topic: 'gone', qos, retain: false });
      }
    },
  );

  rule('is published when the broker closes the connection [v3 MQTT-3.1.2-8] [v5 MQTT-3.1.2-8]', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, 'gone');
    const unruly = await rig.client({ version, will: will('gone') });
    await unruly.send({ type: 'pingresp' });
    expectEnd(unruly, 0x82);
    watcher.expect({ type: 'publish', topic: 'gone' });
    const taken = { version, clientId: 'taken', will: will('gone') };
    await rig.client(taken);
    await rig.client(taken);
    watcher.expect({ type: 'publish', topic: 'gone' });
    watcher.expectNothing();
  });

  rule('is deleted by DISCONNECT [MQTT-3.14.4-3] [MQTT-3.1.2-10]', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, 'gone');
    const polite = await rig.client({ ...lasting(version), will: will('gone') });
    await polite.send({ type: 'disconnect', reasonCode: 0 });
    polite.expectClose();
    await rig.advance(2_000_000);
    watcher.expectNothing();
  });

  rule('is published once [MQTT-3.1.2-10]', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, 'gone');
    const session = { clientId: 'mortal', ...lasting(version) };
    await (await rig.client({ ...session, will: will('gone') })).cut();
    watcher.expect({ type: 'publish' });
    await (await rig.client(session)).cut();
    await rig.advance(2_000_000);
    watcher.expectNothing();
  });

  rule('is not published where there is none [v3 MQTT-3.1.2-12]', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, '#');
    await (await rig.client({ version })).cut();
    watcher.expectNothing();
  });

  rule('is not retained with Will Retain 0 [v3 MQTT-3.1.2-16] [v5 MQTT-3.1.2-14]', async () => {
    const rig = await open();
    await (await rig.client({ version, will: will('gone') })).cut();
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, 'gone'));
    wire.expect({ type: 'suback' });
    wire.expectNothing();
  });

  rule('is retained with Will Retain 1 [v3 MQTT-3.1.2-17] [v5 MQTT-3.1.2-15]', async () => {
    const rig = await open();
    await (await rig.client({ version, will: will('gone', { retain: true }) })).cut();
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, 'gone'));
    wire.expect({ type: 'suback' });
    wire.expect({ type: 'publish', topic: 'gone', retain: true });
  });

  rule('passes through the same door as any message of its client', async () => {
    const access = { ...OPEN, publish: (_client: unknown, topic: string) => topic !== 'secret' };
    const rig = await open({}, { access });
    const watcher = await subscriber(rig, version, 'secret');
    await (await rig.client({ version, will: will('secret', { retain: true }) })).cut();
    watcher.expectNothing();
    expect(rig.broker.snapshot().retained).toEqual([]);
  });

  if (!isV5) return;

  rule(
    'is published by DISCONNECT 0x04 and by one that tells of an error [v5 MQTT-3.14.4-3, MQTT-3.1.2-8]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, 'gone');
      for (const reasonCode of [0x04, 0x80]) {
        const wire = await rig.client({ version, will: will('gone') });
        await wire.send({ type: 'disconnect', reasonCode });
        wire.expectClose();
        watcher.expect({ type: 'publish', topic: 'gone' });
      }
    },
  );

  const delayed = (willDelayInterval: number, sessionExpiryInterval: number) => ({
    clientId: 'mortal',
    version,
    cleanStart: false,
    properties: { sessionExpiryInterval },
    will: will('gone', { properties: { willDelayInterval } }),
  });

  rule('waits for its Will Delay Interval [v5 MQTT-3.1.2-8]', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, 'gone');
    await (await rig.client(delayed(5, 100))).cut();
    await rig.advance(4999);
    watcher.expectNothing();
    await rig.advance(1);
    const { properties } = watcher.expect({ type: 'publish', topic: 'gone' });
    expect(properties).toBeUndefined();
  });

  rule('waits no longer than for the end of the session [v5 MQTT-3.1.2-8]', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, 'gone');
    await (await rig.client(delayed(50, 5))).cut();
    await rig.advance(4999);
    watcher.expectNothing();
    await rig.advance(1);
    watcher.expect({ type: 'publish', topic: 'gone' });
    await (await rig.client(delayed(50, 100))).cut();
    const anew = await rig.connect(5);
    await anew.send(connect({ version, clientId: 'mortal' }));
    watcher.expect({ type: 'publish', topic: 'gone' });
    await rig.advance(200_000);
    watcher.expectNothing();
  });

  rule('is not published for a client that comes back in time [v5 MQTT-3.1.3-9, MQTT-3.1.2-8]', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, 'gone');
    await (await rig.client(delayed(3, 60))).cut();
    await rig.advance(2000);
    await rig.client({ clientId: 'mortal', ...lasting(5) });
    await rig.advance(100_000);
    watcher.expectNothing();
  });

  rule('has its properties, and the user properties in their order [v5 MQTT-3.1.3-10]', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, 'gone');
    const userProperty: [string, string][] = [
      ['b', '1'],
      ['a', '2'],
      ['b', '1'],
    ];
    const properties = {
      willDelayInterval: 0,
      payloadFormatIndicator: 1,
      contentType: 'text',
      responseTopic: 'r',
      correlationData: new Uint8Array([0, 1]),
      userProperty,
    };
    await (await rig.client({ version, will: will('gone', { properties }) })).cut();
    const { willDelayInterval, ...forwarded } = properties;
    expect(watcher.expect({ type: 'publish' }).properties).toEqual(forwarded);
    expect(willDelayInterval).toBe(0);
  });
});
