// SCRAM-SHA-256 as an authentication method: both ends show that they know a password that never travels, and of which the
// broker keeps only keys (RFC 5802, RFC 7677). Knows the messages; hashing, chance and the keys of users are the host's.
//
//   client ── n,,n=user,r=nonce ──────────▶ broker         in CONNECT, or in AUTH 0x19
//   client ◀── r=nonce,s=salt,i=rounds ──── broker         in AUTH 0x18
//   client ── c=biws,r=nonce,p=proof ─────▶ broker         in AUTH 0x18
//   client ◀── v=signature ──────────────── broker         in CONNACK, or in AUTH 0x00

import { fromBase64, toBase64 } from '../codec/base64.ts';
import { REASON, textOf, utf8 } from '../codec/index.ts';
import type { AuthenticationMethod, Exchange, Step } from './authentication.ts';

export const SCRAM_SHA_256 = 'SCRAM-SHA-256';

/** What a broker keeps of a user in place of the password (RFC 5802, section 3). */
export interface ScramKeys {
  salt: Uint8Array;
  iterations: number;
  /** H(HMAC(salted password, "Client Key")) */
  storedKey: Uint8Array;
  /** HMAC(salted password, "Server Key") */
  serverKey: Uint8Array;
}

/** What SCRAM needs of its host. Each call answers at once or later. */
export interface ScramEnvironment {
  /** SHA-256 of `data`. */
  hash(data: Uint8Array, done: (digest: Uint8Array) => void): void;
  /** HMAC-SHA-256. */
  hmac(key: Uint8Array, data: Uint8Array, done: (digest: Uint8Array) => void): void;
  /** A text of at least 18 printable characters without a comma, never to be guessed. */
  nonce(): string;
  /**
   * The keys of a user. For a name that is unknown a host gives keys that fit no password, and the same ones each time, so
   * that nobody learns which users there are (RFC 5802, section 9).
   */
  keysOf(username: string, done: (keys: ScramKeys) => void): void;
}

/** The header of a client that wants no channel binding, which MQTT has no place for: `n,,` or `y,,`, without another identity. */
const HEADER = /^[ny],,/;
const FIRST_MESSAGE = /^n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,|$)/;
const FINAL_MESSAGE = /^(c=([^,]+),r=([^,]+).*),p=([^,]+)$/;

/** Makes the method. */
export function scram(environment: ScramEnvironment): AuthenticationMethod {
  return { begin: () => new Conversation(environment).exchange };
}

/** One exchange, from the client's first message to the broker's last. */
class Conversation {
  readonly #environment: ScramEnvironment;
  #username = '';
  #header = '';
  #nonce = '';
  /** The messages so far, as both ends sign them. */
  #signed = '';
  #keys: ScramKeys | undefined;

  constructor(environment: ScramEnvironment) {
    this.#environment = environment;
  }

  readonly exchange: Exchange = (data, answer) => {
    const text = data && textOf(data);
    if (text === undefined) answer(NOT_AUTHORIZED);
    else if (this.#keys === undefined) this.#receiveFirst(text, answer);
    else this.#receiveFinal(text, this.#keys, answer);
  };

  #receiveFirst(text: string, answer: (step: Step) => void): void {
    const header = HEADER.exec(text)?.[0];
    const bare = text.slice(header?.length ?? 0);
    const [, name, nonce] = FIRST_MESSAGE.exec(bare) ?? [];
    const username = name === undefined ? undefined : plainName(name);
    if (header === undefined || username === undefined) return answer(NOT_AUTHORIZED);
    this.#header = header;
    this.#username = username;
    this.#nonce = `${nonce}${this.#environment.nonce()}`;
    this.#environment.keysOf(username, (keys) => {
      this.#keys = keys;
      const reply = `r=${this.#nonce},s=${toBase64(keys.salt)},i=${keys.iterations}`;
      this.#signed = `${bare},${reply}`;
      answer({ kind: 'continue', data: utf8(reply) });
    });
  }

  #receiveFinal(text: string, { storedKey, serverKey }: ScramKeys, answer: (step: Step) => void): void {
    const [, unproved, binding, nonce, proofText] = FINAL_MESSAGE.exec(text) ?? [];
    const proof = fromBase64(proofText ?? '');
    if (
      nonce !== this.#nonce ||
      binding !== toBase64(utf8(this.#header)) ||
      proof?.length !== storedKey.length
    )
      return answer(NOT_AUTHORIZED);
    const { hash, hmac } = this.#environment;
    const signed = utf8(`${this.#signed},${unproved}`);
    hmac(storedKey, signed, (clientSignature) => {
      const clientKey = proof.map((byte, index) => byte ^ (clientSignature[index] as number));
      hash(clientKey, (digest) => {
        if (!isEqual(digest, storedKey)) return answer(NOT_AUTHORIZED);
        hmac(serverKey, signed, (signature) => {
          answer({ kind: 'success', username: this.#username, data: utf8(`v=${toBase64(signature)}`) });
        });
      });
    });
  }
}

const NOT_AUTHORIZED: Step = { kind: 'failure', reasonCode: REASON.NotAuthorized };

/** A user name as it was before `,` and `=` were written as `=2C` and `=3D`; undefined if it was not written so. */
function plainName(name: string): string | undefined {
  return /^(?:[^=]|=2C|=3D)+$/.test(name) ? name.replaceAll('=2C', ',').replaceAll('=3D', '=') : undefined;
}

/** Compares in a time that does not tell how much was equal. */
function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}
