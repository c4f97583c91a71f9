/** The first screen of the home page, in a browser: by mouse, by keyboard, in both themes, on a phone, without JavaScript. */
import { expect, type Page, test } from '@playwright/test';
import { expectNothingWrong, inEachLook } from './looks.ts';

const figure = (page: Page) => page.getByRole('figure', { name: 'A working broker' });
const button = (page: Page, name: string) => figure(page).getByRole('button', { name, exact: true });
const topic = (page: Page) => figure(page).getByRole('textbox', { name: 'Topic' });
const status = (page: Page) => figure(page).getByRole('status');
const subscriber = (page: Page, name: string) =>
  figure(page)
    .locator('.s1')
    .filter({ has: page.getByRole('heading', { name, exact: true }) });
const packets = (page: Page, client: string) =>
  figure(page)
    .getByRole('list', { name: `Packets between ${client} and the broker` })
    .getByRole('button');

async function open(page: Page): Promise<void> {
  await page.goto('/');
  await expect(button(page, 'Publish')).toBeEnabled({ timeout: 20_000 });
}

/** Publishes and holds time, so that the test steps by itself. */
async function publishAndPause(page: Page): Promise<void> {
  await button(page, 'Publish').click();
  await button(page, 'Pause').click();
}

test('a publication plays by itself from the form to the last subscriber', async ({ page }) => {
  await open(page);
  await figure(page).getByRole('textbox', { name: 'Message' }).fill('Turn Off');
  await button(page, 'Publish').click();
  await expect(status(page)).toHaveText(/Delivered to phone and display\.$/, { timeout: 20_000 });
  await expect(subscriber(page, 'display')).toContainText('Turn Off');
  await expect(subscriber(page, 'heater')).toContainText('nothing');
  await expect(button(page, 'Play')).toHaveAttribute('aria-disabled', 'true');
});

test('step and back move the copy and what it says of itself', async ({ page }) => {
  await open(page);
  await expect(subscriber(page, 'display')).toContainText('on its way');
  await button(page, 'Step').click();
  await expect(subscriber(page, 'display')).toContainText('Turn On');
  await button(page, 'Back').click();
  await expect(subscriber(page, 'display')).toContainText('on its way');
  for (let presses = 0; presses < 3; presses++) await button(page, 'Back').click();
  await expect(status(page)).toHaveText('Nothing has been published yet. Publish something.');
  await expect(packets(page, 'p1')).toHaveCount(0);
});

test('another topic reaches other subscribers, and the level that differs is underlined', async ({
  page,
}) => {
  await open(page);
  await topic(page).fill('Room2/Light');
  await publishAndPause(page);
  await expect(figure(page)).toContainText('The packet has not arrived yet.');
  await button(page, 'Step').click();
  await expect(status(page)).toHaveText(
    /2 of 3 filters match\. Copies for display and heater are in flight\.$/,
  );
  const phone = figure(page).getByRole('row', { name: 'phone' });
  await expect(phone).toContainText('differs at level 1');
  await expect(phone.locator('u')).toHaveText('Room1');
});

test('at QoS 2 the four packets of a handshake are on the wire, and each opens in the glass', async ({
  page,
}) => {
  await open(page);
  await figure(page).getByText('2', { exact: true }).click();
  await publishAndPause(page);
  await figure(page).press('End');
  await expect(status(page)).toHaveText(/All packets have arrived\.$/);
  await expect(packets(page, 'p1')).toHaveText([/^PUBLISH/, /^PUBREC/, /^PUBREL/, /^PUBCOMP/]);
  await expect(packets(page, 'display')).toHaveCount(4);
  await packets(page, 'display').nth(1).click();
  await expect(figure(page)).toContainText('opened: PUBREC from display, 4 bytes');
  await expect(
    figure(page).getByRole('group', { name: 'Bytes of the packet' }).getByRole('button'),
  ).toHaveText(['50', '02', '00', '01']);
});

