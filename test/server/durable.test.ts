// What of a broker outlives it, one thing at a time; and what is written for that, and what is not.
import { describe, expect, test } from 'vitest';
import { Client, type ClientSettings, type Wanted } from '#broker/client/client.ts';
import { encode, type Properties, type QoS, textOf, utf8, type Version } from '#broker/codec/index.ts';
import { type Access, OPEN } from '#broker/server/access.ts';
import { Broker } from '#broker/server/broker.ts';
import { Ledger } from '#broker/server/ledger.ts';
import { DamagedRecord, FORMAT, pack, unpack } from '#broker/server/record.ts';
import { NEVER, type Settings } from '#broker/server/settings.ts';
import { DurableBroker, type Guest } from './durable.ts';

const SECOND = 1000;

class World extends DurableBroker {
  /** A client that is connected; its session is kept, unless it says otherwise. */
  come(clientId: string, { properties, ...settings }: Partial<ClientSettings> = {}): Guest {
    const version: Version = settings.version ?? 5;
    const lasting = { sessionExpiryInterval: NEVER, ...properties };
    const guest = this.join({
      clientId,
      cleanStart: false,
      keepAlive: 0,
      ...settings,
      version,
      ...(version === 5 && { properties: lasting }),
    });
    return this.comeBack(guest);
  }

  comeBack(guest: Guest): Guest {
    this.connect(guest);
    this.settle();
    return guest;
  }

  subscribe(guest: Guest, wanted: Wanted, properties?: Properties): void {
    guest.client.subscribe([wanted], properties);
    this.settle();
  }

  publish(
    guest: Guest,
    topic: string,
    qos: QoS,
    more: { retain?: boolean; properties?: Properties } = {},
  ): void {
    guest.client.publish({ topic, payload: utf8(topic), qos, ...more });
    this.settle();
  }

  leave(guest: Guest): void {
    guest.client.disconnect();
    this.settle();
  }

  lose(guest: Guest): void {
    if (guest.wire) this.cut(guest.wire);
    this.settle();
  }

  keysOf(kind: string): string[] {
    return [...this.records.keys()].filter((key) => key.startsWith(`${kind}/`));
  }
}

function open(settings: Partial<Settings> = {}): World {
  return new World(settings);
}

const CONNACK = encode({ type: 'connack', sessionPresent: false, reasonCode: 0 }, 4);

const topics = ({ received }: Guest) => received.map(({ topic }) => topic);

