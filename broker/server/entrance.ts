// Where clients come in: what a host's listener has of its own, beside what applies to the whole broker. Knows topics as far as
// they begin with a mount point; knows no socket.
import { parseShared } from '../topics/filter.ts';
import type { Access } from './access.ts';
import type { Settings } from './settings.ts';

export interface Entrance {
  /** What is set otherwise than for the whole broker. */
  readonly settings?: Partial<Settings> | undefined;
  /** Who may do what, if others decide it than for the whole broker. */
  readonly access?: Access | undefined;
  /** What stands before every topic of these clients, and is hidden from them. */
  readonly mountPoint?: string | undefined;
}

/** A client's topic filter as the broker knows it; of a shared one, only what follows the share name is mounted. */
export function mount(mountPoint: string, topicFilter: string): string {
  const shared = parseShared(topicFilter);
  return shared === undefined
    ? mountPoint + topicFilter
    : `$share/${shared.share}/${mountPoint}${shared.topicFilter}`;
}
