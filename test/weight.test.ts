// How much JavaScript the page's broker is: codec, broker and client, bundled for the browser as a page would.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { expect, test } from 'vitest';

/** Bytes of gzip that a page may spend on its broker. */
const ALLOWED = 25_000;

test('codec, broker and client together take no more than 25 kB of gzip in a page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weight-'));
  try {
    const input = join(folder, 'page.ts');
    const engine = JSON.stringify(resolve('broker/index.ts'));
    await writeFile(
      input,
      `export { Broker, Client, decode, dissect, encode, Framer, validate } from ${engine};`,
    );
    const built = await build({
      configFile: false,
      logLevel: 'silent',
      root: folder,
      build: {
        write: false,
        minify: true,
        rolldownOptions: { input, preserveEntrySignatures: 'exports-only' },
      },
    });
    const outputs = 'output' in built ? built.output : [];
    const code = outputs.map((output) => (output.type === 'chunk' ? output.code : '')).join('');
    expect(code).toContain('MQTT');
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(ALLOWED);
  } finally {
    await rm(folder, { recursive: true });
  }
});
