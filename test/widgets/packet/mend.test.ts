// Ways to mend a packet: every one leaves a packet without a fault, and the likeliest come first.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dissect, type FaultId, type Version } from '#broker/codec/index.ts';
import { hexBytes, parseHex } from '../../../src/widgets/packet/hex.ts';
import { mends } from '../../../src/widgets/packet/mend.ts';
import { open } from '../../../src/widgets/packet/opened.ts';

const PUBLISH = '30 14 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 54 75 72 6E 20 4F 6E';

function mended(hex: string, version: Version = 4): { fault: FaultId | undefined; bytes: string[] } {
  const opened = open(parseHex(hex) ?? new Uint8Array(), version);
  return {
    fault: opened.dissection.fault?.id,
    bytes: mends(opened, version).map(({ bytes }) => hexBytes(bytes)),
  };
}

describe('a fault and its mends', () => {
  test.each([
    [
      'qosThree',
      PUBLISH.replace('30', '36'),
      4,
      [
        PUBLISH,
        '32 16 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 00 01 54 75 72 6E 20 4F 6E',
        '34 16 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 00 01 54 75 72 6E 20 4F 6E',
      ],
    ],
    ['dupAtQoS0', '38 05 00 01 61 62 63', 4, ['30 05 00 01 61 62 63', '3A 07 00 01 61 00 01 62 63']],
    ['flagsReserved', '60 02 00 01', 4, ['62 02 00 01']],
    [
      'breaksOff',
      '30 06 00 01 61 62 63',
      4,
      ['30 05 00 01 61 62 63', '30 06 00 01 61 62 63 00', '30 06 00 01 61 62 63 20'],
    ],
    ['bytesAfterEnd', '30 04 00 01 61 62 63', 4, ['30 05 00 01 61 62 63', '30 04 00 01 61 62']],
    ['bytesLeftOver', '40 03 00 01 00', 4, ['40 02 00 01']],
    ['fieldTooLong', '30 05 00 09 61 62 63', 4, ['30 05 00 03 61 62 63']],
    ['varintNotShortest', '30 83 00 00 01 61', 4, ['30 03 00 01 61']],
    ['notUtf8', '30 05 00 02 C3 28 63', 4, ['30 05 00 02 3F 28 63']],
    ['nullCharacter', '30 05 00 02 61 00 63', 4, ['30 05 00 02 61 3F 63']],
    ['topicWildcard', '30 05 00 02 61 23 63', 4, ['30 04 00 01 61 63']],
    ['topicEmpty', '30 03 00 00 63', 4, ['30 04 00 01 61 63']],
    ['packetIdZero', '40 02 00 00', 4, ['40 02 00 01']],
    [
      'requestedQoSThree',
      '82 06 00 01 00 01 61 03',
      4,
      ['82 06 00 01 00 01 61 00', '82 06 00 01 00 01 61 01', '82 06 00 01 00 01 61 02'],
    ],
    ['noSubscriptions', '82 02 00 01', 4, ['82 06 00 01 00 01 23 00']],
    ['noTopicFilters', 'A2 02 00 01', 4, ['A2 05 00 01 00 01 23']],
    [
      'connectReserved',
      '10 0E 00 04 4D 51 54 54 04 03 00 3C 00 02 70 31',
      4,
      ['10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 70 31'],
    ],
    [
      'passwordAlone',
      '10 11 00 04 4D 51 54 54 04 42 00 3C 00 02 70 31 00 01 78',
      4,
      [
        '10 13 00 04 4D 51 54 54 04 C2 00 3C 00 02 70 31 00 00 00 01 78',
        '10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 70 31',
      ],
    ],
    [
      'protocolVersion',
      '10 0E 00 04 4D 51 54 54 09 02 00 3C 00 02 70 31',
      4,
      ['10 0E 00 04 4D 51 54 54 04 02 00 3C 00 02 70 31'],
    ],
    ['propertyMisplaced', '30 08 00 01 61 03 21 00 14 62', 5, ['30 05 00 01 61 00 62']],
    [
      'propertyNotFlag',
      '30 07 00 01 61 02 01 02 62',
      5,
      ['30 07 00 01 61 02 01 01 62', '30 07 00 01 61 02 01 00 62', '30 05 00 01 61 00 62'],
    ],
    [
      'topicAliasZero',
      '30 08 00 01 61 03 23 00 00 62',
      5,
      ['30 08 00 01 61 03 23 00 01 62', '30 05 00 01 61 00 62'],
    ],
    ['reasonUnknown', '40 03 00 01 02', 5, ['40 03 00 01 00']],
  ] as const)('%s', (id, hex, version, bytes) => {
    const { fault, bytes: found } = mended(hex, version);
    expect(fault).toBe(id);
    for (const each of bytes) expect(found).toContain(each);
    expect(found[0]).toBe(bytes[0]);
  });

  test('a packet without a fault needs none', () => {
    expect(mended(PUBLISH)).toEqual({ fault: undefined, bytes: [] });
  });

  test('where nothing helps nothing is offered', () => {
    expect(mended('00 00').bytes).toEqual([]);
  });
});

test('whatever the bytes are, a mend leaves a packet without a fault', () => {
  const type = fc.integer({ min: 0, max: 255 });
  const rest = fc.uint8Array({ maxLength: 40 });
  fc.assert(
    fc.property(type, rest, fc.constantFrom<Version>(3, 4, 5), (first, bytes, version) => {
      const frame = Uint8Array.from([first, bytes.length, ...bytes]);
      for (const mend of mends(open(frame, version), version)) {
        expect(dissect(mend.bytes, version).fault).toBeUndefined();
        expect(hexBytes(mend.bytes)).not.toBe(hexBytes(frame));
      }
    }),
  );
});
