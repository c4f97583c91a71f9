/** The second exercise of lesson 7: a packet of a real capture with bytes blanked out, marked by taking it apart. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { VERSION_NAMES } from '../../../broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { begin } from '../../lessons/progress.ts';
import { type Blanked, type BlankMark, blanked, markBlanks, type Real } from '../../lessons/wireshark.ts';
import { BlankBytes } from '../lesson/BlankBytes.tsx';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useSeed } from '../lesson/seed.ts';
import { hexByte } from '../packet/hex.ts';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'wireshark'>;
  lang: string;
  /** The packets to choose from. */
  real: readonly Real[];
}

export function Blanks({ words, lang, real }: Props) {
  const phrases = words.wireshark.blanks;
  const [seed, renew] = useSeed();
  const task = useMemo(() => blanked(seed, real), [seed, real]);
  const [typed, setTyped] = useState(empty(task));
  const [result, setResult] = useState<BlankMark | { is: 'seen' }>();
  useEffect(() => {
    setTyped(empty(task));
    setResult(undefined);
  }, [task]);
  const solve = (): void => {
    setTyped(new Map(task.blanks.map((at) => [at, hexByte(task.bytes[at] ?? 0)])));
    setResult({ is: 'seen' });
  };
  return (
    <Exercise
      words={words.lesson.exercise}
      task={fill(phrases.task, { version: VERSION_NAMES[task.version] })}
      label={phrases.label}
      seed={seed}
      verdict={result && verdictOf(result, phrases, lang)}
      onCheck={() => {
        begin('wireshark');
        setResult(markBlanks(task, typed));
      }}
      onNew={renew}
      onSolution={solve}
    >
      <BlankBytes
        words={words.lesson.exercise}
        bytes={task.bytes}
        parts={task.parts}
        blanks={typed}
        onType={(offset, text) => {
          setTyped((before) => new Map(before).set(offset, text));
          setResult(undefined);
        }}
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

function empty({ blanks }: Blanked): ReadonlyMap<number, string> {
  return new Map(blanks.map((offset) => [offset, '']));
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
