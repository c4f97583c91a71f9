// What an end takes at a time: messages under way, bytes in a packet, topic aliases (sections 3.1.2.11, 3.2.2.3, 3.3.2.3.4,
// 3.3.4 and 4.9 of MQTT 5.0).
import { expect } from 'vitest';
import type { Publish } from '#broker/codec/index.ts';
import {
  ack,
  expectEnd,
  frame,
  lasting,
  none,
  publish,
  sent,
  subscribe,
  subscribed,
  subscriber,
  texts,
} from './packets.ts';
import { script } from './script.ts';

/** Messages at QoS 1 on topic `a`, with the payloads 1, 2, 3… */
function series(count: number, partial: Partial<Publish> = {}): Publish[] {
  return Array.from({ length: count }, (_, index) =>
    publish('a', String(index + 1), { packetId: index + 1, ...partial }),
  );
}

script('The client’s Receive Maximum', [5], ({ open, version, rule }) => {
  const limited = (receiveMaximum: number) => ({
    clientId: 'limited',
    ...lasting(version, { receiveMaximum }),
  });

  rule(
    'is how many messages the broker has under way towards it, at QoS 1 and 2 together [v5 MQTT-3.3.4-9, MQTT-4.9.0-1, MQTT-4.9.0-2]',
    async () => {
      const rig = await open();
      const wire = await subscribed(await rig.client(limited(2)), { topicFilter: 'a', qos: 2 });
      const publisher = await rig.client({ version });
      await publisher.send(publish('a', '1', { packetId: 1, qos: 2 }), ...series(5).slice(1));
      const [first, second] = wire.take() as Publish[];
      expect([first?.qos, second?.qos]).toEqual([2, 1]);
      await wire.send(ack('pubrec', first?.packetId as number));
      wire.expect({ type: 'pubrel' });
      wire.expectNothing();
      await wire.send(ack('pubcomp', first?.packetId as number));
      expect(texts(wire)).toEqual(['3']);
      await wire.send(ack('puback', second?.packetId as number));
      expect(texts(wire)).toEqual(['4']);
    },
  );

  rule('frees a place again with a PUBREC that refuses [v5 MQTT-4.9.0-2]', async () => {
    const rig = await open();
    const wire = await subscribed(await rig.client(limited(1)), { topicFilter: 'a', qos: 2 });
    await (await rig.client({ version })).send(...series(2, { qos: 2 }));
    const { packetId } = wire.expect({ type: 'publish' });
    wire.expectNothing();
    await wire.send(ack('pubrec', packetId as number, 0x97));
    expect(texts(wire)).toEqual(['2']);
  });

  rule('holds back nothing but those messages [v5 MQTT-3.3.4-10, MQTT-4.9.0-3]', async () => {
    const rig = await open();
    const wire = await subscribed(await rig.client(limited(1)), { topicFilter: 'a', qos: 1 });
    const publisher = await rig.client({ version });
    await publisher.send(...series(2));
    wire.expect({ type: 'publish', qos: 1 });
    await wire.send(subscribe(9, 'b'), { type: 'pingreq' }, publish('c', 'x', { packetId: 8 }));
    wire.expect({ type: 'suback', packetId: 9 });
    wire.expect({ type: 'pingresp' });
    wire.expect({ type: 'puback', packetId: 8 });
    await publisher.send(publish('a', 'at once'));
    expect(texts(wire)).toEqual(['at once']);
  });

  rule(
    'holds for what is sent again, and begins anew with each connection [v5 MQTT-3.3.4-9, MQTT-4.9.0-1]',
    async () => {
      const rig = await open();
      const wire = await subscribed(await rig.client(limited(3)), { topicFilter: 'a', qos: 1 });
      await (await rig.client({ version })).send(...series(4));
      expect(texts(wire)).toEqual(['1', '2', '3']);
      await wire.cut();
      const narrow = await rig.client(limited(1));
      const { packetId } = narrow.expect({ type: 'publish', dup: true });
      narrow.expectNothing();
      await narrow.send(ack('puback', packetId as number));
      narrow.expect({ type: 'publish', dup: true });
      await narrow.cut();
      const wide = await rig.client(limited(10));
      expect(wide.take().map((packet) => (packet as Publish).dup)).toEqual([true, true, false]);
    },
  );
});

script('Messages under way', [4, 5], ({ open, version, rule }) => {
  rule('are never more than the broker is set to', async () => {
    const rig = await open({ maximumInflight: 2 });
    const wire = await subscriber(rig, version, { topicFilter: 'a', qos: 1 });
    await (await rig.client({ version })).send(...series(5));
    expect(texts(wire)).toEqual(['1', '2']);
  });
});

