// mosquitto_pub, mosquitto_sub and mosquitto_rr on this machine: its sockets, its files, its terminal. Knows what the originals
// say when a connection cannot be opened; all else is the tools'.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
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

/**
 * Runs a tool as the command that this process is: with its words, its input and its outputs. Sets the exit code.
 * @param tool `pub`, `sub` or `rr`
 */
export async function command(
  tool: (words: readonly string[], host: ToolHost) => Promise<number>,
): Promise<void> {
  const machine = new Machine();
  process.exitCode = await tool(process.argv.slice(2), machine);
  await machine.close();
}

class Machine implements ToolHost {
  readonly offers: ToolHost['offers'] = new Set(['network', 'files', 'tls']);
  readonly processId: number = process.pid;
  #host: Host | undefined;

  constructor() {
    // Whoever read the output may have had enough.
    process.stdout.on('error', () => {});
  }

  now(): number {
    return systemClock.now();
  }

  random(): number {
    return Math.random();
  }

  print(bytes: Uint8Array): void {
    process.stdout.write(bytes);
  }

  complain(text: string): void {
    process.stderr.write(text);
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
    return process.stdin;
  }

  async open(target: Target, party: Party, begin: Parameters<ToolHost['open']>[2]): Promise<void> {
    const carrier = await dial(target).catch((error: NodeJS.ErrnoException) => {
      throw new Unreachable(complaintOf(error));
    });
    this.#host ??= new Host(party);
    this.#host.carry(carrier, begin);
  }

  tell(happening: () => void): void {
    this.#host?.tell(happening);
  }

  interrupted(stop: () => void): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
    process.stdout.once('error', stop);
  }

  /** Waits until all that was sent has left, and leaves the input alone. */
  async close(): Promise<void> {
    await this.#host?.close();
    process.stdin.destroy();
  }
}

function complaintOf(error: NodeJS.ErrnoException): string {
  const { code = '' } =
    'errors' in error ? ((error.errors as NodeJS.ErrnoException[]).at(-1) ?? error) : error;
  const known = ERRORS[code];
  if (error instanceof TlsFileMissing) return 'Error: Problem setting TLS options: File not found.';
  if (known !== undefined && error.syscall !== 'read') return `Error: ${known}`;
  return `Unable to connect (${error.syscall === 'getaddrinfo' ? 'Lookup error' : 'A TLS error occurred'}.).`;
}
