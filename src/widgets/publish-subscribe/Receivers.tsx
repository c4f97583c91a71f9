/** The exercise: which clients get this message? Marked by letting a world do what the story tells. */
import { VERSION_NAMES } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import {
  CLIENTS,
  type ClientName,
  type Line,
  markOf,
  type Question,
  questionOf,
  reasonFor,
} from '../../lessons/publish-subscribe.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { wordsOf } from '../stepper/words.ts';
import type { PublishSubscribeProps, PublishSubscribeWords } from './words.ts';

type Given = Partial<Question['answer']>;
type Words = PublishSubscribeWords['publishSubscribe']['exercise'];

export function Receivers(props: PublishSubscribeProps) {
  const words = wordsOf(props);
  const { exercise } = words.publishSubscribe;
  const isReady = useReady();
  const { seed, question, given, result, give, show, renew } = useExercise<Question, Given, Verdict>(
    questionOf,
    () => ({}),
  );
  const { payload, version } = question;
  return (
    <Exercise
      words={words.lesson.exercise}
      task={fill(exercise.task, { version: VERSION_NAMES[version], payload })}
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
        <fieldset>
          <legend>{fill(exercise.gets, { payload })}</legend>
          {CLIENTS.map((client) => (
            <label class="chk" key={client}>
              <input
                type="checkbox"
                disabled={!isReady}
                checked={given[client] ?? false}
                onChange={({ currentTarget }) => give({ ...given, [client]: currentTarget.checked })}
              />
              {client}
            </label>
          ))}
        </fieldset>
      </div>
    </Exercise>
  );
}

function lineText(line: Line, { lines }: Words): string {
  return line.kind === 'publishes'
    ? fill(lines.publishes, { topic: line.topic, payload: line.payload })
    : fill(lines[line.kind], { topic: '', ...line });
}

function mark(question: Question, given: Given, words: Words, lang: string): Verdict {
  const wrong = markOf(question, given);
  if (wrong.length === 0) return { is: 'right', text: inWords(question, words) };
  return { is: 'wrong', text: fill(words.wrong, { clients: new Intl.ListFormat(lang).format(wrong) }) };
}

/** Who gets it and who does not, each with the reason. */
function inWords(question: Question, { reasons }: Words): string {
  const tell = (client: ClientName) => fill(reasons[reasonFor(question, client)], { client });
  return CLIENTS.map(tell).join(' ');
}
