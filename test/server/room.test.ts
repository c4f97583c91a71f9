// What a broker may keep has an end: of retained messages and of memory. Beyond it, what would have to be kept is refused, and what
// is kept already stays.
import { describe, expect, test } from 'vitest';
import { REASON, utf8 } from '#broker/codec/index.ts';
import { Broker } from '#broker/server/broker.ts';
import { DELIVERY_WEIGHT, holdings, MESSAGE_WEIGHT } from '#broker/server/holdings.ts';
import { Message } from '#broker/server/message.ts';
import { Room, type RoomLimits } from '#broker/server/room.ts';
import { lasting, publish, subscribe, will } from '../conformance/packets.ts';
import { type Open, transports } from '../transport.ts';

const NONE: RoomLimits = {
  retained: Number.POSITIVE_INFINITY,
  retainedBytes: Number.POSITIVE_INFINITY,
  bytes: Number.POSITIVE_INFINITY,
};
const REFUSED = { type: 'puback', reasonCode: REASON.QuotaExceeded } as const;

/** A rig whose broker has so much room, and what was told of its memory. */
async function limited(open: Open, limits: Partial<RoomLimits>) {
  const told: boolean[] = [];
  const room: Room = new Room(
    () => rig.broker,
    { ...NONE, ...limits },
    (isFull) => told.push(isFull),
  );
  const rig = await open({}, { hasRoom: (message) => room.hasRoom(message) });
  return { rig, told };
}

function retain(topic: string, text: string, packetId: number) {
  return publish(topic, text, { packetId, retain: true });
}

transports.each('retained messages', (open) => {
  test('have so many topics and no more; one that is replaced or removed is no other', async () => {
    const { rig } = await limited(open, { retained: 2 });
    const wire = await rig.client({ version: 5 });
    await wire.send(retain('a', '1', 1), retain('b', '1', 2), retain('c', '1', 3), retain('a', '2', 4));
    expect(wire.take()).toMatchObject([
      { reasonCode: 0x10 },
      { reasonCode: 0x10 },
      REFUSED,
      { reasonCode: 0x10 },
    ]);
    await wire.send(retain('b', '', 5), retain('c', '2', 6), retain('d', '', 7));
    expect(wire.take()).toMatchObject([{ reasonCode: 0x10 }, { reasonCode: 0x10 }, { reasonCode: 0x10 }]);
    expect(rig.broker.snapshot().retained.map(({ topic }) => topic)).toEqual(['a', 'c']);
    expect(rig.trace).toContainEqual(
      expect.objectContaining({ kind: 'refused', what: 'publish', reasonCode: REASON.QuotaExceeded }),
    );
  });

  test('have so many bytes of topics and payloads, to within a sixty-fourth', async () => {
    const { rig } = await limited(open, { retainedBytes: 100 });
    const wire = await rig.client({ version: 5 });
    await wire.send(
      retain('a', 'x'.repeat(59), 1),
      retain('b', 'x'.repeat(40), 2),
      retain('c', 'x'.repeat(37), 3),
    );
    expect(wire.take()).toMatchObject([{ reasonCode: 0x10 }, REFUSED, { reasonCode: 0x10 }]);
    await wire.send(retain('a', 'x'.repeat(9), 4), retain('b', 'x'.repeat(40), 5));
    expect(wire.take()).toMatchObject([{ reasonCode: 0x10 }, { reasonCode: 0x10 }]);
  });

  test('may fill their room to the last byte, and be replaced by others of their size even then', async () => {
    const { rig } = await limited(open, { retainedBytes: 64 });
    const wire = await rig.client({ version: 5 });
    const sized = (size: number) => retain('a', 'x'.repeat(size), size);
    await wire.send(sized(62));
    await rig.advance(1000);
    await wire.send(...[63, 63, 64, 63].map(sized));
    expect(wire.take()).toMatchObject(
      [62, 63, 63, REFUSED, 63].map((each) => (each === REFUSED ? REFUSED : { reasonCode: 0x10 })),
    );
  });

  test('are not passed on when there is no room for them, and an earlier client than 5.0 is sent away unanswered', async () => {
    const { rig } = await limited(open, { retained: 0 });
    const subscriber = await rig.client();
    await subscriber.send(subscribe(1, '#'));
    subscriber.expect({ type: 'suback' });
    const wire = await rig.client();
    await wire.send(publish('a', 'x', { retain: true }));
    wire.expectNothing();
    await wire.send(retain('a', 'x', 1));
    wire.expectClose();
    const mortal = await rig.client({ will: will('w', { retain: true }) });
    await mortal.cut();
    subscriber.expectNothing();
  });
});

