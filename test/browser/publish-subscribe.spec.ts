import { expect } from '@playwright/test';
import { CLIENTS, questionOf } from '../../src/lessons/publish-subscribe.ts';
import { expectNothingWrong, inEachLook } from './looks.ts';
import { expectProgress, figure, press, remembers, test } from './stepper.ts';

const PAGE = '/lessons/publish-subscribe/';

test('opens with a message for nobody; Step is what leads on, and the next message arrives', async ({
  page,
}) => {
  await page.goto(PAGE);
  const first = await figure(page);
  await expect(first.locator('.nt', { hasText: '“21”: nobody has subscribed' })).toBeVisible();
  await expect(first.getByRole('button', { name: 'Step', exact: true })).toHaveClass(/go/);
  await press(first, 'Step');
  await press(first, 'To the end');
  await expect(remembers(first, 1)).toContainText('of phone: Room1/Temperature');
  await expect(remembers(first, 2)).toContainText('got “22” once');
  await expect(remembers(first, 2)).not.toContainText('“21”');
  // A common mistake leads back to what it is about.
  await page.getByRole('link', { name: /The broker keeps a message/ }).click();
  await expect(remembers(first, 2)).toContainText('nothing');
});

test('the predictions are run by a broker, and explained when they have run', async ({ page }) => {
  await page.goto(PAGE);
  const expected = [
    ['The broker refuses it', 'It goes to nobody', 'There is no list of topics'],
    ['A and B', 'B', 'To it a topic is only a text.'],
    ['“1”, “2” and “4”', '“1” and “2”', 'It is not a mailbox'],
  ] as const;
  for (const [place, [guess, outcome, explanation]] of expected.entries()) {
    const asks = page.locator('.asks').nth(place);
    await asks.scrollIntoViewIfNeeded();
    await asks.getByLabel(guess, { exact: true }).check();
    await press(asks, 'Run it');
    await press(asks, 'To the end');
    await expect(asks.locator('label.so')).toContainText(outcome);
    await expect(asks.getByText(explanation)).toBeVisible();
  }
});

test('a failed try says what was different, and the goal is reached by keyboard alone', async ({ page }) => {
  await page.goto(PAGE);
  const goal = page.locator('.goal');
  await goal.scrollIntoViewIfNeeded();
  const own = page.locator('figure.sx', { has: page.locator('.offers') });
  await expect(own.getByRole('button', { name: 'Back', exact: true })).not.toHaveAttribute('disabled');
  const does = async (...names: string[]) => {
    for (const name of names) {
      await own.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('End');
    }
  };
  await does('A: subscribe to A', 'A: publish “hello” to A');
  await expect(goal).toContainText('A device got back what it had published itself');
  await press(goal, 'Start over');
  await does('A: publish “hello” to A');
  await expect(goal).toContainText('1 of 4 met');
  await does('A: subscribe to B', 'B: subscribe to A', 'A: publish “hello” to A', 'B: publish “hi” to B');
  await expect(goal.getByRole('heading')).toContainText('Met');
  await expectProgress(page, { 'publish-subscribe': 'met' });
});

test('an exercise is solved with what the simulator does', async ({ page }) => {
  await page.goto(`${PAGE}?exercise=4F2A`);
  const exercise = page.locator('.exercise');
  await exercise.scrollIntoViewIfNeeded();
  await expect(exercise).toContainText('exercise 4F2A');
  const { answer } = questionOf('4F2A');
  const first = CLIENTS.find((client) => answer[client]) ?? 'phone';
  await press(exercise, 'Check');
  await expect(exercise).toContainText('Not yet.');
  await expect(exercise).toContainText(first);
  for (const client of CLIENTS) await exercise.getByLabel(client, { exact: true }).setChecked(answer[client]);
  await press(exercise, 'Check');
  await expect(exercise).toContainText('Right.');
});

test('what is done is saved as a file, cleared, and loaded again', async ({ page }) => {
  await page.goto(PAGE);
  await page.evaluate(() => localStorage.setItem('glass-broker.progress', '{"qos":"met"}'));
  await page.reload();
  const progress = page.getByRole('group', { name: 'Your progress' });
  await expect(progress).toContainText('1 of 17 done');
  const saving = page.waitForEvent('download');
  await press(progress, 'Save');
  const file = await (await saving).path();
  page.once('dialog', (dialog) => dialog.accept());
  await press(progress, 'Clear');
  await expect(progress).toContainText('0 of 17 done');
  const load = async (from: Parameters<ReturnType<typeof page.locator>['setInputFiles']>[0]) => {
    await progress.locator('input[type="file"]').setInputFiles(from);
  };
  await load({ name: 'other.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
  await expect(progress).toContainText('not one of progress');
  await load(file);
  await expect(progress).toContainText('1 lesson read.');
  await expect(progress).toContainText('1 of 17 done');
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  await page.goto(PAGE);
  await press(await figure(page), 'Step');
  await page.locator('.goal').scrollIntoViewIfNeeded();
  await press(await figure(page, 1), 'A: subscribe to B');
  await expectNothingWrong(page);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figure shows its default state, and no controls', async ({ page }) => {
    await page.goto(PAGE);
    const first = page.locator('figure.sx').first();
    await expect(first.locator('.nt', { hasText: '“21”: nobody has subscribed' })).toBeVisible();
    await expect(first.locator('button:visible')).toHaveCount(0);
  });
});
