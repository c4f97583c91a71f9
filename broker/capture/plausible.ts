// Whether bytes look like MQTT packets, and where the first of them begins. Knows what a fixed header can be; used where a
// stream is entered in its middle, and nothing but the bytes themselves tells.
import { dissect, PACKET_TYPES, type PacketType } from '../codec/index.ts';

/** The least that can stand behind the fixed header of each packet type, in any version. */
const LEAST: Readonly<Record<PacketType, number>> = {
  connect: 12,
  connack: 2,
  publish: 2,
  puback: 2,
  pubrec: 2,
  pubrel: 2,
  pubcomp: 2,
  subscribe: 6,
  suback: 3,
  unsubscribe: 5,
  unsuback: 2,
  pingreq: 0,
  pingresp: 0,
  disconnect: 0,
  auth: 0,
};

/** The most, for types that have no body. */
const MOST: Partial<Record<PacketType, number>> = { pingreq: 0, pingresp: 0 };

const CONNECT = 1;
const PUBLISH = 3;
const PROTOCOL_NAMES: readonly unknown[] = ['MQTT', 'MQIsdp'];

/** Where more than so many places look like a beginning and none is, the bytes are something else. */
const TRIES = 64;

/**
 * How long the packet is that begins at `at`, its fixed header included.
 * @returns undefined while its length is not whole, 0 where it has too many bytes
 */
export function packetLength(bytes: Uint8Array, at: number): number | undefined {
  let length = 0;
  for (let index = 0; index < 4; index++) {
    const byte = bytes[at + 1 + index];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) * 128 ** index;
    if (byte < 0x80) return 2 + index + length;
  }
  return 0;
}

/**
 * Finds the first place from which packet follows packet up to the end of `bytes`.
 * @param anywhere whether to look beyond the first byte, and to take a packet that goes on behind the end
 */
export function findPacket(bytes: Uint8Array, anywhere: boolean): number | undefined {
  if (!anywhere) return leadsToEnd(bytes)[0] === 1 && isPacket(bytes, 0) ? 0 : undefined;
  if (goesOn(bytes)) return 0;
  const leads = leadsToEnd(bytes);
  let tries = 0;
  for (let at = 0; at < bytes.length && tries < TRIES; at++) {
    if (leads[at] !== 1) continue;
    if (isPacket(bytes, at)) return at;
    tries++;
  }
  return undefined;
}

/** For each place, whether what looks like packets leads from it to exactly the end. Found from the end on, in one pass. */
function leadsToEnd(bytes: Uint8Array): Uint8Array {
  const leads = new Uint8Array(bytes.length);
  for (let at = bytes.length - 2; at >= 0; at--) {
    const length = headerLength(bytes, at);
    const leadsOn = length !== undefined && (at + length === bytes.length || leads[at + length] === 1);
    leads[at] = Number(leadsOn);
  }
  return leads;
}

/** The length of what has the fixed header of a packet, or undefined where it has not. */
function headerLength(bytes: Uint8Array, at: number): number | undefined {
  const first = bytes[at] as number;
  const row = PACKET_TYPES[(first >> 4) - 1];
  if (row === undefined) return undefined;
  if (row.flags === undefined ? (first & 0b0110) === 0b0110 : (first & 0x0f) !== row.flags) return undefined;
  const length = packetLength(bytes, at);
  if (!length) return undefined;
  const remaining = length - 2;
  return remaining >= LEAST[row.type] && remaining <= (MOST[row.type] ?? remaining) ? length : undefined;
}

/** Whether the bytes at `at` are a packet without fault in some version. */
function isPacket(bytes: Uint8Array, at: number): boolean {
  const frame = bytes.subarray(at, at + (packetLength(bytes, at) as number));
  return dissect(frame, 4).fault === undefined || dissect(frame, 5).fault === undefined;
}

/** Whether the bytes begin with a packet that goes on behind their end: a CONNECT, or a PUBLISH whose topic can be one. */
function goesOn(bytes: Uint8Array): boolean {
  const length = headerLength(bytes, 0);
  if (length === undefined || length <= bytes.length) return false;
  const { spans } = dissect(bytes, 4);
  const text = (wanted: 'topic' | 'protocolName') => spans.find(({ field }) => field === wanted)?.value;
  const type = (bytes[0] as number) >> 4;
  if (type === CONNECT) return PROTOCOL_NAMES.includes(text('protocolName'));
  const topic = text('topic');
  return type === PUBLISH && typeof topic === 'string' && topic !== '' && !/[#+]/.test(topic);
}
