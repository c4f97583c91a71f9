/**
 * Makes captures for the tests, byte by byte: IP packets, the links under them and both file formats in both byte orders. It
 * shares nothing with the engine's own writer. Checksums are left 0; nobody here looks at them.
 */
import { connect as connectFrame, publish } from './packets.ts';

export type Bytes = Uint8Array;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

export interface Frame {
  /** Milliseconds since 1970. */
  time: number;
  bytes: Bytes;
  /** On the wire, if more than was captured. */
  length?: number;
}

export function bytes(...parts: (number | string | Bytes)[]): Bytes {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'number'
        ? Buffer.of(part)
        : typeof part === 'string'
          ? Buffer.from(part.replaceAll(' ', ''), 'hex')
          : part,
    ),
  );
}

export function u16(value: number): Bytes {
  return Buffer.of(value >> 8, value & 0xff);
}

export function u32(value: number): Bytes {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value >>> 0);
  return out;
}

export interface Tcp {
  source: number;
  destination: number;
  sequence: number;
  acknowledgement?: number;
  flags?: number;
  payload?: Bytes;
}

export function tcp({
  source,
  destination,
  sequence,
  acknowledgement = 0,
  flags = ACK,
  payload = bytes(),
}: Tcp): Bytes {
  return bytes(
    u16(source),
    u16(destination),
    u32(sequence),
    u32(acknowledgement),
    0x50,
    flags,
    '2000 0000 0000',
    payload,
  );
}

export function ipv4(payload: Bytes, { from = '0a000001', to = '0a000002', fragment = 0 } = {}): Bytes {
  return bytes('45 00', u16(20 + payload.length), '00 01', u16(fragment), '40 06 00 00', from, to, payload);
}

export function ipv6(payload: Bytes, { extensions = bytes(), next = 6, from = '01', to = '02' } = {}): Bytes {
  const address = (end: string) => `20010db8 00000000 00000000 000000${end}`;
  return bytes(
    '60 00 00 00',
    u16(extensions.length + payload.length),
    next,
    0x40,
    address(from),
    address(to),
    extensions,
    payload,
  );
}

/** Link types, and what stands in front of an IPv4 packet on each. */
export const LINKS: Record<string, { linkType: number; header: Bytes; v6?: Bytes }> = {
  Ethernet: {
    linkType: 1,
    header: bytes('020000000002 020000000001 0800'),
    v6: bytes('020000000002 020000000001 86dd'),
  },
  'Ethernet with a VLAN tag': { linkType: 1, header: bytes('020000000002 020000000001 8100 6064 0800') },
  'Ethernet with two VLAN tags': {
    linkType: 1,
    header: bytes('020000000002 020000000001 88a8 0007 8100 6064 0800'),
  },
  'Linux cooked': {
    linkType: 113,
    header: bytes('0000 0001 0006 020000000001 0000 0800'),
    v6: bytes('0000 0304 0000 0000000000000000 86dd'),
  },
  'Linux cooked, version 2': {
    linkType: 276,
    header: bytes('0800 0000 00000003 0001 04 06 020000000001 0000'),
  },
  'BSD loopback, little endian': { linkType: 0, header: bytes('02000000'), v6: bytes('1e000000') },
  'BSD loopback, big endian': { linkType: 0, header: bytes('00000002'), v6: bytes('0000001c') },
  'OpenBSD loopback': { linkType: 108, header: bytes('00000002'), v6: bytes('00000018') },
  'raw IP': { linkType: 101, header: bytes(), v6: bytes() },
  IPv4: { linkType: 228, header: bytes() },
};

export const CLIENT_PORT = 50_000;

/** A TCP connection over Ethernet and IPv4 that remembers its sequence numbers. */
export class Talk {
  readonly frames: Frame[] = [];
  time = 1_000;
  client: number;
  broker: number;
  readonly #ports: [number, number];

  constructor({ client = 1_000, broker = 5_000, ports = [CLIENT_PORT, 1883] as [number, number] } = {}) {
    this.client = client;
    this.broker = broker;
    this.#ports = ports;
  }

  /** Three segments, as always. */
  open(): this {
    this.segment('up', bytes(), SYN);
    this.client = (this.client + 1) >>> 0;
    this.segment('down', bytes(), SYN | ACK);
    this.broker = (this.broker + 1) >>> 0;
    return this.segment('up', bytes(), ACK);
  }

  up(payload: Bytes, flags: number = ACK): this {
    this.segment('up', payload, flags);
    this.client = (this.client + payload.length) >>> 0;
    return this;
  }

  down(payload: Bytes, flags: number = ACK): this {
    this.segment('down', payload, flags);
    this.broker = (this.broker + payload.length) >>> 0;
    return this;
  }

  /** A segment at a place of its own: `from` counts from what would come next. */
  segment(way: 'up' | 'down', payload: Bytes, flags: number, from: number = 0): this {
    const [client, broker] = this.#ports;
    const isUp = way === 'up';
    const segment = tcp({
      source: isUp ? client : broker,
      destination: isUp ? broker : client,
      sequence: (isUp ? this.client : this.broker) + from,
      acknowledgement: isUp ? this.broker : this.client,
      flags,
      payload,
    });
    const ends = isUp ? {} : { from: '0a000002', to: '0a000001' };
    const { header } = LINKS['Ethernet'] as { header: Bytes };
    this.frames.push({ time: this.time++, bytes: bytes(header, ipv4(segment, ends)) });
    return this;
  }

