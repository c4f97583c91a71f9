// A packet in a nutshell: its type, at most one fact, and how many bytes each of its parts has. Knows packets; knows
// neither words nor what a capsule looks like.
import {
  type Dissection,
  dissect,
  PACKET_TYPES,
  type Packet,
  type Part,
  packetName,
  type Version,
} from '#broker/codec/index.ts';

/** The one fact that a capsule tells, in the pieces that it is put together from. */
export type Fact =
  | { kind: 'dup' }
  | { kind: 'qos'; qos: number }
  | { kind: 'id'; id: number }
  | { kind: 'code'; code: number }
  | { kind: 'text'; text: string };

/** Bytes of one part, or bytes that a receiver would not read. */
export interface Stretch {
  part: Part | 'unread';
  length: number;
}

export interface Summary {
  /** `PUBLISH`; undefined where the first byte names no packet type. */
  name: string | undefined;
  facts: Fact[];
  stretches: Stretch[];
}

/** What a capsule shows of a packet, or of what there is of one. */
export function summarize(frame: Uint8Array, version: Version): Summary {
  const dissection = dissect(frame, version);
  const { packet, fault } = dissection;
  const name = packet ? packetName(packet.type) : PACKET_TYPES[((frame[0] ?? 0) >> 4) - 1]?.name;
  const facts = packet ? factsOf(packet) : faultyFacts(fault?.id);
  return { name, facts, stretches: stretchesOf(dissection, frame.length) };
}

function faultyFacts(id: string | undefined): Fact[] {
  return id === 'qosThree' ? [{ kind: 'qos', qos: 3 }] : [];
}

function factsOf(packet: Packet): Fact[] {
  switch (packet.type) {
    case 'connect':
      return [{ kind: 'text', text: packet.clientId }];
    case 'connack':
      return [{ kind: 'code', code: packet.reasonCode }];
    case 'publish':
      return publishFacts(packet.dup, packet.qos, packet.packetId);
    case 'suback': {
      const [code = 0] = packet.reasonCodes;
      return [code <= 2 ? { kind: 'qos', qos: code } : { kind: 'code', code }];
    }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
    case 'subscribe':
    case 'unsubscribe':
    case 'unsuback':
      return [{ kind: 'id', id: packet.packetId }];
    case 'disconnect':
    case 'auth':
      return packet.reasonCode === 0 ? [] : [{ kind: 'code', code: packet.reasonCode }];
    case 'pingreq':
    case 'pingresp':
      return [];
    default:
      return packet satisfies never;
  }
}

function publishFacts(dup: boolean, qos: number, id: number | undefined): Fact[] {
  if (id === undefined) return [{ kind: 'qos', qos }];
  return [dup ? { kind: 'dup' } : { kind: 'qos', qos }, { kind: 'id', id }];
}

/** The parts in their order, up to where reading stopped, and the rest. */
export function stretchesOf({ spans, packet, fault }: Dissection, total: number): Stretch[] {
  const parts = spans.filter(({ depth, start, end }) => depth === 0 && end > start);
  const stretches: Stretch[] = parts.map(({ part, start, end }) => ({ part, length: end - start }));
  const read = parts.at(-1)?.end ?? 0;
  const last = stretches.at(-1);
  const isBroken = packet === undefined && fault !== undefined && fault.offset > read;
  const broken = isBroken && last ? Math.min(fault.offset, total) - read : 0;
  if (last) last.length += broken;
  if (read + broken < total) stretches.push({ part: 'unread', length: total - read - broken });
  return stretches;
}
