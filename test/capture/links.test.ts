/** Every link type, with IPv4 and IPv6 on it: the same packets come out, and the same headers as Wireshark sees. */
import { describe, expect, test } from 'vitest';
import { dissectFrame, layerValue } from '../../broker/capture/index.ts';
import {
  bytes,
  CLIENT_PORT,
  type Frame,
  ipv4,
  ipv6,
  LINKS,
  onePublication,
  pcap,
  pcapng,
  SYN,
  tcp,
} from './craft.ts';
import { connect, findingIds, listing, publish, read, sentences } from './packets.ts';
import { tsharkFields, withoutTshark } from './tshark.ts';

const links = Object.entries(LINKS).flatMap(([name, link]) => [
  { name: `${name}, IPv4`, ...onePublication(link, 4), addresses: ['10.0.0.1', '10.0.0.2'] },
  ...(link.v6 === undefined
    ? []
    : [{ name: `${name}, IPv6`, ...onePublication(link, 6), addresses: ['2001:db8::1', '2001:db8::2'] }]),
]);

/** A frame's fields as Wireshark names and writes them, in its order; what has no name there is left out. */
function fieldsOf(frame: Uint8Array, linkType: number): [filter: string, value: string][] {
  const { spans } = dissectFrame(frame, linkType);
  return spans.flatMap((span) =>
    span.filter === undefined || span.value === undefined
      ? []
      : [[span.filter, layerValue(span)] as [string, string]],
  );
}

/** Of these, tshark writes no colons between the bytes in this form of output. */
const AS_BYTES = ['tcp.options', 'sll.unused', 'sll.src.other'];

/** What tshark says of the same fields. */
function expectLikeTshark(file: Uint8Array, frames: readonly Uint8Array[], linkType: number): void {
  const mine = frames.map((frame) => fieldsOf(frame, linkType));
  const filters = [...new Set(mine.flat().map(([filter]) => filter))];
  const rows = tsharkFields(
    file,
    'frame',
    filters,
    '-o',
    'ip.check_checksum:FALSE',
    '-o',
    'tcp.check_checksum:FALSE',
    '-o',
    'tcp.relative_sequence_numbers:FALSE',
  );
  const joined = mine.map((fields) =>
    filters.map((filter) =>
      fields
        .filter(([name]) => name === filter)
        .map(([, value]) => value)
        .join(';'),
    ),
  );
  const plain = (row: readonly string[]) =>
    row.map((value, index) =>
      AS_BYTES.includes(filters[index] as string) ? value.replaceAll(':', '') : value,
    );
  expect(joined.map(plain)).toEqual(rows.map(plain));
}

describe.each(links)('$name', ({ linkType, frames, addresses }) => {
  test.each([
    ['pcap', pcap(frames, { linkType })],
    ['pcapng', pcapng(frames, { linkType })],
  ])('its packets are found in a %s file', async (_, file) => {
    const contents = await read(file);
    expect(listing(contents)).toEqual(['CONNECT', 'PUBLISH a/b']);
    const [conversation] = contents.conversations;
    expect([conversation?.client, conversation?.broker]).toEqual([
      { address: addresses[0], port: CLIENT_PORT },
      { address: addresses[1], port: 1883 },
    ]);
  });

  test.skipIf(withoutTshark)('its headers have the fields that tshark sees', () => {
    expectLikeTshark(
      pcapng(frames, { linkType }),
      frames.map(({ bytes: frame }) => frame),
      linkType,
    );
  });

  test('spans cover each header without gaps, and parts lie within their groups', () => {
    for (const { bytes: frame } of frames) {
      const { spans, payload } = dissectFrame(frame, linkType);
      const headers = spans.filter(({ depth }) => depth === 0);
      let at = 0;
      for (const { start, end } of headers) {
        expect(start).toBe(at);
        at = end;
      }
      expect(at).toBe(payload?.start);
      for (const { start, end } of spans) expect(end).toBeGreaterThan(start);
    }
  });
});

const ETHERNET = LINKS['Ethernet'] as { header: Uint8Array; v6: Uint8Array };
const at = (frame: Uint8Array, time: number): Frame => ({ time, bytes: frame });

