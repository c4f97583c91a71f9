// The page's clients at a broker that is not the page's: packets wait at the page's end, and strangers appear as they come.
import { expect, test } from 'vitest';
import {
  Broker,
  Client,
  type Connection,
  ImpossibleInput,
  type Setup,
  type TraceEvent,
} from '#broker/index.ts';
import { type End, RealWorld } from '../../../src/widgets/lab/real.ts';
import { addressTrouble, ownAddress } from '../../../src/widgets/lab/sockets.ts';
import type { FeedEvent } from '../../../src/widgets/live/feed.ts';

const SETUP: Setup = {
  version: 4,
  clients: [
    { name: 'p1', keepAlive: 0 },
    { name: 'phone', keepAlive: 0 },
  ],
};

/** A broker of its own clock, and a world whose carriers lead to it at once. */
function place(setup = SETUP) {
  const told: TraceEvent[] = [];
  const broker = new Broker(undefined, { trace: (event) => told.push(event) });
  const ends: End[] = [];
  let now = 0;
  let isAnswering = true;
  const world = new RealWorld(setup, {
    now: () => now,
    open(end) {
      let connection: Connection | undefined;
      ends.push(end);
      const carrier = {
        send: (bytes: Uint8Array) => connection?.receive(bytes),
        close: () => connection?.closed(),
      };
      if (isAnswering)
        queueMicrotask(() => {
          connection = broker.accept(
            { backlog: 0, send: (frame) => end.received(frame), close: () => end.closed() },
            'page',
          );
          end.opened();
        });
      return carrier;
    },
  });
  let number = 0;
  /** Tells the world what the broker did since the last time. */
  const hear = () => {
    const events = told.splice(0).map((event): FeedEvent => ({ number: ++number, broker: 1, event }));
    world.hear({ kind: 'events', letGo: 0, events });
  };
  return {
    world,
    broker,
    ends,
    hear,
    pass(time: number) {
      now += time;
      world.advance();
    },
    silence() {
      isAnswering = false;
    },
  };
}

const settled = () => new Promise<void>((resolve) => queueMicrotask(resolve));
const last = ({ line }: RealWorld) => line.moments.at(-1);
const waiting = (world: RealWorld) =>
  [...(last(world)?.deliverable ?? [])].map((number) => world.line.flights[number - 1]);

/** Delivers what waits until nothing does. */
function deliverAll(world: RealWorld): void {
  for (let next = waiting(world)[0]; next; next = waiting(world)[0])
    world.apply({ do: 'deliver', flight: next.number });
}

test('a packet waits in the page until it is told to move, whichever way it goes', async () => {
  const { world, broker } = place();
  world.apply({ do: 'connect', client: 'p1' });
  expect(waiting(world)).toEqual([]);
  await settled();
  expect(waiting(world)).toMatchObject([{ from: 'p1', to: 'broker' }]);
  expect(broker.snapshot().sessions).toEqual([]);
  world.apply({ do: 'deliver', flight: 1 });
  expect(broker.snapshot().sessions).toMatchObject([{ clientId: 'p1', connected: true }]);
  expect(last(world)?.snapshot.clients['p1']?.connected).toBe(false);
  expect(waiting(world)).toMatchObject([{ from: 'broker', to: 'p1' }]);
  world.apply({ do: 'deliver', flight: 2 });
  expect(last(world)?.snapshot.clients['p1']?.connected).toBe(true);
});

test('a message goes from one client of the page to another', async () => {
  const { world } = place();
  for (const client of ['p1', 'phone']) world.apply({ do: 'connect', client });
  await settled();
  deliverAll(world);
  world.apply({ do: 'subscribe', client: 'phone', topicFilter: 'a', qos: 1 });
  deliverAll(world);
  world.apply({ do: 'publish', client: 'p1', topic: 'a', payload: 'b', qos: 1 });
  deliverAll(world);
  expect(last(world)?.snapshot.clients['phone']?.received).toMatchObject([{ topic: 'a', qos: 1 }]);
  expect(world.participants()).toMatchObject([
    { role: 'publisher' },
    { role: 'broker' },
    { role: 'subscriber' },
  ]);
});

test('what was stays as it was, and nothing can be done there', async () => {
  const { world } = place();
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  world.apply({ do: 'deliver', flight: 1 });
  const { moments } = world.line;
  expect(moments.map(({ states }) => states.get(1))).toEqual([
    undefined,
    'in flight',
    'delivered',
    'delivered',
  ]);
  expect(moments.slice(0, -1).every(({ deliverable }) => deliverable.size === 0)).toBe(true);
  expect(() => world.apply({ do: 'deliver', flight: 1 })).toThrow(ImpossibleInput);
});

test('packets keep their order, and one that is held holds up those behind it', async () => {
  const { world } = place();
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  deliverAll(world);
  for (const payload of ['one', 'two'])
    world.apply({ do: 'publish', client: 'p1', topic: 'a', payload, qos: 0 });
  expect(() => world.apply({ do: 'deliver', flight: 4 })).toThrow(ImpossibleInput);
  world.apply({ do: 'hold', flight: 3 });
  expect(last(world)?.states.get(3)).toBe('held');
});

