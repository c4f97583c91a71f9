/**
 * What the reference says of a type of packet beyond its bytes: who may send it, and which lessons are about it. The
 * codec takes every packet from either side, so it has no such table.
 */
import type { PacketType, Version } from '#broker/codec/index.ts';

/** Who may send a type of packet; `bothIn5` is the client's before 5.0. */
export type Direction = 'fromClient' | 'fromBroker' | 'both' | 'bothIn5';

interface PacketTypeRow {
  direction: Direction;
  /** Slugs of lessons, the closest one first. */
  lessons: readonly string[];
}

/** Source: 3.1.1 and 5.0, table 2.1. */
// biome-ignore format: a table, a row to each line
export const ABOUT_PACKETS = {
  connect: { direction: 'fromClient', lessons: ['sessions', 'will', 'password'] },
  connack: { direction: 'fromBroker', lessons: ['sessions', 'password'] },
  publish: { direction: 'both', lessons: ['publish-packet', 'qos', 'retained'] },
  puback: { direction: 'both', lessons: ['qos'] },
  pubrec: { direction: 'both', lessons: ['qos'] },
  pubrel: { direction: 'both', lessons: ['qos'] },
  pubcomp: { direction: 'both', lessons: ['qos'] },
  subscribe: { direction: 'fromClient', lessons: ['topics', 'publish-subscribe'] },
  suback: { direction: 'fromBroker', lessons: ['topics'] },
  unsubscribe: { direction: 'fromClient', lessons: ['topics'] },
  unsuback: { direction: 'fromBroker', lessons: ['topics'] },
  pingreq: { direction: 'fromClient', lessons: ['will'] },
  pingresp: { direction: 'fromBroker', lessons: ['will'] },
  disconnect: { direction: 'bothIn5', lessons: ['will', 'sessions'] },
  auth: { direction: 'both', lessons: ['mqtt-5'] },
} as const satisfies Record<PacketType, PacketTypeRow>;

/** The versions of the standard that a type of packet is in. */
export function versionsOf(type: PacketType): Version[] {
  return type === 'auth' ? [5] : [4, 5];
}
