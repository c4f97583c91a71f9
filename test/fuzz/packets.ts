// Packets as clients might send them: sound ones of every type, with few names and numbers so that they meet, and what becomes of
// them when bits fall over. Knows what a client may send; nothing here knows what a broker makes of it.
import {
  encode,
  type Packet,
  PROPERTIES,
  type Properties,
  type PropertyOwner,
  type QoS,
  type Subscription,
  utf8,
  type Version,
} from '#broker/codec/index.ts';
import type { Dice } from '../dice.ts';

export const TOPICS: readonly string[] = [
  'a',
  'a',
  'a',
  'a/b',
  'a/b',
  'a/b/c',
  'b',
  '/',
  '$x/a',
  '$SYS/broker/uptime',
  'é',
  'a/'.repeat(30),
  '',
];
const FILTERS = [
  '#',
  '+',
  'a/#',
  '+/b',
  'a/+/c',
  '$share/g/a',
  '$share/g/#',
  '$share/h/+/b',
  '$SYS/#',
  'a/b',
  '/',
  '$share/g',
  'a#',
];
const CLIENT_IDS = ['one', 'one', 'two', 'two', 'three', 'three', ''];
const INTERVALS = [0, 1, 5, 60, 0xffff_ffff];
const PACKET_IDS = [1, 1, 2, 3, 4, 0xffff];
const CODES = [0, 0, 0, 0x04, 0x10, 0x18, 0x19, 0x80, 0x87, 0x97];

/** Values for each wire type of a property. */
const VALUES: Readonly<Record<(typeof PROPERTIES)[number]['type'], (dice: Dice) => unknown>> = {
  flag: (dice) => dice.pick([0, 1]),
  uint16: (dice) => dice.pick([1, 2, 20, 65_535]),
  uint32: (dice) => dice.pick(INTERVALS),
  varint: (dice) => dice.pick([1, 127, 268_435_455]),
  string: (dice) => dice.pick(['a', 'x', 'two words', 'text/plain']),
  binary: (dice) => dice.bytes(dice.roll(4)),
  pair: (dice) => ['k', String(dice.roll(3))],
};

/** What stands for itself: of these, most values would end the connection at once. */
const USUAL: Readonly<Record<string, readonly unknown[]>> = {
  authenticationMethod: ['two words', 'two words', 'two words', 'unknown'],
  maximumPacketSize: [20, 100, 1_000_000, 0xffff_ffff],
  receiveMaximum: [1, 2, 20],
  topicAlias: [1, 1, 2, 2, 3],
  topicAliasMaximum: [1, 2, 20],
};

/** Some of the properties that a packet may have. */
function properties(dice: Dice, owner: PropertyOwner): Properties {
  const found: Record<string, unknown> = {};
  for (const { key, type, owners, ...row } of PROPERTIES) {
    if (!(owners as readonly string[]).includes(owner) || !dice.once(6)) continue;
    const usual = USUAL[key];
    const value = usual === undefined ? VALUES[type](dice) : dice.pick(usual);
    found[key] = 'repeats' in row ? [value] : value;
  }
  return found as Properties;
}

function payload(dice: Dice): Uint8Array {
  return dice.pick([utf8(''), utf8('x'), utf8('some text'), dice.bytes(3), new Uint8Array(2000)]);
}

function qos(dice: Dice): QoS {
  return dice.roll(3) as QoS;
}

function subscription(dice: Dice): Subscription {
  return {
    topicFilter: dice.pick(FILTERS),
    qos: qos(dice),
    noLocal: dice.once(4),
    retainAsPublished: dice.once(2),
    retainHandling: dice.roll(3) as 0 | 1 | 2,
  };
}

function some<Item>(dice: Dice, make: () => Item): Item[] {
  return Array.from({ length: 1 + dice.roll(3) }, make);
}

