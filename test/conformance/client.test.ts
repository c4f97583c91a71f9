// The statements that bind a client, held against ours by a server that does as the test says.
import { expect } from 'vitest';
import { encode, type Properties, type Publish, type QoS, utf8, validate } from '#broker/codec/index.ts';
import { ack, frame, none, publish } from './packets.ts';
import { clientScript } from './script.ts';
import { ScriptedServer } from './server.ts';

const message = (topic: string, qos: QoS, partial: { retain?: boolean; properties?: Properties } = {}) => ({
  topic,
  payload: utf8('x'),
  qos,
  ...partial,
});

clientScript('Our client, connecting', [4, 5], ({ version, isV5, rule }) => {
  rule(
    'sends CONNECT first, and speaks of itself in UTF-8 [MQTT-3.1.0-1] [MQTT-3.1.3-3, MQTT-3.1.3-4]',
    () => {
      const server = new ScriptedServer({ version, clientId: 'ä' }).dial();
      expect(server.take()).toMatchObject([{ type: 'connect', clientId: 'ä' }]);
    },
  );

  rule(
    'sends a CONNECT without a fault, whatever it is set to [v3 MQTT-3.1.2-9, MQTT-3.1.2-11, MQTT-3.1.2-18, MQTT-3.1.2-19, MQTT-3.1.2-20, MQTT-3.1.2-21] [v5 MQTT-3.1.2-9, MQTT-3.1.2-11, MQTT-3.1.2-16, MQTT-3.1.2-17, MQTT-3.1.2-18, MQTT-3.1.2-19]',
    () => {
      const will = { topic: 't', payload: utf8('w'), qos: 1, retain: true } as const;
      for (const settings of [
        {},
        { will },
        { username: 'u' },
        { username: 'u', password: utf8('p') },
        { will, username: 'u', password: utf8('p') },
      ]) {
        const [packet] = new ScriptedServer({ version, ...settings }).dial().take();
        expect(packet).toMatchObject({ type: 'connect', ...settings });
        expect(packet && validate(packet, version)).toEqual([]);
      }
    },
  );

  rule(
    'refuses settings that no CONNECT may have [v3 MQTT-3.1.2-14, MQTT-3.1.2-22, MQTT-3.1.3-7] [v5 MQTT-3.1.2-12]',
    () => {
      const will = { topic: 't', payload: utf8('w'), qos: 3 as QoS, retain: false };
      expect(() => new ScriptedServer({ version, will })).toThrow(RangeError);
      if (isV5) return;
      expect(() => new ScriptedServer({ version, clientId: '', cleanStart: false })).toThrow(RangeError);
      expect(() => new ScriptedServer({ version, password: utf8('p') })).toThrow(RangeError);
    },
  );

  rule('sends nothing else before CONNACK [MQTT-3.1.0-1]', () => {
    const server = new ScriptedServer({ version, cleanStart: false }).dial();
    server.client.publish(message('a', 1));
    expect(() => server.client.subscribe([{ topicFilter: 'a' }])).toThrow('not connected');
    expect(server.types()).toEqual(['connect']);
    server.send({ type: 'connack', sessionPresent: false, reasonCode: 0 });
    expect(server.types()).toEqual(['publish']);
  });

  rule('takes no other answer than CONNACK, and that once [MQTT-3.2.0-1]', () => {
    const early = new ScriptedServer({ version }).dial();
    early.send({ type: 'pingresp' });
    expect(early.isClosed).toBe(true);
    const twice = new ScriptedServer({ version }).welcome();
    twice.send({ type: 'connack', sessionPresent: false, reasonCode: 0 });
    expect(twice.isClosed).toBe(true);
  });

  rule('that is refused tells the application, and closes', () => {
    const server = new ScriptedServer({ version }).dial();
    server.send({ type: 'connack', sessionPresent: false, reasonCode: isV5 ? 0x87 : 5 });
    expect(server.events.map(({ kind }) => kind)).toEqual(['refused', 'closed']);
    expect(server.isClosed).toBe(true);
  });

  rule(
    'keeps its half of the session under one identifier [MQTT-3.1.3-2] [MQTT-4.1.0-1] [v3 MQTT-3.1.2-4, MQTT-4.1.0-2]',
    () => {
      const server = new ScriptedServer({ version, cleanStart: false }).welcome();
      server.client.publish(message('a', 2));
      server.cut();
      expect(server.client.snapshot().outbound).toMatchObject([{ topic: 'a', qos: 2 }]);
      server.welcome(undefined, { sessionPresent: true });
      expect(server.take()).toMatchObject([{ type: 'publish', dup: true }]);
    },
  );

  rule(
    'that begins anew, or is told that there is no session, throws its half away [v3 MQTT-3.1.2-6] [v5 MQTT-3.1.2-4, MQTT-3.2.2-5]',
    () => {
      for (const cleanStart of [true, false]) {
        const server = new ScriptedServer({ version, cleanStart }).welcome();
        server.client.publish(message('a', 1));
        server.send(publish('b', 'x', { qos: 2, packetId: 5 }));
        server.cut();
        server.welcome();
        expect(server.types()).toEqual([]);
        expect(server.client.snapshot()).toMatchObject({ outbound: [], inbound: [] });
      }
    },
  );

  if (!isV5) return;

  rule('that holds no session closes when it is told that there is one [v5 MQTT-3.2.2-4]', () => {
    const server = new ScriptedServer({ version, cleanStart: true }).welcome(undefined, {
      sessionPresent: true,
    });
    expect(server.isClosed).toBe(true);
  });

  rule('takes the identifier that it is given', () => {
    const server = new ScriptedServer({ version, clientId: '' }).welcome({
      assignedClientIdentifier: 'given',
    });
    expect(server.client.snapshot().clientId).toBe('given');
  });
});

