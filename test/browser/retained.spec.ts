import { expect, type Locator } from '@playwright/test';
import { type Arrival, questionOf, SUBSCRIBERS } from '../../src/lessons/retained.ts';
import { expectNothingWrong, inEachLook } from './looks.ts';
import { expectProgress, figure, press, remembers, test } from './stepper.ts';

const PAGE = '/lessons/retained/';

/** What stands beside the arrows: `“21”, RETAIN 1`. */
async function notes(within: Locator): Promise<string[]> {
  const all = await within.locator('.ev:not(.next) .nt > span').allInnerTexts();
  return all.map((text) => text.trim());
}

test.beforeEach(async ({ page }) => {
  await page.goto(PAGE);
});

test('opens with the older message on its way to the phone', async ({ page }) => {
  const first = await figure(page);
  expect(await notes(first)).toEqual(['“21”, RETAIN 1', '“22”, RETAIN 0', '“21”, RETAIN 1']);
  await expect(remembers(first, 1)).toContainText('“21” for Room1/Temperature');
});

test('its three parts go from one to the next, with the mouse', async ({ page }) => {
  const first = await figure(page);
  await press(first, 'Step');
  await expect(remembers(first, 2)).toContainText('got “21” once');
  await first.getByRole('radio', { name: 'Replace' }).check();
  await press(first, 'To the end');
  expect((await notes(first)).filter((note) => note.includes('RETAIN'))).toEqual([
    '“23”, RETAIN 1',
    '“23”, RETAIN 0',
    '“23”, RETAIN 1',
  ]);
  await expect(remembers(first, 1)).toContainText('“23” for Room1/Temperature');
  await first.getByRole('radio', { name: 'Remove' }).check();
  await press(first, 'To the end');
  expect(await notes(first)).toEqual(['an empty message, RETAIN 1', 'an empty message, RETAIN 0']);
  await expect(remembers(first, 1)).toContainText('nothing');
});

test('and by keyboard alone', async ({ page }) => {
  const first = await figure(page);
  await first.getByRole('radio', { name: 'Replace' }).focus();
  await page.keyboard.press('Space');
  await first.getByRole('group', { name: /Sequence of packets/ }).focus();
  await page.keyboard.press('Home');
  expect(await notes(first)).toEqual([]);
  for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight');
  expect((await notes(first)).filter((note) => note.includes('RETAIN'))).toEqual([
    '“23”, RETAIN 1',
    '“23”, RETAIN 0',
    '“23”, RETAIN 1',
  ]);
});

test('the prediction is run on a real broker, and explained when it has run', async ({ page }) => {
  const asks = page.locator('.asks');
  await asks.scrollIntoViewIfNeeded();
  await asks.getByLabel('nothing').check();
  await press(asks, 'Run it');
  // It plays by itself, step by step.
  await expect(asks.getByText('The empty message itself is never kept')).toBeVisible({ timeout: 20_000 });
  await expect(asks.locator('label', { hasText: 'with RETAIN 0' })).toHaveClass('so');
});

test('the table was filled in by a broker', async ({ page }) => {
  await expect(page.getByRole('row', { name: 'RETAIN 1 RETAIN 0 RETAIN 1 RETAIN 1' })).toBeVisible();
  await expect(page.getByRole('row', { name: 'RETAIN 0 RETAIN 0 nothing RETAIN 0' })).toBeVisible();
});

