// The fixed header, then the reader of the packet's type. Knows which packet type has which flags, and that a packet ends
// where its Remaining Length says; asks nothing about what the packet means.
import { readAcknowledgement, readAuth, readDisconnect } from './ack.ts';
import { readConnack, readConnect } from './connect.ts';
import type { Rule } from './field.ts';
import { PACKET_TYPES, type Packet, type PacketType } from './packet.ts';
import { readPublish } from './publish.ts';
import type { Reader } from './reader.ts';
import { readSuback, readSubscribe, readUnsuback, readUnsubscribe } from './subscribe.ts';

/** The flags that MQTT 3.1 does not look at: it calls them unused, or lets a client set DUP on a request that it repeats. */
const UNUSED_IN_3_1 = 0b1101;

/** Narrower statements about the flags of some packets. Where there are none, MQTT-2.2.2-2 and MQTT-2.1.3-1 hold. */
const FLAG_RULES: Partial<Record<PacketType, Rule>> = {
  pubrel: { v3: 'MQTT-3.6.1-1', v5: 'MQTT-3.6.1-1' },
  subscribe: { v3: 'MQTT-3.8.1-1', v5: 'MQTT-3.8.1-1' },
  unsubscribe: { v3: 'MQTT-3.10.1-1', v5: 'MQTT-3.10.1-1' },
  disconnect: { v3: 'MQTT-3.14.1-1', v5: 'MQTT-3.14.1-1' },
  auth: { v5: 'MQTT-3.15.1-1' },
};

/** Reads one packet without asking whether what it says is allowed, and leaves spans in the reader if it has a place for them. */
export function readPacket(reader: Reader): Packet {
  reader.begin('fixed', 'fixedHeader');
  const { type, flags } = readFirstByte(reader);
  reader.limit(reader.varint('remainingLength'));
  reader.close();
  const packet = readBody(reader, type, flags);
  reader.finish();
  return packet;
}

function readFirstByte(reader: Reader): { type: PacketType; flags: number } {
  const byte = reader.flags('headerFlags');
  const flags = byte & 0x0f;
  const value = byte >> 4;
  const row = PACKET_TYPES[value - 1];
  const isKnown = row !== undefined && !(row.type === 'auth' && reader.version !== 5);
  reader.bits('packetType', 7, 4, isKnown ? row.name : undefined);
  nameFlags(reader, isKnown ? row.type : undefined);
  reader.close();
  if (!isKnown) return reader.fail('typeReserved', reader.offset - 1, { value }, [7, 4]);
  if (row.type === 'publish') {
    if ((flags & 0b0110) === 0b0110) reader.fail('qosThree', reader.offset - 1, {}, [2, 1]); // [MQTT-3.3.1-4]
  } else {
    const checked = reader.version === 3 ? 0x0f & ~UNUSED_IN_3_1 : 0x0f;
    if ((flags & checked) !== (row.flags & checked)) failFlags(reader, row, flags); // v3 [MQTT-2.2.2-2] v5 [MQTT-2.1.3-1]
  }
  return { type: row.type, flags };
}

function nameFlags(reader: Reader, type: PacketType | undefined): void {
  const isRequest = type === 'pubrel' || type === 'subscribe' || type === 'unsubscribe';
  const isRepeatable = reader.version === 3 && isRequest;
  if (type !== 'publish' && !isRepeatable) return reader.bits('reservedFlags', 3, 0);
  reader.bits('dup', 3, 3);
  reader.bits('qos', 2, 1);
  reader.bits(isRepeatable ? 'retainUnused' : 'retain', 0, 0);
}

function failFlags(
  reader: Reader,
  row: { type: PacketType; name: string; flags: number },
  actual: number,
): never {
  const values = { packet: row.name, expected: binary(row.flags), actual: binary(actual) };
  return reader.fail('flagsReserved', reader.offset - 1, values, [3, 0], FLAG_RULES[row.type]);
}

function binary(flags: number): string {
  return flags.toString(2).padStart(4, '0');
}

function readBody(reader: Reader, type: PacketType, flags: number): Packet {
  switch (type) {
    case 'connect':
      return readConnect(reader);
    case 'connack':
      return readConnack(reader);
    case 'publish':
      return readPublish(reader, flags);
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return readAcknowledgement(reader, type) as Packet;
    case 'subscribe':
      return readSubscribe(reader);
    case 'suback':
      return readSuback(reader);
    case 'unsubscribe':
      return readUnsubscribe(reader);
    case 'unsuback':
      return readUnsuback(reader);
    case 'pingreq':
    case 'pingresp':
      return { type };
    case 'disconnect':
      return readDisconnect(reader);
    case 'auth':
      return readAuth(reader);
    default:
      return type satisfies never;
  }
}
