import fc from 'fast-check';
import { expect, test } from 'vitest';
import { squeeze, unfold } from '../../src/widgets/squeeze.ts';

test('any text comes back as it was, in characters that an address takes as they are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 2000 }), async (text) => {
      const short = await squeeze(text);
      expect(short).toMatch(/^[\w-]*$/);
      expect(await unfold(short)).toBe(text);
    }),
  );
});

test('what repeats itself takes little room', async () => {
  expect((await squeeze('deliver 1, '.repeat(1000))).length).toBeLessThan(200);
});

test.each(['', '!', 'AAAA', 'S0w', 'Ä', '=='])('what was not made so is not read: %j', async (text) => {
  expect(await unfold(text)).toBeUndefined();
});

test('what would unfold to more than a page can hold is not read', async () => {
  expect(await unfold(await squeeze(' '.repeat(17 * 1024 * 1024)))).toBeUndefined();
});