test('a cut loses what waits in the page, and the broker publishes the will', async () => {
  const will = { topic: 'gone', payload: new Uint8Array([49]), qos: 0, retain: true } as const;
  const { world, broker } = place({ ...SETUP, clients: [{ name: 'p1', keepAlive: 0, will }] });
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  deliverAll(world);
  world.apply({ do: 'publish', client: 'p1', topic: 'a', payload: 'b', qos: 1 });
  world.apply({ do: 'cut', client: 'p1' });
  expect(last(world)).toMatchObject({ lost: [3], links: { p1: 'none' } });
  expect(broker.snapshot().retained).toMatchObject([{ topic: 'gone' }]);
});

test('a client that says goodbye closes once its DISCONNECT has left', async () => {
  const { world, broker } = place();
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  deliverAll(world);
  world.apply({ do: 'disconnect', client: 'p1' });
  expect(broker.snapshot().sessions).toHaveLength(1);
  deliverAll(world);
  expect(broker.snapshot().sessions).toHaveLength(0);
  world.apply({ do: 'connect', client: 'p1' });
  expect(world.line.flights.at(-1)).toMatchObject({ from: 'p1', connection: 2 });
});

test('a broker that never answers leaves the client without a connection, and it can try again', () => {
  const { world, ends, silence } = place();
  silence();
  world.apply({ do: 'connect', client: 'p1' });
  ends[0]?.closed();
  expect(last(world)).toMatchObject({ lost: [1], links: { p1: 'none' } });
  world.apply({ do: 'connect', client: 'p1' });
  expect(last(world)?.links['p1']).toBe('connected');
});

test('a keep alive runs on real time: its PINGREQ waits in the page like any packet', async () => {
  const { world, pass } = place({ ...SETUP, clients: [{ name: 'p1', keepAlive: 10 }] });
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  deliverAll(world);
  pass(10_000);
  expect(waiting(world)).toMatchObject([{ from: 'p1', frame: new Uint8Array([0xc0, 0]) }]);
});

test('a stranger appears with its packets, and what the broker decides stands at them', async () => {
  const { world, broker, hear } = place();
  hear();
  const stranger = new Client({ clientId: 'mosquitto', keepAlive: 0 });
  let connection: Connection | undefined;
  connection = broker.accept(
    { backlog: 0, send: (frame) => queueMicrotask(() => stranger.receive(frame)), close() {} },
    '127.0.0.1',
  );
  stranger.connect({ backlog: 0, send: (frame) => connection?.receive(frame), close() {} });
  await settled();
  stranger.subscribe([{ topicFilter: 'a' }]);
  hear();
  expect(world.strangers).toEqual(['mosquitto']);
  expect(world.participants()).toContainEqual({ name: 'mosquitto', role: 'subscriber' });
  expect(world.line.flights.map(({ from }) => from)).toEqual(['mosquitto', 'broker', 'mosquitto', 'broker']);

  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  deliverAll(world);
  world.apply({ do: 'publish', client: 'p1', topic: 'a', payload: 'b', qos: 0 });
  deliverAll(world);
  hear();
  const { moments, flights } = world.line;
  const matched = moments.find(({ events }) => events.some(({ kind }) => kind === 'matched'));
  const published = flights.findIndex(({ from, frame }) => from === 'p1' && (frame[0] ?? 0) >> 4 === 3);
  expect(matched?.arrived).toEqual([published + 1]);
  expect(flights.at(-1)).toMatchObject({ from: 'broker', to: 'mosquitto' });
  expect(flights.filter(({ client }) => client === 'p1')).toHaveLength(3);
});

test('what a broker did before the page came to it is not shown', async () => {
  const { world, broker, hear } = place();
  const stranger = new Client({ clientId: 'early', keepAlive: 0 });
  const connection = broker.accept({ backlog: 0, send() {}, close() {} }, '127.0.0.1');
  stranger.connect({ backlog: 0, send: (frame) => connection.receive(frame), close() {} });
  hear();
  expect(world.line.flights).toEqual([]);
  expect(world.strangers).toEqual([]);
});

test('an address is looked at before anybody is asked', () => {
  expect(addressTrouble('wss://broker.example/mqtt', 'https:')).toBeUndefined();
  expect(addressTrouble('ws://broker.example', 'http:')).toBeUndefined();
  expect(addressTrouble('ws://localhost:9001', 'https:')).toBeUndefined();
  expect(addressTrouble('ws://broker.example', 'https:')).toBe('mixed');
  expect(addressTrouble('mqtt://broker.example', 'http:')).toBe('address');
  expect(addressTrouble('broker.example', 'http:')).toBe('address');
  expect(ownAddress({ protocol: 'http:', host: 'localhost:4321' })).toBe('ws://localhost:4321/mqtt');
});
