// The cryptography that TLS needs, as an interface of two functions, and how a platform's Web Crypto serves it. Knows no TLS.

export type Hash = 'SHA-256' | 'SHA-384';

/** Opens what was sealed, or tells by undefined that it was not sealed so. */
export type Open = (
  nonce: Uint8Array,
  additional: Uint8Array,
  sealed: Uint8Array,
) => Promise<Uint8Array | undefined>;

export interface Crypto {
  /** HMAC (RFC 2104). */
  hmac(hash: Hash, key: Uint8Array, data: Uint8Array): Promise<Uint8Array>;
  /** AES in Galois/Counter Mode with a tag of 16 bytes (NIST SP 800-38D). In: a key of 16 or 32 bytes. */
  aesGcm(key: Uint8Array): Promise<Open>;
}

type Algorithm = string | object;
type Bytes = Uint8Array | ArrayBuffer | ArrayBufferView;

/** As much of `crypto.subtle` as is needed, which browsers and Node both have. */
export interface Subtle {
  importKey(
    format: 'raw',
    key: Bytes,
    algorithm: Algorithm,
    extractable: boolean,
    usages: string[],
  ): Promise<unknown>;
  sign(algorithm: Algorithm, key: never, data: Bytes): Promise<ArrayBuffer>;
  decrypt(algorithm: Algorithm, key: never, data: Bytes): Promise<ArrayBuffer>;
}

/** Makes the cryptography of Web Crypto. In: `globalThis.crypto.subtle`. */
export function webCrypto(subtle: Subtle): Crypto {
  return {
    async hmac(hash, key, data) {
      const imported = await subtle.importKey('raw', key, { name: 'HMAC', hash }, false, ['sign']);
      return new Uint8Array(await subtle.sign('HMAC', imported as never, data));
    },
    async aesGcm(key) {
      const imported = await subtle.importKey('raw', key, { name: 'AES-GCM' }, false, ['decrypt']);
      return async (iv, additionalData, sealed) => {
        try {
          const algorithm = { name: 'AES-GCM', iv, additionalData, tagLength: 128 };
          return new Uint8Array(await subtle.decrypt(algorithm, imported as never, sealed));
        } catch {
          return undefined;
        }
      };
    },
  };
}
