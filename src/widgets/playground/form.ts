// The form of a packet: which fields can be chosen in it, each with its value and with the packet that another value makes.
// Knows the shapes of packets and which version has what; the encoder decides what becomes of a value, and `validate` whether
// it is allowed. Knows no words but the standard's terms, and no screen.
import {
  FIELDS,
  type Field,
  type FieldId,
  type Packet,
  type Part,
  PROPERTIES,
  type Properties,
  type PropertyKey,
  type PropertyOwner,
  type QoS,
  type ReasonOwner,
  type RetainHandling,
  type Subscription,
  type Version,
  type Will,
} from '#broker/codec/index.ts';
import { exampleValue } from '../packet/examples.ts';

interface Common {
  /** The key of the same field's row in the field tree. */
  key: string;
  /** The standard's term. */
  name: string;
  /** The property's identifier, where it is one. */
  id?: number;
  /** The packet without it, where it can be taken out. */
  without?: () => Packet;
}

interface Kind<Name extends string, Value> extends Common {
  kind: Name;
  value: Value;
  /** The packet with another value. */
  set(value: Value): Packet;
}

/** One thing to be chosen. */
export type Control =
  | Kind<'flag', boolean>
  /** Few numbers from 0 on. */
  | (Kind<'choice', number> & { count: number })
  | (Kind<'number', number> & { max: number })
  /** A reason code, or a return code where `owner` is undefined. */
  | (Kind<'code', number> & { owner: ReasonOwner | undefined })
  | Kind<'text', string>
  /** `isCounted`: two bytes say how long it is. */
  | (Kind<'bytes', Uint8Array> & { isCounted: boolean })
  | Kind<'pair', readonly [string, string]>;

/** What can come in addition. */
export interface Addition {
  what: 'subscription' | 'topicFilter' | 'reasonCode';
  add(): Packet;
}

/** What stands together under one heading. */
export interface Section {
  key: 'fixedHeader' | 'variableHeader' | 'properties' | 'willProperties' | 'payload';
  part: Part;
  controls: Control[];
  addition?: Addition;
  /** Properties stand here, of this owner. */
  owner?: PropertyOwner;
}

const MAX = { byte: 0xff, uint16: 0xffff, uint32: 0xffff_ffff, varint: 268_435_455 } as const;

/** Everything that can be chosen about a packet, in the order of its bytes. */
export function formOf(packet: Packet, version: Version): Section[] {
  const sections = sectionsOf(packet, version);
  number(sections);
  return sections.filter(
    ({ controls, addition, owner }) =>
      controls.length > 0 || addition !== undefined || (version === 5 && owner !== undefined),
  );
}

/** Gives the second control of a key and those after it their numbers, as the rows of the tree have them. */
function number(sections: readonly Section[]): void {
  const seen = new Map<string, number>();
  for (const control of sections.flatMap(({ controls }) => controls)) {
    const count = (seen.get(control.key) ?? 0) + 1;
    seen.set(control.key, count);
    if (count > 1) control.key = `${control.key}#${count}`;
  }
}

