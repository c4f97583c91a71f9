// What a ledger has to write, turn by turn, and what it has not.
import { describe, expect, test } from 'vitest';
import { utf8 } from '#broker/codec/index.ts';
import { Broker } from '#broker/server/broker.ts';
import { Ledger } from '#broker/server/ledger.ts';
import { ack, lasting, publish, subscribe, unsubscribe, will } from '../conformance/packets.ts';
import { Peer, start } from './peer.ts';

/** A broker with a ledger; `turn` ends a turn, and tells which keys it writes and which it deletes. */
function keeping(records = new Map<string, Uint8Array>()) {
  const ledger = new Ledger();
  const { broker } = start({}, { journal: ledger });
  ledger.restore(broker, records);
  const turn = () => {
    const changes = ledger.take();
    for (const [key, value] of changes) {
      if (value === undefined) records.delete(key);
      else records.set(key, value);
    }
    const told = [...changes].map(([key, value]) => `${value ? '+' : '-'} ${key.split('/')[0]}`);
    return told.sort();
  };
  turn();
  return { broker, records, turn };
}

const KEEPER = {
  clientId: 'keeper',
  ...lasting(5),
  will: will('gone', { properties: { willDelayInterval: 100 } }),
};

/** The keeper has a message under way to it, and one from it; another waits. */
function busy() {
  const kept = keeping();
  const { broker, turn } = kept;
  const before = new Peer(broker, KEEPER);
  before.send(subscribe(1, { topicFilter: 'a', qos: 1 }));
  before.closed();
  const publisher = new Peer(broker, { clientId: 'publisher' });
  for (const packetId of [1, 2]) publisher.send(publish('a', 'x', { packetId }));
  turn();
  const properties = { ...KEEPER.properties, receiveMaximum: 1 };
  const keeper = new Peer(broker, { ...KEEPER, properties });
  keeper.send(publish('b', 'x', { packetId: 7, qos: 2 }));
  expect(keeper.take()).toMatchObject([{ type: 'pubrec' }]);
  expect(turn()).toEqual(['+ delivery', '+ inbound', '+ session']);
  return { ...kept, keeper };
}

describe('nothing is written', () => {
  test('of a turn in which nothing changed, whatever is under way', () => {
    const { keeper, turn } = busy();
    keeper.send({ type: 'pingreq' });
    expect(turn()).toEqual([]);
  });

  test('of a subscription that is taken back and was never made', () => {
    const { keeper, turn } = busy();
    keeper.send(unsubscribe(2, 'never'));
    expect(turn()).toEqual([]);
  });

  test('anew by the second of two brokers that find the same', () => {
    const { keeper, records, turn } = busy();
    keeper.closed();
    turn();
    expect(records.size).toBeGreaterThan(7);
    const again = new Ledger();
    again.restore(new Broker({}, { journal: again }), records);
    expect([...again.take().keys()]).toEqual([]);
  });
});

test('an identifier that is free again can be taken again [MQTT-4.3.3-2]', () => {
  const { keeper, turn } = busy();
  for (const packetId of [7, 7]) {
    keeper.send(ack('pubrel', packetId));
    expect(turn()).toEqual(['- inbound']);
    keeper.send(publish('b', 'x', { packetId, qos: 2 }));
    expect(turn()).toEqual(['+ inbound']);
  }
});

test('a session that ends leaves nothing, whatever is under way', () => {
  const { broker, keeper, records, turn } = busy();
  keeper.closed();
  new Peer(broker, { clientId: 'keeper' }).send({ type: 'disconnect', reasonCode: 0 });
  turn();
  expect([...records.keys()]).toEqual(['about']);
});

test('a session that is to end with its next connection is let go of once, with what waits in it', () => {
  const { broker, keeper, records, turn } = busy();
  keeper.closed();
  const last = new Peer(broker, { clientId: 'keeper', version: 5, cleanStart: false });
  turn();
  expect([...records.keys()]).toEqual(['about']);
  last.closed();
  expect(turn()).toEqual([]);
});

test('what the broker says of itself is kept for those alone who wait for it, each time anew', () => {
  const { broker, records, turn } = keeping();
  broker.say({ topic: '$SYS/x', payload: utf8('x'), qos: 1, retain: true });
  for (const clientId of ['one', 'two']) {
    new Peer(broker, { clientId, ...lasting(5) }).send(subscribe(1, { topicFilter: '$SYS/x', qos: 1 }));
    expect(turn()).toEqual(['+ delivery', '+ message', '+ session', '+ subscription']);
    new Peer(broker, { clientId, ...lasting(5) }).send(ack('puback', 1));
    expect(turn()).toEqual(['- delivery', '- message']);
  }
  expect(records.size).toBe(5);
});
