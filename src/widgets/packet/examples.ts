/**
 * An example of each type of packet, with every part that its version lets it have, and variations of it that show one
 * property, one reason code or one fault. Knows nothing of how they are shown.
 */
import {
  dissect,
  encode,
  type Fault,
  type FaultId,
  type Packet,
  type PacketType,
  PROPERTIES,
  type Properties,
  type PropertyKey,
  type PropertyOwner,
  REASON,
  utf8,
  type Version,
} from '#broker/codec/index.ts';

type Examples = { [Type in PacketType]: Extract<Packet, { type: Type }> };

/** The example of a type of packet. Before 5.0, what only 5.0 has is left out when it is encoded. */
export function example(type: PacketType, version: Version): Packet {
  const packet: Packet = (version === 5 ? EXAMPLES : { ...EXAMPLES, ...OLDER })[type];
  return packet.type === 'connect' ? { ...packet, version } : packet;
}

/** The same packet with as little as it can have: what is missing in it need not be there. */
export function bare(type: PacketType, version: Version): Packet {
  const packet = example(type, version);
  switch (packet.type) {
    case 'connect':
      return { ...packet, will: undefined, username: undefined, password: undefined, properties: undefined };
    case 'publish':
      return { ...packet, qos: 0, dup: false, packetId: undefined, properties: undefined, payload: NOTHING };
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
    case 'disconnect':
      return { ...packet, reasonCode: 0, properties: undefined };
    default:
      return packet;
  }
}

/** A packet that carries a property: the first type that may, with what the property needs beside it. */
export function exampleOf(key: PropertyKey): Packet {
  const row = PROPERTIES.find((each) => each.key === key);
  const owner = row?.owners[0] as PropertyOwner;
  const properties: Properties = { ...BESIDE[key], [key]: VALUES[key] };
  const { connect } = EXAMPLES;
  if (owner === 'will')
    return { ...connect, properties: undefined, will: { ...connect.will, properties } } as Packet;
  return { ...(owner === 'connect' ? bare(owner, 5) : EXAMPLES[owner]), properties } as Packet;
}

/** A packet of a type with a reason code, and nothing else that would need the code's leave. */
export function exampleWith(type: PacketType, code: number): Packet {
  const packet = { ...EXAMPLES[type], properties: undefined };
  if (packet.type === 'suback' || packet.type === 'unsuback')
    return { ...packet, reasonCodes: [code] } as Packet;
  if (packet.type === 'auth')
    return { ...packet, reasonCode: code, properties: { authenticationMethod: METHOD } };
  return { ...packet, reasonCode: code, sessionPresent: false } as Packet;
}

/** A CONNACK of 3.1.1 with a return code. */
export function exampleRefusal(code: number): Packet {
  return { type: 'connack', sessionPresent: false, reasonCode: code };
}

const NOTHING = new Uint8Array();
const METHOD = 'SCRAM-SHA-256';
const user: [string, string] = ['room', '1'];

const EXAMPLES: Examples = {
  connect: {
    type: 'connect',
    version: 5,
    cleanStart: true,
    keepAlive: 60,
    clientId: 'p1',
    will: {
      topic: 'Room1/Status',
      payload: utf8('offline'),
      qos: 1,
      retain: true,
      properties: { willDelayInterval: 30 },
    },
    username: 'user1',
    password: utf8('passwd1'),
    properties: { sessionExpiryInterval: 3600 },
  },
  connack: { type: 'connack', sessionPresent: true, reasonCode: 0, properties: { receiveMaximum: 20 } },
  publish: {
    type: 'publish',
    dup: false,
    qos: 1,
    retain: false,
    topic: 'Room1/Light',
    packetId: 4,
    properties: { messageExpiryInterval: 60 },
    payload: utf8('Turn On'),
  },
  puback: {
    type: 'puback',
    packetId: 4,
    reasonCode: REASON.NoMatchingSubscribers,
    properties: { userProperty: [user] },
  },
  pubrec: {
    type: 'pubrec',
    packetId: 4,
    reasonCode: REASON.QuotaExceeded,
    properties: { reasonString: 'full' },
  },
  pubrel: {
    type: 'pubrel',
    packetId: 4,
    reasonCode: REASON.PacketIdentifierNotFound,
    properties: { userProperty: [user] },
  },
  pubcomp: {
    type: 'pubcomp',
    packetId: 4,
    reasonCode: REASON.PacketIdentifierNotFound,
    properties: { userProperty: [user] },
  },
  subscribe: {
    type: 'subscribe',
    packetId: 2,
    properties: { subscriptionIdentifier: [7] },
    subscriptions: [
      { topicFilter: 'Room1/#', qos: 1, noLocal: false, retainAsPublished: true, retainHandling: 0 },
    ],
  },
  suback: {
    type: 'suback',
    packetId: 2,
    properties: { userProperty: [user] },
    reasonCodes: [REASON.GrantedQoS1],
  },
  unsubscribe: {
    type: 'unsubscribe',
    packetId: 3,
    properties: { userProperty: [user] },
    topicFilters: ['Room1/#'],
  },
  unsuback: {
    type: 'unsuback',
    packetId: 3,
    properties: { userProperty: [user] },
    reasonCodes: [REASON.Success],
  },
  pingreq: { type: 'pingreq' },
  pingresp: { type: 'pingresp' },
  disconnect: {
    type: 'disconnect',
    reasonCode: REASON.DisconnectWithWillMessage,
    properties: { sessionExpiryInterval: 0 },
  },
  auth: {
    type: 'auth',
    reasonCode: REASON.ContinueAuthentication,
    properties: { authenticationMethod: METHOD, authenticationData: utf8('n,,n=user1') },
  },
};

