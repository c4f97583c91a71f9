// The viewer's worker, but for the worker: it takes requests and answers them, and keeps the capture. Knows what may be asked;
// nothing of how messages travel, so that tests can ask as well.
import { type Progress, readCapture, Secrets, webCrypto } from '../../../broker/capture/index.ts';
import { FilterFault, type FilterFaultId } from './filter.ts';
import { type Around, layersAround } from './layers.ts';
import { type DrawnTalk, OpenCapture, type OpenPacket, type Row, type Summary } from './open-capture.ts';
import { saved } from './saved.ts';

/** What may be asked. A file comes first. */
export type Request =
  | { do: 'read'; file: Blob; keyLogs: readonly string[]; ports: readonly number[]; filter: string }
  | { do: 'filter'; filter: string }
  /** Rows of the list as it is filtered, by their place in it. */
  | { do: 'rows'; from: number; to: number }
  | { do: 'open'; number: number }
  | { do: 'save' };

/** The list, and its first rows. */
export interface Listing {
  /** How many packets are in it. */
  count: number;
  rows: Row[];
}

export interface Opened {
  packet: OpenPacket;
  around: Around | undefined;
  drawn: DrawnTalk | undefined;
  /** Its place in the list; -1 where the filter leaves it out. */
  place: number;
}

export interface Told {
  id: FilterFaultId;
  start: number;
  end: number;
  found: string;
  known: readonly string[];
}

/** What a request is answered with. */
export interface Answers {
  read: { summary: Summary; listing: Listing; secrets: number };
  /** Undefined where a newer filter has come. */
  filter: { listing: Listing } | { fault: Told } | undefined;
  rows: Row[];
  open: Opened | undefined;
  save: Uint8Array<ArrayBuffer>;
}

/** Rows that go with a listing. */
const FIRST_ROWS = 100;

/** A file is read in pieces of so many bytes. */
const PIECE = 1024 * 1024;

/** Of a frame, as much is looked at for its headers. */
const LONGEST_FRAME = 65_536;

export class Desk {
  readonly #tell: (progress: Progress) => void;
  readonly #pause: () => Promise<void>;
  #file = new Blob();
  #capture: OpenCapture | undefined;
  #shown: Uint32Array = new Uint32Array(0);
  #filters = 0;

  /**
   * @param tell is told how far reading has come
   * @param pause lets other requests come in
   */
  constructor(tell: (progress: Progress) => void, pause: () => Promise<void>) {
    this.#tell = tell;
    this.#pause = pause;
  }

  async take<Do extends Request['do']>(request: Request & { do: Do }): Promise<Answers[Do]>;
  async take(request: Request): Promise<Answers[Request['do']]> {
    switch (request.do) {
      case 'read':
        return this.#read(request);
      case 'filter':
        return this.#filter(request.filter);
      case 'rows':
        return this.#open.rows(this.#shown.subarray(request.from, request.to));
      case 'open':
        return this.#openPacket(request.number);
      case 'save':
        return this.#save();
      default:
        return request satisfies never;
    }
  }

  get #open(): OpenCapture {
    if (this.#capture === undefined) throw new Error('No file has been read');
    return this.#capture;
  }

  async #read({ file, keyLogs, ports, filter }: Request & { do: 'read' }): Promise<Answers['read']> {
    const secrets = new Secrets();
    for (const keyLog of keyLogs) secrets.add(keyLog);
    const subtle = globalThis.crypto?.subtle;
    const options = { secrets, ports, ...(subtle && { crypto: webCrypto(subtle) }) };
    const contents = await readCapture(() => pieces(file), options, this.#tell);
    this.#file = file;
    this.#capture = new OpenCapture(contents);
    const filtered = await this.#filter(filter);
    const listing = filtered && 'listing' in filtered ? filtered.listing : await this.#everything();
    return { summary: this.#capture.summary(), listing, secrets: secrets.size };
  }

  async #everything(): Promise<Listing> {
    const { listing } = (await this.#filter('')) as { listing: Listing };
    return listing;
  }

  async #filter(text: string): Promise<Answers['filter']> {
    const turn = ++this.#filters;
    try {
      const going = this.#open.filter(text);
      for (;;) {
        const { value, done } = going.next();
        if (done) {
          this.#shown = value;
          return { listing: this.#listing() };
        }
        await this.#pause();
        if (turn !== this.#filters) return undefined;
      }
    } catch (error) {
      if (!(error instanceof FilterFault)) throw error;
      const { id, start, end, found, known } = error;
      return { fault: { id, start, end, found, known } };
    }
  }

  #listing(): Listing {
    return { count: this.#shown.length, rows: this.#open.rows(this.#shown.subarray(0, FIRST_ROWS)) };
  }

  async #openPacket(number: number): Promise<Opened | undefined> {
    const packet = this.#open.open(number);
    if (packet === undefined) return undefined;
    return {
      packet,
      around: await this.#around(number),
      drawn: this.#open.drawn(number),
      place: this.#shown.indexOf(number),
    };
  }

  async #around(number: number): Promise<Around | undefined> {
    const { packets, conversations } = this.#open.contents;
    const packet = packets[number - 1];
    const talk = conversations.find(({ stream }) => stream === packet?.stream);
    if (packet === undefined || talk === undefined) return undefined;
    const { offset, length, linkType } = packet.place;
    const frame = this.#file.slice(offset, offset + Math.min(length, LONGEST_FRAME));
    return layersAround(new Uint8Array(await frame.arrayBuffer()), linkType, talk.wrappings);
  }

  #save(): Uint8Array<ArrayBuffer> {
    const shown = new Set(this.#shown);
    return new Uint8Array(saved(this.#open.contents, ({ number }) => shown.has(number)));
  }
}

async function* pieces(file: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += PIECE)
    yield new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
}
