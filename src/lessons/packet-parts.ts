// Which parts each type of packet has, measured: the shortest packet of a type and one with all that it can have are
// encoded, and their parts counted. Knows such packets; knows no words.
import {
  dissect,
  encode,
  PACKET_TYPES,
  type Packet,
  type PacketType,
  type Part,
  utf8,
  type Version,
} from '#broker/codec/index.ts';

/** How many bytes a part of a packet has: at least so many, and whether there may be more. */
export interface PartSize {
  least: number;
  grows: boolean;
}

/** Which parts a type of packet has in one version. */
export interface PartsOfType {
  type: PacketType;
  name: string;
  variable: PartSize;
  properties: PartSize;
  payload: PartSize;
}

/** The parts of every type of packet that a version has, measured on the shortest packet and on one with all that it can have. */
export function partsOfTypes(version: Version): PartsOfType[] {
  return PACKET_TYPES.filter(({ type }) => version === 5 || type !== 'auth').map(({ type, name }) => {
    const [short, long] = [shortest, fullest].map((samples) =>
      lengths(encode(samples(version)[type], version), version),
    );
    const size = (part: Part): PartSize => {
      const least = short?.[part] ?? 0;
      return { least, grows: (long?.[part] ?? 0) > least };
    };
    return {
      type,
      name,
      variable: size('variable'),
      properties: size('properties'),
      payload: size('payload'),
    };
  });
}

function lengths(bytes: Uint8Array, version: Version): Partial<Record<Part, number>> {
  const groups = dissect(bytes, version).spans.filter(({ depth }) => depth === 0);
  return Object.fromEntries(groups.map(({ part, start, end }) => [part, end - start]));
}

type Samples = { [Type in PacketType]: Extract<Packet, { type: Type }> };

const none = new Uint8Array();
const subscription = {
  topicFilter: '#',
  qos: 0,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
} as const;
const userProperty: [string, string][] = [['name', 'value']];

/** The shortest packet of each type. */
function shortest(version: Version): Samples {
  return {
    connect: { type: 'connect', version, cleanStart: true, keepAlive: 0, clientId: '' },
    connack: { type: 'connack', sessionPresent: false, reasonCode: 0 },
    publish: { type: 'publish', dup: false, qos: 0, retain: false, topic: 'a', payload: none },
    puback: { type: 'puback', packetId: 1, reasonCode: 0 },
    pubrec: { type: 'pubrec', packetId: 1, reasonCode: 0 },
    pubrel: { type: 'pubrel', packetId: 1, reasonCode: 0 },
    pubcomp: { type: 'pubcomp', packetId: 1, reasonCode: 0 },
    subscribe: { type: 'subscribe', packetId: 1, subscriptions: [subscription] },
    suback: { type: 'suback', packetId: 1, reasonCodes: [0] },
    unsubscribe: { type: 'unsubscribe', packetId: 1, topicFilters: ['#'] },
    unsuback: { type: 'unsuback', packetId: 1, reasonCodes: [0] },
    pingreq: { type: 'pingreq' },
    pingresp: { type: 'pingresp' },
    disconnect: { type: 'disconnect', reasonCode: 0 },
    auth: { type: 'auth', reasonCode: 0 },
  };
}

/** A packet of each type with every part that the version lets it have. */
function fullest(version: Version): Samples {
  const properties = { userProperty };
  const will = { topic: 'a', payload: utf8('b'), qos: 0, retain: false } as const;
  return {
    connect: {
      type: 'connect',
      version,
      cleanStart: true,
      keepAlive: 0,
      clientId: 'p1',
      will,
      username: 'u',
      password: utf8('p'),
      properties,
    },
    connack: { type: 'connack', sessionPresent: false, reasonCode: 0, properties },
    publish: {
      type: 'publish',
      dup: false,
      qos: 1,
      retain: false,
      topic: 'Room1/Light',
      packetId: 1,
      payload: utf8('Turn On'),
      properties,
    },
    puback: { type: 'puback', packetId: 1, reasonCode: 0x10, properties },
    pubrec: { type: 'pubrec', packetId: 1, reasonCode: 0x10, properties },
    pubrel: { type: 'pubrel', packetId: 1, reasonCode: 0x92, properties },
    pubcomp: { type: 'pubcomp', packetId: 1, reasonCode: 0x92, properties },
    subscribe: { type: 'subscribe', packetId: 1, subscriptions: [subscription, subscription], properties },
    suback: { type: 'suback', packetId: 1, reasonCodes: [0, 0], properties },
    unsubscribe: { type: 'unsubscribe', packetId: 1, topicFilters: ['#', 'a'], properties },
    unsuback: { type: 'unsuback', packetId: 1, reasonCodes: [0, 0], properties },
    pingreq: { type: 'pingreq' },
    pingresp: { type: 'pingresp' },
    disconnect: { type: 'disconnect', reasonCode: 0x04, properties },
    auth: {
      type: 'auth',
      reasonCode: 0x18,
      properties: { authenticationMethod: 'SCRAM-SHA-1', ...properties },
    },
  };
}

/** Every sample that the table is measured on, so that a test can ask whether each may be sent. */
export function samples(version: Version): Packet[] {
  const all = [shortest, fullest].flatMap((of) => Object.values(of(version)));
  return all.filter(({ type }) => version === 5 || type !== 'auth');
}
