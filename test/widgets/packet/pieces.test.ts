// The smaller pieces of the widget: hexadecimal digits, differences, folds, links, what is lit, and the words.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode, PACKET_TYPES, type Version } from '#broker/codec/index.ts';
import { dictionary } from '../../../src/i18n/index.ts';
import { samples } from '../../../src/lessons/packet-parts.ts';
import { recount } from '../../../src/widgets/packet/bytes.ts';
import { difference } from '../../../src/widgets/packet/difference.ts';
import { foldLines } from '../../../src/widgets/packet/folds.ts';
import { ascii, hexBytes, parseHex } from '../../../src/widgets/packet/hex.ts';
import { fromFragment, toFragment } from '../../../src/widgets/packet/link.ts';
import { Lit } from '../../../src/widgets/packet/lit.ts';
import { mends } from '../../../src/widgets/packet/mend.ts';
import { open } from '../../../src/widgets/packet/opened.ts';
import { rowsOf } from '../../../src/widgets/packet/rows.ts';
import {
  bitLabel,
  byteLabel,
  mendBytes,
  mendLabel,
  mendNote,
  rowSentence,
  whyFault,
} from '../../../src/widgets/packet/say.ts';
import { summarize } from '../../../src/widgets/packet/summary.ts';

const PUBLISH = '30 14 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 54 75 72 6E 20 4F 6E';
const { packet, fields } = dictionary('en');
const words = { packet, fields };
const opened = (hex: string, version: Version = 4) => open(parseHex(hex) ?? new Uint8Array(), version);

describe('hexadecimal digits', () => {
  test.each(['30 14', '3014', '0x30, 0x14', '30:14', '30-14\n', '  30\t14 '])('%j is two bytes', (text) => {
    expect(parseHex(text)).toEqual(Uint8Array.of(0x30, 0x14));
  });

  test.each(['3', '3 0', '30 1', '3g', 'topic'])('%j is none', (text) => {
    expect(parseHex(text)).toBeUndefined();
  });

  test('what is written is read again', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(parseHex(hexBytes(bytes))).toEqual(bytes);
      }),
    );
  });

  test('a space can be seen, and what cannot be printed is a dot', () => {
    expect([0x20, 0x41, 0x7e, 0x7f, 0x00, 0xff].map(ascii)).toEqual(['␣', 'A', '~', '·', '·', '·']);
  });
});

describe('differences', () => {
  test('few changes are found as they are', () => {
    const [old, now] = ['36 14 00 01 61 62', '32 16 00 01 61 00 01 62'].map(
      (hex) => parseHex(hex) ?? new Uint8Array(),
    ) as [Uint8Array, Uint8Array];
    expect(difference(old, now)).toEqual([
      { at: 0, gone: [0x36, 0x14], come: [0x32, 0x16] },
      { at: 5, gone: [], come: [0x00, 0x01] },
    ]);
  });

  test('changes lead from the old bytes to the new ones', () => {
    const few = fc.uint8Array({ maxLength: 30, max: 3 });
    fc.assert(
      fc.property(few, few, (old, now) => {
        const result = [...old];
        for (const { at, gone, come } of difference(old, now).reverse())
          result.splice(at, gone.length, ...come);
        expect(result).toEqual([...now]);
      }),
    );
  });
});

test('the Remaining Length is counted again, however many bytes it takes', () => {
  for (const count of [0, 1, 127, 128, 16_383, 16_384]) {
    const bytes = recount(new Uint8Array(2 + count));
    expect(bytes.length).toBe(2 + count + (count > 127 ? 1 : 0) + (count > 16_383 ? 1 : 0));
  }
});

