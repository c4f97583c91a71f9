/** The goal of lesson 6: a PUBLISH built by hand, compared field by field as the decoder reads it. */
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { begin } from '../../lessons/progress.ts';
import { type Comparison, compare, GOAL, GOAL_START, solution } from '../../lessons/publish-packet.ts';
import { type Check, Goal } from '../lesson/Goal.tsx';
import { PacketView } from '../packet/Packet.tsx';
import { wantedOf } from './wanted.ts';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'publishPacket'>;
  lang: string;
}

export function PublishGoal({ words, lang }: Props) {
  const { goal } = words.publishPacket;
  const [bytes, setBytes] = useState(GOAL_START);
  const [shown, show] = useState({ bytes: GOAL_START, count: 0 });
  const comparisons = compare(bytes, GOAL);
  const put = (next: Uint8Array): void => {
    setBytes(next);
    show({ bytes: next, count: shown.count + 1 });
  };
  const [lead, rest] = goal.task.split('{command}');
  return (
    <Goal
      words={words.lesson.goal}
      slug="publish-packet"
      title={goal.title}
      checks={comparisons.map((comparison) => check(comparison, goal))}
      hints={goal.hints}
      onSolution={() => put(solution(GOAL))}
      onStartOver={() => put(GOAL_START)}
    >
      <p class="task">
        {lead}
        <code>{goal.command}</code>
        {rest}
      </p>
      <PacketView
        key={shown.count}
        words={sharedWords(lang)}
        lang={lang}
        frame={shown.bytes}
        version={GOAL.version}
        name="goal"
        editable
        mode="edit"
        onChange={(changed) => {
          begin('publish-packet');
          setBytes(changed);
        }}
      />
    </Goal>
  );
}

function check({ what, met, found }: Comparison, words: Props['words']['publishPacket']['goal']): Check {
  const text = fill(words.checks[what] as string, { wanted: wantedOf(what, GOAL) ?? '' });
  return { text, met, found: met ? undefined : foundText(what, found, words) };
}

function foundText(
  what: Comparison['what'],
  found: string | undefined,
  words: Props['words']['publishPacket']['goal'],
): string {
  if (found === undefined) return words.notRead;
  return what === 'whole' ? found : fill(words.found, { found: found || words.empty });
}
