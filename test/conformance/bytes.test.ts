// What holds for every packet: strings, lengths, flags and identifiers (chapters 1 and 2 of both standards).
import { expect } from 'vitest';
import { encode, PACKET_TYPES, type Publish, utf8 } from '#broker/codec/index.ts';
import {
  ack,
  expectEnd,
  field,
  frame,
  NOT_UTF8,
  none,
  publish,
  sent,
  subscribe,
  subscribed,
  subscriber,
  texts,
  unsubscribe,
} from './packets.ts';
import { script } from './script.ts';

script('Strings', [4, 5], ({ open, version, isV5, rule }) => {
  rule(
    'a topic that is not UTF-8 closes the connection [v3 MQTT-1.5.3-1] [v5 MQTT-1.5.4-1] [MQTT-3.3.2-1]',
    async () => {
      const rig = await open();
      for (const bytes of NOT_UTF8) {
        const wire = await rig.client({ version });
        await wire.send(frame(0x30, field(bytes), none(version)));
        expectEnd(wire, 0x81);
      }
    },
  );

  rule('U+0000 in a topic closes the connection [v3 MQTT-1.5.3-2] [v5 MQTT-1.5.4-2]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(frame(0x30, field([0x61, 0, 0x62]), none(version)));
    expectEnd(wire, 0x81);
  });

  rule('EF BB BF is a character like any other, and stays [v3 MQTT-1.5.3-3] [v5 MQTT-1.5.4-3]', async () => {
    const rig = await open();
    const marked = await subscriber(rig, version, '\uFEFFa');
    const plain = await subscriber(rig, version, 'a');
    const publisher = await rig.client({ version });
    await publisher.send(frame(0x30, field([0xef, 0xbb, 0xbf, 0x61]), none(version)));
    marked.expect({ type: 'publish', topic: '\uFEFFa' });
    const last = sent(rig).at(-1);
    expect([...(last?.frame.subarray(2, 8) ?? [])]).toEqual([0, 4, 0xef, 0xbb, 0xbf, 0x61]);
    plain.expectNothing();
  });

  if (!isV5) return;

  rule('a User Property is two UTF-8 strings [v5 MQTT-1.5.7-1]', async () => {
    const rig = await open();
    for (const pair of [
      [...field([0xc3, 0x28]), ...field([0x62])],
      [...field([0x61]), ...field([0xc3, 0x28])],
    ]) {
      const wire = await rig.client({ version });
      await wire.send(frame(0x30, 'a', [pair.length + 1, 0x26, ...pair]));
      expectEnd(wire, 0x81);
    }
  });

  rule('a length is written in as few bytes as it needs [v5 MQTT-1.5.5-1]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(frame(0x30, 'a', [0x80, 0x00]));
    expectEnd(wire, 0x81);
    const watcher = await subscriber(rig, version, 'long');
    for (const size of [0, 120, 128, 16_370, 16_390]) await watcher.send(publish('long', 'x'.repeat(size)));
    expect(watcher.take()).toHaveLength(5);
    for (const { frame: bytes, packet } of sent(rig)) expect(bytes).toEqual(encode(packet, version));
  });
});

