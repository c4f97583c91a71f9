// What the broker tells of itself below $SYS.
import { describe, expect, test } from 'vitest';
import { type Publish, textOf, utf8 } from '#broker/codec/index.ts';
import { SYS_INTERVAL, SystemTopics } from '#broker/server/sys.ts';
import { lasting, publish, subscribe, unsubscribe } from '../conformance/packets.ts';
import { type Open, transports } from '../transport.ts';
import { start } from './peer.ts';

/** A rig whose broker tells of itself every ten seconds, as Mosquitto does. */
async function telling(open: Open, heap?: () => number) {
  const sys: SystemTopics = new SystemTopics(() => rig.broker, {
    version: 'some broker',
    ...(heap && { heap }),
  });
  let heard = 0;
  const rig = await open();
  const catchUp = () => {
    for (const event of rig.trace.slice(heard)) sys.record(event);
    heard = rig.trace.length;
  };
  sys.every(SYS_INTERVAL);
  const value = (name: string) => {
    const message = rig.broker.retained.get(`$SYS/broker/${name}`);
    return message && new TextDecoder().decode(message.payload);
  };
  const advance = async (duration: number) => {
    catchUp();
    await rig.advance(duration);
  };
  return { rig, sys, value, advance };
}

transports.each('the topics of the broker’s own', (open) => {
  test('tells of clients, subscriptions and what is kept', async () => {
    const { rig, value, advance } = await telling(open);
    expect([value('version'), value('uptime'), value('clients/total')]).toEqual([
      'some broker',
      '0 seconds',
      '0',
    ]);
    const reader = await rig.client({
      clientId: 'reader',
      ...lasting(5, { sessionExpiryInterval: 15 }),
    });
    await reader.send(subscribe(1, { topicFilter: 'a', qos: 1 }, '$share/g/b', '$share/g/c'));
    await rig.client();
    await advance(10_000);
    expect(value('uptime')).toBe('10 seconds');
    const people = () =>
      ['total', 'connected', 'active', 'disconnected', 'inactive', 'maximum', 'expired'].map((name) =>
        value(`clients/${name}`),
      );
    expect(people()).toEqual(['2', '2', '2', '0', '0', '2', '0']);
    expect([value('subscriptions/count'), value('shared_subscriptions/count')]).toEqual(['1', '2']);
    const stored = Number(value('store/messages/count'));
    const bytes = Number(value('store/messages/bytes'));
    expect(value('retained messages/count')).toBe(String(rig.broker.retained.size));
    await (await rig.client()).send(publish('a', 'hello', { packetId: 1 }));
    await advance(10_000);
    expect(value('messages/inflight')).toBe('1');
    expect(Number(value('store/messages/count'))).toBe(stored + 1);
    expect(value('messages/stored')).toBe(value('store/messages/count'));
    expect(Number(value('store/messages/bytes'))).toBeGreaterThanOrEqual(bytes + 5);
    await reader.cut();
    await advance(10_000);
    expect(people()).toEqual(['3', '2', '2', '1', '1', '3', '0']);
    await advance(10_000);
    await advance(10_000);
    expect(people()).toEqual(['2', '2', '2', '0', '0', '3', '1']);
  });

  test('counts packets, messages and bytes, both ways', async () => {
    const { rig, value, advance } = await telling(open);
    for (const version of [4, 5] as const) {
      const wire = await rig.client({ version });
      await wire.send(
        subscribe(1, 'a'),
        publish('a', 'twelve bytes', {
          properties: version === 5 ? { contentType: 'x'.repeat(125) } : undefined,
        }),
        publish('b'.repeat(300), 'x'.repeat(300), {
          packetId: 1,
          properties: version === 5 ? { contentType: 'x'.repeat(126) } : undefined,
        }),
        publish('c', 'x', { retain: true }),
        unsubscribe(2, 'a'),
        { type: 'disconnect', reasonCode: 0 },
      );
    }
    await advance(10_000);
    const of = (kind: 'received' | 'sent') =>
      rig.trace.flatMap((event) => (event.kind === kind ? [event.frame.length] : []));
    const sum = (lengths: number[]) => String(lengths.reduce((total, length) => total + length, 0));
    for (const way of ['received', 'sent'] as const) {
      expect(value(`messages/${way}`)).toBe(String(of(way).length));
      expect(value(`bytes/${way}`)).toBe(sum(of(way)));
    }
    expect([value('publish/messages/received'), value('publish/bytes/received')]).toEqual(['6', '626']);
    expect([value('publish/messages/sent'), value('publish/bytes/sent')]).toEqual(['2', '24']);
    expect(value('publish/messages/dropped')).toBe('0');
    const away = await rig.client({ clientId: 'away', ...lasting(5) });
    await away.send(subscribe(1, 'd'));
    await away.cut();
    const publisher = await rig.client();
    await publisher.send(publish('d'), publish('d'));
    await advance(10_000);
    expect(value('publish/messages/dropped')).toBe('2');
    expect(value('publish/messages/received')).toBe('8');
  });

  test('tells loads, which come and go', async () => {
    const { rig, value, advance } = await telling(open);
    expect(value('load/sockets/1min')).toBe('0.00');
    await rig.client();
    await (await rig.client()).send(subscribe(1, 'a'));
    await advance(10_000);
    const loads = () => [1, 5, 15].map((span) => value(`load/sockets/${span}min`));
    const after = (minutes: number) =>
      [1, 5, 15].map((span) => (12 * (1 - Math.exp(-1 / 6 / span)) * Math.exp(-minutes / span)).toFixed(2));
    expect(loads()).toEqual(after(0));
    expect(value('load/connections/1min')).toBe(value('load/sockets/1min'));
    await advance(60_000);
    expect(loads()).toEqual(after(1));
  });

  test('says only what is different, at QoS 2 and retained, and nothing to those who ask for # [MQTT-4.7.2-1]', async () => {
    const { rig, advance } = await telling(open);
    const all = await rig.client();
    await all.send(subscribe(1, { topicFilter: '#', qos: 2 }));
    all.expect({ type: 'suback' });
    await advance(10_000);
    const curious = await rig.client();
    await curious.send(subscribe(1, { topicFilter: '$SYS/broker/clients/+', qos: 0 }, '$SYS/broker/uptime'));
    curious.expect({ type: 'suback' });
    expect(curious.take()).toHaveLength(8);
    await advance(10_000);
    const told = curious.take() as Publish[];
    expect(told.map(({ topic }) => topic).sort()).toEqual([
      '$SYS/broker/clients/active',
      '$SYS/broker/clients/connected',
      '$SYS/broker/clients/maximum',
      '$SYS/broker/clients/total',
      '$SYS/broker/uptime',
    ]);
    expect(rig.broker.snapshot().retained.every(({ qos }) => qos === 2)).toBe(true);
    await advance(10_000);
    expect(curious.take()).toMatchObject([{ topic: '$SYS/broker/uptime' }]);
    all.expectNothing();
  });

  test('can be told oftener, seldomer, and not at all', async () => {
    const { rig, sys, value, advance } = await telling(open);
    sys.every(2);
    await rig.client();
    await advance(4000);
    expect(value('uptime')).toBe('4 seconds');
    sys.every(0);
    await advance(60_000);
    expect(value('uptime')).toBe('4 seconds');
  });

  test('tells of memory where the host knows of it', async () => {
    const sizes = [100, 300, 200];
    const { rig, value, advance } = await telling(open, () => sizes.shift() ?? 0);
    await rig.client();
    await advance(20_000);
    expect([value('heap/current'), value('heap/maximum')]).toEqual(['200', '300']);
    expect((await telling(open)).value('heap/current')).toBeUndefined();
  });

  test('is the broker’s own: clients may not write there', async () => {
    const { rig, value } = await telling(open);
    const wire = await rig.client({ version: 5 });
    await wire.send({
      ...publish('$SYS/broker/uptime', 'long', { packetId: 1, retain: true }),
      payload: utf8('long'),
    });
    wire.expect({ type: 'puback', reasonCode: 0x87 });
    expect(value('uptime')).toBe('0 seconds');
  });
});

