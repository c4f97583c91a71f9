/**
 * The languages of the site. This file knows which dictionaries there are and finds the one for a page. It holds
 * no words itself: English is in `en.ts`, in one file per area under `en/`.
 */
import { en } from './en.ts';
import type { Words } from './phrase.ts';

export { fill } from './phrase.ts';

/**
 * Every word that the site shows outside its Markdown pages. English decides the keys: another language that
 * lacks one, or drops a `{slot}` of a text, does not compile.
 */
export type Dictionary = Words<typeof en>;

const dictionaries = { en } satisfies Record<string, Dictionary>;

/** The tags of the languages that the site is written in. */
export type Language = keyof typeof dictionaries;

/**
 * The words for a language.
 * In: a BCP 47 tag such as `en`, or nothing. Out: its dictionary, or the English one where there is no such language.
 */
export function dictionary(lang: string | undefined): Dictionary {
  return dictionaries[lang as Language] ?? en;
}
