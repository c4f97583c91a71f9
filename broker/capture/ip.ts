// The headers of IPv4 and IPv6. Knows where their payload begins and ends, and what it is; knows no transport. Fragments are
// told apart from whole packets, and not put together.
import { ipv4Text, ipv6Text } from './address.ts';
import type { Network } from './link.ts';
import type { LayerReader } from './reader.ts';

export const TCP = 6;

const PROTOCOL_NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6' };

/** Where an IP packet goes and what it carries. The reader stands at the payload, and ends where it ends. */
export interface IpHeader {
  source: string;
  destination: string;
  protocol: number;
  /** The bytes of the payload as it was sent; the capture may hold fewer. */
  length: number;
  isFragment: boolean;
}

export function readIp(reader: LayerReader, network: Network): IpHeader | undefined {
  return network === 'ipv4' ? readIpv4(reader) : readIpv6(reader);
}

/** Source: RFC 791, section 3.1. */
function readIpv4(reader: LayerReader): IpHeader | undefined {
  const start = reader.offset;
  reader.begin('ipv4');
  reader.word(1);
  const version = reader.bits('ipVersion', 7, 4);
  const headerLength = reader.bits('ipHeaderLength', 3, 0, 4);
  reader.uint('ipService', 1);
  reader.parts();
  reader.bits('ipCodepoint', 7, 2);
  reader.bits('ipCongestion', 1, 0);
  reader.close();
  const totalLength = reader.uint('ipTotalLength', 2);
  reader.uint('ipIdentification', 2);
  const isFragment = readFragmentation(reader);
  reader.uint('ipTimeToLive', 1);
  const protocol = reader.uint('ipProtocol', 1);
  reader.mean(PROTOCOL_NAMES[protocol]);
  reader.uint('ipChecksum', 2);
  const source = reader.text('ipSource', 4, ipv4Text);
  const destination = reader.text('ipDestination', 4, ipv4Text);
  if (version !== 4 || headerLength < 20) return undefined;
  reader.raw('ipOptions', headerLength - 20);
  reader.close();
  // A network card that cuts segments itself is handed packets whose length is still 0.
  const length = totalLength === 0 ? reader.end - start : totalLength;
  return bound(reader, start + length, { source, destination, protocol, isFragment });
}

function readFragmentation(reader: LayerReader): boolean {
  reader.word(2);
  reader.bits('ipFlags', 15, 13);
  reader.parts();
  reader.bits('ipReserved', 15, 15);
  reader.bits('ipDontFragment', 14, 14);
  const more = reader.bits('ipMoreFragments', 13, 13);
  reader.close();
  return reader.bits('ipFragmentOffset', 12, 0, 8) > 0 || more === 1;
}

/** Extension headers that stand between the IPv6 header and the transport. Source: RFC 8200, section 4. */
const EXTENSIONS: Readonly<Record<number, string>> = {
  0: 'Hop-by-Hop Options',
  43: 'Routing',
  44: 'Fragment',
  51: 'Authentication',
  60: 'Destination Options',
  135: 'Mobility',
};
const FRAGMENT = 44;
const AUTHENTICATION = 51;

/** Source: RFC 8200, section 3. */
function readIpv6(reader: LayerReader): IpHeader | undefined {
  reader.begin('ipv6');
  reader.word(4);
  const version = reader.bits('ipv6Version', 31, 28);
  reader.bits('ipv6Class', 27, 20);
  reader.bits('ipv6Flow', 19, 0);
  const payloadLength = reader.uint('ipv6PayloadLength', 2);
  let protocol = readNext(reader, 'ipv6NextHeader');
  reader.uint('ipv6HopLimit', 1);
  const source = reader.text('ipv6Source', 16, ipv6Text);
  const destination = reader.text('ipv6Destination', 16, ipv6Text);
  if (version !== 6) return undefined;
  const end = payloadLength === 0 ? reader.end : reader.offset + payloadLength;
  let isFragment = false;
  while (protocol in EXTENSIONS) {
    reader.group('ipv6Extension', EXTENSIONS[protocol]);
    const next =
      protocol === FRAGMENT ? readFragment(reader) : readExtension(reader, protocol === AUTHENTICATION);
    reader.close();
    protocol = next.protocol;
    isFragment ||= next.isFragment;
    if (isFragment) break;
  }
  reader.close();
  return bound(reader, end, { source, destination, protocol, isFragment });
}

function readNext(
  reader: LayerReader,
  field: 'ipv6NextHeader' | 'ipv6ExtensionNext' | 'ipv6FragmentNext',
): number {
  const protocol = reader.uint(field, 1);
  reader.mean(PROTOCOL_NAMES[protocol] ?? EXTENSIONS[protocol]);
  return protocol;
}

type Next = Pick<IpHeader, 'protocol' | 'isFragment'>;

/** Lengths count eight bytes beyond the first eight; that of an authentication header counts four beyond the first eight. */
function readExtension(reader: LayerReader, isAuthentication: boolean): Next {
  const protocol = readNext(reader, 'ipv6ExtensionNext');
  const length = reader.uint('ipv6ExtensionLength', 1);
  reader.raw('ipv6ExtensionData', isAuthentication ? 4 * length + 6 : 8 * length + 6);
  return { protocol, isFragment: false };
}

/** A packet that is the first and the last of its fragments is whole (RFC 6946). */
function readFragment(reader: LayerReader): Next {
  const protocol = readNext(reader, 'ipv6FragmentNext');
  reader.uint('ipv6FragmentReserved', 1);
  reader.word(2);
  const offset = reader.bits('ipv6FragmentOffset', 15, 3, 8);
  const more = reader.bits('ipv6FragmentMore', 0, 0);
  reader.uint('ipv6FragmentIdentification', 4);
  return { protocol, isFragment: offset > 0 || more === 1 };
}

/** Ends the reader where the packet ends: what Ethernet pads behind it is no part of it. */
function bound(reader: LayerReader, end: number, header: Omit<IpHeader, 'length'>): IpHeader | undefined {
  const length = end - reader.offset;
  if (length < 0) return undefined;
  reader.end = Math.min(reader.end, end);
  return { ...header, length };
}
