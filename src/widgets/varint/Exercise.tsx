/** The exercise of lesson 5: a Remaining Length to read and one to write, made from a seed and marked by the codec. */
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { random, type Seed } from '../../lessons/chance.ts';
import {
  type BytesMark,
  exercise,
  type Mark,
  mark,
  type SizeMark,
  type Task,
  write,
} from '../../lessons/remaining-length.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useExercise } from '../lesson/useExercise.ts';
import { hexBytes, parseHex } from '../packet/hex.ts';
import { Beginning } from './Beginning.tsx';
import { spaced } from './convert.ts';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'varint'>;
  lang: string;
}

interface Typed {
  size: string;
  bytes: string;
}

const BLANK: Typed = { size: '', bytes: '' };

export function VarintExercise({ words, lang }: Props) {
  const phrases = words.varint.exercise;
  const isReady = useReady();
  const asked = useExercise<Task, Typed, Mark | 'seen'>(taskOf, () => BLANK);
  const { seed, question: task, given: typed, result, give, show, renew } = asked;
  const isWrong = (which: keyof Mark) =>
    result !== undefined && result !== 'seen' && result[which].is !== 'right';
  return (
    <Exercise
      words={words.lesson.exercise}
      task={phrases.task}
      seed={seed}
      verdict={result && verdict(result, task, phrases, lang)}
      onCheck={() => show(mark(task, sizeOf(typed.size), parseHex(typed.bytes)))}
      onNew={renew}
      onSolution={() => show('seen', { size: String(task.frame.length), bytes: hexBytes(write(task.value)) })}
    >
      <div class="vi-task">
        <p>{phrases.begins}</p>
        <Beginning frame={task.frame} header={0} label={phrases.shown} more={phrases.more} />
        <label>
          <span class="lab">{phrases.size}</span>
          <input
            class="field"
            inputMode="numeric"
            autocomplete="off"
            disabled={!isReady}
            aria-invalid={isWrong('size')}
            value={typed.size}
            onInput={(event) => give({ ...typed, size: event.currentTarget.value })}
          />
        </label>
      </div>
      <div class="vi-task">
        <p>{fill(phrases.write, { value: spaced(task.value) })}</p>
        <label>
          <span class="lab">{phrases.field}</span>
          <input
            class="field"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            disabled={!isReady}
            aria-invalid={isWrong('bytes')}
            value={typed.bytes}
            onInput={(event) => give({ ...typed, bytes: event.currentTarget.value })}
          />
        </label>
      </div>
    </Exercise>
  );
}

function taskOf(seed: Seed): Task {
  return exercise(random(seed));
}

/** A number as it is typed, with or without marks between its digits. */
function sizeOf(text: string): number | undefined {
  const digits = text.replace(/[\s,_]/g, '');
  return /^\d+$/.test(digits) ? Number(digits) : undefined;
}

type Phrases = Props['words']['varint']['exercise'];

function verdict(result: Mark | 'seen', task: Task, phrases: Phrases, lang: string): Verdict {
  if (result === 'seen') return { is: 'seen' };
  const value = spaced(task.value);
  if (result.size.is === 'right' && result.bytes.is === 'right')
    return {
      is: 'right',
      text: fill(phrases.right as string, {
        size: spaced(task.frame.length),
        bytes: hexBytes(write(task.value)),
        value,
      }),
    };
  return {
    is: 'wrong',
    text: `${sizeText(result.size, phrases)} ${bytesText(result.bytes, value, phrases, lang)}`,
  };
}

function sizeText(size: SizeMark, phrases: Phrases): string {
  switch (size.is) {
    case 'right':
      return phrases.sizeRight;
    case 'blank':
      return phrases.sizeBlank;
    case 'remaining':
      return fill(phrases.sizeRemaining, { typed: spaced(size.typed) });
    case 'highFirst':
      return fill(phrases.sizeHighFirst, { typed: spaced(size.typed) });
    case 'different':
      return fill(phrases.sizeDifferent, { typed: spaced(size.typed) });
    default:
      return size satisfies never;
  }
}

function bytesText(bytes: BytesMark, value: string, phrases: Phrases, lang: string): string {
  switch (bytes.is) {
    case 'right':
      return phrases.bytesRight;
    case 'blank':
      return phrases.bytesBlank;
    case 'fault':
      return fill(phrases.bytesFault, { message: bytes.message });
    case 'different':
      return fill(phrases.bytesDifferent as string, { read: spaced(bytes.read), value });
    case 'behind':
      return plural(phrases.bytesBehind, bytes.count, lang, { value });
    default:
      return bytes satisfies never;
  }
}
