// What stands in front of the IP header, by the link type that the file names. Knows how each link says that IP follows;
// knows no IP.
import { macText } from './address.ts';
import type { LayerReader } from './reader.ts';

export type Network = 'ipv4' | 'ipv6';

interface LinkRow {
  name: string;
  /** Reads the header, and says what follows it: undefined where that is no IP. */
  read(reader: LayerReader): Network | undefined;
}

/** Source: tcpdump.org, link-layer header types. Some systems write raw IP as 12 or 14. */
const LINKS: Readonly<Record<number, LinkRow>> = {
  0: { name: 'BSD loopback', read: readNull },
  1: { name: 'Ethernet', read: readEthernet },
  12: { name: 'raw IP', read: readRaw },
  14: { name: 'raw IP', read: readRaw },
  101: { name: 'raw IP', read: readRaw },
  108: { name: 'OpenBSD loopback', read: readNull },
  113: { name: 'Linux cooked capture', read: readCooked },
  228: { name: 'raw IPv4', read: () => 'ipv4' },
  229: { name: 'raw IPv6', read: () => 'ipv6' },
  276: { name: 'Linux cooked capture, version 2', read: readCooked2 },
};

/** The link type of Ethernet. */
export const ETHERNET = 1;

/** How a link type is read, or undefined for one that is not known. */
export function linkOf(linkType: number): LinkRow | undefined {
  return LINKS[linkType];
}

const NETWORKS: Readonly<Record<number, Network>> = { 2048: 'ipv4', 34525: 'ipv6' };
const NETWORK_NAMES: Readonly<Record<Network, string>> = { ipv4: 'IPv4', ipv6: 'IPv6' };

/** The fields of a tag, from the highest bit down: IEEE 802.1Q has one kind for customers and one for providers. */
const CUSTOMER_TAG = ['vlanPriority', 'vlanDropEligible', 'vlanId', 'vlanEtherType'] as const;
const SERVICE_TAG = ['servicePriority', 'serviceDropEligible', 'serviceId', 'serviceEtherType'] as const;
const TAGS: Readonly<Record<number, typeof CUSTOMER_TAG | typeof SERVICE_TAG>> = {
  33024: CUSTOMER_TAG,
  34984: SERVICE_TAG,
  37120: CUSTOMER_TAG,
};

function readEthernet(reader: LayerReader): Network | undefined {
  reader.begin('ethernet');
  reader.label('ethernetDestination', 6, macText);
  reader.label('ethernetSource', 6, macText);
  const type = reader.uint('etherType', 2);
  return readType(reader, type);
}

/** Says what a type stands for, ends the header, and reads the tags that may follow it. */
function readType(reader: LayerReader, etherType: number): Network | undefined {
  let type = etherType;
  for (;;) {
    const network = NETWORKS[type];
    reader.mean(network === undefined ? undefined : NETWORK_NAMES[network]);
    reader.close();
    const tag = TAGS[type];
    if (tag === undefined) return network;
    const [priority, dropEligible, id, next] = tag;
    reader.begin('vlan');
    reader.word(2);
    reader.bits(priority, 15, 13);
    reader.bits(dropEligible, 12, 12);
    reader.bits(id, 11, 0);
    type = reader.uint(next, 2);
  }
}

const COOKED_PACKET_TYPES = ['to us', 'broadcast', 'multicast', 'to another', 'from us'] as const;
const ETHERNET_ADDRESS = 6;

function readCooked(reader: LayerReader): Network | undefined {
  reader.begin('cooked');
  reader.mean(COOKED_PACKET_TYPES[reader.uint('cookedPacketType', 2)]);
  reader.uint('cookedHardware', 2);
  readCookedAddress(reader, reader.uint('cookedLength', 2));
  return readType(reader, reader.uint('cookedEtherType', 2));
}

function readCooked2(reader: LayerReader): Network | undefined {
  reader.begin('cooked', 'Linux cooked capture, version 2');
  const type = reader.uint('cookedEtherType', 2);
  reader.mean(NETWORKS[type] && NETWORK_NAMES[NETWORKS[type]]);
  reader.uint('cookedReserved', 2);
  reader.uint('cookedInterface', 4);
  reader.uint('cookedHardware', 2);
  reader.mean(COOKED_PACKET_TYPES[reader.uint('cookedPacketType', 1)]);
  readCookedAddress(reader, reader.uint('cookedLength', 1));
  return readType(reader, type);
}

/** Eight bytes, of which as many are the address as its length says. */
function readCookedAddress(reader: LayerReader, length: number): void {
  const used = Math.min(length, 8);
  if (length === ETHERNET_ADDRESS) reader.label('cookedAddress', used, macText);
  else reader.raw('cookedOtherAddress', used);
  reader.raw('cookedUnused', 8 - used);
}

/** Address families, as the systems that write this header number them: 24, 28 and 30 are all IPv6. */
const FAMILIES: Readonly<Record<number, Network>> = {
  2: 'ipv4',
  10: 'ipv6',
  24: 'ipv6',
  28: 'ipv6',
  30: 'ipv6',
};

/** The family is in the byte order of the machine that wrote it, which the number itself shows. */
function readNull(reader: LayerReader): Network | undefined {
  reader.begin('loopback');
  const isSwapped = reader.peek(4) > 0xffff;
  const family = reader.uint('loopbackFamily', 4, isSwapped);
  const network = FAMILIES[family];
  reader.mean(network && NETWORK_NAMES[network]);
  reader.close();
  return network;
}

function readRaw(reader: LayerReader): Network | undefined {
  const version = reader.peek(1) >> 4;
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined;
}
