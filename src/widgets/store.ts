// Where a broker in a page keeps its state beyond the page: in the browser's IndexedDB, in the same records as on a machine. What
// it takes to write there is loaded when a page asks for it, and not before.
import { Store } from '#broker/server/store.ts';

/** Another page has this store open. Known by its name, so that nobody has to load this file to ask. */
class StoreInUse extends Error {
  override readonly name = 'StoreInUse';
}

/**
 * Opens a store of this browser's. What was written outlives the page and the browser; whether also a loss of power, is the
 * browser's affair. The store is this page's own until it is closed or the page is gone.
 * @throws StoreInUse; the browser's error where it stores nothing
 */
export async function openPageStore(name: string): Promise<Store> {
  const { BrowserLevel } = await import('browser-level');
  const release = await lock(name);
  try {
    const level = new BrowserLevel<string, Uint8Array>(name, { prefix: '', valueEncoding: 'view' });
    await level.open();
    return new Store({
      batch: (operations) => level.batch(operations),
      iterator: () => level.iterator(),
      close: () => level.close().finally(release),
    });
  } catch (error) {
    release();
    throw error;
  }
}

/** Forgets a store that is closed, and all that is in it. */
export async function forgetPageStore(name: string): Promise<void> {
  const { BrowserLevel } = await import('browser-level');
  await BrowserLevel.destroy(name, '');
}

/** Two brokers may not write into one store. Returns what lets go of it. */
async function lock(name: string): Promise<() => void> {
  // Pages that come over plain HTTP from another machine have no locks.
  if (navigator.locks === undefined) return () => {};
  return new Promise((resolve, reject) => {
    void navigator.locks.request(name, { ifAvailable: true }, (given) => {
      if (given === null) return reject(new StoreInUse());
      return new Promise<void>((release) => resolve(release));
    });
  });
}
