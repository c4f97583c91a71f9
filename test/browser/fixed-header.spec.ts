// Lesson 4 in the browser: by mouse, by keyboard alone, on a phone, in both themes, and without JavaScript.
import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectNothingWrong, inEachLook } from './looks.ts';

const LESSON = 'lessons/fixed-header/';

function figure(page: Page, name = 'byte'): Locator {
  return page.locator(`[data-packet="${name}"]`);
}

function bit(packet: Locator, number: number): Locator {
  return packet.locator(`[data-bit="${number}"]`);
}

function digits(packet: Locator): Locator {
  return packet.getByRole('textbox', { name: 'First byte, two hexadecimal digits' });
}

/** Waits until the widget answers. */
async function open(page: Page, address = LESSON): Promise<Locator> {
  await page.goto(address);
  await expect(digits(figure(page))).toBeEnabled();
  return figure(page);
}

test.describe('the byte of switches', () => {
  test('becomes another packet with each bit, or a fault with its statement', async ({ page }) => {
    const packet = await open(page);
    await expect(digits(packet)).toHaveValue('32');
    await bit(packet, 7).click();
    await expect(packet.locator('.fb-is')).toContainText('UNSUBACK');
    await expect(packet.locator('.fb-is')).toContainText('The flags of UNSUBACK are 0000, not 0010.');
    await bit(packet, 4).click();
    await expect(digits(packet)).toHaveValue('A2');
    await expect(packet.locator('.fb-is')).toContainText('The flags of UNSUBSCRIBE are always 0010.');
    await bit(packet, 1).click();
    await packet.getByRole('button', { name: 'Statement MQTT-3.10.1-1' }).click();
    await expect(page.getByText('UNSUBSCRIBE has the flag bits 0010').first()).toBeVisible();
  });

  test('says beforehand what a bit would do', async ({ page }) => {
    const packet = await open(page);
    await bit(packet, 2).hover();
    await expect(packet.locator('.hint')).toHaveText('Bit 2 would be a fault. There is no QoS 3.');
    await bit(packet, 4).hover();
    await expect(packet.locator('.hint')).toContainText('Bit 4 would be a fault. The flags of CONNACK');
  });

  test('can be typed, and is read in either version', async ({ page }) => {
    const packet = await open(page);
    await digits(packet).fill('F0');
    await expect(packet.locator('.fb-is')).toContainText('Control Packet type 15 is reserved.');
    await expect(packet.locator('.fb-map')).toContainText('23 of 256');
    await packet.getByRole('button', { name: '5.0' }).click();
    await expect(packet.locator('.fb-is')).toContainText('AUTH');
    await expect(packet.locator('.fb-map')).toContainText('24 of 256');
  });

  test('lights the words of the text, and is lit by them', async ({ page }) => {
    const packet = await open(page);
    const inProse = page.locator('[data-lights="byte:qos"]');
    await inProse.hover();
    await expect(bit(packet, 2)).toHaveClass(/\blit\b/);
    await expect(bit(packet, 1)).toHaveClass(/\blit\b/);
    await bit(packet, 1).hover();
    await expect(inProse).toHaveClass(/\bon\b/);
  });

  test('is one tab stop, with arrows, 0 and 1, and a map that moves it', async ({ page }) => {
    const packet = await open(page);
    await expect(packet.locator('[data-group=bits] [tabindex="0"]')).toHaveCount(1);
    await digits(packet).focus();
    await page.keyboard.press('Tab');
    await expect(bit(packet, 7)).toBeFocused();
    await page.keyboard.press('End');
    await expect(packet.getByRole('button', { name: 'bit 0, 0, RETAIN' })).toBeFocused();
    await page.keyboard.press('1');
    await expect(digits(packet)).toHaveValue('33');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('0');
    await expect(digits(packet)).toHaveValue('31');
    await page.keyboard.press('Tab');
    const cell = (name: string) => packet.getByRole('gridcell', { name });
    await expect(cell('31, PUBLISH, flags 0001, may be sent')).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(cell('41, PUBACK, flags 0001, malformed')).toBeFocused();
    await page.keyboard.press('Home');
    await expect(digits(packet)).toHaveValue('40');
  });

  test('follows a press in the map, where a name takes the flags that go with it', async ({ page }) => {
    const packet = await open(page);
    await packet.getByRole('gridcell', { name: /^38, PUBLISH/ }).click();
    await expect(packet.locator('.fb-is')).toContainText('DUP is set at QoS 0');
    await packet.getByRole('rowheader', { name: /PUBREL/ }).click();
    await expect(digits(packet)).toHaveValue('62');
  });
});

