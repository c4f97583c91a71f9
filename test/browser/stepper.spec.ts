// What every stepper can do, whatever its lesson: long runs, files, and what the broker decided.
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Input } from '../../broker/index.ts';
import { variants } from '../../src/lessons/qos.ts';
import { settled } from '../../src/lessons/run.ts';
import { toFragment } from '../../src/widgets/stepper/link.ts';
import { figure, press, test } from './stepper.ts';

const PAGE = '/lessons/qos/';
const MESSAGES = 250;

/** The address of a run in which so many messages went at QoS 1: four packets each. */
function longAddress(): string {
  const variant = variants.find(({ key }) => key === '4-1');
  if (!variant) throw new Error('There is no story 4-1');
  const { scenario } = variant;
  const publish = scenario.script[0] as Input;
  const inputs = settled(scenario.setup, Array(MESSAGES).fill(publish), scenario.before);
  return `${PAGE}#${toFragment('handshake', '4-1', { scenario, inputs, at: inputs.length })}`;
}

async function longFigure(page: Page): Promise<{ first: Locator; rows: Locator; stage: Locator }> {
  await page.goto(longAddress());
  const first = await figure(page);
  return { first, rows: first.locator('.seq li'), stage: first.locator('.stage') };
}

async function rowCount(rows: Locator): Promise<number> {
  return rows.count();
}

test('of a thousand packets what is over is folded, and what is unfolded is in the page as far as it is near', async ({
  page,
}) => {
  test.slow();
  const { first, rows, stage } = await longFigure(page);
  await expect(first.locator('.fold')).toHaveText('960 packets');
  expect(await rowCount(rows)).toBeLessThan(45);
  await first.locator('.fold button').click();
  await expect(first.locator('.fold button')).toHaveText('Fold again');
  expect(await rowCount(rows)).toBeLessThanOrEqual(200);
  await expect(rows.nth(1)).toHaveAttribute('aria-setsize', '1001');

  // All the way down, wherever the scrolling stops there is something to see.
  const tall = await stage.evaluate((box) => box.scrollHeight);
  expect(tall).toBeGreaterThan(45_000);
  for (const share of [0, 0.31, 0.64, 1]) {
    await stage.evaluate((box, to) => box.scrollTo(0, to * box.scrollHeight), share);
    await expect
      .poll(() =>
        stage.evaluate((box) => {
          const { left, width, top, height } = box.getBoundingClientRect();
          return document
            .elementsFromPoint(left + width / 2 - 40, top + height / 2)
            .some((each) => each.matches('.seq li, .seq li *'));
        }),
      )
      .toBe(true);
    expect(await rowCount(rows)).toBeLessThanOrEqual(200);
  }
  await expect(first.locator('.heads')).toBeInViewport();
});

test('a long run is led by keys and by its words, and is followed until the reader scrolls away', async ({
  page,
}) => {
  test.slow();
  const { first, stage } = await longFigure(page);
  const slider = first.getByRole('slider');
  const all = String(5 * MESSAGES);
  await expect(slider).toHaveAttribute('aria-valuenow', all);
  const diagram = first.getByRole('group', { name: /Sequence of packets/ });
  await diagram.focus();
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuenow', '0');
  await page.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuenow', all);
  await expect(first.locator('.ev').last()).toBeInViewport();

  await page.keyboard.press('ArrowLeft');
  const away = first.getByRole('button', { name: 'To the newest' });
  await expect(away).toHaveCount(0);
  await stage.evaluate((box) => box.scrollTo(0, 0));
  await expect(away).toBeVisible();
  await page.keyboard.press('ArrowRight');
  expect(await stage.evaluate((box) => box.scrollTop)).toBe(0);
  await away.click();
  await expect(first.locator('.ev').last()).toBeInViewport();
  await expect(away).toHaveCount(0);

  await press(first, 'Transcript');
  await expect(first.locator('.ts ol > li')).toHaveCount(100);
  await press(first, 'Show 100 earlier lines');
  await expect(first.locator('.ts ol > li')).toHaveCount(200);
  await first.locator('.ts').getByRole('button', { name: 'Go to packet 801', exact: true }).click();
  await expect(slider).toHaveAttribute('aria-valuenow', '1001');
});

