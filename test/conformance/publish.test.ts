// PUBLISH and its acknowledgements, seen from the publisher and from the subscriber (sections 3.3 to 3.7, 4.3 to 4.6 of both
// standards).
import { expect } from 'vitest';
import { type Publish, type QoS, utf8 } from '#broker/codec/index.ts';
import { OPEN } from '#broker/server/access.ts';
import type { Rig, Wire } from '../transport.ts';
import {
  ack,
  expectEnd,
  field,
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

const LEVELS: readonly QoS[] = [0, 1, 2];

/** Publishes at a QoS, and takes what answers it. */
async function deliver(
  wire: Wire,
  topic: string,
  text: string,
  qos: QoS,
  partial: Partial<Publish> = {},
): Promise<void> {
  await wire.send(publish(topic, text, { qos, packetId: qos === 0 ? undefined : 1, ...partial }));
  if (qos === 1) wire.expect({ type: 'puback', packetId: 1 });
  if (qos === 2) {
    wire.expect({ type: 'pubrec', packetId: 1 });
    await wire.send(ack('pubrel', 1));
    wire.expect({ type: 'pubcomp', packetId: 1 });
  }
}

script('PUBLISH', [4, 5], ({ open, version, rule }) => {
  rule(
    'is answered as its QoS asks: not at all, with PUBACK, with PUBREC [MQTT-3.3.4-1] [v3 MQTT-4.3.2-2, MQTT-4.3.3-2] [v5 MQTT-4.3.2-4, MQTT-4.3.3-8, MQTT-4.3.3-11]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(publish('a'));
      wire.expectNothing();
      await wire.send(publish('a', 'x', { packetId: 10 }));
      wire.expect({ type: 'puback', packetId: 10 });
      await wire.send(publish('a', 'x', { packetId: 11, qos: 2 }));
      wire.expect({ type: 'pubrec', packetId: 11 });
      await wire.send(ack('pubrel', 11));
      wire.expect({ type: 'pubcomp', packetId: 11 });
      wire.expectNothing();
    },
  );

  rule('has no QoS 3 [MQTT-3.3.1-4]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(frame(0x36, 'a', [0, 1], none(version)));
    expectEnd(wire, 0x81);
  });

  rule('has no DUP at QoS 0 [MQTT-3.3.1-2]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(publish('a', 'x', { dup: true }));
    expectEnd(wire, 0x82);
  });

  rule('has no wildcard in its topic [MQTT-3.3.2-2] [v3 MQTT-4.7.1-1] [v5 MQTT-4.7.0-1]', async () => {
    const rig = await open();
    for (const topic of ['a/+', 'a/#', '+', '#', 'a+b']) {
      const wire = await rig.client({ version });
      await wire.send(publish(topic));
      expectEnd(wire, 0x90);
    }
  });

  rule('has a topic that is not empty [MQTT-4.7.3-1]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(publish(''));
    expectEnd(wire, 0x82);
  });

  rule('without a whole topic closes the connection', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(frame(0x30, [0, 5, 0x61]));
    expectEnd(wire, 0x81);
  });

  rule(
    'that is not permitted goes to nobody; 3.1.1 acknowledges it all the same, and 5.0 says so [v3 MQTT-3.3.5-2]',
    async () => {
      const rig = await open({}, { access: { ...OPEN, publish: (_client, topic) => topic !== 'secret' } });
      const watcher = await subscriber(rig, version, '#');
      const wire = await rig.client({ version });
      await wire.send(
        publish('secret'),
        publish('secret', 'x', { packetId: 1, retain: true }),
        publish('secret', 'x', { packetId: 2, qos: 2 }),
      );
      const reasonCode = version === 5 ? 0x87 : 0;
      wire.expect({ type: 'puback', packetId: 1, reasonCode });
      wire.expect({ type: 'pubrec', packetId: 2, reasonCode });
      wire.expectNothing();
      watcher.expectNothing();
      expect(rig.broker.snapshot().retained).toEqual([]);
    },
  );

  rule('goes to those alone whose filter matches [MQTT-3.3.2-3]', async () => {
    const rig = await open();
    const filters = ['a/b', 'a/+', 'a/#', '+/b', '#', 'a', 'a/b/c', 'b/#'];
    const wires: [string, Wire][] = [];
    for (const filter of filters) wires.push([filter, await subscriber(rig, version, filter)]);
    const publisher = await rig.client({ version });
    await publisher.send(publish('a/b'));
    const reached = wires.filter(([, wire]) => texts(wire).length === 1).map(([filter]) => filter);
    expect(reached).toEqual(['a/b', 'a/+', 'a/#', '+/b', '#']);
    for (const { packet } of sent(rig)) if (packet.type === 'publish') expect(packet.topic).toBe('a/b');
  });

  rule(
    'goes to each session with a matching subscription, whether its client is there or away [MQTT-4.5.0-1]',
    async () => {
      const rig = await open();
      const sleeper = { clientId: 'sleeper', ...lasting(version) };
      await (await subscribed(await rig.client(sleeper), { topicFilter: 'a/+', qos: 1 })).cut();
      const awake = [await subscriber(rig, version, 'a/b'), await subscriber(rig, version, '#')];
      await deliver(await rig.client({ version }), 'a/b', 'x', 1);
      for (const wire of [...awake, await rig.client(sleeper)]) expect(texts(wire)).toEqual(['x']);
    },
  );

  rule(
    'arrives at the lower of its QoS and the granted one [v3 MQTT-3.8.4-6] [v5 MQTT-3.8.4-8]',
    async () => {
      const rig = await open();
      const publisher = await rig.client({ version });
      for (const granted of LEVELS) {
        const wire = await subscriber(rig, version, { topicFilter: 'a', qos: granted });
        for (const qos of LEVELS) {
          await deliver(publisher, 'a', 'x', qos);
          const { packetId } = wire.expect({ type: 'publish', qos: Math.min(qos, granted) as QoS });
          if (packetId !== undefined)
            await wire.send(ack(qos === 2 && granted === 2 ? 'pubrec' : 'puback', packetId));
          wire.take();
        }
        await wire.send({ type: 'disconnect', reasonCode: 0 });
      }
    },
  );

  rule(
    'that matches several subscriptions of a client arrives at the highest QoS among them [v3 MQTT-3.3.5-1] [v5 MQTT-3.3.4-2]',
    async () => {
      const rig = await open();
      const wire = await subscriber(
        rig,
        version,
        { topicFilter: 'a/#', qos: 2 },
        { topicFilter: 'a/+', qos: 1 },
        'a/b',
      );
      await deliver(await rig.client({ version }), 'a/b', 'x', 2);
      wire.expect({ type: 'publish', qos: 2 });
      wire.expectNothing();
    },
  );

  rule(
    'never passes its DUP on, and never has it at QoS 0 [MQTT-3.3.1-3] [MQTT-3.3.1-2] [MQTT-4.3.1-1] [v5 MQTT-4.3.2-2, MQTT-4.3.3-2]',
    async () => {
      const rig = await open();
      const publisher = await rig.client({ version });
      for (const granted of LEVELS) {
        const wire = await subscriber(rig, version, { topicFilter: 'a', qos: granted });
        await publisher.send(
          publish('a', 'x', { packetId: 1, dup: true }),
          publish('a', 'x', { packetId: 2, qos: 2, dup: true }),
          ack('pubrel', 2),
        );
        const packets = wire.take() as Publish[];
        expect(packets.map(({ dup, qos }) => [dup, qos])).toEqual([
          [false, Math.min(granted, 1)],
          [false, granted],
        ]);
        await wire.cut();
      }
    },
  );

  rule(
    'keeps its order for each topic and QoS, towards every subscriber [MQTT-4.6.0-5, MQTT-4.6.0-6]',
    async () => {
      const rig = await open({ maximumInflight: 3 });
      const numbers = Array.from({ length: 30 }, (_, index) => String(index));
      const publisher = await rig.client({ version });
      for (const qos of LEVELS) {
        const wires = [
          await subscriber(rig, version, { topicFilter: 'a', qos }),
          await subscriber(rig, version, { topicFilter: '+', qos: 2 }),
        ];
        for (const text of numbers) await deliver(publisher, 'a', text, qos);
        for (const wire of wires) {
          expect(await drink(wire)).toEqual(numbers);
          await wire.cut();
        }
      }
    },
  );
});

