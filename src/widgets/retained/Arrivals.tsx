/** The exercise: who gets this message, and with which RETAIN flag? Marked by letting a world do what the story tells. */
import { VERSION_NAMES } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import {
  type Arrival,
  type Line,
  markOf,
  type Question,
  questionOf,
  SUBSCRIBERS,
} from '../../lessons/retained.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { type LessonProps, type LessonWords, wordsOf } from '../stepper/words.ts';

type Given = Readonly<Record<string, Arrival>>;
type Words = LessonWords<'retained'>['retained']['exercise'];

const ARRIVALS = ['none', '0', '1'] as const;

export function Arrivals(props: LessonProps<'retained'>) {
  const words = wordsOf(props);
  const { exercise } = words.retained;
  const isReady = useReady();
  const { seed, question, given, result, give, show, renew } = useExercise<Question, Given, Verdict>(
    questionOf,
    () => ({}),
  );
  return (
    <Exercise
      words={words.lesson.exercise}
      task={fill(exercise.task, { version: VERSION_NAMES[question.version], payload: question.payload })}
      seed={seed}
      verdict={result}
      onCheck={() => show(mark(question, given, exercise, props.lang))}
      onSolution={() => show({ is: 'seen', text: inWords(question, exercise) }, question.answer)}
      onNew={renew}
    >
      <ol class="story">
        {question.lines.map((line, index) => (
          <li key={`${seed} ${index}`}>{lineText(line, exercise)}</li>
        ))}
      </ol>
      <div class="answers">
        {SUBSCRIBERS.map((client) => (
          <fieldset key={client}>
            <legend>{fill(exercise.gets, { client, payload: question.payload })}</legend>
            {ARRIVALS.map((arrival) => (
              <label class="chk" key={arrival}>
                <input
                  type="radio"
                  name={`arrival ${client}`}
                  disabled={!isReady}
                  checked={given[client] === arrival}
                  onChange={() => give({ ...given, [client]: arrival })}
                />
                {exercise.options[arrival]}
              </label>
            ))}
          </fieldset>
        ))}
      </div>
    </Exercise>
  );
}

function lineText(line: Line, { lines }: Words): string {
  switch (line.kind) {
    case 'subscribes': {
      const text = line.asPublished ? lines.subscribesAsPublished : lines.subscribes;
      return fill(text, { client: line.client, topicFilter: line.topicFilter });
    }
    case 'publishes': {
      const { topic, payload, retain } = line;
      return fill(payload === '' ? lines.empties : lines.publishes, { topic, payload, flag: Number(retain) });
    }
    case 'leaves':
      return lines.leaves;
    default:
      return line satisfies never;
  }
}

function mark(question: Question, given: Given, words: Words, lang: string): Verdict {
  if (SUBSCRIBERS.some((client) => given[client] === undefined))
    return { is: 'wrong', text: words.unanswered };
  const wrong = markOf(question, given);
  if (wrong.length === 0) return { is: 'right', text: inWords(question, words) };
  return { is: 'wrong', text: fill(words.wrong, { clients: new Intl.ListFormat(lang).format(wrong) }) };
}

function inWords({ answer }: Question, { answers }: Words): string {
  return SUBSCRIBERS.map((client) => fill(answers[answer[client] ?? 'none'], { client })).join(' ');
}
