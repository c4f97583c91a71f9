import { expect, type Locator } from '@playwright/test';
import { questionOf } from '../../src/lessons/will.ts';
import { expectNothingWrong, inEachLook } from './looks.ts';
import { expectProgress, figure, press, remembers, test } from './stepper.ts';

const PAGE = '/lessons/will/';
/** The places of its figures. */
const LATE = 1;
const GOAL = 2;
const DELAY = 3;

/** The packets of a figure that were sent, from top to bottom: `PUBLISH, QoS 0, in flight`. */
async function sent(within: Locator): Promise<string[]> {
  const labels = await within
    .locator('.ev:not(.next) .cap:not(.ghost)')
    .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label') ?? ''));
  return labels.map((label) => label.replaceAll('\u00a0', ' '));
}

test.beforeEach(async ({ page }) => {
  await page.goto(PAGE);
});

test('opens with the will of p1 on its way, and goes on to the goodbye of the phone', async ({ page }) => {
  const first = await figure(page);
  expect(await sent(first)).toEqual(['PUBLISH, QoS 0, in flight']);
  await expect(first.locator('.nt', { hasText: 'the will of p1' })).toBeVisible();
  await expect(remembers(first, 2)).toContainText('of phone: “lost”');
  await press(first, 'To the end');
  expect((await sent(first)).at(-1)).toBe('DISCONNECT, delivered');
  await expect(first.locator('.nt', { hasText: 'the will of phone is deleted' })).toBeVisible();
  await expect(remembers(first, 3)).toContainText('got “lost” once');
  await press(first, 'To the start');
  expect(await sent(first)).toEqual([]);
});

test('the CONNECT can be broken: flags that deny the will, and its bytes still there', async ({ page }) => {
  const flags = page.locator('[role=gridcell][data-offset="9"]').first();
  const packet = page.locator('section, figure, div').filter({ has: flags }).last();
  await packet.scrollIntoViewIfNeeded();
  await expect(flags).toHaveText('2E');
  await page.getByRole('radio', { name: 'Edit' }).first().check();
  await flags.focus();
  await page.keyboard.type('02');
  await expect(flags).toHaveText('02');
  await expect(page.getByText(/malformed/i).first()).toBeVisible();
});

test('two mistakes lead to what they are about: a CONNECT without an answer, and a will that nobody kept', async ({
  page,
}) => {
  await page.getByRole('link', { name: /A malformed CONNECT is answered/ }).click();
  const asks = page.locator('.asks').first();
  await expect(asks).toBeInViewport();
  await asks.getByLabel('It refuses p1 with a CONNACK.').check();
  await press(asks, 'Run it');
  await expect(asks.locator('label.so')).toContainText('It closes the connection without a word.');
  await expect(asks.getByText('the broker sends', { exact: true })).toHaveCount(1);
  await expect(asks.locator('.exchange').last()).toContainText('CONNACK');
  const late = await figure(page, LATE);
  await press(late, 'To the end');
  await expect(remembers(late, 1)).toContainText('got “lost” once');
  await page.getByRole('link', { name: /Will Retain is for wills/ }).click();
  await expect(remembers(late, 3)).toContainText('got “lost” once');
  await expect(remembers(late, 1)).not.toContainText('“lost”');
});

test('the prediction is run on a real broker, and explained when it has run', async ({ page }) => {
  const asks = page.locator('.asks').nth(1);
  await asks.scrollIntoViewIfNeeded();
  await asks.getByLabel('after 10 seconds').check();
  await press(asks, 'Run it');
  // It plays by itself, step by step.
  const explained = asks.getByText('one and a half times the keep alive without any packet');
  await expect(explained).toBeVisible({ timeout: 20_000 });
  await expect(asks.locator('label', { hasText: 'after 15 seconds' })).toHaveClass('so');
  await expect(asks.locator('.gap.wait', { hasText: 'Nothing came from p1 for 15 s' })).toBeVisible();
});

test('the table was filled in by a broker', async ({ page }) => {
  await expect(page.getByRole('row', { name: 'the client sent DISCONNECT deleted deleted' })).toBeVisible();
  await expect(
    page.getByRole('row', { name: 'the client sent DISCONNECT with reason 0x04 – published' }),
  ).toBeVisible();
});

