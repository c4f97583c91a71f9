// The rig that other tests stand on: that it is the same over each transport, and that it sees what goes wrong.
import { expect, test } from 'vitest';
import { encode, utf8 } from '#broker/codec/index.ts';
import { transports } from '../transport.ts';

transports.each('a scripted client', (open) => {
  test('gets what it asked for, in order', async () => {
    const rig = await open();
    const subscriber = await rig.client();
    await subscriber.send({ type: 'subscribe', packetId: 1, subscriptions: [subscription('a/#')] });
    subscriber.expect({ type: 'suback', packetId: 1, reasonCodes: [1] });
    const publisher = await rig.client({ version: 5 });
    await publisher.send(publish('a/1', 1), publish('a/2', 2));
    publisher.expect({ type: 'puback', packetId: 1 });
    publisher.expect({ type: 'puback', packetId: 2 });
    publisher.expectNothing();
    subscriber.expect({ type: 'publish', topic: 'a/1', qos: 1 });
    subscriber.expect({ type: 'publish', topic: 'a/2', payload: utf8('2') });
    subscriber.expectNothing();
    expect(() => subscriber.expect({ type: 'pingresp' })).toThrow('nothing came');
  });

  test('sends bytes cut anywhere [MQTT-6.0.0-2]', async () => {
    const rig = await open();
    const wire = await rig.connect();
    const connect = encode(
      { type: 'connect', version: 4, cleanStart: true, keepAlive: 0, clientId: 'pieces' },
      4,
    );
    const stream = new Uint8Array([...connect, ...encode({ type: 'pingreq' }, 4), 0xc0]);
    await wire.send(...Array.from(stream, (_, index) => stream.subarray(index, index + 1)));
    wire.expect({ type: 'connack' });
    wire.expect({ type: 'pingresp' });
    wire.expectNothing();
    await wire.send(new Uint8Array([0x00, 0xc0, 0x00]));
    wire.expect({ type: 'pingresp' });
    wire.expect({ type: 'pingresp' });
  });

  test('is closed when it sends two CONNECTs, and can read why', async () => {
    const rig = await open();
    const wire = await rig.client({ version: 5 });
    await wire.send({ type: 'connect', version: 5, cleanStart: true, keepAlive: 0, clientId: 'again' });
    wire.expect({ type: 'disconnect', reasonCode: 0x82 });
    wire.expectClose();
    expect(() => wire.expectNothing()).toThrow('the broker has closed the connection');
  });

  test('leaves a will when it is cut off', async () => {
    const rig = await open();
    const watcher = await rig.client();
    await watcher.send({ type: 'subscribe', packetId: 1, subscriptions: [subscription('gone')] });
    watcher.take();
    const will = { topic: 'gone', payload: utf8('x'), qos: 0 as const, retain: false };
    const mortal = await rig.client({ will });
    await mortal.cut();
    watcher.expect({ type: 'publish', topic: 'gone' });
  });

  test('lives in a time that the test moves', async () => {
    const rig = await open();
    const wire = await rig.client({ keepAlive: 10 });
    await rig.advance(14_999);
    wire.expectNothing();
    await rig.advance(1);
    wire.expectClose();
  });
});

function subscription(topicFilter: string) {
  return { topicFilter, qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
}

function publish(topic: string, packetId: number) {
  const payload = utf8(String(packetId));
  return { type: 'publish', dup: false, qos: 1, retain: false, topic, packetId, payload } as const;
}
