// The playground in the browser: form, bytes and fields follow each other, bytes are pasted, packets are sent, linked to and copied;
// large ones, a phone, both themes, and without JavaScript.
import { expect, type Locator, type Page, test } from '@playwright/test';
import { expectNothingWrong, inEachLook } from './looks.ts';

async function open(page: Page, hash = ''): Promise<void> {
  await page.goto(`playground/${hash}`);
  await expect(button(page, 'Send to the broker')).toBeEnabled();
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const field = (page: Page, key: string) =>
  page.locator(`.pg-form [data-key="${key}"] :is(input, textarea, select)`).first();
const row = (page: Page, key: string) => page.locator(`.tree [data-row="${key}"]`);
const byte = (page: Page, offset: number) => page.locator(`.hx [role=gridcell][data-offset="${offset}"]`);

async function bytes(page: Page): Promise<string> {
  return (await page.locator('.hx [role=gridcell][data-offset]').allTextContents())
    .join(' ')
    .replace(' ··', '');
}

/** Pastes a text as a hand would. */
async function paste(page: Page, text: string): Promise<Locator> {
  await button(page, 'Paste bytes').click();
  await expect(page.getByLabel('Bytes to open')).toBeFocused();
  await page.keyboard.insertText(text);
  return page.locator('.pg-paste [role=status]');
}

test('form, bytes and fields follow each other, the caret stays, and one undo serves them all', async ({
  page,
}) => {
  await open(page);
  const before = await bytes(page);
  const topic = field(page, 'topic');
  await topic.click();
  await topic.press('Home');
  await page.keyboard.type('abc');
  await expect(topic).toHaveValue('abcRoom1/Light');
  expect(await topic.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(3);
  await expect(row(page, 'topic')).toContainText('abcRoom1/Light');
  await expect(row(page, 'topic')).toHaveClass(/\bon\b/);
  await expect(byte(page, 4)).toHaveText('61');

  await byte(page, 4).click();
  await page.keyboard.type('7A');
  await expect(topic).toHaveValue('zbcRoom1/Light');
  await expect(byte(page, 5)).toBeFocused();

  await row(page, 'packetId').getByRole('button').click();
  await page.keyboard.type('300');
  await page.keyboard.press('Enter');
  await expect(field(page, 'packetId')).toHaveValue('300');

  await field(page, 'packetId').press('Control+z');
  await expect(field(page, 'packetId')).toHaveValue('4');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(topic).toHaveValue('abcRoom1/Light');
  await page.keyboard.press('Control+z');
  await expect.poll(() => bytes(page)).toBe(before);
  await page.keyboard.press('Control+Shift+z');
  await expect(topic).toHaveValue('abcRoom1/Light');
});

test('a packet of another type, another version, and with any property', async ({ page }) => {
  await open(page);
  await page.getByLabel('Add a property').selectOption({ label: '21 Receive Maximum' });
  const line = page.locator('.pg-form [data-key="property:receiveMaximum"]');
  await expect(line).toContainText('Receive Maximum is not a property of PUBLISH.');
  await line.getByRole('button', { name: 'Take Receive Maximum out' }).click();
  await expect(line).toHaveCount(0);

  await page.getByText('3.1.1', { exact: true }).first().click();
  await expect(page.locator('.pg-form')).not.toContainText('Properties');
  await page.getByLabel('Packet', { exact: true }).selectOption('SUBSCRIBE');
  await button(page, 'Add a topic filter').click();
  await field(page, 'topicFilter#2').fill('a/#/b');
  await expect(page.locator('.pg-form [data-key="topicFilter#2"]')).toContainText(
    'The wildcard # stands alone',
  );
  await field(page, 'packetId').fill('x');
  await expect(page.locator('.pg-form [data-key="packetId"]')).toContainText(
    'A whole number from 0 to 65535.',
  );
  await expect(field(page, 'packetId')).toHaveValue('x');
  await page.getByLabel('Packet', { exact: true }).selectOption('AUTH');
  await expect(page.locator('.pg-form')).toContainText('MQTT 3.1.1 has no AUTH.');
});

test('pasted bytes are read as they are typed, several packets in a row, and the place of a mistake is named', async ({
  page,
}) => {
  await open(page);
  const said = await paste(page, '30 14\n00 zz');
  await expect(said).toHaveText('Line 2, column 4: “z” is not a hex digit.');
  await expect(button(page, 'Open')).toBeDisabled();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(`00000000: 100d 0004 4d51 5454 0402 003c 0001 61c0  ....MQTT...<..a.
00000010: 0030 1400 0b52 6f                        .0...Ro`);
  await expect(said).toHaveText('23 bytes, written as a hex dump. 3 packets.');
  await button(page, 'Open').click();

  const series = page.locator('.pg-series');
  await expect(series).toContainText('3 packets in a row');
  await expect(series).toContainText('16 bytes of the last packet have not come.');
  await expect(page.getByRole('radio', { name: '3.1.1' })).toBeChecked();
  await field(page, 'clientId').fill('other');
  await series.getByRole('button', { name: /PUBLISH/ }).click();
  await expect(page.locator('.pg-form')).toContainText('Byte 6 ends the reading.');
  await expect(page.locator('.pg-form [data-key="topic"]')).toContainText('not read');
  await series.getByRole('button', { name: /CONNECT/ }).click();
  await expect(field(page, 'clientId')).toHaveValue('other');
});

test('a forbidden packet has its fault at its byte and beside its field, is mended, and the broker says what it thinks', async ({
  page,
}) => {
  await open(page);
  await field(page, 'topic').fill('Room1/+');
  const wrong = page.locator('.pg-form [data-key="topic"] .wrong');
  await expect(wrong).toContainText('The Topic Name has the wildcard +');
  await expect(page.getByRole('alert')).toContainText('Reason code 0x90.');
  await button(page, 'Send to the broker').click();
  const answer = page.getByRole('region', { name: 'What the broker makes of it' });
  await expect(answer).toContainText('The broker closes the connection.');
  await expect(answer.getByRole('button', { name: 'Statement MQTT-3.3.2-2' })).toBeVisible();

  await page.getByRole('button', { name: 'Take + out of Topic Name' }).click();
  await expect(wrong).toHaveCount(0);
  await button(page, 'Send to the broker').click();
  await expect(answer).toContainText('A subscriber of # gets');
  await expect(answer).not.toContainText('closes');
  await answer.getByText('the broker of npm start').click();
  await expect(answer).toContainText(/PUBACK|No broker answers behind this page/);
  await answer.getByText('a broker in this page').click();
  await answer.getByRole('button', { name: /^Open PUBACK/ }).click();
  await expect(page.getByLabel('Packet', { exact: true })).toHaveValue('puback');
});

test('a packet stands beside itself in 3.1.1, is copied, and its command too', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await open(page);
  await button(page, 'Beside 3.1.1').click();
  const beside = page.getByRole('region', { name: 'Beside 3.1.1' });
  await expect(beside).toContainText('the property Message Expiry Interval');
  await expect(beside.locator('.diff')).toHaveCount(8);
  await page.getByLabel('Copy as').selectOption('C');
  await expect(page.locator('.pg-tools [role=status]').first()).toHaveText('Copied');
  expect(await copied()).toContain('const unsigned char packet[30] = {\n    0x32, 0x1c, 0x00');
  await expect(page.locator('.pg-command')).toContainText(
    "mosquitto_pub -V mqttv5 -t Room1/Light -m 'Turn On' -q 1 -D publish message-expiry-interval 60",
  );
});

test('a link opens the same packets, one from the reference does, and a damaged one says so', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page);
  await paste(page, 'c0 00 e0 00');
  await button(page, 'Open').click();
  await page
    .locator('.pg-series')
    .getByRole('button', { name: /DISCONNECT/ })
    .click();
  await button(page, 'Copy link').click();
  await expect(page.locator('.pg-tools [role=status]').first()).toHaveText('Link copied');
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(address).hash).toBe('#packet=5.0:C000E000:2');

  await page.goto('reference/packets/');
  await page.getByRole('link', { name: 'Open SUBSCRIBE of MQTT 3.1.1 in the playground' }).click();
  await expect(page.getByLabel('Packet', { exact: true })).toHaveValue('subscribe');
  await page.goto('about:blank');
  await page.goto(address);
  await expect(page.getByLabel('Packet', { exact: true })).toHaveValue('disconnect');
  await page.goto('about:blank');
  await open(page, '#packet=5.0:3');
  await expect(page.getByRole('alert')).toHaveText(/^The link is damaged/);
  await expect(field(page, 'topic')).toHaveValue('Room1/Light');
});

