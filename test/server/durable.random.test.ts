// Brokers that crash at any moment and come back with what they had written: random worlds in which all that was promised holds
// all the same. WORLDS=5000 makes more of them, SEED=7 others.
import { describe, expect, test } from 'vitest';
import { type QoS, textOf, utf8, type Version } from '#broker/codec/index.ts';
import { NEVER } from '#broker/server/settings.ts';
import { Dice } from '../dice.ts';
import { DurableBroker, digest, type Guest } from './durable.ts';

const WORLDS = Number(process.env['WORLDS'] ?? 100);
const SEED = Number(process.env['SEED'] ?? 1);
const STEPS = 250;

const PUBLISHERS = ['anna', 'bert'];
/** They subscribe to everything at QoS 2 before anything is published, and never take it back. */
const KEEPERS = ['anna', 'kim'];
/** It subscribes here and there, leaves a will, and its session may end. */
const ROVER = 'rover';
const NAMES = [...new Set([...PUBLISHERS, ...KEEPERS, ROVER])];

/** What was published, in order, by topic: payloads, and which was the last to be retained. */
type Published = Map<string, { payloads: string[]; retained: string | undefined }>;

function start(dice: Dice, versions: readonly Version[]): DurableBroker {
  const world = new DurableBroker({
    receiveMaximum: dice.pick([1, 2, 20]),
    maximumInflight: dice.pick([1, 3, 20]),
    queueQoS0: dice.roll(2) === 0,
  });
  for (const clientId of NAMES) {
    const version = dice.pick(versions);
    const isRover = clientId === ROVER;
    const will = { topic: 'will/rover', payload: utf8('gone'), qos: 1 as const, retain: dice.roll(2) === 0 };
    const properties = {
      sessionExpiryInterval: isRover ? dice.pick([0, 20, NEVER]) : NEVER,
      receiveMaximum: dice.pick([1, 2, 5, undefined]),
    };
    world.join({
      clientId,
      version,
      cleanStart: version !== 5 && isRover && dice.roll(2) === 0,
      keepAlive: 0,
      username: clientId,
      will: isRover
        ? { ...will, ...(version === 5 && { properties: { willDelayInterval: dice.pick([0, 10]) } }) }
        : undefined,
      properties: version === 5 ? properties : undefined,
    });
  }
  for (const guest of world.guests.values()) world.connect(guest);
  world.settle();
  for (const name of KEEPERS) guestOf(world, name).client.subscribe([{ topicFilter: 'room/#', qos: 2 }]);
  world.settle();
  return world;
}

function guestOf(world: DurableBroker, name: string): Guest {
  return world.guests.get(name) as Guest;
}

function step(dice: Dice, world: DurableBroker, published: Published): void {
  const guest = guestOf(world, dice.pick(NAMES));
  const isConnected = guest.client.snapshot().connected;
  switch (dice.roll(40)) {
    case 0:
      return crash(dice, world);
    case 1:
      if (guest.wire) world.cut(guest.wire);
      return;
    case 2:
      return guest.client.disconnect();
    case 3:
    case 4:
      if (guest.wire === undefined) world.connect(guest);
      return;
    case 5:
      return world.wait(dice.roll(12_000));
    case 6: {
      const rover = guestOf(world, ROVER);
      const topicFilter = dice.pick(['room/+/1', 'room/anna/#', 'room/#', '$share/all/room/#', 'will/#']);
      if (!rover.client.snapshot().connected) return;
      if (dice.roll(3) === 0) rover.client.unsubscribe([topicFilter]);
      else rover.client.subscribe([{ topicFilter, qos: dice.roll(3) as QoS }]);
      return;
    }
    case 7:
    case 8:
    case 9:
      return publish(dice, world, published, dice.pick(PUBLISHERS));
    case 10:
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
      return world.write();
    default: {
      const ready = world.ready();
      if (ready.length === 0) return isConnected ? undefined : world.write();
      const { wire, to } = dice.pick(ready);
      world.deliver(wire, to);
    }
  }
}

function publish(dice: Dice, world: DurableBroker, published: Published, name: string): void {
  const qos = dice.roll(3) as QoS;
  const topic = `room/${name}/${qos}`;
  const told = published.get(topic) ?? { payloads: [], retained: undefined };
  published.set(topic, told);
  const payload = String(told.payloads.length);
  told.payloads.push(payload);
  const retain = dice.roll(6) === 0;
  if (retain) told.retained = payload;
  guestOf(world, name).client.publish({ topic, payload: utf8(payload), qos, retain });
}

/** Half of the time nothing is left to write: then the next broker knows exactly what the last one did. */
function crash(dice: Dice, world: DurableBroker): void {
  if (dice.roll(2) === 0) {
    world.write();
    const { restored, heir } = world.heirs();
    expect(digest(restored)).toEqual(digest(heir));
  }
  world.crash(dice.roll(15_000));
}

function play(seed: number, versions: readonly Version[]): { world: DurableBroker; published: Published } {
  const dice = new Dice(seed);
  const world = start(dice, versions);
  const published: Published = new Map();
  for (let count = 0; count < STEPS; count++) step(dice, world, published);
  world.settle();
  for (const guest of world.guests.values()) if (guest.wire === undefined) world.connect(guest);
  world.settle();
  return { world, published };
}

function checkPromises(world: DurableBroker, published: Published): void {
  for (const [topic, { payloads, retained }] of published) {
    const qos = Number(topic.at(-1));
    for (const keeper of KEEPERS) {
      const got = guestOf(world, keeper)
        .received.filter((message) => message.topic === topic && !message.retain)
        .map(({ payload }) => textOf(payload));
      const firsts = [...new Set(got)];
      if (qos === 2) expect(got, `${keeper} ${topic}`).toEqual(payloads);
      else if (qos === 1) expect(firsts, `${keeper} ${topic}`).toEqual(payloads);
      else expect(got, `${keeper} ${topic}`).toEqual(payloads.filter((payload) => got.includes(payload)));
    }
    const kept = world.broker.retained.get(topic);
    if (qos > 0) expect(kept && textOf(kept.payload), `retained on ${topic}`).toBe(retained);
  }
}

/** Nothing is owed, and nothing is left in the store that nobody needs. */
function checkRest(world: DurableBroker): void {
  const kinds = [...world.records.keys()].map((key) => key.split('/')[0]);
  const count = (kind: string) => kinds.filter((each) => each === kind).length;
  expect(count('delivery') + count('inbound')).toBe(0);
  expect(count('message')).toBe(world.broker.retained.size);
  expect(count('retained')).toBe(world.broker.retained.size);
}

describe.each([
  { versions: [4] as const, name: 'MQTT 3.1.1' },
  { versions: [5] as const, name: 'MQTT 5.0' },
  { versions: [3, 4, 5] as const, name: 'all versions together' },
])(`random crashes from seed ${SEED}, $name`, ({ versions }) => {
  test(`${WORLDS} worlds keep what was promised`, { timeout: 30_000 + 300 * WORLDS }, () => {
    for (let seed = SEED; seed < SEED + WORLDS; seed++) {
      try {
        const { world, published } = play(seed, versions);
        checkPromises(world, published);
        checkRest(world);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
});