describe('time goes on while the broker is away', () => {
  test.each([
    { downtime: 59, isThere: true },
    { downtime: 61, isThere: false },
  ])('a session of 60 s is there after $downtime s: $isThere [MQTT-4.1.0-2]', ({ downtime, isThere }) => {
    const world = open();
    const ann = world.come('ann', { properties: { sessionExpiryInterval: 60 } });
    world.subscribe(ann, { topicFilter: 'a', qos: 1 });
    world.lose(ann);
    world.crash(downtime * SECOND);
    expect(world.broker.snapshot().sessions.length).toBe(isThere ? 1 : 0);
    world.write();
    expect(world.keysOf('session').length).toBe(isThere ? 1 : 0);
    expect(world.keysOf('subscription').length).toBe(isThere ? 1 : 0);
  });

  test('for a client that was connected at the crash, a session of 60 s begins to run out when the broker is back [MQTT-4.1.0-2]', () => {
    const world = open();
    world.come('ann', { properties: { sessionExpiryInterval: 60 } });
    world.crash(100 * SECOND);
    world.wait(59 * SECOND);
    expect(world.broker.snapshot().sessions.length).toBe(1);
    world.write();
    world.crash(2 * SECOND);
    expect(world.broker.snapshot().sessions.length).toBe(0);
  });

  test('for a client that had come back before the crash, it begins to run out anew [MQTT-4.1.0-1]', () => {
    const world = open();
    const ann = world.come('ann', { properties: { sessionExpiryInterval: 60 } });
    world.lose(ann);
    world.wait(50 * SECOND);
    world.comeBack(ann);
    world.crash(50 * SECOND);
    expect(world.broker.snapshot().sessions.length).toBe(1);
  });

  test('a message is forwarded with what is left of its time [v5 MQTT-3.3.2-6], and not after [v5 MQTT-3.3.2-5]', () => {
    const world = open();
    const ann = world.come('ann');
    world.subscribe(ann, { topicFilter: '#', qos: 1 });
    world.lose(ann);
    const bob = world.come('bob');
    world.publish(bob, 'short', 1, { properties: { messageExpiryInterval: 10 } });
    world.publish(bob, 'long', 1, { properties: { messageExpiryInterval: 100 } });
    world.publish(bob, 'endless', 1);
    world.crash(30 * SECOND);
    world.comeBack(ann);
    expect(topics(ann)).toEqual(['long', 'endless']);
    expect(ann.received.map(({ properties }) => properties?.messageExpiryInterval)).toEqual([70, undefined]);
  });

  test('a retained message expires as it would have', () => {
    const world = open();
    const bob = world.come('bob');
    for (const interval of [10, 100])
      world.publish(bob, `after ${interval}`, 1, {
        retain: true,
        properties: { messageExpiryInterval: interval },
      });
    world.crash(30 * SECOND);
    const ann = world.come('ann');
    world.subscribe(ann, { topicFilter: '#', qos: 1 });
    expect(topics(ann)).toEqual(['after 100']);
    const { expiresAt, arrivedAt } =
      world.broker.retained.get('after 100') ?? expect.fail('nothing is retained');
    expect(expiresAt - arrivedAt).toBe(100 * SECOND);
  });

  test('a will that waits goes on waiting, and is published in time [MQTT-3.1.2-8]', () => {
    const world = open();
    const ann = world.come('ann');
    world.subscribe(ann, { topicFilter: 'gone', qos: 1 });
    const will = { topic: 'gone', payload: utf8('bob'), qos: 1 as const, retain: false };
    const bob = world.come('bob', { will: { ...will, properties: { willDelayInterval: 30 } } });
    world.lose(bob);
    world.crash(20 * SECOND);
    world.comeBack(ann);
    expect(topics(ann)).toEqual([]);
    world.crash(20 * SECOND);
    world.comeBack(ann);
    expect(topics(ann)).toEqual(['gone']);
    expect(world.broker.snapshot().sessions.find(({ clientId }) => clientId === 'bob')?.will).toBeUndefined();
  });
});

describe('the will of a client that was connected', () => {
  const will = {
    topic: 'gone',
    payload: utf8('bob'),
    qos: 1 as const,
    retain: true,
    properties: { contentType: 'text', userProperty: [['a', 'b']] as [string, string][] },
  };

  test.each([0, NEVER])(
    'is published when the broker is back, with Session Expiry %s [MQTT-3.1.2-8]',
    (expiry) => {
      const world = open();
      const ann = world.come('ann');
      world.subscribe(ann, { topicFilter: 'gone', qos: 1 });
      world.come('bob', { will, properties: { sessionExpiryInterval: expiry } });
      world.crash();
      world.write();
      world.crash(); // once is enough
      world.comeBack(ann);
      expect(ann.received).toMatchObject([
        { topic: 'gone', payload: will.payload, properties: will.properties },
      ]);
      expect(world.broker.retained.get('gone')?.source?.clientId).toBe('bob');
      expect(world.keysOf('session').length).toBe(expiry === 0 ? 1 : 2);
    },
  );

  test('of 3.1.1 with Clean Session 1 is published as well [MQTT-3.1.2-8]', () => {
    const world = open();
    const { properties: _, ...common } = will;
    world.come('bob', { version: 4, cleanStart: true, will: common });
    world.crash();
    expect(world.broker.retained.get('gone')).toBeDefined();
  });

  test('is not published when the client had said goodbye [MQTT-3.14.4-3]', () => {
    const world = open();
    world.leave(world.come('bob', { will }));
    world.crash();
    expect(world.broker.retained.size).toBe(0);
  });
});