script('The broker’s Receive Maximum', [5], ({ open, version, rule }) => {
  rule('closes the connection of a client that exceeds it [v5 MQTT-3.3.4-7]', async () => {
    const rig = await open({ receiveMaximum: 2 });
    const wire = await rig.client({ version });
    expect(wire.connack?.properties?.receiveMaximum).toBe(2);
    await wire.send(...series(3, { qos: 2 }));
    wire.expect({ type: 'pubrec', packetId: 1 });
    wire.expect({ type: 'pubrec', packetId: 2 });
    expectEnd(wire, 0x93);
  });

  rule('counts what is under way: not repeats, not what is over [v5 MQTT-3.3.4-7]', async () => {
    const rig = await open({ receiveMaximum: 2 });
    const wire = await rig.client({ version });
    await wire.send(
      ...series(2, { qos: 2 }),
      ...series(2, { qos: 2, dup: true }),
      ...series(2, { packetId: 50 }),
    );
    await wire.send(ack('pubrel', 1), publish('a', '3', { packetId: 3, qos: 2 }));
    expect(wire.take().map(({ type }) => type)).toEqual([
      'pubrec',
      'pubrec',
      'pubrec',
      'pubrec',
      'puback',
      'puback',
      'pubcomp',
      'pubrec',
    ]);
    wire.expectNothing();
  });
});

script('The client’s Maximum Packet Size', [5], ({ open, version, rule }) => {
  rule(
    'keeps larger messages from it, as if they had been delivered [v5 MQTT-3.1.2-24, MQTT-3.1.2-25]',
    async () => {
      const rig = await open();
      const wire = await subscribed(
        await rig.client({ version, properties: { maximumPacketSize: 100, receiveMaximum: 1 } }),
        { topicFilter: 'a', qos: 2 },
      );
      const publisher = await rig.client({ version });
      const large = 'x'.repeat(1000);
      await publisher.send(
        publish('a', large),
        publish('a', large, { packetId: 1 }),
        publish('a', large, { packetId: 2, qos: 2 }),
        publish('a', 'small', { packetId: 3 }),
      );
      expect(texts(wire)).toEqual(['small']);
      expect(rig.trace.filter((event) => event.kind === 'dropped' && event.why === 'too large')).toHaveLength(
        3,
      );
    },
  );

  rule('is kept to the byte [v5 MQTT-3.1.2-24]', async () => {
    const rig = await open();
    const wire = await subscribed(await rig.client({ version, properties: { maximumPacketSize: 40 } }), 'a');
    const overhead = frame(0x30, 'a', [0]).length;
    for (const extra of [-1, 0, 1]) await wire.send(publish('a', 'x'.repeat(40 - overhead + extra)));
    expect(texts(wire).map((text) => text.length + overhead)).toEqual([39, 40]);
  });

  rule(
    'counts on a connection that repeats what an earlier one allowed [v5 MQTT-3.1.2-24, MQTT-3.1.2-25]',
    async () => {
      const rig = await open();
      const session = (maximumPacketSize: number) => ({
        clientId: 'keeper',
        ...lasting(version, { maximumPacketSize }),
      });
      const wire = await subscribed(await rig.client(session(1000)), { topicFilter: 'a', qos: 2 });
      const large = 'x'.repeat(200);
      await (await rig.client({ version })).send(
        publish('a', large, { packetId: 1 }),
        publish('a', large, { packetId: 2, qos: 2 }),
      );
      const [, second] = wire.take() as Publish[];
      await wire.cut();
      const narrow = await rig.client(session(100));
      narrow.expect({ type: 'pubrel', packetId: second?.packetId as number });
      narrow.expectNothing();
      await narrow.cut();
      const wide = await rig.client(session(1000));
      wide.expect({ type: 'pubrel', packetId: second?.packetId as number });
      wide.expectNothing();
    },
  );
});

script('The broker’s Maximum Packet Size', [4, 5], ({ open, version, rule }) => {
  rule('closes the connection of a client that exceeds it [v5 MQTT-3.2.2-15]', async () => {
    const rig = await open({ maximumPacketSize: 100 });
    const wire = await rig.client({ version });
    if (version === 5) expect(wire.connack?.properties?.maximumPacketSize).toBe(100);
    await wire.send(publish('a', 'x'.repeat(100 - frame(0x30, 'a', none(version)).length)));
    wire.expectNothing();
    await wire.send(new Uint8Array([0x30, 99]));
    expectEnd(wire, 0x95);
  });

  rule('is a smaller one before CONNECT', async () => {
    const rig = await open({ maximumConnectSize: 50 });
    const wire = await rig.connect(version);
    await wire.send(new Uint8Array([0x10, 0x80, 0x01]));
    wire.expectClose();
    const fit = await rig.client({ version, clientId: 'x' });
    await fit.send(publish('a', 'x'.repeat(100)));
    fit.expectNothing();
  });
});

