// Why something cannot be done, in a sentence of the reader's language.
import type { Refusal } from '../../broker/index.ts';
import type { Dictionary } from '../i18n/index.ts';
import { fill } from '../i18n/phrase.ts';

/** Says a refusal. What the codec finds forbidden comes in the codec's own sentence, as wherever a fault is shown. */
export function refusalText({ id, values, message }: Refusal, words: Dictionary['refusals']): string {
  return id in words ? fill(words[id as keyof typeof words] as string, values) : message;
}
