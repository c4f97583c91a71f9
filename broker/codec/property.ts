// The twenty-seven properties of MQTT 5.0: one table of identifier, name, wire type and the packets that may carry each,
// from which the type of a packet's properties is drawn; and how they are read and written. Knows nothing of what a
// property asks its receiver to do.
import type { PacketType } from './packet.ts';
import type { Reader } from './reader.ts';
import type { Writer } from './writer.ts';

/** Where properties may stand: in fourteen of the packet types, and in the will of a CONNECT. */
export type PropertyOwner = Exclude<PacketType, 'pingreq' | 'pingresp'> | 'will';

/** How a property's value travels. `flag` is one byte that is 0 or 1; a `pair` is two UTF-8 strings. */
export type WireType = 'flag' | 'uint16' | 'uint32' | 'varint' | 'string' | 'binary' | 'pair';

interface PropertyRow {
  id: number;
  key: string;
  name: string;
  type: WireType;
  /** May occur more than once; the value is then an array. */
  repeats?: true;
  /** 0 is a Protocol Error. */
  notZero?: true;
  /** Wireshark's filter name, where it has one for this property alone. */
  filter?: string;
  owners: readonly PropertyOwner[];
}

const ACKNOWLEDGEMENTS = ['puback', 'pubrec', 'pubrel', 'pubcomp', 'suback', 'unsuback'] as const;

/** Source: 5.0, table 2-4 and the section of each packet. */
// biome-ignore format: a table, a row to each line
export const PROPERTIES = [
  { id: 0x01, key: 'payloadFormatIndicator', name: 'Payload Format Indicator', type: 'flag', owners: ['publish', 'will'] },
  { id: 0x02, key: 'messageExpiryInterval', name: 'Message Expiry Interval', type: 'uint32', owners: ['publish', 'will'] },
  { id: 0x03, key: 'contentType', name: 'Content Type', type: 'string', filter: 'mqtt.property.content_type', owners: ['publish', 'will'] },
  { id: 0x08, key: 'responseTopic', name: 'Response Topic', type: 'string', owners: ['publish', 'will'] },
  { id: 0x09, key: 'correlationData', name: 'Correlation Data', type: 'binary', owners: ['publish', 'will'] },
  { id: 0x0b, key: 'subscriptionIdentifier', name: 'Subscription Identifier', type: 'varint', repeats: true, notZero: true, owners: ['publish', 'subscribe'] },
  { id: 0x11, key: 'sessionExpiryInterval', name: 'Session Expiry Interval', type: 'uint32', owners: ['connect', 'connack', 'disconnect'] },
  { id: 0x12, key: 'assignedClientIdentifier', name: 'Assigned Client Identifier', type: 'string', owners: ['connack'] },
  { id: 0x13, key: 'serverKeepAlive', name: 'Server Keep Alive', type: 'uint16', owners: ['connack'] },
  { id: 0x15, key: 'authenticationMethod', name: 'Authentication Method', type: 'string', owners: ['connect', 'connack', 'auth'] },
  { id: 0x16, key: 'authenticationData', name: 'Authentication Data', type: 'binary', owners: ['connect', 'connack', 'auth'] },
  { id: 0x17, key: 'requestProblemInformation', name: 'Request Problem Information', type: 'flag', owners: ['connect'] },
  { id: 0x18, key: 'willDelayInterval', name: 'Will Delay Interval', type: 'uint32', owners: ['will'] },
  { id: 0x19, key: 'requestResponseInformation', name: 'Request Response Information', type: 'flag', owners: ['connect'] },
  { id: 0x1a, key: 'responseInformation', name: 'Response Information', type: 'string', owners: ['connack'] },
  { id: 0x1c, key: 'serverReference', name: 'Server Reference', type: 'string', owners: ['connack', 'disconnect'] },
  { id: 0x1f, key: 'reasonString', name: 'Reason String', type: 'string', owners: ['connack', ...ACKNOWLEDGEMENTS, 'disconnect', 'auth'] },
  { id: 0x21, key: 'receiveMaximum', name: 'Receive Maximum', type: 'uint16', notZero: true, owners: ['connect', 'connack'] },
  { id: 0x22, key: 'topicAliasMaximum', name: 'Topic Alias Maximum', type: 'uint16', owners: ['connect', 'connack'] },
  { id: 0x23, key: 'topicAlias', name: 'Topic Alias', type: 'uint16', notZero: true, filter: 'mqtt.property.topic_alias', owners: ['publish'] },
  { id: 0x24, key: 'maximumQoS', name: 'Maximum QoS', type: 'flag', filter: 'mqtt.property.max_qos', owners: ['connack'] },
  { id: 0x25, key: 'retainAvailable', name: 'Retain Available', type: 'flag', owners: ['connack'] },
  { id: 0x26, key: 'userProperty', name: 'User Property', type: 'pair', repeats: true, owners: ['connect', 'connack', 'publish', 'will', ...ACKNOWLEDGEMENTS, 'subscribe', 'unsubscribe', 'disconnect', 'auth'] },
  { id: 0x27, key: 'maximumPacketSize', name: 'Maximum Packet Size', type: 'uint32', notZero: true, owners: ['connect', 'connack'] },
  { id: 0x28, key: 'wildcardSubscriptionAvailable', name: 'Wildcard Subscription Available', type: 'flag', owners: ['connack'] },
  { id: 0x29, key: 'subscriptionIdentifierAvailable', name: 'Subscription Identifier Available', type: 'flag', owners: ['connack'] },
  { id: 0x2a, key: 'sharedSubscriptionAvailable', name: 'Shared Subscription Available', type: 'flag', owners: ['connack'] },
] as const satisfies readonly PropertyRow[];