test('the goal is met by packets: a failed try says what was different', async ({ page }) => {
  const own = await figure(page, GOAL);
  const goal = page.locator('.goal');
  await expect(goal).toContainText('0 of 3 met');
  await press(own, 'Cut p1');
  await expect(goal).toContainText('the broker knew at once');
  await press(goal, 'Start over');
  await press(own, 'phone: disconnect');
  await press(own, 'Step');
  await expect(goal).toContainText('1 of 3 met');
  await press(own, 'Freeze the link of p1');
  await press(own, 'Let 5 s pass');
  await expect(goal).toContainText('5 s have passed');
  await press(own, 'Let 5 s pass');
  await press(own, 'Let 5 s pass');
  await expect(own.locator('.gap.wait', { hasText: 'Nothing came from p1 for 15 s' })).toBeVisible();
  await press(own, /^Deliver PUBLISH/);
  await expect(goal).toContainText('3 of 3 met');
  await expect(goal.getByRole('heading')).toContainText('Met');
  await expectProgress(page, { will: 'met' });
});

test('the goal is met by keyboard alone', async ({ page }) => {
  const own = await figure(page, GOAL);
  const does = async (name: string) => {
    await own.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
  };
  await does('phone: disconnect');
  await page.keyboard.press('d');
  await does('Freeze the link of p1');
  for (let time = 0; time < 3; time++) await does('Let 5 s pass');
  await page.keyboard.press('d');
  await expect(page.locator('.goal')).toContainText('3 of 3 met');
});

test('the solution reaches the goal, and counts as seen', async ({ page }) => {
  const own = await figure(page, GOAL);
  const goal = page.locator('.goal');
  await press(goal, 'Hint');
  await expect(goal).toContainText('Hint 1');
  await press(goal, 'Solution');
  await press(own, 'To the end');
  await expect(goal).toContainText('3 of 3 met');
  await expect(goal.getByRole('heading')).toContainText('Seen');
});

test('a will waits for its delay: p1 may return before, or it is published', async ({ page }) => {
  const own = await figure(page, DELAY);
  await expect(remembers(own, 1)).toContainText('of p1: “lost”, waits');
  await press(own, 'Let 10 s pass');
  expect(await sent(own)).toEqual([]);
  await press(own, 'Let 10 s pass');
  expect(await sent(own)).toEqual(['PUBLISH, QoS 0, in flight']);
  await press(own, 'Back');
  await press(own, 'Back');
  await press(own, 'Reconnect p1');
  await press(own, 'To the end');
  await expect(remembers(own, 2)).toContainText('nothing');
  await press(own, 'p1: disconnect, 0x04');
  await press(own, 'To the end');
  await expect(own.locator('.nt', { hasText: 'the will of p1 waits' })).toBeVisible();
});

for (const seed of ['0001', '4F2A', '1234']) {
  test(`exercise ${seed} is solved with what the simulator does`, async ({ page }) => {
    await page.goto(`${PAGE}?exercise=${seed}`);
    const exercise = page.locator('.exercise');
    await exercise.scrollIntoViewIfNeeded();
    await expect(exercise).toContainText(`exercise ${seed}`);
    const { answer } = questionOf(seed);
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Answer all of it first.');
    await exercise.getByRole('textbox').fill('1');
    await exercise.getByLabel(answer === undefined ? 'yes' : 'no', { exact: true }).check();
    await press(exercise, 'Check');
    await expect(exercise).toContainText('It is the other way round');
    await exercise.getByLabel(answer === undefined ? 'no' : 'yes', { exact: true }).check();
    await exercise.getByRole('textbox').fill(String(answer ?? ''));
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Right.');
  });
}

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  const first = await figure(page);
  await press(first, 'Step');
  await press(first, 'Transcript');
  const own = await figure(page, GOAL);
  await press(own, 'Freeze the link of p1');
  for (let time = 0; time < 3; time++) await press(own, 'Let 5 s pass');
  await figure(page, DELAY);
  await expectNothingWrong(page);
});

test('at 360 pixels nothing has to be scrolled sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  const first = await figure(page);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBe(360);
  await press(first, 'To the end');
  const own = await figure(page, GOAL);
  await press(own, 'Freeze the link of p1');
  for (let time = 0; time < 3; time++) await press(own, 'Let 5 s pass');
  expect(await width()).toBe(360);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figure shows its default state, and no controls', async ({ page }) => {
    const first = page.locator('figure.sx').first();
    expect(await sent(first)).toEqual(['PUBLISH, QoS 0, in flight']);
    await expect(remembers(first, 2)).toContainText('“lost” for status/p1');
    await expect(first.locator('button:visible:not(.st)')).toHaveCount(0);
    await page.getByText('What happens, and why').nth(1).click();
    await expect(page.getByText('one and a half times the keep alive without any packet')).toBeVisible();
  });
});
