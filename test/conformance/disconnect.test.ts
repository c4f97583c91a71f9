// PINGREQ, DISCONNECT and the ends that errors bring (sections 3.12 to 3.14, 4.8 and 4.13 of both standards).
import { expect } from 'vitest';
import { encode, type Packet, reasonName } from '#broker/codec/index.ts';
import { OPEN } from '#broker/server/access.ts';
import {
  connect,
  expectEnd,
  frame,
  lasting,
  none,
  publish,
  sent,
  subscribed,
  subscriber,
  texts,
} from './packets.ts';
import { script } from './script.ts';

script('PINGREQ', [4, 5], ({ open, version, rule }) => {
  rule('is answered with PINGRESP [MQTT-3.12.4-1]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send({ type: 'pingreq' });
    wire.expect({ type: 'pingresp' });
    wire.expectNothing();
    expect(sent(rig).at(-1)?.frame).toEqual(frame(0xd0));
  });
});

script('DISCONNECT', [4, 5], ({ open, version, rule }) => {
  rule('closes the connection, and nothing behind it is looked at', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, '#');
    const wire = await rig.client({ version });
    const bytes = [encode({ type: 'disconnect', reasonCode: 0 }, version), encode(publish('a'), version)];
    await wire.send(new Uint8Array(bytes.flatMap((each) => [...each])));
    wire.expectClose();
    watcher.expectNothing();
  });
});

script('What a client may not send', [4, 5], ({ open, version, isV5, rule }) => {
  const packets: Packet[] = [
    { type: 'connack', sessionPresent: false, reasonCode: 0 },
    { type: 'suback', packetId: 1, reasonCodes: [0] },
    { type: 'unsuback', packetId: 1, reasonCodes: isV5 ? [0] : [] },
    { type: 'pingresp' },
  ];
  for (const packet of packets) {
    rule(
      `${packet.type.toUpperCase()}: the connection is closed [v3 MQTT-4.8.0-1] [v5 MQTT-4.13.1-1, MQTT-4.13.2-1]`,
      async () => {
        const rig = await open();
        const wire = await rig.client({ version });
        await wire.send(packet);
        expectEnd(wire, 0x82);
      },
    );
  }

  const bad: [string, Uint8Array][] = [
    ['the reserved packet type 0', frame(0x00)],
    ['PUBACK that breaks off', frame(0x40, [0])],
    ['SUBSCRIBE without options', frame(0x82, [0, 1], none(version), 'a')],
    ['bytes behind PINGREQ', frame(0xc0, [0])],
    ['a length of five bytes', new Uint8Array([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
  ];
  for (const [what, bytes] of bad) {
    rule(`${what}: the connection is closed [v3 MQTT-4.8.0-1] [v5 MQTT-4.13.1-1]`, async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(bytes);
      expectEnd(wire, 0x81);
    });
  }

  rule(
    'AUTH, where no method was named: the connection is closed [v3 MQTT-4.8.0-1] [v5 MQTT-4.12.0-7]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(frame(0xf0, isV5 ? [0x18, 4, 0x15, 0, 1, 0x78] : []));
      expectEnd(wire, isV5 ? 0x82 : 0x81);
    },
  );

  rule('one client’s error does no harm to another', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, 'a');
    const unruly = await rig.client({ version });
    await unruly.send(publish('a', '1'), frame(0x00));
    expectEnd(unruly, 0x81);
    await wire.send(publish('a', '2'));
    expect(texts(wire)).toEqual(['1', '2']);
  });
});

script('The broker’s DISCONNECT', [5], ({ open, version, rule }) => {
  rule(
    'has a code from its table, and no Session Expiry Interval [v5 MQTT-3.14.2-1, MQTT-3.14.2-2]',
    async () => {
      const rig = await open();
      const session = { clientId: 'taken', ...lasting(version) };
      await rig.client(session);
      await rig.client(session);
      for (const bytes of [frame(0x00), frame(0x36, 'a', [0, 1, 0]), frame(0xd0)])
        await (await rig.client({ version })).send(bytes);
      rig.broker.shutdown();
      const goodbyes = sent(rig).flatMap(({ packet }) => (packet.type === 'disconnect' ? [packet] : []));
      expect(goodbyes.map(({ reasonCode }) => reasonCode)).toEqual([0x8e, 0x81, 0x81, 0x82, 0x8b]);
      for (const { reasonCode, properties } of goodbyes) {
        expect(reasonName('disconnect', reasonCode)).toBeDefined();
        expect(properties?.sessionExpiryInterval).toBeUndefined();
      }
    },
  );

  rule(
    'leaves out the Reason String where the client takes no packet so large [v5 MQTT-3.14.2-3, MQTT-3.14.2-4]',
    async () => {
      const rig = await open();
      const explained = await rig.client({ version });
      await explained.send(frame(0x00));
      expect(explained.expect({ type: 'disconnect' }).properties?.reasonString).toEqual(expect.any(String));
      const brief = await rig.client({ version, properties: { maximumPacketSize: 20 } });
      await brief.send(frame(0x00));
      expect(brief.expect({ type: 'disconnect', reasonCode: 0x81 }).properties).toBeUndefined();
      brief.expectClose();
    },
  );

  rule(
    'is the last on its connection, however much was to be sent [v5 MQTT-3.14.4-1, MQTT-3.14.4-2]',
    async () => {
      const rig = await open();
      const session = { clientId: 'taken', ...lasting(version, { receiveMaximum: 2 }) };
      const first = await subscribed(await rig.client(session), { topicFilter: 'a', qos: 1 });
      const publisher = await rig.client({ version });
      for (let n = 1; n < 10; n++) await publisher.send(publish('a', String(n), { packetId: n }));
      expect(texts(first)).toEqual(['1', '2']);
      await rig.client(session);
      await publisher.send(publish('a', 'more'));
      first.expect({ type: 'disconnect', reasonCode: 0x8e });
      first.expectClose();
    },
  );

  rule('is not sent before the client was let in [v5 MQTT-3.14.0-1]', async () => {
    const rig = await open();
    const broken = await rig.connect(version);
    await broken.send(frame(0x10, 'MQTT', [5, 3, 0, 0, 0], 'a'));
    broken.expect({ type: 'connack', reasonCode: 0x81 });
    broken.expectClose();
    const early = await rig.connect(version);
    await early.send(frame(0x00));
    early.expectClose();
    const waiting = await open({}, { access: { ...OPEN, connect: () => {} } });
    const patient = await waiting.connect(version);
    await patient.send(connect({ version }));
    waiting.broker.shutdown();
    expect(sent(waiting)).toEqual([]);
  });

  rule('from a client has a code from its table [v5 MQTT-3.14.2-1]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(frame(0xe0, [0x01]));
    expectEnd(wire, 0x82);
  });
});

script('The end of the broker', [4, 5], ({ open, version, rule }) => {
  rule('is told to 5.0 clients, and closes every connection; sessions stay', async () => {
    const rig = await open();
    const wires = [
      await rig.client({ clientId: 'keeper', ...lasting(version) }),
      await rig.client({ version }),
    ];
    rig.broker.shutdown();
    const last = await rig.connect(version);
    for (const wire of wires) expectEnd(wire, 0x8b);
    last.expectNothing();
    expect(rig.broker.snapshot().sessions.map(({ clientId }) => clientId)).toEqual(['keeper']);
  });
});
