/** The two file formats, in both byte orders and all their blocks; and files that are broken, each in its own way. */
import { describe, expect, test } from 'vitest';
import { FILE_FAULTS } from '../../broker/capture/index.ts';
import { type Bytes, blocks, bytes, type Frame, greeted, option, pcap, pcapng } from './craft.ts';
import { listing, publish, read } from './packets.ts';
import { tshark, withoutTshark } from './tshark.ts';

const talk = greeted().up(publish('a/b', 'hello'));
const { frames } = talk;
const LISTING = ['CONNECT', 'CONNACK', 'PUBLISH a/b'];
const [first] = frames as [Frame];
const TIMES = frames.map(({ time }) => time - first.time);

/** Frames of blocks that `make` writes, each `time` in units of which a second has `steps`. */
function withResolution(steps: bigint, list: { code: number; value: Bytes }[], shift = 0): Bytes {
  const make = blocks();
  const ticks = ({ time }: Frame) => (BigInt(time + shift) * steps) / 1000n;
  return bytes(
    make.section(),
    make.interface(1, list),
    ...frames.map((frame) => make.enhanced(ticks(frame), frame.bytes)),
  );
}

function obsolete(): Bytes {
  const make = blocks();
  return bytes(
    make.section(),
    make.interface(1),
    ...frames.map(({ time, bytes: frame }) => make.obsolete(BigInt(time * 1000), frame)),
  );
}

/** Name resolution, statistics and one that nobody knows, between frames. */
function withOtherBlocks(): Bytes {
  const make = blocks();
  const others = [
    make.block(4, bytes('00000000')),
    make.block(5, bytes('00000000 00000000 00000000')),
    make.block(0x1234, bytes('01')),
  ];
  const packets = frames.map(({ time, bytes: frame }) => make.enhanced(BigInt(time * 1000), frame));
  return bytes(make.section(), make.interface(1), ...packets.flatMap((packet) => [...others, packet]));
}

function inTwoSections(): Bytes {
  const half = 3;
  return bytes(pcapng(frames.slice(0, half)), pcapng(frames.slice(half), { littleEndian: false }));
}

function onTwoInterfaces(): Bytes {
  const make = blocks();
  const nanoseconds = [option(9, bytes(9))];
  const packet = ({ time, bytes: frame }: Frame, index: number) =>
    index % 2 === 0
      ? make.enhanced(BigInt(time * 1000), frame)
      : make.enhanced(BigInt(time) * 1_000_000n, frame, { number: 1 });
  return bytes(make.section(), make.interface(1), make.interface(1, nanoseconds), ...frames.map(packet));
}

const files: Record<string, Bytes> = {
  'pcap, little endian, microseconds': pcap(frames),
  'pcap, big endian, microseconds': pcap(frames, { littleEndian: false }),
  'pcap, little endian, nanoseconds': pcap(frames, { nanoseconds: true }),
  'pcap, big endian, nanoseconds': pcap(frames, { littleEndian: false, nanoseconds: true }),
  'pcap with the length of a checksum in its link type': pcap(frames, { linkType: 0x4400_0001 }),
  'pcapng, little endian': pcapng(frames),
  'pcapng, big endian': pcapng(frames, { littleEndian: false }),
  'pcapng of nanoseconds': withResolution(1_000_000_000n, [option(9, bytes(9))]),
  'pcapng of milliseconds': withResolution(1_000n, [option(9, bytes(3))]),
  'pcapng whose times have an offset': withResolution(
    1_000_000n,
    [option(14, bytes('0100000000000000'))],
    -1000,
  ),
  'pcapng with the obsolete Packet Block': obsolete(),
  'pcapng with blocks of other kinds': withOtherBlocks(),
  'pcapng in two sections of different byte orders': inTwoSections(),
  'pcapng of two interfaces': onTwoInterfaces(),
};

describe.each(Object.entries(files))('%s', (_, file) => {
  test.each([file.length, 100, 1])('is read in chunks of %d bytes', async (size) => {
    const contents = await read(file, {}, size);
    expect(contents.fault).toBeUndefined();
    expect(listing(contents)).toEqual(LISTING);
    expect(contents.frames).toBe(frames.length);
    expect(contents.packets.map(({ time }) => time)).toEqual([TIMES[3], TIMES[4], TIMES[5]]);
    expect(contents.startedAt).toBe(BigInt(first.time) * 1_000_000n);
  });

  test.skipIf(withoutTshark)('is a capture to tshark as well', () => {
    const times = tshark(file, '-T', 'fields', '-e', 'frame.time_relative').trim().split('\n');
    expect(times.map((time) => Math.round(1000 * Number(time)))).toEqual(TIMES);
  });
});

