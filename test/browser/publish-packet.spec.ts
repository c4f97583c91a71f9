// Lesson 6 in the browser: by mouse, by keyboard alone, on a phone, in both themes, and without JavaScript.
import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectNothingWrong, inEachLook } from './looks.ts';

const LESSON = 'lessons/publish-packet/';
const FIGURE = '30 14 00 0B 52 6F 6F 6D 31 2F 4C 69 67 68 74 54 75 72 6E 20 4F 6E';

function figure(page: Page, name = 'figure'): Locator {
  return page.locator(`[data-packet="${name}"]`);
}

function byte(packet: Locator, offset: number): Locator {
  return packet.locator(`[role=gridcell][data-offset="${offset}"]`);
}

function row(packet: Locator, key: string): Locator {
  return packet.locator(`[data-row="${key}"]`);
}

/** The bytes as the grid shows them. */
async function bytesOf(packet: Locator): Promise<string> {
  const texts = await packet.locator('[role=gridcell][data-offset]').allTextContents();
  return texts.filter((text) => text !== '··').join(' ');
}

/** Waits until the widget answers. */
async function open(page: Page, address = LESSON): Promise<Locator> {
  await page.goto(address);
  const packet = figure(page);
  await expect(packet.getByRole('button', { name: 'Copy bytes' })).toBeEnabled();
  return packet;
}

/** Brings another figure of the lesson to life, which waits until it is seen. */
async function awake(packet: Locator): Promise<Locator> {
  await packet.scrollIntoViewIfNeeded();
  await expect(packet.getByRole('button', { name: 'Copy bytes' })).toBeEnabled();
  return packet;
}

test.describe('what is lit', () => {
  test('pointing at a byte lights its field, its length and its row, and leaving ends it', async ({
    page,
  }) => {
    const packet = await open(page);
    await byte(packet, 6).hover();
    await expect(byte(packet, 4)).toHaveClass(/\bon\b/);
    await expect(byte(packet, 14)).toHaveClass(/\bon\b/);
    await expect(byte(packet, 2)).toHaveClass(/\bln1\b/);
    await expect(row(packet, 'topic')).toHaveAttribute('aria-selected', 'true');
    await expect(packet.getByRole('status').last()).toContainText('Bytes 4 to 14: Topic Name Room1/Light');
    await page.getByRole('heading', { level: 1 }).hover();
    await expect(byte(packet, 4)).not.toHaveClass(/\bon\b/);
  });

  test('a press pins, Escape lets go', async ({ page }) => {
    const packet = await open(page);
    await row(packet, 'message').click();
    await page.getByRole('heading', { level: 1 }).hover();
    await packet.getByRole('button', { name: 'Copy bytes' }).focus();
    await expect(byte(packet, 15)).toHaveClass(/\bon\b/);
    await page.keyboard.press('Escape');
    await expect(byte(packet, 15)).not.toHaveClass(/\bon\b/);
  });

  test('bytes in prose light the figure, and are lit with it', async ({ page }) => {
    const packet = await open(page);
    const inProse = page.locator('[data-lights="figure:message"]');
    await inProse.hover();
    await expect(byte(packet, 15)).toHaveClass(/\bon\b/);
    await row(packet, 'message').hover();
    await expect(inProse).toHaveClass(/\bon\b/);
  });
});

