import { expect, type Locator, type Page } from '@playwright/test';
import { questionOf, SOLUTION } from '../../src/lessons/topics.ts';
import { expectNothingWrong, inEachLook } from './looks.ts';
import { expectProgress, press, test } from './stepper.ts';

const PAGE = '/lessons/topics/';

/** The matcher, once it answers. */
async function matcher(page: Page): Promise<Locator> {
  const found = page.locator('figure.tp');
  await expect(found.getByLabel('Topic filter 1')).toBeEnabled();
  return found;
}

test('the matcher opens with a pair that fails, and says at which level and why', async ({ page }) => {
  await page.goto(PAGE);
  const figure = await matcher(page);
  await expect(figure.locator('.tp-said')).toContainText('Level 2 differs: the filter has “Light”');
  await figure.getByRole('button', { name: '#, $SYS/broker/uptime: fails at level 1', exact: true }).click();
  await expect(figure.locator('.tp-said')).toContainText('begins with $');
  await figure.locator('.tp-said').getByRole('button', { name: 'Statement MQTT-4.7.2-1' }).click();
  await expect(page.getByText('Binds the server').first()).toBeVisible();
});

test('filters and topics are typed, faults shown at their character, and the address keeps it all', async ({
  page,
}) => {
  await page.goto(PAGE);
  const figure = await matcher(page);
  await figure.getByLabel('Topic filter 1').fill('Room+/Light');
  await expect(figure.locator('.tp-filters mark')).toHaveText('+');
  await expect(figure.locator('.tp-filters .tp-fault')).toContainText('Character 5: + takes a whole level');
  await expect(figure.locator('.tp-said')).toContainText('not compared');
  await figure.getByLabel('Topic filter 1').fill('Room1/+/#');
  await expect(figure.locator('.tp-said')).toContainText('It matches');
  await press(figure, 'Add a topic');
  await expect(figure.getByRole('textbox', { name: 'Topic name 9' })).toBeFocused();
  await page.keyboard.type('Room1/Lamp/Light/');
  await expect(figure.getByText('Its last level is empty.')).toBeVisible();
  await press(figure, 'Link to this table');
  await page.reload();
  const again = await matcher(page);
  await expect(again.getByLabel('Topic filter 1')).toHaveValue('Room1/+/#');
  await expect(again.getByLabel('Topic name 9')).toHaveValue('Room1/Lamp/Light/');
  await page.goto(`${PAGE}#matcher=%;;`);
  await page.reload();
  await expect(page.locator('figure.tp [role="alert"]')).toContainText('cannot be read');
});

test('the grid is one tab stop, and the arrow keys go from pair to pair', async ({ page }) => {
  await page.goto(PAGE);
  const figure = await matcher(page);
  await figure.locator('.tp-cell[tabindex="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('.tp-cell:focus')).toHaveAccessibleName('Room1/#, Room1/Lamp/Light: matches');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.tp-cell:focus')).toHaveAccessibleName('Room1/#, Room2/Light: fails at level 1');
  await expect(figure.locator('.tp-cell[tabindex="0"]')).toHaveCount(1);
  await page.getByRole('link', { name: /A slash in front makes no difference/ }).click();
  await expect(figure.getByLabel('Topic filter 2')).toHaveValue('/Room1/Light');
});

test('a prediction is run by a broker, and explained when it has run', async ({ page }) => {
  await page.goto(PAGE);
  const asks = page.locator('.asks').first();
  await asks.scrollIntoViewIfNeeded();
  await asks.getByLabel('“1”, “2” and “3”').check();
  await press(asks, 'Run it');
  await press(asks, 'To the end');
  await expect(asks.locator('label.so')).toContainText('“1” and “2”');
  await expect(asks.getByText('is spared that')).toBeVisible();
});

test('the goal says what was different, and is reached by keyboard alone', async ({ page }) => {
  await page.goto(PAGE);
  const goal = page.locator('.goal');
  await goal.scrollIntoViewIfNeeded();
  const field = goal.getByLabel('The phone subscribes to');
  await expect(field).toBeEnabled();
  const tries = async (filter: string) => {
    await field.focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(filter);
    await page.keyboard.press('Enter');
  };
  await tries('home/#/temperature');
  await expect(goal).toContainText('No client can send this filter. Character 6');
  await tries('home/+/temperature');
  await expect(goal).toContainText('home/attic/temperature/min has not arrived. The topic has a level 4');
  await tries(SOLUTION);
  await expect(goal.getByRole('heading')).toContainText('Met');
  await expectProgress(page, { topics: 'met' });
});

test('an exercise is solved with what the broker does', async ({ page }) => {
  await page.goto(`${PAGE}?exercise=1234`);
  const exercise = page.locator('.exercise');
  await exercise.scrollIntoViewIfNeeded();
  await expect(exercise).toContainText('exercise 1234');
  const { answer } = questionOf('1234');
  await press(exercise, 'Check');
  await expect(exercise).toContainText('Not yet.');
  for (const topic of answer) await exercise.getByLabel(topic, { exact: true }).check();
  await press(exercise, 'Check');
  await expect(exercise).toContainText('Right.');
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  await page.goto(PAGE);
  const figure = await matcher(page);
  await figure.getByLabel('Topic filter 3').fill('Room1/#/a/filter/that/is/rather/long/for/a/phone');
  await expectNothingWrong(page);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the matcher shows what matches, and no buttons to add or take away', async ({ page }) => {
    await page.goto(PAGE);
    const figure = page.locator('figure.tp');
    await expect(figure.locator('.tp-said')).toContainText('Level 2 differs');
    await expect(figure.locator('.btn:visible')).toHaveCount(0);
  });
});