function sectionsOf(packet: Packet, version: Version): Section[] {
  const field = (id: FieldId): Common => {
    const { name, name5 }: Field = FIELDS[id];
    return { key: id, name: version === 5 ? (name5 ?? name) : name };
  };
  const identifier = (value: number, set: (packetId: number) => Packet): Control => ({
    ...field('packetId'),
    kind: 'number',
    max: MAX.uint16,
    value,
    set,
  });
  switch (packet.type) {
    case 'connect': {
      const { will, username, password } = packet;
      return [
        section('variableHeader', [
          flag(field('cleanStart'), packet.cleanStart, (cleanStart) => ({ ...packet, cleanStart })),
          {
            ...field('keepAlive'),
            kind: 'number',
            max: MAX.uint16,
            value: packet.keepAlive,
            set: (keepAlive) => ({ ...packet, keepAlive }),
          },
          flag(field('willFlag'), will !== undefined, (has) => ({
            ...packet,
            will: has ? (will ?? WILL) : undefined,
          })),
          ...(will
            ? [
                choice(field('willQoS'), will.qos, 4, (qos) => ({
                  ...packet,
                  will: { ...will, qos: qos as QoS },
                })),
                flag(field('willRetain'), will.retain, (retain) => ({
                  ...packet,
                  will: { ...will, retain },
                })),
              ]
            : []),
          flag(field('usernameFlag'), username !== undefined, (has) => ({
            ...packet,
            username: has ? (username ?? '') : undefined,
          })),
          flag(field('passwordFlag'), password !== undefined, (has) => ({
            ...packet,
            password: has ? (password ?? NOTHING) : undefined,
          })),
        ]),
        propertySection(packet, 'connect', version),
        ...(will && version === 5 ? [willProperties(packet, will)] : []),
        section('payload', [
          text(field('clientId'), packet.clientId, (clientId) => ({ ...packet, clientId })),
          ...(will
            ? [
                text(field('willTopic'), will.topic, (topic) => ({ ...packet, will: { ...will, topic } })),
                bytes(field('willPayload'), will.payload, true, (payload) => ({
                  ...packet,
                  will: { ...will, payload },
                })),
              ]
            : []),
          ...(username === undefined
            ? []
            : [text(field('username'), username, (name) => ({ ...packet, username: name }))]),
          ...(password === undefined
            ? []
            : [bytes(field('password'), password, true, (secret) => ({ ...packet, password: secret }))]),
        ]),
      ];
    }
    case 'connack':
      return [
        section('variableHeader', [
          ...(version === 3
            ? []
            : [
                flag(field('sessionPresent'), packet.sessionPresent, (sessionPresent) => ({
                  ...packet,
                  sessionPresent,
                })),
              ]),
          code(
            field(version === 5 ? 'connackReason' : 'connectReturnCode'),
            version === 5 ? 'connack' : undefined,
            packet.reasonCode,
            (reasonCode) => ({ ...packet, reasonCode }),
          ),
        ]),
        propertySection(packet, 'connack', version),
      ];
    case 'publish':
      return [
        section('fixedHeader', [
          choice(field('qos'), packet.qos, 4, (qos) => ({
            ...packet,
            qos: qos as QoS,
            packetId: qos === 0 ? undefined : (packet.packetId ?? 1),
          })),
          flag(field('dup'), packet.dup, (dup) => ({ ...packet, dup })),
          flag(field('retain'), packet.retain, (retain) => ({ ...packet, retain })),
        ]),
        section('variableHeader', [
          text(field('topic'), packet.topic, (topic) => ({ ...packet, topic })),
          ...(packet.qos === 0
            ? []
            : [identifier(packet.packetId ?? 0, (packetId) => ({ ...packet, packetId }))]),
        ]),
        propertySection(packet, 'publish', version),
        section('payload', [
          bytes(field('message'), packet.payload, false, (payload) => ({ ...packet, payload })),
        ]),
      ];
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return [
        section('variableHeader', [
          identifier(packet.packetId, (packetId) => ({ ...packet, packetId })),
          ...(version === 5
            ? [
                code(field(`${packet.type}Reason`), packet.type, packet.reasonCode, (reasonCode) => ({
                  ...packet,
                  reasonCode,
                })),
              ]
            : []),
        ]),
        propertySection(packet, packet.type, version),
      ];
    case 'subscribe': {
      const { subscriptions } = packet;
      return [
        section('variableHeader', [identifier(packet.packetId, (packetId) => ({ ...packet, packetId }))]),
        propertySection(packet, 'subscribe', version),
        {
          ...section(
            'payload',
            subscriptions.flatMap((subscription, index) => {
              const change = (changed: Partial<Subscription>): Packet => ({
                ...packet,
                subscriptions: subscriptions.with(index, { ...subscription, ...changed }),
              });
              const without = (): Packet => ({
                ...packet,
                subscriptions: subscriptions.toSpliced(index, 1),
              });
              return subscriptionControls(field, subscription, version, change, without);
            }),
          ),
          addition: {
            what: 'subscription',
            add: () => ({ ...packet, subscriptions: [...subscriptions, SUBSCRIPTION] }),
          },
        },
      ];
    }
    case 'unsubscribe': {
      const { topicFilters } = packet;
      return [
        section('variableHeader', [identifier(packet.packetId, (packetId) => ({ ...packet, packetId }))]),
        propertySection(packet, 'unsubscribe', version),
        {
          ...section(
            'payload',
            topicFilters.map((topicFilter, index) => ({
              ...text(field('topicFilter'), topicFilter, (changed) => ({
                ...packet,
                topicFilters: topicFilters.with(index, changed),
              })),
              without: () => ({ ...packet, topicFilters: topicFilters.toSpliced(index, 1) }),
            })),
          ),
          addition: {
            what: 'topicFilter',
            add: () => ({ ...packet, topicFilters: [...topicFilters, SUBSCRIPTION.topicFilter] }),
          },
        },
      ];
    }
    case 'suback':
    case 'unsuback': {
      const { type, reasonCodes } = packet;
      const head = [
        section('variableHeader', [identifier(packet.packetId, (packetId) => ({ ...packet, packetId }))]),
        propertySection(packet, type, version),
      ];
      if (type === 'unsuback' && version !== 5) return head;
      const id = version === 5 ? (`${type}Reason` as const) : 'subackReturnCode';
      return [
        ...head,
        {
          ...section(
            'payload',
            reasonCodes.map((reasonCode, index) => ({
              ...code(field(id), type, reasonCode, (changed) => ({
                ...packet,
                reasonCodes: reasonCodes.with(index, changed),
              })),
              without: () => ({ ...packet, reasonCodes: reasonCodes.toSpliced(index, 1) }),
            })),
          ),
          addition: { what: 'reasonCode', add: () => ({ ...packet, reasonCodes: [...reasonCodes, 0] }) },
        },
      ];
    }
    case 'disconnect':
    case 'auth':
      if (version !== 5) return [];
      return [
        section('variableHeader', [
          code(field(`${packet.type}Reason`), packet.type, packet.reasonCode, (reasonCode) => ({
            ...packet,
            reasonCode,
          })),
        ]),
        propertySection(packet, packet.type, version),
      ];
    case 'pingreq':
    case 'pingresp':
      return [];
    default:
      return packet satisfies never;
  }
}

