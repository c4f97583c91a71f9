// Packets for scripts, short to write: the ordinary ones with their defaults, and bytes for those that no encoder makes.
import { expect } from 'vitest';
import {
  type Connect,
  decode,
  type Packet,
  type Properties,
  type Publish,
  type QoS,
  type Subscribe,
  type Subscription,
  type Unsubscribe,
  utf8,
  type Version,
  type Will,
} from '#broker/codec/index.ts';
import type { Rig, Wire } from '../transport.ts';

export function connect(partial: Partial<Connect> = {}): Connect {
  return { type: 'connect', version: 4, cleanStart: true, keepAlive: 0, clientId: 'someone', ...partial };
}

export function will(topic: string, partial: Partial<Will> = {}): Will {
  return { topic, payload: utf8('gone'), qos: 0, retain: false, ...partial };
}

/** A filter alone asks for QoS 0. */
function subscription(wanted: string | (Partial<Subscription> & { topicFilter: string })): Subscription {
  const defaults = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
  return { ...defaults, ...(typeof wanted === 'string' ? { topicFilter: wanted } : wanted) };
}

export function subscribe(
  packetId: number,
  ...wanted: (string | (Partial<Subscription> & { topicFilter: string }))[]
): Subscribe {
  return { type: 'subscribe', packetId, subscriptions: wanted.map(subscription) };
}

export function unsubscribe(packetId: number, ...topicFilters: string[]): Unsubscribe {
  return { type: 'unsubscribe', packetId, topicFilters };
}

/** A message with the payload `text`; with a packet identifier it is sent at QoS 1 unless `partial` says otherwise. */
export function publish(topic: string, text = 'x', partial: Partial<Publish> = {}): Publish {
  const qos: QoS = partial.packetId === undefined ? 0 : 1;
  return { type: 'publish', dup: false, qos, retain: false, topic, payload: utf8(text), ...partial };
}

export function ack(type: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp', packetId: number, reasonCode = 0) {
  return { type, packetId, reasonCode } as const;
}

/**
 * Bytes of a packet that need not be sound.
 * @param parts bytes as they are; a string with its length before it
 */
export function frame(firstByte: number, ...parts: (string | readonly number[] | Uint8Array)[]): Uint8Array {
  const body = parts.flatMap((part) => (typeof part === 'string' ? field(utf8(part)) : [...part]));
  return new Uint8Array([firstByte, ...varint(body.length), ...body]);
}

/** Bytes with their length before them. */
export function field(bytes: Uint8Array | readonly number[]): number[] {
  return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)];
}

/** Where 5.0 has properties: none. */
export function none(version: Version): number[] {
  return version === 5 ? [0] : [];
}

/** Bytes that are no UTF-8: half a character, and a surrogate. */
export const NOT_UTF8: readonly (readonly number[])[] = [
  [0xc3, 0x28],
  [0xed, 0xa0, 0x80],
];

/** The broker has closed the connection; in 5.0 with a DISCONNECT before. */
export function expectEnd(wire: Wire, reasonCode: number): void {
  if (wire.version === 5) wire.expect({ type: 'disconnect', reasonCode });
  wire.expectClose();
}

/** The broker has refused a CONNECT that is malformed: in 5.0 with a CONNACK, before without a word. */
export function expectRefusal(wire: Wire, reasonCode: number): void {
  if (wire.version === 5) wire.expect({ type: 'connack', sessionPresent: false, reasonCode });
  wire.expectClose();
}

/** Subscribes, and takes the SUBACK and what was retained. */
export async function subscribed(
  wire: Wire,
  ...wanted: (string | (Partial<Subscription> & { topicFilter: string }))[]
): Promise<Wire> {
  await wire.send(subscribe(65_000, ...wanted));
  wire.expect({ type: 'suback', packetId: 65_000 });
  wire.take();
  return wire;
}

/** A client that is connected and subscribed. */
export async function subscriber(
  rig: Rig,
  version: Version,
  ...wanted: (string | (Partial<Subscription> & { topicFilter: string }))[]
): Promise<Wire> {
  return subscribed(await rig.client({ version }), ...wanted);
}

/** What makes a session outlive its connection. */
export function lasting(
  version: Version,
  properties: Properties = {},
): Pick<Connect, 'version' | 'cleanStart' | 'properties'> {
  return {
    version,
    cleanStart: false,
    properties: version === 5 ? { sessionExpiryInterval: 1000, ...properties } : undefined,
  };
}

/** The payloads of all messages that came, in order; nothing else may have come. */
export function texts(wire: Wire): string[] {
  return wire.take().map((packet) => {
    expect(packet.type).toBe('publish');
    return String.fromCharCode(...(packet as Publish).payload);
  });
}

/** All packets that the broker sent, to anybody. */
export function sent(rig: Rig): { frame: Uint8Array; packet: Packet; clientId: string | undefined }[] {
  return rig.trace.flatMap((event) => {
    if (event.kind !== 'sent') return [];
    return [{ frame: event.frame, packet: decode(event.frame, event.version), clientId: event.clientId }];
  });
}