script('The fixed header', [4, 5], ({ open, version, rule }) => {
  rule(
    'flags that are reserved have their one value in all that the broker sends [v3 MQTT-2.2.2-1] [v5 MQTT-2.1.3-1]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(
        subscribe(1, { topicFilter: 'a', qos: 2 }),
        publish('a', 'x', { packetId: 2 }),
        publish('a', 'x', { packetId: 3, qos: 2 }),
      );
      await wire.send(ack('pubrel', 3), ack('pubrec', 2), unsubscribe(4, 'a'), { type: 'pingreq' });
      const seen = new Set<string>();
      for (const { frame: bytes, packet } of sent(rig)) {
        seen.add(packet.type);
        const row = PACKET_TYPES.find(({ type }) => type === packet.type);
        if (row?.flags !== undefined) expect((bytes[0] as number) & 0x0f, packet.type).toBe(row.flags);
      }
      expect([...seen].sort()).toEqual([
        'connack',
        'pingresp',
        'puback',
        'pubcomp',
        'publish',
        'pubrec',
        'pubrel',
        'suback',
        'unsuback',
      ]);
    },
  );

  rule(
    'flags that are not the reserved ones close the connection [v3 MQTT-2.2.2-2] [v5 MQTT-2.1.3-1]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(frame(0xc1));
      expectEnd(wire, 0x81);
    },
  );

  rule(
    'PUBREL, SUBSCRIBE and UNSUBSCRIBE have the flags 0010, or the connection is closed [MQTT-3.6.1-1] [MQTT-3.8.1-1] [MQTT-3.10.1-1]',
    async () => {
      const rig = await open();
      const bad = [
        frame(0x60, [0, 1]),
        frame(0x80, [0, 1], none(version), 'a', [0]),
        frame(0xa0, [0, 1], none(version), 'a'),
      ];
      for (const bytes of bad) {
        const wire = await rig.client({ version });
        await wire.send(bytes);
        expectEnd(wire, 0x81);
      }
    },
  );

  rule(
    'DISCONNECT with a flag set is none: the connection is closed and the will published [MQTT-3.14.1-1]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, 'gone');
      const wire = await rig.client({
        version,
        will: { topic: 'gone', payload: utf8('x'), qos: 0, retain: false },
      });
      await wire.send(frame(0xe1));
      expectEnd(wire, 0x81);
      watcher.expect({ type: 'publish', topic: 'gone' });
    },
  );
});

