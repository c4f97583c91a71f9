// How a page is looked at: in two looks that have both themes and both widths between them, by axe and for sideways scrolling.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, type TestType } from '@playwright/test';

/** Enough to see what a theme or a width breaks; four would take twice as long. */
const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 360 },
] as const;

/** Adds a test to each look. Readers who ask for reduced motion get what all others do. */
export function inEachLook<Args extends { page: Page }>(
  test: TestType<Args, object>,
  title: string,
  body: (page: Page) => Promise<void>,
): void {
  for (const { colorScheme, width } of LOOKS) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({
        colorScheme,
        viewport: { width, height: 900 },
        contextOptions: { reducedMotion: 'reduce' },
      } as never);
      test(title, async ({ page }) => {
        // Axe looks at everything on the page, which takes a slow machine long.
        test.slow();
        await body(page);
      });
    });
  }
}

/** Axe finds nothing, and nothing has to be scrolled sideways. In: a selector, where a part of the page is to be looked at. */
export async function expectNothingWrong(page: Page, part?: string): Promise<void> {
  const builder = new AxeBuilder({ page });
  const { violations } = await (part === undefined ? builder : builder.include(part)).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  const { scroll, window: wide } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    window: innerWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(wide);
}