describe('what a session holds', () => {
  test('a subscription keeps its options, its identifier and its group', () => {
    const world = open();
    const ann = world.come('ann');
    const wanted = { qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 } as const;
    world.subscribe(ann, { topicFilter: 'a/+', ...wanted }, { subscriptionIdentifier: [7] });
    world.subscribe(ann, { topicFilter: '$share/all/b/#', qos: 1 });
    const before = world.broker.snapshot().sessions[0]?.subscriptions;
    world.crash();
    const after = world.broker.snapshot().sessions[0]?.subscriptions;
    expect(after?.sort((a, b) => (a.topicFilter > b.topicFilter ? -1 : 1))).toEqual(before);
    world.comeBack(ann);
    const bob = world.come('bob');
    world.publish(bob, 'a/x', 0, { retain: true });
    world.publish(bob, 'b/x', 1);
    world.publish(ann, 'a/y', 0);
    expect(ann.received).toMatchObject([
      { topic: 'a/x', retain: true, properties: { subscriptionIdentifier: [7] } },
      { topic: 'b/x' },
    ]);
  });

  test('a subscription that was taken back stays away [MQTT-3.10.4-1]', () => {
    const world = open();
    const ann = world.come('ann');
    world.subscribe(ann, { topicFilter: 'a', qos: 1 });
    world.subscribe(ann, { topicFilter: 'b', qos: 1 });
    ann.client.unsubscribe(['a']);
    world.settle();
    world.crash();
    expect(world.broker.snapshot().sessions[0]?.subscriptions).toMatchObject([{ topicFilter: 'b' }]);
  });

  test('a session that began anew has nothing of the one before [MQTT-3.1.2-4]', () => {
    const world = open();
    const ann = world.come('ann');
    world.subscribe(ann, { topicFilter: 'a', qos: 1 });
    world.lose(ann);
    world.publish(world.come('bob'), 'a', 1);
    world.come('ann', { cleanStart: true });
    world.crash();
    const session = world.broker.snapshot().sessions.find(({ clientId }) => clientId === 'ann');
    expect(session).toMatchObject({ subscriptions: [], queued: [] });
    expect(world.keysOf('message')).toEqual([]);
  });

  test('a session that is taken over and begins anew leaves nothing either [MQTT-3.1.2-4]', () => {
    const world = open();
    world.subscribe(world.come('ann'), { topicFilter: 'a', qos: 1 });
    world.come('ann', { cleanStart: true });
    expect([world.keysOf('session').length, world.keysOf('subscription').length]).toEqual([1, 0]);
  });

  test('a session that ends with its connection leaves nothing but its will, for as long as it lasts', () => {
    const world = open();
    const will = { topic: 'gone', payload: utf8('x'), qos: 0, retain: false } as const;
    const ann = world.come('ann', { will, properties: { sessionExpiryInterval: 0 } });
    world.subscribe(ann, { topicFilter: 'a', qos: 1 });
    expect([...world.records.keys()]).toEqual(['about', ...world.keysOf('session')]);
    world.subscribe(world.come('bob', { properties: { sessionExpiryInterval: 1 } }), {
      topicFilter: 'a',
      qos: 1,
    });
    expect(world.keysOf('subscription').length).toBe(1);
    world.lose(ann);
    expect(world.keysOf('session').length).toBe(1);
  });

  test('a session that ends with its connection leaves nothing', () => {
    const world = open();
    const ann = world.come('ann', { properties: { sessionExpiryInterval: 0 } });
    world.subscribe(ann, { topicFilter: 'a', qos: 2 });
    world.publish(ann, 'a', 2);
    expect([...world.records.keys()]).toEqual(['about']);
    world.crash();
    expect(world.broker.snapshot().sessions).toEqual([]);
  });

  test('a session that is to end with its next connection is kept no longer', () => {
    const world = open();
    const ann = world.come('ann');
    world.subscribe(ann, { topicFilter: 'a', qos: 1 });
    world.lose(ann);
    world.come('ann', { properties: { sessionExpiryInterval: 0 } });
    expect([...world.records.keys()]).toEqual(['about']);
  });

  test('of a session that is to end with its next connection, the will alone is kept', () => {
    const world = open();
    const ann = world.come('ann');
    world.subscribe(ann, { topicFilter: 'a', qos: 1 });
    world.lose(ann);
    const will = { topic: 'gone', payload: utf8('x'), qos: 0, retain: false } as const;
    world.come('ann', { will, properties: { sessionExpiryInterval: 0 } });
    expect([...world.records.keys()]).toEqual(['about', ...world.keysOf('session')]);
  });

  test('who decides over a client is known again by the name that the host has for him', () => {
    const gate = { ...OPEN };
    const host = {
      nameOf: (access: Access) => (access === gate ? 'listener 1' : undefined),
      accessOf: (name: string) => {
        expect(name).toBe('listener 1');
        return gate;
      },
    };
    const ledger = new Ledger(host);
    const broker = new Broker({}, { journal: ledger });
    ledger.restore(broker, []);
    const link = { send: () => {}, close: () => {}, backlog: 0 };
    for (const [clientId, access] of [
      ['ann', gate],
      ['bob', undefined],
    ] as const) {
      const connection = broker.accept(link, clientId, { access });
      const client = new Client({ clientId, cleanStart: false });
      client.connect({ ...link, send: (frame) => connection.receive(frame) }).receive(CONNACK);
      client.publish({ topic: clientId, payload: utf8('x'), qos: 0, retain: true });
    }
    broker.say({ topic: 'own', payload: utf8('x'), qos: 0, retain: true });
    const kept = [...ledger.take()].flatMap(([key, value]) => (value ? [[key, value] as const] : []));
    const again = new Broker();
    new Ledger(host).restore(again, kept);
    expect([...again.sessions].map(({ access }) => access)).toEqual([gate, undefined]);
    const sources = again.retained.snapshot().map(({ source }) => source && [source.clientId, source.access]);
    expect(sources).toEqual([['ann', gate], ['bob', undefined], undefined]);
  });
});

