/**
 * Runs a script of this project on a Node that is new enough, after whatever set-up is missing. Every entry of
 * "scripts" in `package.json` goes through here, so that each of them works first on a fresh clone:
 * `node scripts/run.mjs FILE [WORD...]` does what `node FILE [WORD...]` would.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { root, setUp } from './setup.mjs';

const [file = '', ...words] = process.argv.slice(2);

const node = readyNode();
const child = spawn(node, [resolve(root, file), ...words], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH,
    ASTRO_TELEMETRY_DISABLED: '1',
    // Astro leaves its servers running in the background where it takes the caller for a program.
    ASTRO_DEV_BACKGROUND: '1',
    ASTRO_PREVIEW_BACKGROUND: '1',
  },
});

for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP', 'SIGINT'])) {
  process.on(signal, () => {
    // A terminal's Ctrl-C reaches the child by itself; a second one would cut its farewell short.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}

// npm passes a signal on to its shell, and the shell to nobody: that the shell is gone has to serve as the message.
if (process.env.npm_lifecycle_event) {
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && child.kill(), 250).unref();
}

child.on('exit', (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));

function readyNode() {
  try {
    return setUp();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
