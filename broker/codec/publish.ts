// PUBLISH, read beside written. Knows its bytes, and that the QoS decides whether there is a packet identifier.
import type { Publish, QoS, Version } from './packet.ts';
import { readPropertyPart, writeProperties } from './property.ts';
import type { Reader } from './reader.ts';
import { checkRange, type Writer } from './writer.ts';

const DUP = 0b1000;
const RETAIN = 0b0001;
const QOS_SHIFT = 1;

/** @param flags the lower four bits of the first byte */
export function readPublish(reader: Reader, flags: number): Publish {
  const qos = ((flags >> QOS_SHIFT) & 0b11) as QoS;
  reader.begin('variable', 'variableHeader');
  const topic = reader.string('topicLength', 'topic'); // [MQTT-3.3.2-1]
  const packetId = qos === 0 ? undefined : reader.uint16('packetId'); // v3 [MQTT-2.3.1-5] v5 [MQTT-2.2.1-2]
  reader.close();
  const properties = reader.version === 5 ? readPropertyPart(reader) : undefined;
  reader.begin('payload', 'payload');
  const payload = reader.rest('message');
  reader.close();
  return {
    type: 'publish',
    dup: (flags & DUP) !== 0,
    qos,
    retain: (flags & RETAIN) !== 0,
    topic,
    packetId,
    properties,
    payload,
  };
}

/** The lower four bits of the first byte. */
export function publishFlags({ dup, qos, retain }: Pick<Publish, 'dup' | 'qos' | 'retain'>): number {
  checkRange('the QoS', qos, 0b11);
  return (dup ? DUP : 0) | (qos << QOS_SHIFT) | (retain ? RETAIN : 0);
}

export function writePublish(writer: Writer, packet: Publish, version: Version): void {
  writer.string('the Topic Name', packet.topic);
  if (packet.qos !== 0) writer.uint16('the Packet Identifier', packet.packetId ?? 0);
  if (version === 5) writeProperties(writer, packet.properties);
  writer.raw(packet.payload);
}

/** Puts a packet identifier into the bytes of a PUBLISH at QoS 1 or 2, in place. */
export function stampPacketId(frame: Uint8Array, packetId: number): void {
  let at = 1;
  while ((frame[at++] as number) & 0x80);
  at += 2 + (((frame[at] as number) << 8) | (frame[at + 1] as number));
  frame[at] = packetId >> 8;
  frame[at + 1] = packetId;
}
