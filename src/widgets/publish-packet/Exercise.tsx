/** The exercise of lesson 6: a PUBLISH with bytes blanked out, made from a seed and marked by the decoder. */
import { VERSION_NAMES } from '../../../broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { begin } from '../../lessons/progress.ts';
import { type Asked, type Blanked, exercise, type Mark, mark } from '../../lessons/publish-packet.ts';
import { BlankBytes, type Blanks, blank, filled } from '../lesson/BlankBytes.tsx';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useExercise } from '../lesson/useExercise.ts';
import { wantedOf } from './wanted.ts';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'publishPacket'>;
  lang: string;
}

export function PublishExercise({ words, lang }: Props) {
  const { exercise: phrases } = words.publishPacket;
  const asked = useExercise<Blanked, Blanks, Mark | 'seen'>(exercise, blank);
  const { seed, question: task, given: typed, result, give, show, renew } = asked;
  return (
    <Exercise
      words={words.lesson.exercise}
      task={fill(phrases.task, { version: VERSION_NAMES[task.asked.version] })}
      seed={seed}
      verdict={result && verdict(result, task, words, lang)}
      onCheck={() => {
        begin('publish-packet');
        show(mark(task, typed));
      }}
      onNew={renew}
      onSolution={() => show('seen', filled(task))}
    >
      <BlankBytes
        words={words.lesson.exercise}
        bytes={task.bytes}
        parts={task.parts}
        blanks={typed}
        onType={(offset, text) => give((before) => new Map(before).set(offset, text))}
        wrong={result !== undefined && result !== 'seen' ? wrongOf(result) : undefined}
      />
      <p class="facts">{facts(task.asked, phrases)}</p>
    </Exercise>
  );
}

function wrongOf(result: Mark): ReadonlySet<number> {
  if (result.is === 'blank') return new Set(result.offsets);
  return new Set(result.is === 'fault' ? [result.offset] : []);
}

type Phrases = Props['words']['publishPacket']['exercise'];

/** What the packet is to say. */
function facts({ qos, retain, packetId, topic, payload }: Asked, words: Phrases): string {
  const id = packetId === undefined ? words.noId : fill(words.id, { id: packetId });
  return fill(words.facts as string, {
    qos,
    retain: retain ? words.retained : words.notRetained,
    id,
    topic,
    payload,
  });
}

function verdict(result: Mark | 'seen', { asked }: Blanked, words: Props['words'], lang: string): Verdict {
  const { exercise: phrases, goal } = words.publishPacket;
  if (result === 'seen') return { is: 'seen' };
  switch (result.is) {
    case 'right':
      return { is: 'right', text: fill(phrases.right, { facts: facts(asked, phrases) }) };
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
      const { what, found } = result.comparison;
      const values = {
        what: goal.names[what],
        found: found ?? phrases.nothing,
        wanted: wantedOf(what, asked) ?? phrases.nothing,
      };
      return { is: 'wrong', text: fill(phrases.different as string, values) };
    }
    default:
      return result satisfies never;
  }
}
