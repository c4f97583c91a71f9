// A TLS record and a WebSocket frame, field by field. Knows their headers and what stands behind the content; opens nothing and
// unmasks nothing.
import type { Wrapping } from './content.ts';
import { LayerReader, type LayerSpan, Short } from './reader.ts';

/** Content types of TLS records. Source: RFC 8446, section B.1. */
export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

const CONTENT_NAMES: Readonly<Record<number, string>> = {
  20: 'change cipher spec',
  21: 'alert',
  22: 'handshake',
  23: 'application data',
};

/** As long as the tag of every cipher here is. */
export const TAG = 16;

/** Reads one TLS record, application data as TLS 1.3 seals it, and leaves the reader behind it. Source: RFC 8446, section 5. */
export function readRecord(reader: LayerReader): void {
  reader.begin('tls');
  const contentType = reader.uint('tlsContentType', 1);
  reader.mean(CONTENT_NAMES[contentType]);
  reader.uint('tlsVersion', 2);
  const length = reader.uint('tlsLength', 2);
  if (contentType === CONTENT.applicationData && length > TAG) readSealed(reader, length);
  else reader.raw('tlsFragment', length);
  reader.close();
}

function readSealed(reader: LayerReader, length: number): void {
  reader.group('tlsEncrypted');
  reader.raw('tlsCiphertext', length - TAG - 1);
  reader.raw('tlsInnerType', 1);
  reader.raw('tlsTag', TAG);
  reader.close();
}

const OPCODES: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};

/** Reads one WebSocket frame, and leaves the reader behind it. Source: RFC 6455, section 5.2. */
export function readWebSocketFrame(reader: LayerReader): void {
  reader.begin('websocket');
  reader.word(1);
  reader.bits('websocketFin', 7, 7);
  reader.bits('websocketReserved', 6, 4);
  reader.mean(OPCODES[reader.bits('websocketOpcode', 3, 0)]);
  reader.word(1);
  const isMasked = reader.bits('websocketMask', 7, 7) === 1;
  const length = readLength(reader, reader.bits('websocketLength', 6, 0));
  if (isMasked) reader.raw('websocketKey', 4);
  reader.raw('websocketPayload', length);
  reader.close();
}

/** 126 and 127 say that the length follows, in two bytes or in eight. */
function readLength(reader: LayerReader, short: number): number {
  if (short === 126) return reader.uint('websocketLength16', 2);
  return short === 127 ? reader.uint('websocketLength64', 8) : short;
}

/** What begins like a TLS record: a content type, and a version 3.x. */
function beginsRecord(bytes: Uint8Array, start: number): boolean {
  return CONTENT_NAMES[bytes[start] as number] !== undefined && bytes[start + 1] === 3;
}

/**
 * Takes apart what lies between TCP and MQTT where a segment's payload begins with it; what it holds stays as it is.
 * @returns nothing where none begins there
 */
export function dissectWrapping(
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  wrapping: Wrapping,
): LayerSpan[] {
  const spans: LayerSpan[] = [];
  const reader = new LayerReader(bytes, spans);
  reader.offset = start;
  reader.end = end;
  try {
    if (wrapping === 'websocket') readWebSocketFrame(reader);
    else if (beginsRecord(bytes, start)) readRecord(reader);
  } catch (error) {
    if (!(error instanceof Short)) throw error;
  }
  reader.abandon();
  return spans;
}