/** Takes and acknowledges all messages until no more come. Returns their payloads in the order of arrival. */
async function drink(wire: Wire): Promise<string[]> {
  const all: string[] = [];
  for (let packets = wire.take(); packets.length > 0; packets = wire.take()) {
    for (const packet of packets) {
      if (packet.type === 'pubrel') await wire.send(ack('pubcomp', packet.packetId));
      if (packet.type !== 'publish') continue;
      all.push(String.fromCharCode(...packet.payload));
      if (packet.packetId !== undefined)
        await wire.send(ack(packet.qos === 1 ? 'puback' : 'pubrec', packet.packetId));
    }
  }
  return all;
}

script('The publisher’s QoS', [4, 5], ({ open, version, rule }) => {
  rule(
    '1: after the PUBACK an identifier means a new message, whatever DUP says [v3 MQTT-4.3.2-2] [v5 MQTT-4.3.2-5]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, 'a');
      const wire = await rig.client({ version });
      await wire.send(publish('a', '1', { packetId: 7 }), publish('a', '2', { packetId: 7, dup: true }));
      wire.expect({ type: 'puback', packetId: 7 });
      wire.expect({ type: 'puback', packetId: 7 });
      expect(texts(watcher)).toEqual(['1', '2']);
    },
  );

  rule(
    '2: until the PUBREL an identifier means the same message, which is answered and not passed on again [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-10]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, 'a');
      const wire = await rig.client({ version });
      await wire.send(
        publish('a', '1', { packetId: 7, qos: 2 }),
        publish('a', '1', { packetId: 7, qos: 2, dup: true }),
        publish('a', '1', { packetId: 7, qos: 2 }),
      );
      for (let n = 0; n < 3; n++) wire.expect({ type: 'pubrec', packetId: 7, reasonCode: 0 });
      expect(texts(watcher)).toEqual(['1']);
    },
  );

  rule(
    '2: nor is it after a reconnect to the session [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-10] [MQTT-4.1.0-1]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, 'a');
      const session = { clientId: 'publisher', ...lasting(version) };
      const first = await rig.client(session);
      await first.send(publish('a', '1', { packetId: 7, qos: 2 }));
      await first.cut();
      const second = await rig.client(session);
      await second.send(publish('a', '1', { packetId: 7, qos: 2, dup: true }), ack('pubrel', 7));
      second.expect({ type: 'pubrec', packetId: 7 });
      second.expect({ type: 'pubcomp', packetId: 7 });
      expect(texts(watcher)).toEqual(['1']);
    },
  );

  rule(
    '2: after the PUBCOMP an identifier means a new message [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-12]',
    async () => {
      const rig = await open();
      const watcher = await subscriber(rig, version, 'a');
      const wire = await rig.client({ version });
      await deliver(wire, 'a', '1', 2);
      await deliver(wire, 'a', '2', 2);
      expect(texts(watcher)).toEqual(['1', '2']);
    },
  );

  rule('2: a PUBREL for nothing is answered with PUBCOMP [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-11]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(ack('pubrel', 99));
    wire.expect({ type: 'pubcomp', packetId: 99, reasonCode: version === 5 ? 0x92 : 0 });
  });

  rule('1 and 2: answers come in the order of the messages [MQTT-4.6.0-2, MQTT-4.6.0-3]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(
      ...[5, 3, 9].flatMap((id) => [
        publish('a', 'x', { packetId: id }),
        publish('a', 'x', { packetId: 100 + id, qos: 2 }),
      ]),
    );
    const answers = wire.take();
    expect(answers.flatMap((packet) => (packet.type === 'puback' ? [packet.packetId] : []))).toEqual([
      5, 3, 9,
    ]);
    expect(answers.flatMap((packet) => (packet.type === 'pubrec' ? [packet.packetId] : []))).toEqual([
      105, 103, 109,
    ]);
  });
});

