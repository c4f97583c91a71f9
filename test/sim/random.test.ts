// Worlds in which anything happens at any time: packets are held, connections cut and frozen, clients leave and come back.
// What was promised holds in each: QoS 2 exactly once and in order, QoS 1 at least once, nothing that the other end forbade.
// WORLDS=5000 makes more of them, SEED=7 others.
import { describe, expect, test } from 'vitest';
import { decode, type QoS, type Version, validate } from '#broker/codec/index.ts';
import { type Input, type Setup, World } from '#broker/sim/world.ts';
import { matches } from '#broker/topics/filter.ts';

const WORLDS = Number(process.env['WORLDS'] ?? 100);
const SEED = Number(process.env['SEED'] ?? 1);
const STEPS = 160;

/** Numbers that look like chance and are the same for one seed (mulberry32). */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0 up to but without `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.roll(items.length)] as Item;
  }
}

const PUBLISHERS = ['anna', 'bert'];
/** They subscribe to everything at QoS 2 before anything is published, and never take it back. */
const KEEPERS = ['anna', 'kim'];
/** It subscribes here and there. */
const ROVER = 'rover';
const NAMES = [...new Set([...PUBLISHERS, ...KEEPERS, ROVER])];

function setup(dice: Dice, versions: readonly Version[]): Setup {
  const clients = NAMES.map((name) => {
    const version = dice.pick(versions);
    const properties = {
      sessionExpiryInterval: 0xffff_ffff,
      receiveMaximum: dice.pick([1, 2, 5, undefined]),
      topicAliasMaximum: dice.pick([1, 3, undefined]),
      maximumPacketSize: dice.pick([100, undefined]),
    };
    return {
      name,
      version,
      cleanStart: false,
      keepAlive: dice.pick([0, 10]),
      ...(version === 5 && { properties }),
    };
  });
  const broker = {
    receiveMaximum: dice.pick([1, 2, 20]),
    maximumInflight: dice.pick([1, 3, 20]),
    topicAliasMaximum: dice.pick([0, 2]),
  };
  return { version: 4, clients, broker };
}

/** What each publisher published at each QoS, in order: topic and payloads. */
type Published = Map<string, string[]>;

function randomInput(dice: Dice, world: World, published: Published): Input | undefined {
  const client = dice.pick(NAMES);
  switch (dice.roll(40)) {
    case 0:
      return { do: 'cut', client };
    case 1:
      return { do: dice.pick(['freeze', 'thaw', 'disconnect']), client };
    case 2:
    case 3:
    case 4:
      return { do: 'connect', client };
    case 5:
      return { do: 'wait', time: dice.roll(12_000) };
    case 6:
      return {
        do: dice.pick(['subscribe', 'unsubscribe'] as const),
        client: ROVER,
        topicFilter: dice.pick(['room/+/1', 'room/anna/#', 'room/#']),
        qos: dice.roll(3) as QoS,
      };
    case 7: {
      const flight = dice.roll(world.flights.length) + 1;
      return { do: dice.pick(['hold', 'release', 'release']), flight };
    }
    case 8:
    case 9:
    case 10:
    case 11:
    case 12: {
      const publisher = dice.pick(PUBLISHERS);
      const qos = dice.roll(3) as QoS;
      const topic = `room/${publisher}/${qos}`;
      const payloads = published.get(topic) ?? [];
      published.set(topic, payloads);
      payloads.push(String(payloads.length));
      return {
        do: 'publish',
        client: publisher,
        topic,
        payload: payloads.at(-1) as string,
        qos,
        retain: dice.roll(8) === 0,
      };
    }
    default: {
      const heads = world.deliverable();
      return heads.length === 0 ? undefined : { do: 'deliver', flight: dice.pick(heads).number };
    }
  }
}

/** Whether an input can happen now, by what the world itself would say. */
function attempt(world: World, input: Input): void {
  try {
    world.apply(input);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ImpossibleInput') throw error;
  }
}

function deliverAll(world: World): void {
  for (let flight = world.next(); flight; flight = world.next())
    world.apply({ do: 'deliver', flight: flight.number });
}

/** Everybody comes back, and all that is under way arrives. */
function bringToRest(world: World): void {
  for (const { number, state } of world.flights)
    if (state === 'held') world.apply({ do: 'release', flight: number });
  for (const client of NAMES) attempt(world, { do: 'thaw', client });
  deliverAll(world);
  for (const client of NAMES) attempt(world, { do: 'connect', client });
  deliverAll(world);
}

function play(seed: number, versions: readonly Version[]): { world: World; published: Published } {
  const dice = new Dice(seed);
  const world = new World(setup(dice, versions));
  for (const client of NAMES) world.apply({ do: 'connect', client });
  deliverAll(world);
  for (const client of KEEPERS) world.apply({ do: 'subscribe', client, topicFilter: 'room/#', qos: 2 });
  deliverAll(world);
  const published: Published = new Map();
  for (let step = 0; step < STEPS; step++) {
    const input = randomInput(dice, world, published);
    if (input !== undefined) attempt(world, input);
  }
  bringToRest(world);
  return { world, published };
}

/** The payloads that a client received on a topic, at this QoS, but for those that were retained, in order. */
function received(world: World, client: string, topic: string, qos: number): string[] {
  const all = world.snapshot().clients[client]?.received ?? [];
  const wanted = all.filter((message) => message.topic === topic && message.qos === qos && !message.retain);
  return wanted.map(({ payload }) => String.fromCharCode(...payload));
}

function checkPromises(world: World, published: Published): void {
  for (const [topic, payloads] of published) {
    for (const keeper of KEEPERS) {
      const got = received(world, keeper, topic, Number(topic.at(-1)));
      const firsts = [...new Set(got)];
      if (topic.endsWith('2')) expect(got, `${keeper} ${topic}`).toEqual(payloads);
      else if (topic.endsWith('1')) expect(firsts, `${keeper} ${topic}`).toEqual(payloads);
      else {
        expect(got, `${keeper} ${topic}: at most once`).toEqual(firsts);
        expect(got, `${keeper} ${topic}: in order`).toEqual(
          payloads.filter((payload) => got.includes(payload)),
        );
      }
    }
    if (topic.endsWith('2')) {
      const got = received(world, ROVER, topic, 2);
      expect(got.length, 'rover: each at most once').toBe(new Set(got).size);
    }
  }
}

function checkPackets(world: World): void {
  for (const { frame, version, number, to } of world.flights) {
    expect(validate(decode(frame, version), version), `packet ${number}`).toEqual([]);
    const { maximumPacketSize = Number.POSITIVE_INFINITY } =
      world.setup.clients.find(({ name }) => name === to)?.properties ?? {};
    expect(frame.length, `packet ${number}`).toBeLessThanOrEqual(maximumPacketSize);
  }
}

const FAREWELLS = new Set([
  undefined,
  'the client said goodbye',
  'we said goodbye',
  'Keep Alive timeout',
  'Session taken over',
  'no PINGRESP came',
  'no CONNECT in time',
]);

/** Nobody was sent away for what it did. */
function checkPeace(world: World): void {
  for (const event of world.trace) {
    expect(event.kind).not.toBe('malformed');
    if (event.kind === 'closed' && !event.reason?.startsWith('the broker said goodbye'))
      expect(FAREWELLS).toContain(event.reason);
    if (event.kind === 'delivered' && event.by === ROVER) expect(matches('room/#', event.topic)).toBe(true);
  }
}

/** Nothing is owed and nothing waits. */
function checkRest(world: World): void {
  const { broker, clients } = world.snapshot();
  for (const one of [...broker.sessions, ...Object.values(clients)]) {
    expect(one, one.clientId).toMatchObject({ connected: true, outbound: [], inbound: [], queued: [] });
  }
}

/** More than the other end takes was never under way towards it. */
function checkQuotas(world: World): void {
  for (const { name, properties } of world.setup.clients) {
    const quota = properties?.receiveMaximum;
    if (quota === undefined) continue;
    const inFlight = new Set<number>();
    let connection = 0;
    for (const event of world.trace) {
      if (
        event.by !== 'broker' ||
        event.clientId !== name ||
        (event.kind !== 'sent' && event.kind !== 'received')
      )
        continue;
      if (event.connection !== connection) inFlight.clear();
      connection = event.connection as number;
      const packet = decode(event.frame, event.version);
      if (event.kind === 'sent' && packet.type === 'publish' && packet.qos > 0)
        inFlight.add(packet.packetId as number);
      if (event.kind === 'received' && (packet.type === 'puback' || packet.type === 'pubcomp'))
        inFlight.delete(packet.packetId);
      expect(inFlight.size, name).toBeLessThanOrEqual(quota);
    }
  }
}

describe.each([
  { versions: [4] as const, name: 'MQTT 3.1.1' },
  { versions: [5] as const, name: 'MQTT 5.0' },
  { versions: [3, 4, 5] as const, name: 'all versions together' },
])(`random worlds from seed ${SEED}, $name`, ({ versions }) => {
  test(`${WORLDS} of them keep what was promised`, { timeout: 30_000 + 200 * WORLDS }, () => {
    for (let seed = SEED; seed < SEED + WORLDS; seed++) {
      const { world, published } = play(seed, versions);
      try {
        checkPromises(world, published);
        checkPackets(world);
        checkPeace(world);
        checkQuotas(world);
        checkRest(world);
        if (seed % 10 === 0) expect(new World(world.setup, world.inputs).flights).toEqual(world.flights);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
});
