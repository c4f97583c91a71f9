// What a broker can be set to, with the defaults. Times are in seconds where MQTT counts in seconds. Knows no file format.
import type { Version } from '../codec/index.ts';

export interface Settings {
  /** The versions of MQTT that are spoken. */
  versions: readonly Version[];
  /** The longest Keep Alive that is granted; 0 sets no limit. A 5.0 client that asks for more is given this one. */
  maximumKeepAlive: number;
  /** The Server Keep Alive for every 5.0 client, if set. */
  serverKeepAlive: number | undefined;
  /** The largest packet that is taken, in bytes; if infinite, whatever MQTT allows. */
  maximumPacketSize: number;
  /** The largest packet that is taken before CONNECT was accepted, in bytes. */
  maximumConnectSize: number;
  /** Seconds that a connection may take to send its CONNECT. */
  connectTimeout: number;
  /** The highest QoS at which a client may publish. */
  maximumQoS: 0 | 1 | 2;
  retainAvailable: boolean;
  /** How many QoS 2 messages a client may have under way towards us: the Receive Maximum of our CONNACK. */
  receiveMaximum: number;
  /** How many QoS 1 and 2 messages we have under way towards a client, if it asks for no less. */
  maximumInflight: number;
  /** How many bytes of such messages may be under way before the next waits; one message always may. */
  maximumInflightBytes: number;
  /** How many QoS 1 and 2 messages wait for one client; what comes beyond is dropped. */
  maximumQueued: number;
  /** How many bytes of them wait for one client; what comes beyond is dropped. */
  maximumQueuedBytes: number;
  /** Whether QoS 0 messages wait as well for a client that is away. */
  queueQoS0: boolean;
  /** Whether messages go out at the QoS of the subscription even where they came in at a lower one. */
  upgradeQoS: boolean;
  /** The largest payload that is passed on, in bytes; a larger one is acknowledged and dropped. */
  maximumPayloadSize: number;
  /** How many clients there may be, connected or with a session that waits. */
  maximumSessions: number;
  /** Seconds between two searches for retained messages that have expired; 0 leaves them until they are looked at. */
  retainedSweepInterval: number;
  /** Whether a retained message is withheld once its publisher may no longer write to its topic. */
  checkRetainSource: boolean;
  /** How many bytes may wait to leave on one connection before QoS 0 messages are dropped and the others wait. */
  maximumBacklog: number;
  /** How many topic aliases a client may set. */
  topicAliasMaximum: number;
  /** How many topic aliases the broker sets for a client that takes as many. */
  outboundTopicAliasMaximum: number;
  allowEmptyClientId: boolean;
  /** What comes before the unique part of a client identifier that we assign. */
  assignedClientIdPrefix: string;
  /** The longest Session Expiry Interval that is granted, in seconds; longer ones are cut to it. */
  maximumSessionExpiry: number;
  /** How many levels a topic name or filter may have. */
  maximumTopicLevels: number;
  maximumSubscriptionsPerClient: number;
  wildcardSubscriptionAvailable: boolean;
  subscriptionIdentifierAvailable: boolean;
  sharedSubscriptionAvailable: boolean;
  /** The Response Information that a client is given if it asks, if set. */
  responseInformation: string | undefined;
}

/** The Session Expiry Interval of a session that never ends (5.0, section 3.1.2.11.2). */
export const NEVER = 0xffff_ffff;

export const DEFAULT_SETTINGS: Readonly<Settings> = {
  versions: [3, 4, 5],
  maximumKeepAlive: 0,
  serverKeepAlive: undefined,
  maximumPacketSize: 16 * 1024 * 1024,
  maximumConnectSize: 256 * 1024,
  connectTimeout: 30,
  maximumQoS: 2,
  retainAvailable: true,
  receiveMaximum: 20,
  maximumInflight: 20,
  maximumInflightBytes: Number.POSITIVE_INFINITY,
  maximumQueued: 1000,
  maximumQueuedBytes: Number.POSITIVE_INFINITY,
  queueQoS0: false,
  upgradeQoS: false,
  maximumPayloadSize: Number.POSITIVE_INFINITY,
  maximumSessions: Number.POSITIVE_INFINITY,
  retainedSweepInterval: 0,
  checkRetainSource: true,
  maximumBacklog: 4 * 1024 * 1024,
  topicAliasMaximum: 10,
  outboundTopicAliasMaximum: 10,
  allowEmptyClientId: true,
  assignedClientIdPrefix: 'auto-',
  maximumSessionExpiry: NEVER,
  maximumTopicLevels: 201,
  maximumSubscriptionsPerClient: 10_000,
  wildcardSubscriptionAvailable: true,
  subscriptionIdentifierAvailable: true,
  sharedSubscriptionAvailable: true,
  responseInformation: undefined,
};