script('The subscriber’s QoS', [4, 5], ({ open, version, rule }) => {
  const session = { clientId: 'keeper', ...lasting(version) };

  /** A subscriber at QoS 2 that was sent these messages, and their identifiers. */
  async function owed(rig: Rig, ...levels: QoS[]): Promise<{ wire: Wire; ids: number[] }> {
    const wire = await subscribed(await rig.client(session), { topicFilter: 'a', qos: 2 });
    const publisher = await rig.client({ version });
    for (const [index, qos] of levels.entries()) await deliver(publisher, 'a', String(index), qos);
    const ids = wire.take().map((packet) => (packet as Publish).packetId as number);
    return { wire, ids };
  }

  rule(
    '1: what is not acknowledged is sent again to the session, with DUP, and not before [MQTT-3.3.1-1] [MQTT-4.4.0-1] [v3 MQTT-4.3.2-1] [v5 MQTT-4.3.2-3]',
    async () => {
      const rig = await open();
      const { wire, ids } = await owed(rig, 1);
      await rig.advance(600_000);
      wire.expectNothing();
      await wire.cut();
      const back = await rig.client(session);
      back.expect({ type: 'publish', packetId: ids[0] as number, qos: 1, dup: true, payload: utf8('0') });
      await back.send(ack('puback', ids[0] as number));
      await back.cut();
      (await rig.client(session)).expectNothing();
    },
  );

  rule(
    '2: PUBREC is answered with PUBREL, and PUBCOMP ends it [v3 MQTT-4.3.3-1] [v5 MQTT-4.3.3-4]',
    async () => {
      const rig = await open();
      const { wire, ids } = await owed(rig, 2);
      await wire.send(ack('pubrec', ids[0] as number));
      wire.expect({ type: 'pubrel', packetId: ids[0] as number, reasonCode: 0 });
      await wire.send(ack('pubcomp', ids[0] as number));
      await wire.cut();
      (await rig.client(session)).expectNothing();
    },
  );

  rule(
    '2: without PUBREC the PUBLISH is sent again [v3 MQTT-4.3.3-1] [v5 MQTT-4.3.3-3] [MQTT-3.3.1-1]',
    async () => {
      const rig = await open();
      const { wire, ids } = await owed(rig, 2);
      await wire.cut();
      const back = await rig.client(session);
      back.expect({ type: 'publish', packetId: ids[0] as number, qos: 2, dup: true });
      back.expectNothing();
    },
  );

  rule(
    '2: after PUBREC the PUBREL is sent again, and never the PUBLISH [v3 MQTT-4.3.3-1] [v5 MQTT-4.3.3-5, MQTT-4.3.3-6]',
    async () => {
      const rig = await open();
      const { wire, ids } = await owed(rig, 2);
      await wire.send(ack('pubrec', ids[0] as number));
      await wire.cut();
      for (let n = 0; n < 2; n++) {
        const back = await rig.client(session);
        back.expect({ type: 'pubrel', packetId: ids[0] as number });
        back.expectNothing();
        await back.cut();
      }
    },
  );

  rule('1 and 2: repeats come in the order of the first sending [MQTT-4.6.0-1] [MQTT-4.6.0-6]', async () => {
    const rig = await open();
    const { wire, ids } = await owed(rig, 2, 1, 1, 2, 1);
    await wire.cut();
    const back = await rig.client(session);
    expect(back.take().map((packet) => (packet as Publish).packetId)).toEqual(ids);
  });

  rule('2: PUBRELs come in the order of the PUBRECs [MQTT-4.6.0-4]', async () => {
    const rig = await open();
    const { wire, ids } = await owed(rig, 2, 2, 2);
    const order = [ids[2], ids[0], ids[1]] as number[];
    await wire.send(...order.map((id) => ack('pubrec', id)));
    for (const packetId of order) wire.expect({ type: 'pubrel', packetId });
  });

  rule(
    '1 and 2: an answer of the wrong kind closes the connection [v3 MQTT-4.8.0-1] [v5 MQTT-4.13.1-1]',
    async () => {
      for (const [qos, wrong] of [
        [1, 'pubrec'],
        [1, 'pubcomp'],
        [2, 'puback'],
        [2, 'pubcomp'],
      ] as const) {
        const rig = await open();
        const { wire, ids } = await owed(rig, qos);
        await wire.send(ack(wrong, ids[0] as number));
        expectEnd(wire, 0x82);
      }
    },
  );

  rule('2: a PUBREC for nothing is answered, and other answers for nothing are let pass', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(ack('puback', 9), ack('pubcomp', 9), ack('pubrec', 9));
    wire.expect({ type: 'pubrel', packetId: 9, reasonCode: version === 5 ? 0x92 : 0 });
    if (version === 5) await wire.send(ack('pubrec', 10, 0x80)); // a failure ends it, whatever it was about
    wire.expectNothing();
  });
});

