// Lesson 4: its figure, its numbers, its prediction, its goal and its exercise are what its text says.
import { describe, expect, test } from 'vitest';
import { decode, dissect, encode, PACKET_TYPES } from '#broker/codec/index.ts';
import { random } from '../../src/lessons/chance.ts';
import {
  answerTo,
  compare,
  exercise,
  firstByte,
  firstByteOfType,
  firstBytes,
  GOAL_START,
  mark,
  OPENS,
  OUTCOMES,
  outcomeOf,
  predicted,
  resent,
} from '../../src/lessons/fixed-header.ts';
import { hexByte, hexBytes } from '../../src/widgets/packet/hex.ts';

const SEEDS = Array.from({ length: 200 }, (_, index) => index.toString(16).toUpperCase().padStart(4, '0'));

describe('a first byte', () => {
  test.each([
    [4, 23],
    [5, 24],
  ] as const)('in version %i, %i of 256 may be sent', (version, count) => {
    expect(firstBytes(version).filter(({ standing }) => standing === 'allowed').length).toBe(count);
  });

  test.each([4, 5] as const)(
    'begins, where it is allowed, a packet that the decoder takes, in version %i',
    (version) => {
      for (const { byte, frame, type, standing } of firstBytes(version)) {
        expect(frame[0]).toBe(byte);
        if (standing === 'allowed') expect(decode(frame, version).type).toBe(type);
        else expect(dissect(frame, version).fault).toBeDefined();
      }
    },
  );

  test('has its place in the map: one in each row but PUBLISH, three of them at 2', () => {
    const allowed = firstBytes(5).filter(({ byte, standing }) => standing === 'allowed' && byte >> 4 !== 3);
    expect(allowed.map(({ byte }) => byte)).toEqual(
      PACKET_TYPES.filter(({ type }) => type !== 'publish').map(({ value }) => firstByteOfType(value)),
    );
    expect(allowed.filter(({ byte }) => byte & 0x0f).map(({ type, byte }) => [type, byte & 0x0f])).toEqual([
      ['pubrel', 2],
      ['subscribe', 2],
      ['unsubscribe', 2],
    ]);
  });

  test.each([
    [0x32, 4, 'allowed', undefined],
    [0x36, 4, 'malformed', 'MQTT-3.3.1-4'],
    [0x38, 4, 'forbidden', 'MQTT-3.3.1-2'],
    [0x80, 4, 'malformed', 'MQTT-3.8.1-1'],
    [0x60, 5, 'malformed', 'MQTT-3.6.1-1'],
    [0xa0, 5, 'malformed', 'MQTT-3.10.1-1'],
    [0x47, 4, 'malformed', 'MQTT-2.2.2-2'],
    [0x47, 5, 'malformed', 'MQTT-2.1.3-1'],
    [0x00, 5, 'malformed', undefined],
    [0xf0, 4, 'malformed', undefined],
    [0xf0, 5, 'allowed', undefined],
  ] as const)('%i in version %i is %s', (byte, version, standing, rule) => {
    const read = firstByte(byte, version);
    expect([read.standing, read.fault?.rule]).toEqual([standing, rule]);
  });

  test('opens the figure as a PUBLISH with QoS 1', () => {
    const { type, bits } = firstByte(OPENS, 4);
    expect(type).toBe('publish');
    expect(bits.map(({ field, value }) => [field, value])).toEqual([
      ['packetType', 3],
      ['dup', 0],
      ['qos', 1],
      ['retain', 0],
    ]);
  });
});

describe('the prediction', () => {
  test('ends with a closed connection; in 5.0 the broker says why', () => {
    const { answers, outcome } = predicted();
    expect(OUTCOMES[outcome]).toBe('closed');
    const [older, newer] = answers.map(({ packets }) =>
      packets.filter(({ from }) => from === 'broker').map(({ frame }) => frame),
    );
    expect(older?.map((frame) => decode(frame, 4).type)).toEqual(['connack']);
    expect(newer?.map((frame) => decode(frame, 5))).toMatchObject([
      { type: 'connack' },
      { type: 'disconnect', reasonCode: 0x81 },
    ]);
    expect(answers.every(({ isClosed }) => isClosed)).toBe(true);
  });

  test.each([4, 5] as const)(
    'with the right first byte ends with a subscription, in version %i',
    (version) => {
      expect(outcomeOf(answerTo(0x82, version))).toBe('subscribed');
    },
  );
});

describe('the goal', () => {
  test('is met by what the client sends again', () => {
    const [byte = 0] = resent();
    expect(hexByte(byte)).toBe('3D');
    expect(decode(resent(), 4)).toMatchObject({ type: 'publish', dup: true, qos: 2, retain: true });
    expect(compare(byte, byte).every(({ met }) => met)).toBe(true);
  });

  test('is not met where it begins, nor by any other byte', () => {
    const [wanted = 0] = resent();
    expect(compare(GOAL_START, wanted).some(({ met }) => met)).toBe(false);
    for (const { byte } of firstBytes(4)) {
      if (byte !== wanted) expect(compare(byte, wanted).every(({ met }) => met)).toBe(false);
    }
  });

  test('tells what is there instead', () => {
    expect(compare(0x3b, 0x3d).filter(({ met }) => !met)).toEqual([
      { what: 'qos', met: false, wanted: '2', found: '1' },
    ]);
  });
});

describe('the exercise', () => {
  test('the same seed makes the same, and each has a PUBLISH and a type with flags of its own', () => {
    expect(exercise(random('4F2A'))).toEqual(exercise(random('4F2A')));
    const seen = new Set(
      SEEDS.map((seed) =>
        exercise(random(seed))
          .map(({ frame }) => hexBytes(frame))
          .join('|'),
      ),
    );
    expect(seen.size).toBeGreaterThan(100);
    for (const seed of SEEDS) {
      const types = exercise(random(seed)).map(({ packet }) => packet.type);
      expect(types.length).toBe(3);
      expect(types).toContain('publish');
      expect(types.some((type) => ['pubrel', 'subscribe', 'unsubscribe'].includes(type))).toBe(true);
    }
  });

  test.each(SEEDS.filter((_, index) => index % 20 === 0))(
    'exercise %s can be solved, and only by the right bytes',
    (seed) => {
      const tasks = exercise(random(seed));
      const right = tasks.map(({ packet }) => hexByte(encode(packet, 4)[0] ?? 0));
      expect(mark(tasks, right)).toEqual({ is: 'right' });
      for (const index of tasks.keys()) {
        for (let byte = 0; byte < 256; byte++) {
          if (hexByte(byte) === right[index]) continue;
          expect(mark(tasks, right.with(index, hexByte(byte)))).toMatchObject({ index });
        }
      }
    },
  );

  test('a wrong type, wrong flags and a blank are told apart', () => {
    const tasks = [{ packet: { type: 'pingreq' } as const, frame: Uint8Array.of(0xc0, 0x00) }];
    expect(mark(tasks, ['C'])).toEqual({ is: 'blank', index: 0 });
    expect(mark(tasks, ['D0'])).toMatchObject({
      is: 'different',
      comparison: { found: 'PINGRESP', wanted: 'PINGREQ' },
    });
    expect(mark(tasks, ['00'])).toMatchObject({ is: 'different', comparison: { found: undefined } });
    expect(mark(tasks, ['C1'])).toMatchObject({
      is: 'fault',
      message: 'The flags of PINGREQ are 0000, not 0001.',
    });
  });
});
