/** The exercise of lesson 3: the sizes of a packet and of its envelopes, made from a seed and measured by the engine. */
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { ASKED, type Asked, exercise, measure, type Task } from '../../lessons/network-stack.ts';
import { begin } from '../../lessons/progress.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import './envelope.css';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'envelope'>;
}

type Typed = Readonly<Record<Asked, string>>;
type Phrases = Dictionary['envelope']['exercise'];

const BLANK: Typed = { mqtt: '', segment: '', frame: '' };

export function EnvelopeExercise({ words }: Props) {
  const phrases = words.envelope.exercise;
  const isReady = useReady();
  const asked = useExercise<Task, Typed, Verdict>(exercise, () => BLANK);
  const { seed, question: task, given: typed, result, give, show, renew } = asked;
  const { topic, payload, qos, way, ipVersion } = task;
  return (
    <Exercise
      words={words.lesson.exercise}
      task={phrases.task}
      seed={seed}
      verdict={result}
      onCheck={() => {
        begin('network-stack');
        show(mark(task, typed, phrases));
      }}
      onNew={renew}
      onSolution={() => {
        const answer = measure(task);
        const text = (asked: Asked) => String(answer[asked]);
        show({ is: 'seen' }, { mqtt: text('mqtt'), segment: text('segment'), frame: text('frame') });
      }}
    >
      <p>
        {fill(phrases.facts as string, {
          topic,
          payload,
          qos,
          way: words.envelope.ways[way],
          ip: phrases.ip[ipVersion],
        })}
      </p>
      <p class="lab">{phrases.headers}</p>
      <div class="ev-asked">
        {ASKED.map((asked) => (
          <label key={asked}>
            <span class="lab">{phrases.asked[asked]}</span>
            <input
              class="field"
              inputMode="numeric"
              autocomplete="off"
              disabled={!isReady}
              value={typed[asked]}
              onInput={({ currentTarget }) => give({ ...typed, [asked]: currentTarget.value })}
            />
          </label>
        ))}
      </div>
    </Exercise>
  );
}

/** The first size that is not the engine's, from the packet outwards. */
function mark(task: Task, typed: Typed, phrases: Phrases): Verdict {
  if (ASKED.some((asked) => !/^\s*\d+\s*$/.test(typed[asked]))) return { is: 'wrong', text: phrases.blank };
  const answer = measure(task);
  const wrong = ASKED.find((asked) => Number(typed[asked]) !== answer[asked]);
  if (wrong) return { is: 'wrong', text: fill(phrases.wrong[wrong], { typed: typed[wrong].trim() }) };
  return { is: 'right', text: fill(phrases.right as string, { ...answer }) };
}