script('Retained messages', [4, 5], ({ open, version, isV5, rule }) => {
  async function found(rig: Rig, filter: string, qos: QoS = 0): Promise<Publish[]> {
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, { topicFilter: filter, qos }));
    wire.expect({ type: 'suback' });
    return wire.take() as Publish[];
  }

  rule(
    'are stored with their QoS, one for each topic, the last in place of the one before [MQTT-3.3.1-5] [v3 MQTT-3.3.1-7, MQTT-3.3.1-8]',
    async () => {
      const rig = await open();
      const publisher = await rig.client({ version });
      await deliver(publisher, 'a', 'A', 1, { retain: true });
      expect(await found(rig, 'a', 2)).toMatchObject([
        { qos: 1, retain: true, payload: utf8('A'), dup: false },
      ]);
      await deliver(publisher, 'a', 'B', 0, { retain: true });
      expect(await found(rig, 'a', 2)).toMatchObject([{ qos: 0, retain: true, payload: utf8('B') }]);
    },
  );

  rule(
    'are sent for every topic that a new subscription matches [v3 MQTT-3.3.1-6] [v5 MQTT-3.3.1-9]',
    async () => {
      const rig = await open();
      const publisher = await rig.client({ version });
      for (const topic of ['a/1', 'a/2', 'a/2/x', 'b', '$x'])
        await deliver(publisher, topic, topic, 0, { retain: true });
      expect((await found(rig, 'a/+')).map(({ topic }) => topic).sort()).toEqual(['a/1', 'a/2']);
      expect((await found(rig, '#')).map(({ topic }) => topic).sort()).toEqual(['a/1', 'a/2', 'a/2/x', 'b']);
    },
  );

  rule(
    'reach those who are subscribed already as any other message, with RETAIN 0 [v3 MQTT-3.3.1-9] [v5 MQTT-3.3.1-12]',
    async () => {
      const rig = await open();
      const wire = await subscriber(rig, version, 'a');
      await deliver(await rig.client({ version }), 'a', 'x', 0, { retain: true });
      wire.expect({ type: 'publish', retain: false });
    },
  );

  rule(
    'are deleted by an empty one, which is delivered and not stored [v3 MQTT-3.3.1-10, MQTT-3.3.1-11] [v5 MQTT-3.3.1-6, MQTT-3.3.1-7]',
    async () => {
      const rig = await open();
      const publisher = await rig.client({ version });
      await deliver(publisher, 'a', 'x', 1, { retain: true });
      const current = await subscriber(rig, version, 'a');
      await deliver(publisher, 'a', '', 1, { retain: true });
      current.expect({ type: 'publish', payload: new Uint8Array(0), retain: false });
      expect(await found(rig, 'a')).toEqual([]);
      await deliver(publisher, 'new', '', 0, { retain: true });
      expect(await found(rig, 'new')).toEqual([]);
      expect(rig.broker.snapshot().retained).toEqual([]);
    },
  );

  rule('are not touched by a message with RETAIN 0 [v3 MQTT-3.3.1-12] [v5 MQTT-3.3.1-8]', async () => {
    const rig = await open();
    const publisher = await rig.client({ version });
    await deliver(publisher, 'a', 'A', 0, { retain: true });
    await deliver(publisher, 'a', 'B', 0);
    await deliver(publisher, 'a', '', 0);
    await deliver(publisher, 'b', 'B', 0);
    expect((await found(rig, '#')).map(({ payload }) => payload)).toEqual([utf8('A')]);
  });

  if (!isV5) return;

  rule(
    'are sent again with Retain Handling 0, and for a new subscription alone with 1, and never with 2 [v5 MQTT-3.3.1-9, MQTT-3.3.1-10, MQTT-3.3.1-11]',
    async () => {
      const rig = await open();
      await deliver(await rig.client({ version }), 'a', 'x', 0, { retain: true });
      for (const [retainHandling, times] of [
        [0, [1, 1]],
        [1, [1, 0]],
        [2, [0, 0]],
      ] as const) {
        const wire = await rig.client({ version });
        for (const count of times) {
          await wire.send(subscribe(1, { topicFilter: 'a', retainHandling }));
          wire.expect({ type: 'suback' });
          expect(wire.take()).toHaveLength(count);
        }
      }
    },
  );

  rule('keep their flag where Retain As Published asks for it [v5 MQTT-3.3.1-13]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, { topicFilter: 'a', retainAsPublished: true });
    const publisher = await rig.client({ version });
    await deliver(publisher, 'a', 'x', 0, { retain: true });
    await deliver(publisher, 'a', 'x', 0);
    wire.expect({ type: 'publish', retain: true });
    wire.expect({ type: 'publish', retain: false });
  });

  rule('are refused where there are none', async () => {
    const rig = await open({ retainAvailable: false });
    const wire = await rig.client({ version });
    await wire.send(publish('a', 'x', { retain: true }));
    expectEnd(wire, 0x9a);
  });
});

