// One MQTT packet in its envelopes: the bytes that travel when it is sent, and which of them belong to which layer. Knows how
// the layers lie in each other, with addresses and keys made up for the purpose; everything else in the bytes is as it would be.
import { concat, viewOf } from './bytes.ts';
import { seal } from './chacha.ts';
import type { Layer } from './field.ts';
import { dissectFrame } from './frame.ts';
import { stationOf, writeFrame } from './headers.ts';
import { ETHERNET } from './link.ts';
import { LayerReader, type LayerSpan } from './reader.ts';
import { TCP_FLAGS } from './tcp.ts';
import { CONTENT, readRecord, readWebSocketFrame, TAG } from './wrapping.ts';

export interface EnvelopeOptions {
  /** Whether TLS 1.3 lies between. */
  tls?: boolean;
  /** Whether MQTT travels in a WebSocket. */
  websocket?: boolean;
  /** Clients mask what they send in a WebSocket; brokers do not. */
  from?: 'client' | 'broker';
  ipVersion?: 4 | 6;
  /** Where the broker listens, if not on the port that is registered for what is above TCP. */
  port?: number;
}

/** A stretch of a frame that belongs to one layer. */
export interface EnvelopePart {
  layer: Layer | 'mqtt';
  start: number;
  end: number;
}

/** One frame on the wire. */
export interface EnvelopeFrame {
  bytes: Uint8Array;
  /** The same with TLS opened and the WebSocket's mask taken off. */
  plain: Uint8Array;
  /** In the order of the bytes; a layer that has something behind its content occurs twice. */
  parts: EnvelopePart[];
  /** The fields of all headers in `plain`, in pre-order within each layer. */
  spans: LayerSpan[];
}

export interface Envelope {
  frames: EnvelopeFrame[];
  /** How many bytes each layer takes, from the wire up, in all frames together. */
  sizes: { layer: Layer | 'mqtt'; bytes: number }[];
  total: number;
}

const ENDS = {
  4: { client: '192.0.2.10', broker: '192.0.2.1' },
  6: { client: '2001:db8::10', broker: '2001:db8::1' },
} as const;
const CLIENT_PORT = 49_152;
const SEGMENT_SIZES = { 4: 1448, 6: 1428 } as const;

/** No operation twice, then timestamps (RFC 7323): what most systems send with every segment. */
const TCP_OPTIONS = Uint8Array.of(1, 1, 8, 10, 0, 0, 0x30, 0x39, 0, 0, 0x2b, 0x67);

/** By what is above TCP: as IANA registered them, and those of the web for WebSocket. */
const PORTS = { plain: 1883, tls: 8883, websocket: 80, both: 443 } as const;

const LARGEST_RECORD = 16_384;
const MASK = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
const KEY_LENGTH = 32;

/** Bytes as they travel and as they mean, with the layer and the fields of each. */
interface Wrapped {
  bytes: Uint8Array;
  plain: Uint8Array;
  parts: EnvelopePart[];
  spans: LayerSpan[];
}

/**
 * Wraps one MQTT packet layer by layer: TCP over IP and Ethernet, and between them what `options` ask for.
 * TLS 1.3 is sealed with ChaCha20-Poly1305, whose records are as long as those of AES-GCM.
 * @param frame the bytes of one packet
 */
export function envelope(frame: Uint8Array, options: EnvelopeOptions = {}): Envelope {
  let content: Wrapped = {
    bytes: frame,
    plain: frame,
    parts: [{ layer: 'mqtt', start: 0, end: frame.length }],
    spans: [],
  };
  if (options.websocket) content = inWebSocket(content, options.from !== 'broker');
  if (options.tls) content = inTls(content);
  const frames = inFrames(content, options);
  return { frames, sizes: sizesOf(frames), total: frames.reduce((sum, { bytes }) => sum + bytes.length, 0) };
}

/** Source: RFC 6455, section 5.2. */
function inWebSocket(content: Wrapped, isMasked: boolean): Wrapped {
  const { bytes, plain } = content;
  const header = concat([websocketHeader(bytes.length, isMasked), isMasked ? MASK : new Uint8Array(0)]);
  const masked = isMasked ? bytes.map((byte, index) => byte ^ (MASK[index % 4] as number)) : bytes;
  const whole = concat([header, plain]);
  const spans: LayerSpan[] = [];
  readWebSocketFrame(new LayerReader(whole, spans));
  return {
    bytes: concat([header, masked]),
    plain: whole,
    parts: [
      { layer: 'websocket', start: 0, end: header.length },
      ...content.parts.map((part) => moved(part, header.length)),
    ],
    spans,
  };
}

function websocketHeader(length: number, isMasked: boolean): Uint8Array {
  const second = isMasked ? 0x80 : 0;
  if (length < 126) return Uint8Array.of(0x82, second | length);
  if (length < 0x1_0000) return Uint8Array.of(0x82, second | 126, length >> 8, length & 0xff);
  const header = new Uint8Array(10);
  header.set([0x82, second | 127]);
  viewOf(header).setUint32(6, length);
  return header;
}

function inTls(content: Wrapped): Wrapped {
  const records: Wrapped[] = [];
  for (let start = 0; start < content.bytes.length; start += LARGEST_RECORD)
    records.push(inRecord(cut(content, start, start + LARGEST_RECORD), records.length));
  return joined(records);
}