script('The client’s Topic Alias Maximum', [5], ({ open, version, rule }) => {
  const topics = ['room/1', 'room/2', 'room/3', 'room/1', 'room/3', 'room/2'];

  rule('is the highest alias that the broker uses [v5 MQTT-3.1.2-26, MQTT-3.3.2-11]', async () => {
    const rig = await open();
    const wire = await subscribed(
      await rig.client({ version, properties: { topicAliasMaximum: 2 } }),
      'room/#',
    );
    const publisher = await rig.client({ version });
    await publisher.send(...topics.map((topic) => publish(topic)));
    const named = (wire.take() as Publish[]).map(({ topic, properties }) => [topic, properties?.topicAlias]);
    expect(named).toEqual([
      ['room/1', 1],
      ['room/2', 2],
      ['room/3', undefined],
      ['', 1],
      ['room/3', undefined],
      ['', 2],
    ]);
  });

  rule('is 0 where it is not said, and then there are no aliases [v5 MQTT-3.1.2-27]', async () => {
    const rig = await open();
    for (const topicAliasMaximum of [undefined, 0]) {
      const wire = await subscribed(
        await rig.client({ version, properties: { topicAliasMaximum } }),
        'room/#',
      );
      const publisher = await rig.client({ version });
      await publisher.send(...topics.map((topic) => publish(topic)));
      const packets = wire.take() as Publish[];
      expect(packets.map(({ topic, properties }) => [topic, properties?.topicAlias])).toEqual(
        topics.map((topic) => [topic, undefined]),
      );
    }
  });

  rule('and its aliases end with the connection [v5 MQTT-3.3.2-7]', async () => {
    const rig = await open();
    const session = { clientId: 'keeper', ...lasting(version, { topicAliasMaximum: 2 }) };
    const first = await subscribed(await rig.client(session), 'room/#');
    const publisher = await rig.client({ version });
    await publisher.send(publish('room/1'));
    first.expect({ type: 'publish', topic: 'room/1' });
    await first.cut();
    const second = await rig.client(session);
    await publisher.send(publish('room/1'));
    second.expect({ type: 'publish', topic: 'room/1', properties: { topicAlias: 1 } });
  });

  rule('is of no use where the packet would become too large [v5 MQTT-3.1.2-24]', async () => {
    const rig = await open();
    const wire = await subscribed(
      await rig.client({ version, properties: { topicAliasMaximum: 2, maximumPacketSize: 20 } }),
      'room/1',
    );
    await wire.send(publish('room/1', 'x'.repeat(20 - frame(0x30, 'room/1', [0]).length)));
    wire.expect({ type: 'publish', topic: 'room/1' });
    for (const { frame: bytes } of sent(rig)) expect(bytes.length).toBeLessThanOrEqual(20);
  });
});

script('The broker’s Topic Alias Maximum', [5], ({ open, version, rule }) => {
  const aliased = (topic: string, topicAlias: number, text = 'x') =>
    publish(topic, text, { properties: { topicAlias } });

  rule(
    'is the highest alias that a client may use, and every one up to it is taken [v5 MQTT-3.3.2-12]',
    async () => {
      const rig = await open({ topicAliasMaximum: 3 });
      const watcher = await subscriber(rig, version, '#');
      const wire = await rig.client({ version });
      expect(wire.connack?.properties?.topicAliasMaximum).toBe(3);
      await wire.send(
        aliased('one', 1),
        aliased('three', 3),
        aliased('', 1),
        aliased('', 3),
        aliased('anew', 1),
        aliased('', 1),
      );
      expect((watcher.take() as Publish[]).map(({ topic, properties }) => [topic, properties])).toEqual(
        ['one', 'three', 'one', 'three', 'anew', 'anew'].map((topic) => [topic, undefined]),
      );
    },
  );

  rule(
    'closes the connection of a client that goes beyond [v5 MQTT-3.3.2-9, MQTT-3.2.2-17, MQTT-3.2.2-18]',
    async () => {
      for (const topicAliasMaximum of [0, 3]) {
        const rig = await open({ topicAliasMaximum });
        const wire = await rig.client({ version });
        await wire.send(aliased('a', topicAliasMaximum + 1));
        expectEnd(wire, 0x94);
      }
    },
  );

  rule('and the aliases end with the connection [v5 MQTT-3.3.2-7]', async () => {
    const rig = await open();
    const session = { clientId: 'keeper', ...lasting(version) };
    const first = await rig.client(session);
    await first.send(aliased('a', 1));
    await first.cut();
    const second = await rig.client(session);
    await second.send(aliased('', 1));
    expectEnd(second, 0x82);
  });
});

script('The QoS that the broker takes', [4, 5], ({ open, version, rule }) => {
  rule('closes the connection of a client that publishes above it [v5 MQTT-3.2.2-11]', async () => {
    const rig = await open({ maximumQoS: 1 });
    const wire = await rig.client({ version });
    await wire.send(publish('a', 'x', { packetId: 1 }));
    wire.expect({ type: 'puback' });
    await wire.send(publish('a', 'x', { packetId: 2, qos: 2 }));
    expectEnd(wire, 0x9b);
  });
});

script('Topics', [4, 5], ({ open, version, rule }) => {
  rule('have only so many levels', async () => {
    const rig = await open({ maximumTopicLevels: 3 });
    const watcher = await subscriber(rig, version, '#');
    const wire = await rig.client({ version });
    await wire.send(publish('a/b/c', 'x', { packetId: 1 }), publish('a/b/c/d', 'x', { packetId: 2 }));
    wire.expect({ type: 'puback', packetId: 1, reasonCode: 0 });
    wire.expect({ type: 'puback', packetId: 2, reasonCode: version === 5 ? 0x90 : 0 });
    expect(texts(watcher)).toEqual(['x']);
  });
});
