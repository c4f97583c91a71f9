// A connection that may become a WebSocket: the HTTP upgrade, then frames, whose payload is handed on as a stream. Knows the
// frame's header and masking; knows nothing of what is in the payload. Source: RFC 6455, sections 4 and 5.
import { asciiText, concat } from './bytes.ts';
import { type Content, type Host, other, type Side } from './content.ts';
import { findPacket } from './plausible.ts';
import type { Carrier } from './reassemble.ts';

/** A longer head is none. */
const LONGEST_HEAD = 16_384;

const OPCODE = { continuation: 0, text: 1, binary: 2 } as const;
const CONTROL = 0x8;
const COMPRESSED = 0b100;

interface FrameHeader {
  opcode: number;
  reserved: number;
  key: Uint8Array | undefined;
  /** Of the header. */
  size: number;
  /** Of the payload. */
  length: number;
}

/** One direction. */
interface Way {
  /** What came of the HTTP head, until its end. */
  head: Uint8Array | undefined;
  /** What came of a frame's header. */
  header: Uint8Array;
  frame: FrameHeader | undefined;
  done: number;
  lost: boolean;
}

export class WebSocket implements Content {
  readonly #host: Host;
  readonly #inner: Content;
  readonly #ways: readonly [Way, Way];
  #over = false;

  /** @param inner makes the reader of what the frames carry */
  constructor(host: Host, inner: () => Content, isMiddle: boolean) {
    this.#host = host;
    this.#inner = inner();
    this.#ways = [newWay(isMiddle), newWay(isMiddle)];
    if (isMiddle) host.wrap('websocket');
  }

  receive(side: Side, bytes: Uint8Array, carrier: Carrier): void {
    const way = this.#ways[side];
    let rest = bytes;
    if (way.lost && !this.#over) {
      if (!beginsWebSocket(bytes)) return;
      way.lost = false;
      this.#host.client ??= frameHeader(bytes)?.key === undefined ? other(side) : side;
    }
    while (rest.length > 0 && !this.#over && !way.lost) {
      if (way.head !== undefined) rest = this.#readHead(side, way, way.head, rest, carrier);
      else if (way.frame === undefined) rest = this.#readHeader(side, way, rest, carrier);
      else rest = this.#readPayload(side, way, way.frame, rest, carrier);
    }
  }

  missing(side: Side, count: number, carrier: Carrier): void {
    const way = this.#ways[side];
    if (way.head !== undefined) return this.#abandon();
    const isWithin = way.frame !== undefined && count > 0 && count <= way.frame.length - way.done;
    if (isWithin) this.#move(way, way.frame as FrameHeader, count);
    else Object.assign(way, newWay(true));
    this.#inner.missing(side, isWithin ? count : 0, carrier);
  }

  end(): void {
    this.#inner.end();
  }

