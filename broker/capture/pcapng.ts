// The newer capture format: blocks that say their own type and length, in sections that each have a byte order and a list of
// interfaces. Knows the blocks that carry frames and secrets, and passes over the others. Source: draft-ietf-opsawg-pcapng.
import { asciiText, type ByteQueue, viewOf } from './bytes.ts';
import { BrokenFile, type FileItem, type Format, type Frame, LARGEST_PIECE } from './format.ts';

/** Block types (section 10.1). */
export const BLOCKS = {
  sectionHeader: 0x0a0d0d0a,
  interfaceDescription: 1,
  /** Obsolete, and still found. */
  packet: 2,
  simplePacket: 3,
  enhancedPacket: 6,
  decryptionSecrets: 10,
} as const;

/** Reads the same in one byte order only. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** A block's type and length, and its length again at the end. */
const FRAMING = 12;
const MAJOR = 1;

/** TLS key log text, as the type of secrets. */
export const TLS_KEY_LOG = 0x544c534b;

const OPTIONS = { end: 0, resolution: 9, offset: 14 } as const;

const NANOSECONDS = 1_000_000_000n;

interface Interface {
  linkType: number;
  snapLength: number;
  /** Steps of its clock in one second. */
  steps: bigint;
  /** Nanoseconds to add to each of its times. */
  offset: bigint;
}

/** A reader for a file that begins with these four bytes, in hex, or undefined where they are no pcapng. */
export function openPcapng(magic: string): Format | undefined {
  return magic === '0a0d0d0a' ? new Pcapng() : undefined;
}

class Pcapng implements Format {
  #isLittle = true;
  #interfaces: Interface[] = [];
  #frames = 0;

