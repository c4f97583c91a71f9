// The headers that carry a TCP segment over Ethernet, written: lengths and checksums included. Knows each header's layout;
// decides no number in it.
import { addressBytes } from './address.ts';
import { concat, viewOf } from './bytes.ts';
import type { Endpoint } from './conversation.ts';
import { TCP } from './ip.ts';

/** One end of a connection, as its packets name it. */
export interface Station extends Endpoint {
  /** The bytes of `address`. */
  ip: Uint8Array;
  mac: Uint8Array;
}

/** What is decided of a segment. */
export interface SegmentToWrite {
  source: Station;
  destination: Station;
  sequence: number;
  acknowledgement: number;
  /** Bits of `TCP_FLAGS`. */
  flags: number;
  window: number;
  /** Whole words of four bytes. */
  options?: Uint8Array;
  payload: Uint8Array;
  /** IPv4's Identification. */
  identification: number;
}

const ETHER_TYPES: Readonly<Record<number, number>> = { 4: 0x0800, 16: 0x86dd };
const DONT_FRAGMENT = 0x4000;
const TIME_TO_LIVE = 64;

/**
 * An end with a MAC address of its own: one that nobody has sold, with the end of the IP address in it.
 * @throws RangeError if `address` is no IP address
 */
export function stationOf({ address, port }: Endpoint): Station {
  const ip = addressBytes(address);
  if (ip === undefined) throw new RangeError(`${address} is no IP address`);
  return { address, port, ip, mac: concat([Uint8Array.of(0x02, 0), ip.subarray(-4)]) };
}

/** The whole frame of a segment. */
export function writeFrame(segment: SegmentToWrite): Uint8Array {
  const { source, destination } = segment;
  const tcp = writeTcp(segment);
  const ip = source.ip.length === 4 ? writeIpv4(segment, tcp.length) : writeIpv6(segment, tcp.length);
  const etherType = ETHER_TYPES[source.ip.length] as number;
  return concat([destination.mac, source.mac, Uint8Array.of(etherType >> 8, etherType & 0xff), ip, tcp]);
}

/** Source: RFC 791, section 3.1. */
function writeIpv4({ source, destination, identification }: SegmentToWrite, length: number): Uint8Array {
  const header = new Uint8Array(20);
  const view = viewOf(header);
  view.setUint8(0, 0x45);
  view.setUint16(2, header.length + length);
  view.setUint16(4, identification & 0xffff);
  view.setUint16(6, DONT_FRAGMENT);
  view.setUint8(8, TIME_TO_LIVE);
  view.setUint8(9, TCP);
  header.set(source.ip, 12);
  header.set(destination.ip, 16);
  view.setUint16(10, checksum([header]));
  return header;
}

/** Source: RFC 8200, section 3. */
function writeIpv6({ source, destination }: SegmentToWrite, length: number): Uint8Array {
  const header = new Uint8Array(40);
  const view = viewOf(header);
  view.setUint8(0, 0x60);
  view.setUint16(4, length);
  view.setUint8(6, TCP);
  view.setUint8(7, TIME_TO_LIVE);
  header.set(source.ip, 8);
  header.set(destination.ip, 24);
  return header;
}

/** Source: RFC 9293, section 3.1. */
function writeTcp({
  source,
  destination,
  sequence,
  acknowledgement,
  flags,
  window,
  options,
  payload,
}: SegmentToWrite): Uint8Array {
  const headerLength = 20 + (options?.length ?? 0);
  const segment = new Uint8Array(headerLength + payload.length);
  const view = viewOf(segment);
  view.setUint16(0, source.port);
  view.setUint16(2, destination.port);
  view.setUint32(4, sequence);
  view.setUint32(8, acknowledgement);
  view.setUint16(12, ((headerLength / 4) << 12) | flags);
  view.setUint16(14, window);
  if (options !== undefined) segment.set(options, 20);
  segment.set(payload, headerLength);
  view.setUint16(16, checksum([source.ip, destination.ip, pseudoEnd(segment.length), segment]));
  return segment;
}

/** The end of the pseudo-header that TCP's checksum covers as well; zeros more or fewer make no difference to a sum. */
function pseudoEnd(length: number): Uint8Array {
  const end = new Uint8Array(8);
  viewOf(end).setUint32(0, length);
  viewOf(end).setUint32(4, TCP);
  return end;
}

/** The internet checksum over parts of which all but the last have an even length. Source: RFC 1071. */
function checksum(parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts)
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] as number) << 8) | (part[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return ~sum & 0xffff;
}
