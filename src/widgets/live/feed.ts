/**
 * What the server behind the site tells its pages of its broker, and how that is written. This file knows both ends'
 * words, so that neither has them twice; it opens no connection.
 */
import type { TraceEvent } from '#broker/session/trace.ts';

/** What a page asks first. On a static site the file is there too, and says nothing. */
export interface BrokerFile {
  /** Where the trace is. */
  readonly trace?: string;
}

/** One event, with its place in the stream. */
export interface FeedEvent {
  /** Counted from 1, without gaps: what is missing was let go. */
  readonly number: number;
  /** Which broker told it: each change of its code begins a new one, which counts connections from 1 again. */
  readonly broker: number;
  readonly event: TraceEvent;
  /** How many bytes the frame had, where the end of a long one was left out. */
  readonly whole?: number;
}

export type FeedMessage =
  | {
      readonly kind: 'greeting';
      /** The port for MQTT over TCP; null where there was none free. */
      readonly port: number | null;
    }
  | {
      readonly kind: 'events';
      /** How many events before these were let go of, because there were too many or the page was slow. */
      readonly letGo: number;
      readonly events: readonly FeedEvent[];
    };

/** Of a longer frame only as much is sent. */
const LONGEST_FRAME = 65_536;

/** Writes a message. Bytes become base64. */
export function writeMessage(message: FeedMessage): string {
  if (message.kind === 'greeting') return JSON.stringify(message);
  return JSON.stringify({ ...message, events: message.events.map(plain) });
}

/** Reads what `writeMessage` wrote. */
export function readMessage(text: string): FeedMessage {
  return JSON.parse(text, (_key, value) =>
    typeof value?.base64 === 'string' ? bytesOf(value.base64) : value,
  ) as FeedMessage;
}

function plain(one: FeedEvent): object {
  const frame = 'frame' in one.event ? one.event.frame : new Uint8Array();
  const event = Object.entries(one.event).map(([key, value]) => [
    key,
    value instanceof Uint8Array ? { base64: base64(value.subarray(0, LONGEST_FRAME)) } : value,
  ]);
  return {
    ...one,
    event: Object.fromEntries(event),
    ...(frame.length > LONGEST_FRAME && { whole: frame.length }),
  };
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