  needs(queue: ByteQueue, offset: number): number {
    const start = queue.peek(FRAMING);
    if (start === undefined) return FRAMING;
    const view = viewOf(start);
    if (view.getUint32(0) === BLOCKS.sectionHeader) this.#isLittle = isLittleEndian(view, offset);
    const length = view.getUint32(4, this.#isLittle);
    if (length < FRAMING || length % 4 !== 0 || length > LARGEST_PIECE)
      throw new BrokenFile('blockLength', offset + 4, { length });
    return length;
  }

  read(piece: Uint8Array, offset: number): FileItem | undefined {
    const view = viewOf(piece);
    const end = view.getUint32(piece.length - 4, this.#isLittle);
    if (end !== piece.length) throw new BrokenFile('blockEnd', offset, { length: piece.length, end });
    const body = piece.subarray(8, piece.length - 4);
    try {
      return this.#readBlock(view.getUint32(0, this.#isLittle), body, offset + 8);
    } catch (error) {
      // A DataView says so where a block is too short for its own fields.
      if (error instanceof RangeError)
        throw new BrokenFile('blockLength', offset + 4, { length: piece.length });
      throw error;
    }
  }

  #readBlock(type: number, body: Uint8Array, offset: number): FileItem | undefined {
    const view = viewOf(body);
    switch (type) {
      case BLOCKS.sectionHeader:
        return this.#readSection(view, offset);
      case BLOCKS.interfaceDescription:
        this.#interfaces.push(this.#readInterface(body, view));
        return undefined;
      case BLOCKS.enhancedPacket:
        return this.#readPacket(body, view, offset, view.getUint32(0, this.#isLittle));
      case BLOCKS.packet:
        return this.#readPacket(body, view, offset, view.getUint16(0, this.#isLittle));
      case BLOCKS.simplePacket:
        return this.#readSimplePacket(body, view, offset);
      case BLOCKS.decryptionSecrets:
        return this.#readSecrets(body, view, offset);
      default:
        return undefined;
    }
  }

  /** Interfaces are numbered anew in each section. */
  #readSection(view: DataView, offset: number): undefined {
    const major = view.getUint16(4, this.#isLittle);
    if (major !== MAJOR)
      throw new BrokenFile('version', offset + 4, { major, minor: view.getUint16(6, this.#isLittle) });
    this.#interfaces = [];
  }

  #readInterface(body: Uint8Array, view: DataView): Interface {
    const found: Interface = {
      linkType: view.getUint16(0, this.#isLittle),
      snapLength: view.getUint32(4, this.#isLittle),
      steps: 1_000_000n,
      offset: 0n,
    };
    for (const { code, value } of this.#options(body, 8)) {
      if (code === OPTIONS.resolution && value.length >= 1) found.steps = resolution(value[0] as number);
      if (code === OPTIONS.offset && value.length >= 8)
        found.offset = viewOf(value).getBigInt64(0, this.#isLittle) * NANOSECONDS;
    }
    return found;
  }

  #readPacket(body: Uint8Array, view: DataView, offset: number, index: number): Frame {
    const from = this.#interface(index, offset);
    const time =
      (BigInt(view.getUint32(4, this.#isLittle)) << 32n) | BigInt(view.getUint32(8, this.#isLittle));
    const captured = view.getUint32(12, this.#isLittle);
    return {
      kind: 'frame',
      number: ++this.#frames,
      time: (time * NANOSECONDS) / from.steps + from.offset,
      linkType: from.linkType,
      bytes: frameBytes(body, 20, captured, offset + 12),
      length: view.getUint32(16, this.#isLittle),
      offset: offset + 20,
    };
  }

  /** Has no time, and no length of its own where the frame was cut. */
  #readSimplePacket(body: Uint8Array, view: DataView, offset: number): Frame {
    const { linkType, snapLength } = this.#interface(0, offset);
    const length = view.getUint32(0, this.#isLittle);
    const captured = snapLength === 0 ? length : Math.min(length, snapLength);
    const bytes = frameBytes(body, 4, captured, offset);
    return {
      kind: 'frame',
      number: ++this.#frames,
      time: undefined,
      linkType,
      bytes,
      length,
      offset: offset + 4,
    };
  }

  #readSecrets(body: Uint8Array, view: DataView, offset: number): FileItem | undefined {
    const length = view.getUint32(4, this.#isLittle);
    if (view.getUint32(0, this.#isLittle) !== TLS_KEY_LOG) return undefined;
    return { kind: 'secrets', text: asciiText(frameBytes(body, 8, length, offset + 4)) };
  }

  #interface(index: number, offset: number): Interface {
    const found = this.#interfaces[index];
    if (found === undefined) throw new BrokenFile('interfaceUnknown', offset, { interface: index });
    return found;
  }

  *#options(body: Uint8Array, start: number): Generator<{ code: number; value: Uint8Array }, void, void> {
    const view = viewOf(body);
    for (let at = start; at + 4 <= body.length; ) {
      const code = view.getUint16(at, this.#isLittle);
      const length = view.getUint16(at + 2, this.#isLittle);
      if (code === OPTIONS.end) return;
      yield { code, value: body.subarray(at + 4, at + 4 + length) };
      at += 4 + padded(length);
    }
  }
}

/** @throws BrokenFile where a section begins whose byte order is neither */
function isLittleEndian(view: DataView, offset: number): boolean {
  if (view.getUint32(8, true) === BYTE_ORDER_MAGIC) return true;
  const magic = view.getUint32(8);
  if (magic !== BYTE_ORDER_MAGIC)
    throw new BrokenFile('byteOrder', offset + 8, { magic: `0x${magic.toString(16).padStart(8, '0')}` });
  return false;
}

function frameBytes(body: Uint8Array, start: number, length: number, offset: number): Uint8Array {
  if (start + length > body.length) throw new BrokenFile('frameOutside', offset, { length });
  return body.subarray(start, start + length);
}

/** The highest bit tells whether the others are a power of 2 or of 10. */
function resolution(option: number): bigint {
  return (option & 0x80 ? 2n : 10n) ** BigInt(option & 0x7f);
}

/** Values fill up to a multiple of four bytes. */
export function padded(length: number): number {
  return (length + 3) & ~3;
}