transports.each('memory', (open) => {
  const SIZE = 10_000;
  const text = 'x'.repeat(SIZE - 1);

  test('has its limit: what would have to be kept is refused, at QoS 0 all goes on, and later there is room again', async () => {
    const { rig, told } = await limited(open, { bytes: 35_000 });
    const away = await rig.client({ clientId: 'away', ...lasting(5) });
    await away.send(subscribe(1, { topicFilter: '#', qos: 1 }));
    away.expect({ type: 'suback' });
    await away.cut();
    const reader = await rig.client();
    await reader.send(subscribe(1, '#'));
    reader.expect({ type: 'suback' });
    const wire = await rig.client({ version: 5 });
    for (const packetId of [1, 2, 3, 4]) await wire.send(publish('a', text, { packetId }));
    expect(wire.take()).toMatchObject([{ reasonCode: 0 }, { reasonCode: 0 }, { reasonCode: 0 }, REFUSED]);
    await wire.send(publish('a', text));
    expect(reader.take()).toHaveLength(4);
    expect(holdings(rig.broker).messages).toBe(3);
    const back = await rig.client({ clientId: 'away', ...lasting(5) });
    for (const { packetId } of [1, 2, 3].map(() => back.expect({ type: 'publish' })))
      await back.send({ type: 'puback', packetId: packetId as number, reasonCode: 0 });
    await rig.advance(1000);
    await wire.send(publish('a', text, { packetId: 5 }));
    expect(wire.take()).toMatchObject([{ reasonCode: 0 }]);
    expect(told).toEqual([]);
  });

  test('that is all but full is told of once, and again when there is room', async () => {
    const { rig, told } = await limited(open, { bytes: 10_000 + MESSAGE_WEIGHT + 100 });
    const wire = await rig.client({ version: 5 });
    await wire.send(retain('a', text, 1), retain('b', text, 2), retain('c', 'x', 3));
    expect(wire.take()).toMatchObject([{ reasonCode: 0x10 }, REFUSED, REFUSED]);
    expect(told).toEqual([true]);
    await wire.send(retain('a', '', 4));
    await rig.advance(1000);
    await wire.send(retain('b', text, 5));
    expect(wire.take()).toMatchObject([{ reasonCode: 0x10 }, { reasonCode: 0x10 }]);
    expect(told).toEqual([true, false]);
  });
});

describe('what is kept', () => {
  test('is counted once however many it waits for, and each of them adds to its weight', () => {
    const broker = new Broker();
    const message = new Message({ topic: 'ab', payload: utf8('xyz'), qos: 1, retain: false }, 0);
    for (const clientId of ['one', 'two']) {
      const { session } = broker.open(clientId, true, 4);
      session.outbound.waiting.push({ message, qos: 1, retain: false, identifiers: [] });
      if (clientId === 'two') session.outbound.release(() => true).next();
    }
    broker.say({ topic: 'r', payload: utf8('1234'), qos: 0, retain: true });
    expect(holdings(broker)).toEqual({
      messages: 2,
      payloadBytes: 7,
      retainedBytes: 5,
      underWay: 1,
      bytes: 10 + 2 * MESSAGE_WEIGHT + 2 * DELIVERY_WEIGHT,
    });
  });

  describe('is not counted at every message', () => {
    /** A broker that is watched being counted. */
    function watched(limits: Partial<RoomLimits>) {
      const counts = { count: 0 };
      class Watched extends Broker {
        override get sessions() {
          counts.count++;
          return super.sessions;
        }
      }
      const broker = new Watched();
      return { counts, room: new Room(() => broker, { ...NONE, ...limits }) };
    }
    const message = { topic: 'a', payload: new Uint8Array(0), retain: false };
    const told = { at: 0, by: 'broker' } as const;

    test('but what each brings is heeded, up to the limit', () => {
      const { room, counts } = watched({ bytes: 100 * (1 + MESSAGE_WEIGHT) });
      for (let sent = 0; sent < 100; sent++) expect(room.hasRoom(message)).toBe(true);
      expect(counts.count).toBe(1);
      expect(room.hasRoom(message)).toBe(true);
      expect(counts.count).toBe(2);
    });

    test('but what its receivers add is heeded, and nothing else that is told', () => {
      const { room, counts } = watched({ bytes: 10 * (1 + MESSAGE_WEIGHT) });
      for (let sent = 0; sent < 8; sent++) room.hasRoom(message);
      const matches = ['one', 'two'].map((clientId) => ({ clientId, topicFilter: 'a', qos: 1 }));
      room.record({ ...told, kind: 'opened', peer: 'x' });
      room.record({ ...told, kind: 'matched', topic: 'a', matches: [] });
      expect(counts.count).toBe(1);
      room.record({ ...told, kind: 'matched', topic: 'a', matches });
      expect(room.hasRoom(message)).toBe(true);
      expect(counts.count).toBe(2);
    });

    test('and what is not retained does not count against what may be', () => {
      const { room, counts } = watched({ retainedBytes: 100 });
      const retained = { topic: 'a', payload: new Uint8Array(9), retain: true };
      expect(room.hasRoom(retained)).toBe(true);
      for (let sent = 0; sent < 100; sent++) room.hasRoom({ ...retained, retain: false });
      expect(room.hasRoom(retained)).toBe(true);
      expect(counts.count).toBe(1);
    });
  });
});
