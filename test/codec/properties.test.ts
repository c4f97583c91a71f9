/** What holds of any packet and of any bytes. fast-check prints the seed of a failure, and the smallest case it found. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decode,
  dissect,
  encode,
  type Fault,
  Framer,
  Malformed,
  type Packet,
  type Version,
  validate,
} from '../../broker/codec/index.ts';
import { packetOf } from './arbitrary.ts';
import { spanTroubles, uncovered } from './spans.ts';

const versions = [3, 4, 5] as const;
const RUNS = 1000;

/** The packet, or the fault; whatever else is thrown is a failure of the test. */
function read(bytes: Uint8Array, version: Version): { packet?: Packet; fault?: Fault } {
  try {
    return { packet: decode(bytes, version) };
  } catch (error) {
    if (error instanceof Malformed) return { fault: error.fault };
    throw error;
  }
}

/** What has to hold of any bytes at all. */
function holdsOf(bytes: Uint8Array, version: Version): void {
  const before = Uint8Array.from(bytes);
  const { packet, fault } = read(bytes, version);
  const dissection = dissect(bytes, version);
  expect(dissection.fault).toEqual(fault);
  expect(spanTroubles(dissection.spans, bytes.length)).toEqual([]);
  expect(bytes).toEqual(before);
  if (fault !== undefined) {
    expect(fault.offset).toBeGreaterThanOrEqual(0);
    expect(fault.offset).toBeLessThanOrEqual(bytes.length);
  }
  if (packet === undefined) return;
  expect(uncovered(dissection.spans, bytes.length)).toEqual([]);
  // What was understood can be said again, and means the same.
  const own = packet.type === 'connect' ? packet.version : version;
  expect(validate(packet, own)).toEqual([]);
  expect(read(encode(packet, own), own)).toEqual({ packet });
}

describe.each(versions)('version %i', (version) => {
  test('any allowed packet is read as it was written, and has nothing wrong with it', () => {
    fc.assert(
      fc.property(packetOf(version), (packet) => {
        const bytes = encode(packet, version);
        expect(decode(bytes, version)).toEqual(packet);
        expect(validate(packet, version)).toEqual([]);
        const { spans, fault } = dissect(bytes, version);
        expect(fault).toBeUndefined();
        expect(spanTroubles(spans, bytes.length)).toEqual([]);
        if (bytes.length < 500) expect(uncovered(spans, bytes.length)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  test('an allowed packet that breaks off does so wherever it is cut', () => {
    fc.assert(
      fc.property(
        packetOf(version),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (packet, where) => {
          const bytes = encode(packet, version);
          const part = bytes.subarray(0, Math.floor(where * bytes.length));
          expect(read(part, version).fault).toMatchObject({ id: 'breaksOff', offset: part.length });
          expect(spanTroubles(dissect(part, version).spans, part.length)).toEqual([]);
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('nothing but Malformed is thrown at any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => holdsOf(bytes, version)),
      { numRuns: RUNS },
    );
  });

  test('nothing but Malformed is thrown at any bytes behind a header that fits them', () => {
    const body = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), body, (first, rest) =>
        holdsOf(Uint8Array.of(first, rest.length, ...rest), version),
      ),
      { numRuns: RUNS },
    );
  });

  test('nothing but Malformed is thrown at an allowed packet with some bytes changed, cut out or put in', () => {
    const change = fc.record({
      where: fc.nat({ max: 300 }),
      out: fc.nat({ max: 2 }),
      put: fc.uint8Array({ maxLength: 2 }),
      mendsLength: fc.boolean(),
    });
    fc.assert(
      fc.property(packetOf(version), fc.array(change, { minLength: 1, maxLength: 3 }), (packet, changes) => {
        const bytes = Array.from(encode(packet, version).subarray(0, 400));
        for (const { where, out, put, mendsLength } of changes) {
          bytes.splice(where % bytes.length, out, ...put);
          if (mendsLength && bytes.length > 2 && bytes.length < 130) bytes[1] = bytes.length - 2;
          if (bytes.length === 0) bytes.push(0);
        }
        holdsOf(Uint8Array.from(bytes), version);
      }),
      { numRuns: 2 * RUNS },
    );
  });

  test('a stream gives the packets that were put into it, however it is cut', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(packetOf(version), { maxLength: 8 }), cuts, (packets, sizes) => {
        const frames = packets.map((packet) => encode(packet, version));
        const stream = Uint8Array.from(Buffer.concat(frames));
        const framer = new Framer(version);
        const found: Buffer[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = (sizes[turn % sizes.length] as number) * (stream.length > 5000 ? 1000 : 1);
          // The chunk is used again for other things, as a host may do.
          const chunk = stream.slice(at, at + size);
          for (const frame of framer.push(chunk)) found.push(Buffer.from(frame));
          chunk.fill(0xee);
          at += size;
        }
        expect(framer.pending).toBe(0);
        expect(found.length).toBe(frames.length);
        for (const [index, frame] of found.entries())
          expect(Buffer.compare(frame, frames[index] as Uint8Array)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  test('packets that were written stay as they are while others are written', () => {
    fc.assert(
      fc.property(fc.array(packetOf(version), { minLength: 2, maxLength: 10 }), (packets) => {
        const frames = packets.map((packet) => encode(packet, version));
        expect(frames.map((frame) => decode(frame, version))).toEqual(packets);
      }),
      { numRuns: 200 },
    );
  });
});
