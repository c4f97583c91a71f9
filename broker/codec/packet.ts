// The shapes of the fifteen control packets, as both ends of a connection see them. Knows no bytes: how each shape is
// read and written stands in the file of its name. A shape can hold values that the standards forbid (a QoS 0 PUBLISH
// with DUP set, say), so that they can be made and studied; `validate.ts` tells which they are.
import type { Properties } from './property.ts';

/** Protocol Level (3.1.1) or Protocol Version (5.0), as in CONNECT: 3 is MQTT 3.1, 4 is MQTT 3.1.1, 5 is MQTT 5.0. */
export type Version = 3 | 4 | 5;

/** Quality of service: at most once, at least once, exactly once. */
export type QoS = 0 | 1 | 2;

/** The message that the broker publishes for a client whose connection is lost. */
export interface Will {
  topic: string;
  payload: Uint8Array;
  qos: QoS;
  retain: boolean;
  properties?: Properties | undefined;
}

export interface Connect {
  type: 'connect';
  version: Version;
  /** Clean Session in 3.1 and 3.1.1, Clean Start in 5.0. */
  cleanStart: boolean;
  /** Seconds; 0 turns the keep alive off. */
  keepAlive: number;
  clientId: string;
  will?: Will | undefined;
  username?: string | undefined;
  password?: Uint8Array | undefined;
  properties?: Properties | undefined;
}

export interface Connack {
  type: 'connack';
  sessionPresent: boolean;
  /** A reason code in 5.0, a return code (0 to 5) before. */
  reasonCode: number;
  properties?: Properties | undefined;
}

export interface Publish {
  type: 'publish';
  dup: boolean;
  qos: QoS;
  retain: boolean;
  /** May be empty in 5.0, where a Topic Alias stands for it. */
  topic: string;
  /** Present at QoS 1 and 2. */
  packetId?: number | undefined;
  properties?: Properties | undefined;
  payload: Uint8Array;
}

/** PUBACK, PUBREC, PUBREL and PUBCOMP share one shape. Before 5.0 the reason code is always 0. */
export interface Acknowledgement<Type extends string> {
  type: Type;
  packetId: number;
  reasonCode: number;
  properties?: Properties | undefined;
}
export type Puback = Acknowledgement<'puback'>;
export type Pubrec = Acknowledgement<'pubrec'>;
export type Pubrel = Acknowledgement<'pubrel'>;
export type Pubcomp = Acknowledgement<'pubcomp'>;

/** 0: send retained messages when subscribing; 1: only if the subscription is new; 2: do not. */
export type RetainHandling = 0 | 1 | 2;

/** One topic filter and its options. Before 5.0 there is only the QoS; the rest then has its defaults. */
export interface Subscription {
  topicFilter: string;
  qos: QoS;
  noLocal: boolean;
  retainAsPublished: boolean;
  retainHandling: RetainHandling;
}

export interface Subscribe {
  type: 'subscribe';
  packetId: number;
  properties?: Properties | undefined;
  subscriptions: Subscription[];
}

export interface Suback {
  type: 'suback';
  packetId: number;
  properties?: Properties | undefined;
  /** One for each filter, in their order: the granted QoS, or 0x80 and above for a failure. */
  reasonCodes: number[];
}

export interface Unsubscribe {
  type: 'unsubscribe';
  packetId: number;
  properties?: Properties | undefined;
  topicFilters: string[];
}

export interface Unsuback {
  type: 'unsuback';
  packetId: number;
  properties?: Properties | undefined;
  /** One for each filter, in their order; empty before 5.0, whose UNSUBACK has no payload. */
  reasonCodes: number[];
}

export interface Pingreq {
  type: 'pingreq';
}

export interface Pingresp {
  type: 'pingresp';
}

export interface Disconnect {
  type: 'disconnect';
  /** Always 0 before 5.0. */
  reasonCode: number;
  properties?: Properties | undefined;
}

/** MQTT 5.0 only. */
export interface Auth {
  type: 'auth';
  reasonCode: number;
  properties?: Properties | undefined;
}

export type Packet =
  | Connect
  | Connack
  | Publish
  | Puback
  | Pubrec
  | Pubrel
  | Pubcomp
  | Subscribe
  | Suback
  | Unsubscribe
  | Unsuback
  | Pingreq
  | Pingresp
  | Disconnect
  | Auth;

export type PacketType = Packet['type'];

/**
 * What the upper four bits of the first byte mean, and which flags the lower four have to be. `flags` is undefined for
 * PUBLISH, whose flags are DUP, QoS and RETAIN. Value 0 is forbidden; value 15 is AUTH in 5.0 and forbidden before.
 * Source: 3.1.1 and 5.0, tables 2.1 and 2.2.
 */
// biome-ignore format: a table, a row to each line
export const PACKET_TYPES = [
  { value: 1, type: 'connect', name: 'CONNECT', flags: 0b0000 },
  { value: 2, type: 'connack', name: 'CONNACK', flags: 0b0000 },
  { value: 3, type: 'publish', name: 'PUBLISH', flags: undefined },
  { value: 4, type: 'puback', name: 'PUBACK', flags: 0b0000 },
  { value: 5, type: 'pubrec', name: 'PUBREC', flags: 0b0000 },
  { value: 6, type: 'pubrel', name: 'PUBREL', flags: 0b0010 },
  { value: 7, type: 'pubcomp', name: 'PUBCOMP', flags: 0b0000 },
  { value: 8, type: 'subscribe', name: 'SUBSCRIBE', flags: 0b0010 },
  { value: 9, type: 'suback', name: 'SUBACK', flags: 0b0000 },
  { value: 10, type: 'unsubscribe', name: 'UNSUBSCRIBE', flags: 0b0010 },
  { value: 11, type: 'unsuback', name: 'UNSUBACK', flags: 0b0000 },
  { value: 12, type: 'pingreq', name: 'PINGREQ', flags: 0b0000 },
  { value: 13, type: 'pingresp', name: 'PINGRESP', flags: 0b0000 },
  { value: 14, type: 'disconnect', name: 'DISCONNECT', flags: 0b0000 },
  { value: 15, type: 'auth', name: 'AUTH', flags: 0b0000 },
] as const satisfies readonly { value: number; type: PacketType; name: string; flags: number | undefined }[];

/** The standard's name of a packet type, such as `PUBLISH`. */
export function packetName(type: PacketType): string {
  return type.toUpperCase();
}

/** What a version is called: `3.1`, `3.1.1` or `5.0`. */
export const VERSION_NAMES: Readonly<Record<Version, string>> = { 3: '3.1', 4: '3.1.1', 5: '5.0' };
