// mosquitto_pub, mosquitto_sub and mosquitto_rr on this machine: its sockets, its files, its terminal. Knows what the originals
// say when a connection cannot be opened; all else is the tools'.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { type Party, type Target, type Tool, type ToolHost, Unreachable } from '../client/tools/host.ts';
import { TlsFileMissing } from './clientTls.ts';
import { systemClock } from './clock.ts';
import { dial } from './dial.ts';
import { Host } from './host.ts';

/** What strerror says of the errors that connecting can end in. */
const ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  ENOENT: 'No such file or directory',
  ETIMEDOUT: 'Connection timed out',
};

/** How a user ends a program. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Where a tool reads, prints and complains. */
export interface Streams {
  input: AsyncIterable<Uint8Array>;
  output: Writable;
  complaints: Writable;
}

type Run = (words: readonly string[], host: ToolHost) => Promise<number>;

/** Runs a tool as the command that this process is, and sets the exit code. */
export async function command(tool: Run): Promise<void> {
  const { stdin: input, stdout: output, stderr: complaints } = process;
  process.exitCode = await runHere(tool, process.argv.slice(2), { input, output, complaints });
  input.destroy();
}

/**
 * Runs a tool on this machine, until its connection is gone.
 * @param words its command line, without its name
 * @returns the exit code
 */
export async function runHere(tool: Run, words: readonly string[], streams: Streams): Promise<number> {
  const machine = new Machine(streams);
  const exitCode = await tool(words, machine);
  await machine.close();
  return exitCode;
}

class Machine implements ToolHost {
  readonly offers: ToolHost['offers'] = new Set(['network', 'files', 'tls']);
  readonly processId: number = process.pid;
  readonly #streams: Streams;
  #host: Host | undefined;
  #stop: (() => void) | undefined;

  constructor(streams: Streams) {
    this.#streams = streams;
    // Whoever read the output may have had enough.
    streams.output.on('error', () => this.#stop?.());
  }

  now(): number {
    return systemClock.now();
  }

  random(): number {
    return Math.random();
  }

  print(bytes: Uint8Array): void {
    this.#streams.output.write(bytes);
  }

  complain(text: string): void {
    this.#streams.complaints.write(text);
  }

  defaults(tool: Tool): string | undefined {
    const folder = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
    try {
      return readFileSync(join(folder, `mosquitto_${tool}`), 'utf8');
    } catch {
      return undefined;
    }
  }

  read(path: string): Promise<Uint8Array> {
    return readFile(path);
  }

  input(): AsyncIterable<Uint8Array> {
    return this.#streams.input;
  }

  async open(target: Target, party: Party, begin: Parameters<ToolHost['open']>[2]): Promise<void> {
    const carrier = await dial(target).catch((error: Error) => {
      throw new Unreachable(complaintOf(error));
    });
    this.#host ??= new Host(party);
    this.#host.carry(carrier, begin);
  }

  tell(happening: () => void): void {
    this.#host?.tell(happening);
  }

  interrupted(stop: () => void): void {
    this.#stop = stop;
    for (const signal of SIGNALS) process.once(signal, stop);
  }

  /** Waits until all that was sent has left. */
  async close(): Promise<void> {
    for (const signal of SIGNALS) if (this.#stop) process.off(signal, this.#stop);
    await this.#host?.close();
  }
}

function complaintOf(error: Error): string {
  if (error instanceof TlsFileMissing) return 'Error: Problem setting TLS options: File not found.';
  // A name can stand for several addresses; what is told is why the last of them failed.
  const { code = '', syscall } = (
    error instanceof AggregateError ? error.errors.at(-1) : error
  ) as NodeJS.ErrnoException;
  if (syscall === 'getaddrinfo') return 'Unable to connect (Lookup error.).';
  const known = ['connect', 'bind'].includes(syscall ?? '') ? ERRORS[code] : undefined;
  return known === undefined ? 'Unable to connect (A TLS error occurred.).' : `Error: ${known}`;
}
