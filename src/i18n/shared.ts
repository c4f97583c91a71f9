/**
 * Words that several islands of a page share. `SharedWords.astro` writes them into the page once, and each island reads
 * them from there, so that a page does not carry them as often as it has islands.
 */
import { type Dictionary, dictionary } from './index.ts';

/** What the packet widget says, wherever it is shown. */
export type SharedWords = Pick<Dictionary, 'packet' | 'fields'>;

/** The element of the page that holds them. */
export const SHARED_WORDS_ID = 'shared-words';

let read: SharedWords | undefined;

/** The shared words. In: the language of the page. On the server they come from the dictionary, in the page from the page. */
export function sharedWords(lang: string): SharedWords {
  if (import.meta.env.SSR) {
    const { packet, fields } = dictionary(lang);
    return { packet, fields };
  }
  read ??= JSON.parse(document.getElementById(SHARED_WORDS_ID)?.textContent ?? '{}') as SharedWords;
  return read;
}
