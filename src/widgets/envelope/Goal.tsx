/** The goal of lesson 3: a message that is most of what travels for it. Counted in the frames that the engine makes. */
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { GOAL, PREDICTED, reached, share, solution } from '../../lessons/network-stack.ts';
import { begin } from '../../lessons/progress.ts';
import { type Check, Goal } from '../lesson/Goal.tsx';
import { type Choice, percentOf, Ways } from './Ways.tsx';
import './envelope.css';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'envelope'>;
  lang: string;
}

const START: Choice = { message: PREDICTED, way: 'tcp' };

export function EnvelopeGoal({ words, lang }: Props) {
  const { goal } = words.envelope;
  const [choice, choose] = useState(START);
  return (
    <Goal
      words={words.lesson.goal}
      slug="network-stack"
      title={goal.title}
      checks={checksOf(choice, words.envelope, lang)}
      hints={goal.hints}
      onSolution={() => choose({ message: solution(), way: GOAL.way })}
      onStartOver={() => choose(START)}
    >
      <p class="task">{goal.task}</p>
      <div class="ev">
        <Ways
          words={words.envelope}
          lang={lang}
          name="envelope goal"
          {...choice}
          change={(next) => {
            begin('network-stack');
            choose(next);
          }}
        />
      </div>
    </Goal>
  );
}

function checksOf({ message, way }: Choice, words: Dictionary['envelope'], lang: string): Check[] {
  const found = reached(message, way);
  const { yours, total } = share(message, way);
  const { checks, found: phrases } = words.goal;
  return [
    { text: checks.way, met: found.way, found: fill(phrases.way, { way: words.ways[way] }) },
    { text: checks.qos, met: found.qos, found: fill(phrases.qos, { qos: message.qos }) },
    {
      text: checks.share,
      met: found.share >= GOAL.share,
      found: fill(phrases.share as string, { yours, total, percent: percentOf({ yours, total }, lang) }),
    },
  ];
}