test('the goal is met by packets: a failed try says what was different', async ({ page }) => {
  const own = await figure(page, 1);
  const goal = page.locator('.goal');
  await expect(goal).toContainText('0 of 3 met');
  await press(own, 'p1: “21”, RETAIN 1');
  await press(own, 'phone: subscribe');
  await press(own, 'To the end');
  await expect(goal).toContainText('p1 was still connected');
  await press(goal, 'Start over');
  await press(own, 'p1: “21”, RETAIN 1');
  await press(own, 'p1: disconnect');
  await press(own, 'To the end');
  await expect(own.getByRole('button', { name: 'p1: “22”, RETAIN 1' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await press(own, 'phone: subscribe');
  await press(own, 'To the end');
  await expect(goal).toContainText('1 of 3 met');
  await press(own, 'Reconnect p1');
  await press(own, 'To the end');
  await press(own, 'p1: “22”, RETAIN 1');
  await press(own, 'To the end');
  await expect(goal).toContainText('What removes it?');
  await press(own, 'p1: empty, RETAIN 1');
  await press(own, 'To the end');
  await expect(goal).toContainText('3 of 3 met');
  await expect(goal.getByRole('heading')).toContainText('Met');
  await expectProgress(page, { retained: 'met' });
});

test('the goal is met by keyboard alone', async ({ page }) => {
  const own = await figure(page, 1);
  const goal = page.locator('.goal');
  const does = async (name: string) => {
    await own.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
  };
  await does('p1: “21”, RETAIN 1');
  await does('p1: disconnect');
  await does('phone: subscribe');
  await own.getByRole('button', { name: 'Reconnect p1' }).focus();
  await page.keyboard.press('Enter');
  await own.getByRole('group', { name: /Sequence of packets/ }).focus();
  await page.keyboard.press('End');
  await does('p1: “22”, RETAIN 1');
  await does('p1: empty, RETAIN 1');
  await expect(goal).toContainText('3 of 3 met');
});

test('the solution reaches the goal, and counts as seen', async ({ page }) => {
  const own = await figure(page, 1);
  const goal = page.locator('.goal');
  await press(goal, 'Hint');
  await expect(goal).toContainText('Hint 1');
  await press(goal, 'Solution');
  await press(own, 'To the end');
  await expect(goal).toContainText('3 of 3 met');
  await expect(goal.getByRole('heading')).toContainText('Seen');
});

for (const seed of ['0001', '4F2A', '1234']) {
  test(`exercise ${seed} is solved with what the simulator does`, async ({ page }) => {
    await page.goto(`${PAGE}?exercise=${seed}`);
    const exercise = page.locator('.exercise');
    await exercise.scrollIntoViewIfNeeded();
    await expect(exercise).toContainText(`exercise ${seed}`);
    const { answer, payload } = questionOf(seed);
    const options = { none: 'not at all', '0': 'with RETAIN 0', '1': 'with RETAIN 1' };
    const choose = (client: string, arrival: Arrival) =>
      exercise
        .getByRole('group', { name: `${client} gets “${payload}”` })
        .getByLabel(options[arrival])
        .check();
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Answer all of it first.');
    for (const client of SUBSCRIBERS) await choose(client, answer[client] ?? 'none');
    const [first] = SUBSCRIBERS;
    await choose(first, answer[first] === 'none' ? '1' : 'none');
    await press(exercise, 'Check');
    await expect(exercise).toContainText(`Something else comes to ${first}`);
    await choose(first, answer[first] ?? 'none');
    await press(exercise, 'Check');
    await expect(exercise).toContainText('Right.');
  });
}

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  const first = await figure(page);
  await press(first, 'Transcript');
  const own = await figure(page, 1);
  await press(own, 'p1: “21”, RETAIN 1');
  await press(own, 'Step');
  await press(own, 'phone: subscribe');
  await expectNothingWrong(page);
});

test('at 360 pixels nothing has to be scrolled sideways', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 });
  const first = await figure(page);
  const width = () => page.evaluate(() => document.documentElement.scrollWidth);
  expect(await width()).toBe(360);
  await first.getByRole('radio', { name: 'Remove' }).check();
  await press(first, 'To the end');
  const own = await figure(page, 1);
  await press(own, 'p1: “21”, RETAIN 1');
  expect(await width()).toBe(360);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figure shows its default state, and no controls', async ({ page }) => {
    const first = page.locator('figure.sx').first();
    expect(await notes(first)).toContain('“22”, RETAIN 0');
    await expect(remembers(first, 1)).toContainText('“21” for Room1/Temperature');
    await expect(first.locator('button:visible')).toHaveCount(0);
    await page.getByText('What happens, and why').click();
    await expect(page.getByText('The empty message itself is never kept')).toBeVisible();
  });
});
