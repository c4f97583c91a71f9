// TLS records opened with secrets from a key log: keys from the secrets, nonces from the count of records, and the change of
// keys within TLS 1.3. Knows one direction of one connection; takes no part in the handshake, and checks nothing but the tags.
import { asciiBytes, concat, viewOf } from './bytes.ts';
import { chacha20Poly1305 } from './chacha.ts';
import type { Crypto, Hash, Open } from './crypto.ts';
import { MESSAGE, Messages, type ServerHello } from './handshake.ts';
import { LABELS, type Label, type Secrets } from './secrets.ts';
import type { Cipher } from './suite.ts';
import { CONTENT, TAG } from './wrapping.ts';

/** What of a handshake decides the keys. */
export interface Agreement {
  clientRandom: Uint8Array;
  server: ServerHello;
  cipher: Cipher;
}

export interface SealedRecord {
  contentType: number;
  version: number;
  fragment: Uint8Array;
}

/** What was in a record: in TLS 1.3 its true type is sealed with it. */
export interface OpenedRecord {
  contentType: number;
  bytes: Uint8Array;
}

export interface Opener {
  /** Records are opened in their order. One that cannot be opened counts as not of this series. */
  open(record: SealedRecord): Promise<OpenedRecord | undefined>;
  /** An unknown number of records is missing. */
  skip(): void;
}

const TLS_1_3 = 0x0304;

/** How many records may be missing in a hole for the series to be found again. */
const REACH = 256;

/** Makes an opener for what the client sends, or for what the server sends. */
export function openerOf(agreement: Agreement, isClient: boolean, secrets: Secrets, crypto: Crypto): Opener {
  const make = agreement.server.version === TLS_1_3 ? Opener13 : Opener12;
  return new make(agreement, isClient, secrets, crypto);
}

/** A key, the nonce's fixed part, and how many records were opened with them. */
class Series {
  readonly #openAead: Open;
  readonly #fixed: Uint8Array;
  #sequence = 0n;
  #reach = 1;

  constructor(open: Open, fixed: Uint8Array) {
    this.#openAead = open;
    this.#fixed = fixed;
  }

  skip(): void {
    this.#reach = REACH;
  }

  /**
   * @param explicit the part of the nonce that stands in the record, where one does
   * @param additionalOf what is sealed along with the record of a number
   */
  async open(
    sealed: Uint8Array,
    explicit: Uint8Array | undefined,
    additionalOf: (sequence: bigint) => Uint8Array,
  ): Promise<Uint8Array | undefined> {
    for (let ahead = 0; ahead < this.#reach; ahead++) {
      const sequence = this.#sequence + BigInt(ahead);
      const nonce = explicit === undefined ? this.#mixed(sequence) : concat([this.#fixed, explicit]);
      const opened = await this.#openAead(nonce, additionalOf(sequence), sealed);
      if (opened === undefined) continue;
      this.#sequence = sequence + 1n;
      this.#reach = 1;
      return opened;
    }
    return undefined;
  }

  /** Source: RFC 8446, section 5.3; RFC 7905, section 2. */
  #mixed(sequence: bigint): Uint8Array {
    const nonce = this.#fixed.slice();
    const number = numberBytes(sequence);
    for (let index = 0; index < 8; index++)
      nonce[index + 4] = (nonce[index + 4] as number) ^ (number[index] as number);
    return nonce;
  }
}

/** TLS 1.2: one key for each direction, from the master secret. Sources: RFC 5246, section 6.3; RFC 5288, section 3. */
class Opener12 implements Opener {
  readonly #agreement: Agreement;
  readonly #isClient: boolean;
  readonly #secrets: Secrets;
  readonly #crypto: Crypto;
  #series: Series | undefined;

  constructor(agreement: Agreement, isClient: boolean, secrets: Secrets, crypto: Crypto) {
    this.#agreement = agreement;
    this.#isClient = isClient;
    this.#secrets = secrets;
    this.#crypto = crypto;
  }

  skip(): void {
    this.#series?.skip();
  }

