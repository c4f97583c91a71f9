// What is wrong with what was typed into the publisher's form, as the codec sees it. Knows which of the two fields is
// meant; knows no screen.
import { type Fault, validate } from '#broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { VERSION } from './room.ts';
import { type Publication, publishOf } from './run.ts';

/** The first thing that forbids a publication, if anything does. All that is not the topic's fault cannot be typed. */
export function objection(publication: Publication): Fault | undefined {
  return validate(publishOf(publication), VERSION)[0];
}

/** Why, in a sentence. */
export function objectionText({ id, values }: Fault, words: Dictionary['home']['faults']): string {
  switch (id) {
    case 'topicEmpty':
      return words.topicEmpty;
    case 'topicWildcard':
      return fill(words.topicWildcard, { value: values['value'] ?? '' });
    default:
      return words.other;
  }
}
