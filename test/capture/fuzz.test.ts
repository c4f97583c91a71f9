/** Bytes that mean nothing, or nearly something: a capture is read to its end or to a message, and nothing is thrown. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CaptureContents,
  dissectFrame,
  dissectPacket,
  FINDINGS,
  Secrets,
  wiresharkRows,
} from '../../broker/capture/index.ts';
import { bytes, greeted, LINKS, pcap, pcapng, Talk } from './craft.ts';
import { publish, read } from './packets.ts';
import { record } from './recorded.ts';

const SEED = 20_260_101;
const runs = (numRuns: number) => ({ seed: SEED, numRuns });

const path = (name: string) => fileURLToPath(new URL(`../../content/captures/${name}`, import.meta.url));
const names = ['v5-shared-subscription', 'v311-pubsub-qos2', 'v311-tls12-keylog', 'v5-retain'];
const files = names.map((name) => readFileSync(path(`${name}.pcapng`)));
const keyLog = readFileSync(path('v311-tls12-keylog.keylog'), 'utf8');

function secrets(): Secrets {
  const known = new Secrets();
  known.add(keyLog);
  return known;
}

/** Everything that a viewer would ask of a capture. */
function expectSound(contents: CaptureContents): void {
  const { packets, conversations, findings, fault } = contents;
  const streams = new Set(conversations.map(({ stream }) => stream));
  for (const [index, packet] of packets.entries()) {
    expect(packet.number).toBe(index + 1);
    expect(streams.has(packet.stream)).toBe(true);
    expect(packet.bytes.length).toBeGreaterThan(0);
    dissectPacket(packet);
  }
  expect(wiresharkRows(contents).length).toBe(packets.length);
  for (const { id, message } of findings) {
    expect(FINDINGS[id]).toBeDefined();
    expect(message).not.toMatch(/[{}]|undefined|NaN/);
  }
  if (fault !== undefined) expect(fault.message).not.toMatch(/[{}]|undefined|NaN/);
}

/** Changes to a file: bytes overwritten, taken away, put in, or moved. */
const changes = fc.array(
  fc.record({
    kind: fc.constantFrom('overwrite', 'remove', 'insert', 'repeat'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    with: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  { minLength: 1, maxLength: 8 },
);

function changed(
  file: Uint8Array,
  list: readonly { kind: string; at: number; with: Uint8Array }[],
): Uint8Array {
  return list.reduce((before: Uint8Array, { kind, at, with: other }) => {
    const place = Math.floor(at * before.length);
    const [front, back] = [before.subarray(0, place), before.subarray(place)];
    if (kind === 'overwrite') return bytes(front, other, back.subarray(other.length));
    if (kind === 'remove') return bytes(front, back.subarray(other.length));
    return kind === 'insert' ? bytes(front, other, back) : bytes(front, back.subarray(0, 100), back);
  }, file);
}

describe('a capture file', () => {
  test('of anything at all is read', async () => {
    const magics = [
      '0a0d0d0a 1c000000 4d3c2b1a',
      '0a0d0d0a 0000001c 1a2b3c4d',
      'd4c3b2a1 0200 0400',
      'a1b23c4d 0002 0004',
      '',
    ];
    const any = fc.record({
      magic: fc.constantFrom(...magics),
      rest: fc.uint8Array({ maxLength: 300 }),
      size: fc.integer({ min: 1, max: 50 }),
    });
    await fc.assert(
      fc.asyncProperty(any, async ({ magic, rest, size }) =>
        expectSound(await read(bytes(magic, rest), {}, size)),
      ),
      runs(1000),
    );
  });

  test('that was changed anywhere is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), changes, async (file, list) =>
        expectSound(await read(changed(file, list), { secrets: secrets() })),
      ),
      runs(1000),
    );
  });

  test('that was cut anywhere gives what was before the cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (file, at) => {
          const whole = await read(file);
          const part = await read(file.subarray(0, Math.floor(at * file.length)));
          expectSound(part);
          const hex = (contents: CaptureContents) =>
            contents.packets
              .filter(({ missing }) => missing === 0)
              .map((packet) => Buffer.from(packet.bytes).toString('hex'));
          expect(hex(part)).toEqual(hex(whole).slice(0, hex(part).length));
        },
      ),
      runs(200),
    );
  });
});

