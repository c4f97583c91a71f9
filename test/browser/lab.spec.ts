// The lab: a world built by keyboard, kept in a link, put beside another, and taken to a real broker.
import { expect, type Locator, type Page } from '@playwright/test';
import mqtt from 'mqtt';
import { expectNothingWrong, inEachLook } from './looks.ts';
import { press, test } from './stepper.ts';

const PAGE = '/lab/';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

/** The lab, once it answers. */
async function open(page: Page, address = PAGE): Promise<Locator> {
  await page.goto(address);
  const lab = page.getByRole('region', { name: 'The lab' });
  await expect(lab.getByRole('button', { name: 'Add a client' })).not.toHaveAttribute('disabled');
  return lab;
}

const script = (lab: Locator) => lab.locator('.script > li');

inEachLook(test, 'the lab and two worlds beside each other, in every look', async (page) => {
  const lab = await open(page);
  await press(lab, 'With and without a cut');
  await expect(lab.getByText('≠ only here').first()).toBeVisible();
  await lab.getByText('Settings of p1').click();
  await lab.getByText('Settings of the broker').click();
  await expectNothingWrong(page, '.lab-page');
});

test('a world is built and stepped by keyboard alone', async ({ page }) => {
  const lab = await open(page);
  await lab.getByRole('button', { name: /^Deliver PUBLISH/ }).focus();
  await page.keyboard.press('Enter');
  await expect(script(lab).last()).toContainText('PUBLISH, QoS 1, id 1 from p1 reaches the broker.');
  await page.keyboard.press('End');
  await expect(lab.getByText('got “Turn On” once')).toBeVisible();

  await lab.getByRole('button', { name: 'Add a client' }).focus();
  await page.keyboard.press('Enter');
  await lab.getByText('Settings of c3').focus();
  await page.keyboard.press('Enter');
  const name = lab.getByLabel('Name', { exact: true });
  await name.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('tv');
  await page.keyboard.press('Enter');
  await expect(lab.getByRole('heading', { name: 'What tv does' })).toBeVisible();
  await lab.getByRole('button', { name: 'Connect', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(script(lab).last()).toContainText('tv connects.');
  await lab
    .getByRole('group', { name: /^Sequence/ })
    .first()
    .focus();
  await page.keyboard.press('ArrowRight');
  await expect(script(lab).last()).toContainText('CONNECT, tv from tv reaches the broker.');
});

test('the script is edited: a line goes, another comes in between, and Undo mends it', async ({ page }) => {
  const lab = await open(page);
  const lines = await script(lab).count();
  await press(lab, 'Remove line 4');
  await expect(lab.getByText(/2 lines of the script could not happen any more/)).toBeVisible();
  await expect(script(lab)).toHaveCount(lines - 3);
  await press(lab, 'Undo');
  await expect(script(lab)).toHaveCount(lines);
  await press(lab, 'Insert behind line 2');
  await press(lab, 'Let time pass');
  await expect(script(lab).nth(2)).toContainText('60 s pass.');
  await expect(script(lab)).toHaveCount(lines + 1);
});

test('a link holds the whole world; a broken one says so and leaves a lab that works', async ({ page }) => {
  const lab = await open(page);
  await press(lab, /^Deliver PUBLISH/);
  await press(lab, 'Add a client');
  await press(lab, 'Copy link');
  await expect(page).toHaveURL(/#lab=/);
  const told = await script(lab).allTextContents();
  const address = page.url();
  await page.evaluate(() => localStorage.clear());
  await page.goto('about:blank');
  const again = await open(page, address);
  await expect(again.getByRole('button', { name: /^c3/ })).toBeVisible();
  expect(await script(again).allTextContents()).toEqual(told);

  await page.goto('about:blank');
  const broken = await open(page, `${address.slice(0, -20)}`);
  await expect(broken.getByText(/^The lab in this address cannot be opened/)).toBeVisible();
  await press(broken, /^Deliver PUBLISH/);
  await expect(script(broken).last()).toContainText('reaches the broker.');
});

test('a broker that crashes, and packets that TCP would keep: each is a line of the script, and Back mends it', async ({
  page,
}) => {
  const lab = await open(page);
  await lab.getByText('What if this were not TCP', { exact: true }).first().click();
  const allows = lab.getByLabel(/^Let it happen/);
  await allows.click();
  await expect(allows).toBeChecked();
  const figure = lab.locator('figure.sx').first();
  const packets = figure.locator('.ev:not(.next) .cap');
  const sent = await packets.count();
  const group = figure.getByRole('group', { name: 'What if this were not TCP' });

  await press(group, /^Duplicate PUBLISH/);
  await expect(packets).toHaveCount(sent + 1);
  await expect(figure.locator('.nt', { hasText: 'a copy, made by you' })).toBeVisible();
  await press(group, /^Reorder PUBLISH/);
  await expect(figure.locator('.nt', { hasText: 'brought forward by you' })).toBeVisible();
  await press(group, /^Drop PUBLISH/);
  await expect(figure.locator('.nt', { hasText: 'dropped by you' })).toBeVisible();
  await expect(script(lab).last()).toContainText('is dropped, which TCP does not do.');

  await press(lab, 'Restart the broker');
  await expect(
    figure.locator('.gap', { hasText: 'the broker crashed and came back, with its store' }),
  ).toBeVisible();
  await expect(figure.locator('.cap', { hasText: 'PUBLISH' }).first()).toHaveAttribute('aria-label', /lost$/);
  for (let step = 0; step < 4; step++) await press(figure, 'Back');
  await expect(packets).toHaveCount(sent);
  await expect(figure.locator('.cap', { hasText: 'PUBLISH' }).first()).toHaveAttribute(
    'aria-label',
    /in flight$/,
  );

  // What cannot be is refused in words, and nothing has changed.
  await lab.getByLabel('Topic', { exact: true }).fill('Room1/+');
  await press(lab, 'Publish');
  await expect(lab.getByRole('status').filter({ hasText: 'That cannot be.' })).toContainText(
    'only a filter may have',
  );
  await expect(packets).toHaveCount(sent);
});

test('what was built is there the next time', async ({ page }) => {
  const before = await open(page);
  await press(before, 'Add a client');
  await expect(before.getByRole('button', { name: /^c3/ })).toBeVisible();
  const lab = await open(page);
  await expect(lab.getByRole('button', { name: /^c3/ })).toHaveCount(0);
  await press(lab, 'Go on where you were');
  await expect(lab.getByRole('button', { name: /^c3/ })).toBeVisible();
  await press(lab, 'Start over');
  await expect(lab.getByRole('button', { name: /^c3/ })).toHaveCount(0);
});

test('3.1.1 beside 5.0: the same steps, and what differs in words', async ({ page }) => {
  const lab = await open(page);
  await press(lab, '3.1.1 beside 5.0');
  const sides = lab.locator('.sides figure');
  await expect(sides).toHaveCount(2);
  await expect(sides.first()).toContainText('got “Turn On” once');
  await expect(sides.last()).not.toContainText('got “Turn On” once');
  const connect = lab.getByRole('row', { name: /^CONNECT.*phone to the broker/ }).first();
  await expect(connect).toContainText('Protocol Level 4');
  await expect(connect).toContainText('Protocol Level 5');
  await expect(lab.getByRole('row', { name: /^phone application/ })).toBeVisible();
});

test('on my machine: what the page publishes reaches a real client, which is in the diagram too', async ({
  page,
  baseURL,
}) => {
  const lab = await open(page);
  await lab.getByText('On my machine').click();
  await expect(lab.getByText('real time', { exact: false })).toBeVisible();
  const client = await mqtt.connectAsync(`${baseURL?.replace('http', 'ws')}/mqtt`, {
    clientId: 'outside',
    reconnectPeriod: 0,
  });
  await client.subscribeAsync('Room1/#');
  const message = new Promise<string>((resolve) => {
    client.once('message', (topic, payload) => resolve(`${topic} ${payload}`));
  });
  await press(lab, 'Connect');
  for (const packet of ['CONNECT', 'CONNACK']) await press(lab, new RegExp(`^Deliver ${packet}`));
  await press(lab, 'Publish');
  await press(lab, /^Deliver PUBLISH/);
  expect(await message).toBe('Room1/Light Turn On');
  const figure = lab.locator('figure.real');
  await expect(figure.locator('.heads')).toContainText('outside');
  await expect(figure.locator('.ev .cap[aria-label^="SUBSCRIBE"]')).toHaveCount(1);
  await press(figure, 'Back');
  await expect(figure.getByText('This is the past')).toBeVisible();
  await client.endAsync();
});

test('another broker: a wrong address and one where nobody is are told in words', async ({ page }) => {
  const lab = await open(page);
  await lab.getByText('Another broker').click();
  await lab.getByLabel('Address of the broker').fill('mqtt://localhost:1883');
  await press(lab, 'Use it');
  await expect(lab.getByRole('alert').filter({ hasText: 'no address of a broker' })).toBeVisible();
  await lab.getByLabel('Address of the broker').fill('ws://127.0.0.1:9');
  await press(lab, 'Use it');
  await press(lab, 'Connect');
  await expect(lab.getByRole('alert').filter({ hasText: 'p1 has no connection' })).toBeVisible();
  await expect(lab.getByText('cannot be seen here', { exact: false })).toBeVisible();
});
