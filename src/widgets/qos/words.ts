// The words that the islands of this lesson need, and no more of the dictionary than that. Those of the packet widget are
// in the page already.
import type { Dictionary } from '../../i18n/index.ts';
import { type SharedWords, sharedWords } from '../../i18n/shared.ts';

type OwnWords = Pick<Dictionary, 'stepper' | 'lesson' | 'qos'>;

export type QosWords = OwnWords & SharedWords;

/** What an island of this lesson is given. */
export interface QosProps {
  words: OwnWords;
  lang: string;
}

/** Takes it from a dictionary. */
export function propsOf({ stepper, lesson, qos }: OwnWords, lang: string): QosProps {
  return { words: { stepper, lesson, qos }, lang };
}

/** The words of an island, with those that the page's islands share. */
export function wordsOf({ words, lang }: QosProps): QosWords {
  return { ...words, ...sharedWords(lang) };
}
