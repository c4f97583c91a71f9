// Who takes part in a world, and on what terms: its clients, their links, its broker, its chance. Plain data; times are in
// milliseconds on the world's clock, but for MQTT's own intervals, which are in seconds.
import type { ClientSettings } from '../client/client.ts';
import type { Version } from '../codec/index.ts';
import type { Settings } from '../server/settings.ts';

/** How packets travel between a client and the broker, both ways. */
export interface LinkSetup {
  /**
   * How long a packet takes. With a delay, or with jitter, packets arrive by themselves as time passes, and cannot be
   * delivered sooner; without, they wait until they are told to move.
   */
  delay?: number | undefined;
  /** At most this much longer, by chance; the order is kept. */
  jitter?: number | undefined;
  /** How likely it is, from 0 to 1, that the connection is lost in place of a packet's arrival. */
  breaks?: number | undefined;
}

/** A client that comes back by itself after it has lost its connection, unless it said goodbye. */
export interface Reconnect {
  /** How long it waits before. */
  after: number;
  /** How often it tries in a row; for ever if not given. */
  times?: number | undefined;
  /** What the wait is multiplied with after each attempt that came to nothing; 1 if not given. */
  backoff?: number | undefined;
}

/** A client of a world; its name tells it apart and is its client identifier if it has no other. */
export interface ClientSetup extends Omit<ClientSettings, 'clientId' | 'name'> {
  name: string;
  clientId?: string | undefined;
  /** What it says of its link comes before what the world says of all. */
  link?: LinkSetup | undefined;
  reconnect?: Reconnect | undefined;
}

export interface Setup {
  /** For clients that do not say their own. */
  version: Version;
  clients: readonly ClientSetup[];
  broker?: Partial<Settings>;
  link?: LinkSetup | undefined;
  /** What all chance in the world comes from; 0 if not given. */
  seed?: number | undefined;
  /** Whether single packets can be dropped, doubled and brought out of order, which TCP does not let happen. */
  notTcp?: boolean | undefined;
}

/** The name that no client has. */
export const BROKER = 'broker';
