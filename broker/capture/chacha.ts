// ChaCha20-Poly1305, which Web Crypto lacks. Knows the one construction that TLS uses; its nonces are 12 bytes long, its tags
// 16. Source: RFC 8439.
import { viewOf } from './bytes.ts';
import type { Open } from './crypto.ts';

const TAG = 16;
const BLOCK = 64;

/** Opens what was sealed with a key of 32 bytes. */
export function chacha20Poly1305(key: Uint8Array): Open {
  return async (nonce, additional, sealed) => {
    if (sealed.length < TAG) return undefined;
    const text = sealed.subarray(0, -TAG);
    const expected = tagOf(key, nonce, additional, text);
    return sealed.subarray(-TAG).every((byte, index) => byte === expected[index])
      ? chacha20(key, nonce, 1, text)
      : undefined;
  };
}

/** Seals `text`: as long as it was, and a tag behind it (section 2.8). */
export function seal(
  key: Uint8Array,
  nonce: Uint8Array,
  additional: Uint8Array,
  text: Uint8Array,
): Uint8Array {
  const sealed = new Uint8Array(text.length + TAG);
  sealed.set(chacha20(key, nonce, 1, text));
  sealed.set(tagOf(key, nonce, additional, sealed.subarray(0, -TAG)), text.length);
  return sealed;
}

/** Section 2.4. The same twice is no change. */
function chacha20(key: Uint8Array, nonce: Uint8Array, counter: number, text: Uint8Array): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += BLOCK) {
    const stream = block(key, nonce, counter + at / BLOCK);
    for (let index = 0; index < BLOCK && at + index < text.length; index++)
      out[at + index] = (text[at + index] as number) ^ (stream[index] as number);
  }
  return out;
}

/** The quarter rounds of a double round: four columns, then four diagonals. */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

/** Section 2.3. */
function block(key: Uint8Array, nonce: Uint8Array, counter: number): Uint8Array {
  const start = new Uint32Array([
    0x61707865,
    0x3320646e,
    0x79622d32,
    0x6b206574,
    ...words(key),
    counter,
    ...words(nonce),
  ]);
  const state = start.slice();
  for (let round = 0; round < 10; round++) for (const [a, b, c, d] of QUARTERS) quarter(state, a, b, c, d);
  const out = new Uint8Array(BLOCK);
  const view = viewOf(out);
  for (let index = 0; index < 16; index++)
    view.setUint32(4 * index, (state[index] as number) + (start[index] as number), true);
  return out;
}

function words(bytes: Uint8Array): number[] {
  const view = viewOf(bytes);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(4 * index, true));
}

/** Section 2.1. */
function quarter(state: Uint32Array, a: number, b: number, c: number, d: number): void {
  step(state, a, b, d, 16);
  step(state, c, d, b, 12);
  step(state, a, b, d, 8);
  step(state, c, d, b, 7);
}

function step(state: Uint32Array, sum: number, addend: number, turned: number, bits: number): void {
  state[sum] = (state[sum] as number) + (state[addend] as number);
  const mixed = (state[turned] as number) ^ (state[sum] as number);
  state[turned] = (mixed << bits) | (mixed >>> (32 - bits));
}

/** The tag over the additional data, the sealed text and their lengths, each filled up to 16 bytes. */
function tagOf(key: Uint8Array, nonce: Uint8Array, additional: Uint8Array, text: Uint8Array): Uint8Array {
  const filled = (length: number) => Math.ceil(length / TAG) * TAG;
  const data = new Uint8Array(filled(additional.length) + filled(text.length) + TAG);
  data.set(additional);
  data.set(text, filled(additional.length));
  const view = viewOf(data);
  view.setUint32(data.length - 16, additional.length, true);
  view.setUint32(data.length - 8, text.length, true);
  return poly1305(block(key, nonce, 0), data);
}

const PRIME = 2n ** 130n - 5n;
const CLAMP = 0x0ffffffc_0ffffffc_0ffffffc_0fffffffn;

/** Section 2.5. In: the one-time key in the first 32 bytes of `key`; data of whole blocks of 16 bytes. */
function poly1305(key: Uint8Array, data: Uint8Array): Uint8Array {
  const r = littleEndian(key, 0) & CLAMP;
  let sum = 0n;
  for (let at = 0; at < data.length; at += TAG)
    sum = ((sum + littleEndian(data, at) + (1n << 128n)) * r) % PRIME;
  const tag = sum + littleEndian(key, 16);
  const out = new Uint8Array(TAG);
  viewOf(out).setBigUint64(0, BigInt.asUintN(64, tag), true);
  viewOf(out).setBigUint64(8, BigInt.asUintN(64, tag >> 64n), true);
  return out;
}

/** 16 bytes as a number. */
function littleEndian(bytes: Uint8Array, at: number): bigint {
  const view = viewOf(bytes);
  return view.getBigUint64(at, true) | (view.getBigUint64(at + 8, true) << 64n);
}
