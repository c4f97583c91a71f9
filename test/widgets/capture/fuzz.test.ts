/** Captures that were changed anywhere, and filters of anything: the viewer answers everything it can be asked, or says what is wrong. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capture as words } from '../../../src/i18n/en/capture.ts';
import { Desk } from '../../../src/widgets/capture/desk.ts';
import { FilterFault, parseFilter } from '../../../src/widgets/capture/filter.ts';
import { saysText } from '../../../src/widgets/capture/phrases.ts';
import { FIELD_NAMES } from '../../../src/widgets/capture/subject.ts';
import { read } from '../../capture/packets.ts';
import { bytesOf } from './captures.ts';

const SEED = 20_260_102;
const files = ['v5-shared-subscription', 'v311-will', 'v311-tls12-keylog', 'v5-retain'].map((name) =>
  Buffer.from(bytesOf(`${name}.pcapng`)),
);
const keyLog = Buffer.from(bytesOf('v311-tls12-keylog.keylog')).toString();

const changes = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    with: fc.uint8Array({ minLength: 1, maxLength: 24 }),
    isInserted: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

const pieces = fc.constantFrom(
  ...[
    'publish',
    'topic:a/#',
    'client:',
    'id:1',
    'found',
    '==',
    '!=',
    '>',
    'contains',
    'in',
    '{',
    '}',
    ',',
    '&&',
    '||',
    '!',
    '(',
  ],
  ...[')', '"', '"a"', '0x1', '7', '68:65', 'true', 'and', 'or', 'not', '~', ...FIELD_NAMES],
);
const filters = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.array(pieces, { maxLength: 12 }).map((list) => list.join(' ')),
);

describe('the viewer', () => {
  test('of a capture that was changed anywhere answers everything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), changes, filters, async (whole, list, filter) => {
        const file = list.reduce((before, { at, with: other, isInserted }) => {
          const place = Math.floor(at * before.length);
          return Buffer.concat([
            before.subarray(0, place),
            other,
            before.subarray(place + (isInserted ? 0 : other.length)),
          ]);
        }, whole);
        const desk = new Desk(
          () => {},
          async () => {},
        );
        const { summary, listing } = await desk.take({
          do: 'read',
          file: new Blob([new Uint8Array(file)]),
          keyLogs: [keyLog],
          ports: [],
          filter: '',
        });
        expect(listing.count).toBe(summary.packets);
        for (const { number, says, lane } of listing.rows) {
          expect(saysText(says, words)).not.toMatch(/[{}]|undefined|NaN/);
          expect(summary.lanes.parties[lane]).toBeDefined();
          const opened = await desk.take({ do: 'open', number });
          expect(opened?.packet.exchange).toContain(number);
        }
        const filtered = await desk.take({ do: 'filter', filter });
        expect(filtered).toBeDefined();
        await read(await desk.take({ do: 'save' }));
      }),
      { seed: SEED, numRuns: 250 },
    );
  });

  test('of any filter says where it is wrong, or has one', () => {
    fc.assert(
      fc.property(filters, (text) => {
        try {
          parseFilter(text);
        } catch (error) {
          if (!(error instanceof FilterFault)) throw error;
          expect(error.start).toBeGreaterThanOrEqual(0);
          expect(error.end).toBeGreaterThanOrEqual(error.start);
          expect(error.end).toBeLessThanOrEqual(text.length);
        }
      }),
      { seed: SEED, numRuns: 5000 },
    );
  });
});