test('a figure is saved as it stands: as packets, and as a drawing', async ({ page }) => {
  await page.goto(PAGE);
  const first = await figure(page);
  const saved = async (name: string) => {
    const download = page.waitForEvent('download');
    await press(first, name);
    const file = await download;
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
  };
  const svg = await saved('Save as SVG');
  expect(svg.name).toBe('handshake-4-1-4.svg');
  expect(svg.bytes.toString()).toMatch(/^<svg .*PUBACK.*<\/svg>\n$/s);
  const pcapng = await saved('Save as pcapng');
  expect(pcapng.name).toBe('handshake-4-1-4.pcapng');
  expect(pcapng.bytes.readUInt32BE(0)).toBe(0x0a0d0d0a);
});

test('on paper a figure stands as it stood, and what can only be pressed is left out', async ({ page }) => {
  await page.goto(PAGE);
  const first = await figure(page);
  await press(first, 'Step');
  const packets = first.locator('.ev:not(.next) .cap');
  const shown = await packets.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
  expect(shown.length).toBeGreaterThan(2);
  await page.evaluate(() => document.documentElement.setAttribute('data-theme', 'dark'));
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('html')).toHaveCSS('color-scheme', 'light');
  expect(await packets.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))).toEqual(
    shown,
  );
  for (const packet of await packets.all()) await expect(packet).toBeVisible();
  await expect(first.getByText('got “Turn On” once')).toBeVisible();
  await expect(page.locator('.claim', { hasText: 'If no PUBACK comes in time' })).toBeVisible();
  const controls = page.locator(
    '.tp, .choices, .links button, .acts, .offers, .keys, .ts button.btn, .goal button, .asks button, .exercise .btn',
  );
  await expect(controls.filter({ visible: true })).toHaveCount(0);
});

test('what the broker decided opens beside the packet, by key as well, and below its line in words', async ({
  page,
}) => {
  await page.goto(PAGE);
  const first = await figure(page);
  const sentence = 'The broker found 1 subscription for Room1/Light';
  await press(first, 'What the broker decided: 1');
  await expect(first.locator(':popover-open')).toContainText(sentence);
  await page.keyboard.press('Escape');
  await expect(first.locator(':popover-open')).toHaveCount(0);
  await press(first, 'Go to packet 2');
  await first.getByRole('group', { name: /Sequence of packets/ }).focus();
  await page.keyboard.press('w');
  await expect(first.locator(':popover-open')).toContainText(sentence);
  await page.keyboard.press('Escape');
  await press(first, 'Transcript');
  await first.locator('.ts').getByRole('button', { name: 'Go to packet 1', exact: true }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(first.locator('.because')).toContainText(sentence);
  await first.locator('.because').getByRole('button', { name: 'MQTT-4.5.0-1' }).click();
  await expect(first.locator(':popover-open')).toContainText('is added to the session of each client');
});

test('the strip of a capsule grows into the ruler of its packet, unless motion is to be reduced', async ({
  page,
}) => {
  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    await page.emulateMedia({ reducedMotion });
    await page.goto(PAGE);
    const first = await figure(page);
    await page.evaluate(() => {
      const grown: number[] = [];
      Object.assign(window, { grown });
      const { animate } = Element.prototype;
      Element.prototype.animate = function (frames, options) {
        if (this.matches('.strip')) grown.push(Number(Object(options).duration));
        return animate.call(this, frames, options);
      };
    });
    await press(first, 'PUBLISH, QoS 1, id 4, delivered');
    await expect(first.locator('.opened .strip')).toBeVisible();
    const grown = () => page.evaluate(() => (window as unknown as { grown: number[] }).grown);
    await expect.poll(grown).toEqual(reducedMotion === 'reduce' ? [] : [240]);
  }
});
