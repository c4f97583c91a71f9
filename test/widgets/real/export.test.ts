// A figure at a real broker as a capture: what the diagram shows is in it, over TCP that tshark finds no fault with.
import { expect, test } from 'vitest';
import type { Setup, Version } from '#broker/index.ts';
import { toPcapng } from '../../../src/widgets/real/export.ts';
import { listing, read } from '../../capture/packets.ts';
import { expectLikeTshark, tsharkFields, withoutTshark } from '../../capture/tshark.ts';
import { Place, STARTED, settled } from './place.ts';

const setup = (version: Version): Setup => ({
  version,
  clients: [
    { name: 'p1', keepAlive: 0 },
    { name: 'phone', keepAlive: 0, cleanStart: false },
    { name: 'thief', clientId: 'phone', keepAlive: 0 },
  ],
});

/** Connections of every kind and end: a goodbye, a cut, a takeover, an attempt that fails, one that stays, and strangers. */
async function played(version: Version): Promise<Place> {
  const at = new Place(setup(version));
  const { world } = at;
  const arrive = async () => {
    await settled();
    at.deliverAll(3);
    await settled();
    at.hear();
    at.pass(1);
  };
  await at.stranger({ clientId: 'early', version }, '127.0.0.1:50001');
  at.hear();
  const late = await at.stranger({ clientId: 'late', version }, '127.0.0.1:50002');
  late.subscribe([{ topicFilter: '#', qos: 2 }]);
  await arrive();
  at.answers(false);
  world.apply({ do: 'connect', client: 'p1' });
  at.ends.at(-1)?.closed(false);
  at.answers(true);
  for (const client of ['phone', 'p1']) world.apply({ do: 'connect', client });
  await arrive();
  world.apply({ do: 'subscribe', client: 'phone', topicFilter: 'a/#', qos: 2 });
  await arrive();
  for (const qos of [0, 1, 2] as const)
    world.apply({ do: 'publish', client: 'p1', topic: `a/${qos}`, payload: 'x'.repeat(qos * 2000), qos });
  await arrive();
  world.apply({ do: 'publish', client: 'p1', topic: 'a/cut', payload: 'never leaves the page', qos: 1 });
  world.apply({ do: 'cut', client: 'p1' });
  await arrive();
  world.apply({ do: 'connect', client: 'p1' });
  await arrive();
  world.apply({ do: 'connect', client: 'thief' });
  await arrive();
  world.apply({ do: 'publish', client: 'p1', topic: 'b', payload: 'to late only', qos: 1 });
  await arrive();
  world.apply({ do: 'disconnect', client: 'thief' });
  await arrive();
  return at;
}

/** The packets of the diagram that have gone over the network: those that the page keeps back have not. */
function gone({ world }: Place): string[] {
  return world.line.flights
    .filter(({ to, state }) => to !== 'broker' || state === 'delivered')
    .map(({ frame }) => hex(frame));
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test.each([4, 5] as const)('version %d: what the diagram shows is in the capture, once', async (version) => {
  const at = await played(version);
  const { packets, fault, startedAt } = await read(toPcapng(at.world));
  expect(fault).toBeUndefined();
  expect(startedAt).toBe(BigInt(STARTED) * 1_000_000n);
  expect(packets.map(({ bytes }) => hex(bytes)).sort()).toEqual(gone(at).sort());
  expect(at.world.line.flights.some(({ state }) => state === 'lost')).toBe(true);
});

test('a connection of somebody else is there from its beginning, though the page came later', async () => {
  const at = new Place();
  const early = await at.stranger({ clientId: 'early' });
  await at.stranger({ clientId: 'silent' }, '127.0.0.1:50999');
  at.hear();
  at.pass(1000);
  early.publish({ topic: 'a', payload: new Uint8Array([49]), qos: 0, retain: false });
  at.hear();
  const contents = await read(toPcapng(at.world));
  expect(listing(contents)).toEqual(['CONNECT', 'CONNACK', 'PUBLISH a']);
  const { conversations } = contents;
  expect(conversations.map(({ client }) => client)).toMatchObject([{ address: '127.0.0.1', port: 50_123 }]);
  expect(at.world.line.flights).toHaveLength(1);
});

test('what waits in the page for a client has been sent, and is not acknowledged', async () => {
  const at = new Place();
  at.world.apply({ do: 'connect', client: 'p1' });
  await settled();
  expect((await read(toPcapng(at.world))).packets).toEqual([]);
  at.world.apply({ do: 'deliver', flight: 1 });
  expect(at.waiting).toHaveLength(1);
  expect(listing(await read(toPcapng(at.world)))).toEqual(['CONNECT', 'CONNACK']);
});

test.skipIf(withoutTshark).each([4, 5] as const)(
  'version %d: tshark sees the same packets at the same times, and every connection end as it did',
  async (version) => {
    const at = await played(version);
    const file = toPcapng(at.world);
    await expectLikeTshark(file);
    const ends = (flag: string) =>
      new Set(tsharkFields(file, `tcp.flags.${flag} == 1`, ['tcp.stream']).map(([stream]) => stream)).size;
    // A stranger's connection and four of the page, of which one was cut, one taken over and one left.
    expect(ends('syn')).toBe(5);
    expect(ends('reset')).toBe(1);
    expect(ends('fin')).toBe(2);
    const [[, seconds] = []] = tsharkFields(file, 'mqtt.topic == "b"', ['mqtt.topic', 'frame.time_epoch']);
    const flight = at.world.line.flights.find(({ frame }) => hex(frame).startsWith('32') && frame[3] === 1);
    const left = at.world.line.moments.find(({ arrived }) => arrived.includes(flight?.number ?? 0));
    expect(Number(seconds) * 1000).toBeCloseTo(STARTED + (left?.now ?? 0), 0);
  },
);