describe('IP', () => {
  const begin = tcp({ source: CLIENT_PORT, destination: 1883, sequence: 99, flags: SYN });
  const greeting = tcp({ source: CLIENT_PORT, destination: 1883, sequence: 100, payload: connect() });
  const more = tcp({
    source: CLIENT_PORT,
    destination: 1883,
    sequence: 100 + connect().length,
    payload: publish('a/b', 'x'),
  });
  const extensions = {
    'hop-by-hop options': { next: 0, extensions: bytes('06 00 01 04 00000000') },
    'a routing header': { next: 43, extensions: bytes('06 00 04 00 00000000') },
    'destination options after hop-by-hop options': {
      next: 0,
      extensions: bytes('3c 00 01 04 00000000', '06 01 01 0c 00000000 00000000 00000000'),
    },
    'a fragment header of a packet in one piece': { next: 44, extensions: bytes('06 00 0000 12345678') },
    'an authentication header': {
      next: 51,
      extensions: bytes('06 04 0000 00000001 00000002 000000000000000000000000'),
    },
  };

  test.each(Object.entries(extensions))('an IPv6 packet with %s is read', async (_, traits) => {
    const frames = [begin, greeting].map((segment, index) =>
      at(bytes(ETHERNET.v6, ipv6(segment, traits)), index),
    );
    expect(listing(await read(pcap(frames)))).toEqual(['CONNECT']);
  });

  test.skipIf(withoutTshark)('a fragment header has the fields that tshark sees', () => {
    const frame = bytes(ETHERNET.v6, ipv6(begin, extensions['a fragment header of a packet in one piece']));
    expectLikeTshark(pcap([at(frame, 1)]), [frame], 1);
  });

  test.each([
    ['IPv4', bytes(ETHERNET.header, ipv4(more, { fragment: 0x2000 }))],
    ['IPv6', bytes(ETHERNET.v6, ipv6(more, { next: 44, extensions: bytes('06 00 0001 12345678') }))],
  ])('a fragment of an %s packet is not read, and told', async (_, fragment) => {
    const frames = [bytes(ETHERNET.header, ipv4(begin)), bytes(ETHERNET.header, ipv4(greeting)), fragment];
    const contents = await read(pcap(frames.map(at)));
    expect(listing(contents)).toEqual(['CONNECT']);
    expect(sentences(contents)).toContain('Fragments of IP packets are not put together. There are 1.');
  });

  test('what Ethernet pads behind a short packet is no part of it', async () => {
    const frames = [begin, greeting].map((segment, index) =>
      at(bytes(ETHERNET.header, ipv4(segment), new Uint8Array(30)), index),
    );
    const contents = await read(pcap(frames));
    expect(listing(contents)).toEqual(['CONNECT']);
    expect(findingIds(contents)).not.toContain('unreadable');
  });

  test('a packet whose length a network card has yet to fill in is read to the end of its frame', async () => {
    const frames = [begin, greeting].map((segment, index) => {
      const packet = Buffer.from(ipv4(segment));
      packet.writeUInt16BE(0, 2);
      return at(bytes(ETHERNET.header, packet), index);
    });
    expect(listing(await read(pcap(frames)))).toEqual(['CONNECT']);
  });

  test('an unknown link type is told with its number', async () => {
    const contents = await read(pcap([at(bytes('00'), 0), at(bytes('00'), 1)], { linkType: 147 }));
    expect(sentences(contents)).toEqual(['Frames of link type 147 cannot be read. There are 2.']);
  });

  test('frames that carry something else are passed over', async () => {
    const arp = bytes('ffffffffffff 020000000001 0806 0001 0800 06 04 0001');
    const udp = Buffer.from(ipv4(bytes('c350 0035 0008 0000')));
    udp[9] = 17;
    const frames = [arp, bytes(ETHERNET.header, udp), bytes(ETHERNET.header), bytes('00')];
    expect(await read(pcap(frames.map(at)))).toMatchObject({
      frames: 4,
      packets: [],
      conversations: [],
      findings: [],
    });
  });
});

describe('the options of TCP', () => {
  const options = '020405b4 0402 080a 00000064 000000c8 01 030307 01 050a 00000001 00000002 00';
  const header = bytes('c350 075b 00000001 00000002', 0x50, 0x18, '2000 1234 0000');
  const segment = bytes(header, options);
  segment[12] = ((20 + bytes(options).length) / 4) << 4;
  const frame = bytes(ETHERNET.header, ipv4(segment));

  test.skipIf(withoutTshark)('have the fields that tshark sees', () => {
    expectLikeTshark(pcap([at(frame, 1)]), [frame], 1);
  });

  test('are told by name', () => {
    const { spans } = dissectFrame(frame, 1);
    const found = spans.filter(({ field }) => field === 'tcpOption').map(({ name }) => name);
    expect(found).toEqual([
      'Maximum segment size',
      'SACK permitted',
      'Timestamps',
      'No operation',
      'Window scale',
      'No operation',
      'SACK',
      'End of options',
    ]);
  });
});
