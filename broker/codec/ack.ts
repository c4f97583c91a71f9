// The packets that are little more than a reason code: PUBACK, PUBREC, PUBREL, PUBCOMP, DISCONNECT and AUTH, read beside
// written. Knows that before 5.0 they had no reason code, and that 5.0 leaves out what would say nothing.
import type { Acknowledgement, Auth, Disconnect, Version } from './packet.ts';
import { hasProperties, type Properties, readPropertyPart, writeProperties } from './property.ts';
import type { Reader } from './reader.ts';
import { REASON, reasonName } from './reason.ts';
import type { Writer } from './writer.ts';

type AcknowledgementType = 'puback' | 'pubrec' | 'pubrel' | 'pubcomp';

interface Reason {
  reasonCode: number;
  properties?: Properties | undefined;
}

export function readAcknowledgement<Type extends AcknowledgementType>(
  reader: Reader,
  type: Type,
): Acknowledgement<Type> {
  reader.begin('variable', 'variableHeader');
  const packetId = reader.uint16('packetId');
  const { reasonCode, properties } = readReason(reader, type);
  return { type, packetId, reasonCode, properties };
}

export function writeAcknowledgement(
  writer: Writer,
  packet: Acknowledgement<AcknowledgementType>,
  version: Version,
): void {
  writer.uint16('the Packet Identifier', packet.packetId);
  if (version === 5) writeReason(writer, packet);
}

export function readDisconnect(reader: Reader): Disconnect {
  return { type: 'disconnect', ...readLoneReason(reader, 'disconnect') };
}

export function readAuth(reader: Reader): Auth {
  return { type: 'auth', ...readLoneReason(reader, 'auth') };
}

export function writeLoneReason(writer: Writer, packet: Disconnect | Auth, version: Version): void {
  if (version === 5) writeReason(writer, packet);
}

function readLoneReason(reader: Reader, owner: 'disconnect' | 'auth'): Reason {
  if (reader.left === 0) return { reasonCode: REASON.Success };
  reader.begin('variable', 'variableHeader');
  return readReason(reader, owner);
}

/** Reads a reason code and properties: without the one it is 0, without the other there are none (5.0, sections 3.4.2.1 and 3.14.2.1). */
function readReason(reader: Reader, owner: AcknowledgementType | 'disconnect' | 'auth'): Reason {
  let reasonCode: number = REASON.Success;
  const isThere = reader.version === 5 && reader.left > 0;
  if (isThere) {
    reasonCode = reader.uint8(`${owner}Reason`);
    reader.mean(reasonName(owner, reasonCode));
  }
  reader.close();
  const properties = isThere && reader.left > 0 ? readPropertyPart(reader) : undefined;
  return { reasonCode, properties };
}

function writeReason(writer: Writer, { reasonCode, properties }: Reason): void {
  const has = hasProperties(properties);
  if (has || reasonCode !== REASON.Success) writer.uint8(reasonCode);
  if (has) writeProperties(writer, properties);
}