describe('times', () => {
  test('a resolution can be a power of 2', async () => {
    const make = blocks();
    const ticks = [0n, 1n, 2n, 3n, 4n, 512n];
    const packets = frames.map(({ bytes: frame }, index) => make.enhanced(ticks[index] as bigint, frame));
    const contents = await read(
      bytes(make.section(), make.interface(1, [option(9, bytes(0x8a))]), ...packets),
    );
    expect(contents.packets.map(({ time }) => time)).toEqual(
      [(3 / 1024) * 1000, (4 / 1024) * 1000, 500].map((time) => expect.closeTo(time, 5)),
    );
  });

  test('frames of a Simple Packet Block have none', async () => {
    const make = blocks();
    const contents = await read(
      bytes(make.section(), make.interface(1), ...frames.map(({ bytes: frame }) => make.simple(frame))),
    );
    expect(listing(contents)).toEqual(LISTING);
    expect(contents.startedAt).toBeUndefined();
    expect(contents.packets.map(({ time }) => time)).toEqual([0, 0, 0]);
  });

  test('nanoseconds are kept', async () => {
    const make = blocks();
    const start = 1_795_390_661_350_531_276n;
    const packets = frames.map(({ bytes: frame }, index) => make.enhanced(start + 7n * BigInt(index), frame));
    const contents = await read(bytes(make.section(), make.interface(1, [option(9, bytes(9))]), ...packets));
    expect(contents.startedAt).toBe(start);
    expect(contents.packets.map(({ time }) => Math.round(time * 1e6))).toEqual([21, 28, 35]);
  });

  test('a Simple Packet Block whose frame was cut ends where the interface cuts', async () => {
    const make = blocks();
    const long = bytes((frames[3] as Frame).bytes, new Uint8Array(100));
    const cut = bytes(Buffer.from(Uint32Array.of(long.length).buffer), long.subarray(0, 96));
    const contents = await read(bytes(make.section(), make.interface(1, [], 96), make.block(3, cut)));
    expect(contents.fault).toBeUndefined();
    expect(contents.frames).toBe(1);
  });
});

describe('a broken file is told with the byte at which it is broken, and read up to there', () => {
  const whole = pcapng(frames);
  const classic = pcap(frames);
  const make = blocks();
  const start = bytes(make.section(), make.interface(1));
  const lengthOf = (file: Bytes, from: number) => Buffer.from(file).readUInt32LE(from);
  const patched = (file: Bytes, at: number, value: number) => {
    const copy = Buffer.from(file);
    copy.writeUInt32LE(value, at);
    return copy;
  };
  const second = start.length + lengthOf(whole, start.length + 4);

  const cases: { name: string; file: Bytes; id: keyof typeof FILE_FAULTS; offset: number; frames: number }[] =
    [
      { name: 'nothing in it', file: bytes(), id: 'empty', offset: 0, frames: 0 },
      { name: 'two bytes', file: bytes('0a0d'), id: 'notCapture', offset: 0, frames: 0 },
      { name: 'text', file: Buffer.from('Hello, world'), id: 'notCapture', offset: 0, frames: 0 },
      {
        name: 'something compressed',
        file: bytes('1f8b0800 00000000'),
        id: 'compressed',
        offset: 0,
        frames: 0,
      },
      {
        name: 'a byte order that is neither',
        file: patched(whole, 8, 0x01020304),
        id: 'byteOrder',
        offset: 8,
        frames: 0,
      },
      {
        name: 'a later version of pcapng',
        file: patched(whole, 12, 2),
        id: 'version',
        offset: 12,
        frames: 0,
      },
      { name: 'a later version of pcap', file: patched(classic, 4, 3), id: 'version', offset: 4, frames: 0 },
      {
        name: 'a block length that is no multiple of four',
        file: patched(whole, second + 4, 33),
        id: 'blockLength',
        offset: second + 4,
        frames: 1,
      },
      {
        name: 'a block length below the least',
        file: patched(whole, second + 4, 8),
        id: 'blockLength',
        offset: second + 4,
        frames: 1,
      },
      {
        name: 'a block length beyond reason',
        file: patched(whole, second + 4, 0xfffffffc),
        id: 'blockLength',
        offset: second + 4,
        frames: 1,
      },
      {
        name: 'a block that is too short for its own fields',
        file: bytes(start, make.block(6, bytes('00000000'))),
        id: 'blockLength',
        offset: start.length + 4,
        frames: 0,
      },
      {
        name: 'another length at the end of a block',
        file: patched(whole, second - 4, 12),
        id: 'blockEnd',
        offset: start.length,
        frames: 0,
      },
      {
        name: 'a frame longer than its block',
        file: patched(whole, second + 20, 9999),
        id: 'frameOutside',
        offset: second + 20,
        frames: 1,
      },
      {
        name: 'a frame of an interface that is not there',
        file: patched(whole, second + 8, 3),
        id: 'interfaceUnknown',
        offset: second + 8,
        frames: 1,
      },
      {
        name: 'a frame length beyond reason',
        file: patched(classic, 24 + 8, 0x7fffffff),
        id: 'frameLength',
        offset: 24 + 8,
        frames: 0,
      },
      {
        name: 'an end within a block',
        file: whole.subarray(0, second + 30),
        id: 'breaksOff',
        offset: second,
        frames: 1,
      },
      {
        name: 'an end within a record',
        file: classic.subarray(0, classic.length - 1),
        id: 'breaksOff',
        offset: classic.length - 16 - (frames.at(-1) as Frame).bytes.length,
        frames: frames.length - 1,
      },
      {
        name: 'an end within the header',
        file: classic.subarray(0, 20),
        id: 'breaksOff',
        offset: 0,
        frames: 0,
      },
    ];

  test.each(cases)('$name', async ({ file, id, offset, frames: count }) => {
    for (const size of [file.length, 1]) {
      const contents = await read(file, {}, size);
      expect(contents.fault).toMatchObject({ id, offset });
      expect(contents.frames).toBe(count);
    }
  });

  test('every fault of the table has its case', () => {
    expect([...new Set(cases.map(({ id }) => id))].sort()).toEqual(Object.keys(FILE_FAULTS).sort());
  });
});