clientScript('Our client’s keep alive', [4, 5], ({ version, isV5, rule }) => {
  rule(
    'lets no longer pass without a packet: it sends PINGREQ where it has nothing else [v3 MQTT-3.1.2-23] [v5 MQTT-3.1.2-20]',
    () => {
      const server = new ScriptedServer({ version, keepAlive: 10 }).welcome();
      server.advance(9999);
      expect(server.types()).toEqual([]);
      server.advance(1);
      expect(server.types()).toEqual(['pingreq']);
      server.send({ type: 'pingresp' });
      server.advance(4000);
      server.client.publish(message('a', 0));
      expect(server.types()).toEqual(['publish']);
      server.advance(9999);
      expect(server.types()).toEqual([]);
      server.advance(1);
      expect(server.types()).toEqual(['pingreq']);
    },
  );

  rule('gives up when no PINGRESP comes', () => {
    const server = new ScriptedServer({ version, keepAlive: 10 }).welcome();
    server.advance(20_000);
    expect(server.isClosed).toBe(true);
    expect(server.events.at(-1)).toEqual({ kind: 'closed', reason: 'no PINGRESP came' });
  });

  rule('of 0 sends nothing', () => {
    const server = new ScriptedServer({ version, keepAlive: 0 }).welcome();
    server.advance(1e9);
    expect(server.types()).toEqual([]);
  });

  if (!isV5) return;

  rule('is the server’s where CONNACK has one [v5 MQTT-3.1.2-21, MQTT-3.2.2-21]', () => {
    const server = new ScriptedServer({ version, keepAlive: 100 }).welcome({ serverKeepAlive: 1 });
    server.advance(1000);
    expect(server.types()).toEqual(['pingreq']);
  });
});

