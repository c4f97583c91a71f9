// MQTT as a stream that can have holes. Cuts each side into packets as the codec's framer does; unlike it, knows how to lose
// the thread and find it again: a hole within a packet whose length is known is stepped over, behind any other the next
// thing that looks like a packet is looked for.
import { type Content, type Host, other, type Side } from './content.ts';
import { findPacket, packetLength } from './plausible.ts';
import type { Carrier } from './reassemble.ts';

/** Longer packets are passed over. */
const LARGEST = 64 * 1024 * 1024;

/** A fixed header is whole with so many bytes at the latest. */
const FIXED_HEADER = 5;

export class Mqtt implements Content {
  readonly #sides: readonly [Cutter, Cutter];

  /** @param lost whether the stream is entered in its middle */
  constructor(host: Host, lost: boolean) {
    this.#sides = [new Cutter(host, 0, lost), new Cutter(host, 1, lost)];
  }

  receive(side: Side, bytes: Uint8Array, carrier: Carrier): void {
    this.#sides[side].receive(bytes, carrier);
  }

  missing(side: Side, count: number, carrier: Carrier): void {
    this.#sides[side].missing(count, carrier);
  }

  end(): void {
    for (const cutter of this.#sides) cutter.end();
  }
}

class Cutter {
  readonly #host: Host;
  readonly #side: Side;
  /** Whether it is not known where a packet begins. */
  #lost: boolean;
  /** Bytes that were passed over since. */
  #skipped = 0;
  /** Bytes that still belong to a packet of which a part is missing. */
  #toSkip = 0;
  /** What came of the packet under way. */
  #held = new Uint8Array(0);
  #heldLength = 0;
  /** Its whole length, once that is known. */
  #total: number | undefined;
  #firstFrame = 0;
  #last: Carrier | undefined;

  constructor(host: Host, side: Side, lost: boolean) {
    this.#host = host;
    this.#side = side;
    this.#lost = lost;
  }

  receive(bytes: Uint8Array, carrier: Carrier): void {
    const skip = Math.min(this.#toSkip, bytes.length);
    this.#toSkip -= skip;
    let rest = bytes.subarray(skip);
    if (this.#lost && rest.length > 0) rest = this.#find(rest, carrier);
    while (rest.length > 0)
      rest = this.#heldLength > 0 ? this.#fill(rest, carrier) : this.#cut(rest, carrier);
    this.#last = carrier;
  }

  missing(count: number, carrier: Carrier): void {
    if (this.#toSkip > 0) {
      this.#lost = count === 0 || count > this.#toSkip;
      this.#toSkip = this.#lost ? 0 : this.#toSkip - count;
    } else if (this.#heldLength > 0) {
      const left = this.#total === undefined ? 0 : this.#total - this.#heldLength;
      this.#lost = count === 0 || count > left;
      this.#toSkip = this.#lost ? 0 : left - count;
      this.#releasePart(carrier);
    } else {
      this.#lost = true;
    }
  }

  end(): void {
    if (this.#heldLength > 0 && this.#last !== undefined) this.#releasePart(this.#last);
  }

  /** Takes one packet from the front, or begins to hold what there is of it. */
  #cut(bytes: Uint8Array, carrier: Carrier): Uint8Array {
    const length = packetLength(bytes, 0);
    if (length === 0 || (length ?? 0) > LARGEST) return this.#giveUp(bytes, length as number, carrier);
    this.#firstFrame = carrier.frame;
    if (length !== undefined && length <= bytes.length) {
      this.#report(bytes.subarray(0, length), 0, carrier);
      return bytes.subarray(length);
    }
    this.#total = length;
    this.#hold(bytes);
    return bytes.subarray(bytes.length);
  }

  /** Adds to the packet under way: to its fixed header first, byte by byte, until its length is known. */
  #fill(bytes: Uint8Array, carrier: Carrier): Uint8Array {
    const wanted = this.#total === undefined ? 1 : this.#total - this.#heldLength;
    const piece = bytes.subarray(0, wanted);
    this.#hold(piece);
    const rest = bytes.subarray(piece.length);
    if (this.#total === undefined) {
      const frame = this.#held.subarray(0, this.#heldLength);
      const length = packetLength(frame, 0);
      if (length === 0 || (length ?? 0) > LARGEST) {
        this.#drop();
        return this.#giveUp(frame, length as number, carrier);
      }
      this.#total = length;
    }
    if (this.#heldLength === this.#total) {
      const frame = this.#held.subarray(0, this.#heldLength);
      this.#drop();
      this.#report(frame, 0, carrier);
    }
    return rest;
  }

  #hold(piece: Uint8Array): void {
    const needed = this.#heldLength + piece.length;
    if (needed > this.#held.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#held.length));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(piece, this.#heldLength);
    this.#heldLength = needed;
  }

  #drop(): void {
    this.#held = new Uint8Array(0);
    this.#heldLength = 0;
    this.#total = undefined;
  }

  #releasePart(carrier: Carrier): void {
    const frame = this.#held.subarray(0, this.#heldLength);
    const missing = this.#total === undefined ? 1 : this.#total - this.#heldLength;
    this.#drop();
    this.#report(frame, missing, carrier);
  }

  #giveUp(bytes: Uint8Array, length: number, carrier: Carrier): Uint8Array {
    if (length > 0) this.#host.note('packetTooLarge', carrier, { length });
    else {
      this.#host.note('unreadable', carrier);
      this.#firstFrame = carrier.frame;
      this.#report(bytes.subarray(0, FIXED_HEADER), 0, carrier);
    }
    this.#lost = true;
    return bytes.subarray(bytes.length);
  }

  /** Looks for a packet, and returns what begins with it. */
  #find(bytes: Uint8Array, carrier: Carrier): Uint8Array {
    const at = findPacket(bytes, true);
    this.#skipped += at ?? bytes.length;
    if (at === undefined) return bytes.subarray(bytes.length);
    if (this.#skipped > 0) this.#host.note('resynchronised', carrier, { skipped: this.#skipped });
    this.#lost = false;
    this.#skipped = 0;
    return bytes.subarray(at);
  }

  #report(bytes: Uint8Array, missing: number, carrier: Carrier): void {
    const type = (bytes[0] as number) >> 4;
    if (FROM_CLIENT.includes(type)) this.#host.client ??= this.#side;
    if (FROM_BROKER.includes(type)) this.#host.client ??= other(this.#side);
    this.#host.packet({ side: this.#side, bytes, missing, firstFrame: this.#firstFrame, carrier });
  }
}

/** CONNECT, SUBSCRIBE, UNSUBSCRIBE and PINGREQ, which only a client sends; and what answers each of them. */
const FROM_CLIENT: readonly number[] = [1, 8, 10, 12];
const FROM_BROKER: readonly number[] = [2, 9, 11, 13];
