// The page's clients at a broker that is not the page's: packets wait at the page's end, and strangers appear as they come.
import { expect, test } from 'vitest';
import { ImpossibleInput } from '#broker/index.ts';
import { marked } from '../../../src/widgets/real/identifiers.ts';
import { addressTrouble, ownAddress } from '../../../src/widgets/real/sockets.ts';
import { Place, SETUP, settled } from './place.ts';

test('a packet waits in the page until it is told to move, whichever way it goes', async () => {
  const at = new Place();
  const { world, broker } = at;
  world.apply({ do: 'connect', client: 'p1' });
  expect(at.waiting).toEqual([]);
  await settled();
  expect(at.waiting).toMatchObject([{ from: 'p1', to: 'broker' }]);
  expect(broker.snapshot().sessions).toEqual([]);
  world.apply({ do: 'deliver', flight: 1 });
  expect(broker.snapshot().sessions).toMatchObject([{ clientId: 'p1', connected: true }]);
  expect(at.last?.snapshot.clients['p1']?.connected).toBe(false);
  expect(at.waiting).toMatchObject([{ from: 'broker', to: 'p1' }]);
  world.apply({ do: 'deliver', flight: 2 });
  expect(at.last?.snapshot.clients['p1']?.connected).toBe(true);
});

test('a message goes from one client of the page to another', async () => {
  const at = new Place();
  const { world } = at;
  for (const client of ['p1', 'phone']) world.apply({ do: 'connect', client });
  await settled();
  at.deliverAll();
  world.apply({ do: 'subscribe', client: 'phone', topicFilter: 'a', qos: 1 });
  at.deliverAll();
  world.apply({ do: 'publish', client: 'p1', topic: 'a', payload: 'b', qos: 1 });
  at.deliverAll();
  expect(at.last?.snapshot.clients['phone']?.received).toMatchObject([{ topic: 'a', qos: 1 }]);
  expect(world.participants()).toMatchObject([
    { role: 'publisher' },
    { role: 'broker' },
    { role: 'subscriber' },
  ]);
});

test('what was stays as it was, and nothing can be done there', async () => {
  const at = new Place();
  const { world } = at;
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
  const at = new Place();
  const { world } = at;
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  at.deliverAll();
  for (const payload of ['one', 'two'])
    world.apply({ do: 'publish', client: 'p1', topic: 'a', payload, qos: 0 });
  expect(() => world.apply({ do: 'deliver', flight: 4 })).toThrow(ImpossibleInput);
  world.apply({ do: 'hold', flight: 3 });
  expect(at.last?.states.get(3)).toBe('held');
});

test('a cut loses what waits in the page, and the broker publishes the will', async () => {
  const will = { topic: 'gone', payload: new Uint8Array([49]), qos: 0, retain: true } as const;
  const at = new Place({ ...SETUP, clients: [{ name: 'p1', keepAlive: 0, will }] });
  const { world, broker } = at;
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  at.deliverAll();
  world.apply({ do: 'publish', client: 'p1', topic: 'a', payload: 'b', qos: 1 });
  world.apply({ do: 'cut', client: 'p1' });
  expect(at.last).toMatchObject({ lost: [3], links: { p1: 'none' } });
  expect(broker.snapshot().retained).toMatchObject([{ topic: 'gone' }]);
});

test('a client that says goodbye closes once its DISCONNECT has left', async () => {
  const at = new Place();
  const { world, broker } = at;
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  at.deliverAll();
  world.apply({ do: 'disconnect', client: 'p1' });
  expect(broker.snapshot().sessions).toHaveLength(1);
  at.deliverAll();
  expect(broker.snapshot().sessions).toHaveLength(0);
  world.apply({ do: 'connect', client: 'p1' });
  expect(world.line.flights.at(-1)).toMatchObject({ from: 'p1', connection: 2 });
});

test('a broker that never answers leaves the client without a connection, and it can try again', () => {
  const at = new Place();
  const { world, ends } = at;
  at.answers(false);
  world.apply({ do: 'connect', client: 'p1' });
  ends[0]?.closed(false);
  expect(at.last).toMatchObject({ lost: [1], links: { p1: 'none' } });
  world.apply({ do: 'connect', client: 'p1' });
  expect(at.last?.links['p1']).toBe('connected');
});

test('a keep alive runs on real time: its PINGREQ waits in the page like any packet', async () => {
  const at = new Place({ ...SETUP, clients: [{ name: 'p1', keepAlive: 10 }] });
  const { world } = at;
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  at.deliverAll();
  at.pass(10_000);
  expect(at.waiting).toMatchObject([{ from: 'p1', frame: new Uint8Array([0xc0, 0]) }]);
});

