// The words that the figures of a lesson and their frames need: those of every such lesson, and its own. Those of the packet
// widget are in the page already.
import type { Dictionary } from '../../i18n/index.ts';
import { type SharedWords, sharedWords } from '../../i18n/shared.ts';

type Own<Section extends keyof Dictionary> = Pick<Dictionary, 'stepper' | 'lesson' | Section>;

export type LessonWords<Section extends keyof Dictionary = 'stepper'> = Own<Section> & SharedWords;

/** What an island of a lesson is given. */
export interface LessonProps<Section extends keyof Dictionary> {
  words: Own<Section>;
  lang: string;
}

/** Takes it from a dictionary. */
export function propsOf<Section extends keyof Dictionary>(
  section: Section,
  dictionary: Dictionary,
  lang: string,
): LessonProps<Section> {
  const { stepper, lesson } = dictionary;
  const words = { stepper, lesson, [section]: dictionary[section] } as Own<Section>;
  return { words, lang };
}

/** The words of an island, with those that the page's islands share. */
export function wordsOf<Section extends keyof Dictionary>({
  words,
  lang,
}: LessonProps<Section>): LessonWords<Section> {
  return { ...words, ...sharedWords(lang) };
}
