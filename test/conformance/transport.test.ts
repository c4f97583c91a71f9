import { expect, onTestFinished, test } from 'vitest';
import { type Publish, utf8 } from '#broker/codec/index.ts';
import { connect } from '#broker/node/connect.ts';
import { listen } from '#broker/node/listen.ts';

test.each([
  { name: 'TCP', version: 4 },
  { name: 'TCP', version: 5 },
  { name: 'WebSocket', version: 4 },
  { name: 'WebSocket', version: 5 },
] as const)(
  'our client and our broker meet over $name, level $version [v3 MQTT-7.1.1-1, MQTT-7.1.2-1] [v5 MQTT-4.2.0-1]',
  async ({ name, version }) => {
    const listening = await listen({ port: 0, webSocketPort: 0, addresses: ['127.0.0.1'] });
    onTestFinished(() => listening.close());
    const url =
      name === 'TCP'
        ? `mqtt://127.0.0.1:${listening.port}`
        : `ws://127.0.0.1:${listening.webSocketPort}/mqtt`;
    const message = Promise.withResolvers<Publish>();
    const client = await connect(url, { version, clientId: 'us', receive: message.resolve });
    await client.subscribe({ topicFilter: 'a', qos: 2 });
    expect(await client.publish({ topic: 'a', payload: utf8('hi'), qos: 2 })).toBe(0);
    expect(await message.promise).toMatchObject({ topic: 'a', payload: utf8('hi'), qos: 2 });
    await client.disconnect();
  },
);
