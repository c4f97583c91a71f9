/** The exercise: what is sent again after this cut? Marked by letting the world go on. */
import { fill, plural } from '../../i18n/phrase.ts';
import { type Again, type Answer, markOf, type Question, questionOf } from '../../lessons/qos.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import { Still } from '../stepper/Still.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { QosProps, QosWords } from './words.ts';

interface Given {
  readonly again?: Again;
  readonly packetId: string;
  readonly deliveries?: number;
}

const NOTHING: Given = { packetId: '' };

export function Cut(props: QosProps) {
  const { lang } = props;
  const words = wordsOf(props);
  const { seed, question, given, result, give, show, renew } = useExercise<Question, Given, Verdict>(
    questionOf,
    () => NOTHING,
  );
  const { exercise } = words.qos;
  const isOver = result !== undefined && result.is !== 'wrong';
  return (
    <Exercise
      words={words.lesson.exercise}
      task={fill(exercise.task, { client: question.client })}
      seed={seed}
      verdict={result}
      onCheck={() => show(mark(question, given, words, lang))}
      onSolution={() => show({ is: 'seen', text: inWords(question, words, lang) }, asGiven(question.answer))}
      onNew={renew}
    >
      {isOver ? (
        <LessonFigure
          key={seed}
          id="cut"
          linked={false}
          variants={[{ key: seed, scenario: question.scenario }]}
          opens={seed}
          words={words}
          lang={lang}
          order={question.order}
        />
      ) : (
        <Still run={question.run} words={words} lang={lang} />
      )}
      <Answers
        words={words}
        question={question}
        given={given}
        answer={(part) => give({ ...given, ...part })}
      />
    </Exercise>
  );
}

interface AnswersProps {
  words: QosWords;
  question: Question;
  given: Given;
  answer(part: Partial<Given>): void;
}

function Answers({ words: { qos }, question, given, answer }: AnswersProps) {
  const isReady = useReady();
  const { exercise } = qos;
  const radio = (name: string, text: string, checked: boolean, choose: () => void) => (
    <label class="chk" key={text}>
      <input type="radio" name={`cut ${name}`} disabled={!isReady} checked={checked} onChange={choose} />
      {text}
    </label>
  );
  return (
    <div class="answers">
      <fieldset>
        <legend>{exercise.again}</legend>
        {(Object.keys(exercise.options) as Again[]).map((again) =>
          radio('again', exercise.options[again], given.again === again, () => answer({ again })),
        )}
      </fieldset>
      <label>
        <span>{exercise.packetId}</span>
        <input
          class="field sm"
          inputMode="numeric"
          autocomplete="off"
          disabled={!isReady}
          value={given.packetId}
          onInput={({ currentTarget }) => answer({ packetId: currentTarget.value })}
        />
      </label>
      <fieldset>
        <legend>{fill(exercise.deliveries, { payload: question.payload })}</legend>
        {[0, 1, 2].map((count) =>
          radio('deliveries', String(count), given.deliveries === count, () => answer({ deliveries: count })),
        )}
      </fieldset>
    </div>
  );
}

function mark(question: Question, given: Given, words: QosWords, lang: string): Verdict {
  const { again, deliveries } = given;
  const { wrong } = words.qos.exercise;
  if (again === undefined || deliveries === undefined) return { is: 'wrong', text: wrong.unanswered };
  const packetId = given.packetId.trim() === '' ? undefined : Number(given.packetId);
  const found = markOf(question, { again, packetId, deliveries });
  return found ? { is: 'wrong', text: wrong[found] } : { is: 'right', text: inWords(question, words, lang) };
}

function asGiven({ again, packetId, deliveries }: Answer): Given {
  return { again, packetId: packetId === undefined ? '' : String(packetId), deliveries };
}

function inWords({ answer, payload }: Question, { qos }: QosWords, lang: string): string {
  const { options, answer: words } = qos.exercise;
  const { again, packetId, deliveries } = answer;
  const first =
    again === 'nothing' ? words.none : fill(words.again, { packet: options[again], id: packetId ?? '' });
  return `${first} ${plural(words.deliveries, deliveries, lang, { payload })}`;
}
