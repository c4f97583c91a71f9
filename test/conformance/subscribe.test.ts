// SUBSCRIBE and UNSUBSCRIBE, topics and filters, shared subscriptions (sections 3.8 to 3.11, 4.7 and 4.8 of both standards).
import { expect } from 'vitest';
import type { QoS, Subscribe } from '#broker/codec/index.ts';
import { OPEN } from '#broker/server/access.ts';
import type { Rig, Wire } from '../transport.ts';
import {
  ack,
  expectEnd,
  field,
  frame,
  lasting,
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

script('SUBSCRIBE', [4, 5], ({ open, version, isV5, rule }) => {
  rule('is answered with SUBACK [MQTT-3.8.4-1] [MQTT-3.8.4-2]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(subscribe(1234, 'a'));
    wire.expect({ type: 'suback', packetId: 1234, reasonCodes: [0] });
    wire.expectNothing();
  });

  rule(
    'of several filters works like several, with one answer [v3 MQTT-3.8.4-4] [v5 MQTT-3.8.4-5]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(subscribe(1, 'a', 'b', 'c'));
      wire.expect({ type: 'suback' });
      wire.expectNothing();
      await wire.send(publish('a', '1'), publish('b', '2'), publish('c', '3'), publish('d', '4'));
      expect(texts(wire)).toEqual(['1', '2', '3']);
    },
  );

  rule(
    'is answered with a code for each filter, in their order: the granted QoS or a failure [MQTT-3.9.3-1] [v3 MQTT-3.8.4-5, MQTT-3.9.3-2] [v5 MQTT-3.8.4-6, MQTT-3.8.4-7, MQTT-3.9.3-2]',
    async () => {
      const rig = await open(
        {},
        { access: { ...OPEN, subscribe: (_client, filter) => filter !== 'secret' } },
      );
      const wire = await rig.client({ version });
      await wire.send(
        subscribe(1, 'a', { topicFilter: 'b', qos: 1 }, 'secret', { topicFilter: 'c', qos: 2 }),
      );
      wire.expect({ type: 'suback', reasonCodes: [0, 1, isV5 ? 0x87 : 0x80, 2] });
      await wire.send(publish('secret'));
      wire.expectNothing();
    },
  );

  rule('without a filter closes the connection [v3 MQTT-3.8.3-3] [v5 MQTT-3.8.3-2]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(subscribe(1));
    expectEnd(wire, 0x82);
  });

  rule('with a filter that is not UTF-8 closes the connection [MQTT-3.8.3-1]', async () => {
    const rig = await open();
    for (const bytes of NOT_UTF8) {
      const wire = await rig.client({ version });
      await wire.send(frame(0x82, [0, 1], none(version), field(bytes), [0]));
      expectEnd(wire, 0x81);
    }
  });

  rule(
    'with reserved bits set, or with QoS 3, closes the connection [v3 MQTT-3.8.3-4] [v5 MQTT-3.8.3-5]',
    async () => {
      const rig = await open();
      const bad: [number, number][] = isV5
        ? [
            [0x40, 0x81],
            [0x80, 0x81],
            [0x03, 0x82],
            [0x30, 0x82],
          ]
        : [
            [0x04, 0],
            [0x80, 0],
            [0x03, 0],
          ];
      for (const [options, reasonCode] of bad) {
        const wire = await rig.client({ version });
        await wire.send(frame(0x82, [0, 1], none(version), 'a', [options]));
        expectEnd(wire, reasonCode);
      }
    },
  );

  rule('to the same filter replaces the subscription [MQTT-3.8.4-3]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, 'a');
    await wire.send(subscribe(2, { topicFilter: 'a', qos: 1 }), publish('a', 'x', { packetId: 1 }));
    wire.expect({ type: 'suback', reasonCodes: [1] });
    wire.expect({ type: 'publish', qos: 1 });
    wire.expect({ type: 'puback' });
    wire.expectNothing();
  });

  rule(
    'to the same filter brings retained messages again, and loses none that flow [v3 MQTT-3.8.4-3] [v5 MQTT-3.8.4-4]',
    async () => {
      const rig = await open();
      const publisher = await rig.client({ version });
      await publisher.send(publish('a', 'retained', { retain: true }));
      const wire = await subscriber(rig, version, { topicFilter: 'a', qos: 1 });
      const got: string[] = [];
      for (let n = 0; n < 10; n++) {
        await publisher.send(publish('a', String(n), { packetId: 1 }));
        if (n % 3 === 0) await wire.send(subscribe(1, { topicFilter: 'a', qos: 1 }));
        for (const packet of wire.take()) {
          if (packet.type === 'publish') got.push(String.fromCharCode(...packet.payload));
          if (packet.type === 'publish' && packet.packetId !== undefined)
            await wire.send(ack('puback', packet.packetId));
        }
      }
      expect(got.filter((text) => text !== 'retained')).toEqual([
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
        '6',
        '7',
        '8',
        '9',
      ]);
      expect(got.filter((text) => text === 'retained')).toHaveLength(4);
    },
  );

  rule('for more than a client may have is refused', async () => {
    const rig = await open({ maximumSubscriptionsPerClient: 2, maximumTopicLevels: 3 });
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, 'a', 'b', 'c', 'a', 'a/b/c/d'));
    wire.expect({ type: 'suback', reasonCodes: isV5 ? [0, 0, 0x97, 0, 0x8f] : [0, 0, 0x80, 0, 0x80] });
  });

  if (!isV5) {
    rule('with a wildcard is refused by a broker that has none [v3 MQTT-3.8.3-2]', async () => {
      const rig = await open({ wildcardSubscriptionAvailable: false });
      const wire = await rig.client({ version });
      await wire.send(subscribe(1, 'a/+', 'a/b', '#'));
      wire.expect({ type: 'suback', reasonCodes: [0x80, 0, 0x80] });
    });
    return;
  }

  rule('for what the broker said that it does not have closes the connection', async () => {
    const cases: [Parameters<typeof open>[0], Subscribe, number][] = [
      [{ wildcardSubscriptionAvailable: false }, subscribe(1, 'a/+'), 0xa2],
      [{ sharedSubscriptionAvailable: false }, subscribe(1, '$share/g/a'), 0x9e],
      [
        { subscriptionIdentifierAvailable: false },
        { ...subscribe(1, 'a'), properties: { subscriptionIdentifier: [1] } },
        0xa1,
      ],
    ];
    for (const [settings, packet, reasonCode] of cases) {
      const rig = await open(settings);
      const wire = await rig.client({ version });
      await wire.send(packet);
      expectEnd(wire, reasonCode);
    }
  });

  rule('is accepted at any QoS by a broker that takes no messages above one [v5 MQTT-3.2.2-10]', async () => {
    const rig = await open({ maximumQoS: 0 });
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, { topicFilter: 'a', qos: 2 }, { topicFilter: 'b', qos: 1 }));
    wire.expect({ type: 'suback', reasonCodes: [2, 1] });
  });

  rule('with No Local brings no message back to its publisher [v5 MQTT-3.8.3-3]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, { topicFilter: 'a', noLocal: true });
    await wire.send(publish('a', 'own'));
    wire.expectNothing();
    await (await rig.client({ version })).send(publish('a', 'other'));
    expect(texts(wire)).toEqual(['other']);
  });

  rule('with No Local to a shared subscription closes the connection [v5 MQTT-3.8.3-4]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, { topicFilter: '$share/g/a', noLocal: true }));
    expectEnd(wire, 0x82);
  });

  rule(
    'may bring an identifier, which comes back with each message that it causes; one copy has those of all [v5 MQTT-3.3.4-3, MQTT-3.3.4-4, MQTT-3.3.4-5]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(
        { ...subscribe(1, { topicFilter: 'a/#', qos: 2 }), properties: { subscriptionIdentifier: [1] } },
        { ...subscribe(2, 'a/+'), properties: { subscriptionIdentifier: [268_435_455] } },
        subscribe(3, 'a/b'),
      );
      wire.take();
      await wire.send(publish('a/b'), publish('a/b/c'));
      expect(
        [...(wire.expect({ type: 'publish', topic: 'a/b' }).properties?.subscriptionIdentifier ?? [])].sort(),
      ).toEqual([1, 268_435_455]);
      expect(wire.expect({ type: 'publish', topic: 'a/b/c' }).properties).toEqual({
        subscriptionIdentifier: [1],
      });
      wire.expectNothing();
    },
  );

  rule('may change its identifier, or give it up', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    const identified = (subscriptionIdentifier: number[] | undefined) => ({
      ...subscribe(1, 'a'),
      properties: { subscriptionIdentifier },
    });
    for (const identifier of [[1], [2], undefined]) {
      await wire.send(identified(identifier));
      wire.expect({ type: 'suback' });
      await wire.send(publish('a'));
      expect(wire.expect({ type: 'publish' }).properties?.subscriptionIdentifier).toEqual(identifier);
    }
  });

  rule('has at most one identifier, and none that is 0', async () => {
    const rig = await open();
    for (const properties of [
      [0x0b, 0],
      [0x0b, 1, 0x0b, 2],
    ]) {
      const wire = await rig.client({ version });
      await wire.send(frame(0x82, [0, 1, properties.length, ...properties], 'a', [0]));
      expectEnd(wire, 0x82);
    }
  });

  rule(
    'is refused with a reason where the client asks for one and has room [v5 MQTT-3.9.2-1, MQTT-3.9.2-2, MQTT-3.1.2-29]',
    async () => {
      const rig = await open({ maximumTopicLevels: 1 });
      const answer = async (properties: {
        requestProblemInformation?: number;
        maximumPacketSize?: number;
      }) => {
        const wire = await rig.client({ version, properties });
        await wire.send(subscribe(1, 'a/b'));
        return wire.expect({ type: 'suback', reasonCodes: [0x8f] }).properties?.reasonString;
      };
      expect(await answer({})).toEqual(expect.any(String));
      expect(await answer({ requestProblemInformation: 0 })).toBeUndefined();
      expect(await answer({ maximumPacketSize: 20 })).toBeUndefined();
      for (const { frame: bytes } of sent(rig).slice(-1)) expect(bytes.length).toBeLessThanOrEqual(20);
    },
  );

  rule(
    'whose answer would be too large for the client is not answered, and the connection is closed [v5 MQTT-3.1.2-24]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version, properties: { maximumPacketSize: 20 } });
      await wire.send(subscribe(1, ...Array.from({ length: 30 }, (_, index) => `a/${index}`)));
      expectEnd(wire, 0x95);
    },
  );
});