type Row = (typeof PROPERTIES)[number];
export type PropertyKey = Row['key'];

interface Values {
  flag: number;
  uint16: number;
  uint32: number;
  varint: number;
  string: string;
  binary: Uint8Array;
  pair: [name: string, value: string];
}

/** The properties of one packet. Intervals are in seconds. Those that may repeat are arrays. */
export type Properties = {
  -readonly [R in Row as R['key']]?:
    | (R extends { repeats: true } ? Values[R['type']][] : Values[R['type']])
    | undefined;
};

type Value = Values[WireType];

/** Properties as the loops below see them: any key, any value. */
type Loose = Record<string, Value | Value[] | undefined>;

const ROWS: readonly PropertyRow[] = PROPERTIES;
const BY_ID: readonly (PropertyRow | undefined)[] = Array.from({ length: 0x100 }, (_, id) =>
  ROWS.find((row) => row.id === id),
);
const BY_KEY: ReadonlyMap<string, PropertyRow> = new Map(ROWS.map((row) => [row.key, row]));

/** The row of a property. */
export function propertyRow(key: PropertyKey): Readonly<PropertyRow> {
  return BY_KEY.get(key) as PropertyRow;
}

/** Reads the properties that stand between a packet's variable header and its payload. */
export function readPropertyPart(reader: Reader): Properties | undefined {
  reader.begin('properties', 'properties');
  const properties = readProperties(reader, 'properties');
  reader.close();
  return properties;
}

/**
 * Reads a property length and the properties behind it [v5 MQTT-2.2.2-1].
 * @returns undefined where the length is 0
 */
export function readProperties(
  reader: Reader,
  lengthOf: 'properties' | 'willProperties',
): Properties | undefined {
  const length = reader.varint('propertyLength');
  if (length === 0) return undefined;
  const properties: Loose = {};
  reader.within(length, lengthOf, () => {
    while (reader.left > 0) readProperty(reader, properties);
  });
  return properties as Properties;
}

function readProperty(reader: Reader, properties: Loose): void {
  const start = reader.offset;
  const id = reader.peek('propertyId');
  const row = BY_ID[id];
  if (row === undefined) return reader.fail('propertyUnknown', start, { value: id });
  reader.group('property', row as { key: PropertyKey; name: string });
  reader.varint('propertyId');
  const value = readValue(reader, row.type);
  if (row.filter !== undefined) reader.filterBy(row.filter);
  reader.close(Array.isArray(value) ? value.join(' = ') : value);
  const before = properties[row.key];
  if (row.repeats) {
    if (before === undefined) properties[row.key] = [value] as Value[];
    else (before as Value[]).push(value);
  } else {
    if (before !== undefined) reader.fail('propertyRepeated', start, { property: row.name });
    properties[row.key] = value;
  }
}

function readValue(reader: Reader, type: WireType): Value {
  switch (type) {
    case 'flag':
      return reader.uint8('propertyNumber');
    case 'uint16':
      return reader.uint16('propertyNumber');
    case 'uint32':
      return reader.uint32('propertyNumber');
    case 'varint':
      return reader.varint('propertyNumber');
    case 'string': // v5 [MQTT-3.3.2-13, MQTT-3.3.2-19]
      return reader.string('propertyStringLength', 'propertyString');
    case 'binary':
      return reader.binary('propertyBytesLength', 'propertyBytes');
    case 'pair':
      return [
        reader.string('propertyNameLength', 'propertyName'),
        reader.string('propertyValueLength', 'propertyValue'),
      ];
  }
}

/** Writes the property length, 0 where there are none [v5 MQTT-2.2.2-1], and the properties in the order of the object. */
export function writeProperties(writer: Writer, properties: Properties | undefined): void {
  if (properties === undefined) return writer.uint8(0);
  writer.measured('the Property Length', () => {
    for (const [key, value] of Object.entries(properties as Loose)) {
      const row = BY_KEY.get(key);
      if (row === undefined) throw new RangeError(`there is no property ${key}`);
      if (value === undefined) continue;
      for (const one of row.repeats ? (value as Value[]) : [value as Value]) writeProperty(writer, row, one);
    }
  });
}

function writeProperty(writer: Writer, row: PropertyRow, value: Value): void {
  writer.uint8(row.id);
  switch (row.type) {
    case 'flag':
      return writer.uint8(value as number);
    case 'uint16':
      return writer.uint16(row.name, value as number);
    case 'uint32':
      return writer.uint32(row.name, value as number);
    case 'varint':
      return writer.varint(row.name, value as number);
    case 'string':
      return writer.string(row.name, value as string);
    case 'binary':
      return writer.binary(row.name, value as Uint8Array);
    case 'pair': {
      const [name, text] = value as Values['pair'];
      writer.string(`the name of ${row.name}`, name);
      return writer.string(row.name, text);
    }
  }
}

/** Whether there is anything to write: a packet may leave its properties out where there is not (5.0, section 3.4.2.2.1). */
export function hasProperties(properties: Properties | undefined): boolean {
  return properties !== undefined && Object.values(properties).some((value) => value !== undefined);
}
