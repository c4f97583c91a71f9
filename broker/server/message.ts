// A message inside the broker: what one client published, on its way to those who asked for it. Knows how to become a
// PUBLISH packet for one receiver; knows no session.
import {
  encode,
  type Properties,
  type Publish,
  type QoS,
  stampPacketId,
  type Version,
} from '../codec/index.ts';
import type { Access, Caller } from './access.ts';

/**
 * The properties that travel with a message or a will from its publisher to its receivers, unchanged and in their order
 * [v5 MQTT-3.1.3-10, MQTT-3.3.2-4, MQTT-3.3.2-15, MQTT-3.3.2-16, MQTT-3.3.2-17, MQTT-3.3.2-18, MQTT-3.3.2-20].
 */
const FORWARDED = [
  'payloadFormatIndicator',
  'contentType',
  'responseTopic',
  'correlationData',
  'userProperty',
] as const satisfies (keyof Properties)[];

/** Where a message goes at one receiver. */
export interface Delivery {
  readonly message: Message;
  /** The lower of the QoS of the message and the granted one [v3 MQTT-3.8.4-6] [v5 MQTT-3.8.4-8]. */
  readonly qos: QoS;
  readonly retain: boolean;
  /** The Subscription Identifiers of the subscriptions that it serves. */
  readonly identifiers: readonly number[];
}

/** Who published a message, and who decided whether he might. */
export interface Source extends Caller {
  readonly access: Access | undefined;
}

export class Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: QoS;
  readonly retain: boolean;
  /** Milliseconds; Infinity for a message that does not expire. */
  readonly expiresAt: number;
  /** Who published it; undefined for what the broker says itself. */
  readonly source: Source | undefined;
  /** Milliseconds. */
  readonly arrivedAt: number;
  /** Those that go on to its receivers. */
  readonly properties: Properties | undefined;
  /** The bytes for receivers that get the same: one entry for each version, QoS and retain flag. */
  readonly #frames = new Map<number, Uint8Array>();

  /** Takes over what a PUBLISH or a will says. The payload is copied, since a packet's is a view of a larger buffer. */
  constructor(
    publication: Pick<Publish, 'topic' | 'payload' | 'qos' | 'retain' | 'properties'>,
    now: number,
    source?: Source,
  ) {
    this.topic = publication.topic;
    this.payload = publication.payload.slice();
    this.qos = publication.qos;
    this.retain = publication.retain;
    const interval = publication.properties?.messageExpiryInterval;
    this.expiresAt = interval === undefined ? Number.POSITIVE_INFINITY : now + 1000 * interval;
    this.arrivedAt = now;
    this.source = source && { clientId: source.clientId, username: source.username, access: source.access };
    this.properties = forwarded(publication.properties);
  }

  /** Even a message without any time to live goes to those who take it at once. */
  isExpired(now: number): boolean {
    return now >= this.expiresAt && now > this.arrivedAt;
  }

  /** The PUBLISH for one receiver, without what belongs to its connection: identifier, DUP and alias. */
  publication({ qos, retain, identifiers }: Delivery, now: number): Publish {
    const { topic, payload } = this;
    const properties: Properties = { ...this.properties };
    if (Number.isFinite(this.expiresAt)) {
      properties.messageExpiryInterval = Math.max(0, Math.ceil((this.expiresAt - now) / 1000)); // v5 [MQTT-3.3.2-6]
    }
    properties.subscriptionIdentifier = [...identifiers]; // v5 [MQTT-3.3.4-3]
    return { type: 'publish', dup: false, qos, retain, topic, properties, payload };
  }

  /** The bytes of the PUBLISH for one receiver, encoded once for all receivers that get the same. They are not to be changed. */
  frame(delivery: Delivery, version: Version, packetId: number | undefined, now: number): Uint8Array {
    if (delivery.identifiers.length > 0 || Number.isFinite(this.expiresAt))
      return encode({ ...this.publication(delivery, now), packetId }, version);
    const key = (version << 3) | (delivery.qos << 1) | (delivery.retain ? 1 : 0);
    let shared = this.#frames.get(key);
    if (shared === undefined) {
      shared = encode(this.publication(delivery, now), version);
      this.#frames.set(key, shared);
    }
    if (packetId === undefined) return shared;
    const frame = shared.slice();
    stampPacketId(frame, packetId);
    return frame;
  }
}

function forwarded(properties: Properties | undefined): Properties | undefined {
  if (properties === undefined) return undefined;
  return Object.fromEntries(
    FORWARDED.map((key) => [key, properties[key]]).filter(([, value]) => value !== undefined),
  );
}
