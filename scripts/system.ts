/**
 * The programs from outside npm that the tests use: which they are, whether they are there, and how to get them.
 * It installs them where it may (as root on Debian and its relatives) and otherwise only says what to type.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';

interface Need {
  name: string;
  present: () => boolean;
  /** The Debian package that brings it. */
  debian: string;
  elsewhere: string;
  /** Gets it without any rights over the machine. */
  fetch?: () => void;
}

const needs: Need[] = [
  {
    name: 'Chromium',
    present: () => systemChromium() !== undefined || existsSync(chromium.executablePath()),
    debian: 'chromium',
    elsewhere: 'npx playwright install chromium',
    fetch: () => {
      const words = ['node_modules/@playwright/test/cli.js', 'install', 'chromium'];
      spawnSync(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] });
    },
  },
  {
    name: 'a font with Chinese characters',
    present: () => process.platform !== 'linux' || succeeds('fc-list', ':lang=zh-tw', 'family'),
    debian: 'fonts-noto-cjk',
    elsewhere: 'install Noto Sans CJK',
  },
  {
    name: 'mosquitto_pub and mosquitto_sub',
    present: () => onPath('mosquitto_pub') && onPath('mosquitto_sub'),
    debian: 'mosquitto-clients',
    elsewhere: 'brew install mosquitto',
  },
  {
    name: 'mosquitto',
    present: () => onPath('mosquitto'),
    debian: 'mosquitto',
    elsewhere: 'brew install mosquitto',
  },
  {
    name: 'openssl',
    present: () => onPath('openssl'),
    debian: 'openssl',
    elsewhere: 'brew install openssl',
  },
  {
    name: 'tshark',
    present: () => onPath('tshark'),
    debian: 'tshark',
    elsewhere: 'brew install wireshark',
  },
  {
    name: 'paho-mqtt for Python',
    // Debian's packages are for Debian's Python, which need not be the first on the path.
    present: () =>
      ['/usr/bin/python3', 'python3'].some((python) =>
        succeeds(python, '-c', 'import paho.mqtt.client; print(1)'),
      ),
    debian: 'python3-paho-mqtt',
    elsewhere: 'python3 -m pip install paho-mqtt',
  },
];

/** A Chromium that the system brings, or undefined where Playwright's own has to serve. */
export function systemChromium(): string | undefined {
  return ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
}

/**
 * Gets what is missing, as far as that needs no human.
 * @returns one line for each program that is still missing, with the way to get it
 */
export function getSystemPrograms(): string[] {
  const missing = () => needs.filter((need) => !need.present());
  if (missing().length > 0 && process.getuid?.() === 0 && onPath('apt-get')) {
    installOnDebian(missing().map((need) => need.debian));
  }
  for (const need of missing()) need.fetch?.();
  return missing().map((need) => {
    const way = onPath('apt-get') ? `apt-get install ${need.debian}` : need.elsewhere;
    return `${need.name} is missing: ${way}`;
  });
}

/** Debian starts a service when it installs one, unless this file forbids it: a mosquitto would take port 1883. */
const servicePolicy = '/usr/sbin/policy-rc.d';

function installOnDebian(packages: string[]): void {
  const ours = !existsSync(servicePolicy);
  if (ours) writeFileSync(servicePolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const aptGet = (...words: string[]) =>
    spawnSync('apt-get', words, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    aptGet('update', '-qq');
    aptGet('install', '-qq', '--yes', '--no-install-recommends', ...packages);
  } finally {
    if (ours) rmSync(servicePolicy);
  }
}

function onPath(program: string): boolean {
  // Debian keeps the mosquitto broker where only root looks.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Whether a program ends well and has something to say. */
function succeeds(program: string, ...words: string[]): boolean {
  const { status, stdout } = spawnSync(program, words, { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '';
}