export function connect(dice: Dice, version: Version): Packet {
  const will = dice.once(2)
    ? {
        topic: dice.pick(TOPICS) || 'w',
        payload: payload(dice),
        qos: qos(dice),
        retain: dice.once(2),
        properties: properties(dice, 'will'),
      }
    : undefined;
  const named = properties(dice, 'connect');
  if (!dice.once(3)) delete named.authenticationMethod;
  if (named.authenticationMethod === undefined) delete named.authenticationData;
  return {
    type: 'connect',
    version,
    clientId: dice.pick(CLIENT_IDS),
    cleanStart: dice.once(2),
    keepAlive: dice.pick([0, 1, 10, 60]),
    ...(will && { will }),
    ...(dice.once(4) && { username: dice.pick(['ann', 'bob']), password: utf8('secret') }),
    properties: named,
  };
}

function publish(dice: Dice, packetId: number): Packet {
  const level = qos(dice);
  const topic = dice.pick(TOPICS);
  const named = properties(dice, 'publish');
  if (!dice.once(20)) delete named.subscriptionIdentifier;
  return {
    type: 'publish',
    dup: level > 0 && dice.once(4),
    qos: level,
    retain: dice.once(3),
    topic: named.topicAlias === undefined && topic === '' ? 'a' : topic,
    packetId: level === 0 ? undefined : packetId,
    payload: payload(dice),
    properties: named,
  };
}

/** Any packet but CONNECT; what a broker sends is among them, seldom. */
export function packet(dice: Dice): Packet {
  const packetId = dice.pick(PACKET_IDS);
  const reasonCode = dice.pick(CODES);
  switch (dice.roll(18)) {
    case 0:
    case 1:
    case 2:
      return {
        type: 'subscribe',
        packetId,
        subscriptions: some(dice, () => subscription(dice)),
        properties: properties(dice, 'subscribe'),
      };
    case 3:
      return {
        type: 'unsubscribe',
        packetId,
        topicFilters: some(dice, () => dice.pick(FILTERS)),
        properties: properties(dice, 'unsubscribe'),
      };
    case 4:
    case 5:
      return { type: 'puback', packetId, reasonCode, properties: properties(dice, 'puback') };
    case 6:
      return { type: 'pubrec', packetId, reasonCode, properties: properties(dice, 'pubrec') };
    case 7:
      return { type: 'pubrel', packetId, reasonCode: dice.pick([0, 0, 0x92]) };
    case 8:
      return { type: 'pubcomp', packetId, reasonCode: dice.pick([0, 0, 0x92]) };
    case 9:
      return { type: 'pingreq' };
    case 10:
      if (!dice.once(4)) return { type: 'pingreq' };
      return { type: 'auth', reasonCode: dice.pick([0x18, 0x19, 0]), properties: properties(dice, 'auth') };
    case 11:
      if (!dice.once(3)) return { type: 'pingreq' };
      return {
        type: 'disconnect',
        reasonCode: dice.pick([0, 4, 0x80]),
        properties: properties(dice, 'disconnect'),
      };
    default:
      return dice.once(10) ? { type: 'suback', packetId, reasonCodes: [0] } : publish(dice, packetId);
  }
}

/** The bytes of a packet; one that cannot be written becomes none. */
export function bytesOf(packet: Packet, version: Version): Uint8Array {
  try {
    return encode(packet, version);
  } catch {
    return new Uint8Array(0);
  }
}

/** Bits fall over, bytes are lost, doubled or put in. */
export function mutate(dice: Dice, bytes: Uint8Array): Uint8Array {
  const found = [...bytes];
  for (let times = 1 + dice.roll(3); times > 0; times--) {
    const at = dice.roll(found.length + 1);
    switch (dice.roll(5)) {
      case 0:
        if (at < found.length) found[at] = (found[at] as number) ^ (1 << dice.roll(8));
        break;
      case 1:
        found.splice(at, 1 + dice.roll(3));
        break;
      case 2:
        found.splice(at, 0, ...dice.bytes(1 + dice.roll(3)));
        break;
      case 3:
        found.splice(at, 0, ...found.slice(at, at + 1 + dice.roll(8)));
        break;
      default:
        if (at < found.length) found[at] = dice.pick([0, 1, 0x7f, 0x80, 0xff]);
    }
  }
  return Uint8Array.from(found);
}
