/** One packet in its envelopes: every byte belongs to a layer, sizes are those of the standards, and what was wrapped comes out again. */
import { createDecipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  dissectFrame,
  type EnvelopeOptions,
  envelope,
  layerValue,
  writePcapng,
} from '../../broker/capture/index.ts';
import { listing, publish, read } from './packets.ts';
import { tsharkFields, withoutTshark } from './tshark.ts';

const PACKET = publish('Room1/Light', 'on');

const sizes = (frame: Uint8Array, options: EnvelopeOptions = {}) =>
  Object.fromEntries(envelope(frame, options).sizes.map(({ layer, bytes }) => [layer, bytes]));

const kinds: EnvelopeOptions[] = [true, false].flatMap((tls) =>
  [true, false].flatMap((websocket) =>
    (['client', 'broker'] as const).flatMap((from) =>
      ([4, 6] as const).map((ipVersion) => ({ tls, websocket, from, ipVersion })),
    ),
  ),
);

const lengths = [1, 100, 126, 1400, 1448, 5000, 20_000, 70_000];

describe.each(kinds)('%j', (options) => {
  test.each(lengths)(
    'a payload of %d bytes: each byte belongs to one layer, and the sizes add up',
    (length) => {
      const frame = publish('t', 'y'.repeat(length));
      const { frames, sizes: found, total } = envelope(frame, options);
      for (const { bytes, plain, parts } of frames) {
        let at = 0;
        for (const { start, end } of parts) {
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBe(bytes.length);
        expect(plain.length).toBe(bytes.length);
        expect(bytes.length).toBeLessThanOrEqual(1514);
      }
      expect(found.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(total);
      expect(found.find(({ layer }) => layer === 'mqtt')?.bytes).toBe(frame.length);
      const inner = frames.flatMap(({ plain, parts }) =>
        parts.filter(({ layer }) => layer === 'mqtt').map(({ start, end }) => plain.subarray(start, end)),
      );
      expect(Buffer.concat(inner).equals(frame)).toBe(true);
    },
  );

  test('the headers’ fields lie in their layers', () => {
    const { frames } = envelope(PACKET, options);
    for (const { spans, parts } of frames) {
      for (const { layer } of parts)
        if (layer !== 'mqtt') expect(spans.some((span) => span.layer === layer)).toBe(true);
      for (const { layer, start, field } of spans) {
        if (field === 'header')
          expect(parts.some((part) => part.layer === layer && part.start === start)).toBe(true);
      }
    }
  });
});

describe('the sizes', () => {
  test('over TCP', () => {
    expect(sizes(PACKET)).toEqual({ ethernet: 14, ipv4: 20, tcp: 32, mqtt: 17 });
    expect(sizes(PACKET, { ipVersion: 6 })).toEqual({ ethernet: 14, ipv6: 40, tcp: 32, mqtt: 17 });
  });

  test('over TLS 1.3: a header of five bytes, one for the type, sixteen for the tag', () => {
    expect(sizes(PACKET, { tls: true })).toEqual({ ethernet: 14, ipv4: 20, tcp: 32, tls: 22, mqtt: 17 });
  });

  test('over WebSocket: two, four or ten bytes, and four for the mask of a client', () => {
    const header = (length: number, from: 'client' | 'broker') =>
      sizes(publish('t', 'y'.repeat(length)), { websocket: true, from })['websocket'];
    expect([1, 200, 70_000].map((length) => header(length, 'broker'))).toEqual([2, 4, 10]);
    expect([1, 200, 70_000].map((length) => header(length, 'client'))).toEqual([6, 8, 14]);
  });

  test('a payload beyond one segment costs the headers again', () => {
    expect(sizes(publish('t', 'y'.repeat(2000)))).toMatchObject({ ethernet: 28, ipv4: 40, tcp: 64 });
  });
});

describe('what was wrapped', () => {
  const file = (options: EnvelopeOptions) =>
    writePcapng({
      linkType: 1,
      frames: envelope(PACKET, options).frames.map(({ bytes }) => ({ time: 1, bytes })),
    });

  test.each([
    {},
    { websocket: true },
    { websocket: true, from: 'broker' as const },
    { ipVersion: 6 as const },
  ])('%j is read as the packet it was', async (options) => {
    expect(listing(await read(file(options)))).toEqual(['PUBLISH Room1/Light']);
  });

  test('in TLS can be opened by another program that knows the key', () => {
    const [frame] = envelope(PACKET, { tls: true }).frames;
    const { bytes, parts } = frame as NonNullable<typeof frame>;
    const record = bytes.subarray(parts.find(({ layer }) => layer === 'tls')?.start);
    const key = Uint8Array.from({ length: 32 }, (_, index) => index);
    const decipher = createDecipheriv('chacha20-poly1305', key, new Uint8Array(12), { authTagLength: 16 });
    decipher
      .setAAD(record.subarray(0, 5), { plaintextLength: PACKET.length + 1 })
      .setAuthTag(record.subarray(-16));
    expect(Buffer.concat([decipher.update(record.subarray(5, -16)), decipher.final()])).toEqual(
      Buffer.concat([PACKET, Buffer.of(23)]),
    );
  });

  test('in a WebSocket is masked by a client alone', () => {
    const has = (from: 'client' | 'broker') =>
      Buffer.from(
        (envelope(PACKET, { websocket: true, from }).frames[0] as { bytes: Uint8Array }).bytes,
      ).includes('Room1');
    expect([has('client'), has('broker')]).toEqual([false, true]);
  });

  test.skipIf(withoutTshark).each([{}, { tls: true }, { ipVersion: 6 as const }])(
    '%j has the fields that tshark sees',
    (options) => {
      const [frame] = envelope(PACKET, options).frames;
      const { spans, bytes } = frame as NonNullable<typeof frame>;
      expect(spans.slice(0, dissectFrame(bytes, 1).spans.length)).toEqual(dissectFrame(bytes, 1).spans);
      const named = spans.filter(
        ({ filter, value }) => filter !== undefined && value !== undefined && !(value instanceof Uint8Array),
      );
      const filters = [...new Set(named.map(({ filter }) => filter as string))];
      const mine = filters.map((filter) =>
        named
          .filter((span) => span.filter === filter)
          .map(layerValue)
          .join(';'),
      );
      expect(
        tsharkFields(file(options), 'frame', filters, '-o', 'tcp.relative_sequence_numbers:FALSE'),
      ).toEqual([mine]);
    },
  );
});
