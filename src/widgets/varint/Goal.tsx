/** The goal of lesson 5: the longest message behind two bytes of Remaining Length, published by the client in the page. */
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { begin } from '../../lessons/progress.ts';
import { type Found, found, GOAL_BYTES, GOAL_MOST, solution, TOPIC } from '../../lessons/remaining-length.ts';
import { type Check, Goal } from '../lesson/Goal.tsx';
import { useReady } from '../lesson/ready.ts';
import { hexBytes } from '../packet/hex.ts';
import { spaced } from './convert.ts';
import './varint.css';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'varint'>;
}

/** What the field holds before anything is typed. */
const FIRST = '100';

export function VarintGoal({ words }: Props) {
  const { goal } = words.varint;
  const isReady = useReady();
  const [text, setText] = useState(FIRST);
  const [sent, setSent] = useState<Found>();
  const length = /^\d{1,6}$/.test(text.trim()) ? Number(text) : undefined;
  const isPossible = length !== undefined && length <= GOAL_MOST;
  const [lead, rest] = goal.task.split('{topic}');
  return (
    <Goal
      words={words.lesson.goal}
      slug="remaining-length"
      title={goal.title}
      checks={checks(sent, goal)}
      difference={sent && difference(sent, goal)}
      hints={goal.hints}
      onSolution={() => {
        setText(String(solution()));
        setSent(found(solution()));
      }}
      onStartOver={() => {
        setText(FIRST);
        setSent(undefined);
      }}
    >
      <p class="task">
        {lead}
        <code>{TOPIC}</code>
        {rest}
      </p>
      <form
        class="vi-do"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPossible) return;
          begin('remaining-length');
          setSent(found(length));
        }}
      >
        <label>
          <span class="lab">{goal.length}</span>
          <input
            class="field"
            inputMode="numeric"
            autocomplete="off"
            disabled={!isReady}
            value={text}
            aria-invalid={!isPossible}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="btn go" disabled={!isReady || !isPossible}>
          {goal.publish}
        </button>
        {!isPossible && <span class="lab">{fill(goal.refused, { most: spaced(GOAL_MOST) })}</span>}
      </form>
    </Goal>
  );
}

type Phrases = Props['words']['varint']['goal'];

function checks(sent: Found | undefined, goal: Phrases): Check[] {
  const value =
    sent && fill(goal.found as string, { value: spaced(sent.value), bytes: hexBytes(sent.bytes) });
  return [
    { text: goal.checks.fits, met: sent?.fits ?? false, found: value ?? goal.none },
    {
      text: goal.checks.isLongest,
      met: sent?.isLongest ?? false,
      found: sent ? fill(goal.longer, { bytes: hexBytes(sent.longer) }) : goal.none,
    },
  ];
}

function difference(
  { length, value, bytes, isLongest }: Found,
  { difference: phrases }: Phrases,
): string | undefined {
  if (isLongest) return undefined;
  const isTooLong = bytes.length > GOAL_BYTES;
  return fill((isTooLong ? phrases.long : phrases.short) as string, {
    length: spaced(length),
    value: spaced(value),
    count: bytes.length,
  });
}