/** Where 5.0 has more to say than 3.1.1 can write down. */
const OLDER: Partial<Examples> = {
  puback: { type: 'puback', packetId: 4, reasonCode: 0 },
  pubrec: { type: 'pubrec', packetId: 4, reasonCode: 0 },
  pubrel: { type: 'pubrel', packetId: 4, reasonCode: 0 },
  pubcomp: { type: 'pubcomp', packetId: 4, reasonCode: 0 },
  subscribe: {
    type: 'subscribe',
    packetId: 2,
    subscriptions: [
      { topicFilter: 'Room1/#', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
    ],
  },
  unsuback: { type: 'unsuback', packetId: 3, reasonCodes: [] },
  disconnect: { type: 'disconnect', reasonCode: 0 },
};

/** A value for each property. */
const VALUES: Required<{ [Key in PropertyKey]: NonNullable<Properties[Key]> }> = {
  payloadFormatIndicator: 1,
  messageExpiryInterval: 60,
  contentType: 'text/plain',
  responseTopic: 'Room1/Answer',
  correlationData: utf8('q1'),
  subscriptionIdentifier: [7],
  sessionExpiryInterval: 3600,
  assignedClientIdentifier: 'auto-1',
  serverKeepAlive: 30,
  authenticationMethod: METHOD,
  authenticationData: utf8('n,,n=user1'),
  requestProblemInformation: 0,
  willDelayInterval: 30,
  requestResponseInformation: 1,
  responseInformation: 'answers/p1/',
  serverReference: 'broker2.example',
  reasonString: 'for this reason',
  receiveMaximum: 20,
  topicAliasMaximum: 10,
  topicAlias: 1,
  maximumQoS: 1,
  retainAvailable: 0,
  userProperty: [user],
  maximumPacketSize: 65536,
  wildcardSubscriptionAvailable: 0,
  subscriptionIdentifierAvailable: 0,
  sharedSubscriptionAvailable: 0,
};

/** A value that a property may have; of one that repeats, a list of one. */
export function exampleValue(key: PropertyKey): NonNullable<Properties[PropertyKey]> {
  return VALUES[key];
}

/** What else belongs into a packet with a property. */
const BESIDE: Partial<Record<PropertyKey, Properties>> = {
  authenticationData: { authenticationMethod: METHOD },
};

/** What can be made wrong with a type of packet: by its fields, where the encoder obeys. */
const WRONG: Partial<{
  [Type in PacketType]: readonly ((packet: Extract<Packet, { type: Type }>) => Packet)[];
}> = {
  connect: [
    (packet) => ({ ...packet, username: undefined }),
    (packet) => ({ ...packet, clientId: '', cleanStart: false }),
    (packet) => ({ ...packet, will: packet.will && { ...packet.will, qos: 3 as 2 } }),
    (packet) => ({ ...packet, will: packet.will && { ...packet.will, topic: 'Room1/#' } }),
    (packet) => ({ ...packet, properties: { ...packet.properties, receiveMaximum: 0 } }),
  ],
  connack: [
    (packet) => ({ ...packet, sessionPresent: true, reasonCode: 5 }),
    (packet) => ({ ...packet, reasonCode: 0x7f }),
  ],
  publish: [
    (packet) => ({ ...packet, qos: 3 as 2 }),
    (packet) => ({ ...packet, qos: 0, dup: true, packetId: undefined }),
    (packet) => ({ ...packet, topic: 'Room1/+' }),
    (packet) => ({ ...packet, packetId: 0 }),
    (packet) => ({ ...packet, properties: { topicAlias: 0 } }),
    (packet) => ({ ...packet, properties: { receiveMaximum: 20 } }),
  ],
  subscribe: [
    (packet) => ({ ...packet, subscriptions: [] }),
    (packet) => ({
      ...packet,
      subscriptions: packet.subscriptions.map((each) => ({ ...each, topicFilter: 'Room1/#/Light' })),
    }),
    (packet) => ({
      ...packet,
      subscriptions: packet.subscriptions.map((each) => ({ ...each, qos: 3 as 2 })),
    }),
  ],
  unsubscribe: [(packet) => ({ ...packet, topicFilters: [] })],
  suback: [(packet) => ({ ...packet, reasonCodes: [0x7f] })],
  unsuback: [(packet) => ({ ...packet, packetId: 0 })],
  puback: [(packet) => ({ ...packet, packetId: 0 })],
  pubrec: [(packet) => ({ ...packet, packetId: 0 })],
  pubrel: [(packet) => ({ ...packet, packetId: 0 })],
  pubcomp: [(packet) => ({ ...packet, packetId: 0 })],
  auth: [(packet) => ({ ...packet, properties: undefined })],
};

/** A packet that may not be sent, and what is wrong with it. */
export interface Faulty {
  bytes: Uint8Array;
  fault: Fault;
}

/** Examples of a type of packet with a fault each: no two with the same. */
export function faultyExamples(type: PacketType, version: Version): Faulty[] {
  const packet = example(type, version);
  const wrong = (WRONG[type] ?? []) as readonly ((packet: Packet) => Packet)[];
  const whole = encode(packet, version);
  const flagged = whole.slice();
  flagged[0] = (whole[0] ?? 0) ^ 0b0100;
  const all = [...wrong.map((change) => encode(change(packet), version)), flagged, whole.subarray(0, -1)];
  const found = new Map<FaultId, Faulty>();
  for (const bytes of all) {
    const { fault } = dissect(bytes, version);
    if (fault !== undefined && !found.has(fault.id)) found.set(fault.id, { bytes, fault });
  }
  return [...found.values()];
}
