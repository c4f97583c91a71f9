// What a tool needs of the place that it runs in: a machine, or a page with a terminal and a broker in it. Knows no socket, no
// file and no screen.
import type { Connection, Link } from '../../session/link.ts';

/** The three tools: mosquitto_pub, mosquitto_sub and mosquitto_rr. */
export type Tool = 'pub' | 'sub' | 'rr';

/** What an option may need that not every place has. */
export type Need = 'network' | 'files' | 'tls' | 'proxy' | 'psk' | 'engine';

/** What no place has: the options that need it are known, and refused. */
export const NOWHERE: readonly Need[] = ['proxy', 'psk', 'engine'];

/** How a connection is encrypted. The names are paths of PEM files, but for the last four. */
export interface TlsTarget {
  cafile?: string;
  /** A folder of certificates. */
  capath?: string;
  certfile?: string;
  keyfile?: string;
  /** The certificates of the machine are trusted as well. */
  usesSystemCertificates: boolean;
  /** The name in the broker's certificate may be any. */
  isInsecure: boolean;
  minimumVersion?: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  ciphers?: string;
  alpn?: string;
}

/** Where a connection goes. */
export interface Target {
  /** A name or an address; the path of a socket where `port` is 0. */
  host: string;
  port: number;
  isWebSocket: boolean;
  /** The address to connect from. */
  localAddress?: string | undefined;
  tls?: TlsTarget | undefined;
}

/** A party that lives by the time it is told. */
export interface Party {
  /** Tells the time, in milliseconds. */
  advance(now: number): void;
  /** When to tell it next at the latest, or Infinity. */
  readonly deadline: number;
}

/** There is no connection. The message is the whole line that tells why. */
export class Unreachable extends Error {}

export interface ToolHost {
  /** What is to be had here. Options that need something else are refused by name. */
  readonly offers: ReadonlySet<Need>;
  readonly processId: number;
  /** The time of day: milliseconds since 1970, with fractions. */
  now(): number;
  /** A number from 0 up to 1. */
  random(): number;
  /** Takes what goes to the standard output, and to the standard error. */
  print(bytes: Uint8Array): void;
  complain(text: string): void;
  /** The user's file of options for a tool, if there is one. */
  defaults(tool: Tool): string | undefined;
  /** Reads a file. @throws Error if it cannot be read */
  read(path: string): Promise<Uint8Array>;
  /** The standard input, in pieces cut anywhere. */
  input(): AsyncIterable<Uint8Array>;
  /**
   * Opens a network connection, and carries it until it is gone.
   * @param begin gives the link to the party, and returns the end of the connection that it made of it
   * @throws Unreachable
   */
  open(target: Target, party: Party, begin: (link: Link) => Connection): Promise<void>;
  /** Tells the party that `open` was called for the time, and then what happened. */
  tell(happening: () => void): void;
  /** Calls `stop` when the user wants the tool to end. One that does not ask is ended by the host. */
  interrupted(stop: () => void): void;
}
