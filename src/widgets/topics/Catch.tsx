/** The exercise: which of these topics does this filter catch? Marked by letting a broker match. */
import { fill } from '../../i18n/phrase.ts';
import { markOf, type Question, questionOf } from '../../lessons/topics.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { wordsOf } from '../stepper/words.ts';
import type { TopicsProps, TopicsWords } from './words.ts';
import './topics.css';

type Words = TopicsWords['topics']['exercise'];

export function Catch(props: TopicsProps) {
  const words = wordsOf(props);
  const { exercise } = words.topics;
  const isReady = useReady();
  const { seed, question, given, result, give, show, renew } = useExercise<
    Question,
    readonly string[],
    Verdict
  >(questionOf, () => []);
  const [before, after] = exercise.task.split('{filter}');
  return (
    <Exercise
      words={words.lesson.exercise}
      task={
        <>
          {before}
          <code>{question.topicFilter}</code>
          {after}
        </>
      }
      seed={seed}
      verdict={result}
      onCheck={() => show(mark(question, given, exercise, props.lang))}
      onSolution={() => show({ is: 'seen', text: inWords(question, exercise, props.lang) }, question.answer)}
      onNew={renew}
    >
      <div class="answers tp-catch">
        <fieldset>
          <legend>{exercise.legend}</legend>
          {question.topics.map((topic) => (
            <label class="chk m" key={topic}>
              <input
                type="checkbox"
                disabled={!isReady}
                checked={given.includes(topic)}
                onChange={({ currentTarget }) => {
                  const rest = given.filter((each) => each !== topic);
                  give(currentTarget.checked ? [...rest, topic] : rest);
                }}
              />
              {topic}
            </label>
          ))}
        </fieldset>
      </div>
    </Exercise>
  );
}

function mark(question: Question, given: readonly string[], words: Words, lang: string): Verdict {
  const wrong = markOf(question, given);
  if (wrong.length === 0) return { is: 'right', text: inWords(question, words, lang) };
  return { is: 'wrong', text: fill(words.wrong, { list: new Intl.ListFormat(lang).format(wrong) }) };
}

function inWords({ answer }: Question, words: Words, lang: string): string {
  if (answer.length === 0) return words.none;
  return fill(words.answer, { list: new Intl.ListFormat(lang).format(answer) });
}