test('a topic that no PUBLISH may have is refused at its field, with the statement', async ({ page }) => {
  await open(page);
  await topic(page).fill('Room1/#');
  await button(page, 'Publish').click();
  await expect(topic(page)).toBeFocused();
  await expect(topic(page)).toHaveAccessibleDescription(/^# is a wildcard\./);
  await figure(page).getByRole('button', { name: 'Statement MQTT-3.3.2-2' }).click();
  await expect(page.getByText('Section 3.3.2.1')).toBeVisible();
  await topic(page).fill('');
  await expect(topic(page)).toHaveAccessibleDescription(/^A topic name has at least one character\./);
  await topic(page).fill('Room1');
  await expect(topic(page)).toHaveAttribute('aria-invalid', 'false');
});

test('two steps back before the page is painted leave the keys at work', async ({ page }) => {
  await open(page);
  await topic(page).focus();
  await page.keyboard.press('Enter');
  await button(page, 'Pause').press('Enter');
  await packets(page, 'p1').focus();
  await page.keyboard.press('ArrowRight');
  await expect(status(page)).toHaveText(/Copies for phone and display are in flight\.$/);
  await page.evaluate(async () => {
    for (let presses = 0; presses < 2; presses++) {
      const press = new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true });
      document.activeElement?.dispatchEvent(press);
      await new Promise((drawn) => queueMicrotask(() => queueMicrotask(() => drawn(undefined))));
    }
  });
  await expect(figure(page)).toBeFocused();
});

test('everything is within reach of the keyboard', async ({ page }) => {
  await open(page);
  await topic(page).focus();
  await page.keyboard.press('Enter');
  await button(page, 'Pause').press('Enter');
  await packets(page, 'p1').focus();
  await page.keyboard.press('ArrowRight');
  await expect(status(page)).toHaveText(/Copies for phone and display are in flight\.$/);
  await page.keyboard.press('ArrowLeft');
  await expect(status(page)).toHaveText(/on its way to the broker\.$/);
  await page.keyboard.press('ArrowLeft');
  await expect(figure(page)).toBeFocused();
  await page.keyboard.press('End');

  const bytes = figure(page).getByRole('group', { name: 'Bytes of the packet' }).getByRole('button');
  await bytes.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await expect(bytes.nth(7)).toBeFocused();
  await expect(bytes.nth(7)).toHaveAccessibleName('byte 7, 6D, letter m, Topic Name');
  await page.keyboard.press('Enter');
  await button(page, 'Back').focus();
  await expect(bytes.nth(14)).toHaveClass(/ on/);
  await expect(bytes.nth(15)).not.toHaveClass(/ on/);
  await page.keyboard.press('Escape');
  await expect(bytes.nth(14)).not.toHaveClass(/ on/);
});

test('pointing at a phrase lights its bytes, and at a byte its phrase', async ({ page }) => {
  await open(page);
  const bytes = figure(page).getByRole('group', { name: 'Bytes of the packet' }).getByRole('button');
  await figure(page).getByText('all that is left:').hover();
  await expect(bytes.nth(21)).toHaveClass(/ on/);
  await bytes.nth(2).hover();
  await expect(figure(page).getByText('11 bytes of topic:')).toHaveClass(/lit/);
});

test('the lesson opens the packet that is open here', async ({ page }) => {
  await open(page);
  await topic(page).fill('Room2/Door');
  await publishAndPause(page);
  await button(page, 'Step').click();
  await figure(page).getByRole('link', { name: 'Open in a lesson' }).click();
  await expect(page).toHaveURL(/\/lessons\/publish-packet\/#figure=3\.1\.1:3013000A526F6F6D322F446F6F72/);
});

inEachLook(test, 'nothing is wrong with the page for assistive technology', async (page) => {
  await open(page);
  await expectNothingWrong(page);
  await figure(page).getByText('2', { exact: true }).click();
  await topic(page).fill('');
  await button(page, 'Publish').click();
  await expectNothingWrong(page, '.home');
});

for (const width of [360, 768, 1040]) {
  test(`at ${width} px nothing scrolls sideways`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    await open(page);
    await topic(page).fill('Room1/a-topic-name-without-any-place-where-it-could-break');
    await figure(page).getByText('2', { exact: true }).click();
    await publishAndPause(page);
    await figure(page).press('End');
    await expect(status(page)).toHaveText(/All packets have arrived\.$/);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the figure shows a packet on its way, and no button that does nothing', async ({ page }) => {
    await page.goto('/');
    await expect(status(page)).toHaveText(
      'PUBLISH arrived. 2 of 3 filters match. Delivered to phone; display’s copy is in flight.',
    );
    await expect(figure(page)).toContainText('opened: PUBLISH from p1, 22 bytes');
    for (const name of ['Publish', 'Step']) await expect(button(page, name)).toBeHidden();
  });
});
