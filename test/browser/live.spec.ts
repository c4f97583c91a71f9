// The live view of lesson 6, with clients of the machine's own; and the same page from a server that knows of no broker.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { expect, type Locator, type Page, test } from '@playwright/test';
import mqtt from 'mqtt';
import { expectNothingWrong, inEachLook } from './looks.ts';

const LESSON = '/lessons/publish-packet/';

inEachLook(test, 'a packet of a real client arrives, and is open byte by byte', async (page) => {
  const live = await open(page);
  const name = `p-${page.viewportSize()?.width}`;
  await publish(page, name);
  const sent = live.getByRole('listitem').filter({ hasText: `${name}to the broker:PUBLISH` });
  await expect(sent).toHaveCount(1);
  await sent.getByRole('button').click();
  await expect(live.getByText('Application Message')).toBeVisible();
  await expect(live.getByText(`${name} to the broker: PUBLISH, QoS 0`)).toBeAttached();
  await expectNothingWrong(page, '.live');
});

test('the list works by keyboard, stands still when something is picked, and can be cleared', async ({
  page,
}) => {
  const live = await open(page);
  await publish(page, 'first');
  const rows = live.getByRole('listitem');
  await expect(rows.filter({ hasText: 'firstto the broker:DISCONNECT' })).toHaveCount(1);
  await rows.filter({ hasText: 'firstto the broker:PUBLISH' }).getByRole('button').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(live.locator('[aria-current]')).toContainText('CONNACK');
  await publish(page, 'second');
  await expect(live.getByText(/\d+ more have come/)).toBeVisible();
  await expect(rows.filter({ hasText: 'second' })).toHaveCount(0);
  await live.getByRole('button', { name: 'Follow' }).click();
  await expect(rows.filter({ hasText: 'second' }).first()).toBeVisible();
  await live.getByRole('button', { name: 'Clear' }).click();
  await expect(rows.filter({ hasText: 'second' })).toHaveCount(0);
});

test('a site without a broker says how to get one, and nothing goes wrong', async ({ page }) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', ({ message }) => problems.push(message));
  const server = createServer(({ url = '/' }, response) => {
    const path = join('dist', new URL(url, 'http://localhost').pathname);
    const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path;
    if (!existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    return response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const asked = page.waitForResponse(/broker\.json$/);
  await page.goto(`http://127.0.0.1:${port}${LESSON}`);
  const live = page.getByRole('region', { name: 'Packets of real clients' });
  await live.scrollIntoViewIfNeeded();
  expect((await asked).status()).toBe(200);
  await expect(live).toContainText('npm start');
  expect(problems).toEqual([]);
  server.close();
  server.closeAllConnections();
});

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** The live view of the lesson, connected to the broker behind the page. */
async function open(page: Page): Promise<Locator> {
  await page.goto(LESSON);
  const live = page.getByRole('region', { name: 'Packets of real clients' });
  await live.scrollIntoViewIfNeeded();
  await expect(live.getByText('listening', { exact: true })).toBeVisible();
  return live;
}

/** What `mosquitto_pub` does, at the port that the page names. */
async function publish(page: Page, clientId: string): Promise<void> {
  const address = await page.getByText(/^mqtt:\/\/localhost:\d+$/).textContent();
  const client = await mqtt.connectAsync(address ?? '', { clientId, reconnectPeriod: 0 });
  await client.publishAsync('Room1/Light', 'Turn On');
  await client.endAsync();
}