test('a packet of a megabyte shows its beginning and its end, and can be typed in', async ({ page }) => {
  await open(page);
  await page.locator('.pg-form input[type=file]').setInputFiles({
    name: 'large.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.alloc(1_000_000, 'abcdefgh'),
  });
  await expect(page.locator('.pg-form [data-key="message"]')).toContainText(
    '1000000 bytes, too long to be typed over',
  );
  await expect(page.locator('.hx .fold')).toContainText('bytes folded');
  await expect(byte(page, 1_000_024)).toHaveText('68');
  expect(await page.locator('.hx [role=gridcell]').count()).toBeLessThan(400);
  await field(page, 'topic').fill('');
  await field(page, 'topic').pressSequentially('Room2/Light', { delay: 0 });
  await expect(row(page, 'topic')).toContainText('Room2/Light');
  await button(page, 'Send to the broker').click();
  await expect(page.getByRole('region', { name: 'What the broker makes of it' })).toContainText('PUBACK');
  await field(page, 'topic').press('Control+z');
  await expect(field(page, 'topic')).not.toHaveValue('Room2/Light');
});

inEachLook(test, 'nothing is wrong for assistive technology', async (page) => {
  await open(page, '#packet=5.0:32180007526F6F6D312F2B000405020000003C5475726E204F6E');
  await expect(field(page, 'topic')).toHaveValue('Room1/+');
  await button(page, 'Send to the broker').click();
  await button(page, 'Beside 3.1.1').click();
  await button(page, 'Paste bytes').click();
  await expectNothingWrong(page);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the packet is drawn, in the form, in bytes and in fields', async ({ page }) => {
    await page.goto('playground/');
    await expect(field(page, 'topic')).toHaveValue('Room1/Light');
    await expect(byte(page, 0)).toHaveText('32');
    await expect(row(page, 'topic')).toContainText('Room1/Light');
    await expect(button(page, 'Send to the broker')).toBeHidden();
  });
});
