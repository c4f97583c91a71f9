// The capture viewer in the browser: files by chooser and by dropping, the filter, the keys, large files, both themes, a phone.
import { readFileSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { large } from '../widgets/capture/large.ts';

const PAGE = 'capture/';

async function open(page: Page): Promise<Locator> {
  await page.goto(PAGE);
  const viewer = page.locator('.cv');
  await expect(viewer.getByRole('button', { name: 'Open a file' })).toBeEnabled();
  return viewer;
}

function row(viewer: Locator, frame: number): Locator {
  return viewer.getByRole('row').filter({ has: viewer.page().locator(`.n:text-is("${frame}")`) });
}

function capture(name: string) {
  const buffer = readFileSync(new URL(`../../content/captures/${name}`, import.meta.url));
  return { name, mimeType: 'application/octet-stream', buffer };
}

async function choose(viewer: Locator, file: ReturnType<typeof capture>): Promise<void> {
  await viewer.locator('input[type=file]').setInputFiles(file);
}

test('a packet is opened from the list, by keys, and by what it is tied to', async ({ page }) => {
  const viewer = await open(page);
  const said = viewer.getByRole('status').last();
  await expect(row(viewer, 18)).toHaveAttribute('aria-selected', 'true');
  await expect(row(viewer, 24)).toHaveClass(/\brel\b/);
  await row(viewer, 21).click();
  await expect(said).toHaveText('Frame 21. PUBLISH from broker to sub-qos2.');
  await viewer.getByRole('grid', { name: 'Packets' }).focus();
  await page.keyboard.press('ArrowUp');
  await expect(said).toHaveText('Frame 20. PUBREL from pub-qos2 to broker.');
  await page.keyboard.press('End');
  await expect(said).toHaveText('Frame 29. DISCONNECT from sub-qos2 to broker.');
  await row(viewer, 24).click();
  await viewer.getByRole('button', { name: 'Answers PUBREL in frame 20' }).click();
  await expect(said).toContainText('Frame 20');
  await viewer.locator('.around summary', { hasText: 'TCP' }).click();
  await expect(viewer.locator('.around')).toContainText('tcp.srcport');
});

test('the filter is tried while it is typed, and says what it does not understand', async ({ page }) => {
  const viewer = await open(page);
  await viewer.getByRole('grid', { name: 'Packets' }).focus();
  await page.keyboard.press('/');
  await expect(viewer.getByRole('textbox', { name: 'Filter' })).toBeFocused();
  await page.keyboard.type('mqtt.qos == 2');
  await expect(viewer.getByText('2 of 16 shown')).toBeVisible();
  await expect(row(viewer, 4)).toHaveCount(0);
  await viewer.getByRole('textbox', { name: 'Filter' }).fill('mqtt.qoss == 2');
  await expect(viewer.getByText('“mqtt.qoss” is no field.')).toBeVisible();
  await expect(row(viewer, 18)).toBeVisible();
  await viewer.getByRole('textbox', { name: 'Filter' }).fill('client:sub-qos2 !publish');
  await expect(viewer.getByText('8 of 16 shown')).toBeVisible();
});

test('a file over TLS is closed until its key log comes', async ({ page }) => {
  const viewer = await open(page);
  await choose(viewer, capture('v311-tls12-keylog.pcapng'));
  await expect(viewer.getByText('0 MQTT packets')).toBeVisible();
  await viewer.locator('.talks summary').click();
  await expect(viewer.locator('.talks')).toContainText('TLS records, closed');
  await choose(viewer, capture('v311-tls12-keylog.keylog'));
  await expect(viewer.getByText('5 MQTT packets')).toBeVisible();
  await expect(viewer.getByText('secret of a key log is in use')).toBeVisible();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    viewer.getByRole('button', { name: 'Save as pcapng' }).click(),
  ]);
  expect(saved.suggestedFilename()).toBe('v311-tls12-keylog-shown.pcapng');
});

test('a finding leads to its packet; what is no capture is told, and what was open stays', async ({
  page,
}) => {
  const viewer = await open(page);
  await choose(viewer, capture('v311-auth-bad-password.pcapng'));
  await viewer.getByRole('button', { name: /The password of alice travels in the clear/ }).click();
  await expect(viewer.getByRole('status').last()).toContainText('Frame 4. CONNECT');
  await choose(viewer, {
    name: 'notes.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('no capture at all'),
  });
  await expect(viewer.getByRole('alert')).toContainText(
    'notes.txt cannot be read. Byte 0: This is neither pcap nor pcapng: it begins with 6e 6f 20 63.',
  );
  await expect(row(viewer, 4)).toBeVisible();
});

test('a large capture is read while the page answers, and only some of its rows are drawn', async ({
  page,
}) => {
  const viewer = await open(page);
  const buffer = Buffer.from(large(5_000_000));
  await choose(viewer, { name: 'large.pcapng', mimeType: 'application/octet-stream', buffer });
  // While it is read, the page draws.
  await page.getByRole('heading', { level: 1 }).click();
  expect(await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => drawn('drawn'))))).toBe(
    'drawn',
  );
  await expect(viewer.locator('.bar b')).toHaveText('large.pcapng');
  await viewer.getByRole('grid', { name: 'Packets' }).focus();
  await page.keyboard.press('End');
  await expect(viewer.getByRole('status').last()).toContainText('DISCONNECT');
  expect(await viewer.locator('.ls .row').count()).toBeLessThan(100);
});

for (const [scheme, width] of [
  ['light', 1280],
  ['dark', 360],
] as const) {
  test(`nothing is wrong with the page for assistive technology, ${scheme}, ${width} px`, async ({
    page,
  }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    const viewer = await open(page);
    for (const summary of await viewer.locator('summary').all()) await summary.click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the capture is there to be read', async ({ page }) => {
    await page.goto(PAGE);
    await expect(page.getByRole('row').filter({ hasText: 'fixture/qos2, “hello qos2”' })).toHaveCount(2);
    await expect(page.getByText('mqtt.topic_len')).toBeVisible();
  });
});