test('uptime is told from the first telling on, whatever the host’s clock shows then', () => {
  const { broker } = start();
  broker.advance(1_000_000);
  const sys = new SystemTopics(() => broker, { version: 'some broker' });
  const uptime = () => textOf(broker.retained.get('$SYS/broker/uptime')?.payload as Uint8Array);
  sys.every(10);
  expect(uptime()).toBe('0 seconds');
  broker.advance(1_010_000);
  sys.every(20);
  broker.advance(1_030_000);
  expect(uptime()).toBe('30 seconds');
});

describe('a load', () => {
  const MEGABYTE = {
    at: 0,
    by: 'broker',
    kind: 'sent',
    frame: new Uint8Array(1_000_000),
    version: 4,
  } as const;

  /** A broker that has told of itself at a second of its own, and counted before. */
  function begun() {
    const { broker } = start();
    broker.advance(60_000);
    const sys = new SystemTopics(() => broker, { version: 'some broker' });
    const load = () => textOf(broker.retained.get('$SYS/broker/load/bytes/sent/1min')?.payload as Uint8Array);
    sys.record(MEGABYTE);
    sys.every(60);
    return { broker, sys, load };
  }

  test('begins with the first telling: what was before has come in a time that nobody knows', () => {
    const { load } = begun();
    expect(load()).toBe('0.00');
  });

  test('is the number in a minute, and follows it to within the last byte', () => {
    const { broker, sys, load } = begun();
    sys.record(MEGABYTE);
    broker.advance(120_000);
    expect(load()).toBe((1_000_000 * (1 - Math.exp(-1))).toFixed(2));
    sys.every(10);
    broker.advance(130_000);
    expect(load()).toBe((1_000_000 * (1 - Math.exp(-1)) * Math.exp(-1 / 6)).toFixed(2));
  });
});
