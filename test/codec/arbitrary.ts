/**
 * Arbitrary packets: any that a version allows, with every property where it may stand. What the generators know of the
 * rules they know by themselves; the table of properties is taken for how the values travel.
 */
import fc, { type Arbitrary } from 'fast-check';
import {
  type Packet,
  PROPERTIES,
  type Properties,
  type PropertyOwner,
  type QoS,
  REASONS,
  type RetainHandling,
  type Subscription,
  type Version,
  type Will,
} from '../../broker/codec/index.ts';

type Owner = Exclude<PropertyOwner, 'will'>;

/** Characters that MQTT allows in a string, those of every length among them. */
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...'abcXYZ019 _-$.~'.split('')) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 0x10_ffff })
      .filter((point) => point < 0xd800 || point > 0xdfff)
      .map((point) => String.fromCodePoint(point)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\u0001',
      '\u007f',
      '\u0080',
      '\u07ff',
      '\u0800',
      '\ufeff',
      '\uffff',
      '\u{10000}',
      '\u{10ffff}',
    ),
  },
);
const string = fc.oneof(
  { weight: 30, arbitrary: fc.string({ unit: character, maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(127, 128, 255, 256, 257, 16_384, 65_535).map((length) => 'x'.repeat(length)),
  },
);
const bytes = fc.oneof(
  { weight: 30, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(127, 128, 16_384, 65_535).map((length) => new Uint8Array(length).fill(7)),
  },
);
const packetId = fc.integer({ min: 1, max: 0xffff });
const qos: Arbitrary<QoS> = fc.constantFrom(0, 1, 2);
/** A level of a topic has no slash, and no wildcard. */
const level = fc.string({ unit: character.filter((one) => !'/+#'.includes(one)), maxLength: 8 });
const topic = fc
  .array(level, { minLength: 1, maxLength: 5 })
  .map((levels) => levels.join('/'))
  .filter((text) => text !== '');
const plainFilter = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: level }, { weight: 1, arbitrary: fc.constant('+') }), {
      maxLength: 5,
    }),
    fc.boolean(),
  )
  .map(([levels, all]) => [...levels, ...(all ? ['#'] : [])].join('/'))
  .filter((text) => text !== '' && !text.startsWith('$share/'));
const sharedFilter = fc
  .tuple(
    level.filter((name) => name !== ''),
    plainFilter,
  )
  .map(([name, filter]) => `$share/${name}/${filter}`);

/** Where the standard asks for more than the wire type does. */
const NARROWER: { [key in keyof Properties]?: Arbitrary<unknown> } = {
  responseTopic: topic,
  receiveMaximum: packetId,
  topicAlias: packetId,
  maximumPacketSize: fc.integer({ min: 1, max: 0xffff_ffff }),
};

const VALUES = {
  flag: fc.integer({ min: 0, max: 1 }),
  uint16: fc.integer({ min: 0, max: 0xffff }),
  uint32: fc.oneof(
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.constantFrom(0, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff),
  ),
  varint: fc.oneof(
    fc.integer({ min: 1, max: 268_435_455 }),
    fc.constantFrom(1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152),
  ),
  string,
  binary: bytes,
  pair: fc.tuple(string, string),
};

/** Properties in any order; undefined where there are none. */
function properties(owner: PropertyOwner): Arbitrary<Properties | undefined> {
  const entries = PROPERTIES.filter(({ owners }) => (owners as readonly string[]).includes(owner)).map(
    (row) => {
      const one: Arbitrary<unknown> = NARROWER[row.key] ?? VALUES[row.type];
      // SUBSCRIBE has one subscription identifier at most.
      const most = owner === 'subscribe' && row.key === 'subscriptionIdentifier' ? 1 : 3;
      const value = 'repeats' in row ? fc.array(one, { minLength: 1, maxLength: most }) : one;
      return fc.tuple(fc.constant(row.key as string), value);
    },
  );
  return fc.tuple(fc.nat({ max: 4 }), fc.shuffledSubarray(entries)).chain(([most, chosen]) =>
    fc.tuple(...chosen.slice(0, most)).map((pairs): Properties | undefined => {
      const all = Object.fromEntries(pairs);
      // Authentication Data stands only beside its method, and AUTH names it always.
      if (all['authenticationMethod'] === undefined) delete all['authenticationData'];
      return Object.keys(all).length === 0 ? undefined : (all as Properties);
    }),
  );
}

function reasonCode(owner: string): Arbitrary<number> {
  const codes = Object.values(REASONS).filter(({ owners }) => (owners as readonly string[]).includes(owner));
  return fc.constantFrom(...codes.map(({ code }) => code));
}

/** Properties in 5.0, nothing before. */
function propertiesIn(version: Version, owner: PropertyOwner): Arbitrary<Properties | undefined> {
  return version === 5 ? properties(owner) : fc.constant(undefined);
}

function will(version: Version): Arbitrary<Will | undefined> {
  const some = fc.record({
    topic,
    payload: bytes,
    qos,
    retain: fc.boolean(),
    properties: propertiesIn(version, 'will'),
  });
  return fc.option(some, { nil: undefined });
}

function connect(version: Version): Arbitrary<Packet> {
  return fc
    .record({
      type: fc.constant('connect' as const),
      version: fc.constant(version),
      cleanStart: fc.boolean(),
      keepAlive: fc.integer({ min: 0, max: 0xffff }),
      clientId: string,
      will: will(version),
      username: fc.option(string, { nil: undefined }),
      password: fc.option(bytes, { nil: undefined }),
      properties: propertiesIn(version, 'connect'),
    })
    .map((packet) => ({
      ...packet,
      clientId: packet.clientId === '' && version !== 5 ? 'c' : packet.clientId,
      password: packet.username === undefined && version !== 5 ? undefined : packet.password,
    }));
}