script('UNSUBSCRIBE', [4, 5], ({ open, version, isV5, rule }) => {
  rule('ends the subscription with exactly its filter [MQTT-3.10.4-1] [MQTT-3.10.4-2]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, 'a/+', 'a/b');
    await wire.send(unsubscribe(1, 'a/b'), unsubscribe(2, 'A/+'), publish('a/b', '1'));
    wire.expect({ type: 'unsuback', packetId: 1 });
    wire.expect({ type: 'unsuback', packetId: 2 });
    expect(texts(wire)).toEqual(['1']);
    await wire.send(unsubscribe(3, 'a/+'), publish('a/b', '2'));
    wire.expect({ type: 'unsuback', packetId: 3 });
    wire.expectNothing();
  });

  rule(
    'is answered with UNSUBACK, even where there was nothing to end [MQTT-3.10.4-4, MQTT-3.10.4-5]',
    async () => {
      const rig = await open();
      const wire = await rig.client({ version });
      await wire.send(unsubscribe(4711, 'never'));
      wire.expect({ type: 'unsuback', packetId: 4711, reasonCodes: isV5 ? [0x11] : [] });
    },
  );

  rule('of several filters works like several, with one answer [MQTT-3.10.4-6]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, 'a', 'b', 'c', 'd');
    await wire.send(unsubscribe(1, 'a', 'b', 'c'));
    wire.expect({ type: 'unsuback' });
    wire.expectNothing();
    await wire.send(publish('a'), publish('b'), publish('c'), publish('d', 'left'));
    expect(texts(wire)).toEqual(['left']);
  });

  rule('leaves deliveries that had begun to be carried to their end [MQTT-3.10.4-3]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, { topicFilter: 'a', qos: 2 });
    await (await rig.client({ version })).send(publish('a', 'x', { packetId: 1, qos: 2 }));
    const { packetId } = wire.expect({ type: 'publish' });
    await wire.send(unsubscribe(1, 'a'), ack('pubrec', packetId as number));
    wire.expect({ type: 'unsuback' });
    wire.expect({ type: 'pubrel', packetId: packetId as number });
  });

  rule(
    'without a filter, or with one that is not UTF-8, closes the connection [MQTT-3.10.3-1, MQTT-3.10.3-2]',
    async () => {
      const rig = await open();
      const empty = await rig.client({ version });
      await empty.send(unsubscribe(1));
      expectEnd(empty, 0x82);
      for (const bytes of NOT_UTF8) {
        const wire = await rig.client({ version });
        await wire.send(frame(0xa2, [0, 1], none(version), field(bytes)));
        expectEnd(wire, 0x81);
      }
    },
  );

  if (!isV5) return;

  rule(
    'is answered with a code for each filter, in their order [v5 MQTT-3.11.3-1, MQTT-3.11.3-2]',
    async () => {
      const rig = await open();
      const wire = await subscriber(rig, version, 'a', 'c', '$share/g/a');
      await wire.send(unsubscribe(1, 'a', 'b', 'c', '$share/g/a', '$share/h/a'));
      wire.expect({ type: 'unsuback', reasonCodes: [0x00, 0x11, 0x00, 0x00, 0x11] });
    },
  );

  rule('is answered in no more bytes than the client takes [v5 MQTT-3.11.2-1, MQTT-3.11.2-2]', async () => {
    const rig = await open();
    const wire = await rig.client({ version, properties: { maximumPacketSize: 20 } });
    await wire.send(unsubscribe(1, 'a', 'b'));
    wire.expect({ type: 'unsuback', reasonCodes: [0x11, 0x11] });
    for (const { frame: bytes } of sent(rig)) expect(bytes.length).toBeLessThanOrEqual(20);
  });
});

