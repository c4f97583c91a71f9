/** The exercise: what does the phone find when it returns? Marked by what a broker did. */
import { fill } from '../../i18n/phrase.ts';
import { type Answer, markOf, type Question, questionOf } from '../../lessons/sessions.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { SessionsProps, SessionsWords } from './words.ts';

interface Given {
  readonly present?: boolean;
  readonly received: readonly string[];
}

const NOTHING: Given = { received: [] };

export function Returns(props: SessionsProps) {
  const words = wordsOf(props);
  const { seed, question, given, result, give, show, renew } = useExercise<Question, Given, Verdict>(
    questionOf,
    () => NOTHING,
  );
  const { exercise } = words.sessions;
  const isOver = result !== undefined && result.is !== 'wrong';
  return (
    <Exercise
      words={words.lesson.exercise}
      task={exercise.task}
      seed={seed}
      verdict={result}
      onCheck={() => show(mark(question, given, exercise, props.lang))}
      onSolution={() =>
        show({ is: 'seen', text: inWords(question.answer, exercise, props.lang) }, question.answer)
      }
      onNew={renew}
    >
      <Told question={question} words={exercise} />
      <Answers
        question={question}
        words={exercise}
        given={given}
        answer={(part) => give({ ...given, ...part })}
      />
      {isOver && (
        <LessonFigure
          key={seed}
          id="returns"
          linked={false}
          variants={[{ key: seed, scenario: question.scenario }]}
          opens={seed}
          words={words}
          lang={props.lang}
        />
      )}
    </Exercise>
  );
}

type Words = SessionsWords['sessions']['exercise'];

/** What happens, in sentences. */
function Told({ question, words }: { question: Question; words: Words }) {
  const { version, cleanStart, expiry = 0, subscriptions, away } = question;
  const phrase = words.connect[version === 5 ? 5 : 4];
  return (
    <ul>
      <li>{fill(phrase, { flag: Number(cleanStart), seconds: expiry })}</li>
      {subscriptions.map(({ topicFilter, qos }) => (
        <li key={topicFilter}>{fill(words.subscribes, { topicFilter, qos })}</li>
      ))}
      <li>{fill(words.leaves, { seconds: away })}</li>
    </ul>
  );
}

interface AnswersProps {
  question: Question;
  words: Words;
  given: Given;
  answer(part: Partial<Given>): void;
}

function Answers({ question, words, given, answer }: AnswersProps) {
  const isReady = useReady();
  const { received } = given;
  const toggle = (payload: string) => {
    const rest = received.filter((each) => each !== payload);
    answer({ received: rest.length < received.length ? rest : [...received, payload] });
  };
  return (
    <div class="answers">
      <fieldset>
        <legend>{words.present}</legend>
        {[0, 1].map((flag) => (
          <label class="chk" key={flag}>
            <input
              type="radio"
              name="present"
              disabled={!isReady}
              checked={given.present === (flag === 1)}
              onChange={() => answer({ present: flag === 1 })}
            />
            {flag}
          </label>
        ))}
      </fieldset>
      <fieldset>
        <legend>{words.received}</legend>
        {question.messages.map((message) => (
          <label class="chk" key={message.payload}>
            <input
              type="checkbox"
              disabled={!isReady}
              checked={received.includes(message.payload)}
              onChange={() => toggle(message.payload)}
            />
            {fill(words.message, { ...message })}
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function mark(question: Question, { present, received }: Given, words: Words, lang: string): Verdict {
  if (present === undefined) return { is: 'wrong', text: words.wrong.unanswered };
  const found = markOf(question, { present, received });
  return found
    ? { is: 'wrong', text: words.wrong[found] }
    : { is: 'right', text: inWords(question.answer, words, lang) };
}

function inWords({ present, received }: Answer, { answer }: Words, lang: string): string {
  const first = fill(answer.present, { flag: Number(present) });
  if (received.length === 0) return `${first} ${answer.none}`;
  const quoted = received.map((payload) => fill(answer.quoted, { payload })).sort();
  return `${first} ${fill(answer.received, { list: new Intl.ListFormat(lang).format(quoted) })}`;
}
