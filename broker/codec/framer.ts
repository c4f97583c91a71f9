// Cuts a stream of bytes into packets, wherever the stream was cut before. Knows the fixed header's length field and
// nothing else of a packet. Holds no more than what came of the packet that is under way.
import { fault, Malformed } from './fault.ts';
import type { Version } from './packet.ts';

const MAX_LENGTH_BYTES = 4;

export class Framer {
  /** Decides which statement a fault names. */
  version: Version;
  /** The longest packet that is taken, in bytes, its fixed header included; a longer one is a fault as soon as its length is known. */
  maximumPacketSize: number;
  /** After a fault, what could not be read: from the beginning of the packet that has it to the end of what came. */
  unread: Uint8Array = new Uint8Array(0);
  #buffer = new Uint8Array(0);
  #held = 0;

  constructor(version: Version, maximumPacketSize: number = Number.POSITIVE_INFINITY) {
    this.version = version;
    this.maximumPacketSize = maximumPacketSize;
  }

  /** How many bytes of an unfinished packet are held. */
  get pending(): number {
    return this.#held;
  }

  /**
   * Takes the next bytes of the stream, cut anywhere.
   * @returns the packets that are now whole, one by one; those that lie whole in `chunk` are views of it
   * @throws Malformed if a length field has more than four bytes, or tells of a packet that is too large; the stream
   *   cannot be read on from there
   */
  *push(chunk: Uint8Array): Generator<Uint8Array, void, void> {
    let at = 0;
    try {
      while (at < chunk.length) {
        if (this.#held === 0) {
          const length = this.#measure(chunk, at, chunk.length);
          if (length === undefined || at + length > chunk.length) return this.#hold(chunk.subarray(at));
          yield chunk.subarray(at, at + length);
          at += length;
        } else {
          const piece = chunk.subarray(at, at + this.#missing());
          this.#hold(piece);
          at += piece.length;
          if (this.#missing() === 0) yield this.#release();
        }
      }
    } catch (error) {
      this.#hold(chunk.subarray(at));
      this.unread = this.#release();
      throw error;
    }
  }

  /** How many bytes to take before looking again: up to the packet's end, or one more of its length field. */
  #missing(): number {
    const length = this.#measure(this.#buffer, 0, this.#held);
    return length === undefined ? 1 : length - this.#held;
  }

  #hold(piece: Uint8Array): void {
    const held = this.#held + piece.length;
    if (held > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(held, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#held));
      this.#buffer = larger;
    }
    this.#buffer.set(piece, this.#held);
    this.#held = held;
  }

  /** The buffer goes with the packet, so that later bytes cannot overwrite what a reader keeps a view of. */
  #release(): Uint8Array {
    const frame = this.#buffer.subarray(0, this.#held);
    this.#buffer = new Uint8Array(0);
    this.#held = 0;
    return frame;
  }

  /** The length of the packet that begins at `start`, or undefined while its length field is not whole. */
  #measure(bytes: Uint8Array, start: number, end: number): number | undefined {
    let length = 0;
    for (let index = 0; index < MAX_LENGTH_BYTES; index++) {
      const at = start + 1 + index;
      if (at >= end) return undefined;
      const byte = bytes[at] as number;
      length |= (byte & 0x7f) << (7 * index);
      if (byte & 0x80) continue;
      const total = 2 + index + length;
      if (total <= this.maximumPacketSize) return total;
      throw new Malformed(
        fault('packetTooLarge', this.version, 1, { length: total, maximum: this.maximumPacketSize }),
      );
    }
    throw new Malformed(fault('varintTooLong', this.version, 1, { field: 'Remaining Length' }));
  }
}
