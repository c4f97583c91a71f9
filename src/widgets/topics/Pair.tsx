/** One filter and one topic name, level by level: what each has there, how they fit, and in a sentence why it matches or not. */
import { isShared, type Version } from '#broker/index.ts';
import {
  compare,
  type Level,
  objectionToFilter,
  objectionToTopic,
  properOf,
} from '../../lessons/matching.ts';
import { StatementRef } from '../packet/StatementRef.tsx';
import { Mark } from './Mark.tsx';
import { objectionText, ruleFor, sentenceFor } from './tell.ts';
import type { TopicsWords } from './words.ts';

interface Props {
  words: TopicsWords;
  filter: string;
  topic: string;
  version: Version;
}

export function Pair({ words, filter, topic, version }: Props) {
  const { matcher } = words.topics;
  const objection = objectionToFilter(filter, version) ?? objectionToTopic(topic, version);
  if (objection) {
    const { rule } = objection.fault;
    return (
      <div class="tp-pair">
        <p class="tp-said" aria-live="polite">
          {objectionText(objection, words.topics)} {matcher.invalid}{' '}
          {rule && <StatementRef id={rule} version={version} words={words.packet.statement} />}
        </p>
      </div>
    );
  }
  const comparison = compare(properOf(filter), topic);
  return (
    <div class="tp-pair">
      <p class="vh-hide">{matcher.pair}</p>
      <div class="tp-levels">
        <div class="tp-legend" aria-hidden="true">
          <span />
          <span>{matcher.wanted}</span>
          <span>{matcher.found}</span>
        </div>
        <ol>
          {comparison.levels.map((level, index) => (
            <Column key={index} words={words.topics} level={level} number={index + 1} />
          ))}
        </ol>
      </div>
      <p class="tp-said" aria-live="polite">
        <Mark is={!comparison.parting} />
        <span>
          {sentenceFor(comparison, words.topics)}{' '}
          <StatementRef id={ruleFor(comparison)} version={version} words={words.packet.statement} />
        </span>
      </p>
      {isShared(filter) && <p class="lab">{matcher.shared}</p>}
    </div>
  );
}

interface ColumnProps {
  words: TopicsWords['topics'];
  level: Level;
  number: number;
}

function Column({ words: { matcher }, level: { wanted, found, fit }, number }: ColumnProps) {
  const text = (level: string | undefined) =>
    level === undefined ? (
      <i>{matcher.none}</i>
    ) : level === '' ? (
      <i>{matcher.empty}</i>
    ) : (
      <span class="m">{level}</span>
    );
  const isBad = !['same', 'any', 'rest', 'unread'].includes(fit);
  return (
    <li class={fit === 'unread' ? 'unread' : isBad ? 'bad' : undefined}>
      <span class="tp-no">{number}</span>
      <span>
        <span class="vh-hide">{matcher.wanted}: </span>
        {text(wanted)}
      </span>
      <span>
        <span class="vh-hide">{matcher.found}: </span>
        {text(found)}
      </span>
      <span class="lab">{matcher.fits[fit]}</span>
    </li>
  );
}