  async open({ contentType, version, fragment }: SealedRecord): Promise<OpenedRecord | undefined> {
    this.#series ??= await this.#begin();
    const explicitLength = 12 - this.#agreement.cipher.saltLength;
    const length = fragment.length - explicitLength - TAG;
    if (this.#series === undefined || length < 0) return undefined;
    const explicit = explicitLength === 0 ? undefined : fragment.subarray(0, explicitLength);
    const additionalOf = (sequence: bigint) =>
      concat([
        numberBytes(sequence),
        Uint8Array.of(contentType, version >> 8, version & 0xff, length >> 8, length & 0xff),
      ]);
    const bytes = await this.#series.open(fragment.subarray(explicitLength), explicit, additionalOf);
    return bytes && { contentType, bytes };
  }

  async #begin(): Promise<Series | undefined> {
    const { clientRandom, server, cipher } = this.#agreement;
    const master = this.#secrets.get(LABELS.master, clientRandom);
    if (master === undefined) return undefined;
    const { keyLength, saltLength, hash } = cipher;
    const seed = concat([asciiBytes('key expansion'), server.random, clientRandom]);
    const block = await expand12(this.#crypto, hash, master, seed, 2 * (keyLength + saltLength));
    const key = this.#isClient ? 0 : keyLength;
    const salt = 2 * keyLength + (this.#isClient ? 0 : saltLength);
    return new Series(
      await aeadOf(this.#crypto, cipher, block.slice(key, key + keyLength)),
      block.slice(salt, salt + saltLength),
    );
  }
}

/** TLS 1.3: a secret for each phase, and a new one with every Key Update. Source: RFC 8446, sections 5 and 7. */
class Opener13 implements Opener {
  readonly #agreement: Agreement;
  readonly #crypto: Crypto;
  readonly #messages = new Messages();
  /** The secrets of the handshake and of what follows, so far as they are known. */
  readonly #phases: Uint8Array[];
  #secret: Uint8Array | undefined;
  #series: Series | undefined;

  constructor(agreement: Agreement, isClient: boolean, secrets: Secrets, crypto: Crypto) {
    this.#agreement = agreement;
    this.#crypto = crypto;
    const labels: Label[] = isClient
      ? [LABELS.clientHandshake, LABELS.client]
      : [LABELS.serverHandshake, LABELS.server];
    this.#phases = labels
      .map((label) => secrets.get(label, agreement.clientRandom))
      .filter((secret) => secret !== undefined);
  }

  skip(): void {
    this.#series?.skip();
  }

  async open({ contentType, version, fragment }: SealedRecord): Promise<OpenedRecord | undefined> {
    if (this.#series === undefined) await this.#enter(this.#phases.shift());
    if (this.#series === undefined || fragment.length <= TAG) return undefined;
    const header = Uint8Array.of(
      contentType,
      version >> 8,
      version & 0xff,
      fragment.length >> 8,
      fragment.length & 0xff,
    );
    const padded = await this.#series.open(fragment, undefined, () => header);
    if (padded === undefined) return undefined;
    const opened = unpad(padded);
    if (opened?.contentType === CONTENT.handshake) await this.#follow(opened.bytes);
    return opened;
  }

  /** Finished ends the handshake's keys, Key Update any later ones. */
  async #follow(fragment: Uint8Array): Promise<void> {
    for (const { type } of this.#messages.push(fragment)) {
      if (type === MESSAGE.finished) await this.#enter(this.#phases.shift());
      if (type === MESSAGE.keyUpdate && this.#secret !== undefined)
        await this.#enter(
          await expand13(
            this.#crypto,
            this.#agreement.cipher.hash,
            this.#secret,
            'traffic upd',
            this.#secret.length,
          ),
        );
    }
  }

  async #enter(secret: Uint8Array | undefined): Promise<void> {
    if (secret === undefined) return;
    const crypto = this.#crypto;
    const agreement = this.#agreement;
    const { hash, keyLength } = agreement.cipher;
    this.#secret = secret;
    const key = await expand13(crypto, hash, secret, 'key', keyLength);
    this.#series = new Series(
      await aeadOf(crypto, agreement.cipher, key),
      await expand13(crypto, hash, secret, 'iv', 12),
    );
  }
}

/** Behind the content stands its type, and behind that as many zeros as the sender liked. */
function unpad(padded: Uint8Array): OpenedRecord | undefined {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  return end < 0 ? undefined : { contentType: padded[end] as number, bytes: padded.subarray(0, end) };
}

async function aeadOf(crypto: Crypto, { aead }: Cipher, key: Uint8Array): Promise<Open> {
  return aead === 'AES-GCM' ? crypto.aesGcm(key) : chacha20Poly1305(key);
}

/** P_hash (RFC 5246, section 5). */
async function expand12(
  crypto: Crypto,
  hash: Hash,
  secret: Uint8Array,
  seed: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let chain = seed;
  for (let done = 0; done < length; done += (pieces.at(-1) as Uint8Array).length) {
    chain = await crypto.hmac(hash, secret, chain);
    pieces.push(await crypto.hmac(hash, secret, concat([chain, seed])));
  }
  return concat(pieces).subarray(0, length);
}

/** HKDF-Expand-Label with no context; one block of the hash is as much as any key needs (RFC 8446, section 7.1). */
async function expand13(
  crypto: Crypto,
  hash: Hash,
  secret: Uint8Array,
  label: string,
  length: number,
): Promise<Uint8Array> {
  const name = asciiBytes(`tls13 ${label}`);
  const info = concat([Uint8Array.of(length >> 8, length & 0xff, name.length), name, Uint8Array.of(0, 1)]);
  return (await crypto.hmac(hash, secret, info)).slice(0, length);
}

/** Eight bytes, the high one first. */
function numberBytes(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, value);
  return bytes;
}
