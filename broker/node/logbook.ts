// Where a log goes and how its lines begin: Mosquitto's log_dest, log_type and log_timestamp. Knows nothing of what the lines say.
import { closeSync, openSync, writeSync } from 'node:fs';
import { strftime } from '../client/tools/strftime.ts';
import type { LogDestinations } from './config/kinds.ts';
import type { LogType } from './config/options.ts';

export interface LogbookSettings {
  readonly destinations: LogDestinations;
  /** The types of lines that are written. */
  readonly types: readonly LogType[];
  readonly hasTimestamp: boolean;
  /** As strftime takes it; seconds since 1970 without it. */
  readonly format?: string | undefined;
}

/** Where below $SYS/broker/log lines of a type are published; others are not. */
const TOPICS: Readonly<Partial<Record<LogType, string>>> = {
  error: 'E',
  warning: 'W',
  notice: 'N',
  information: 'I',
  subscribe: 'M/subscribe',
  unsubscribe: 'M/unsubscribe',
};

/** A log file that cannot be written. The message is Mosquitto's. */
export class LogbookError extends Error {
  override readonly name = 'LogbookError';
}

export class Logbook {
  #settings: LogbookSettings;
  #file: number | undefined;
  /** Publishes a line for the destination `topic`; nobody hears of it while there is no broker. */
  publish: (topic: string, text: string) => void = () => {};

  /** @throws LogbookError if the file cannot be written */
  constructor(settings: LogbookSettings) {
    this.#settings = settings;
    this.#file = open(settings);
  }

  get types(): readonly LogType[] {
    return this.#settings.types;
  }

  /** Goes on in other places, or in the same after somebody moved the file away. What cannot be opened changes nothing. */
  reopen(settings: LogbookSettings): void {
    const file = open(settings);
    this.close();
    this.#settings = settings;
    this.#file = file;
  }

  /**
   * Writes a line, if lines of its type are written.
   * @param at milliseconds since 1970
   */
  write(type: LogType, text: string, at: number = Date.now()): void {
    const { types, destinations } = this.#settings;
    if (!types.includes(type)) return;
    const topic = TOPICS[type];
    if (destinations.streams.includes('topic') && topic) this.publish(`$SYS/broker/log/${topic}`, text);
    const line = `${this.#stamp(at)}${text}\n`;
    if (destinations.streams.includes('stdout')) process.stdout.write(line);
    if (destinations.streams.includes('stderr')) process.stderr.write(line);
    if (this.#file !== undefined) writeSync(this.#file, line);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #stamp(at: number): string {
    const { hasTimestamp, format = '%s' } = this.#settings;
    return hasTimestamp ? `${strftime(format, new Date(at))}: ` : '';
  }
}

function open({ destinations: { file } }: LogbookSettings): number | undefined {
  try {
    return file === undefined ? undefined : openSync(file, 'a', 0o600);
  } catch {
    throw new LogbookError(`Error: Unable to open log file ${file} for writing.`);
  }
}
