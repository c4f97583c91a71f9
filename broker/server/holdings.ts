// What a broker keeps: messages that are retained, that wait for a client, or that are under way and unacknowledged. Knows how to
// count them and what they weigh; judges nothing.
import type { Broker } from './broker.ts';
import type { Message } from './message.ts';

/** What a kept message takes besides its topic and its payload, in bytes, and what each of its receivers adds: roughly what V8 needs. */
export const MESSAGE_WEIGHT = 300;
export const DELIVERY_WEIGHT = 200;

export interface Holdings {
  /** Messages that differ: one that waits for many clients is one. */
  messages: number;
  /** Bytes of their payloads. */
  payloadBytes: number;
  /** Bytes of payloads and topics of the retained ones among them. */
  retainedBytes: number;
  /** Messages that were sent and are not acknowledged, at all clients together. */
  underWay: number;
  /** Bytes of memory that all this takes. */
  bytes: number;
}

/** Counts what a broker keeps, in time that grows with it. */
export function holdings(broker: Broker): Holdings {
  const messages = new Set<Message>(broker.retained.snapshot());
  let retainedBytes = 0;
  for (const message of messages) retainedBytes += sizeOf(message);
  let deliveries = 0;
  let underWay = 0;
  for (const { outbound } of broker.sessions) {
    deliveries += outbound.waiting.length + outbound.owed.size;
    underWay += outbound.owed.size;
    for (const { message } of outbound.waiting) messages.add(message);
    for (const { message } of outbound.owed.values()) messages.add(message.message);
  }
  let payloadBytes = 0;
  let bytes = deliveries * DELIVERY_WEIGHT;
  for (const message of messages) {
    payloadBytes += message.payload.length;
    bytes += sizeOf(message) + MESSAGE_WEIGHT;
  }
  return { messages: messages.size, payloadBytes, retainedBytes, underWay, bytes };
}

/** Bytes of a topic and a payload; the characters of a topic are counted as one each. */
export function sizeOf({ topic, payload }: Pick<Message, 'topic' | 'payload'>): number {
  return topic.length + payload.length;
}