const NOTHING = new Uint8Array();

/** What comes in with the Will Flag, and with another subscription. */
const WILL: Will = { topic: 'will', payload: NOTHING, qos: 0, retain: false };
const SUBSCRIPTION: Subscription = {
  topicFilter: '#',
  qos: 0,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
};

const PARTS: Readonly<Record<Section['key'], Part>> = {
  fixedHeader: 'fixed',
  variableHeader: 'variable',
  properties: 'properties',
  willProperties: 'payload',
  payload: 'payload',
};

function section(key: Section['key'], controls: Control[]): Section {
  return { key, part: PARTS[key], controls };
}

function flag(common: Common, value: boolean, set: (value: boolean) => Packet): Control {
  return { ...common, kind: 'flag', value, set };
}

function choice(common: Common, value: number, count: number, set: (value: number) => Packet): Control {
  return { ...common, kind: 'choice', count, value, set };
}

function code(
  common: Common,
  owner: ReasonOwner | undefined,
  value: number,
  set: (value: number) => Packet,
): Control {
  return { ...common, kind: 'code', owner, value, set };
}

function text(common: Common, value: string, set: (value: string) => Packet): Control {
  return { ...common, kind: 'text', value, set };
}

function bytes(
  common: Common,
  value: Uint8Array,
  isCounted: boolean,
  set: (value: Uint8Array) => Packet,
): Control {
  return { ...common, kind: 'bytes', isCounted, value, set };
}

function subscriptionControls(
  field: (id: FieldId) => Common,
  { topicFilter, qos, noLocal, retainAsPublished, retainHandling }: Subscription,
  version: Version,
  change: (changed: Partial<Subscription>) => Packet,
  without: () => Packet,
): Control[] {
  const filter = {
    ...text(field('topicFilter'), topicFilter, (changed) => change({ topicFilter: changed })),
    without,
  };
  const setQoS = (changed: number) => change({ qos: changed as QoS });
  if (version !== 5) return [filter, choice(field('requestedQoS'), qos, 4, setQoS)];
  return [
    filter,
    choice(field('retainHandling'), retainHandling, 4, (changed) =>
      change({ retainHandling: changed as RetainHandling }),
    ),
    flag(field('retainAsPublished'), retainAsPublished, (changed) => change({ retainAsPublished: changed })),
    flag(field('noLocal'), noLocal, (changed) => change({ noLocal: changed })),
    choice(field('maximumQoS'), qos, 4, setQoS),
  ];
}

type Owned = Extract<Packet, { properties?: Properties | undefined }>;