script('Properties of a message', [5], ({ open, version, rule }) => {
  const userProperty: [string, string][] = [
    ['z', '1'],
    ['a', '2'],
    ['z', '1'],
    ['z', '0'],
  ];
  const properties = {
    payloadFormatIndicator: 1,
    contentType: 'text/plain',
    responseTopic: 'reply/to',
    correlationData: new Uint8Array([0, 255, 0]),
    userProperty,
  };

  rule(
    'are passed on unchanged, user properties in their order [v5 MQTT-3.3.2-4, MQTT-3.3.2-15, MQTT-3.3.2-16, MQTT-3.3.2-17, MQTT-3.3.2-18, MQTT-3.3.2-20]',
    async () => {
      const rig = await open();
      const wires = [
        await subscriber(rig, version, 'a'),
        await subscriber(rig, version, { topicFilter: '#', qos: 2 }),
      ];
      const publisher = await rig.client({ version });
      for (const qos of LEVELS) await deliver(publisher, 'a', 'x', qos, { properties });
      for (const wire of wires)
        for (let n = 0; n < 3; n++) expect(wire.expect({ type: 'publish' }).properties).toEqual(properties);
    },
  );

  rule('are retained with it [v5 MQTT-3.3.2-17]', async () => {
    const rig = await open();
    await deliver(await rig.client({ version }), 'a', 'x', 1, { properties, retain: true });
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, 'a'));
    wire.expect({ type: 'suback' });
    expect(wire.expect({ type: 'publish' }).properties).toEqual(properties);
  });

  rule('do not reach those who speak 3.1.1', async () => {
    const rig = await open();
    const wire = await subscriber(rig, 4, 'a');
    await deliver(await rig.client({ version }), 'a', 'x', 0, { properties });
    expect(wire.expect({ type: 'publish' }).properties).toBeUndefined();
    expect(sent(rig).at(-1)?.frame).toEqual(frame(0x30, 'a', utf8('x')));
  });

  const bad: [string, number[], number][] = [
    ['Response Topic that is not UTF-8 [v5 MQTT-3.3.2-13]', [0x08, ...field([0xc3, 0x28])], 0x81],
    ['Response Topic with a wildcard [v5 MQTT-3.3.2-14]', [0x08, ...field([0x61, 0x2f, 0x2b])], 0x82],
    ['Content Type that is not UTF-8 [v5 MQTT-3.3.2-19]', [0x03, ...field([0xc3, 0x28])], 0x81],
    ['Subscription Identifier from a client [v5 MQTT-3.3.4-6]', [0x0b, 1], 0x82],
    ['Topic Alias 0 [v5 MQTT-3.3.2-8]', [0x23, 0, 0], 0x94],
    ['Payload Format Indicator 2', [0x01, 2], 0x82],
    ['Content Type that is there twice', [0x03, 0, 0, 0x03, 0, 0], 0x82],
  ];
  for (const [what, bytes, reasonCode] of bad) {
    rule(`a ${what} closes the connection`, async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(frame(0x30, 'a', [bytes.length, ...bytes]));
      expectEnd(wire, reasonCode);
    });
  }

  rule('a payload that is not what the Payload Format Indicator says goes to nobody', async () => {
    const rig = await open();
    const watcher = await subscriber(rig, version, '#');
    const wire = await rig.client({ version });
    const lie = { payload: new Uint8Array([0xc3, 0x28]), properties: { payloadFormatIndicator: 1 } };
    await wire.send(
      publish('a', '', { ...lie, packetId: 1 }),
      publish('a', '', { ...lie, packetId: 2, qos: 2 }),
      publish('a', '', lie),
    );
    wire.expect({ type: 'puback', reasonCode: 0x99 });
    wire.expect({ type: 'pubrec', reasonCode: 0x99 });
    watcher.expectNothing();
    await wire.send(publish('a', '\0', { properties: { payloadFormatIndicator: 1 } }));
    watcher.expect({ type: 'publish', payload: new Uint8Array([0]) });
  });
});

