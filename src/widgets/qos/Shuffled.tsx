/** The second exercise: put the packets of a handshake back in order. Marked by letting them arrive in a world. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { VERSION_NAMES } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { type Card, markOf, moved, type Question, questionOf } from '../../lessons/handshake.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useSeed } from '../lesson/seed.ts';
import { Capsule, capsuleLabel } from '../packet/Capsule.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { QosProps, QosWords } from './words.ts';
import './shuffled.css';

export function Shuffled(props: QosProps) {
  const words = wordsOf(props);
  const { shuffled } = words.qos;
  const isReady = useReady();
  const [seed, renew] = useSeed('0001', 'order');
  const question = useMemo(() => questionOf(seed), [seed]);
  const [order, setOrder] = useState<{ seed: string; keys: readonly string[] }>();
  const [verdict, setVerdict] = useState<Verdict>();
  const list = useRef<HTMLOListElement>(null);
  const keys = order?.seed === seed ? order.keys : question.cards.map(({ key }) => key);
  const { published, granted, setup } = question;
  const move = (place: number, by: 1 | -1) => {
    setOrder({ seed, keys: moved(keys, place, by) });
    setVerdict(undefined);
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
      verdict={verdict}
      onCheck={() => setVerdict(mark(question, keys, named, shuffled))}
      onSolution={() => {
        setOrder({ seed, keys: question.answer });
        setVerdict({ is: 'seen' });
      }}
      onNew={() => {
        setVerdict(undefined);
        renew();
      }}
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