describe('what is written', () => {
  test('a message for a thousand sessions is written once', () => {
    const world = open();
    const guests = Array.from({ length: 1000 }, (_, number) => world.come(`guest ${number}`));
    for (const guest of guests) guest.client.subscribe([{ topicFilter: 'a', qos: 1 }]);
    world.settle();
    for (const guest of guests) world.lose(guest);
    const publisher = world.come('publisher');
    publisher.client.publish({ topic: 'a', payload: new Uint8Array(10_000), qos: 1 });
    world.settle();
    expect(world.keysOf('delivery').length).toBe(1000);
    expect(world.keysOf('message').length).toBe(1);
    const sizes = world.keysOf('delivery').map((key) => world.records.get(key)?.length ?? 0);
    expect(Math.max(...sizes)).toBeLessThan(100);
  });

  test('a message that is acknowledged by all is deleted, with all that named it', () => {
    const world = open();
    const [ann, kim] = [world.come('ann'), world.come('kim')];
    for (const guest of [ann, kim]) world.subscribe(guest, { topicFilter: 'a', qos: 2 });
    for (const guest of [ann, kim]) world.lose(guest);
    world.publish(world.come('bob'), 'a', 2);
    world.comeBack(ann);
    expect(world.keysOf('message').length).toBe(1);
    world.comeBack(kim);
    expect([...world.keysOf('message'), ...world.keysOf('delivery'), ...world.keysOf('inbound')]).toEqual([]);
  });

  test('QoS 0 to those who are there, and pings, write nothing', () => {
    const world = open();
    const ann = world.come('ann', { keepAlive: 10 });
    world.subscribe(ann, { topicFilter: 'a', qos: 0 });
    const before = new Map(world.records);
    ann.client.publish({ topic: 'a', payload: utf8('x'), qos: 0 });
    for (const { wire, to } of world.ready()) world.deliver(wire, to);
    expect(world.pending.size).toBe(0);
    world.settle();
    expect(ann.received.length).toBe(1);
    world.wait(10 * SECOND);
    world.settle();
    expect(world.records).toEqual(before);
  });

  test('retained messages are kept whatever their QoS, until they are removed, and without the broker’s own', () => {
    const world = open();
    const ann = world.come('ann');
    for (const topic of ['a', 'b']) world.publish(ann, topic, 0, { retain: true });
    ann.client.publish({ topic: 'b', payload: new Uint8Array(), qos: 0, retain: true });
    world.turn(() =>
      world.broker.say({ topic: '$SYS/broker/uptime', payload: utf8('1'), qos: 0, retain: true }),
    );
    world.settle();
    world.crash();
    expect(world.broker.retained.snapshot().map(({ topic, payload }) => [topic, textOf(payload)])).toEqual([
      ['a', 'a'],
    ]);
  });

  test('a topic that was emptied can be filled again', () => {
    const world = open();
    const ann = world.come('ann');
    for (const payload of ['first', '', 'second']) {
      ann.client.publish({ topic: 'a', payload: utf8(payload), qos: 0, retain: true });
      world.settle();
    }
    expect([world.keysOf('retained').length, world.keysOf('message').length]).toEqual([1, 1]);
  });

  test('a restart without anything new writes nothing but that connections are gone', () => {
    const world = open();
    const ann = world.come('ann');
    world.subscribe(ann, { topicFilter: 'a', qos: 1 });
    world.publish(ann, 'a', 1, { retain: true });
    world.crash();
    expect([...world.pending.keys()]).toEqual(world.keysOf('session'));
    world.write();
    world.crash();
    expect(world.pending.size).toBe(0);
  });

  test('a restart writes nothing anew of what is under way and of what waits', () => {
    const world = open();
    const ann = world.come('ann', { properties: { receiveMaximum: 1 } });
    world.subscribe(ann, { topicFilter: '#', qos: 1 });
    world.lose(ann);
    const bob = world.come('bob');
    for (const topic of ['under way', 'waits']) world.publish(bob, topic, 1);
    world.connect(ann);
    for (const { wire, to } of world.ready()) world.deliver(wire, to);
    world.write();
    expect(world.keysOf('delivery').length).toBe(2);
    world.crash();
    expect([...world.pending.keys()].filter((key) => !key.startsWith('session/'))).toEqual([]);
    world.comeBack(ann);
    expect(topics(ann)).toEqual(['under way', 'waits']);
  });
});

