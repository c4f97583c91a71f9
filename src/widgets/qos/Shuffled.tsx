/** The second exercise: put the packets of a handshake back in order. Marked by letting them arrive in a world. */
import { useRef } from 'preact/hooks';
import { VERSION_NAMES } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { type Card, markOf, moved, type Question, questionOf } from '../../lessons/handshake.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { Capsule, capsuleLabel } from '../packet/Capsule.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { QosProps, QosWords } from './words.ts';
import './shuffled.css';

export function Shuffled(props: QosProps) {
  const words = wordsOf(props);
  const { shuffled } = words.qos;
  const isReady = useReady();
  const asked = useExercise<Question, readonly string[], Verdict>(questionOf, keysOf, 'order');
  const { seed, question, given: keys, result, give, show, renew } = asked;
  const list = useRef<HTMLOListElement>(null);
  const { published, granted, setup } = question;
  const move = (place: number, by: 1 | -1) => {
    give(moved(keys, place, by));
    // The card takes its buttons with it; the focus follows when it has been drawn.
    requestAnimationFrame(() => focusButton(list.current, place + by, by));
  };
  const named = ({ from, to, frame, version }: Card) =>
    fill(shuffled.named, { packet: capsuleLabel(frame, version, words.packet.capsule), from, to });
  return (
    <Exercise
      words={words.lesson.exercise}
      task={fill(shuffled.task, { version: VERSION_NAMES[setup.version], published, granted })}
      seed={seed}
      label={shuffled.label}
      verdict={result}
      onCheck={() => show(mark(question, keys, named, shuffled))}
      onSolution={() => show({ is: 'seen' }, question.answer)}
      onNew={renew}
    >
      <ol class="shuffled" ref={list}>
        {keys.map((key, place) => {
          const card = question.cards.find((each) => each.key === key);
          return (
            card && (
              <li key={key}>
                <span class="way">{fill(shuffled.way, { from: card.from, to: card.to })}</span>
                <Capsule frame={card.frame} version={card.version} words={words.packet.capsule} />
                <span class="moves">
                  {([-1, 1] as const).map((by) => (
                    <button
                      key={by}
                      type="button"
                      class="btn s"
                      data-by={by}
                      disabled={!isReady}
                      aria-disabled={keys[place + by] === undefined}
                      aria-label={fill(by < 0 ? shuffled.up : shuffled.down, { packet: named(card) })}
                      onClick={() => keys[place + by] !== undefined && move(place, by)}
                    >
                      <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
                        <path d={by < 0 ? 'M8 13V3m-4 4 4-4 4 4' : 'M8 3v10m-4-4 4 4 4-4'} />
                      </svg>
                    </button>
                  ))}
                </span>
              </li>
            )
          );
        })}
      </ol>
    </Exercise>
  );
}

function keysOf({ cards }: Question): readonly string[] {
  return cards.map(({ key }) => key);
}

function focusButton(list: HTMLElement | null, place: number, by: 1 | -1): void {
  list?.children[place]?.querySelector<HTMLElement>(`[data-by="${by}"]`)?.focus();
}

function mark(
  question: Question,
  keys: readonly string[],
  named: (card: Card) => string,
  words: QosWords['qos']['shuffled'],
): Verdict {
  const place = markOf(question, keys);
  if (place === undefined) return { is: 'right', text: words.right };
  const card = question.cards.find(({ key }) => key === keys[place]);
  return {
    is: 'wrong',
    text: fill(words.wrong, { packet: card ? named(card) : '', place: place + 1 }),
  };
}
