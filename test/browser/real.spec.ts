// Figures at real brokers: a lesson's at the one behind the page, by keyboard alone, and the lab's at a Mosquitto.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { expectNothingWrong, inEachLook } from './looks.ts';
import { figure, press, test } from './stepper.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

/** The diagram, to which the keys belong. */
const diagram = (within: Locator) => within.locator('figure.real').getByRole('group').first();

/** Moves the packet of that name on its way, as soon as it waits. */
async function deliver(page: Page, within: Locator, name: string): Promise<void> {
  await within.getByRole('button', { name: new RegExp(`^Deliver ${name}`) }).focus();
  await page.keyboard.press('Enter');
}

inEachLook(test, 'a lesson’s figure on the reader’s machine, by keyboard alone, and back', async (page) => {
  await page.goto('/lessons/retained/');
  const inPage = await figure(page);
  const place = () => inPage.locator('[role=slider]').getAttribute('aria-valuetext');
  const before = await place();
  await inPage.getByRole('button', { name: 'Run this on my machine' }).focus();
  await page.keyboard.press('Enter');
  const real = page.locator('.lesson-real');
  await expect(real.getByText('For a client of your own')).toBeVisible();
  await expect(inPage).toBeHidden();
  const next = real.getByRole('button', { name: 'Do it' });
  await expect(real.locator('.story')).toContainText(/connects\./);
  await next.focus();
  await page.keyboard.press('Enter');
  await deliver(page, real, 'CONNECT');
  // What was pressed is gone, and the keys go on to work.
  await expect(diagram(real)).toBeFocused();
  await expect(real.getByRole('button', { name: /^Deliver CONNACK/ })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(real.locator('.clients')).toContainText(/connected/);
  await page.keyboard.press('w');
  await expect(real.locator('.pop:popover-open')).toContainText('The broker makes a new session');
  await page.keyboard.press('Escape');
  await page.keyboard.press('ArrowLeft');
  await expect(real.getByText('This is the past')).toBeVisible();
  await page.keyboard.press('End');
  await expectNothingWrong(page, '.lesson-real');
  await real.getByRole('radio', { name: 'On my machine' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(inPage).toBeVisible();
  await expect(inPage.getByRole('button', { name: 'Run this on my machine' })).toBeFocused();
  expect(await place()).toBe(before);
});

test.describe('at a Mosquitto', () => {
  let broker: ChildProcess;
  let folder: string;
  let address: string;

  test.beforeAll(async () => {
    const [plain, web] = [await freePort(), await freePort()];
    folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
    const lines = [
      'allow_anonymous true',
      'persistence false',
      // Mosquitto does not start with a listener for WebSocket alone.
      `listener ${plain} 127.0.0.1`,
      `listener ${web} 127.0.0.1`,
      'protocol websockets',
      'socket_domain ipv4',
    ];
    writeFileSync(join(folder, 'mosquitto.conf'), lines.join('\n'));
    const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
    broker = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], {
      env: { ...process.env, PATH: path },
    });
    await new Promise<void>((resolve, reject) => {
      broker.once('error', reject);
      broker.once('exit', () => reject(new Error('mosquitto ended')));
      broker.stderr?.on('data', (text) => String(text).includes('running') && resolve());
    });
    address = `ws://127.0.0.1:${web}/`;
  });

  test.afterAll(() => {
    broker.kill();
    rmSync(folder, { recursive: true });
  });

  test('QoS 2 goes packet by packet, it is said what cannot be seen, and all of it is saved', async ({
    page,
  }) => {
    await page.goto('/lab/');
    const lab = page.getByRole('region', { name: 'The lab' });
    await lab.getByText('Another broker').click();
    await lab.getByLabel('Address of the broker').fill(address);
    await press(lab, 'Use it');
    await expect(lab.getByText('This broker is not ours')).toBeVisible();
    await press(lab, 'Connect');
    for (const packet of ['CONNECT', 'CONNACK']) await deliver(page, lab, packet);
    const forms = lab.locator('.does-one');
    await press(forms.last(), 'Subscribe');
    for (const packet of ['SUBSCRIBE', 'SUBACK']) await deliver(page, lab, packet);
    await forms.first().getByText('2', { exact: true }).click();
    await press(forms.first(), 'Publish');
    for (const packet of ['PUBLISH, QoS 2', 'PUBREC', 'PUBREL']) await deliver(page, lab, packet);
    // Mosquitto passes the message on once it is released, and then says that it is done.
    for (const packet of ['PUBLISH, QoS 1', 'PUBCOMP', 'PUBACK']) await deliver(page, lab, packet);
    await expect(lab.getByText('got “Turn On” once')).toBeVisible();
    const [saved] = await Promise.all([page.waitForEvent('download'), press(lab, 'Save as pcapng')]);
    const file = readFileSync(await saved.path());
    expect(saved.suggestedFilename()).toBe('lab.pcapng');
    expect(file.includes(Buffer.from('Turn On'))).toBe(true);
    broker.kill();
    await expect(lab.getByRole('alert')).toContainText('of p1');
    await expect(lab.getByText('not connected').first()).toBeVisible();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