test('a stranger appears with its packets, and what the broker decides stands at them', async () => {
  const at = new Place();
  const { world } = at;
  at.hear();
  const stranger = await at.stranger({ clientId: 'mosquitto' });
  stranger.subscribe([{ topicFilter: 'a' }]);
  at.hear();
  expect(world.participants()).toContainEqual({ name: 'mosquitto', role: 'subscriber' });
  expect(world.line.flights.map(({ from }) => from)).toEqual(['mosquitto', 'broker', 'mosquitto', 'broker']);

  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  at.deliverAll();
  world.apply({ do: 'publish', client: 'p1', topic: 'a', payload: 'b', qos: 0 });
  at.deliverAll();
  at.hear();
  const { moments, flights } = world.line;
  const matched = moments.find(({ events }) => events.some(({ kind }) => kind === 'matched'));
  const published = flights.findIndex(({ from, frame }) => from === 'p1' && (frame[0] ?? 0) >> 4 === 3);
  expect(matched?.arrived).toEqual([published + 1]);
  expect(flights.at(-1)).toMatchObject({ from: 'broker', to: 'mosquitto' });
  expect(flights.filter(({ client }) => client === 'p1')).toHaveLength(3);
});

test('what a broker did before the page came to it is not shown', async () => {
  const at = new Place();
  const { world } = at;
  await at.stranger({ clientId: 'early' });
  at.hear();
  expect(world.line.flights).toEqual([]);
  expect(world.participants().map(({ name }) => name)).toEqual(['p1', 'broker', 'phone']);
});

test('what the broker decided about a client of the page is told by the name that it has in the figure', async () => {
  const at = new Place(marked(SETUP, '-4f2a', false));
  const { world } = at;
  at.hear();
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  at.deliverAll();
  world.apply({ do: 'subscribe', client: 'p1', topicFilter: 'a', qos: 0 });
  at.deliverAll();
  world.apply({ do: 'publish', client: 'p1', topic: 'a', payload: 'b', qos: 0 });
  at.deliverAll();
  at.hear();
  const told = world.line.moments.flatMap(({ events }) => events);
  expect(told).toContainEqual(expect.objectContaining({ kind: 'session', clientId: 'p1' }));
  expect(told).toContainEqual(
    expect.objectContaining({ kind: 'matched', matches: [expect.objectContaining({ clientId: 'p1' })] }),
  );
});

test('what the broker decided when a connection was cut stands at the cut', async () => {
  const will = { topic: 'gone', payload: new Uint8Array([49]), qos: 0, retain: false } as const;
  const at = new Place({ version: 4, clients: [{ name: 'p1', keepAlive: 0, will }] });
  const { world } = at;
  at.hear();
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  at.deliverAll();
  at.hear();
  world.apply({ do: 'cut', client: 'p1' });
  at.hear();
  const cut = world.line.moments.find(({ input }) => input?.do === 'cut');
  expect(cut?.events).toContainEqual(expect.objectContaining({ kind: 'will', action: 'published' }));
  expect(cut?.events).toContainEqual(expect.objectContaining({ kind: 'session', action: 'discarded' }));
});

test('a server that is heard again tells nothing twice, and another one begins anew', async () => {
  const at = new Place();
  const { world } = at;
  at.hear();
  const stranger = await at.stranger({ clientId: 'outside' });
  at.hear();
  const count = world.line.flights.length;
  expect(count).toBe(2);
  at.hearAgain();
  expect(world.line.flights).toHaveLength(count);
  stranger.subscribe([{ topicFilter: 'a' }]);
  at.hearAgain();
  expect(world.line.flights).toHaveLength(count + 2);
  at.restart();
  at.hearAgain();
  await at.stranger({ clientId: 'other' });
  at.hear();
  expect(world.line.flights.slice(count + 2).map(({ client }) => client)).toEqual(['other', 'other']);
});

test('a broker that does not speak 5.0 refuses in the form of 3.1.1, and its answer is read as that', async () => {
  const at = new Place({ version: 5, clients: [{ name: 'p1', keepAlive: 0 }] });
  const { world, ends } = at;
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  ends[0]?.received(Uint8Array.of(0x20, 2, 0, 1));
  expect(world.line.flights.at(-1)).toMatchObject({ from: 'broker', version: 4 });
});

test('what is not MQTT ends the connection', async () => {
  const at = new Place();
  const { world, ends } = at;
  world.apply({ do: 'connect', client: 'p1' });
  await settled();
  ends[0]?.received(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 0xff));
  expect(at.last).toMatchObject({ lost: [1], links: { p1: 'none' } });
  expect(at.farewells).toEqual(['foreign', undefined]);
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

test('clients have identifiers of their own; who shares one goes on to, and who has none has none', () => {
  const clients = [
    { name: 'p1' },
    { name: 'phone' },
    { name: 'thief', clientId: 'phone' },
    { name: 'x', clientId: '' },
  ];
  const ids = (keepsTyped: boolean) =>
    marked({ version: 4, clients }, '-4f2a', keepsTyped).clients.map(({ clientId }) => clientId);
  expect(ids(false)).toEqual(['p1-4f2a', 'phone-4f2a', 'phone-4f2a', '']);
  expect(ids(true)).toEqual(['p1-4f2a', 'phone-4f2a', 'phone', '']);
});
