// What the check of a password costs: the same for whomever it is asked, so that its time tells nothing.
import { createHash, randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { type Hash, Passwords } from '#broker/node/passwords.ts';

let rounds = 0;

vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  const pbkdf2: typeof crypto.pbkdf2 = (password, salt, iterations, ...rest) => {
    rounds += iterations;
    crypto.pbkdf2(password, salt, iterations, ...rest);
  };
  return { ...crypto, pbkdf2 };
});

function hash(iterations: number): Hash {
  const digest = createHash('sha512').update('x').digest();
  return { kind: iterations === 0 ? 'sha512' : 'sha512-pbkdf2', iterations, salt: randomBytes(12), digest };
}

const passwords = new Passwords(
  new Map([
    ['costly', hash(50)],
    ['cheap', hash(7)],
    ['cheapest', hash(0)],
  ]),
);

test.each(['costly', 'cheap', 'cheapest', 'nobody'])(
  'the check of %s costs as much as the costliest',
  async (username) => {
    rounds = 0;
    await new Promise((resolve) => passwords.check(username, new Uint8Array(), resolve));
    expect(rounds).toBe(50);
  },
);
