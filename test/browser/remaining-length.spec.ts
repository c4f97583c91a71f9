// Lesson 5 in the browser: by mouse, by keyboard alone, on a phone, in both themes, and without JavaScript.
import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectNothingWrong, inEachLook } from './looks.ts';

const LESSON = 'lessons/remaining-length/';

function number(page: Page): Locator {
  return figure(page).getByRole('textbox', { name: 'Number' });
}

function bytes(page: Page): Locator {
  return figure(page).getByRole('textbox', { name: 'Bytes' });
}

function figure(page: Page): Locator {
  return page.locator('[data-packet="length"]');
}

/** Waits until the widget answers. */
async function open(page: Page, address = LESSON): Promise<Locator> {
  await page.goto(address);
  await expect(number(page)).toBeEnabled();
  return figure(page);
}

test.describe('the converter', () => {
  for (const [value, hex] of [
    ['0', '00'],
    ['127', '7F'],
    ['128', '80 01'],
    ['509', 'FD 03'],
    ['16383', 'FF 7F'],
    ['268435455', 'FF FF FF 7F'],
  ] as const) {
    test(`writes ${value} as ${hex}, and reads it back`, async ({ page }) => {
      await open(page);
      await number(page).fill(value);
      await expect(bytes(page)).toHaveValue(hex);
      await number(page).fill('1');
      await bytes(page).fill(hex);
      await expect(number(page)).toHaveValue(value);
    });
  }

  test('writes every step out, in both directions', async ({ page }) => {
    const length = await open(page);
    const rows = length.locator('.vi-steps tbody tr');
    await expect(rows.nth(0)).toContainText('49 798 = 389 × 128 + 6');
    await expect(rows.nth(2)).toContainText('3 × 16 384 = 49 152');
    await expect(rows.nth(3)).toContainText('49 798');
    await number(page).fill('509');
    await expect(rows.nth(0)).toContainText('509 = 3 × 128 + 125');
    await expect(rows.nth(1)).toContainText('nothing is left: the last byte');
    await expect(length.getByText('1 + 2 + 509 = 512 bytes in the packet')).toBeVisible();
    await expect(length.locator('[aria-current=true]')).toContainText('2 bytes');
  });

  test('refuses five bytes, and says why', async ({ page }) => {
    const length = await open(page);
    await bytes(page).fill('80 80 80 80 01');
    await expect(length.getByRole('alert')).toContainText('Remaining Length takes more than four bytes.');
    await expect(length.locator('.vi-steps tbody tr').nth(4)).toContainText('not read');
    await expect(number(page)).toHaveValue('');
  });

  test('refuses a longer form, with its statement, and mends it', async ({ page }) => {
    const length = await open(page);
    await bytes(page).fill('82 00');
    await expect(length.getByRole('alert')).toContainText(
      'Remaining Length is written in more bytes than 2 needs.',
    );
    await length.getByRole('button', { name: 'Statement MQTT-1.5.5-1' }).click();
    await expect(
      page.getByText('A variable byte integer uses no more bytes than its value needs.').first(),
    ).toBeVisible();
    await page.keyboard.press('Escape');
    await length.getByRole('button', { name: 'Write it as 02' }).click();
    await expect(bytes(page)).toHaveValue('02');
    await expect(number(page)).toHaveValue('2');
  });

  test('says what it cannot take, and keeps what was there', async ({ page }) => {
    const length = await open(page);
    await number(page).fill('268435456');
    await expect(length.getByText('At most 268 435 455.')).toBeVisible();
    await expect(bytes(page)).toHaveValue('86 85 03');
    await bytes(page).fill('8');
    await expect(length.getByText('Pairs of the digits 0 to 9 and A to F.')).toBeVisible();
  });

  test('follows its bits by keyboard: a row is one tab stop', async ({ page }) => {
    const length = await open(page);
    await bytes(page).focus();
    await page.keyboard.press('Tab');
    await expect(
      length.getByRole('button', { name: 'byte 1, bit 7, 1, another byte follows' }),
    ).toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('End');
    await expect(length.getByRole('button', { name: 'byte 2, bit 0, 1, worth 1' })).toBeFocused();
    await page.keyboard.press('0');
    await expect(number(page)).toHaveValue('49670');
    await page.keyboard.press('Home');
    await page.keyboard.press('0');
    await expect(number(page)).toHaveValue('518');
    await expect(length.locator('.vi-steps tbody tr').nth(2)).toContainText('no longer the length');
  });

  test('goes to the edges of its ranges', async ({ page }) => {
    const length = await open(page);
    await length.getByRole('button', { name: '2 097 152', exact: true }).click();
    await expect(bytes(page)).toHaveValue('80 80 80 01');
    await expect(length.locator('[aria-current=true]')).toContainText('4 bytes');
  });

  test('lights the bytes of the text, and is lit by them', async ({ page }) => {
    const length = await open(page);
    const inProse = page.locator('[data-lights="length:byte2"]');
    await inProse.hover();
    await expect(length.locator('.vi-steps tbody tr').nth(1)).toHaveClass(/\bon\b/);
    await length.locator('.vi-steps tbody tr').nth(1).locator('.r').hover();
    await expect(inProse).toHaveClass(/\bon\b/);
  });
});

