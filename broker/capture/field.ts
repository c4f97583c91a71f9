// Every field of the layers below MQTT: its name in the layer's own standard, the name by which Wireshark filters on it, and
// how it is written down. Knows nothing of where a field stands; the readers of each layer do.

/** `text` is a value that is a string already, an address for one; `hex` has as many digits as `digits` says. */
export type LayerFormat = 'decimal' | 'hex' | 'text' | 'bytes' | 'group';

export interface LayerField {
  name: string;
  /** Wireshark's filter name. */
  filter?: string;
  format: LayerFormat;
  /** Digits of a `hex` value. */
  digits?: number;
}

/** The layers that can lie around an MQTT packet, from the wire up. */
// biome-ignore format: a table, a row to each line
export const LAYERS = {
  ethernet: { name: 'Ethernet', filter: 'eth' },
  vlan: { name: 'VLAN tag', filter: 'vlan' },
  cooked: { name: 'Linux cooked capture', filter: 'sll' },
  loopback: { name: 'Loopback', filter: 'null' },
  ipv4: { name: 'IPv4', filter: 'ip' },
  ipv6: { name: 'IPv6', filter: 'ipv6' },
  tcp: { name: 'TCP', filter: 'tcp' },
  tls: { name: 'TLS record', filter: 'tls' },
  websocket: { name: 'WebSocket frame', filter: 'websocket' },
} as const;

export type Layer = keyof typeof LAYERS;

