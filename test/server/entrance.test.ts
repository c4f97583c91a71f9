// What a place where clients come in has of its own: settings, who decides, and what stands before every topic.
import { expect, test } from 'vitest';
import { utf8 } from '#broker/codec/index.ts';
import { OPEN } from '#broker/server/access.ts';
import { publish, subscribe, unsubscribe, will } from '../conformance/packets.ts';
import { Peer, start } from './peer.ts';

test('behind a mount point all topics are below it, and clients see nothing of it', () => {
  const { broker } = start();
  const outside = new Peer(broker, { clientId: 'outside', version: 5 });
  outside.send(subscribe(1, 'house/#'));
  outside.take();
  const entrance = { mountPoint: 'house/' };
  const properties = { topicAliasMaximum: 5 };
  const inside = new Peer(
    broker,
    { version: 5, clientId: 'inside', will: will('gone'), properties },
    entrance,
  );
  inside.send(subscribe(1, 'room'), subscribe(2, '$share/all/hall'));
  inside.take();
  for (const topic of ['house/room', 'house/room', 'house/hall', 'room']) outside.send(publish(topic));
  const heard = inside.take().map((packet) => packet.type === 'publish' && packet.topic);
  expect(heard).toEqual(['room', '', 'hall']);
  outside.take();
  inside.send(publish('door'));
  inside.send(unsubscribe(3, 'room', '$share/all/hall', 'cellar'));
  expect(inside.take()).toMatchObject([{ type: 'unsuback', reasonCodes: [0, 0, 0x11] }]);
  inside.closed();
  expect(outside.take()).toMatchObject([
    { type: 'publish', topic: 'house/door' },
    { type: 'publish', topic: 'house/gone', payload: utf8('gone') },
  ]);
});

test('a mount point counts against the size that a client takes no more than the client sees of it [v5 MQTT-3.1.2-24]', () => {
  const { broker } = start();
  const limits = { version: 5, properties: { maximumPacketSize: 30 } } as const;
  const inside = new Peer(
    broker,
    { clientId: 'inside', ...limits },
    { mountPoint: 'a very long mount point/' },
  );
  inside.send(subscribe(1, { topicFilter: 'a', qos: 1 }), publish('a', 'short', { packetId: 1 }));
  expect(inside.take().map(({ type }) => type)).toEqual(['suback', 'publish', 'puback']);
});

test('settings and decisions of an entrance hold for its clients, and for no others', () => {
  const { broker } = start({ maximumTopicLevels: 2 });
  const entrance = { settings: { maximumTopicLevels: 1 }, access: { ...OPEN, subscribe: () => false } };
  const [strict, free] = [entrance, undefined].map(
    (each, index) => new Peer(broker, { version: 5, clientId: `client ${index}` }, each),
  ) as [Peer, Peer];
  for (const peer of [strict, free]) peer.send(publish('a/b', 'x', { packetId: 1 }), subscribe(2, 'c'));
  expect(strict.take()).toMatchObject([{ reasonCode: 0x90 }, { reasonCodes: [0x87] }]);
  expect(free.take()).toMatchObject([{ reasonCode: 0x10 }, { reasonCodes: [0] }]);
});