script('Message expiry', [5], ({ open, version, rule }) => {
  const session = { clientId: 'keeper', ...lasting(version) };
  const mortal = (messageExpiryInterval: number, partial: Partial<Publish> = {}) =>
    publish('a', 'x', { packetId: 1, properties: { messageExpiryInterval }, ...partial });

  rule('deletes a message that could not be delivered in time [v5 MQTT-3.3.2-5]', async () => {
    const rig = await open();
    await (await subscribed(await rig.client(session), { topicFilter: 'a', qos: 1 })).cut();
    await (await rig.client({ version })).send(mortal(1), publish('a', 'y', { packetId: 2 }));
    await rig.advance(3000);
    expect(texts(await rig.client(session))).toEqual(['y']);
  });

  rule('counts down while a message waits [v5 MQTT-3.3.2-6]', async () => {
    const rig = await open();
    await (await subscribed(await rig.client(session), { topicFilter: 'a', qos: 1 })).cut();
    await (await rig.client({ version })).send(mortal(10_000));
    await rig.advance(3000);
    expect((await rig.client(session)).expect({ type: 'publish' }).properties).toEqual({
      messageExpiryInterval: 9997,
    });
  });

  rule('is passed on as it came where nothing waits', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, 'a');
    await (await rig.client({ version })).send(mortal(10), mortal(0));
    expect(wire.expect({ type: 'publish' }).properties).toEqual({ messageExpiryInterval: 10 });
    expect(wire.expect({ type: 'publish' }).properties).toEqual({ messageExpiryInterval: 0 });
  });

  rule('deletes a retained message too [v5 MQTT-3.3.2-5]', async () => {
    const rig = await open();
    await (await rig.client({ version })).send(mortal(5, { retain: true }));
    await rig.advance(4000);
    const early = await rig.client({ version });
    await early.send(subscribe(1, 'a'));
    early.expect({ type: 'suback' });
    expect(early.expect({ type: 'publish' }).properties).toEqual({ messageExpiryInterval: 1 });
    await rig.advance(1000);
    const late = await rig.client({ version });
    await late.send(subscribe(1, 'a'));
    late.expect({ type: 'suback' });
    late.expectNothing();
    expect(rig.broker.snapshot().retained).toEqual([]);
  });

  rule('has no power over a message at QoS 2 that was sent once [v5 MQTT-4.3.3-7]', async () => {
    const rig = await open();
    const wire = await subscribed(await rig.client(session), { topicFilter: 'a', qos: 2 });
    await (await rig.client({ version })).send(mortal(2, { qos: 2 }));
    const { packetId } = wire.expect({ type: 'publish' });
    await wire.cut();
    await rig.advance(4000);
    (await rig.client(session)).expect({ type: 'publish', packetId: packetId as number, dup: true });
  });

  rule('does not end the exchange of acknowledgements [v5 MQTT-4.3.3-13]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(mortal(1, { qos: 2 }));
    wire.expect({ type: 'pubrec' });
    await rig.advance(3000);
    await wire.send(ack('pubrel', 1));
    wire.expect({ type: 'pubcomp', reasonCode: 0 });
  });
});

