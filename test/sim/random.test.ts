// Worlds in which anything happens at any time: packets are held, connections cut and frozen, clients leave and come back,
// and the broker crashes. What was promised holds in each: QoS 2 exactly once and in order, QoS 1 at least once, nothing that
// the other end forbade. WORLDS=5000 makes more of them, SEED=7 others.
import { describe, expect, test } from 'vitest';
import { decode, type QoS, type Version, validate } from '#broker/codec/index.ts';
import type { Input } from '#broker/sim/input.ts';
import { Recording } from '#broker/sim/recording.ts';
import type { Setup } from '#broker/sim/setup.ts';
import { World } from '#broker/sim/world.ts';
import { matches } from '#broker/topics/filter.ts';
import { Dice } from '../dice.ts';

const WORLDS = Number(process.env['WORLDS'] ?? 50);
const SEED = Number(process.env['SEED'] ?? 1);
const STEPS = 160;
/** Of long worlds there are fewer, and much happens in each. */
const LONG_WORLDS = Math.ceil(WORLDS / 50);
const LONG_STEPS = 1000;

const PUBLISHERS = ['anna', 'bert'];
/** They subscribe to everything at QoS 2 before anything is published, and never take it back. */
const KEEPERS = ['anna', 'kim'];
/** It subscribes here and there. */
const ROVER = 'rover';
/** It is not there at the beginning, and comes back by itself. */
const GUEST = 'guest';
const NAMES = [...new Set([...PUBLISHERS, ...KEEPERS, ROVER])];

function setup(dice: Dice, versions: readonly Version[]): Setup {
  const link = dice.pick([
    undefined,
    undefined,
    { delay: 30, jitter: dice.pick([0, 200]), breaks: dice.pick([0, 0.02]) },
  ]);
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
      ...(dice.roll(4) === 0 && { reconnect: { after: 500, times: 3, backoff: 2 } }),
    };
  });
  const broker = {
    receiveMaximum: dice.pick([1, 2, 20]),
    maximumInflight: dice.pick([1, 3, 20]),
    topicAliasMaximum: dice.pick([0, 2]),
  };
  return { version: 4, clients, broker, link, seed: dice.roll(1000) };
}

/** What each publisher published at each QoS, in order: topic and payloads. */
type Published = Map<string, string[]>;

function randomInput(dice: Dice, world: World, published: Published): Input | undefined {
  const client = dice.pick(world.clients).name;
  switch (dice.roll(41)) {
    case 0:
      return { do: 'cut', client };
    case 1:
      return { do: dice.pick(['freeze', 'thaw', 'disconnect']), client };
    case 2:
    case 3:
    case 4:
      return { do: 'connect', client };
    case 5:
      return { do: 'wait', time: dice.roll(dice.pick([50, 12_000])) };
    case 6:
      return {
        do: dice.pick(['subscribe', 'unsubscribe'] as const),
        client: dice.pick([ROVER, ROVER, GUEST]),
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
        ...(isFive(world, publisher) && dice.roll(4) === 0 && { properties: PROPERTIES }),
      };
    }
    case 13:
      return dice.roll(4) === 0
        ? { do: 'restart', keeps: true }
        : { do: 'join', setup: { name: GUEST, version: 5, reconnect: { after: 100 } } };
    default: {
      const heads = world.deliverable();
      if (heads.length > 0) return { do: 'deliver', flight: dice.pick(heads).number };
      return Number.isFinite(world.awaited) ? { do: 'wait', time: world.awaited - world.now } : undefined;
    }
  }
}

const PROPERTIES = {
  contentType: 'text/plain',
  correlationData: 'question',
  userProperty: [['made by', 'dice']],
} as const;

function isFive(world: World, client: string): boolean {
  return world.clients.find(({ name }) => name === client)?.version === 5;
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
  for (;;) {
    const flight = world.next();
    if (flight !== undefined) world.apply({ do: 'deliver', flight: flight.number });
    else if (Number.isFinite(world.awaited))
      world.apply({ do: 'wait', time: Math.max(0, world.awaited - world.now) });
    else return;
  }
}

/** Everybody comes back, and all that is under way arrives. */
function bringToRest(world: World): void {
  for (const { number, state } of world.flights)
    if (state === 'held') world.apply({ do: 'release', flight: number });
  for (const { name } of world.clients) attempt(world, { do: 'thaw', client: name });
  deliverAll(world);
  while (!isAtRest(world)) {
    for (const { name } of world.clients) attempt(world, { do: 'connect', client: name });
    deliverAll(world);
  }
}

/** Whether everybody is connected; on a link that breaks that can take several attempts. */
function isAtRest(world: World): boolean {
  return Object.values(world.snapshot().clients).every(({ connected }) => connected);
}

