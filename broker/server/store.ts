// Writes the books of a broker into a store, one batch at a time: what changes while a batch is being written makes up the next
// one. Knows no particular store: on a machine it is LevelDB, in a page IndexedDB, in tests a map.
import type { Broker } from './broker.ts';
import type { Journal } from './journal.ts';
import { Ledger, type LedgerHost } from './ledger.ts';

/** What one record is to become. */
export type Operation = { type: 'put'; key: string; value: Uint8Array } | { type: 'del'; key: string };

/** What a store has to offer; `abstract-level` names it so. Its keys are text, its values bytes. */
export interface Level {
  /** Writes all or nothing, and resolves when it would outlast a loss of power. */
  batch(operations: Operation[]): Promise<void>;
  /** All records. */
  iterator(): AsyncIterable<readonly [key: string, value: Uint8Array]>;
  close(): Promise<void>;
}

export class Store {
  readonly #level: Level;
  readonly #ledger: Ledger;
  #pending = new Map<string, Uint8Array | undefined>();
  /** The batch that is being written. Where one could not be written, it stays that one. */
  #writing: Promise<void> | undefined;
  /** The batch that follows it. */
  #next: Promise<void> | undefined;
  #isClosed = false;

  constructor(level: Level, host: Partial<LedgerHost> = {}) {
    this.#level = level;
    this.#ledger = new Ledger(host);
  }

  /** What the broker has to be given that this is the store of. */
  get journal(): Journal {
    return this.#ledger;
  }

  /**
   * Reads what is there, once.
   * @returns what lets a broker begin with it; the broker has to have been told the time
   * @throws DamagedRecord, now or then, if it is not what was written
   */
  async read(): Promise<(broker: Broker) => void> {
    const records: (readonly [string, Uint8Array])[] = [];
    for await (const record of this.#level.iterator()) records.push(record);
    return (broker) => this.#ledger.restore(broker, records);
  }

  /**
   * Begins to write what has changed. To be called at the end of each turn.
   * @returns what has to be waited for before anybody is told of anything: undefined when all is written; otherwise it resolves
   *   when that is so, and rejects once something cannot be written, from then on every time
   */
  commit(): Promise<void> | undefined {
    if (this.#isClosed) return undefined;
    for (const [key, value] of this.#ledger.take()) this.#pending.set(key, value);
    if (this.#pending.size === 0) return this.#writing;
    if (this.#writing === undefined) return this.#write();
    this.#next ??= this.#writing.then(() => this.#write());
    return this.#next;
  }

  /** Ends it; what has changed by now is written before, and nothing that changes from now on. */
  async close(): Promise<void> {
    const last = this.commit();
    this.#isClosed = true;
    try {
      await last;
    } finally {
      await this.#level.close();
    }
  }

  #write(): Promise<void> {
    const operations = [...this.#pending].map(([key, value]): Operation => {
      return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
    });
    this.#pending = new Map();
    this.#next = undefined;
    this.#writing = this.#level.batch(operations).then(() => {
      if (this.#next === undefined) this.#writing = undefined; // else that one begins at once
    });
    return this.#writing;
  }
}