function connack(version: Version): Arbitrary<Packet> {
  return fc
    .record({
      type: fc.constant('connack' as const),
      sessionPresent: fc.boolean(),
      reasonCode: version === 5 ? reasonCode('connack') : fc.integer({ min: 0, max: 5 }),
      properties: propertiesIn(version, 'connack'),
    })
    .map((packet) => ({
      ...packet,
      sessionPresent: packet.sessionPresent && packet.reasonCode === 0 && version !== 3,
    }));
}

function publish(version: Version): Arbitrary<Packet> {
  return fc
    .record({
      type: fc.constant('publish' as const),
      dup: fc.boolean(),
      qos,
      retain: fc.boolean(),
      topic,
      packetId,
      properties: propertiesIn(version, 'publish'),
      payload: bytes,
      isAliased: fc.boolean(),
    })
    .map(({ isAliased, ...packet }) => ({
      ...packet,
      dup: packet.dup && packet.qos > 0,
      packetId: packet.qos > 0 ? packet.packetId : undefined,
      topic: isAliased && packet.properties?.topicAlias !== undefined ? '' : packet.topic,
    }));
}

function acknowledgement(
  version: Version,
  type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp',
): Arbitrary<Packet> {
  const code = version === 5 ? reasonCode(type) : fc.constant(0);
  return fc.record({
    type: fc.constant(type),
    packetId,
    reasonCode: code,
    properties: propertiesIn(version, type),
  }) as Arbitrary<Packet>;
}

function subscription(version: Version): Arbitrary<Subscription> {
  if (version !== 5)
    return fc.record({
      topicFilter: fc.oneof(plainFilter, sharedFilter),
      qos,
      noLocal: fc.constant(false),
      retainAsPublished: fc.constant(false),
      retainHandling: fc.constant<RetainHandling>(0),
    });
  const options = {
    qos,
    retainAsPublished: fc.boolean(),
    retainHandling: fc.constantFrom<RetainHandling>(0, 1, 2),
  };
  return fc.oneof(
    fc.record({ topicFilter: plainFilter, noLocal: fc.boolean(), ...options }),
    fc.record({ topicFilter: sharedFilter, noLocal: fc.constant(false), ...options }),
  );
}

function subscribe(version: Version): Arbitrary<Packet> {
  const subscriptions = fc.array(subscription(version), { minLength: 1, maxLength: 5 });
  return fc.record({
    type: fc.constant('subscribe' as const),
    packetId,
    properties: propertiesIn(version, 'subscribe'),
    subscriptions,
  });
}

function unsubscribe(version: Version): Arbitrary<Packet> {
  const topicFilters = fc.array(fc.oneof(plainFilter, sharedFilter), { minLength: 1, maxLength: 5 });
  return fc.record({
    type: fc.constant('unsubscribe' as const),
    packetId,
    properties: propertiesIn(version, 'unsubscribe'),
    topicFilters,
  });
}

function listOfReasons(version: Version, type: 'suback' | 'unsuback'): Arbitrary<Packet> {
  const code = version === 5 ? reasonCode(type) : fc.constantFrom(0, 1, 2, 0x80);
  const hasNone = version !== 5 && type === 'unsuback';
  const reasonCodes = hasNone ? fc.constant([]) : fc.array(code, { minLength: 1, maxLength: 5 });
  return fc.record({
    type: fc.constant(type),
    packetId,
    properties: propertiesIn(version, type),
    reasonCodes,
  }) as Arbitrary<Packet>;
}

function disconnect(version: Version): Arbitrary<Packet> {
  const code = version === 5 ? reasonCode('disconnect') : fc.constant(0);
  return fc.record({
    type: fc.constant('disconnect' as const),
    reasonCode: code,
    properties: propertiesIn(version, 'disconnect'),
  });
}

const auth: Arbitrary<Packet> = fc
  .record({
    type: fc.constant('auth' as const),
    reasonCode: reasonCode('auth'),
    properties: properties('auth'),
    method: string,
  })
  .map(({ method, ...packet }) => {
    const isAlone = packet.reasonCode === 0 && packet.properties === undefined;
    return isAlone
      ? packet
      : { ...packet, properties: { authenticationMethod: method, ...packet.properties } };
  });

/** Any packet that a version allows. */
export function packetOf(version: Version): Arbitrary<Packet> {
  const types: Record<Owner | 'pingreq' | 'pingresp', Arbitrary<Packet>> = {
    connect: connect(version),
    connack: connack(version),
    publish: publish(version),
    puback: acknowledgement(version, 'puback'),
    pubrec: acknowledgement(version, 'pubrec'),
    pubrel: acknowledgement(version, 'pubrel'),
    pubcomp: acknowledgement(version, 'pubcomp'),
    subscribe: subscribe(version),
    suback: listOfReasons(version, 'suback'),
    unsubscribe: unsubscribe(version),
    unsuback: listOfReasons(version, 'unsuback'),
    pingreq: fc.constant({ type: 'pingreq' }),
    pingresp: fc.constant({ type: 'pingresp' }),
    disconnect: disconnect(version),
    auth,
  };
  return fc.oneof(
    ...Object.entries(types).flatMap(([type, arbitrary]) =>
      type === 'auth' && version !== 5 ? [] : [arbitrary],
    ),
  );
}