describe('folds', () => {
  test('a short list is shown whole', () => {
    expect(foldLines(4, 16, [])).toEqual([0, 1, 2, 3]);
  });

  test('a long list shows its beginning and the lines that are asked for', () => {
    expect(foldLines(100, 2, [50, 99])).toEqual([0, 1, { from: 2, to: 50 }, 50, { from: 51, to: 99 }, 99]);
  });

  test('a gap of two lines is not worth a fold', () => {
    expect(foldLines(6, 2, [4])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('every line is shown or folded, once', () => {
    const line = fc.nat({ max: 60 });
    fc.assert(
      fc.property(line, line, fc.array(line), (total, limit, kept) => {
        const lines = foldLines(total, limit, kept).flatMap((fold) =>
          typeof fold === 'number'
            ? [fold]
            : Array.from({ length: fold.to - fold.from }, (_, index) => fold.from + index),
        );
        expect(lines).toEqual(Array.from({ length: total }, (_, index) => index));
      }),
    );
  });
});

describe('links', () => {
  const bytes = parseHex(PUBLISH) ?? new Uint8Array();

  test('a packet comes back from its address as it was', () => {
    const linked = { version: 5, bytes, key: 'property:userProperty#2' } as const;
    expect(fromFragment('figure', toFragment('figure', linked))).toEqual(linked);
    expect(fromFragment('figure', toFragment('figure', { version: 4, bytes }))).toEqual({
      version: 4,
      bytes,
      key: undefined,
    });
  });

  test.each([
    '',
    '#',
    '#figure',
    '#figure=',
    '#figure=3.1.1',
    '#figure=3.1.1:3',
    '#figure=9:30',
    '#other=3.1.1:3000',
    '#figure=3.1.1:xx',
  ])('%j carries none', (fragment) => {
    const linked = fromFragment('figure', fragment);
    expect(linked === undefined || linked.bytes.length === 0).toBe(true);
  });
});

describe('what is lit', () => {
  const [one, other, third] = ['qos', 'topic', 'message'].map((key) => ({ packet: 'figure', key })) as [
    { packet: string; key: string },
    { packet: string; key: string },
    { packet: string; key: string },
  ];

  test('what is pointed at comes before what has the focus, and that before what was pinned', () => {
    const lit = new Lit();
    lit.press(one);
    expect(lit.target).toBe(one);
    lit.focus(other);
    expect(lit.target).toBe(other);
    lit.hover(third);
    expect(lit.target).toBe(third);
    lit.hover(undefined);
    lit.focus(undefined);
    expect(lit.target).toBe(one);
  });

  test('pressing again lets go, and so does releasing', () => {
    const lit = new Lit();
    lit.press(one);
    lit.press({ ...one });
    expect(lit.target).toBeUndefined();
    lit.press(one);
    lit.press(other);
    expect(lit.target).toBe(other);
    lit.release();
    expect(lit.target).toBeUndefined();
  });

  test('whoever watches is told, until they stop', () => {
    const lit = new Lit();
    const seen: (string | undefined)[] = [];
    const stop = lit.watch(() => seen.push(lit.target?.key));
    lit.hover(one);
    lit.hover(undefined);
    stop();
    lit.hover(other);
    expect(seen).toEqual(['qos', undefined]);
  });
});

describe('words', () => {
  test('a byte and a bit say what they are', () => {
    const figure = opened(PUBLISH);
    expect(byteLabel(figure, 4, words)).toBe('byte 4, 52, letter R, Topic Name');
    expect(byteLabel(figure, 8, words)).toBe('byte 8, 31, Topic Name');
    expect(byteLabel(figure, 22, words)).toBe('byte 22, end of the packet');
    expect(bitLabel(figure, 0, 2, words)).toBe('bit 2, 0, QoS level');
  });

  test('a row says where it is, what it is and what it means', () => {
    const sentences = Object.fromEntries(
      rowsOf(opened(PUBLISH)).map((row) => [row.key, rowSentence(row, words)]),
    );
    expect(sentences.qos).toBe(
      'Byte 0, bits 2 and 1: QoS level 0. No acknowledgement is sent, nobody keeps a copy.',
    );
    expect(sentences.topic).toBe(
      'Bytes 4 to 14: Topic Name Room1/Light. What the message is about. Subscribers whose filters match it get the message.',
    );
    expect(sentences.packetId).toBe(
      'Packet Identifier: QoS\u00a00 needs none, because nothing is acknowledged.',
    );
  });

  test('a mend says its result, the bytes before and after, and how much changes', () => {
    const packet = opened(PUBLISH.replace('30', '36'));
    const [, second] = mends(packet, 4);
    if (second === undefined) throw new Error('no second mend');
    expect(mendLabel(second, words)).toBe('Make it QoS\u00a01');
    expect(mendBytes(second)).toEqual({ gone: '36 14', come: '32 16 … 00 01' });
    expect(mendNote(second, words, 'en')).toBe('2 bytes change, 2 bytes come in');
  });

  test('no sentence about any packet, whole or broken, has a slot left in it', () => {
    for (const version of [3, 4, 5] as const) {
      for (const sample of samples(version)) {
        const frame = encode(sample, version);
        for (let end = 0; end <= frame.length; end++) {
          for (const bytes of [frame.slice(0, end), Uint8Array.from([0xff, ...frame.slice(1, end)])]) {
            const packet = open(bytes, version);
            const { fault } = packet.dissection;
            const said = [
              ...rowsOf(packet).map((row) => rowSentence(row, words)),
              ...Array.from(bytes, (_, offset) => byteLabel(packet, offset, words)),
              ...mends(packet, version).map((mend) => mendLabel(mend, words)),
              ...(fault ? [whyFault(fault, words)] : []),
            ];
            expect(said.filter((text) => /[{}]|undefined|NaN/.test(text))).toEqual([]);
          }
        }
      }
    }
  });
});

describe('a capsule', () => {
  test.each([
    [
      'PUBLISH',
      PUBLISH,
      4,
      [{ kind: 'qos', qos: 0 }],
      [
        ['fixed', 2],
        ['variable', 13],
        ['payload', 7],
      ],
    ],
    [
      'PUBLISH',
      '32 06 00 01 61 00 04 62',
      4,
      [
        { kind: 'qos', qos: 1 },
        { kind: 'id', id: 4 },
      ],
      [
        ['fixed', 2],
        ['variable', 5],
        ['payload', 1],
      ],
    ],
    [
      'PUBLISH',
      '3A 06 00 01 61 00 04 62',
      4,
      [{ kind: 'dup' }, { kind: 'id', id: 4 }],
      [
        ['fixed', 2],
        ['variable', 5],
        ['payload', 1],
      ],
    ],
    [
      'PUBACK',
      '40 02 00 04',
      4,
      [{ kind: 'id', id: 4 }],
      [
        ['fixed', 2],
        ['variable', 2],
      ],
    ],
    [
      'SUBACK',
      '90 03 00 01 02',
      4,
      [{ kind: 'qos', qos: 2 }],
      [
        ['fixed', 2],
        ['variable', 2],
        ['payload', 1],
      ],
    ],
    [
      'SUBACK',
      '90 03 00 01 80',
      4,
      [{ kind: 'code', code: 128 }],
      [
        ['fixed', 2],
        ['variable', 2],
        ['payload', 1],
      ],
    ],
    ['PINGREQ', 'C0 00', 4, [], [['fixed', 2]]],
    [
      'PUBLISH',
      '36 01 00',
      4,
      [{ kind: 'qos', qos: 3 }],
      [
        ['fixed', 1],
        ['unread', 2],
      ],
    ],
    [
      'PUBLISH',
      '30 05 00 03 61 FF 62',
      4,
      [],
      [
        ['fixed', 2],
        ['variable', 3],
        ['unread', 2],
      ],
    ],
    [
      undefined,
      '00 00',
      4,
      [],
      [
        ['fixed', 1],
        ['unread', 1],
      ],
    ],
  ] as const)('of %s %s', (name, hex, version, facts, stretches) => {
    const summary = summarize(parseHex(hex) ?? new Uint8Array(), version);
    expect(summary.name).toBe(name);
    expect(summary.facts).toEqual(facts);
    expect(summary.stretches.map(({ part, length }) => [part, length])).toEqual(stretches);
  });

  test('every type of packet has one', () => {
    const names = samples(5).map((sample) => summarize(encode(sample, 5), 5).name);
    expect(new Set(names)).toEqual(new Set(PACKET_TYPES.map(({ name }) => name)));
  });
});
