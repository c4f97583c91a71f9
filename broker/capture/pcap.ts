// The older capture format: a header of 24 bytes, then one record per frame. Knows its four magic numbers, which tell the byte
// order and the unit of time. Source: draft-ietf-opsawg-pcap.
import { type ByteQueue, viewOf } from './bytes.ts';
import { BrokenFile, type FileItem, type Format, LARGEST_PIECE } from './format.ts';

interface Kind {
  isLittle: boolean;
  /** Nanoseconds that a step of the second half of a time stamp stands for. */
  step: bigint;
}

const KINDS: Readonly<Record<string, Kind>> = {
  a1b2c3d4: { isLittle: false, step: 1000n },
  d4c3b2a1: { isLittle: true, step: 1000n },
  a1b23c4d: { isLittle: false, step: 1n },
  '4d3cb2a1': { isLittle: true, step: 1n },
};

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const MAJOR = 2;
const NANOSECONDS = 1_000_000_000n;

/** A reader for a file that begins with these four bytes, in hex, or undefined where they are no pcap. */
export function openPcap(magic: string): Format | undefined {
  const kind = KINDS[magic];
  return kind && new Pcap(kind);
}

class Pcap implements Format {
  readonly #kind: Kind;
  /** Known once the header of the file is read. */
  #linkType: number | undefined;
  #frames = 0;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  needs(queue: ByteQueue, offset: number): number {
    if (this.#linkType === undefined) return FILE_HEADER;
    const header = queue.peek(RECORD_HEADER);
    if (header === undefined) return RECORD_HEADER;
    const captured = viewOf(header).getUint32(8, this.#kind.isLittle);
    if (captured > LARGEST_PIECE) throw new BrokenFile('frameLength', offset + 8, { length: captured });
    return RECORD_HEADER + captured;
  }

  read(piece: Uint8Array, offset: number): FileItem | undefined {
    const view = viewOf(piece);
    const { isLittle, step } = this.#kind;
    if (this.#linkType === undefined) {
      const major = view.getUint16(4, isLittle);
      if (major !== MAJOR)
        throw new BrokenFile('version', offset + 4, { major, minor: view.getUint16(6, isLittle) });
      // The upper bits tell of a checksum behind each frame.
      this.#linkType = view.getUint32(20, isLittle) & 0xffff;
      return undefined;
    }
    return {
      kind: 'frame',
      number: ++this.#frames,
      time: BigInt(view.getUint32(0, isLittle)) * NANOSECONDS + BigInt(view.getUint32(4, isLittle)) * step,
      linkType: this.#linkType,
      bytes: piece.subarray(RECORD_HEADER),
      length: view.getUint32(12, isLittle),
      offset: offset + RECORD_HEADER,
    };
  }
}