script('Acknowledgements with a reason', [5], ({ open, version, rule }) => {
  const guarded = { access: { ...OPEN, publish: (_client: unknown, topic: string) => topic !== 'secret' } };

  rule('say that nobody has subscribed [v5 MQTT-3.4.2-1, MQTT-3.5.2-1]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(publish('a', 'x', { packetId: 1 }), publish('a', 'x', { packetId: 2, qos: 2 }));
    wire.expect({ type: 'puback', reasonCode: 0x10 });
    wire.expect({ type: 'pubrec', reasonCode: 0x10 });
  });

  rule('do not say so where the publisher has subscribed, and wants none of its own messages', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, { topicFilter: 'a', noLocal: true });
    await wire.send(publish('a', 'x', { packetId: 2 }));
    wire.expect({ type: 'puback', packetId: 2, reasonCode: 0 });
    wire.expectNothing();
  });

  rule(
    'use codes from their tables alone, and others are refused [v5 MQTT-3.4.2-1, MQTT-3.5.2-1, MQTT-3.6.2-1, MQTT-3.7.2-1]',
    async () => {
      const rig = await open({}, guarded);
      const wire = await subscriber(rig, version, { topicFilter: 'a', qos: 2 });
      await wire.send(
        publish('secret', 'x', { packetId: 1 }),
        publish('secret', 'x', { packetId: 2, qos: 2 }),
        ack('pubrel', 3),
        ack('pubrec', 4),
      );
      wire.expect({ type: 'puback', reasonCode: 0x87 });
      wire.expect({ type: 'pubrec', reasonCode: 0x87 });
      wire.expect({ type: 'pubcomp', reasonCode: 0x92 });
      wire.expect({ type: 'pubrel', reasonCode: 0x92 });
      for (const firstByte of [0x40, 0x50, 0x62, 0x70]) {
        const other = await rig.client({ version });
        await other.send(frame(firstByte, [0, 1, 0x18]));
        expectEnd(other, 0x82);
      }
    },
  );

  rule('leave an identifier free that was refused [v5 MQTT-4.3.3-9]', async () => {
    const rig = await open({}, guarded);
    const watcher = await subscriber(rig, version, 'open');
    const wire = await rig.client({ version });
    await wire.send(
      publish('secret', 'x', { packetId: 5, qos: 2 }),
      publish('open', 'y', { packetId: 5, qos: 2 }),
    );
    wire.expect({ type: 'pubrec', reasonCode: 0x87 });
    wire.expect({ type: 'pubrec', reasonCode: 0 });
    expect(texts(watcher)).toEqual(['y']);
  });

  rule('that refuse settle a message for good [v5 MQTT-4.4.0-2]', async () => {
    for (const [qos, type] of [
      [1, 'puback'],
      [2, 'pubrec'],
    ] as const) {
      const rig = await open();
      const session = { clientId: 'keeper', ...lasting(version) };
      const wire = await subscribed(await rig.client(session), { topicFilter: 'a', qos });
      await deliver(await rig.client({ version }), 'a', 'x', qos);
      const { packetId } = wire.expect({ type: 'publish' });
      await wire.send(ack(type, packetId as number, 0x80));
      wire.expectNothing();
      await wire.cut();
      (await rig.client(session)).expectNothing();
    }
  });

  rule(
    'explain themselves where the client asks for it and has room [v5 MQTT-3.1.2-29, MQTT-3.4.2-2, MQTT-3.4.2-3, MQTT-3.5.2-2, MQTT-3.5.2-3]',
    async () => {
      const rig = await open({ maximumTopicLevels: 1 });
      const reasons = async (properties: {
        requestProblemInformation?: number;
        maximumPacketSize?: number;
      }) => {
        const wire = await rig.client({ version, properties });
        await wire.send(publish('a/b', 'x', { packetId: 1 }), publish('a/b', 'x', { packetId: 2, qos: 2 }));
        const answers = [
          wire.expect({ type: 'puback', reasonCode: 0x90 }),
          wire.expect({ type: 'pubrec', reasonCode: 0x90 }),
        ];
        return answers.map((packet) => packet.properties?.reasonString !== undefined);
      };
      expect(await reasons({})).toEqual([true, true]);
      expect(await reasons({ requestProblemInformation: 1 })).toEqual([true, true]);
      expect(await reasons({ requestProblemInformation: 0 })).toEqual([false, false]);
      expect(await reasons({ maximumPacketSize: 30 })).toEqual([false, false]);
    },
  );

  rule(
    'without anything to explain are never larger than the client takes [v5 MQTT-3.6.2-2, MQTT-3.6.2-3, MQTT-3.7.2-2, MQTT-3.7.2-3]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version, properties: { maximumPacketSize: 20 } });
      await wire.send(ack('pubrec', 9), ack('pubrel', 8));
      wire.expect({ type: 'pubrel', packetId: 9, reasonCode: 0x92 });
      wire.expect({ type: 'pubcomp', packetId: 8, reasonCode: 0x92 });
      for (const { frame: bytes } of sent(rig)) expect(bytes.length).toBeLessThanOrEqual(20);
    },
  );
});
