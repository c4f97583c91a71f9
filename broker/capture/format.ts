// What the readers of the two capture formats share: what they find, how they are called, and everything that can be wrong
// with a file, as one table. Knows no format.
import type { ByteQueue } from './bytes.ts';

/** A frame as the capture holds it. */
export interface Frame {
  kind: 'frame';
  /** From 1, as Wireshark counts. */
  number: number;
  /** Nanoseconds since 1970; undefined where the file does not say. */
  time: bigint | undefined;
  linkType: number;
  /** What was captured of it: a view that holds only until the next chunk is pushed. */
  bytes: Uint8Array;
  /** How long it was on the wire. */
  length: number;
  /** Where in the file `bytes` begin. */
  offset: number;
}

/** Something that a file holds. Secrets are text in the key log format of NSS. */
export type FileItem = Frame | { kind: 'secrets'; text: string };

interface FileFaultRow {
  /** `{name}` stands for a value of that name. */
  text: string;
}

/** Everything that can be wrong with a file. */
// biome-ignore format: a table, a row to each line
export const FILE_FAULTS = {
  empty: { text: 'The file is empty.' },
  notCapture: { text: 'This is neither pcap nor pcapng: it begins with {bytes}.' },
  compressed: { text: 'The file is compressed with {program}; unpack it first.' },
  version: { text: 'Version {major}.{minor} of the format is not known.' },
  breaksOff: { text: 'The file breaks off: {needed} bytes belong here, and {left} are there.' },
  byteOrder: { text: 'The byte order of the section cannot be told from {magic}.' },
  blockLength: { text: 'A block cannot have {length} bytes.' },
  blockEnd: { text: 'A block of {length} bytes says at its end that it has {end}.' },
  frameLength: { text: 'A frame cannot have {length} bytes.' },
  frameOutside: { text: 'A frame of {length} bytes does not fit into its block.' },
  interfaceUnknown: { text: 'A frame is of interface {interface}, which no block describes.' },
} as const satisfies Record<string, FileFaultRow>;

export type FileFaultId = keyof typeof FILE_FAULTS;

/** Why a file cannot be read on, and where. */
export interface FileFault {
  id: FileFaultId;
  /** The byte of the file at which it shows. */
  offset: number;
  values: Readonly<Record<string, string | number>>;
  message: string;
}

/** Thrown by the readers of the formats, and caught by `CaptureFile`. */
export class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  readonly fault: FileFault;

  constructor(id: FileFaultId, offset: number, values: FileFault['values'] = {}) {
    const row: FileFaultRow = FILE_FAULTS[id];
    const message = row.text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
    super(message);
    this.fault = { id, offset, values, message };
  }
}

/** How one format is read on. */
export interface Format {
  /** How many bytes the next piece of the file needs, so far as `queue` tells. */
  needs(queue: ByteQueue, offset: number): number;
  /** Takes the next piece, for which there are bytes enough. */
  read(piece: Uint8Array, offset: number): FileItem | undefined;
}

/** Larger pieces are taken for a broken length field. */
export const LARGEST_PIECE = 64 * 1024 * 1024;
