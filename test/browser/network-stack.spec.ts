// Lesson 3 in the browser: read, run and solved, by keyboard too, on a phone, in the dark, and without JavaScript.
import { expect, type Page, test } from '@playwright/test';
import { expectNothingWrong, inEachLook } from './looks.ts';

const LESSON = 'lessons/network-stack/';

async function open(page: Page, address = LESSON) {
  await page.goto(address);
  const figure = page.locator('figure.ev').first();
  await expect(figure.getByRole('radio', { name: 'TLS over TCP' })).toBeEnabled();
  return figure;
}

test('the figure wraps the message in what the reader chooses', async ({ page }) => {
  const figure = await open(page);
  await expect(figure).toHaveAccessibleName(/TCP, QoS 0, 7 bytes of message, 88 bytes on the wire/);
  await figure.getByText('TLS over TCP').click();
  await expect(figure).toHaveAccessibleName(/110 bytes on the wire/);
  await expect(figure.getByText('TLS has encrypted these bytes')).toBeVisible();
  await figure.getByText('opened', { exact: true }).click();
  await expect(figure.getByText('TLS has encrypted these bytes')).toBeHidden();
  await figure.getByRole('textbox', { name: 'Bytes of message' }).fill('2000');
  await figure.getByText('2 of 2').click();
  await expect(figure.locator('.ev-more')).toContainText('more bytes');
  await figure.getByRole('radio', { name: '2', exact: true }).check({ force: true });
  await figure.getByRole('button', { name: /PUBCOMP/ }).click();
  await expect(figure.locator('.ev-bytes')).toHaveAccessibleName('The frame, 92 bytes');
});

test('the fields of a layer and their bytes light each other, by keyboard as by mouse', async ({ page }) => {
  const figure = await open(page);
  await figure.locator('summary', { hasText: 'IPv4' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('End');
  await expect(figure.locator('.ev-at')).toHaveText('IPv4 · Destination Address 192.0.2.1');
  await expect(figure.locator('.ev-bytes .on')).toHaveCount(4);
  await figure.locator('.ev-bytes .b').nth(67).hover();
  await expect(figure.locator('.ev-at')).toHaveText('MQTT · Remaining Length 20');
});

test('prediction, goal and exercise are run, met and marked', async ({ page }) => {
  await open(page, `${LESSON}?exercise=4F2A`);
  const predict = page.locator('.asks');
  await predict.scrollIntoViewIfNeeded();
  await predict.getByLabel('22: the PUBLISH.').check();
  await predict.getByRole('button', { name: 'Run it' }).click();
  await expect(predict.locator('label', { hasText: '88' })).toContainText('what happened');

  const goal = page.locator('.goal');
  await goal.scrollIntoViewIfNeeded();
  await expect(goal.getByText('0 of 3 met')).toBeVisible();
  const tls = goal.getByRole('radio', { name: /^TLS over TCP/ });
  await expect(tls).toBeEnabled();
  await tls.focus();
  await page.keyboard.press('Space');
  await goal.getByRole('radio', { name: '2', exact: true }).focus();
  await page.keyboard.press('Space');
  await expect(goal.getByText('2 of 3 met')).toBeVisible();
  await goal.getByRole('textbox', { name: 'Bytes of message' }).fill('3000');
  await expect(goal.getByRole('heading')).toHaveText('Met: four bytes of five are yours');

  const exercise = page.getByRole('form', { name: /Exercise/ });
  await exercise.scrollIntoViewIfNeeded();
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText('Three whole numbers');
  await exercise.getByRole('button', { name: 'Solution' }).click();
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText('The engine wraps it in the same');
  await exercise.getByRole('textbox').last().fill('1');
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText('The frame is not 1 bytes');
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  const figure = await open(page);
  await figure.getByText('WebSocket over TLS').click();
  await page.locator('.exercise').scrollIntoViewIfNeeded();
  await expect(page.locator('.exercise').getByRole('button', { name: 'Check' })).toBeEnabled();
  await expectNothingWrong(page);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the frame is there, and its layers open', async ({ page }) => {
    await page.goto(LESSON);
    const figure = page.locator('figure.ev').first();
    await expect(figure.locator('.ev-bytes .b')).toHaveCount(88);
    await figure.locator('summary', { hasText: 'TCP' }).click();
    await expect(figure.getByText('1883', { exact: true })).toBeVisible();
    await expect(figure.getByRole('radio', { name: 'TLS over TCP' })).toBeDisabled();
  });
});
