/** The second exercise: what does the broker keep for the phone now? Marked by looking at a broker that did it. */
import { useMemo, useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { type Answer, markOf, type Question, questionOf } from '../../lessons/session-now.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useSeed } from '../lesson/seed.ts';
import { wordsOf } from '../stepper/words.ts';
import type { SessionsProps, SessionsWords } from './words.ts';

const NOTHING: Answer = { subscriptions: [], messages: [] };

type Words = SessionsWords['sessions']['now'];

export function Now(props: SessionsProps) {
  const words = wordsOf(props);
  const { now } = words.sessions;
  const isReady = useReady();
  const [seed, renew] = useSeed('0001', 'now');
  const question = useMemo(() => questionOf(seed), [seed]);
  const [given, setGiven] = useState(NOTHING);
  const [verdict, setVerdict] = useState<Verdict>();
  const box = (part: keyof Answer, item: string, text: string) => (
    <label class="chk" key={text}>
      <input
        type="checkbox"
        disabled={!isReady}
        checked={given[part].includes(item)}
        onChange={({ currentTarget }) => {
          const rest = given[part].filter((each) => each !== item);
          setGiven({ ...given, [part]: currentTarget.checked ? [...rest, item] : rest });
          setVerdict(undefined);
        }}
      />
      {text}
    </label>
  );
  return (
    <Exercise
      words={words.lesson.exercise}
      task={now.task}
      seed={seed}
      label={now.label}
      verdict={verdict}
      onCheck={() => setVerdict(mark(question, given, now, props.lang))}
      onSolution={() => {
        setGiven(question.answer);
        setVerdict({ is: 'seen', text: inWords(question.answer, now, props.lang) });
      }}
      onNew={() => {
        setGiven(NOTHING);
        setVerdict(undefined);
        renew();
      }}
    >
      <Told question={question} words={words.sessions} />
      <div class="answers">
        <fieldset>
          <legend>{now.subscriptions}</legend>
          {question.subscriptions.map(({ topicFilter }) => box('subscriptions', topicFilter, topicFilter))}
        </fieldset>
        <fieldset>
          <legend>{now.messages}</legend>
          {question.messages.map(({ topic, qos }) =>
            box('messages', topic, fill(now.message, { topic, qos })),
          )}
        </fieldset>
      </div>
    </Exercise>
  );
}

/** What has happened, in sentences. */
function Told({ question, words }: { question: Question; words: SessionsWords['sessions'] }) {
  const { version, cleanStart, expiry = 0, subscriptions, unsubscribed, isAway, later } = question;
  const { now, exercise } = words;
  return (
    <ul>
      <li>{fill(now.connect[version === 5 ? 5 : 4], { flag: Number(cleanStart), seconds: expiry })}</li>
      {subscriptions.map(({ topicFilter, qos }) => (
        <li key={topicFilter}>{fill(exercise.subscribes, { topicFilter, qos })}</li>
      ))}
      {unsubscribed && <li>{fill(now.unsubscribes, { topicFilter: unsubscribed })}</li>}
      <li>{fill(isAway ? now.leaves : now.stays, { seconds: later })}</li>
    </ul>
  );
}

function mark(question: Question, given: Answer, words: Words, lang: string): Verdict {
  const found = markOf(question, given);
  return found
    ? { is: 'wrong', text: words.wrong[found] }
    : { is: 'right', text: inWords(question.answer, words, lang) };
}

function inWords({ subscriptions, messages }: Answer, { answer }: Words, lang: string): string {
  if (subscriptions.length === 0) return answer.none;
  const listed = new Intl.ListFormat(lang);
  const first = fill(answer.subscriptions, { list: listed.format(subscriptions) });
  if (messages.length === 0) return `${first} ${answer.noMessages}`;
  return `${first} ${fill(answer.messages, { list: listed.format(messages) })}`;
}