script('Filters and topics', [4, 5], ({ open, version, rule }) => {
  rule('# stands alone or behind a slash, and at the end [v3 MQTT-4.7.1-2] [v5 MQTT-4.7.1-1]', async () => {
    const rig = await open();
    for (const topicFilter of ['a#', 'a/#/b', '#/a', '##']) {
      const wire = await rig.client({ version });
      await wire.send(subscribe(1, topicFilter));
      expectEnd(wire, 0x81);
    }
    const wire = await subscriber(rig, version, '#', 'a/#');
    wire.expectNothing();
  });

  rule('+ fills a whole level, at any place [v3 MQTT-4.7.1-3] [v5 MQTT-4.7.1-2]', async () => {
    const rig = await open();
    for (const topicFilter of ['a+', '+a', 'a/b+', 'a/+b/c', '++']) {
      const wire = await rig.client({ version });
      await wire.send(subscribe(1, topicFilter));
      expectEnd(wire, 0x81);
    }
    const wire = await subscriber(rig, version, '+', '+/+', 'a/+/c', '/+', '+/#');
    wire.expectNothing();
  });

  rule('wildcards are for filters [v3 MQTT-4.7.1-1] [v5 MQTT-4.7.0-1]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, 'a/+');
    await wire.send(publish('a/+'));
    expectEnd(wire, 0x90);
  });

  rule('what begins with a wildcard does not match what begins with $ [MQTT-4.7.2-1]', async () => {
    const rig = await open();
    const wire = await subscriber(rig, version, '#', '+/x', '$sys/#');
    await wire.send(
      publish('$sys/x', 'system'),
      publish('y/x', 'plain', { retain: true }),
      publish('$other/x', 'hidden', { retain: true }),
    );
    expect(texts(wire)).toEqual(['system', 'plain']);
    const late = await rig.client({ version });
    await late.send(subscribe(1, '#', '+/x'));
    late.expect({ type: 'suback' });
    expect(texts(late)).toEqual(['plain', 'plain']);
  });

  rule('a filter is not empty [MQTT-4.7.3-1]', async () => {
    const rig = await open();
    for (const packet of [subscribe(1, ''), unsubscribe(1, '')]) {
      const wire = await rig.client({ version });
      await wire.send(packet);
      expectEnd(wire, 0x82);
    }
  });

  rule('U+0000 is in no filter and in no topic [MQTT-4.7.3-2]', async () => {
    const rig = await open();
    for (const bytes of [
      frame(0x82, [0, 1], none(version), field([0x61, 0]), [0]),
      frame(0xa2, [0, 1], none(version), field([0])),
      frame(0x30, field([0, 0x61]), none(version)),
    ]) {
      const wire = await rig.client({ version });
      await wire.send(bytes);
      expectEnd(wire, 0x81);
    }
  });

  rule('names are compared as they are, character by character [MQTT-4.7.3-4]', async () => {
    const rig = await open();
    const composed = '\u00e9';
    const decomposed = 'e\u0301';
    const wire = await subscriber(rig, version, composed, 'Case', ' space');
    await wire.send(
      publish(decomposed),
      publish('case'),
      publish('space'),
      publish(composed, '1'),
      publish('Case', '2'),
      publish(' space', '3'),
    );
    expect(texts(wire)).toEqual(['1', '2', '3']);
  });
});

