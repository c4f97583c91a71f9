/** The exercise of lesson 4: packets without their first bytes, made from a seed and marked by the decoder. */
import { type Part, packetName } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { random, type Seed } from '../../lessons/chance.ts';
import { exercise, type Mark, mark, type Task } from '../../lessons/fixed-header.ts';
import { BlankBytes } from '../lesson/BlankBytes.tsx';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useExercise } from '../lesson/useExercise.ts';
import { hexByte } from '../packet/hex.ts';
import { open, partAt } from '../packet/opened.ts';
import './bits.css';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'bits'>;
}

type Phrases = Props['words']['bits']['exercise'];

export function BitsExercise({ words }: Props) {
  const phrases = words.bits.exercise;
  const asked = useExercise<readonly Task[], readonly string[], Mark | 'seen'>(tasksOf, () => []);
  const { seed, question: tasks, given: typed, result, give, show, renew } = asked;
  const wrong = result === undefined || result === 'seen' || result.is === 'right' ? undefined : result.index;
  return (
    <Exercise
      words={words.lesson.exercise}
      task={phrases.task}
      seed={seed}
      verdict={result && verdict(result, tasks, words)}
      onCheck={() => show(mark(tasks, typed))}
      onNew={renew}
      onSolution={() =>
        show(
          'seen',
          tasks.map(({ frame }) => hexByte(frame[0] ?? 0)),
        )
      }
    >
      <ol class="fb-tasks">
        {tasks.map((task, index) => {
          const label = fill(phrases.packet as string, { number: index + 1, what: whatOf(task, words) });
          return (
            <li key={index}>
              {label}
              <BlankBytes
                words={{ ...words.lesson.exercise, bytes: label }}
                bytes={task.frame}
                parts={partsOf(task)}
                blanks={new Map([[0, typed[index] ?? '']])}
                onType={(_, text) =>
                  give(tasks.map((_, place) => (place === index ? text : (typed[place] ?? ''))))
                }
                wrong={wrong === index ? new Set([0]) : undefined}
              />
            </li>
          );
        })}
      </ol>
    </Exercise>
  );
}

function tasksOf(seed: Seed): readonly Task[] {
  return exercise(random(seed));
}

function partsOf({ frame }: Task): Part[] {
  const opened = open(frame, 4);
  return Array.from(frame, (_, offset) => {
    const part = partAt(opened, offset);
    return part === 'unread' ? 'payload' : part;
  });
}

/** What a packet is to be. */
function whatOf({ packet }: Task, { bits }: Props['words']): string {
  if (packet.type !== 'publish') return packetName(packet.type);
  return fill(bits.exercise.publish as string, {
    qos: packet.qos,
    retain: packet.retain ? bits.retained : bits.notRetained,
    dup: packet.dup ? bits.again : bits.first,
  });
}

function verdict(result: Mark | 'seen', tasks: readonly Task[], words: Props['words']): Verdict {
  const phrases: Phrases = words.bits.exercise;
  if (result === 'seen') return { is: 'seen' };
  switch (result.is) {
    case 'right':
      return {
        is: 'right',
        text: fill(phrases.right, { packets: tasks.map((task) => whatOf(task, words)).join('; ') }),
      };
    case 'blank':
      return { is: 'wrong', text: fill(phrases.blank, { number: result.index + 1 }) };
    case 'fault':
      return {
        is: 'wrong',
        text: fill(phrases.fault as string, { number: result.index + 1, message: result.message }),
      };
    case 'different': {
      const { what, found, wanted } = result.comparison;
      const values = {
        number: result.index + 1,
        what: phrases.names[what],
        found: found ?? phrases.nothing,
        wanted,
      };
      return {
        is: 'wrong',
        text: fill((what === 'packetType' ? phrases.type : phrases.flag) as string, values),
      };
    }
    default:
      return result satisfies never;
  }
}