clientScript('Our client, publishing', [4, 5], ({ version, isV5, rule }) => {
  const session = { version, cleanStart: false };

  rule(
    'takes an identifier for each packet that nothing else has, and not 0 [v3 MQTT-2.3.1-1, MQTT-2.3.1-2, MQTT-4.3.2-1, MQTT-4.3.3-1] [v5 MQTT-2.2.1-3, MQTT-4.3.2-1, MQTT-4.3.3-1]',
    () => {
      const server = new ScriptedServer({ version }).welcome();
      for (let n = 0; n < 50; n++) {
        server.client.publish(message('a', n % 2 ? 1 : 2));
        server.client.subscribe([{ topicFilter: 'a' }]);
        server.client.unsubscribe(['a']);
      }
      const ids = server.take().map((packet) => ('packetId' in packet ? packet.packetId : undefined));
      expect(new Set(ids).size).toBe(150);
      expect(ids).not.toContain(0);
      expect(ids).not.toContain(undefined);
    },
  );

  rule(
    'sends a message at QoS 0 without identifier and without DUP [v3 MQTT-2.3.1-5] [v5 MQTT-2.2.1-2] [MQTT-3.3.1-2] [MQTT-4.3.1-1]',
    () => {
      const server = new ScriptedServer({ version }).welcome();
      server.client.publish(message('a', 0));
      expect(server.frames.at(-1)).toEqual(frame(0x30, 'a', none(version), utf8('x')));
    },
  );

  rule(
    'repeats a message after a reconnect, in order, under its identifier, with DUP, and not before [v3 MQTT-2.3.1-3] [MQTT-3.3.1-1] [MQTT-4.4.0-1] [MQTT-4.6.0-1] [v3 MQTT-4.3.2-1] [v5 MQTT-4.3.2-2, MQTT-4.3.2-3, MQTT-4.3.3-2, MQTT-4.3.3-3]',
    () => {
      const server = new ScriptedServer(session).welcome();
      for (const qos of [1, 2, 1] as const) server.client.publish(message('a', qos));
      const first = server.take() as Publish[];
      expect(first.map(({ dup }) => dup)).toEqual([false, false, false]);
      server.advance(100_000);
      expect(server.types()).toEqual([]);
      server.cut();
      server.welcome(undefined, { sessionPresent: true });
      expect(server.take()).toEqual(first.map((packet) => ({ ...packet, dup: true })));
    },
  );

  rule('settles QoS 1 with PUBACK and tells the application [v3 MQTT-2.3.1-3] [v5 MQTT-4.3.2-3]', () => {
    const server = new ScriptedServer(session).welcome();
    const sent = message('a', 1);
    server.client.publish(sent);
    const [packet] = server.take() as Publish[];
    server.send(ack('puback', packet?.packetId as number));
    expect(server.events.at(-1)).toEqual({ kind: 'acknowledged', message: sent, reasonCode: 0 });
    server.cut();
    server.welcome(undefined, { sessionPresent: true });
    expect(server.types()).toEqual([]);
  });

  rule(
    'goes through QoS 2: PUBREC, PUBREL, PUBCOMP; and repeats PUBREL, never the PUBLISH [v3 MQTT-2.3.1-6, MQTT-4.3.3-1] [v5 MQTT-2.2.1-5, MQTT-4.3.3-4, MQTT-4.3.3-5, MQTT-4.3.3-6]',
    () => {
      const server = new ScriptedServer(session).welcome();
      server.client.publish(message('a', 2));
      const [packet] = server.take() as Publish[];
      const packetId = packet?.packetId as number;
      server.send(ack('pubrec', packetId));
      expect(server.take()).toMatchObject([{ type: 'pubrel', packetId }]);
      server.cut();
      server.welcome(undefined, { sessionPresent: true });
      expect(server.take()).toMatchObject([{ type: 'pubrel', packetId }]);
      server.send(ack('pubcomp', packetId));
      expect(server.client.snapshot().outbound).toEqual([]);
    },
  );

  rule('answers PUBRECs with PUBRELs in their order [MQTT-4.6.0-4]', () => {
    const server = new ScriptedServer({ version }).welcome();
    for (let n = 0; n < 3; n++) server.client.publish(message('a', 2));
    const ids = (server.take() as Publish[]).map(({ packetId }) => packetId as number);
    const order = [ids[1], ids[2], ids[0]] as number[];
    server.send(...order.map((id) => ack('pubrec', id)));
    expect(server.take()).toMatchObject(order.map((packetId) => ({ type: 'pubrel', packetId })));
  });

  rule('closes on an answer of the wrong kind [v3 MQTT-4.8.0-1] [v5 MQTT-4.13.2-1]', () => {
    const server = new ScriptedServer({ version }).welcome();
    server.client.publish(message('a', 1));
    const [packet] = server.take() as Publish[];
    server.send(ack('pubcomp', packet?.packetId as number));
    expect(server.isClosed).toBe(true);
  });

  rule(
    'refuses topics and filters that are none [MQTT-3.3.2-1, MQTT-3.3.2-2] [MQTT-4.7.3-1, MQTT-4.7.3-2, MQTT-4.7.3-3] [v3 MQTT-4.7.1-1, MQTT-4.7.1-2, MQTT-4.7.1-3] [v5 MQTT-4.7.0-1, MQTT-4.7.1-1, MQTT-4.7.1-2]',
    () => {
      const server = new ScriptedServer({ version }).welcome();
      for (const topic of ['', 'a/+', 'a/#', '\0', 'x'.repeat(65_536)])
        expect(() => server.client.publish(message(topic, 0)), topic.slice(0, 9)).toThrow(RangeError);
      for (const topicFilter of ['', 'a#', 'a+', '#/a', '\0', 'x'.repeat(65_536)]) {
        expect(() => server.client.subscribe([{ topicFilter }]), topicFilter.slice(0, 9)).toThrow(RangeError);
        expect(() => server.client.unsubscribe([topicFilter]), topicFilter.slice(0, 9)).toThrow(RangeError);
      }
      expect(server.types()).toEqual([]);
    },
  );

  rule(
    'asks for at least one filter, and for no QoS 3 [v3 MQTT-3.8.3-3] [v5 MQTT-3.8.3-2] [MQTT-3.10.3-2] [MQTT-3.3.1-4]',
    () => {
      const server = new ScriptedServer({ version }).welcome();
      expect(() => server.client.subscribe([])).toThrow(RangeError);
      expect(() => server.client.unsubscribe([])).toThrow(RangeError);
      expect(() => server.client.publish(message('a', 3 as QoS))).toThrow(RangeError);
      expect(server.types()).toEqual([]);
    },
  );

  rule('writes filters as UTF-8, one behind the other [MQTT-3.8.3-1] [MQTT-3.10.3-1]', () => {
    const server = new ScriptedServer({ version }).welcome();
    server.client.subscribe([{ topicFilter: 'ä' }, { topicFilter: 'b/+', qos: 2 }]);
    server.client.unsubscribe(['ä', 'b/+']);
    expect(server.frames.slice(-2)).toEqual([
      frame(0x82, [0, 1], none(version), 'ä', [0], 'b/+', [2]),
      frame(0xa2, [0, 2], none(version), 'ä', 'b/+'),
    ]);
  });

  rule('hears the answers to its requests', () => {
    const server = new ScriptedServer({ version }).welcome();
    const ids = [server.client.subscribe([{ topicFilter: 'a' }]), server.client.unsubscribe(['a'])] as const;
    server.send(
      { type: 'suback', packetId: ids[0], reasonCodes: [0] },
      { type: 'unsuback', packetId: ids[1], reasonCodes: isV5 ? [0] : [] },
    );
    server.send(
      { type: 'suback', packetId: ids[0], reasonCodes: [0] },
      { type: 'unsuback', packetId: 99, reasonCodes: isV5 ? [0] : [] },
    );
    expect(server.events.map(({ kind }) => kind)).toEqual(['connected', 'subscribed', 'unsubscribed']);
  });

  rule('lets go of a message at QoS 0 while it is away, and keeps one at QoS 1', () => {
    const server = new ScriptedServer(session);
    server.client.publish(message('a', 0));
    server.client.publish(message('a', 1));
    server.welcome();
    expect(server.take()).toMatchObject([{ type: 'publish', qos: 1, dup: false }]);
  });

  if (!isV5) return;

  rule('publishes at no higher QoS than the server takes [v5 MQTT-3.2.2-11]', () => {
    const server = new ScriptedServer({ version }).welcome({ maximumQoS: 0 });
    expect(() => server.client.publish(message('a', 1))).toThrow('QoS 0');
    server.client.publish(message('a', 0));
    expect(server.types()).toEqual(['publish']);
  });

  rule('retains nothing where the server does not [v5 MQTT-3.2.2-14]', () => {
    const server = new ScriptedServer({ version }).welcome({ retainAvailable: 0 });
    expect(() => server.client.publish(message('a', 0, { retain: true }))).toThrow('retains no messages');
    expect(server.types()).toEqual([]);
  });

  rule('sends no packet that is larger than the server takes [v5 MQTT-3.2.2-15]', () => {
    const server = new ScriptedServer({ version }).welcome({ maximumPacketSize: 20 });
    const long = 'a'.repeat(30);
    expect(() => server.client.publish(message(long, 0))).toThrow('more bytes than 20');
    expect(() => server.client.subscribe([{ topicFilter: long }])).toThrow('more bytes than 20');
    expect(() => server.client.unsubscribe([long])).toThrow('more bytes than 20');
    expect(server.types()).toEqual([]);
  });

  rule(
    'lets go of what waited and does not suit the server that it finds [v5 MQTT-3.2.2-11, MQTT-3.2.2-14, MQTT-3.2.2-15]',
    () => {
      const server = new ScriptedServer(session);
      server.client.publish(message('a', 2));
      server.client.publish(message('b', 1, { retain: true }));
      server.client.publish(message('c'.repeat(100), 1));
      server.client.publish(message('d', 1));
      server.welcome({ maximumQoS: 1, retainAvailable: 0, maximumPacketSize: 50 });
      expect(server.take()).toMatchObject([{ type: 'publish', topic: 'd' }]);
      expect(server.events.filter(({ kind }) => kind === 'acknowledged')).toMatchObject([
        { reasonCode: 0x83 },
        { reasonCode: 0x83 },
        { reasonCode: 0x83 },
      ]);
    },
  );

  rule(
    'uses no topic alias above the server’s maximum, and none where there is none [v5 MQTT-3.2.2-17, MQTT-3.2.2-18, MQTT-3.3.2-9]',
    () => {
      for (const topicAliasMaximum of [undefined, 0, 2]) {
        const server = new ScriptedServer({ version }).welcome({ topicAliasMaximum });
        expect(() =>
          server.client.publish(
            message('a', 0, { properties: { topicAlias: (topicAliasMaximum ?? 0) + 1 } }),
          ),
        ).toThrow('topic alias');
        server.client.publish(message('a', 0));
        expect(server.take()).toMatchObject([{ type: 'publish', properties: undefined }]);
      }
      const server = new ScriptedServer({ version }).welcome({ topicAliasMaximum: 2 });
      server.client.publish(message('a', 0, { properties: { topicAlias: 2 } }));
      server.client.publish(message('', 0, { properties: { topicAlias: 2 } }));
      expect(server.types()).toEqual(['publish', 'publish']);
    },
  );

  rule(
    'lets no alias stand for a topic beyond its connection, and sends none that is 0 [v5 MQTT-3.3.2-7, MQTT-3.3.2-8]',
    () => {
      const server = new ScriptedServer(session).welcome({ topicAliasMaximum: 2 });
      expect(() => server.client.publish(message('', 1, { properties: { topicAlias: 1 } }))).toThrow(
        'needs its topic',
      );
      expect(() => server.client.publish(message('a', 0, { properties: { topicAlias: 0 } }))).toThrow(
        RangeError,
      );
    },
  );

  rule(
    'sends no Subscription Identifier with a message, and no wildcard in a Response Topic [v5 MQTT-3.3.4-6, MQTT-3.3.2-13, MQTT-3.3.2-14]',
    () => {
      const server = new ScriptedServer({ version }).welcome();
      for (const properties of [{ subscriptionIdentifier: [1] }, { responseTopic: 'a/+' }])
        expect(() => server.client.publish(message('a', 0, { properties }))).toThrow(RangeError);
      expect(server.types()).toEqual([]);
    },
  );

  rule(
    'asks for no shared subscription with No Local, nor with a share name that is none [v5 MQTT-3.8.3-4, MQTT-4.8.2-1, MQTT-4.8.2-2]',
    () => {
      const server = new ScriptedServer({ version }).welcome();
      expect(() => server.client.subscribe([{ topicFilter: '$share/g/a', noLocal: true }])).toThrow(
        RangeError,
      );
      for (const topicFilter of ['$share//a', '$share/g', '$share/+/a'])
        expect(() => server.client.subscribe([{ topicFilter }])).toThrow(RangeError);
    },
  );

  rule(
    'has no more under way than the server’s Receive Maximum, and holds back nothing else [v5 MQTT-3.3.4-7, MQTT-3.3.4-8, MQTT-4.9.0-1, MQTT-4.9.0-2, MQTT-4.9.0-3]',
    () => {
      const server = new ScriptedServer({ version, keepAlive: 5 }).welcome({ receiveMaximum: 2 });
      for (const qos of [1, 2, 1] as const) server.client.publish(message('a', qos));
      const [first, second] = server.take() as Publish[];
      server.client.publish(message('a', 0));
      server.client.subscribe([{ topicFilter: 'a' }]);
      server.send(publish('b', 'x', { packetId: 7, qos: 1 }));
      server.advance(5000);
      expect(server.types()).toEqual(['publish', 'subscribe', 'puback', 'pingreq']);
      server.send(ack('pubrec', second?.packetId as number));
      expect(server.types()).toEqual(['pubrel']);
      server.send(ack('puback', first?.packetId as number));
      expect(server.take()).toMatchObject([{ type: 'publish', qos: 1 }]);
    },
  );

  rule('takes an answer that refuses as an end [v5 MQTT-4.4.0-2]', () => {
    const server = new ScriptedServer(session).welcome();
    server.client.publish(message('a', 2));
    const [packet] = server.take() as Publish[];
    server.send(ack('pubrec', packet?.packetId as number, 0x97));
    expect(server.events.at(-1)).toMatchObject({ kind: 'acknowledged', reasonCode: 0x97 });
    server.cut();
    server.welcome(undefined, { sessionPresent: true });
    expect(server.types()).toEqual([]);
  });
});