/** All subscribe who will keep their subscription, as often as it takes on a link that breaks. */
function begin(world: World): void {
  for (let isGranted = false; !isGranted; ) {
    bringToRest(world);
    for (const client of KEEPERS) attempt(world, { do: 'subscribe', client, topicFilter: 'room/#', qos: 2 });
    deliverAll(world);
    const holders = world.snapshot().broker.sessions.filter(({ subscriptions }) => subscriptions.length > 0);
    isGranted = KEEPERS.every((keeper) => holders.some(({ clientId }) => clientId === keeper));
  }
  bringToRest(world);
}

function play(
  seed: number,
  versions: readonly Version[],
  steps: number,
): { world: World; published: Published } {
  const dice = new Dice(seed);
  const world = new World(setup(dice, versions));
  begin(world);
  const published: Published = new Map();
  for (let step = 0; step < steps; step++) {
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
    /** By the broker's number of the connection, which begins anew with each broker. */
    const inFlight = new Map<number | undefined, Set<number>>();
    for (const event of world.trace) {
      if (event.by !== 'broker') continue;
      const { connection } = event;
      if (event.kind === 'opened') inFlight.set(connection, new Set());
      if (event.clientId !== name || (event.kind !== 'sent' && event.kind !== 'received')) continue;
      const under = inFlight.get(connection) as Set<number>;
      const packet = decode(event.frame, event.version);
      if (event.kind === 'sent' && packet.type === 'publish' && packet.qos > 0)
        under.add(packet.packetId as number);
      if (event.kind === 'received' && (packet.type === 'puback' || packet.type === 'pubcomp'))
        under.delete(packet.packetId);
      expect(under.size, name).toBeLessThanOrEqual(quota);
    }
  }
}

/** What no promise survives: packets are lost, doubled and brought out of order, and the broker forgets. */
function wildInput(dice: Dice, world: World, published: Published): Input | undefined {
  const flight = dice.roll(world.flights.length) + 1;
  switch (dice.roll(8)) {
    case 0:
      return { do: dice.pick(['drop', 'duplicate', 'reorder']), flight };
    case 1:
      return dice.roll(6) === 0 ? { do: 'restart', keeps: dice.roll(2) === 0 } : undefined;
    default:
      return randomInput(dice, world, published);
  }
}

/** Done again, the inputs give the same bytes; and any moment is found again, in whatever order one goes through them. */
function checkReplay(world: World, dice: Dice): void {
  const { setup: made, inputs } = world;
  const recording = new Recording(made);
  for (const input of inputs) recording.apply(input);
  expect(recording.flights).toEqual(world.flights);
  expect(recording.world.trace).toEqual(world.trace);
  for (let visits = 0; visits < 8; visits++) {
    const at = dice.roll(inputs.length + 1);
    const then = new World(made, inputs.slice(0, at));
    const moment = recording.moments[at];
    expect(moment?.snapshot, `at ${at}`).toEqual(then.snapshot());
    expect([...(moment?.states ?? [])], `at ${at}`).toEqual(
      then.flights.map(({ number, state }) => [number, state]),
    );
    expect([...(moment?.deliverable ?? [])]).toEqual(then.deliverable().map(({ number }) => number));
    expect(moment?.now).toBe(then.now);
    if (at === 0) continue;
    const { length } = new World(made, inputs.slice(0, at - 1)).trace;
    expect(moment?.events, `at ${at}`).toEqual(then.trace.slice(length));
  }
}

describe.each([
  { versions: [4] as const, name: 'MQTT 3.1.1' },
  { versions: [5] as const, name: 'MQTT 5.0' },
  { versions: [3, 4, 5] as const, name: 'all versions together' },
])(`random worlds from seed ${SEED}, $name`, ({ versions }) => {
  const promises = (seed: number, steps: number): World => {
    const { world, published } = play(seed, versions, steps);
    checkPromises(world, published);
    checkPackets(world);
    checkPeace(world);
    checkQuotas(world);
    checkRest(world);
    return world;
  };
  const eachSeed = (worlds: number, check: (seed: number) => void): void => {
    for (let seed = SEED; seed < SEED + worlds; seed++) {
      try {
        check(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  };

  test(`${WORLDS} of them keep what was promised`, { timeout: 30_000 + 200 * WORLDS }, () => {
    eachSeed(WORLDS, (seed) => promises(seed, STEPS));
  });

  test(`so do ${LONG_WORLDS} of ${LONG_STEPS} inputs, which give the same bytes each time, and the same states however one goes through them`, {
    timeout: 30_000 + 4000 * LONG_WORLDS,
  }, () => {
    eachSeed(LONG_WORLDS, (seed) => checkReplay(promises(seed, LONG_STEPS), new Dice(seed)));
  });

  test('where TCP keeps no promise and the broker forgets, nobody sends what may not be sent', () => {
    eachSeed(Math.ceil(WORLDS / 5), (seed) => {
      const dice = new Dice(seed);
      const world = new World({ ...setup(dice, versions), notTcp: true });
      for (let step = 0; step < STEPS; step++) {
        const input = wildInput(dice, world, new Map());
        if (input !== undefined) attempt(world, input);
      }
      checkPackets(world);
      expect(new World(world.setup, world.inputs).flights).toEqual(world.flights);
    });
  });
});