test('the prediction is run by the client in the page', async ({ page }) => {
  await open(page);
  const predict = page.locator('.asks');
  await predict.scrollIntoViewIfNeeded();
  await predict.getByLabel('By one byte.').check();
  await predict.getByRole('button', { name: 'Run it' }).click();
  await expect(predict.locator('label', { hasText: 'By two bytes.' })).toContainText('what happened');
  await expect(predict.getByText('131 bytes in all')).toBeVisible();
});

test.describe('the goal', () => {
  test('is met by a message that is published, and says what a try lacked', async ({ page }) => {
    await open(page);
    const goal = page.locator('.goal');
    await goal.scrollIntoViewIfNeeded();
    const length = goal.getByRole('textbox', { name: 'Bytes of message' });
    await length.fill('16383');
    await length.press('Enter');
    await expect(
      goal.getByText('Your message of 16 383 bytes made a Remaining Length of 16 396, which takes 3 bytes.'),
    ).toBeVisible();
    await length.fill('16000');
    await length.press('Enter');
    await expect(goal.getByText('There is room for more.')).toBeVisible();
    await expect(goal.getByText('1 of 2 met')).toBeVisible();
    await length.fill('16370');
    await goal.getByRole('button', { name: 'Publish' }).click();
    await expect(goal.getByRole('heading')).toHaveText('Met: the longest message behind two bytes of length');
    await expect(page.locator('[data-lesson="remaining-length"]').first()).toHaveAttribute(
      'data-stage',
      'met',
    );
  });

  test('shows a solution, which is not the same as solving it', async ({ page }) => {
    await open(page);
    const goal = page.locator('.goal');
    await goal.scrollIntoViewIfNeeded();
    await goal.getByRole('button', { name: 'Solution' }).click();
    await expect(goal.getByRole('heading')).toContainText('Seen:');
    await expect(goal.getByText('16 383: FF 7F')).toBeVisible();
    await expect(page.locator('[data-lesson="remaining-length"]').first()).not.toHaveAttribute(
      'data-stage',
      'met',
    );
    await goal.getByRole('button', { name: 'Start over' }).click();
    await expect(goal.getByText('nothing sent yet').first()).toBeVisible();
  });
});

test('the exercise is marked by the codec, and made anew from a seed in the address', async ({ page }) => {
  await open(page, `${LESSON}?exercise=4F2A`);
  const exercise = page.getByRole('form', { name: /Exercise/ });
  await exercise.scrollIntoViewIfNeeded();
  await expect(exercise.getByText('exercise 4F2A')).toBeVisible();
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText('The size is still blank.');
  await exercise.getByRole('button', { name: 'Solution' }).click();
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText('Right. Both as the codec has them');
  await exercise.getByRole('textbox', { name: /hexadecimal/ }).fill('82 00');
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText(
    'The size is right. The decoder says of your bytes: Remaining Length is written',
  );
  await exercise.getByRole('button', { name: 'New one' }).click();
  await expect(page).not.toHaveURL(/exercise=4F2A/);
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  const length = await open(page);
  await page.locator('.exercise').scrollIntoViewIfNeeded();
  await expect(page.locator('.exercise').getByRole('button', { name: 'Check' })).toBeEnabled();
  await expectNothingWrong(page);
  for (const hex of ['82 00', '80 80 80 80 01', '05 03']) {
    await bytes(page).fill(hex);
    await length.locator('.vi-steps tbody tr').first().hover();
    await expectNothingWrong(page, '[data-packet=length]');
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the steps are there, and no control that would not answer', async ({ page }) => {
    await page.goto(LESSON);
    const length = figure(page);
    await expect(length).toContainText('389 = 3 × 128 + 5');
    await expect(number(page)).toBeDisabled();
    await expect(page.locator('.exercise').getByRole('button', { name: 'Check' })).toBeHidden();
    await page.getByText('What happens, and why').click();
    await expect(page.getByText('One is the letter.')).toBeVisible();
  });
});
