/** The goal of lesson 4: the first byte of a PUBLISH that is sent again, compared with that of the client in the page. */
import { useMemo, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { type Comparison, compare, GOAL_START, resent } from '../../lessons/fixed-header.ts';
import { begin } from '../../lessons/progress.ts';
import { type Check, Goal } from '../lesson/Goal.tsx';
import { ByteSwitches } from './ByteSwitches.tsx';

interface Props {
  words: Pick<Dictionary, 'bits' | 'lesson'>;
  lang: string;
}

export function BitsGoal({ words, lang }: Props) {
  const { goal } = words.bits;
  const [byte, setByte] = useState(GOAL_START);
  const wanted = useMemo(() => resent()[0] ?? 0, []);
  const put = (next: number): void => {
    begin('fixed-header');
    setByte(next);
  };
  const [lead, rest] = goal.task.split('{command}');
  return (
    <Goal
      words={words.lesson.goal}
      slug="fixed-header"
      title={goal.title}
      checks={compare(byte, wanted).map((comparison) => check(comparison, goal))}
      hints={goal.hints}
      onSolution={() => setByte(wanted)}
      onStartOver={() => setByte(GOAL_START)}
    >
      <p class="task">
        {lead}
        <code>{goal.command}</code>
        {rest}
      </p>
      <ByteSwitches
        words={{ bits: words.bits, ...sharedWords(lang) }}
        name="goal"
        byte={byte}
        version={4}
        onByte={put}
      />
    </Goal>
  );
}

function check({ what, met, wanted, found }: Comparison, words: Props['words']['bits']['goal']): Check {
  const text = fill(words.checks[what] as string, { wanted });
  return {
    text,
    met,
    found: met ? undefined : found === undefined ? words.none : fill(words.found, { found }),
  };
}