function propertySection(packet: Owned, owner: PropertyOwner, version: Version): Section {
  const controls =
    version === 5 ? propertyControls(packet.properties, (properties) => ({ ...packet, properties })) : [];
  return { ...section('properties', controls), owner };
}

function willProperties(packet: Extract<Packet, { type: 'connect' }>, will: Will): Section {
  const controls = propertyControls(will.properties, (properties) => ({
    ...packet,
    will: { ...will, properties },
  }));
  return { ...section('willProperties', controls), owner: 'will' };
}

type Value = number | string | Uint8Array | [string, string];

function propertyControls(
  properties: Properties | undefined,
  put: (properties: Properties | undefined) => Packet,
): Control[] {
  return Object.entries(properties ?? {}).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const row = rowOf(key as PropertyKey);
    const values = ('repeats' in row ? value : [value]) as Value[];
    return values.map((one, index): Control => {
      const write = (changed: Value[]): Packet =>
        put(withProperty(properties, row.key, 'repeats' in row ? changed : changed[0]));
      const common = {
        key: `property:${key}`,
        name: row.name,
        id: row.id,
        without: () => write(values.toSpliced(index, 1)),
      };
      const set = (changed: Value): Packet => write(values.with(index, changed));
      return propertyControl(row.type, common, one, set);
    });
  });
}

/** The control that goes with how a property travels. */
function propertyControl(
  type: (typeof PROPERTIES)[number]['type'],
  common: Common,
  value: Value,
  set: (value: Value) => Packet,
): Control {
  switch (type) {
    case 'flag':
      return { ...common, kind: 'number', max: MAX.byte, value: value as number, set };
    case 'uint16':
    case 'uint32':
    case 'varint':
      return { ...common, kind: 'number', max: MAX[type], value: value as number, set };
    case 'string':
      return { ...common, kind: 'text', value: value as string, set };
    case 'binary':
      return { ...common, kind: 'bytes', isCounted: true, value: value as Uint8Array, set };
    case 'pair':
      return {
        ...common,
        kind: 'pair',
        value: value as [string, string],
        set: ([name, text]) => set([name, text]),
      };
    default:
      return type satisfies never;
  }
}

function rowOf(key: PropertyKey): (typeof PROPERTIES)[number] {
  return PROPERTIES.find((row) => row.key === key) as (typeof PROPERTIES)[number];
}

/** Properties with one of them changed in its place, added at the end, or, for undefined and the empty list, gone; undefined where none is left. */
function withProperty(
  properties: Properties | undefined,
  key: PropertyKey,
  value: unknown,
): Properties | undefined {
  const isGone = value === undefined || (Array.isArray(value) && value.length === 0);
  const all: Properties = { ...properties, [key]: value };
  if (isGone) delete all[key];
  return Object.keys(all).length === 0 ? undefined : all;
}

/** Which properties can come in addition: those that may stand there, and those that may not. */
export function addable(
  packet: Packet,
  owner: PropertyOwner,
): { allowed: PropertyKey[]; forbidden: PropertyKey[] } {
  const there = propertiesOf(packet, owner) ?? {};
  const free = PROPERTIES.filter((row) => 'repeats' in row || there[row.key] === undefined);
  const isAllowed = ({ owners }: { owners: readonly PropertyOwner[] }) => owners.includes(owner);
  return {
    allowed: free.filter(isAllowed).map(({ key }) => key),
    forbidden: free.filter((row) => !isAllowed(row)).map(({ key }) => key),
  };
}

function propertiesOf(packet: Packet, owner: PropertyOwner): Properties | undefined {
  if (owner === 'will') return packet.type === 'connect' ? packet.will?.properties : undefined;
  return 'properties' in packet ? packet.properties : undefined;
}

/** The packet with one property more, allowed or not. */
export function addProperty(packet: Packet, owner: PropertyOwner, key: PropertyKey): Packet {
  const before = propertiesOf(packet, owner);
  const value = exampleValue(key);
  const whole =
    Array.isArray(value) && 'repeats' in rowOf(key) ? [...((before?.[key] as []) ?? []), ...value] : value;
  const properties = withProperty(before, key, whole);
  if (owner !== 'will') return { ...packet, properties } as Packet;
  return packet.type === 'connect' && packet.will
    ? { ...packet, will: { ...packet.will, properties } }
    : packet;
}
