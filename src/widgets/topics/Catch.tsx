/** The exercise: which of these topics does this filter catch? Marked by letting a broker match. */
import { useMemo, useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { markOf, type Question, questionOf } from '../../lessons/topics.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useSeed } from '../lesson/seed.ts';
import { wordsOf } from '../stepper/words.ts';
import type { TopicsProps, TopicsWords } from './words.ts';
import './topics.css';

type Words = TopicsWords['topics']['exercise'];

export function Catch(props: TopicsProps) {
  const words = wordsOf(props);
  const { exercise } = words.topics;
  const isReady = useReady();
  const [seed, renew] = useSeed();
  const question = useMemo(() => questionOf(seed), [seed]);
  const [given, setGiven] = useState<readonly string[]>([]);
  const [verdict, setVerdict] = useState<Verdict>();
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
      verdict={verdict}
      onCheck={() => setVerdict(mark(question, given, exercise, props.lang))}
      onSolution={() => {
        setGiven(question.answer);
        setVerdict({ is: 'seen', text: inWords(question, exercise, props.lang) });
      }}
      onNew={() => {
        setGiven([]);
        setVerdict(undefined);
        renew();
      }}
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
                  setGiven(currentTarget.checked ? [...rest, topic] : rest);
                  setVerdict(undefined);
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