  /** Takes the frame that was made last away, as if it had not been captured. */
  lose(): this {
    this.frames.pop();
    return this;
  }
}

/** A connection opened, with a CONNECT and its answer. */
export function greeted(talk: Talk = new Talk()): Talk {
  return talk.open().up(connectFrame()).down(bytes('20 02 00 00'));
}

export interface FileTraits {
  linkType?: number;
  littleEndian?: boolean;
}

/** A classic file. */
export function pcap(
  frames: readonly Frame[],
  { linkType = 1, littleEndian = true, nanoseconds = false }: FileTraits & { nanoseconds?: boolean } = {},
): Bytes {
  const { n16, n32 } = numbers(littleEndian);
  const magic = nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4;
  const header = bytes(n32(magic), n16(2), n16(4), n32(0), n32(0), n32(65_535), n32(linkType));
  const records = frames.map(({ time, bytes: frame, length = frame.length }) => {
    const fraction = Math.round((time % 1000) * (nanoseconds ? 1e6 : 1e3));
    return bytes(n32(Math.floor(time / 1000)), n32(fraction), n32(frame.length), n32(length), frame);
  });
  return bytes(header, ...records);
}

export const option = (code: number, value: Bytes): { code: number; value: Bytes } => ({ code, value });

/** Blocks of a pcapng file in one byte order. */
export function blocks(littleEndian: boolean = true) {
  const { n16, n32 } = numbers(littleEndian);
  const padding = (length: number) => Buffer.alloc((4 - (length % 4)) % 4);
  const block = (type: number, body: Bytes): Bytes => {
    const total = n32(12 + body.length + padding(body.length).length);
    return bytes(n32(type), total, body, padding(body.length), total);
  };
  const options = (list: { code: number; value: Bytes }[]): Bytes =>
    list.length === 0
      ? bytes()
      : bytes(
          ...list.map(({ code, value }) => bytes(n16(code), n16(value.length), value, padding(value.length))),
          n32(0),
        );
  return {
    block,
    section: () =>
      block(0x0a0d0d0a, bytes(n32(0x1a2b3c4d), n16(1), n16(0), n32(0xffffffff), n32(0xffffffff))),
    interface: (linkType: number, list: { code: number; value: Bytes }[] = [], snapLength = 0) =>
      block(1, bytes(n16(linkType), n16(0), n32(snapLength), options(list))),
    /** @param ticks in the unit of the interface */
    enhanced: (ticks: bigint, frame: Bytes, { number = 0, length = frame.length } = {}) =>
      block(
        6,
        bytes(
          n32(number),
          n32(Number(ticks >> 32n)),
          n32(Number(ticks & 0xffffffffn)),
          n32(frame.length),
          n32(length),
          frame,
        ),
      ),
    /** The obsolete Packet Block. */
    obsolete: (ticks: bigint, frame: Bytes) =>
      block(
        2,
        bytes(
          n16(0),
          n16(0xffff),
          n32(Number(ticks >> 32n)),
          n32(Number(ticks & 0xffffffffn)),
          n32(frame.length),
          n32(frame.length),
          frame,
        ),
      ),
    simple: (frame: Bytes) => block(3, bytes(n32(frame.length), frame)),
    secrets: (text: string) => block(10, bytes(n32(0x544c534b), n32(text.length), Buffer.from(text))),
  };
}

/** A pcapng file with one interface of microseconds. */
export function pcapng(
  frames: readonly Frame[],
  { linkType = 1, littleEndian = true, secrets }: FileTraits & { secrets?: string } = {},
): Bytes {
  const make = blocks(littleEndian);
  return bytes(
    make.section(),
    make.interface(linkType),
    ...(secrets === undefined ? [] : [make.secrets(secrets)]),
    ...frames.map(({ time, bytes: frame, length }) =>
      make.enhanced(BigInt(Math.round(time * 1000)), frame, { length: length ?? frame.length }),
    ),
  );
}

function numbers(littleEndian: boolean): { n16(value: number): Bytes; n32(value: number): Bytes } {
  const order = (value: Bytes): Bytes => (littleEndian ? Uint8Array.from(value).reverse() : value);
  return { n16: (value) => order(u16(value)), n32: (value) => order(u32(value)) };
}

/** One QoS 0 publication on a connection of its own, on any link. */
export function onePublication(
  { linkType, header, v6 }: { linkType: number; header: Bytes; v6?: Bytes },
  version: 4 | 6,
): { linkType: number; frames: Frame[] } {
  const payload = bytes(connectFrame(), publish('a/b', 'hello'));
  const segments = [
    tcp({ source: CLIENT_PORT, destination: 1883, sequence: 99, flags: SYN }),
    tcp({ source: CLIENT_PORT, destination: 1883, sequence: 100, payload }),
  ];
  const frames = segments.map((segment, index) => ({
    time: 1_000 + index,
    bytes: version === 4 ? bytes(header, ipv4(segment)) : bytes(v6 as Bytes, ipv6(segment)),
  }));
  return { linkType, frames };
}
