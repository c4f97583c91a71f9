// The cipher suites whose records can be opened: those with an AEAD cipher, of TLS 1.2 and 1.3, as one table. Knows how long
// their keys are, and no key.
import type { Hash } from './crypto.ts';

interface Suite {
  name: string;
  cipher: Cipher;
}

export interface Cipher {
  aead: 'AES-GCM' | 'ChaCha20-Poly1305';
  /** Bytes of a key. */
  keyLength: number;
  /** Bytes of the nonce that come from the key block (TLS 1.2); the others stand in the record. */
  saltLength: number;
  hash: Hash;
}

const AES_128 = { aead: 'AES-GCM', keyLength: 16, saltLength: 4, hash: 'SHA-256' } as const;
const AES_256 = { aead: 'AES-GCM', keyLength: 32, saltLength: 4, hash: 'SHA-384' } as const;
const CHACHA = { aead: 'ChaCha20-Poly1305', keyLength: 32, saltLength: 12, hash: 'SHA-256' } as const;

/** Sources: RFC 8446, section B.4; RFC 5288, 5289, 5487, 7905, 8442. */
// biome-ignore format: a table, a row to each line
const SUITES: Readonly<Record<number, Suite>> = {
  4865: { name: 'TLS_AES_128_GCM_SHA256', cipher: AES_128 },
  4866: { name: 'TLS_AES_256_GCM_SHA384', cipher: AES_256 },
  4867: { name: 'TLS_CHACHA20_POLY1305_SHA256', cipher: CHACHA },
  156: { name: 'TLS_RSA_WITH_AES_128_GCM_SHA256', cipher: AES_128 },
  157: { name: 'TLS_RSA_WITH_AES_256_GCM_SHA384', cipher: AES_256 },
  158: { name: 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', cipher: AES_128 },
  159: { name: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', cipher: AES_256 },
  168: { name: 'TLS_PSK_WITH_AES_128_GCM_SHA256', cipher: AES_128 },
  169: { name: 'TLS_PSK_WITH_AES_256_GCM_SHA384', cipher: AES_256 },
  170: { name: 'TLS_DHE_PSK_WITH_AES_128_GCM_SHA256', cipher: AES_128 },
  171: { name: 'TLS_DHE_PSK_WITH_AES_256_GCM_SHA384', cipher: AES_256 },
  49195: { name: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', cipher: AES_128 },
  49196: { name: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', cipher: AES_256 },
  49199: { name: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', cipher: AES_128 },
  49200: { name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', cipher: AES_256 },
  52392: { name: 'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', cipher: CHACHA },
  52393: { name: 'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', cipher: CHACHA },
  52394: { name: 'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256', cipher: CHACHA },
  52395: { name: 'TLS_PSK_WITH_CHACHA20_POLY1305_SHA256', cipher: CHACHA },
  52396: { name: 'TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256', cipher: CHACHA },
  53249: { name: 'TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256', cipher: AES_128 },
  53250: { name: 'TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384', cipher: AES_256 },
};

/** How records of a suite are opened, or undefined where they cannot be. */
export function cipherOf(id: number): Cipher | undefined {
  return SUITES[id]?.cipher;
}

/** What a suite is called; its number, where only that is known. */
export function suiteName(id: number): string {
  return SUITES[id]?.name ?? `0x${id.toString(16).padStart(4, '0')}`;
}
