// Packets to bytes. Obeys: a forbidden packet is encoded as it stands, so that it can be studied and sent on purpose.
import { writeAcknowledgement, writeLoneReason } from './ack.ts';
import { writeConnack, writeConnect } from './connect.ts';
import { PACKET_TYPES, type Packet, type PacketType, type Version } from './packet.ts';
import { publishFlags, writePublish } from './publish.ts';
import { writeSuback, writeSubscribe, writeUnsuback, writeUnsubscribe } from './subscribe.ts';
import { Writer } from './writer.ts';

/** The first byte of each packet type, its flags included; those of PUBLISH come from the packet. */
const FIRST_BYTES = Object.fromEntries(
  PACKET_TYPES.map(({ type, value, flags }) => [type, (value << 4) | (flags ?? 0)]),
) as Readonly<Record<PacketType, number>>;

/** One writer serves all calls: it never goes back to what it gave away. */
const writer = new Writer();

/**
 * Writes one packet.
 * @param version the version that the connection speaks; a CONNECT says its own. What that version has no place for is
 *   left out: properties and, but for CONNACK and SUBACK, reason codes before 5.0.
 * @returns the bytes of the packet: a view of a buffer that small packets share, and that no later packet changes here
 * @throws RangeError if a value does not fit its field: a string of more than 65 535 bytes, an identifier above 65 535, a
 *   packet of more than 268 435 455 bytes behind its fixed header
 */
export function encode(packet: Packet, version: Version): Uint8Array {
  const firstByte = FIRST_BYTES[packet.type];
  writer.begin();
  writeBody(packet, version);
  return writer.frame(packet.type === 'publish' ? firstByte | publishFlags(packet) : firstByte);
}

function writeBody(packet: Packet, version: Version): void {
  switch (packet.type) {
    case 'connect':
      return writeConnect(writer, packet);
    case 'connack':
      return writeConnack(writer, packet, version);
    case 'publish':
      return writePublish(writer, packet, version);
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return writeAcknowledgement(writer, packet, version);
    case 'subscribe':
      return writeSubscribe(writer, packet, version);
    case 'suback':
      return writeSuback(writer, packet, version);
    case 'unsubscribe':
      return writeUnsubscribe(writer, packet, version);
    case 'unsuback':
      return writeUnsuback(writer, packet, version);
    case 'pingreq':
    case 'pingresp':
      return;
    case 'disconnect':
    case 'auth':
      return writeLoneReason(writer, packet, version);
    default:
      return packet satisfies never;
  }
}