test('a host whose clock tells the time of day need not say when it began', () => {
  const ledger = new Ledger();
  const broker = new Broker({}, { journal: ledger });
  broker.advance(1_700_000_000_000);
  broker.say({ topic: 'a', payload: utf8('x'), qos: 0, retain: true });
  const [, record] = [...ledger.take()].find(([key]) => key.startsWith('message/')) ?? [];
  expect(unpack<'message'>(record as Uint8Array).facts.arrivedAt).toBe(1_700_000_000_000);
});

test('records may be read in any order', () => {
  const world = open();
  const ann = world.come('ann');
  world.subscribe(ann, { topicFilter: '#', qos: 1 });
  world.lose(ann);
  const bob = world.come('bob');
  for (const topic of ['first', 'second', 'third']) world.publish(bob, topic, 1);
  const again = new Broker();
  new Ledger().restore(again, [...world.records].reverse());
  const session = [...again.sessions].find(({ clientId }) => clientId === 'ann');
  expect(session?.snapshot().queued.map(({ topic }) => topic)).toEqual(['first', 'second', 'third']);
});

describe('records that are not what was written', () => {
  /** Sessions, subscriptions, what is owed in both directions, a will, what is retained. */
  function written(): ReadonlyMap<string, Uint8Array> {
    const world = open();
    const will = { topic: 'w', payload: utf8('x'), qos: 0 as const, retain: false };
    const ann = world.come('ann', { will });
    world.subscribe(ann, { topicFilter: 'a', qos: 2 });
    world.lose(ann);
    const bob = world.come('bob');
    world.publish(bob, 'a', 2, { retain: true });
    bob.client.publish({ topic: 'a', payload: utf8('x'), qos: 2 });
    world.write();
    for (const { wire, to } of world.ready()) world.deliver(wire, to);
    world.write();
    return world.records;
  }

  const restore = (records: Iterable<readonly [string, Uint8Array]>) =>
    new Ledger().restore(new Broker(), records);

  test('one byte that is another is noticed, wherever it is', () => {
    const records = written();
    expect(new Set([...records.keys()].map((key) => key.split('/')[0])).size).toBe(7);
    for (const [key, value] of records)
      for (let at = 0; at < value.length; at++) {
        const wrong = value.slice();
        wrong[at] = (wrong[at] as number) ^ 0x10;
        expect(() => restore(new Map(records).set(key, wrong)), `${key} ${at}`).toThrow(DamagedRecord);
      }
  });

  test('a record that others speak of has to be there', () => {
    const records = written();
    for (const key of records.keys()) {
      if (!/^(about|message|session)/.test(key)) continue;
      const fewer = new Map(records);
      fewer.delete(key);
      expect(() => restore(fewer), key).toThrow(DamagedRecord);
    }
  });

  test('what another program wrote is not read', () => {
    const about = ['about', pack<'about'>({ format: FORMAT })] as const;
    expect(() => restore([about])).not.toThrow();
    expect(() => restore([about, ['message/1', pack<'about'>(null as never)]])).toThrow(DamagedRecord);
    expect(() => restore([['key', utf8('value')]])).toThrow(DamagedRecord);
    expect(() => restore([['about', utf8('value')]])).toThrow(DamagedRecord);
  });
});
