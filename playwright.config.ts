import { createServer } from 'node:net';
import { defineConfig } from '@playwright/test';
import { systemChromium } from './scripts/system.ts';

// The site as it is built, served by `astro preview` with our broker beside it. The workers read this file too,
// and find the port that the first reader chose.
process.env.SITE_PORT ??= String(await freePort());
const port = Number(process.env.SITE_PORT);
const executablePath = systemChromium();

export default defineConfig({
  testDir: 'test/browser',
  testMatch: '**/*.spec.ts',
  fullyParallel: true,
  forbidOnly: process.env.CI === 'true',
  // A page waits more than it computes.
  workers: '100%',
  // Machines that build things are slow; what never comes is still missed.
  expect: { timeout: 15_000 },
  use: {
    baseURL: `http://localhost:${port}`,
    launchOptions: {
      ...(executablePath !== undefined && { executablePath }),
      // Chromium's sandbox refuses to work for root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
  webServer: {
    command: `node node_modules/astro/bin/astro.mjs preview --port ${port} --ignore-lock`,
    url: `http://localhost:${port}/`,
    reuseExistingServer: false,
    env: { ASTRO_PREVIEW_BACKGROUND: '1', ASTRO_TELEMETRY_DISABLED: '1' },
  },
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, () => listening()));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