test.describe('by keyboard alone', () => {
  test('bytes, bits and tree have one tab stop each', async ({ page }) => {
    const packet = await open(page);
    for (const group of ['bytes', 'bits', 'tree'])
      await expect(packet.locator(`[data-group=${group}] [tabindex="0"]`)).toHaveCount(1);
    await packet.getByRole('radio', { name: 'Edit' }).focus();
    await page.keyboard.press('Tab');
    await expect(byte(packet, 0)).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(packet.getByRole('treeitem', { name: /Control Packet type/ })).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(packet.getByRole('button', { name: /^bit 7/ })).toBeFocused();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
    await expect(byte(packet, 0)).toBeFocused();
  });

  test('arrow keys move by byte and by line', async ({ page }) => {
    const packet = await open(page);
    await byte(packet, 0).focus();
    await page.keyboard.press('ArrowRight');
    await expect(byte(packet, 1)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(byte(packet, 17)).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(byte(packet, 1)).toBeFocused();
    await page.keyboard.press('End');
    await expect(byte(packet, 21)).toBeFocused();
    await expect(byte(packet, 21)).toHaveAttribute(
      'aria-label',
      'byte 21, 6E, letter n, Application Message',
    );
  });

  test('digits overwrite halves of bytes: the border between topic and message moves', async ({ page }) => {
    const packet = await open(page);
    await byte(packet, 3).focus();
    await page.keyboard.type('0C');
    await expect(row(packet, 'topic')).toContainText('Room1/LightT');
    await expect(row(packet, 'message')).toContainText('urn On');
    await expect(page.locator('[data-lesson="publish-packet"]').first()).toHaveAttribute(
      'data-stage',
      'begun',
    );
    await expect(byte(packet, 4)).toBeFocused();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    expect(await bytesOf(packet)).toBe(FIGURE);
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Control+Shift+z');
    await expect(row(packet, 'topic')).toContainText('Room1/LightT');
  });

  test('bytes come in and go, and the fault can be mended', async ({ page }) => {
    const packet = await open(page);
    await byte(packet, 21).focus();
    await page.keyboard.press('Delete');
    await expect(packet.getByRole('alert')).toContainText('The packet breaks off. Missing bytes: 1.');
    const mend = packet.getByRole('button', { name: 'Set Remaining Length to 19' });
    await mend.focus();
    await page.keyboard.press('Enter');
    await expect(packet.getByRole('alert')).toHaveCount(0);
    expect(await bytesOf(packet)).toBe(FIGURE.replace('30 14', '30 13').replace(/ 6E$/, ''));
    await byte(packet, 2).focus();
    await page.keyboard.press('Insert');
    expect(await bytesOf(packet)).toMatch(/^30 13 00 00 0B/);
  });

  test('a bit is set with 1 and 0, and the field follows', async ({ page }) => {
    const packet = await open(page);
    await byte(packet, 0).focus();
    await packet.locator('[data-group=bits] [data-bit="7"]').focus();
    for (let count = 0; count < 6; count++) await page.keyboard.press('ArrowRight');
    await expect(packet.getByRole('button', { name: 'bit 1, 0, QoS level' })).toBeFocused();
    await expect(packet.locator('.hint')).toHaveText(
      'Bit 1 would make this QoS level 1 at least once and bring in 2 bytes.',
    );
    await page.keyboard.press('1');
    await expect(row(packet, 'qos')).toContainText('at least once');
    expect(await bytesOf(packet)).toMatch(/^32 16 .* 74 00 01 54/);
    await expect(packet.getByRole('button', { name: 'bit 1, 1, QoS level' })).toBeFocused();
    await page.keyboard.press('0');
    expect(await bytesOf(packet)).toBe(FIGURE);
  });

  test('a field is typed in its row, and the bytes follow each letter', async ({ page }) => {
    const packet = await open(page);
    await row(packet, 'packetType').focus();
    await page.keyboard.press(']');
    await expect(row(packet, 'dup')).toBeFocused();
    await row(packet, 'topic').focus();
    await page.keyboard.press('Enter');
    await expect(packet.getByRole('textbox', { name: 'Topic Name' })).toBeFocused();
    await page.keyboard.type('a/b');
    expect(await bytesOf(packet)).toMatch(/^30 0C 00 03 61 2F 62 54/);
    await expect(packet.getByRole('textbox', { name: 'Topic Name' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(row(packet, 'topic')).toBeFocused();
    await page.keyboard.press('Control+z');
    expect(await bytesOf(packet)).toBe(FIGURE);
  });

  test('Escape leaves a field as it was', async ({ page }) => {
    const packet = await open(page);
    await row(packet, 'qos').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('2');
    await expect(row(packet, 'packetId')).toContainText('1');
    await page.keyboard.press('Escape');
    expect(await bytesOf(packet)).toBe(FIGURE);
    await expect(row(packet, 'qos')).toBeFocused();
  });

  test('a value that no field can have is refused in words', async ({ page }) => {
    const packet = await open(page);
    await row(packet, 'qos').focus();
    await page.keyboard.press('F2');
    await page.keyboard.type('7');
    await expect(packet.getByRole('alert')).toHaveText('A whole number from 0 to 3.');
    expect(await bytesOf(packet)).toBe(FIGURE);
  });
});

test.describe('a fault', () => {
  test('stands at its byte, names its statement, and is mended by a press', async ({ page }) => {
    const packet = await open(page);
    await byte(packet, 0).click();
    for (const bit of [2, 1]) await packet.locator(`[data-bit="${bit}"]`).click();
    await expect(packet.getByRole('alert')).toContainText(
      'There is no QoS 3. Bits 2 and 1 of byte 0 are both 1.',
    );
    await expect(byte(packet, 0)).toHaveClass(/\bbad\b/);
    await expect(byte(packet, 1)).toHaveClass(/\bx\b/);
    await packet.getByRole('alert').getByRole('button', { name: 'Statement MQTT-3.3.1-4' }).click();
    await expect(
      page.getByText('QoS bits 11 are illegal, and a receiver of such a PUBLISH closes the connection.'),
    ).toBeVisible();
    await page.keyboard.press('Escape');
    await packet.getByRole('button', { name: 'Make it QoS 0' }).click();
    await expect(packet.getByRole('alert')).toHaveCount(0);
    await expect(byte(packet, 0)).toHaveText('30');
  });

  test('that is only forbidden leaves the colours', async ({ page }) => {
    const packet = await open(page);
    await byte(packet, 0).click();
    await packet.locator('[data-bit="3"]').click();
    await expect(packet.getByRole('alert')).toContainText('DUP is set at QoS 0');
    await expect(byte(packet, 4)).toHaveClass(/\bvh\b/);
    await expect(row(packet, 'dup')).toHaveClass(/\bbad\b/);
  });
});

test('a link carries the packet', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const packet = await open(page);
  await byte(packet, 3).focus();
  await page.keyboard.type('0C');
  await packet.getByRole('button', { name: 'Link' }).click();
  await expect(packet.getByRole('button', { name: 'Link copied' })).toBeVisible();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toContain('#figure=3.1.1:3014000C');
  const other = await context.newPage();
  await other.goto(address);
  await expect(row(figure(other), 'topic')).toContainText('Room1/LightT');
  await packet.getByRole('button', { name: 'Copy bytes' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(FIGURE.replace('0B', '0C'));
});

test('the prediction is run by the client in the page', async ({ page }) => {
  await open(page);
  const predict = page.locator('.asks');
  await predict.scrollIntoViewIfNeeded();
  await expect(predict.getByText('Choose an answer first.')).toBeVisible();
  await predict.getByLabel('Not at all').check();
  await predict.getByRole('button', { name: 'Run it' }).click();
  await expect(predict.locator('label', { hasText: 'By two bytes.' })).toContainText('what happened');
  await expect(predict.locator('label', { hasText: 'Not at all' })).toContainText('your answer');
  expect(await bytesOf(figure(page, 'qos-1'))).toMatch(/^32 16 .* 74 00 01 54/);
  await expect(predict.getByText('QoS 1 is acknowledged')).toBeVisible();
});

test.describe('the goal', () => {
  test('is met by typing, digit by digit', async ({ page }) => {
    await open(page);
    const packet = await awake(figure(page, 'goal'));
    const goal = page.locator('.goal');
    await expect(goal.getByText('1 of 7 met')).toBeVisible();
    await byte(packet, 0).focus();
    await page.keyboard.type('331100096861');
    await expect(goal.getByText('RETAIN 1').locator('..')).toContainText('met');
    await page.keyboard.type('6C6C2F646F6F7200016F70656E');
    await expect(goal.getByRole('heading')).toHaveText('Met: build a packet by hand');
    await expect(goal.getByText('7 of 7 met')).toBeVisible();
    await expect(page.locator('[data-lesson="publish-packet"]').first()).toHaveAttribute('data-stage', 'met');
  });

  test('shows hints and a solution, which is not the same as solving it', async ({ page }) => {
    await open(page);
    const packet = await awake(figure(page, 'goal'));
    const goal = page.locator('.goal');
    await goal.getByRole('button', { name: 'Hint' }).click();
    await expect(goal.getByText('Hint 1:')).toBeVisible();
    await goal.getByRole('button', { name: 'Solution' }).click();
    await expect(goal.getByRole('heading')).toHaveText('Seen: build a packet by hand');
    expect(await bytesOf(figure(page, 'goal'))).toMatch(/^33 11 00 09/);
    await expect(page.locator('[data-lesson="publish-packet"]').first()).not.toHaveAttribute(
      'data-stage',
      'met',
    );
    await goal.getByRole('button', { name: 'Start over' }).click();
    expect(await bytesOf(figure(page, 'goal'))).toBe('30 00');
    await expect(packet).toBeVisible();
  });
});

test.describe('the exercise', () => {
  test('is marked by the decoder, and made anew from a seed in the address', async ({ page }) => {
    await open(page, `${LESSON}?exercise=4F2A`);
    const exercise = page.getByRole('form', { name: /Exercise/ });
    await exercise.scrollIntoViewIfNeeded();
    await expect(exercise.getByText('exercise 4F2A')).toBeVisible();
    await exercise.getByRole('button', { name: 'Check' }).click();
    await expect(exercise.getByRole('status')).toContainText('still blank');
    await exercise.getByRole('button', { name: 'Solution' }).click();
    await expect(exercise.getByRole('status')).toContainText('This is the solution.');
    await exercise.getByRole('button', { name: 'Check' }).click();
    await expect(exercise.getByRole('status')).toContainText('Right. The decoder reads:');
    const slot = exercise.getByRole('textbox').first();
    await slot.fill((await slot.inputValue()) === '7F' ? '7E' : '7F');
    await exercise.getByRole('button', { name: 'Check' }).click();
    await expect(exercise.getByRole('status')).toContainText('Not yet.');
    await exercise.getByRole('button', { name: 'New one' }).click();
    await expect(page).not.toHaveURL(/exercise=4F2A/);
    await expect(page).toHaveURL(/exercise=[0-9A-F]{4}/);
  });
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  const packet = await open(page);
  await awake(figure(page, 'goal'));
  await page.locator('.exercise').scrollIntoViewIfNeeded();
  await expect(page.locator('.exercise').getByRole('button', { name: 'Check' })).toBeEnabled();
  await row(packet, 'topic').click();
  await expectNothingWrong(page);
  await byte(packet, 0).click();
  await packet.locator('[data-bit="3"]').click();
  await expect(packet.getByRole('alert')).toBeVisible();
  await expectNothingWrong(page, '[data-packet=figure]');
});

test('a packet of a megabyte shows its beginning and folds the rest', async ({ page }) => {
  const packet = await open(page);
  await row(packet, 'message').focus();
  await page.evaluate(() => {
    const cell = document.querySelector('[data-packet=figure] [role=gridcell]') as HTMLElement;
    cell.focus();
    const length = 1_000_000;
    const head = [
      0x30,
      0x80 | (length & 0x7f),
      0x80 | ((length >> 7) & 0x7f),
      length >> 14,
      0x00,
      0x01,
      0x61,
    ];
    const text = head.map((byte) => byte.toString(16).padStart(2, '0')).join('') + '78'.repeat(length - 3);
    const data = new DataTransfer();
    data.setData('text', text);
    cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(packet.getByText('MQTT 3.1.1, 1000004 bytes')).toBeVisible();
  expect(await packet.locator('[role=gridcell][data-offset]').count()).toBeLessThan(600);
  await expect(packet.getByRole('button', { name: /bytes folded/ })).toBeVisible();
  await byte(packet, 6).focus();
  await page.keyboard.type('62');
  await expect(row(packet, 'topic')).toContainText('b');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figure shows the packet, and no control that would not answer', async ({ page }) => {
    await page.goto(LESSON);
    const packet = figure(page);
    expect(await bytesOf(packet)).toBe(FIGURE);
    await expect(row(packet, 'topic')).toContainText('Room1/Light');
    await expect(byte(packet, 2)).toHaveClass(/\bon\b/);
    await expect(packet.getByRole('status')).toContainText('Topic Name length 11');
    for (const name of ['Copy bytes', 'Link', 'Undo'])
      await expect(packet.getByRole('button', { name })).toBeHidden();
    await expect(page.locator('.exercise').getByRole('button', { name: 'Check' })).toBeHidden();
    await page.getByText('What happens, and why').click();
    await expect(page.getByText('QoS 1 is acknowledged')).toBeVisible();
  });
});