script('Packet identifiers', [4, 5], ({ open, version, isV5, rule }) => {
  rule('an identifier that is 0 closes the connection [v3 MQTT-2.3.1-1] [v5 MQTT-2.2.1-3]', async () => {
    const rig = await open();
    const bad = [
      subscribe(0, 'a'),
      unsubscribe(0, 'a'),
      publish('a', 'x', { packetId: 0, qos: 1 }),
      publish('a', 'x', { packetId: 0, qos: 2 }),
    ];
    for (const packet of bad) {
      const wire = await rig.client({ version });
      await wire.send(packet);
      expectEnd(wire, 0x82);
    }
  });

  rule(
    'each delivery has an identifier that is not 0 and not in use, at QoS 1 and 2 [v3 MQTT-2.3.1-1, MQTT-2.3.1-4] [v5 MQTT-2.2.1-4, MQTT-4.3.2-1, MQTT-4.3.3-1]',
    async () => {
      const rig = await open({ maximumInflight: 100 });
      const wire = await subscriber(rig, version, { topicFilter: 'a', qos: 2 });
      const publisher = await rig.client({ version });
      const burst = Array.from({ length: 60 }, (_, index) =>
        publish('a', 'x', { packetId: index + 1, qos: index % 2 ? 1 : 2 }),
      );
      await publisher.send(...burst.slice(0, 20));
      await publisher.send(
        ...burst
          .slice(0, 20)
          .filter(({ qos }) => qos === 2)
          .map(({ packetId = 0 }) => ack('pubrel', packetId)),
      );
      await publisher.send(...burst.slice(20, 40));
      const ids = wire.take().map((packet) => (packet as Publish).packetId ?? 0);
      expect(ids).toHaveLength(40);
      expect(new Set(ids).size).toBe(40);
      expect(ids).not.toContain(0);
    },
  );

  rule(
    'a delivery keeps its identifier when it is sent again, and gives it back when it is acknowledged [v3 MQTT-2.3.1-4] [MQTT-4.4.0-1] [MQTT-4.1.0-1]',
    async () => {
      const rig = await open();
      const session = {
        clientId: 'keeper',
        version,
        cleanStart: false,
        properties: isV5 ? { sessionExpiryInterval: 100 } : undefined,
      };
      const first = await subscribed(await rig.client(session), { topicFilter: 'a', qos: 2 });
      const publisher = await rig.client({ version });
      await publisher.send(
        publish('a', '1', { packetId: 1 }),
        publish('a', '2', { packetId: 2, qos: 2 }),
        publish('a', '3', { packetId: 3, qos: 2 }),
      );
      const ids = first.take().map((packet) => (packet as Publish).packetId as number);
      await first.send(ack('pubrec', ids[2] as number));
      first.expect({ type: 'pubrel', packetId: ids[2] as number });
      await first.cut();
      const second = await rig.client(session);
      second.expect({ type: 'publish', packetId: ids[0] as number, dup: true, qos: 1 });
      second.expect({ type: 'publish', packetId: ids[1] as number, dup: true, qos: 2 });
      second.expect({ type: 'pubrel', packetId: ids[2] as number });
      await second.send(
        ack('puback', ids[0] as number),
        ack('pubrec', ids[1] as number),
        ack('pubcomp', ids[2] as number),
      );
      second.expect({ type: 'pubrel', packetId: ids[1] as number });
      await second.send(ack('pubcomp', ids[1] as number));
      expect(rig.broker.snapshot().sessions.find(({ clientId }) => clientId === 'keeper')).toMatchObject({
        outbound: [],
      });
    },
  );

  rule(
    'a message at QoS 0 has no identifier: what follows the topic is the payload [v3 MQTT-2.3.1-5] [v5 MQTT-2.2.1-2]',
    async () => {
      const rig = await open();
      const wire = await subscriber(rig, version, { topicFilter: 'a', qos: 2 });
      await wire.send(publish('a', 'hi'));
      expect(texts(wire)).toEqual(['hi']);
      expect(sent(rig).at(-1)?.frame).toEqual(frame(0x30, 'a', none(version), utf8('hi')));
    },
  );

  rule(
    'PUBACK, PUBREC and PUBCOMP have the identifier of the PUBLISH [v3 MQTT-2.3.1-6] [v5 MQTT-2.2.1-5]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(
        publish('a', 'x', { packetId: 4711 }),
        publish('a', 'x', { packetId: 815, qos: 2 }),
        ack('pubrel', 815),
      );
      wire.expect({ type: 'puback', packetId: 4711 });
      wire.expect({ type: 'pubrec', packetId: 815 });
      wire.expect({ type: 'pubcomp', packetId: 815 });
    },
  );

  rule(
    'PUBREL has the identifier of the PUBLISH that the broker sent [v3 MQTT-2.3.1-6] [v5 MQTT-2.2.1-5]',
    async () => {
      const rig = await open();
      const wire = await subscriber(rig, version, { topicFilter: 'a', qos: 2 });
      await wire.send(publish('a', 'x', { packetId: 9, qos: 2 }));
      const { packetId } = wire.expect({ type: 'publish' });
      wire.expect({ type: 'pubrec', packetId: 9 });
      await wire.send(ack('pubrec', packetId as number));
      wire.expect({ type: 'pubrel', packetId: packetId as number });
    },
  );

  rule(
    'SUBACK and UNSUBACK have the identifier of the request [v3 MQTT-2.3.1-7] [v5 MQTT-2.2.1-6] [MQTT-3.8.4-2] [v3 MQTT-3.10.4-4] [v5 MQTT-3.10.4-5]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(subscribe(65_535, 'a'), unsubscribe(256, 'a'));
      wire.expect({ type: 'suback', packetId: 65_535 });
      wire.expect({ type: 'unsuback', packetId: 256 });
    },
  );
});

script('Properties', [5], ({ open, version, rule }) => {
  rule('a packet without properties says so with a length of 0 [v5 MQTT-2.2.2-1]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, 'a'), unsubscribe(2, 'a'), subscribe(3, 'b'), publish('b', 'x'));
    const frames = sent(rig).map(({ frame: bytes }) => bytes);
    expect(frames.slice(1)).toEqual([
      frame(0x90, [0, 1, 0, 0]),
      frame(0xb0, [0, 2, 0, 0]),
      frame(0x90, [0, 3, 0, 0]),
      frame(0x30, 'b', [0], utf8('x')),
    ]);
  });
});

script('The transport', [4, 5], ({ open, version, rule }) => {
  rule('carries every byte in order, in both directions [v3 MQTT-7.1.1-1] [v5 MQTT-4.2.0-1]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, 'a');
    const numbers = Array.from({ length: 200 }, (_, index) => String(index));
    await wire.send(...numbers.map((text) => publish('a', text)));
    expect(texts(wire)).toEqual(numbers);
  });
});
