// What the viewer shows and what becomes of it when the reader acts: a file is opened, the list filtered, a packet picked. It
// asks whoever keeps the capture, and knows neither worker nor screen.
import type { Progress } from '../../../broker/capture/index.ts';
import type { Answers, Listing, Opened, Request, Told } from './desk.ts';
import type { Row, Summary } from './open-capture.ts';

/** Whoever keeps the capture. */
export interface Keeper {
  onProgress: ((progress: Progress) => void) | undefined;
  ask<Do extends Request['do']>(request: Request & { do: Do }): Promise<Answers[Do]>;
  /** Lets go of everything; what is being read is read no further. */
  end(): void;
}

/** A capture that the site has. */
export interface Example {
  /** Its file's name. */
  name: string;
  url: string;
  /** Where its key log is, if it has one. */
  keyLog?: string | undefined;
}

/** What the server has drawn already. */
export interface First {
  read: Answers['read'];
  opened: Opened | undefined;
}

export interface Shown {
  name: string;
  summary: Summary;
  /** How many rows the list has, and the first of them. */
  count: number;
  rows: readonly Row[];
  /** What is typed into the filter line, and what is wrong with it. */
  filter: string;
  fault: Told | undefined;
  opened: Opened | undefined;
  /** How many secrets were given to open TLS with. */
  secrets: number;
  reading: { name: string; size: number; progress: Progress } | undefined;
  /** Why nothing could be read: the file is no capture, or something failed. */
  trouble: { name: string; text: string; offset?: number } | undefined;
}

/** Rows are asked for in pieces of so many. */
const PIECE = 100;

