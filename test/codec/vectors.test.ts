/** Every good vector, through everything that takes bytes or packets. */
import { describe, expect, test } from 'vitest';
import {
  connectReturnCode,
  decode,
  dissect,
  encode,
  type Fault,
  Framer,
  Malformed,
  type Packet,
  PROPERTIES,
  REASON,
  REASONS,
  type Version,
  validate,
} from '../../broker/codec/index.ts';
import { type GoodVector, goodVectors } from '../vectors/vectors.ts';
import { spanTroubles, uncovered } from './spans.ts';

const LONG = 400;

/** Where to cut a packet: everywhere, or where a long one is not mere payload. */
function cuts({ bytes, version }: GoodVector): number[] {
  if (bytes.length <= LONG) return Array.from(bytes.keys());
  const borders = dissect(bytes, version).spans.flatMap(({ start, end }) => [
    start - 1,
    start,
    start + 1,
    end - 1,
    end,
  ]);
  return [...new Set([...Array.from({ length: 20 }, (_, at) => at), ...borders])].filter(
    (at) => at >= 0 && at < bytes.length,
  );
}

function faultOf(bytes: Uint8Array, version: Version): Fault {
  try {
    decode(bytes, version);
  } catch (error) {
    if (error instanceof Malformed) return error.fault;
    throw error;
  }
  throw new Error('there was no fault');
}

/** Compares large arrays quickly: a difference is still shown in full. */
function expectBytes(found: Uint8Array, wanted: Uint8Array): void {
  if (Buffer.compare(found, wanted) !== 0) expect(found).toEqual(wanted);
}

/** Compares packets, whose payloads may be large. */
function expectPacket(found: Packet | undefined, wanted: Packet): void {
  if (found?.type !== 'publish' || wanted.type !== 'publish') return expect(found).toEqual(wanted);
  expectBytes(found.payload, wanted.payload);
  expect({ ...found, payload: 'compared' }).toEqual({ ...wanted, payload: 'compared' });
}

describe.each(goodVectors)('$title', (vector) => {
  const { bytes, packet, version, encodes } = vector;

  test('is read as the packet that it means, is written in its shortest form, and has nothing wrong with it', () => {
    const read = decode(bytes, version);
    expectPacket(read, packet);
    expect(Object.keys(properties(read))).toEqual(Object.keys(properties(packet)));
    expectBytes(encode(packet, version), encodes);
    expectPacket(decode(encodes, version), packet);
    expect(validate(packet, version)).toEqual([]);
  });

  test('is taken apart into spans that cover every bit once, in pre-order', () => {
    const { spans, packet: read, fault } = dissect(bytes, version);
    expect(fault).toBeUndefined();
    expectPacket(read, packet);
    expect(spanTroubles(spans, bytes.length)).toEqual([]);
    if (bytes.length <= LONG) expect(uncovered(spans, bytes.length)).toEqual([]);
  });

  test('comes whole out of a stream, wherever it is cut', () => {
    const next = Uint8Array.of(0xc0, 0);
    for (const at of cuts(vector)) {
      const framer = new Framer(version);
      const halves = [...framer.push(bytes.subarray(0, at)), ...framer.push(bytes.subarray(at))];
      const frames = [...halves, ...framer.push(next)];
      expect(frames.length).toBe(2);
      expectBytes(frames[0] as Uint8Array, bytes);
      expect(framer.pending).toBe(0);
    }
  });

  test('comes whole out of a stream in small pieces, with its last byte', () => {
    const size = bytes.length <= 10_000 ? 1 : 999;
    const framer = new Framer(version);
    const frames: Uint8Array[] = [];
    let cameAt = -1;
    for (let at = 0; at < bytes.length; at += size) {
      for (const frame of framer.push(bytes.subarray(at, at + size))) {
        frames.push(frame);
        cameAt = at + size;
      }
    }
    expect(frames.length).toBe(1);
    expectBytes(frames[0] as Uint8Array, bytes);
    expect(cameAt).toBeGreaterThanOrEqual(bytes.length);
  });

  test('breaks off at every length that is not its own, and may not have a byte behind it', () => {
    for (const length of cuts(vector)) {
      const part = bytes.subarray(0, length);
      const { spans, packet: none, fault } = dissect(part, version);
      expect(none).toBeUndefined();
      expect(fault).toMatchObject({ id: 'breaksOff', offset: length, rule: undefined });
      if (length > lengthBytes(bytes)) expect(fault?.values).toEqual({ missing: bytes.length - length });
      expect(spanTroubles(spans, length)).toEqual([]);
      expect(faultOf(part, version)).toEqual(fault);
    }
    for (const after of [Uint8Array.of(0), bytes.subarray(0, 3)]) {
      const both = Uint8Array.from(Buffer.concat([bytes, after]));
      const fault = faultOf(both, version);
      expect(fault).toMatchObject({
        id: 'bytesAfterEnd',
        offset: bytes.length,
        values: { count: after.length },
      });
      expect(spanTroubles(dissect(both, version).spans, bytes.length)).toEqual([]);
    }
  });
});

