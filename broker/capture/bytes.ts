// Bytes that come in chunks, cut anywhere, and are taken in pieces of another size. Copies only what lies across a cut.

export class ByteQueue {
  #chunks: Uint8Array[] = [];
  #first = 0;
  #at = 0;
  length = 0;

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  /** The first `count` bytes, without taking them, or undefined while there are fewer. */
  peek(count: number): Uint8Array | undefined {
    if (count > this.length) return undefined;
    const chunk = this.#chunks[this.#first];
    if (chunk === undefined) return new Uint8Array(0);
    if (this.#at + count <= chunk.length) return chunk.subarray(this.#at, this.#at + count);
    return this.#gather(count);
  }

  /** Takes `count` bytes, of which there must be as many. They are a view where they lie in one chunk. */
  take(count: number): Uint8Array {
    const taken = this.peek(count) as Uint8Array;
    this.skip(count);
    return taken;
  }

  /** Lets go of up to `count` bytes. */
  skip(count: number): void {
    let left = Math.min(count, this.length);
    this.length -= left;
    while (left > 0) {
      const here = (this.#chunks[this.#first] as Uint8Array).length - this.#at;
      if (left < here) {
        this.#at += left;
        return;
      }
      left -= here;
      this.#at = 0;
      this.#first++;
    }
    this.#compact();
  }

  #gather(count: number): Uint8Array {
    const gathered = new Uint8Array(count);
    let done = 0;
    for (let index = this.#first; done < count; index++) {
      const chunk = this.#chunks[index] as Uint8Array;
      const piece = chunk.subarray(index === this.#first ? this.#at : 0).subarray(0, count - done);
      gathered.set(piece, done);
      done += piece.length;
    }
    return gathered;
  }

  #compact(): void {
    if (this.#first < 32 && this.#first < this.#chunks.length) return;
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
  }
}

/** Several pieces as one. */
export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A view of bytes by which numbers are read and written. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Bytes as ASCII, each by itself. */
export function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** ASCII as bytes. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** `00 1f a0` without the blanks. */
export function hexText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
