// mqtt.js, a client of others' making, against our broker, over TCP and over WebSocket.
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { type Watched, watched } from '../watched.ts';

const VERSIONS = [
  { name: '3.1', options: { protocolVersion: 3, protocolId: 'MQIsdp' } },
  { name: '3.1.1', options: { protocolVersion: 4 } },
  { name: '5.0', options: { protocolVersion: 5 } },
] as const;
const TRANSPORTS = [
  { over: 'TCP', url: ({ port }: Watched) => `mqtt://127.0.0.1:${port}` },
  { over: 'WebSocket', url: ({ webSocketPort }: Watched) => `ws://127.0.0.1:${webSocketPort}/mqtt` },
] as const;
const QOS = [0, 1, 2] as const;

const cases = TRANSPORTS.flatMap((transport) => VERSIONS.map((version) => ({ ...transport, ...version })));

test.each(cases)('mqtt.js of $name over $over: messages arrive at every QoS', async ({ url, options }) => {
  const broker = await watched();
  const subscriber = await connect(url(broker), options);
  const publisher = await connect(url(broker), options);
  expect(await subscriber.subscribeAsync('Room1/#', { qos: 2 })).toMatchObject([
    { topic: 'Room1/#', qos: 2 },
  ]);
  const messages = arriving(subscriber, 3);
  for (const qos of QOS) await publisher.publishAsync('Room1/Light', `Turn On ${qos}`, { qos });
  expect(await messages).toEqual(QOS.map((qos) => `${qos} Room1/Light Turn On ${qos}`));
});

test.each(cases)('mqtt.js of $name over $over: a session is kept', async ({ url, options }) => {
  const broker = await watched();
  const expiry = options.protocolVersion === 5 ? { properties: { sessionExpiryInterval: 60 } } : {};
  const keep = { ...options, ...expiry, clientId: 'keeper', clean: false };
  const before = await connect(url(broker), keep);
  await before.subscribeAsync('a', { qos: 1 });
  await before.endAsync();
  const publisher = await connect(url(broker), options);
  await publisher.publishAsync('a', 'while away', { qos: 1 });
  const after = mqtt.connect(url(broker), { ...keep, reconnectPeriod: 0 });
  onTestFinished(() => after.endAsync(true));
  expect(await arriving(after, 1)).toEqual(['1 a while away']);
});

test.each(cases)(
  'mqtt.js of $name over $over: five hundred messages arrive in their order',
  async ({ url, options }) => {
    const broker = await watched();
    const subscriber = await connect(url(broker), options);
    const publisher = await connect(url(broker), options);
    await subscriber.subscribeAsync('a', { qos: 2 });
    for (const qos of QOS) {
      const messages = arriving(subscriber, 500);
      const texts = Array.from({ length: 500 }, (_, index) => `message ${index}`);
      // mqtt.js does not heed the broker's Receive Maximum, which is 20.
      for (let from = 0; from < 500; from += 20)
        await Promise.all(
          texts.slice(from, from + 20).map((text) => publisher.publishAsync('a', text, { qos })),
        );
      expect(await messages).toEqual(texts.map((text) => `${qos} a ${text}`));
    }
  },
);

async function connect(url: string, options: IClientOptions): Promise<MqttClient> {
  const client = await mqtt.connectAsync(url, { ...options, reconnectPeriod: 0 });
  onTestFinished(() => client.endAsync(true));
  return client;
}

/** The next messages of a client, with their QoS and topic. */
function arriving(client: MqttClient, count: number): Promise<string[]> {
  const messages: string[] = [];
  return new Promise((resolve) => {
    client.on('message', (topic, payload, { qos }) => {
      messages.push(`${qos} ${topic} ${payload}`);
      if (messages.length === count) resolve(messages);
    });
  });
}
