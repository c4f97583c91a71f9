/**
 * Reads as much of a pcapng file as the captures here need: little-endian blocks, Ethernet or loopback frames, IPv4, TCP
 * without loss. It knows nothing of what the connections carry.
 * Source of the block layout: draft-ietf-opsawg-pcapng, sections 4.1 to 4.3.
 */

/** What one frame adds to one direction of a TCP connection. */
export interface Segment {
  /** Counted from 1, as Wireshark counts frames. */
  frame: number;
  /** The same for both directions; counted from 0 in the order of the first frame. */
  stream: number;
  sourcePort: number;
  destinationPort: number;
  payload: Uint8Array;
}

const BLOCK = { sectionHeader: 0x0a0d0d0a, interfaceDescription: 1, enhancedPacket: 6 } as const;
const LITTLE_ENDIAN_MAGIC = 0x1a2b3c4d;

/** How many bytes stand in front of the IP header, by link type: BSD loopback, Ethernet, raw IP. */
const LINK_HEADER_BYTES: Readonly<Record<number, number>> = { 0: 4, 1: 14, 101: 0 };

const TCP = 6;

/** The TCP payloads of a capture in the order of their frames; what was sent twice is there once. */
export function readSegments(file: Uint8Array): Segment[] {
  const streams = new Map<string, number>();
  const next = new Map<string, number>();
  const segments: Segment[] = [];
  for (const { frame, packet } of ipPackets(file)) {
    const { source, destination, sequence, syn, payload } = readTcp(packet);
    const ends = [source.name, destination.name].sort().join(' ');
    if (!streams.has(ends)) streams.set(ends, streams.size);
    const direction = `${source.name} ${destination.name}`;
    if (syn) next.set(direction, (sequence + 1) >>> 0);
    if (payload.length === 0) continue;
    const expected = next.get(direction) ?? sequence;
    const again = (expected - sequence) | 0;
    if (again < 0) throw new Error(`frame ${frame}: ${-again} bytes before it are missing`);
    if (again >= payload.length) continue;
    next.set(direction, (sequence + payload.length) >>> 0);
    segments.push({
      frame,
      stream: streams.get(ends) as number,
      sourcePort: source.port,
      destinationPort: destination.port,
      payload: payload.subarray(again),
    });
  }
  return segments;
}

function* ipPackets(file: Uint8Array): Generator<{ frame: number; packet: Uint8Array }> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const linkTypes: number[] = [];
  let frame = 0;
  for (let at = 0; at < file.length; at += view.getUint32(at + 4, true)) {
    const type = view.getUint32(at, true);
    if (type === BLOCK.sectionHeader) {
      if (view.getUint32(at + 8, true) !== LITTLE_ENDIAN_MAGIC) throw new Error('not little endian');
    } else if (type === BLOCK.interfaceDescription) {
      linkTypes.push(view.getUint16(at + 8, true));
    } else if (type === BLOCK.enhancedPacket) {
      frame++;
      const linkType = linkTypes[view.getUint32(at + 8, true)] as number;
      const captured = view.getUint32(at + 20, true);
      const header = LINK_HEADER_BYTES[linkType];
      if (header === undefined) throw new Error(`frame ${frame} has link type ${linkType}`);
      yield { frame, packet: file.subarray(at + 28 + header, at + 28 + captured) };
    }
  }
}

interface End {
  name: string;
  port: number;
}

interface TcpSegment {
  source: End;
  destination: End;
  sequence: number;
  syn: boolean;
  payload: Uint8Array;
}

function readTcp(packet: Uint8Array): TcpSegment {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const version = view.getUint8(0) >> 4;
  if (version !== 4 || view.getUint8(9) !== TCP) throw new Error('not TCP over IPv4');
  const tcp = (view.getUint8(0) & 0x0f) * 4;
  const end = view.getUint16(2);
  const payload = tcp + (view.getUint8(tcp + 12) >> 4) * 4;
  return {
    source: { name: `${view.getUint32(12)}:${view.getUint16(tcp)}`, port: view.getUint16(tcp) },
    destination: { name: `${view.getUint32(16)}:${view.getUint16(tcp + 2)}`, port: view.getUint16(tcp + 2) },
    sequence: view.getUint32(tcp + 4),
    syn: (view.getUint8(tcp + 13) & 0b10) !== 0,
    payload: packet.subarray(payload, end),
  };
}
