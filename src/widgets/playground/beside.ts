// The same packet in another version of MQTT: what it becomes there, and what cannot be carried over. Knows what the versions
// have in common; knows no words.
import {
  connectReturnCode,
  encode,
  FAILURE,
  FIELDS,
  type Packet,
  PROPERTIES,
  type Properties,
  type PropertyKey,
  REASON,
  type ReasonOwner,
  reasonName,
  type Version,
} from '#broker/codec/index.ts';
import { difference } from '../packet/difference.ts';

/** What is lost: a property, a reason code or a field by its term, the packet as a whole. */
export type Loss =
  | { what: 'property'; name: string }
  | { what: 'reason'; name: string }
  | { what: 'field'; name: string }
  | { what: 'packet'; name: string };

export interface Beside {
  version: Version;
  /** The bytes here. */
  own: Uint8Array;
  /** The bytes there; undefined where there is no such packet. */
  bytes: Uint8Array | undefined;
  lost: Loss[];
  /** The bytes that the other one does not have, here and there. */
  here: ReadonlySet<number>;
  there: ReadonlySet<number>;
}

/** The version that a packet is put beside: 5.0, or 3.1.1 where it is of 5.0. */
export function otherVersion(version: Version): Version {
  return version === 5 ? 4 : 5;
}

/** Puts a packet beside itself in the other version. */
export function beside(packet: Packet, version: Version): Beside {
  const other = otherVersion(version);
  const lost: Loss[] = [];
  const carried = other === 5 ? toFive(packet) : fromFive(packet, lost);
  const here = encode(packet, version);
  const there = carried && encode(carried, other);
  return { version: other, own: here, bytes: there, lost, ...marks(here, there) };
}

function marks(here: Uint8Array, there: Uint8Array | undefined): Pick<Beside, 'here' | 'there'> {
  const marked = { here: new Set<number>(), there: new Set<number>() };
  let grown = 0;
  for (const { at, gone, come } of there ? difference(here, there) : []) {
    for (let index = 0; index < gone.length; index++) marked.here.add(at + index);
    for (let index = 0; index < come.length; index++) marked.there.add(at + grown + index);
    grown += come.length - gone.length;
  }
  return marked;
}

/** What the return codes of a CONNACK became in 5.0. */
const REASON_OF_RETURN_CODE: readonly number[] = [
  REASON.Success,
  REASON.UnsupportedProtocolVersion,
  REASON.ClientIdentifierNotValid,
  REASON.ServerUnavailable,
  REASON.BadUserNameOrPassword,
  REASON.NotAuthorized,
];

function toFive(packet: Packet): Packet {
  switch (packet.type) {
    case 'connect':
      return { ...packet, version: 5 };
    case 'connack':
      return { ...packet, reasonCode: REASON_OF_RETURN_CODE[packet.reasonCode] ?? packet.reasonCode };
    case 'unsuback':
      return packet.reasonCodes.length > 0 ? packet : { ...packet, reasonCodes: [REASON.Success] };
    default:
      return packet;
  }
}

function fromFive(packet: Packet, lost: Loss[]): Packet | undefined {
  if (packet.type !== 'auth' && 'properties' in packet) loseProperties(packet.properties, lost);
  const loseReason = (owner: ReasonOwner, code: number): void => {
    lost.push({ what: 'reason', name: reasonName(owner, code) ?? String(code) });
  };
  switch (packet.type) {
    case 'connect':
      loseProperties(packet.will?.properties, lost);
      return { ...packet, version: 4 };
    case 'connack': {
      const reasonCode = connectReturnCode(packet.reasonCode);
      if (reasonCode === undefined) loseReason('connack', packet.reasonCode);
      return reasonCode === undefined ? undefined : { ...packet, reasonCode };
    }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
    case 'disconnect':
      if (packet.reasonCode !== 0) loseReason(packet.type, packet.reasonCode);
      return packet;
    case 'subscribe': {
      const { subscriptions } = packet;
      const has = { noLocal: false, retainAsPublished: false, retainHandling: false };
      for (const each of subscriptions) for (const key of OPTIONS) has[key] ||= Boolean(each[key]);
      for (const key of OPTIONS) if (has[key]) lost.push({ what: 'field', name: FIELDS[key].name });
      return packet;
    }
    case 'suback':
      for (const code of packet.reasonCodes) if (code > FAILURE) loseReason('suback', code);
      return { ...packet, reasonCodes: packet.reasonCodes.map((code) => Math.min(code, FAILURE)) };
    case 'unsuback':
      for (const code of packet.reasonCodes) if (code !== 0) loseReason('unsuback', code);
      return packet;
    case 'auth':
      lost.push({ what: 'packet', name: 'AUTH' });
      return undefined;
    default:
      return packet;
  }
}

/** What 5.0 asks beside the QoS when one subscribes. */
const OPTIONS = ['noLocal', 'retainAsPublished', 'retainHandling'] as const;

function loseProperties(properties: Properties | undefined, lost: Loss[]): void {
  for (const key of Object.keys(properties ?? {}) as PropertyKey[]) {
    const name = PROPERTIES.find((row) => row.key === key)?.name ?? key;
    if (properties?.[key] !== undefined) lost.push({ what: 'property', name });
  }
}