test('the prediction is run by the broker in the page, in both versions', async ({ page }) => {
  await open(page);
  const predict = page.locator('.asks');
  await predict.scrollIntoViewIfNeeded();
  await predict.getByLabel('It subscribes p1').check();
  await predict.getByRole('button', { name: 'Run it' }).click();
  await expect(predict.locator('label', { hasText: 'It closes the connection.' })).toContainText(
    'what happened',
  );
  await expect(predict.getByRole('img', { name: 'DISCONNECT, 0x81' })).toBeVisible();
  await expect(predict.getByText('closes the connection', { exact: true })).toHaveCount(2);
});

test.describe('the goal', () => {
  test('is met by turning bits over', async ({ page }) => {
    await open(page);
    const packet = figure(page, 'goal');
    const goal = page.locator('.goal');
    await packet.scrollIntoViewIfNeeded();
    await expect(digits(packet)).toBeEnabled();
    await expect(goal.getByText('0 of 4 met')).toBeVisible();
    await bit(packet, 7).focus();
    await page.keyboard.type('0');
    for (const [number, value] of [
      [5, 1],
      [4, 1],
      [3, 1],
      [2, 1],
      [1, 0],
      [0, 1],
    ] as const) {
      await bit(packet, number).focus();
      await page.keyboard.type(String(value));
    }
    await expect(digits(packet)).toHaveValue('3D');
    await expect(goal.getByRole('heading')).toHaveText('Met: the first byte of a message that comes again');
    await expect(page.locator('[data-lesson="fixed-header"]').first()).toHaveAttribute('data-stage', 'met');
  });

  test('shows hints and a solution, which is not the same as solving it', async ({ page }) => {
    await open(page);
    const packet = figure(page, 'goal');
    const goal = page.locator('.goal');
    await packet.scrollIntoViewIfNeeded();
    await goal.getByRole('button', { name: 'Hint' }).click();
    await expect(goal.getByText('Hint 1:')).toBeVisible();
    await goal.getByRole('button', { name: 'Solution' }).click();
    await expect(digits(packet)).toHaveValue('3D');
    await expect(page.locator('[data-lesson="fixed-header"]').first()).not.toHaveAttribute(
      'data-stage',
      'met',
    );
    await goal.getByRole('button', { name: 'Start over' }).click();
    await expect(digits(packet)).toHaveValue('82');
  });
});

test('the exercise is marked by the decoder, and made anew from a seed in the address', async ({ page }) => {
  await open(page, `${LESSON}?exercise=4F2A`);
  const exercise = page.getByRole('form', { name: /Exercise/ });
  await exercise.scrollIntoViewIfNeeded();
  await expect(exercise.getByText('exercise 4F2A')).toBeVisible();
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText('The first byte of packet 1 is still blank.');
  await exercise.getByRole('button', { name: 'Solution' }).click();
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText('Right. The decoder reads');
  await exercise.getByRole('textbox').first().fill('00');
  await exercise.getByRole('button', { name: 'Check' }).click();
  await expect(exercise.getByRole('status')).toContainText('Packet 1 would be no packet');
  await exercise.getByRole('button', { name: 'New one' }).click();
  await expect(page).not.toHaveURL(/exercise=4F2A/);
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  const packet = await open(page);
  await page.locator('.exercise').scrollIntoViewIfNeeded();
  await expect(page.locator('.exercise').getByRole('button', { name: 'Check' })).toBeEnabled();
  await expectNothingWrong(page);
  for (const byte of ['36', '38']) {
    await digits(packet).fill(byte);
    await expectNothingWrong(page, '[data-packet=byte] .bits');
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the byte, its meaning and the map are there', async ({ page }) => {
    await page.goto(LESSON);
    const packet = figure(page);
    await expect(packet.locator('.fb-is')).toContainText(
      'QoS\u00a01, not retained, sent for the first time.',
    );
    await expect(packet.getByRole('gridcell', { name: /^32, PUBLISH/ })).toHaveAttribute(
      'aria-selected',
      'true',
    );
    await expect(page.locator('.exercise').getByRole('button', { name: 'Check' })).toBeHidden();
    await page.getByText('What happens, and why').click();
    await expect(page.getByText('a lenient broker could read the packet')).toBeVisible();
  });
});