/** Source: RFC 8446, section 5.2. */
function inRecord(content: Wrapped, sequence: number): Wrapped {
  const typed = concat([content.bytes, Uint8Array.of(CONTENT.applicationData)]);
  const length = typed.length + TAG;
  const header = Uint8Array.of(CONTENT.applicationData, 3, 3, length >> 8, length & 0xff);
  const nonce = new Uint8Array(12);
  viewOf(nonce).setUint32(8, sequence);
  const bytes = concat([header, seal(exampleKey(), nonce, header, typed)]);
  const end = header.length + content.bytes.length;
  const plain = concat([
    header,
    content.plain,
    Uint8Array.of(CONTENT.applicationData),
    bytes.subarray(end + 1),
  ]);
  const spans: LayerSpan[] = [];
  readRecord(new LayerReader(plain, spans));
  const parts: EnvelopePart[] = [
    { layer: 'tls', start: 0, end: header.length },
    ...content.parts.map((part) => moved(part, header.length)),
    { layer: 'tls', start: end, end: bytes.length },
  ];
  return {
    bytes,
    plain,
    parts,
    spans: [...spans, ...content.spans.map((span) => moved(span, header.length))],
  };
}

/** 00 01 02 and so on. */
function exampleKey(): Uint8Array {
  return new Uint8Array(KEY_LENGTH).map((_, index) => index);
}

function inFrames(
  content: Wrapped,
  { from = 'client', ipVersion = 4, tls, websocket, port = registeredPort(tls, websocket) }: EnvelopeOptions,
): EnvelopeFrame[] {
  const addresses = ENDS[ipVersion];
  const client = stationOf({ address: addresses.client, port: CLIENT_PORT });
  const broker = stationOf({ address: addresses.broker, port });
  const [source, destination] = from === 'client' ? [client, broker] : [broker, client];
  const frames: EnvelopeFrame[] = [];
  const size = SEGMENT_SIZES[ipVersion];
  for (let start = 0; start < content.bytes.length; start += size) {
    const piece = cut(content, start, start + size);
    const isLast = start + size >= content.bytes.length;
    const headers = {
      source,
      destination,
      sequence: 1 + start,
      acknowledgement: 1,
      window: 502,
      options: TCP_OPTIONS,
    };
    const flags = TCP_FLAGS.ack | (isLast ? TCP_FLAGS.psh : 0);
    const bytes = writeFrame({ ...headers, flags, payload: piece.bytes, identification: frames.length + 1 });
    frames.push(framed(bytes, piece));
  }
  return frames;
}

function registeredPort(tls = false, websocket = false): number {
  if (websocket) return tls ? PORTS.both : PORTS.websocket;
  return tls ? PORTS.tls : PORTS.plain;
}

/** Adds what the headers of a frame are. */
function framed(bytes: Uint8Array, content: Wrapped): EnvelopeFrame {
  const { spans, payload = { start: bytes.length, end: bytes.length } } = dissectFrame(bytes, ETHERNET);
  const headers = spans
    .filter(({ depth }) => depth === 0)
    .map(({ layer, start, end }) => ({ layer, start, end }));
  return {
    bytes,
    plain: concat([bytes.subarray(0, payload.start), content.plain]),
    parts: [...headers, ...content.parts.map((part) => moved(part, payload.start))],
    spans: [...spans, ...content.spans.map((span) => moved(span, payload.start))],
  };
}

function sizesOf(frames: readonly EnvelopeFrame[]): Envelope['sizes'] {
  const sizes = new Map<EnvelopePart['layer'], number>();
  for (const { parts } of frames)
    for (const { layer, start, end } of parts) sizes.set(layer, (sizes.get(layer) ?? 0) + end - start);
  return Array.from(sizes, ([layer, bytes]) => ({ layer, bytes }));
}

function moved<Placed extends { start: number; end: number }>(placed: Placed, by: number): Placed {
  return { ...placed, start: placed.start + by, end: placed.end + by };
}

/** The stretch from `start` to `end`, and of each part and field what lies in it. */
function cut({ bytes, plain, parts, spans }: Wrapped, start: number, end: number): Wrapped {
  const inside = <Placed extends { start: number; end: number }>(all: readonly Placed[]): Placed[] =>
    all
      .filter((placed) => placed.start < end && placed.end > start)
      .map((placed) => ({
        ...placed,
        start: Math.max(placed.start, start) - start,
        end: Math.min(placed.end, end) - start,
      }));
  return {
    bytes: bytes.subarray(start, end),
    plain: plain.subarray(start, end),
    parts: inside(parts),
    spans: inside(spans),
  };
}

function joined(pieces: readonly Wrapped[]): Wrapped {
  let at = 0;
  const parts: EnvelopePart[] = [];
  const spans: LayerSpan[] = [];
  for (const piece of pieces) {
    parts.push(...piece.parts.map((part) => moved(part, at)));
    spans.push(...piece.spans.map((span) => moved(span, at)));
    at += piece.bytes.length;
  }
  return {
    bytes: concat(pieces.map(({ bytes }) => bytes)),
    plain: concat(pieces.map(({ plain }) => plain)),
    parts,
    spans,
  };
}
