// What the lesson says of a filter and a topic name: in one sentence, and with the statement that settles it. Puts phrases
// of the dictionary together; how the two compare it is told.
import type { StatementId } from '#broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { type Comparison, compare, type Objection } from '../../lessons/matching.ts';

type Words = Dictionary['topics'];

/** Why a filter matches a topic name or does not, in a sentence. */
export function sentenceFor({ levels, parting }: Comparison, { matcher }: Pick<Words, 'matcher'>): string {
  const { sentences } = matcher;
  if (!parting) {
    const last = levels.at(-1);
    return last?.fit === 'rest' && last.found === undefined ? sentences.parent : sentences.matches;
  }
  const { wanted = '', found = '' } = levels[parting.level] ?? {};
  const phrase = parting.kind === 'differs' ? sentences[difference(wanted, found)] : sentences[parting.kind];
  return fill(phrase, { level: parting.level + 1, wanted, found });
}

function difference(wanted: string, found: string) {
  if (found === '') return 'emptyFound';
  if (wanted === '') return 'emptyWanted';
  if (wanted.trim() === found.trim()) return 'space';
  return wanted.toLowerCase() === found.toLowerCase() ? 'case' : 'differs';
}

/** The statement that decides it; both versions have it under the same number. */
export function ruleFor({ parting }: Comparison): StatementId {
  if (parting?.kind === 'wildcard') return 'MQTT-4.7.2-1';
  return parting?.kind === 'differs' ? 'MQTT-4.7.3-4' : 'MQTT-3.3.2-3';
}

/** Why a text cannot be sent, and at which character, counted from 1. */
export function objectionText(
  { fault, start }: Objection,
  { objections }: Pick<Words, 'objections'>,
): string {
  const { id, values } = fault;
  const phrase = id in objections ? objections[id as keyof Words['objections']] : objections.other;
  const text = fill(phrase, { value: values['value'] ?? '' });
  return id === 'topicEmpty' ? text : `${fill(objections.at, { at: start + 1 })} ${text}`;
}

/** Why a topic came or did not, for one who has just tried a filter. */
export function whyText(topicFilter: string, topic: string, words: Pick<Words, 'matcher'>): string {
  return sentenceFor(compare(topicFilter, topic), words);
}
