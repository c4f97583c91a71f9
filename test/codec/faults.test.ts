/** Every vector that is to be refused, and the sentences with which it is. */
import { describe, expect, test } from 'vitest';
import {
  decode,
  dissect,
  encode,
  FAULTS,
  Framer,
  Malformed,
  PACKET_TYPES,
  validate,
} from '../../broker/codec/index.ts';
import { faultVectors, goodVectors } from '../vectors/vectors.ts';
import { spanTroubles } from './spans.ts';

/** Found by the framer, which alone knows how large a packet may be. */
const OF_THE_FRAMER = ['packetTooLarge'];

describe.each(faultVectors)('$title', ({ bytes, version, fault: wanted }) => {
  test(`is refused: ${wanted.id}`, () => {
    const { spans, packet, fault } = dissect(bytes, version);
    expect(fault).toMatchObject(wanted);
    expect(fault?.message).not.toMatch(/[{}]|undefined|NaN/);
    expect(spanTroubles(spans, bytes.length)).toEqual([]);
    expect(() => decode(bytes, version)).toThrow(new Malformed(fault as NonNullable<typeof fault>));
    if (packet === undefined || Buffer.compare(encode(packet, version), bytes) !== 0) return;
    const [first] = validate(packet, version);
    expect(first).toEqual(fault);
  });
});

describe('the table of faults', () => {
  test.each(Object.keys(FAULTS))('%s has a vector', (id) => {
    const ids: string[] = [...OF_THE_FRAMER, ...faultVectors.map(({ fault }) => fault.id)];
    expect(ids).toContain(id);
  });

  test.each(Object.entries(FAULTS))(
    '%s is a sentence with a reason code of a failure',
    (_, { text, reasonCode }) => {
      expect(text).toMatch(/^[A-Z{].*\.$/);
      expect(reasonCode).toBeGreaterThanOrEqual(0x80);
    },
  );

  test('a packet that is larger than allowed is refused as soon as its length is known', () => {
    const framer = new Framer(5, 100);
    expect([...framer.push(Uint8Array.of(0x30))]).toEqual([]);
    expect(() => [...framer.push(Uint8Array.of(0x63))]).toThrow(
      'The packet has 101 bytes, and 100 are allowed. (byte 1)',
    );
    expect([...new Framer(5, 100).push(Uint8Array.of(0x30, 0x62))]).toEqual([]);
  });
});

describe('a fault of the first byte', () => {
  const shortest = new Map(goodVectors.map((vector) => [`${vector.packet.type} ${vector.version}`, vector]));

  test.each([...shortest])(
    '%s with any other flags than its own is read only where they have no meaning',
    (_, { bytes, version, packet }) => {
      const row = PACKET_TYPES.find(({ type }) => type === packet.type);
      for (let flags = 0; flags < 16; flags++) {
        const changed = Uint8Array.from(bytes);
        changed[0] = ((bytes[0] as number) & 0xf0) | flags;
        const { fault } = dissect(changed, version);
        const isUnused = version === 3 && (flags & 0b0010) === ((row?.flags ?? 0) & 0b0010);
        if (packet.type === 'publish') expect(fault?.id === 'qosThree').toBe((flags & 0b0110) === 0b0110);
        else expect(fault?.id).toBe(flags === row?.flags || isUnused ? undefined : 'flagsReserved');
      }
    },
  );
});

describe('reason codes', () => {
  const carriers = new Map(
    goodVectors
      .filter(({ version, meaning, bytes }) => version === 5 && meaning !== undefined && bytes.length > 2)
      .map((vector) => [vector.packet.type, vector]),
  );

  test.each([...carriers])('%s takes those of its table and no other', (type, { bytes, packet }) => {
    const allowed = goodVectors.filter(
      (vector) => vector.meaning !== undefined && vector.version === 5 && vector.packet.type === type,
    );
    const { spans } = dissect(bytes, 5);
    const at = spans.find(({ field }) => field.endsWith('Reason'))?.start as number;
    const codes = [];
    for (let code = 0; code < 256; code++) {
      const changed = Uint8Array.from(bytes);
      changed[at] = code;
      const { fault } = dissect(changed, 5);
      if (fault === undefined) codes.push(code);
      else expect(fault).toMatchObject({ id: 'reasonUnknown', offset: at });
    }
    expect(codes.length).toBe(allowed.length);
    expect(packet.type).toBe(type);
  });
});
