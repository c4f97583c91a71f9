/** The first exercise of lesson 7: a capture with one fault, to be found and named. The reader of captures marks it. */
import { useCallback, useEffect, useId, useState } from 'preact/hooks';
import type { CaptureContents } from '../../../broker/capture/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { Seed } from '../../lessons/chance.ts';
import { begin } from '../../lessons/progress.ts';
import {
  FAULTS,
  type Fault,
  type Faulty,
  faulty,
  type Verdict as Mark,
  markFound,
  PLANTED,
  placeOf,
  readFaulty,
} from '../../lessons/wireshark.ts';
import { CaptureViewer } from '../capture/Capture.tsx';
import { Desk } from '../capture/desk.ts';
import type { First, Shown } from '../capture/viewer.ts';
import { Exercise, type Verdict } from '../lesson/Exercise.tsx';
import { useReady } from '../lesson/ready.ts';
import { useSeed } from '../lesson/seed.ts';

interface Props {
  words: Pick<Dictionary, 'capture' | 'stepper' | 'lesson' | 'wireshark'>;
  lang: string;
}

/** The exercise, read. */
interface Task {
  exercise: Faulty;
  contents: CaptureContents;
  first: First;
  /** Where its file can be fetched. */
  url: string;
}

export function FaultExercise({ words, lang }: Props) {
  const phrases = words.wireshark.faulty;
  const name = useId();
  const isReady = useReady();
  const [seed, renew] = useSeed();
  const task = useTask(seed);
  const [packet, setPacket] = useState<number>();
  const [chosen, choose] = useState<Fault>();
  const [result, setResult] = useState<Mark | 'choose' | 'seen'>();
  useEffect(() => {
    setPacket(undefined);
    choose(undefined);
    setResult(undefined);
  }, [seed]);
  const watch = useCallback(({ opened }: Shown) => setPacket(opened?.packet.number), []);
  const check = (): void => {
    if (task === undefined || packet === undefined || chosen === undefined) return setResult('choose');
    begin('wireshark');
    setResult(markFound(task.contents, task.exercise, packet, chosen));
  };
  const solve = (): void => {
    if (task === undefined) return;
    choose(task.exercise.fault);
    setResult('seen');
  };
  return (
    <Exercise
      words={words.lesson.exercise}
      task={phrases.task}
      label={phrases.label}
      seed={seed}
      verdict={task && verdictOf(result, task, packet, phrases)}
      onCheck={check}
      onNew={renew}
      onSolution={solve}
    >
      {task === undefined ? (
        <p class="lab">{phrases.making}</p>
      ) : (
        <CaptureViewer
          key={task.url}
          words={words}
          lang={lang}
          examples={[{ name: fileName(seed), url: task.url }]}
          example={fileName(seed)}
          first={task.first}
          lesson="wireshark"
          isBrief
          isQuiet
          onShown={watch}
        />
      )}
      <fieldset class="faults" disabled={!isReady}>
        <legend>{phrases.legend}</legend>
        {FAULTS.map((fault) => (
          <label key={fault} class="chk">
            <input
              type="radio"
              name={name}
              checked={fault === chosen}
              onChange={() => {
                choose(fault);
                setResult(undefined);
              }}
            />
            {phrases.faults[fault]}
          </label>
        ))}
      </fieldset>
    </Exercise>
  );
}

function fileName(seed: Seed): string {
  return `exercise-${seed}.pcapng`;
}

function useTask(seed: Seed): Task | undefined {
  const [task, setTask] = useState<Task>();
  useEffect(() => {
    let isWanted = true;
    let url: string | undefined;
    void taskOf(faulty(seed)).then((made) => {
      if (!isWanted) return URL.revokeObjectURL(made.url);
      url = made.url;
      setTask(made);
    });
    return () => {
      isWanted = false;
      setTask(undefined);
      if (url !== undefined) URL.revokeObjectURL(url);
    };
  }, [seed]);
  return task;
}

/** So small a file is read in the page. */
async function taskOf(exercise: Faulty): Promise<Task> {
  const file = new Blob([new Uint8Array(exercise.file)]);
  const desk = new Desk(
    () => {},
    async () => {},
  );
  const read = await desk.take({ do: 'read', file, keyLogs: [], ports: [], filter: '' });
  const opened = await desk.take({ do: 'open', number: 1 });
  const contents = await readFaulty(exercise);
  return { exercise, contents, first: { read, opened }, url: URL.createObjectURL(file) };
}

function verdictOf(
  result: Mark | 'choose' | 'seen' | undefined,
  { exercise, contents }: Task,
  packet: number | undefined,
  phrases: Props['words']['wireshark']['faulty'],
): Verdict | undefined {
  if (result === undefined) return undefined;
  if (result === 'choose') return { is: 'wrong', text: phrases.choose };
  const at = result === 'seen' ? placeOf(contents, exercise) : (packet ?? 1);
  const frame = contents.packets[at - 1]?.frame ?? 0;
  const message = contents.findings.find(({ id }) => id === PLANTED[exercise.fault])?.message ?? '';
  if (result === 'seen')
    return { is: 'seen', text: fill(phrases.verdicts.right as string, { frame, message }) };
  const text = fill(phrases.verdicts[result] as string, { frame, message });
  return { is: result === 'right' ? 'right' : 'wrong', text };
}
