// Whom a browser's headers let in.
import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { isLocal, isSameOrigin, namesThisMachine } from '#broker/node/origin.ts';

const own = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address));

test.each([
  ['localhost:4321', true],
  ['localhost', true],
  ['site.localhost:4321', true],
  ['127.0.0.1:4321', true],
  ['127.9.9.9', true],
  ['[::1]:4321', true],
  ...own.filter((address) => !address.includes('%')).map((address) => [`${address}:4321`, true] as const),
  ['stranger.example:4321', false],
  ['127.0.0.1.stranger.example', false],
  ['localhost.stranger.example', false],
  ['127.stranger.example', false],
  ['192.0.2.1:4321', false],
  ['', false],
  ['a b', false],
] as const)('the host %s names this machine: %s', (host, names) => {
  expect(namesThisMachine({ host })).toBe(names);
});

test('a request without a host names no machine', () => {
  expect(namesThisMachine({})).toBe(false);
});

test.each([
  [{ host: 'localhost:4321', origin: 'http://localhost:4321' }, true],
  [{ host: 'localhost:4321', origin: 'http://localhost:4321', 'sec-fetch-site': 'same-origin' }, true],
  [{ host: 'localhost:4321', origin: 'http://localhost:4321', 'sec-fetch-site': 'same-site' }, false],
  [{ host: 'localhost:4321', origin: 'http://localhost:4321', 'sec-fetch-site': 'cross-site' }, false],
  [{ host: 'localhost:4321', origin: 'http://localhost:4322' }, false],
  [{ host: 'localhost:4321', origin: 'http://127.0.0.1:4321' }, false],
  [{ host: 'localhost:4321', origin: 'null' }, false],
  [{ host: 'localhost:4321' }, false],
  [{ origin: 'null' }, false],
  [{}, false],
])('%o is of the same origin: %s', (headers, is) => {
  expect(isSameOrigin(headers)).toBe(is);
});

test.each([
  [{}, true],
  [{ origin: 'http://localhost:4321' }, true],
  [{ origin: 'http://[::1]' }, true],
  [{ origin: 'https://stranger.example' }, false],
  [{ origin: 'null' }, false],
])('%o comes from no page or from one of this machine: %s', (headers, is) => {
  expect(isLocal(headers)).toBe(is);
});
