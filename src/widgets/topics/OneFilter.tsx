/** The goal: one filter for these topics and for no other. A broker does the matching; what arrives is what counts. */
import { useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { objectionToFilter } from '../../lessons/matching.ts';
import { begin } from '../../lessons/progress.ts';
import { type Found, judge, SOLUTION, UNWANTED, WANTED } from '../../lessons/topics.ts';
import { type Check, Goal } from '../lesson/Goal.tsx';
import { useReady } from '../lesson/ready.ts';
import { wordsOf } from '../stepper/words.ts';
import { Mark } from './Mark.tsx';
import { objectionText, whyText } from './tell.ts';
import type { TopicsProps, TopicsWords } from './words.ts';
import './topics.css';

type Words = TopicsWords['topics'];

/** What was subscribed to, and what came of it. */
interface Try {
  readonly filter: string;
  readonly found: Found;
}

export function OneFilter(props: TopicsProps) {
  const words = wordsOf(props);
  const { goal } = words.topics;
  const isReady = useReady();
  const [typed, type] = useState('');
  const [last, setLast] = useState<Try>();
  const subscribe = (filter: string) => {
    type(filter);
    setLast({ filter, found: judge(filter) });
  };
  return (
    <Goal
      words={words.lesson.goal}
      slug="topics"
      title={goal.title}
      checks={checksOf(last?.found, goal)}
      difference={last && differenceIn(last, words.topics)}
      hints={goal.hints}
      onSolution={() => subscribe(SOLUTION)}
      onStartOver={() => {
        type('');
        setLast(undefined);
      }}
    >
      <form
        class="tp-try"
        onSubmit={(event) => {
          event.preventDefault();
          begin('topics');
          subscribe(typed);
        }}
      >
        <label>
          <span>{goal.filter}</span>
          <input
            class="field"
            value={typed}
            disabled={!isReady}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            onInput={({ currentTarget }) => type(currentTarget.value)}
          />
        </label>
        <button type="submit" class="btn go" disabled={!isReady}>
          {goal.subscribe}
        </button>
      </form>
      <div class="tp-lists">
        {[WANTED, UNWANTED].map((topics, index) => (
          <div key={index}>
            <p>{index === 0 ? goal.wanted : goal.unwanted}</p>
            <ul>
              {topics.map((topic) => (
                <li key={topic}>
                  <Arrival last={last} topic={topic} words={goal} />
                  <span class="m">{topic}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </Goal>
  );
}

/** Whether a topic has come; an empty place before anything was tried. */
function Arrival({ last, topic, words }: { last: Try | undefined; topic: string; words: Words['goal'] }) {
  if (!last) return <span class="tp-mark" />;
  const { right, wrong } = last.found;
  const arrived = right.includes(topic) || wrong.includes(topic);
  return (
    <span class="tp-mark">
      <Mark is={arrived} />
      <span class="vh-hide">{arrived ? words.arrived : words.absent}: </span>
    </span>
  );
}

function checksOf(found: Found | undefined, goal: Words['goal']): Check[] {
  const { granted = false, right = [], wrong = [] } = found ?? {};
  return [
    { text: goal.granted, met: granted },
    {
      text: goal.right,
      met: right.length === WANTED.length,
      found: found && fill(goal.rightFound, { count: right.length, all: WANTED.length }),
    },
    {
      text: goal.wrong,
      met: granted && wrong.length === 0,
      found: granted && fill(goal.wrongFound, { count: wrong.length }),
    },
  ];
}

/** What was different in the last try: the first thing that went wrong, and why. */
function differenceIn({ filter, found }: Try, words: Words): string | undefined {
  const objection = objectionToFilter(filter, 4);
  if (objection) return `${words.goal.cannot} ${objectionText(objection, words)}`;
  const { different: topic } = found;
  if (topic === undefined) return undefined;
  const phrase = found.wrong.includes(topic) ? words.goal.came : words.goal.missing;
  return fill(phrase, { topic, why: whyText(filter, topic, words) });
}
