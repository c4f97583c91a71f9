/** The second exercise of lesson 7: a packet of a real capture with bytes blanked out, marked by taking it apart. */
import { useCallback } from 'preact/hooks';
import { VERSION_NAMES } from '../../../broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import type { Seed } from '../../lessons/chance.ts';
import { begin } from '../../lessons/progress.ts';
import { type Blanked, type BlankMark, blanked, markBlanks, type Real } from '../../lessons/wireshark.ts';
import { BlankBytes, blank, filled, type Blanks as Typed } from '../lesson/BlankBytes.tsx';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useExercise } from '../lesson/useExercise.ts';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'wireshark'>;
  lang: string;
  /** The packets to choose from. */
  real: readonly Real[];
}

export function Blanks({ words, lang, real }: Props) {
  const phrases = words.wireshark.blanks;
  const ask = useCallback((seed: Seed) => blanked(seed, real), [real]);
  const asked = useExercise<Blanked, Typed, BlankMark | { is: 'seen' }>(ask, blank);
  const { seed, question: task, given: typed, result, give, show, renew } = asked;
  return (
    <Exercise
      words={words.lesson.exercise}
      task={fill(phrases.task, { version: VERSION_NAMES[task.version] })}
      label={phrases.label}
      seed={seed}
      verdict={result && verdictOf(result, phrases, lang)}
      onCheck={() => {
        begin('wireshark');
        show(markBlanks(task, typed));
      }}
      onNew={renew}
      onSolution={() => show({ is: 'seen' }, filled(task))}
    >
      <BlankBytes
        words={words.lesson.exercise}
        bytes={task.bytes}
        parts={task.parts}
        blanks={typed}
        onType={(offset, text) => give((before) => new Map(before).set(offset, text))}
        wrong={
          new Set(result?.is === 'blank' ? result.offsets : result?.is === 'fault' ? [result.offset] : [])
        }
      />
      <ul class="shown" aria-label={phrases.fields}>
        {task.fields.map(({ filter, value }, index) => (
          <li key={index}>
            <span class="m lab">{filter}</span> <span class="m">{value}</span>
          </li>
        ))}
      </ul>
    </Exercise>
  );
}

function verdictOf(
  result: BlankMark | { is: 'seen' },
  phrases: Props['words']['wireshark']['blanks'],
  lang: string,
): Verdict {
  switch (result.is) {
    case 'seen':
      return { is: 'seen' };
    case 'right':
      return { is: 'right', text: phrases.right };
    case 'blank':
      return {
        is: 'wrong',
        text: plural(phrases.blank, result.offsets.length, lang, { offsets: result.offsets.join(', ') }),
      };
    case 'fault':
      return {
        is: 'wrong',
        text: fill(phrases.fault as string, { offset: result.offset, message: result.message }),
      };
    case 'different': {
      const { filter, found, wanted } = result;
      return {
        is: 'wrong',
        text: fill(phrases.different as string, { filter, found: found || phrases.nothing, wanted }),
      };
    }
    default:
      return result satisfies never;
  }
}
