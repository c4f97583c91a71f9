/** The second exercise: what does the broker keep for the phone now? Marked by looking at a broker that did it. */
import { fill } from '../../i18n/phrase.ts';
import { type Answer, markOf, type Question, questionOf } from '../../lessons/session-now.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { wordsOf } from '../stepper/words.ts';
import type { SessionsProps, SessionsWords } from './words.ts';

const NOTHING: Answer = { subscriptions: [], messages: [] };

type Words = SessionsWords['sessions']['now'];

export function Now(props: SessionsProps) {
  const words = wordsOf(props);
  const { now } = words.sessions;
  const isReady = useReady();
  const { seed, question, given, result, give, show, renew } = useExercise<Question, Answer, Verdict>(
    questionOf,
    () => NOTHING,
    'now',
  );
  const box = (part: keyof Answer, item: string, text: string) => (
    <label class="chk" key={text}>
      <input
        type="checkbox"
        disabled={!isReady}
        checked={given[part].includes(item)}
        onChange={({ currentTarget }) => {
          const rest = given[part].filter((each) => each !== item);
          give({ ...given, [part]: currentTarget.checked ? [...rest, item] : rest });
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
      verdict={result}
      onCheck={() => show(mark(question, given, now, props.lang))}
      onSolution={() =>
        show({ is: 'seen', text: inWords(question.answer, now, props.lang) }, question.answer)
      }
      onNew={renew}
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
