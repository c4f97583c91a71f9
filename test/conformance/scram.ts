// The client's half of SCRAM-SHA-256, and what a host brings for the broker's half, both on Node's own crypto.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { utf8 } from '#broker/codec/index.ts';
import type { ScramEnvironment, ScramKeys } from '#broker/server/scram.ts';

const hash = (data: Uint8Array) => new Uint8Array(createHash('sha256').update(data).digest());
const hmac = (key: Uint8Array, data: Uint8Array) =>
  new Uint8Array(createHmac('sha256', key).update(data).digest());
const text = (data: Uint8Array | undefined) => Buffer.from(data ?? []).toString();
const base64 = (data: Uint8Array) => Buffer.from(data).toString('base64');

function salted(password: string, salt: Uint8Array, iterations: number): Uint8Array {
  return new Uint8Array(pbkdf2Sync(password, salt, iterations, 32, 'sha256'));
}

/** What a broker keeps of a user with this password. */
export function keysFor(password: string, salt: Uint8Array = utf8('salt'), iterations = 16): ScramKeys {
  const key = salted(password, salt, iterations);
  return {
    salt,
    iterations,
    storedKey: hash(hmac(key, utf8('Client Key'))),
    serverKey: hmac(key, utf8('Server Key')),
  };
}

/** A host that knows these users by their passwords; of others it gives keys that fit none. */
export function scramHost(passwords: Record<string, string>, nonce = 'server-nonce'): ScramEnvironment {
  return {
    hash: (data, done) => done(hash(data)),
    hmac: (key, data, done) => done(hmac(key, data)),
    nonce: () => nonce,
    keysOf: (username, done) => done(keysFor(passwords[username] ?? 'a password that nobody has')),
  };
}

/** A client that knows a password. */
export class ScramClient {
  readonly #username: string;
  readonly #password: string;
  readonly #nonce: string;
  #signature = '';

  constructor(username: string, password: string, nonce = 'client-nonce') {
    this.#username = username;
    this.#password = password;
    this.#nonce = nonce;
  }

  get first(): Uint8Array {
    return utf8(`n,,${this.#bare}`);
  }

  /** The answer to the broker's challenge. */
  answer(challenge: Uint8Array | undefined): Uint8Array {
    const server = text(challenge);
    const [, nonce, salt = '', iterations] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(server) ?? [];
    const unproved = `c=biws,r=${nonce}`;
    const signed = utf8(`${this.#bare},${server},${unproved}`);
    const key = salted(this.#password, Buffer.from(salt, 'base64'), Number(iterations));
    const clientKey = hmac(key, utf8('Client Key'));
    const mask = hmac(hash(clientKey), signed);
    this.#signature = base64(hmac(hmac(key, utf8('Server Key')), signed));
    return utf8(`${unproved},p=${base64(clientKey.map((byte, index) => byte ^ (mask[index] as number)))}`);
  }

  /** Whether the broker's last word shows that it knows the user too. */
  isSatisfied(last: Uint8Array | undefined): boolean {
    return text(last) === `v=${this.#signature}`;
  }

  get #bare(): string {
    return `n=${this.#username.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${this.#nonce}`;
  }
}
