// The reference in the browser: every page, its links, its filter, search, both themes, a phone, and without JavaScript.
import { expect, type Page, test } from '@playwright/test';
import { PACKET_TYPES, PROPERTIES, REASONS } from '#broker/codec/index.ts';
import { expectNothingWrong, inEachLook } from './looks.ts';

const PAGES = ['packets', 'properties', 'reason-codes', 'conformance', 'glossary'];

async function open(page: Page, name: string): Promise<void> {
  await page.goto(`reference/${name}/`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

inEachLook(test, 'nothing is wrong with the pages for assistive technology', async (page) => {
  for (const name of PAGES) {
    await open(page, name);
    // Rows are many and alike: a few of each are enough to look at.
    await page.addStyleTag({
      content: '.statements tbody:nth-of-type(n + 5), .fields:nth-of-type(n + 5) { display: none }',
    });
    await expectNothingWrong(page);
  }
});

test('every link within the reference leads to something', async ({ page, request }) => {
  const targets = new Map<string, Set<string>>();
  for (const name of PAGES) {
    await open(page, name);
    const links = await page
      .locator('main a[href*="#"]')
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    for (const link of links) {
      const { pathname, hash } = new URL(link);
      if (hash.startsWith('#packet=')) continue;
      targets.set(pathname, (targets.get(pathname) ?? new Set()).add(decodeURIComponent(hash.slice(1))));
    }
  }
  for (const [pathname, names] of targets) {
    const html = await (await request.get(pathname)).text();
    expect([...names].filter((name) => !html.includes(`id="${name}"`))).toEqual([]);
  }
  expect([...targets.keys()].filter((pathname) => pathname.includes('/reference/')).length).toBe(
    PAGES.length - 1,
  );
});

test('every packet has its row and its section, every property and every reason code its row', async ({
  page,
}) => {
  await open(page, 'packets');
  for (const { name, type } of PACKET_TYPES) {
    await expect(page.locator('.overview').getByRole('link', { name, exact: true })).toHaveAttribute(
      'href',
      `#${type}`,
    );
    await expect(page.getByRole('heading', { level: 2, name, exact: true })).toHaveAttribute('id', type);
    await expect(page.getByRole('table', { name: `The fields of ${name}`, exact: true })).toBeVisible();
  }
  await open(page, 'properties');
  for (const { key, name } of PROPERTIES) await expect(page.locator(`tr#${key}`)).toContainText(name);
  await open(page, 'reason-codes');
  await expect(page.locator('.reasons tbody tr:not([data-group])')).toHaveCount(Object.keys(REASONS).length);
});

test('an example opens in the playground', async ({ page }) => {
  await open(page, 'packets');
  await page.getByRole('link', { name: 'Open CONNECT of MQTT 5.0 in the playground' }).click();
  await expect(page).toHaveURL(/\/playground\//);
  await expect(page.getByRole('textbox', { name: 'Client Identifier' })).toHaveValue('p1');
  await expect(page.getByRole('radio', { name: '5.0' })).toBeChecked();
});

test('a statement in a popover leads to its row among all', async ({ page }) => {
  await open(page, 'packets');
  await page.getByRole('button', { name: 'Statement MQTT-2.2.2-2' }).first().click();
  await page.getByRole('link', { name: 'All statements' }).last().click();
  await expect(page).toHaveURL(/conformance\/#v5-MQTT-2\.1\.3-1$/);
  const row = page.locator('[id="v5-MQTT-2.1.3-1"]');
  await expect(row).toBeInViewport();
  await row.locator('summary').click();
  await expect(row).toContainText('test/conformance/');
  await expect(row.locator('code').first()).toContainText('MQTT-2.1.3-1');
});

test('the filter narrows the statements by text and by whom they bind', async ({ page }) => {
  await open(page, 'conformance');
  const rows = page.locator('.statements tbody tr:not([data-group]):visible');
  await expect(rows).toHaveCount(392);
  await page.getByRole('searchbox').fill('will delay');
  await expect(page.locator('output')).toHaveText(`${await rows.count()} of 392`);
  expect(await rows.count()).toBeLessThan(10);
  await expect(page.locator('[data-group]:visible')).not.toHaveCount(0);
  await page.getByRole('combobox', { name: 'Binds' }).selectOption('client');
  await expect(page.getByText('Nothing here has that in it.')).toBeVisible();
  await page.getByRole('link', { name: 'MQTT-4.8.0-2' }).first().click();
  await expect(page.locator('[id="v3-MQTT-4.8.0-2"]')).toBeInViewport();
  await expect(rows).toHaveCount(392);
});

test('a property with many statements leads to all of them', async ({ page }) => {
  await open(page, 'properties');
  await page
    .locator('#maximumPacketSize')
    .getByRole('link', { name: /^all \d+$/ })
    .click();
  await expect(page.getByRole('searchbox')).toHaveValue('Maximum Packet Size');
  await expect(page.locator('[id="v5-MQTT-3.1.2-24"]')).toBeVisible();
  await expect(page.locator('[id="v5-MQTT-3.1.0-2"]')).toBeHidden();
});

test('the header and the sidebar lead from page to page', async ({ page }) => {
  await page.goto('lessons/qos/');
  await page.getByRole('link', { name: 'Reference', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Packets' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Glossary' }).click();
  await expect(page.getByRole('term').filter({ hasText: 'Wildcard' })).toBeVisible();
});

test('search finds a property', async ({ page }) => {
  await open(page, 'packets');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('dialog').getByPlaceholder('Search').fill('Topic Alias Maximum');
  await expect(page.getByRole('dialog').getByRole('link', { name: 'Properties' }).first()).toBeVisible({
    timeout: 30_000,
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('everything is there but the filter', async ({ page }) => {
    await open(page, 'conformance');
    await expect(page.locator('.statements tbody tr:not([data-group])')).toHaveCount(392);
    await expect(page.getByRole('searchbox')).toBeHidden();
  });
});