script('Shared subscriptions', [5], ({ open, version, rule }) => {
  const filter = (qos: QoS) => ({ topicFilter: '$share/g/a', qos });

  async function group(rig: Rig, ...levels: QoS[]): Promise<Wire[]> {
    const members: Wire[] = [];
    for (const [index, qos] of levels.entries()) {
      const wire = await rig.client({
        clientId: `member-${index}`,
        ...lasting(version, { sessionExpiryInterval: 100 }),
      });
      members.push(await subscribed(wire, filter(qos)));
    }
    return members;
  }

  rule('have a share name of at least one character [v5 MQTT-4.8.2-1]', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, '$share//a'));
    expectEnd(wire, 0x81);
    const short = await subscriber(rig, version, '$share/g/a');
    await short.send(publish('a'));
    expect(texts(short)).toEqual(['x']);
  });

  rule('have no wildcard in the share name, and a filter behind it [v5 MQTT-4.8.2-2]', async () => {
    const rig = await open();
    for (const topicFilter of ['$share/g+/a', '$share/#/a', '$share/g', '$share/g/', '$share/g/a#']) {
      const wire = await rig.client({ version });
      await wire.send(subscribe(1, topicFilter));
      expectEnd(wire, 0x81);
    }
  });

  rule(
    'give each message to one member, at no more than the QoS granted to it [v5 MQTT-4.8.2-3]',
    async () => {
      const rig = await open();
      const members = await group(rig, 0, 1, 2);
      const publisher = await rig.client({ version });
      for (let n = 0; n < 9; n++) await publisher.send(publish('a', String(n), { packetId: 1, qos: 1 }));
      for (const [index, wire] of members.entries()) {
        for (let n = 0; n < 3; n++) wire.expect({ type: 'publish', qos: Math.min(index, 1) as QoS });
        wire.expectNothing();
      }
    },
  );

  rule('bring no retained messages', async () => {
    const rig = await open();
    await (await rig.client({ version })).send(publish('a', 'x', { retain: true }));
    const wire = await rig.client({ version });
    await wire.send(subscribe(1, filter(0)));
    wire.expect({ type: 'suback', reasonCodes: [0] });
    wire.expectNothing();
  });

  rule('go to members that are there rather than to those that are away', async () => {
    const rig = await open();
    const [first, second] = (await group(rig, 1, 1)) as [Wire, Wire];
    await first.cut();
    const publisher = await rig.client({ version });
    for (let n = 0; n < 4; n++) await publisher.send(publish('a', String(n), { packetId: 1 }));
    expect(texts(second)).toEqual(['0', '1', '2', '3']);
  });

  rule('finish a delivery at QoS 2 with the member that it was begun with [v5 MQTT-4.8.2-4]', async () => {
    const rig = await open();
    const [first, second] = (await group(rig, 2, 2)) as [Wire, Wire];
    await (await rig.client({ version })).send(publish('a', 'x', { packetId: 1, qos: 2 }));
    const { packetId } = first.expect({ type: 'publish' });
    await first.cut();
    second.expectNothing();
    const back = await rig.client({ clientId: 'member-0', ...lasting(version) });
    back.expect({ type: 'publish', packetId: packetId as number, dup: true });
    second.expectNothing();
  });

  rule(
    'give a message at QoS 2 to nobody else when that member does not come back [v5 MQTT-4.8.2-5]',
    async () => {
      const rig = await open();
      const [first, second] = (await group(rig, 2, 2)) as [Wire, Wire];
      await (await rig.client({ version })).send(publish('a', 'x', { packetId: 1, qos: 2 }));
      first.expect({ type: 'publish' });
      await first.cut();
      await rig.advance(200_000);
      expect(rig.broker.snapshot().sessions.map(({ clientId }) => clientId)).not.toContain('member-0');
      second.expectNothing();
    },
  );

  rule('offer what a member rejects to nobody else [v5 MQTT-4.8.2-6]', async () => {
    const rig = await open();
    const [first, second] = (await group(rig, 2, 2)) as [Wire, Wire];
    const publisher = await rig.client({ version });
    for (const [qos, type] of [
      [1, 'puback'],
      [2, 'pubrec'],
    ] as const) {
      await publisher.send(publish('a', 'x', { packetId: qos, qos }));
      const wire = qos === 1 ? first : second;
      const { packetId } = wire.expect({ type: 'publish', qos });
      await wire.send(ack(type, packetId as number, 0x80));
      first.expectNothing();
      second.expectNothing();
    }
  });

  rule('with their identifiers stand beside ordinary ones of the same client', async () => {
    const rig = await open();
    const wire = await rig.client({ version });
    await wire.send(
      { ...subscribe(1, filter(0)), properties: { subscriptionIdentifier: [5] } },
      { ...subscribe(2, 'a'), properties: { subscriptionIdentifier: [6] } },
    );
    wire.take();
    await wire.send(publish('a'));
    const identifiers = wire
      .take()
      .map((packet) => 'properties' in packet && packet.properties?.subscriptionIdentifier);
    expect(identifiers).toEqual([[6], [5]]);
  });
});

script('Shared subscriptions before 5.0', [4], ({ open, version, rule }) => {
  rule('work where the filter is sound, and are refused where it is not', async () => {
    const rig = await open();
    const wires = [
      await subscriber(rig, version, '$share/g/a'),
      await subscriber(rig, version, '$share/g/a'),
    ];
    const [first, second] = wires as [Wire, Wire];
    await first.send(subscribe(1, '$share/g', '$share//a', '$share/+/a'));
    first.expect({ type: 'suback', reasonCodes: [0x80, 0x80, 0x80] });
    await first.send(publish('a', '1'), publish('a', '2'));
    expect([texts(first), texts(second)]).toEqual([['1'], ['2']]);
  });
});
