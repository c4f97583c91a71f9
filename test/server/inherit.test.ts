// What a broker takes over from the one before it.
import { expect, test } from 'vitest';
import { utf8 } from '#broker/codec/index.ts';
import { inherit } from '#broker/server/inherit.ts';
import { publish, subscribe, will } from '../conformance/packets.ts';
import { Peer, start } from './peer.ts';

const forSeconds = (sessionExpiryInterval: number) => {
  return { version: 5, cleanStart: false, properties: { sessionExpiryInterval } } as const;
};

test('what is retained, but for the broker’s word on itself, which was about another', () => {
  const [{ broker: former }, { broker: heir }] = [start(), start()];
  former.say({ topic: '$SYS/broker/uptime', payload: utf8('1'), qos: 0, retain: true });
  new Peer(former).send(publish('a', 'x', { retain: true }));
  inherit(heir, former);
  expect(heir.snapshot().retained.map(({ topic }) => topic)).toEqual(['a']);
});

test('sessions that outlive their connections, by a second or longer [MQTT-4.1.0-1]', () => {
  const [{ broker: former }, { broker: heir }] = [start(), start()];
  for (const seconds of [0, 1, 2])
    new Peer(former, { clientId: `for ${seconds} s`, ...forSeconds(seconds) }).send(subscribe(1, 'a'));
  inherit(heir, former);
  expect(
    heir.snapshot().sessions.map(({ clientId, subscriptions }) => [clientId, subscriptions.length]),
  ).toEqual([
    ['for 1 s', 1],
    ['for 2 s', 1],
  ]);
});

test('wills of clients that were connected, which go to those alone who are still to come [MQTT-3.1.2-8]', () => {
  const [{ broker: former }, { broker: heir }] = [start(), start()];
  const mortal = { version: 5, will: will('other') } as const;
  new Peer(former, { clientId: 'first to go', ...mortal, will: will('gone', { qos: 1 }) });
  new Peer(former, { clientId: 'second to go', ...mortal }).send(subscribe(1, '$share/all/gone'));
  const shared = { topicFilter: '$share/all/gone', qos: 1 } as const;
  new Peer(former, { clientId: 'keeper', ...forSeconds(10) }).send(subscribe(1, shared));
  inherit(heir, former);
  expect(heir.snapshot().sessions).toMatchObject([
    { clientId: 'keeper', outbound: [], queued: [{ topic: 'gone' }] },
  ]);
});
