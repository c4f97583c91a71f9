// One direction of a TCP connection, put back in order: what comes out of turn waits, what came before is left out, and what
// never came is told as missing. Knows sequence numbers, which begin anew after 2^32; knows nothing of what they carry.

/** Where bytes came from: the frame that carried them. */
export interface Carrier {
  frame: number;
  /** Milliseconds since the capture's first frame. */
  time: number;
  /** The whole payload of the frame's segment. */
  payload: Uint8Array;
  place: FramePlace;
}

/** Where a frame's bytes are in the file, and how they begin: as tcpdump.org numbers link-layer header types. */
export interface FramePlace {
  offset: number;
  length: number;
  linkType: number;
}

/** Who is told what a direction carries. */
export interface Receiver {
  receive(bytes: Uint8Array, carrier: Carrier): void;
  /** `count` bytes are not in the capture; what is received next comes after them. */
  missing(count: number, carrier: Carrier): void;
}

interface Piece {
  /** Its place in the stream, counted from the first byte that was expected. */
  start: number;
  /** How many bytes it takes there; the capture may hold fewer of them. */
  length: number;
  carrier: Carrier;
}

/** What waits in one direction for an earlier byte, before that byte is given up. */
const WAITING = { bytes: 1024 * 1024, segments: 512 } as const;

export class Reassembly {
  /** Bytes that came more than once. */
  repeated = 0;
  /** Segments that had to wait for an earlier one. */
  outOfOrder = 0;
  readonly #receiver: Receiver;
  /** The next sequence number, and its place in the stream. */
  #sequence: number | undefined;
  #place = 0;
  #waiting: Piece[] = [];
  #waitingBytes = 0;
  /** Up to where the other end says that it has received. */
  #acknowledged = 0;

  constructor(receiver: Receiver) {
    this.#receiver = receiver;
  }

  /** Says which sequence number comes first. */
  begin(sequence: number): void {
    this.#sequence ??= sequence >>> 0;
  }

  /**
   * Takes a segment.
   * @param length of the payload as it was sent; `carrier.payload` may hold less of it
   */
  take(sequence: number, length: number, carrier: Carrier): void {
    if (length === 0) return;
    this.begin(sequence);
    const piece: Piece = { start: this.#placeOf(sequence), length, carrier };
    if (piece.start <= this.#place) {
      this.#deliver(piece);
      this.#catchUp();
    } else {
      this.#hold(piece);
    }
  }

  /** The other end says that it has received all bytes before `sequence`. */
  acknowledge(sequence: number): void {
    if (this.#sequence !== undefined)
      this.#acknowledged = Math.max(this.#acknowledged, this.#placeOf(sequence));
  }

  /** Gives up every byte that is waited for: nothing more comes. */
  finish(): void {
    while (this.#waiting.length > 0) this.#giveUp();
  }

  /** The distance to what is expected is a signed number of 32 bits, so that the numbers may begin anew. */
  #placeOf(sequence: number): number {
    return this.#place + ((sequence - (this.#sequence as number)) | 0);
  }

  #deliver({ start, length, carrier }: Piece): void {
    const known = this.#place - start;
    this.repeated += Math.min(known, length);
    if (known >= length) return;
    const fresh = carrier.payload.subarray(known);
    this.#advance(length - known);
    if (fresh.length > 0) this.#receiver.receive(fresh, carrier);
    const cut = length - Math.max(known, carrier.payload.length);
    if (cut > 0) this.#receiver.missing(cut, carrier);
  }

  #advance(count: number): void {
    this.#place += count;
    this.#sequence = ((this.#sequence as number) + count) >>> 0;
  }

  #hold(piece: Piece): void {
    this.outOfOrder++;
    let at = this.#waiting.length;
    while (at > 0 && (this.#waiting[at - 1] as Piece).start > piece.start) at--;
    this.#waiting.splice(at, 0, {
      ...piece,
      carrier: { ...piece.carrier, payload: piece.carrier.payload.slice() },
    });
    this.#waitingBytes += piece.length;
    // The other end has what is waited for: the capture does not. One segment's grace, for captures that mix up their order.
    const isLost = this.#acknowledged > this.#place && this.#waiting.length > 1;
    if (isLost || this.#waitingBytes > WAITING.bytes || this.#waiting.length > WAITING.segments)
      this.#giveUp();
  }

  #catchUp(): void {
    while (this.#waiting.length > 0 && (this.#waiting[0] as Piece).start <= this.#place)
      this.#deliver(this.#release());
  }

  #release(): Piece {
    const piece = this.#waiting.shift() as Piece;
    this.#waitingBytes -= piece.length;
    return piece;
  }

  #giveUp(): void {
    const { start, carrier } = this.#waiting[0] as Piece;
    const count = start - this.#place;
    this.#advance(count);
    this.#receiver.missing(count, carrier);
    this.#catchUp();
  }
}
