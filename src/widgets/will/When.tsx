/** The exercise: is the will published, and when? Marked by letting a world do what the story tells, second by second. */
import { VERSION_NAMES } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { type Line, markOf, type Question, questionOf } from '../../lessons/will.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { type LessonProps, type LessonWords, wordsOf } from '../stepper/words.ts';

interface Given {
  readonly isPublished?: boolean;
  readonly second: string;
}

type Words = LessonWords<'will'>['will']['exercise'];

const NOTHING: Given = { second: '' };

export function When(props: LessonProps<'will'>) {
  const words = wordsOf(props);
  const { exercise } = words.will;
  const isReady = useReady();
  const { seed, question, given, result, give, show, renew } = useExercise<Question, Given, Verdict>(
    questionOf,
    () => NOTHING,
  );
  const answer = (part: Partial<Given>) => give({ ...given, ...part });
  return (
    <Exercise
      words={words.lesson.exercise}
      task={fill(exercise.task, { version: VERSION_NAMES[question.version] })}
      seed={seed}
      verdict={result}
      onCheck={() => show(mark(question, given, exercise))}
      onSolution={() => {
        const solution = {
          isPublished: question.answer !== undefined,
          second: String(question.answer ?? ''),
        };
        show({ is: 'seen', text: inWords(question, exercise) }, solution);
      }}
      onNew={renew}
    >
      <dl class="story">
        {question.lines.map((line, index) => (
          <div key={`${seed} ${index}`}>
            <dt class="m">{fill(exercise.second, { second: line.at })}</dt>
            <dd>{lineText(line, exercise)}</dd>
          </div>
        ))}
      </dl>
      <div class="answers">
        <fieldset>
          <legend>{exercise.question}</legend>
          {[true, false].map((isPublished) => (
            <label class="chk" key={String(isPublished)}>
              <input
                type="radio"
                name="will published"
                disabled={!isReady}
                checked={given.isPublished === isPublished}
                onChange={() => answer({ isPublished })}
              />
              {isPublished ? exercise.published : exercise.notPublished}
            </label>
          ))}
        </fieldset>
        <label>
          <span>{exercise.when}</span>
          <input
            class="field sm"
            inputMode="numeric"
            autocomplete="off"
            disabled={!isReady}
            value={given.second}
            onInput={({ currentTarget }) => answer({ second: currentTarget.value })}
          />
        </label>
      </div>
    </Exercise>
  );
}

function lineText(line: Line, { lines }: Words): string {
  if (line.kind !== 'connects') return lines[line.kind];
  const { keepAlive, delay, expiry } = line;
  const five =
    delay === undefined || expiry === undefined ? '' : ` ${fill(lines.lasting, { delay, expiry })}`;
  return fill(lines.connects, { keepAlive }) + five;
}

function mark(question: Question, { isPublished, second }: Given, words: Words): Verdict {
  const isMissing = second.trim() === '';
  if (isPublished === undefined || (isPublished && isMissing)) return { is: 'wrong', text: words.unanswered };
  const found = markOf(question, isPublished ? Number(second) : undefined);
  return found ? { is: 'wrong', text: words.wrong[found] } : { is: 'right', text: inWords(question, words) };
}

function inWords({ answer }: Question, { answers }: Words): string {
  return answer === undefined ? answers.never : fill(answers.at, { second: answer });
}