  #readHead(side: Side, way: Way, before: Uint8Array, bytes: Uint8Array, carrier: Carrier): Uint8Array {
    const head = concat([before, bytes]);
    const end = headEnd(head, Math.max(0, before.length - 3));
    if (end !== undefined) {
      way.head = undefined;
      this.#upgrade(side, asciiText(head.subarray(0, end)), carrier);
      return head.subarray(end);
    }
    way.head = head;
    if (head.length > LONGEST_HEAD) this.#abandon();
    return bytes.subarray(bytes.length);
  }

  /** The client asks for the upgrade; the server agrees, or the connection is no WebSocket. */
  #upgrade(side: Side, head: string, carrier: Carrier): void {
    const host = this.#host;
    if (head.startsWith('GET ')) {
      host.client ??= side;
      if (!/^upgrade:[^\r\n]*\bwebsocket\b/im.test(head)) this.#abandon();
      else if (/^sec-websocket-protocol:[^\r\n]*\bmqtt/im.test(head)) host.recognise();
    } else if (/^HTTP\/1\.1 101\b/.test(head)) {
      host.wrap('websocket');
      if (/^sec-websocket-extensions:[^\r\n]*\bpermessage-deflate\b/im.test(head))
        host.note('compressed', carrier);
    } else {
      host.note('upgradeRefused', carrier, { status: /^HTTP\S* ([^\r\n]*)/.exec(head)?.[1] ?? '' });
      this.#over = true;
    }
  }

  #readHeader(side: Side, way: Way, bytes: Uint8Array, carrier: Carrier): Uint8Array {
    const before = way.header.length;
    const header = before === 0 ? bytes : concat([way.header, bytes]);
    const frame = frameHeader(header);
    if (frame === undefined) {
      way.header = header.slice();
      return bytes.subarray(bytes.length);
    }
    way.header = new Uint8Array(0);
    if (!isSound(frame)) {
      this.#host.note('notWebSocket', carrier);
      way.lost = true;
      this.#inner.missing(side, 0, carrier);
      return bytes.subarray(bytes.length);
    }
    if (frame.opcode === OPCODE.text) this.#host.note('textFrame', carrier);
    way.frame = frame;
    way.done = 0;
    this.#move(way, frame, 0);
    return bytes.subarray(frame.size - before);
  }

  #readPayload(side: Side, way: Way, frame: FrameHeader, bytes: Uint8Array, carrier: Carrier): Uint8Array {
    const piece = bytes.subarray(0, frame.length - way.done);
    const payload = frame.key === undefined ? piece : unmask(piece, frame.key, way.done);
    this.#move(way, frame, piece.length);
    // Compressed messages cannot be read; control frames are no part of the stream.
    if (frame.opcode < CONTROL && !(frame.reserved & COMPRESSED)) this.#inner.receive(side, payload, carrier);
    return bytes.subarray(piece.length);
  }

  #move(way: Way, frame: FrameHeader, count: number): void {
    way.done += count;
    if (way.done === frame.length) way.frame = undefined;
  }

  #abandon(): void {
    this.#over = true;
    this.#host.abandon();
  }
}

function newWay(isMiddle: boolean): Way {
  return {
    head: isMiddle ? undefined : new Uint8Array(0),
    header: new Uint8Array(0),
    frame: undefined,
    done: 0,
    lost: isMiddle,
  };
}

/** Where the empty line ends that ends an HTTP head, looked for from `start` on. */
function headEnd(bytes: Uint8Array, start: number): number | undefined {
  for (let at = start; at + 4 <= bytes.length; at++)
    if (bytes[at] === 13 && bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10)
      return at + 4;
  return undefined;
}

/** Reads a frame's header, or nothing while it is not whole. */
function frameHeader(bytes: Uint8Array): FrameHeader | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthSize = short === 126 ? 2 : short === 127 ? 8 : 0;
  const isMasked = second > 0x7f;
  const size = 2 + lengthSize + (isMasked ? 4 : 0);
  if (bytes.length < size) return undefined;
  let length = lengthSize === 0 ? short : 0;
  for (let at = 2; at < 2 + lengthSize; at++) length = length * 256 + (bytes[at] as number);
  const key = isMasked ? bytes.slice(size - 4, size) : undefined;
  return { opcode: first & 0x0f, reserved: (first >> 4) & 0b111, key, size, length };
}

const OPCODES: readonly number[] = [0, 1, 2, 8, 9, 10];

function isSound({ opcode, reserved, length }: FrameHeader): boolean {
  return OPCODES.includes(opcode) && (reserved & 0b011) === 0 && Number.isSafeInteger(length);
}

/** Source: RFC 6455, section 5.3. */
function unmask(bytes: Uint8Array, key: Uint8Array, start: number): Uint8Array {
  return bytes.map((byte, index) => byte ^ (key[(start + index) % 4] as number));
}

/** Whether bytes begin with a whole binary frame, and it with a packet. */
export function beginsWebSocket(bytes: Uint8Array): boolean {
  const frame = frameHeader(bytes);
  if (frame === undefined || frame.opcode !== OPCODE.binary || !isSound(frame) || frame.reserved !== 0)
    return false;
  const payload = bytes.subarray(frame.size, frame.size + frame.length);
  if (payload.length < frame.length) return false;
  return findPacket(frame.key === undefined ? payload : unmask(payload, frame.key, 0), false) !== undefined;
}
