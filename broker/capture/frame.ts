// One frame of a capture: from the link's header to TCP's payload, with spans as an option. Knows which layer follows which;
// knows neither the frame before nor the one after.
import { type IpHeader, readIp, TCP } from './ip.ts';
import { linkOf } from './link.ts';
import { LayerReader, type LayerSpan, Short } from './reader.ts';
import { readTcp, type TcpHeader } from './tcp.ts';

/** A TCP segment as one frame carries it. */
export interface Segment extends TcpHeader {
  source: string;
  destination: string;
  /** A view of the frame. */
  payload: Uint8Array;
  /** How long the payload was when it was sent; the capture may hold less of it. */
  length: number;
}

/** Why a frame has no segment to read. */
export type Unread = 'linkType' | 'otherProtocol' | 'fragment' | 'short';

/** Reads a frame as far as TCP's payload. */
export function readFrame(bytes: Uint8Array, linkType: number): Segment | Unread {
  return readLayers(new LayerReader(bytes), linkType);
}

/**
 * Takes the headers of a frame apart, from the link's to TCP's, down to bits. Never throws on bytes: where they break off,
 * it gives what was understood.
 * @param linkType as the capture file says it of the frame's interface
 * @returns the spans in pre-order, and where TCP's payload begins and ends, if there is one
 */
export function dissectFrame(
  bytes: Uint8Array,
  linkType: number,
): { spans: LayerSpan[]; payload?: { start: number; end: number } } {
  const spans: LayerSpan[] = [];
  const reader = new LayerReader(bytes, spans);
  const segment = readLayers(reader, linkType);
  reader.abandon();
  return typeof segment === 'string'
    ? { spans }
    : { spans, payload: { start: reader.offset, end: reader.end } };
}

function readLayers(reader: LayerReader, linkType: number): Segment | Unread {
  const link = linkOf(linkType);
  if (link === undefined) return 'linkType';
  try {
    const network = link.read(reader);
    const ip = network && readIp(reader, network);
    if (ip === undefined) return 'otherProtocol';
    if (ip.isFragment) return 'fragment';
    return ip.protocol === TCP ? readSegment(reader, ip) : 'otherProtocol';
  } catch (error) {
    if (error instanceof Short) return 'short';
    throw error;
  }
}

function readSegment(reader: LayerReader, { source, destination, length }: IpHeader): Segment | Unread {
  const start = reader.offset;
  const header = readTcp(reader);
  if (header === undefined) return 'otherProtocol';
  const payload = reader.bytes.subarray(reader.offset, reader.end);
  return { ...header, source, destination, payload, length: length - (reader.offset - start) };
}
