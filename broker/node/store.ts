// The store of a broker on a machine: a folder of LevelDB's. Knows what can stand in its place and must not be touched, and what
// to say when it cannot be used. What is in it is known to the broker's ledger.
import { readdirSync, statSync } from 'node:fs';
import type { LedgerHost } from '../server/ledger.ts';
import { DamagedRecord } from '../server/record.ts';
import { Store } from '../server/store.ts';

/** The file by which LevelDB knows a folder of its own. */
const MARK = 'CURRENT';

/** A store cannot be used. The message is for the user. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/**
 * Opens the store in a folder, which is made if it is not there.
 * @throws StoreError if something else is there, if another broker has it open, if it is damaged
 */
export async function openStore(path: string, host: Partial<LedgerHost>): Promise<Store> {
  checkPlace(path);
  const { ClassicLevel } = await import('classic-level');
  const level = new ClassicLevel<string, Uint8Array>(path, { valueEncoding: 'view' });
  try {
    await level.open();
  } catch (error) {
    throw new StoreError(complaintOf(error, path));
  }
  return new Store(
    {
      batch: (operations) => level.batch(operations, { sync: true }),
      iterator: () => level.iterator(),
      close: () => level.close(),
    },
    host,
  );
}

/** What is to be said of an error that came up when a store was read or written. */
export function complaintOf(error: unknown, path: string): string {
  const { code, message, cause } = error as Error & { code?: string };
  if (error instanceof DamagedRecord || code === 'LEVEL_CORRUPTION')
    return `Error: The store ${path} is damaged, or is not one of this broker. Nothing in it was changed. Move it away to begin with an empty one.`;
  if (code === 'LEVEL_LOCKED') return `Error: The store ${path} is in use by another broker.`;
  if (cause !== undefined) return complaintOf(cause, path);
  return `Error: The store ${path} cannot be used: ${message}`;
}

/** Keeps off whatever is not a store. */
function checkPlace(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory())
    throw new StoreError(
      `Error: ${path} is a file, and the store is a folder. Choose another persistence_file or persistence_location.`,
    );
  const names = readdirSync(path);
  if (names.length > 0 && !names.includes(MARK))
    throw new StoreError(
      `Error: The folder ${path} holds something else than a store. Choose another persistence_file or persistence_location.`,
    );
}