/** Sources: IEEE 802.3 and 802.1Q; RFC 791, 8200, 9293, 7323, 2018, 8446, 6455; the link types of tcpdump.org. */
// biome-ignore format: a table, a row to each line
export const LAYER_FIELDS = {
  header: { name: 'Header', format: 'group' },

  ethernetDestination: { name: 'Destination', filter: 'eth.dst', format: 'text' },
  ethernetSource: { name: 'Source', filter: 'eth.src', format: 'text' },
  etherType: { name: 'Type', filter: 'eth.type', format: 'hex', digits: 4 },

  vlanPriority: { name: 'Priority', filter: 'vlan.priority', format: 'decimal' },
  vlanDropEligible: { name: 'Drop eligible', filter: 'vlan.dei', format: 'decimal' },
  vlanId: { name: 'VLAN identifier', filter: 'vlan.id', format: 'decimal' },
  vlanEtherType: { name: 'Type', filter: 'vlan.etype', format: 'hex', digits: 4 },

  servicePriority: { name: 'Priority', filter: 'ieee8021ad.priority', format: 'decimal' },
  serviceDropEligible: { name: 'Drop eligible', filter: 'ieee8021ad.dei', format: 'decimal' },
  serviceId: { name: 'Service VLAN identifier', filter: 'ieee8021ad.id', format: 'decimal' },
  serviceEtherType: { name: 'Type', format: 'hex', digits: 4 },

  cookedPacketType: { name: 'Packet type', filter: 'sll.pkttype', format: 'decimal' },
  cookedHardware: { name: 'Link-layer address type', filter: 'sll.hatype', format: 'decimal' },
  cookedLength: { name: 'Link-layer address length', filter: 'sll.halen', format: 'decimal' },
  cookedAddress: { name: 'Source', filter: 'sll.src.eth', format: 'text' },
  cookedOtherAddress: { name: 'Source', filter: 'sll.src.other', format: 'bytes' },
  cookedUnused: { name: 'Unused', filter: 'sll.unused', format: 'bytes' },
  cookedReserved: { name: 'Reserved', format: 'decimal' },
  cookedInterface: { name: 'Interface index', filter: 'sll.ifindex', format: 'decimal' },
  cookedEtherType: { name: 'Protocol', filter: 'sll.etype', format: 'hex', digits: 4 },

  loopbackFamily: { name: 'Family', filter: 'null.family', format: 'decimal' },

  ipVersion: { name: 'Version', filter: 'ip.version', format: 'decimal' },
  ipHeaderLength: { name: 'Header Length', filter: 'ip.hdr_len', format: 'decimal' },
  ipService: { name: 'Differentiated Services', filter: 'ip.dsfield', format: 'hex', digits: 2 },
  ipCodepoint: { name: 'Codepoint', filter: 'ip.dsfield.dscp', format: 'decimal' },
  ipCongestion: { name: 'Congestion Notification', filter: 'ip.dsfield.ecn', format: 'decimal' },
  ipTotalLength: { name: 'Total Length', filter: 'ip.len', format: 'decimal' },
  ipIdentification: { name: 'Identification', filter: 'ip.id', format: 'hex', digits: 4 },
  ipFlags: { name: 'Flags', filter: 'ip.flags', format: 'hex', digits: 2 },
  ipReserved: { name: 'Reserved bit', filter: 'ip.flags.rb', format: 'decimal' },
  ipDontFragment: { name: 'Don’t fragment', filter: 'ip.flags.df', format: 'decimal' },
  ipMoreFragments: { name: 'More fragments', filter: 'ip.flags.mf', format: 'decimal' },
  ipFragmentOffset: { name: 'Fragment Offset', filter: 'ip.frag_offset', format: 'decimal' },
  ipTimeToLive: { name: 'Time to Live', filter: 'ip.ttl', format: 'decimal' },
  ipProtocol: { name: 'Protocol', filter: 'ip.proto', format: 'decimal' },
  ipChecksum: { name: 'Header Checksum', filter: 'ip.checksum', format: 'hex', digits: 4 },
  ipSource: { name: 'Source Address', filter: 'ip.src', format: 'text' },
  ipDestination: { name: 'Destination Address', filter: 'ip.dst', format: 'text' },
  ipOptions: { name: 'Options', format: 'bytes' },

  ipv6Version: { name: 'Version', filter: 'ipv6.version', format: 'decimal' },
  ipv6Class: { name: 'Traffic Class', filter: 'ipv6.tclass', format: 'hex', digits: 8 },
  ipv6Flow: { name: 'Flow Label', filter: 'ipv6.flow', format: 'hex', digits: 6 },
  ipv6PayloadLength: { name: 'Payload Length', filter: 'ipv6.plen', format: 'decimal' },
  ipv6NextHeader: { name: 'Next Header', filter: 'ipv6.nxt', format: 'decimal' },
  ipv6HopLimit: { name: 'Hop Limit', filter: 'ipv6.hlim', format: 'decimal' },
  ipv6Source: { name: 'Source Address', filter: 'ipv6.src', format: 'text' },
  ipv6Destination: { name: 'Destination Address', filter: 'ipv6.dst', format: 'text' },
  ipv6Extension: { name: 'Extension header', format: 'group' },
  ipv6ExtensionNext: { name: 'Next Header', format: 'decimal' },
  ipv6ExtensionLength: { name: 'Length', format: 'decimal' },
  ipv6ExtensionData: { name: 'Data', format: 'bytes' },
  ipv6FragmentNext: { name: 'Next Header', filter: 'ipv6.fraghdr.nxt', format: 'decimal' },
  ipv6FragmentReserved: { name: 'Reserved', format: 'decimal' },
  ipv6FragmentOffset: { name: 'Offset', filter: 'ipv6.fraghdr.offset', format: 'decimal' },
  ipv6FragmentMore: { name: 'More Fragments', filter: 'ipv6.fraghdr.more', format: 'decimal' },
  ipv6FragmentIdentification: { name: 'Identification', filter: 'ipv6.fraghdr.ident', format: 'hex', digits: 8 },

  tcpSourcePort: { name: 'Source Port', filter: 'tcp.srcport', format: 'decimal' },
  tcpDestinationPort: { name: 'Destination Port', filter: 'tcp.dstport', format: 'decimal' },
  tcpSequence: { name: 'Sequence Number', filter: 'tcp.seq_raw', format: 'decimal' },
  tcpAcknowledgement: { name: 'Acknowledgment Number', filter: 'tcp.ack_raw', format: 'decimal' },
  tcpHeaderLength: { name: 'Data Offset', filter: 'tcp.hdr_len', format: 'decimal' },
  tcpFlags: { name: 'Flags', filter: 'tcp.flags', format: 'hex', digits: 4 },
  tcpReserved: { name: 'Reserved', filter: 'tcp.flags.res', format: 'decimal' },
  tcpAccurateEcn: { name: 'AE', filter: 'tcp.flags.ae', format: 'decimal' },
  tcpReduced: { name: 'CWR', filter: 'tcp.flags.cwr', format: 'decimal' },
  tcpEcho: { name: 'ECE', filter: 'tcp.flags.ece', format: 'decimal' },
  tcpUrgent: { name: 'URG', filter: 'tcp.flags.urg', format: 'decimal' },
  tcpAck: { name: 'ACK', filter: 'tcp.flags.ack', format: 'decimal' },
  tcpPush: { name: 'PSH', filter: 'tcp.flags.push', format: 'decimal' },
  tcpReset: { name: 'RST', filter: 'tcp.flags.reset', format: 'decimal' },
  tcpSyn: { name: 'SYN', filter: 'tcp.flags.syn', format: 'decimal' },
  tcpFin: { name: 'FIN', filter: 'tcp.flags.fin', format: 'decimal' },
  tcpWindow: { name: 'Window', filter: 'tcp.window_size_value', format: 'decimal' },
  tcpChecksum: { name: 'Checksum', filter: 'tcp.checksum', format: 'hex', digits: 4 },
  tcpUrgentPointer: { name: 'Urgent Pointer', filter: 'tcp.urgent_pointer', format: 'decimal' },
  tcpOptions: { name: 'Options', filter: 'tcp.options', format: 'bytes' },
  tcpOption: { name: 'Option', format: 'group' },
  tcpOptionKind: { name: 'Kind', filter: 'tcp.option_kind', format: 'decimal' },
  tcpOptionLength: { name: 'Length', filter: 'tcp.option_len', format: 'decimal' },
  tcpOptionData: { name: 'Data', format: 'bytes' },
  tcpMaximumSegment: { name: 'Maximum Segment Size', filter: 'tcp.options.mss_val', format: 'decimal' },
  tcpWindowShift: { name: 'Window Scale', filter: 'tcp.options.wscale.shift', format: 'decimal' },
  tcpTimestamp: { name: 'Timestamp value', filter: 'tcp.options.timestamp.tsval', format: 'decimal' },
  tcpTimestampEcho: { name: 'Timestamp echo', filter: 'tcp.options.timestamp.tsecr', format: 'decimal' },
  tcpSackLeft: { name: 'SACK left edge', filter: 'tcp.options.sack_le', format: 'decimal' },
  tcpSackRight: { name: 'SACK right edge', filter: 'tcp.options.sack_re', format: 'decimal' },

  tlsContentType: { name: 'Content type', filter: 'tls.record.content_type', format: 'decimal' },
  tlsVersion: { name: 'Legacy version', filter: 'tls.record.version', format: 'hex', digits: 4 },
  tlsLength: { name: 'Length', filter: 'tls.record.length', format: 'decimal' },
  tlsFragment: { name: 'Fragment', format: 'bytes' },
  tlsEncrypted: { name: 'Encrypted data', filter: 'tls.app_data', format: 'group' },
  tlsCiphertext: { name: 'Content, encrypted', format: 'bytes' },
  tlsInnerType: { name: 'Content type, encrypted', format: 'bytes' },
  tlsTag: { name: 'Authentication tag', format: 'bytes' },

  websocketFirst: { name: 'First byte', format: 'group' },
  websocketSecond: { name: 'Second byte', format: 'group' },
  websocketFin: { name: 'FIN', filter: 'websocket.fin', format: 'decimal' },
  websocketReserved: { name: 'RSV', filter: 'websocket.rsv', format: 'decimal' },
  websocketOpcode: { name: 'Opcode', filter: 'websocket.opcode', format: 'decimal' },
  websocketMask: { name: 'MASK', filter: 'websocket.mask', format: 'decimal' },
  websocketLength: { name: 'Payload length', filter: 'websocket.payload_length', format: 'decimal' },
  websocketLength16: { name: 'Extended payload length', filter: 'websocket.payload_length_ext_16', format: 'decimal' },
  websocketLength64: { name: 'Extended payload length', filter: 'websocket.payload_length_ext_64', format: 'decimal' },
  websocketKey: { name: 'Masking key', filter: 'websocket.masking_key', format: 'bytes' },
  websocketPayload: { name: 'Payload', filter: 'websocket.payload', format: 'bytes' },
} as const satisfies Record<string, LayerField>;

export type LayerFieldId = keyof typeof LAYER_FIELDS;
