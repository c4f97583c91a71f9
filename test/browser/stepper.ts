// The stepper as a reader's hands and eyes have it, for the lessons that are built on it.
import { test as base, expect, type Locator, type Page } from '@playwright/test';

/** A test whose page may not throw, from its opening to the test's end. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await use(page);
    expect(faults).toEqual([]);
  },
});

/** A figure of the page by its place, once it answers. */
export async function figure(page: Page, place = 0): Promise<Locator> {
  const found = page.locator('figure.sx').nth(place);
  await found.scrollIntoViewIfNeeded();
  await expect(found.getByRole('button', { name: 'Back', exact: true })).not.toHaveAttribute('disabled');
  return found;
}

/** Presses the first button of that name. */
export function press(within: Locator, name: string | RegExp): Promise<void> {
  return within
    .getByRole('button', { name, exact: typeof name === 'string' })
    .first()
    .click();
}

/** What a participant remembers, by its place from the left. */
export function remembers(within: Locator, place: number): Locator {
  return within.locator('.mm').nth(place);
}

/** Waits until this is the progress that the browser keeps: it is written down once what is met has been drawn. */
export async function expectProgress(page: Page, progress: Readonly<Record<string, string>>): Promise<void> {
  const kept = () => page.evaluate(() => localStorage.getItem('glass-broker.progress') ?? '{}');
  await expect.poll(async () => JSON.parse(await kept())).toEqual(progress);
}
