// CONNECT and CONNACK, read beside written. Knows their bytes; what a server does about them stands in `broker/server`.
import type { Connack, Connect, QoS, Version, Will } from './packet.ts';
import { readProperties, readPropertyPart, writeProperties } from './property.ts';
import type { Reader } from './reader.ts';
import { CONNECT_RETURN_CODES, reasonName } from './reason.ts';
import { checkRange, type Writer } from './writer.ts';

/** The protocol name that goes with each version [MQTT-3.1.2-1]; MQTT 3.1 has one of its own. */
const PROTOCOL_NAMES: Readonly<Record<Version, string>> = { 3: 'MQIsdp', 4: 'MQTT', 5: 'MQTT' };

/** The Connect Flags, by the bit of each (3.1.1, section 3.1.2.2; 5.0, section 3.1.2.3). */
const FLAG = {
  username: 0x80,
  password: 0x40,
  willRetain: 0x20,
  will: 0x04,
  cleanStart: 0x02,
  reserved: 0x01,
} as const;
const WILL_QOS_SHIFT = 3;

export function readConnect(reader: Reader): Connect {
  reader.begin('variable', 'variableHeader');
  const version = readVersion(reader);
  const flags = readFlags(reader);
  const keepAlive = reader.uint16('keepAlive');
  reader.close();
  const properties = version === 5 ? readPropertyPart(reader) : undefined;
  reader.begin('payload', 'payload'); // its fields in this order [MQTT-3.1.3-1]
  const clientId = reader.string('clientIdLength', 'clientId');
  const will = flags & FLAG.will ? readWill(reader, flags) : undefined; // [MQTT-3.1.2-9]
  const username = isThere(reader, flags & FLAG.username)
    ? reader.string('usernameLength', 'username')
    : undefined;
  const password = isThere(reader, flags & FLAG.password)
    ? reader.binary('passwordLength', 'password')
    : undefined;
  reader.close();
  const cleanStart = (flags & FLAG.cleanStart) !== 0;
  return { type: 'connect', version, cleanStart, keepAlive, clientId, will, username, password, properties };
}

function readVersion(reader: Reader): Version {
  const start = reader.offset;
  const name = reader.string('protocolNameLength', 'protocolName');
  if (name !== 'MQTT' && name !== 'MQIsdp') reader.fail('protocolName', start, { value: name }); // [MQTT-3.1.2-1]
  const version = reader.peek('protocolVersion') as Version;
  const isKnown = PROTOCOL_NAMES[version] === name;
  if (isKnown) reader.version = version;
  reader.uint8('protocolVersion');
  if (!isKnown) reader.fail('protocolVersion', reader.offset - 1, { name, value: version }); // [MQTT-3.1.2-2]
  return version;
}

function readFlags(reader: Reader): number {
  const flags = reader.flags('connectFlags');
  const at = reader.offset - 1;
  reader.bits('usernameFlag', 7, 7);
  reader.bits('passwordFlag', 6, 6);
  reader.bits('willRetain', 5, 5);
  reader.bits('willQoS', 4, 3);
  reader.bits('willFlag', 2, 2);
  reader.bits('cleanStart', 1, 1);
  reader.bits('connectReserved', 0, 0);
  reader.close();
  if (reader.version === 3) return flags; // MQTT 3.1 disregards the bits that it gives no use (3.1, section 3.1)
  if (flags & FLAG.reserved) reader.fail('connectReserved', at, {}, [0, 0]); // [MQTT-3.1.2-3]
  if (!(flags & FLAG.will)) {
    const value = willQoS(flags);
    if (value !== 0) reader.fail('willQoSWithoutWill', at, { value }, [4, 3]); // v3 [MQTT-3.1.2-13] v5 [MQTT-3.1.2-11]
    if (flags & FLAG.willRetain) reader.fail('willRetainWithoutWill', at, {}, [5, 5]); // v3 [MQTT-3.1.2-15] v5 [MQTT-3.1.2-13]
  }
  return flags;
}

function readWill(reader: Reader, flags: number): Will {
  let properties: Will['properties'];
  if (reader.version === 5) {
    reader.group('willProperties');
    properties = readProperties(reader, 'willProperties');
    reader.close();
  }
  const topic = reader.string('willTopicLength', 'willTopic');
  const payload = reader.binary('willPayloadLength', 'willPayload');
  return { topic, payload, qos: willQoS(flags), retain: (flags & FLAG.willRetain) !== 0, properties };
}

/** Whether a flag's field follows. In MQTT 3.1 the Remaining Length takes precedence over the flag (3.1, section 3.1). */
function isThere(reader: Reader, flag: number): boolean {
  return flag !== 0 && !(reader.version === 3 && reader.left === 0);
}

function willQoS(flags: number): QoS {
  return ((flags >> WILL_QOS_SHIFT) & 0b11) as QoS;
}

export function writeConnect(writer: Writer, packet: Connect): void {
  const { version, will, username, password } = packet;
  let flags = packet.cleanStart ? FLAG.cleanStart : 0;
  if (will !== undefined) flags |= willFlags(will);
  if (username !== undefined) flags |= FLAG.username;
  if (password !== undefined) flags |= FLAG.password;
  writer.string('the Protocol Name', PROTOCOL_NAMES[version]);
  writer.uint8(version);
  writer.uint8(flags);
  writer.uint16('Keep Alive', packet.keepAlive);
  if (version === 5) writeProperties(writer, packet.properties);
  writer.string('the Client Identifier', packet.clientId);
  if (will !== undefined) {
    if (version === 5) writeProperties(writer, will.properties);
    writer.string('the Will Topic', will.topic);
    writer.binary('the Will Payload', will.payload);
  }
  if (username !== undefined) writer.string('the User Name', username);
  if (password !== undefined) writer.binary('the Password', password);
}

function willFlags({ qos, retain }: Will): number {
  checkRange('the Will QoS', qos, 0b11);
  return FLAG.will | (qos << WILL_QOS_SHIFT) | (retain ? FLAG.willRetain : 0);
}

export function readConnack(reader: Reader): Connack {
  reader.begin('variable', 'variableHeader');
  const sessionPresent = readSessionPresent(reader);
  const isV5 = reader.version === 5;
  const reasonCode = reader.uint8(isV5 ? 'connackReason' : 'connectReturnCode');
  reader.mean(isV5 ? reasonName('connack', reasonCode) : CONNECT_RETURN_CODES[reasonCode]);
  reader.close();
  const properties = isV5 ? readPropertyPart(reader) : undefined;
  return { type: 'connack', sessionPresent, reasonCode, properties };
}

function readSessionPresent(reader: Reader): boolean {
  if (reader.version === 3) {
    reader.uint8('connackUnused'); // MQTT 3.1 gives this byte no meaning, whatever it is
    return false;
  }
  const flags = reader.flags('connackFlags');
  reader.bits('connackReserved', 7, 1);
  reader.bits('sessionPresent', 0, 0);
  reader.close();
  if (flags > 1) reader.fail('connackReserved', reader.offset - 1, {}, [7, 1]); // v5 [MQTT-3.2.2-1]
  return flags === 1;
}

export function writeConnack(writer: Writer, packet: Connack, version: Version): void {
  writer.uint8(packet.sessionPresent && version !== 3 ? 1 : 0);
  writer.uint8(packet.reasonCode);
  if (version === 5) writeProperties(writer, packet.properties);
}