/** Where the Remaining Length ends. */
function lengthBytes(bytes: Uint8Array): number {
  return bytes.findIndex((byte, at) => at > 0 && byte < 0x80);
}

function properties(packet: object): object {
  return 'properties' in packet ? { ...(packet.properties as object) } : {};
}

describe('the vectors', () => {
  test('have every property in every place that may have it', () => {
    const wanted = PROPERTIES.flatMap(({ key, owners }) => owners.map((owner) => `${key} in ${owner}`));
    const found = goodVectors.flatMap(({ property, owner }) => (property ? [`${property} in ${owner}`] : []));
    expect([...new Set(found)].sort()).toEqual(wanted.sort());
  });

  test('have every reason code in every packet that may have it, by its name', () => {
    const wanted = Object.values(REASONS).flatMap(({ code, name, owners }) =>
      owners.map((owner) => `${owner} ${code} ${name}`),
    );
    const found = goodVectors
      .filter(({ version, meaning }) => version === 5 && meaning !== undefined)
      .map(({ packet, meaning }) => {
        const code =
          'reasonCode' in packet
            ? packet.reasonCode
            : 'reasonCodes' in packet
              ? packet.reasonCodes[0]
              : undefined;
        return `${packet.type} ${code} ${meaning}`;
      });
    expect(found.sort()).toEqual(wanted.sort());
  });

  test.each(goodVectors.filter(({ meaning }) => meaning !== undefined))(
    '$title: the code is explained',
    ({ bytes, version, meaning }) => {
      const meanings = dissect(bytes, version).spans.map((span) => span.meaning);
      // Where 5.0 leaves out a reason code of 0, there is nothing to explain.
      if (dissect(bytes, version).spans.some(({ field }) => /Reason$|ReturnCode$/.test(field)))
        expect(meanings).toContain(meaning);
      else expect(decode(bytes, version)).toMatchObject({ reasonCode: 0 });
    },
  );
});

describe('the return code of a refusal before 5.0', () => {
  test.each([
    ['Success', 0],
    ['UnsupportedProtocolVersion', 1],
    ['ClientIdentifierNotValid', 2],
    ['ServerUnavailable', 3],
    ['ServerBusy', 3],
    ['BadUserNameOrPassword', 4],
    ['NotAuthorized', 5],
    ['Banned', 5],
  ] as const)('for %s is %i', (name, code) => {
    expect(connectReturnCode(REASON[name])).toBe(code);
  });

  test('is none where no code suits [MQTT-3.2.2-6]', () => {
    expect(connectReturnCode(REASON.QuotaExceeded)).toBeUndefined();
    expect(connectReturnCode(REASON.MalformedPacket)).toBeUndefined();
  });
});