clientScript('Our client, receiving', [4, 5], ({ version, isV5, rule }) => {
  rule(
    'acknowledges each message as its QoS asks, and in their order, whether anybody listens or not [MQTT-4.5.0-2] [MQTT-3.3.4-1] [MQTT-4.6.0-2, MQTT-4.6.0-3] [v3 MQTT-2.3.1-6, MQTT-4.3.2-2, MQTT-4.3.3-2] [v5 MQTT-2.2.1-5, MQTT-4.3.2-4, MQTT-4.3.3-8]',
    () => {
      const server = new ScriptedServer({ version }, { report: () => {} }).welcome();
      server.send(
        publish('a', 'x', { packetId: 3 }),
        publish('a'),
        publish('a', 'x', { packetId: 9, qos: 2 }),
        publish('a', 'x', { packetId: 1 }),
        publish('a', 'x', { packetId: 4, qos: 2 }),
      );
      expect(server.take()).toMatchObject([
        { type: 'puback', packetId: 3 },
        { type: 'pubrec', packetId: 9 },
        { type: 'puback', packetId: 1 },
        { type: 'pubrec', packetId: 4 },
      ]);
    },
  );

  rule(
    'hands a QoS 2 message over once, until PUBREL frees its identifier [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-10, MQTT-4.3.3-11, MQTT-4.3.3-12]',
    () => {
      const server = new ScriptedServer({ version, cleanStart: false }).welcome();
      const messages = () => server.events.filter(({ kind }) => kind === 'message').length;
      server.send(
        publish('a', 'x', { packetId: 5, qos: 2 }),
        publish('a', 'x', { packetId: 5, qos: 2, dup: true }),
      );
      server.cut();
      server.welcome(undefined, { sessionPresent: true });
      server.send(publish('a', 'x', { packetId: 5, qos: 2, dup: true }));
      expect(messages()).toBe(1);
      expect(server.types()).toEqual(['pubrec']);
      server.send(ack('pubrel', 5), publish('a', 'y', { packetId: 5, qos: 2 }));
      expect(server.types()).toEqual(['pubcomp', 'pubrec']);
      expect(messages()).toBe(2);
    },
  );

  rule('hands a QoS 1 message over as often as it comes [v3 MQTT-4.3.2-2] [v5 MQTT-4.3.2-5]', () => {
    const server = new ScriptedServer({ version }).welcome();
    server.send(publish('a', 'x', { packetId: 5 }), publish('a', 'x', { packetId: 5, dup: true }));
    expect(server.events.filter(({ kind }) => kind === 'message')).toHaveLength(2);
  });

  rule(
    'closes on what is no packet, or one that only clients send [v3 MQTT-1.5.3-1, MQTT-1.5.3-2, MQTT-2.2.2-2, MQTT-4.8.0-1] [v5 MQTT-1.5.4-1, MQTT-1.5.4-2, MQTT-2.1.3-1, MQTT-4.13.2-1]',
    () => {
      const bad = [
        frame(0xd1),
        frame(0x30, [0, 2, 0xc3, 0x28], none(version)),
        frame(0x30, [0, 1, 0], none(version)),
        frame(0x36, 'a', [0, 1], none(version)),
        encode({ type: 'pingreq' }, version),
        encode(
          {
            type: 'subscribe',
            packetId: 1,
            subscriptions: [
              { topicFilter: 'a', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 },
            ],
          },
          version,
        ),
      ];
      for (const bytes of bad) {
        const server = new ScriptedServer({ version }).welcome();
        server.sendBytes(bytes);
        expect(server.isClosed).toBe(true);
        expect(server.types()).toEqual(isV5 ? ['disconnect'] : []);
        expect(server.events.at(-1)).toMatchObject({ kind: 'closed' });
      }
    },
  );

  if (!isV5) {
    rule('closes on a DISCONNECT, which only clients send [v3 MQTT-4.8.0-1]', () => {
      const server = new ScriptedServer({ version }).welcome();
      server.send({ type: 'disconnect', reasonCode: 0 });
      expect(server.isClosed).toBe(true);
    });
    return;
  }

  rule('takes every alias from 1 to the maximum that it announced [v5 MQTT-3.3.2-10]', () => {
    const server = new ScriptedServer({ version, properties: { topicAliasMaximum: 3 } }).welcome();
    const aliased = (topic: string, topicAlias: number) =>
      publish(topic, 'x', { properties: { topicAlias } });
    server.send(aliased('one', 1), aliased('three', 3), aliased('', 1), aliased('', 3));
    const topics = server.events.flatMap((event) => (event.kind === 'message' ? [event.packet.topic] : []));
    expect(topics).toEqual(['one', 'three', 'one', 'three']);
    server.send(aliased('four', 4));
    expect(server.take()).toMatchObject([{ type: 'disconnect', reasonCode: 0x94 }]);
  });

  rule('forgets aliases with the connection [v5 MQTT-3.3.2-7]', () => {
    const server = new ScriptedServer({
      version,
      cleanStart: false,
      properties: { topicAliasMaximum: 3 },
    }).welcome();
    server.send(publish('one', 'x', { properties: { topicAlias: 1 } }));
    server.cut();
    server.welcome(undefined, { sessionPresent: true });
    server.send(publish('', 'x', { properties: { topicAlias: 1 } }));
    expect(server.take()).toMatchObject([{ type: 'disconnect', reasonCode: 0x82 }]);
  });

  rule('closes when the server has more under way than it takes', () => {
    const server = new ScriptedServer({ version, properties: { receiveMaximum: 1 } }).welcome();
    server.send(publish('a', 'x', { packetId: 1, qos: 2 }), publish('a', 'x', { packetId: 2, qos: 2 }));
    expect(server.take()).toMatchObject([{ type: 'pubrec' }, { type: 'disconnect', reasonCode: 0x93 }]);
  });

  rule('closes on a packet that is larger than it takes', () => {
    const server = new ScriptedServer({ version, properties: { maximumPacketSize: 20 } }).welcome();
    server.send(publish('a', 'x'.repeat(20)));
    expect(server.take()).toMatchObject([{ type: 'disconnect', reasonCode: 0x95 }]);
  });

  rule('closes when the server says goodbye, and says nothing more [v5 MQTT-3.14.4-1, MQTT-3.14.4-2]', () => {
    const server = new ScriptedServer({ version }).welcome();
    server.send({ type: 'disconnect', reasonCode: 0x8e });
    expect([server.isClosed, server.types()]).toEqual([true, []]);
    expect(server.events.at(-1)).toMatchObject({
      kind: 'closed',
      reason: 'the broker said goodbye: reason code 142',
    });
  });
});