/** A key log is not longer. */
const LONGEST_KEY_LOG = 16 * 1024 * 1024;
const KEY_LOG = /^(?:\s*(?:#.*)?\r?\n)*\s*[A-Z0-9_]+ [0-9a-f]{64} [0-9a-f]+/i;

export class Viewer {
  shown: Shown;
  /** Ports at which MQTT is spoken besides the usual ones. */
  ports: readonly number[] = [];
  readonly #hire: () => Keeper;
  readonly #watchers = new Set<() => void>();
  #source: Blob | Example;
  #keyLogs: readonly string[] = [];
  /** Who reads or has read; and the same one once it answers questions. */
  #hired: Keeper | undefined;
  #ready: Promise<Keeper> | undefined;
  /** The rows that have come, by piece, and the pieces that were asked for. */
  #rows = new Map<number, readonly Row[]>();
  #asked = new Set<number>();
  /** The packet that was asked for last. */
  #opening = 0;

  /** @param hire gives somebody to keep a capture */
  constructor(first: First, example: Example, filter: string, hire: () => Keeper) {
    const { summary, listing, secrets } = first.read;
    this.#source = example;
    this.#hire = hire;
    this.#rows.set(0, listing.rows);
    this.shown = {
      name: example.name,
      summary,
      count: listing.count,
      rows: listing.rows,
      filter,
      fault: undefined,
      opened: first.opened,
      secrets,
      reading: undefined,
      trouble: undefined,
    };
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** A row of the list, if it has come; asks for it if not. */
  row(place: number): Row | undefined {
    const piece = Math.floor(place / PIECE);
    const rows = this.#rows.get(piece);
    if (rows === undefined) this.#askRows(piece);
    return rows?.[place - piece * PIECE];
  }

  /** Opens a file: a capture, or a key log for the capture that is open. */
  async read(file: File): Promise<void> {
    if (file.size <= LONGEST_KEY_LOG && KEY_LOG.test(await file.slice(0, 65_536).text()))
      return this.#readAnew([...this.#keyLogs, await file.text()]);
    await this.#readFrom(file, file.name, '', []);
  }

  readExample(example: Example): Promise<void> {
    return this.#readFrom(example, example.name, '', []);
  }

  setPorts(ports: readonly number[]): Promise<void> {
    this.ports = ports;
    return this.#readAnew(this.#keyLogs);
  }

  /** Leaves what is being read; what was shown before stays. */
  cancel(): void {
    this.end();
    this.#change({ reading: undefined });
  }

  filter(text: string): Promise<void> {
    this.#change({ filter: text });
    return this.#attempt(async (keeper) => {
      const answer = await keeper.ask({ do: 'filter', filter: text });
      if (answer === undefined || this.shown.filter !== text) return;
      if ('fault' in answer) return this.#change({ fault: answer.fault });
      this.#list(answer.listing);
      this.#change({ fault: undefined });
      const { opened } = this.shown;
      if (opened !== undefined) await this.open(opened.packet.number);
    });
  }

  /** Opens a packet by its number. */
  open(number: number): Promise<void> {
    const turn = ++this.#opening;
    return this.#attempt(async (keeper) => {
      const opened = await keeper.ask({ do: 'open', number });
      if (turn === this.#opening) this.#change({ opened });
    });
  }

  /** Opens the packet at a place of the list, or the one next to it that there is. */
  openPlace(place: number): Promise<void> {
    const wanted = Math.min(Math.max(place, 0), this.shown.count - 1);
    const known = this.#rows.get(Math.floor(wanted / PIECE))?.[wanted % PIECE];
    if (wanted < 0) return Promise.resolve();
    if (known !== undefined) return this.open(known.number);
    return this.#attempt(async (keeper) => {
      const [row] = await keeper.ask({ do: 'rows', from: wanted, to: wanted + 1 });
      if (row !== undefined) await this.open(row.number);
    });
  }

  /** The packets of the list, as a pcapng file. */
  save(take: (file: Uint8Array<ArrayBuffer>) => void): Promise<void> {
    return this.#attempt(async (keeper) => take(await keeper.ask({ do: 'save' })));
  }

  /** Lets go of the capture. */
  end(): void {
    this.#hired?.end();
    this.#hired = undefined;
    this.#ready = undefined;
  }

  /** Until the reader does something, nobody keeps the capture that the server drew. */
  async #attempt(act: (keeper: Keeper) => Promise<void> | void): Promise<void> {
    try {
      this.#ready ??= this.#give(this.#engage(), this.#source, this.shown.filter).then(
        ({ keeper }) => keeper,
      );
      await act(await this.#ready);
    } catch (error) {
      this.end();
      this.#change({ trouble: { name: this.shown.name, text: String(error) } });
    }
  }

  #engage(): Keeper {
    this.end();
    this.#hired = this.#hire();
    return this.#hired;
  }

  async #readAnew(keyLogs: readonly string[]): Promise<void> {
    const { name, filter } = this.shown;
    await this.#readFrom(this.#source, name, filter, keyLogs);
  }

  async #readFrom(
    source: Blob | Example,
    name: string,
    filter: string,
    keyLogs: readonly string[],
  ): Promise<void> {
    const keeper = this.#engage();
    const size = source instanceof Blob ? source.size : 0;
    const report = (progress: Progress) => this.#change({ reading: { name, size, progress } });
    report({ bytes: 0, frames: 0, packets: 0 });
    keeper.onProgress = report;
    try {
      const { read } = await this.#give(keeper, source, filter, keyLogs);
      if (keeper !== this.#hired) return;
      keeper.onProgress = undefined;
      this.#take(read, keeper, { source, name, filter, keyLogs });
    } catch (error) {
      // Whoever was sent away meanwhile has nothing more to say.
      if (keeper !== this.#hired) return;
      this.end();
      this.#change({ reading: undefined, trouble: { name, text: String(error) } });
    }
  }

  #take(
    { summary, listing, secrets }: Answers['read'],
    keeper: Keeper,
    { source, name, filter, keyLogs }: Taken,
  ): void {
    if (summary.fault !== undefined && summary.frames === 0) {
      this.end();
      return this.#change({
        reading: undefined,
        trouble: { name, text: summary.fault.message, offset: summary.fault.offset },
      });
    }
    this.#ready = Promise.resolve(keeper);
    this.#source = source;
    this.#keyLogs = keyLogs;
    this.#list(listing);
    const fresh = { fault: undefined, opened: undefined, reading: undefined, trouble: undefined };
    this.#change({ name, summary, filter, secrets, ...fresh });
    void this.openPlace(0);
  }

  async #give(
    keeper: Keeper,
    source: Blob | Example,
    filter: string,
    keyLogs: readonly string[] = this.#keyLogs,
  ): Promise<{ keeper: Keeper; read: Answers['read'] }> {
    const file = source instanceof Blob ? source : await fetched(source.url);
    const isOpen = source instanceof Blob || source.keyLog === undefined;
    const own = isOpen ? [] : [await (await fetched(source.keyLog as string)).text()];
    const { ports } = this;
    const read = await keeper.ask({ do: 'read', file, keyLogs: [...own, ...keyLogs], ports, filter });
    return { keeper, read };
  }

  #askRows(piece: number): void {
    if (this.#asked.has(piece)) return;
    this.#asked.add(piece);
    const asked = this.#asked;
    void this.#attempt(async (keeper) => {
      const rows = await keeper.ask({ do: 'rows', from: piece * PIECE, to: (piece + 1) * PIECE });
      // Another list may have come meanwhile.
      if (asked !== this.#asked) return;
      this.#rows.set(piece, rows);
      this.#change({});
    });
  }

  #list({ count, rows }: Listing): void {
    this.#rows = new Map([[0, rows]]);
    this.#asked = new Set();
    this.#change({ count, rows });
  }

  #change(change: Partial<Shown>): void {
    this.shown = { ...this.shown, ...change };
    for (const watcher of this.#watchers) watcher();
  }
}

/** What is read, and how. */
interface Taken {
  source: Blob | Example;
  name: string;
  filter: string;
  keyLogs: readonly string[];
}

async function fetched(url: string): Promise<Blob> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return response.blob();
}