describe('a frame', () => {
  test('of anything at all is taken apart, and its spans lie within it', () => {
    const links = Object.values(LINKS);
    fc.assert(
      fc.property(
        fc.constantFrom(...links),
        fc.uint8Array({ maxLength: 120 }),
        ({ linkType, header }, rest) => {
          const frame = bytes(header, rest);
          for (const { start, end } of dissectFrame(frame, linkType).spans) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(end).toBeGreaterThanOrEqual(start);
            expect(end).toBeLessThanOrEqual(frame.length);
          }
        },
      ),
      runs(3000),
    );
  });
});

describe('a stream', () => {
  const segments = fc.array(
    fc.record({ up: fc.boolean(), payload: fc.uint8Array({ minLength: 1, maxLength: 60 }) }),
    { maxLength: 12 },
  );
  const beginnings: Record<string, () => Talk> = {
    'of MQTT': () => greeted(),
    'from the middle of MQTT': () => new Talk().up(publish('a', 'x')),
    'from its beginning': () => new Talk().open(),
    'from its middle': () => new Talk(),
    'on another port': () => new Talk({ ports: [50_000, 4711] }),
    'of WebSocket': () =>
      new Talk({ ports: [50_000, 80] })
        .open()
        .up(Buffer.from('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'))
        .down(Buffer.from('HTTP/1.1 101 x\r\n\r\n'))
        .up(bytes('82 85 00000000 10 0d 00 04 4d')),
    'of TLS': () =>
      new Talk({ ports: [50_000, 8883] })
        .open()
        .up(bytes('16 03 01 0030 01 00002c 0303', '07'.repeat(32), '00 0002 1301 01 00 0000 00')),
  };

  test.each(Object.entries(beginnings))('%s, going on with anything, is read', async (_, begin) => {
    await fc.assert(
      fc.asyncProperty(segments, async (list) => {
        const talk = begin();
        for (const { up, payload } of list) talk[up ? 'up' : 'down'](payload);
        expectSound(await read(pcap(talk.frames)));
      }),
      runs(300),
    );
  });

  test('whose segments come in any order, some twice, gives the packets that were sent', async () => {
    const payloads = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(
        payloads,
        fc.infiniteStream(fc.integer({ min: 0, max: 2 ** 31 })),
        fc.integer({ min: 1, max: 200 }),
        async (list, chance, size) => {
          const talk = greeted(new Talk({ client: 2 ** 32 - 500 }));
          const before = talk.frames.length;
          const stream = bytes(...list.map((length, index) => publish(`t/${index}`, 'y'.repeat(length))));
          for (let at = 0; at < stream.length; at += size) talk.up(stream.subarray(at, at + size));
          const tail = talk.frames.splice(before);
          while (tail.length > 0) {
            const { value } = chance.next();
            const [frame] = value % 5 === 0 ? [tail[0]] : tail.splice(value % Math.min(tail.length, 8), 1);
            if (frame !== undefined) talk.frames.push(frame);
          }
          const contents = await read(pcap(talk.frames));
          expectSound(contents);
          const sent = contents.packets.filter(({ type }) => type === 'publish');
          expect(Buffer.concat(sent.map((packet) => packet.bytes)).length).toBe(stream.length);
          expect(sent.map(({ topic }) => topic).sort()).toEqual(list.map((_, index) => `t/${index}`).sort());
        },
      ),
      runs(200),
    );
  });

  test('over TLS whose records were changed is read', async () => {
    const { talk, secrets: log } = await record({ version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' }, [
      { up: publish('a', 'x') },
      { up: publish('b', 'x') },
    ]);
    const file = pcapng(talk.frames, { secrets: log });
    await fc.assert(
      fc.asyncProperty(changes, async (list) => expectSound(await read(changed(file, list)))),
      runs(300),
    );
  });
});
