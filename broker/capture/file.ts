// A capture file as it comes in, chunk by chunk: what kind it is, its frames, its secrets, and where it is broken. Knows what
// the two formats share; each of them has a file of its own.
import { ByteQueue, hexText } from './bytes.ts';
import { BrokenFile, type FileFault, type FileItem, type Format } from './format.ts';
import { openPcap } from './pcap.ts';
import { openPcapng } from './pcapng.ts';

const COMPRESSIONS = [
  { magic: '1f8b', program: 'gzip' },
  { magic: '28b52ffd', program: 'zstd' },
  { magic: '04224d18', program: 'lz4' },
] as const;

export class CaptureFile {
  /** There once the file cannot be read on. */
  fault: FileFault | undefined;
  readonly #queue = new ByteQueue();
  #format: Format | undefined;
  /** Where in the file the queue begins. */
  #offset = 0;

  /**
   * Takes the next bytes of the file, cut anywhere.
   * @returns what they complete, one by one; nothing more once the file is broken
   */
  *push(chunk: Uint8Array): Generator<FileItem, void, void> {
    if (this.fault !== undefined) return;
    // A Buffer of Node's is taken for what it is besides: its own `slice` would not copy.
    this.#queue.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    try {
      yield* this.#pieces();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Says that the file ends here, which is a fault in the midst of something. */
  end(): void {
    if (this.fault !== undefined) return;
    const { length } = this.#queue;
    const isEmpty = this.#format === undefined && length === 0;
    try {
      if (isEmpty) throw new BrokenFile('empty', 0);
      if (this.#format === undefined)
        throw new BrokenFile('notCapture', 0, { bytes: this.#beginning(length) });
      if (length > 0)
        throw new BrokenFile('breaksOff', this.#offset, {
          needed: this.#format.needs(this.#queue, this.#offset),
          left: length,
        });
    } catch (error) {
      this.#fail(error);
    }
  }

  *#pieces(): Generator<FileItem, void, void> {
    this.#format ??= this.#recognise();
    while (this.#format !== undefined) {
      const count = this.#format.needs(this.#queue, this.#offset);
      if (count > this.#queue.length) return;
      const item = this.#format.read(this.#queue.take(count), this.#offset);
      this.#offset += count;
      if (item !== undefined) yield item;
    }
  }

  #recognise(): Format | undefined {
    const magic = this.#queue.peek(4);
    if (magic === undefined) return undefined;
    const hex = hexText(magic);
    const compression = COMPRESSIONS.find((row) => hex.startsWith(row.magic));
    if (compression !== undefined) throw new BrokenFile('compressed', 0, { program: compression.program });
    const format = openPcap(hex) ?? openPcapng(hex);
    if (format === undefined) throw new BrokenFile('notCapture', 0, { bytes: this.#beginning(4) });
    return format;
  }

  #beginning(count: number): string {
    return hexText(this.#queue.peek(count) as Uint8Array).replace(/..(?=.)/g, '$& ');
  }

  #fail(error: unknown): void {
    if (!(error instanceof BrokenFile)) throw error;
    this.fault = error.fault;
  }
}