clientScript('Our client, leaving', [4, 5], ({ version, rule }) => {
  rule('sends DISCONNECT, closes, and sends nothing after [MQTT-3.14.4-1, MQTT-3.14.4-2]', () => {
    const server = new ScriptedServer({ version, keepAlive: 5 }).welcome();
    server.client.disconnect();
    expect([server.isClosed, server.types()]).toEqual([true, ['disconnect']]);
    server.client.publish(message('a', 0));
    server.client.publish(message('a', 1));
    expect(() => server.client.subscribe([{ topicFilter: 'a' }])).toThrow('not connected');
    server.client.disconnect();
    server.send(publish('b', 'x', { packetId: 1 }));
    server.advance(60_000);
    expect(server.types()).toEqual([]);
  });

  rule(
    'uses codes and flags from the tables alone [v3 MQTT-2.2.2-1] [v5 MQTT-2.1.3-1, MQTT-3.14.2-1]',
    () => {
      const server = new ScriptedServer({ version }).welcome();
      server.client.disconnect(version === 5 ? 0x04 : 0);
      const [packet] = server.take();
      expect(packet && validate(packet, version)).toEqual([]);
    },
  );
});

clientScript('Our client, authenticating', [5], ({ version, rule }) => {
  const method = { authenticationMethod: 'M' };
  const settings = { version, properties: { ...method, authenticationData: utf8('1') } };
  const auth = (reasonCode: number, data: string, name = 'M') =>
    ({
      type: 'auth',
      reasonCode,
      properties: { authenticationMethod: name, authenticationData: utf8(data) },
    }) as const;
  const environment = {
    authenticate: (data: Uint8Array | undefined, answer: (data: Uint8Array) => void) =>
      answer(new Uint8Array([...(data ?? []), 0x21])),
  };

  rule(
    'answers with AUTH 0x18 and the method that it named [v5 MQTT-4.12.0-3, MQTT-4.12.0-5, MQTT-3.15.2-1]',
    () => {
      const server = new ScriptedServer(settings, environment).dial();
      expect(server.take()).toMatchObject([{ type: 'connect', properties: settings.properties }]);
      server.send(auth(0x18, 'more'));
      expect(server.take()).toMatchObject([auth(0x18, 'more!')]);
      server.send({ type: 'connack', sessionPresent: false, reasonCode: 0, properties: method });
      expect(server.client.snapshot().connected).toBe(true);
    },
  );

  rule('sends nothing but AUTH and DISCONNECT until CONNACK comes [v5 MQTT-3.1.2-30]', () => {
    const server = new ScriptedServer({ ...settings, cleanStart: false, keepAlive: 1 }, environment).dial();
    server.take();
    server.client.publish(message('a', 0));
    server.client.publish(message('a', 1));
    expect(() => server.client.subscribe([{ topicFilter: 'a' }])).toThrow('not connected');
    server.advance(60_000);
    expect(server.types()).toEqual([]);
    server.client.disconnect();
    expect(server.types()).toEqual(['disconnect']);
  });

  rule('closes when another method is named, or none was asked for [v5 MQTT-4.12.0-5, MQTT-4.12.0-6]', () => {
    const other = new ScriptedServer(settings, environment).dial();
    other.send(auth(0x18, 'more', 'N'));
    expect(other.isClosed).toBe(true);
    const unnamed = new ScriptedServer(settings, environment).welcome();
    expect(unnamed.isClosed).toBe(true);
    const unasked = new ScriptedServer({ version }, environment).dial();
    unasked.send(auth(0x18, 'more'));
    expect(unasked.isClosed).toBe(true);
  });

  rule('sends no AUTH where it named no method [v5 MQTT-4.12.0-7]', () => {
    const server = new ScriptedServer({ version }).welcome();
    expect(() => server.client.reauthenticate(utf8('x'))).toThrow('no authentication to renew');
    expect(server.types()).toEqual([]);
  });

  rule('authenticates anew with AUTH 0x19 and the method that it named [v5 MQTT-4.12.1-1]', () => {
    const server = new ScriptedServer(settings, environment).welcome(method);
    server.client.reauthenticate(utf8('again'));
    expect(server.take()).toMatchObject([auth(0x19, 'again')]);
    server.send(auth(0x18, 'more'));
    expect(server.take()).toMatchObject([auth(0x18, 'more!')]);
    server.send(auth(0x00, 'done'));
    expect(server.events.at(-1)).toMatchObject({ kind: 'authenticated' });
    expect(server.isClosed).toBe(false);
  });

  rule('closes when that fails, or when it cannot answer [v5 MQTT-4.12.1-2]', () => {
    const mute = new ScriptedServer(settings).dial();
    mute.send(auth(0x18, 'more'));
    expect(mute.isClosed).toBe(true);
    const server = new ScriptedServer(settings, environment).welcome(method);
    server.client.reauthenticate(utf8('again'));
    server.send(auth(0x19, 'what?'));
    expect(server.isClosed).toBe(true);
    expect(server.types()).toEqual(['auth', 'disconnect']);
  });
});
