/** One moment of a run, standing still: the diagram and what each remembers, with nothing to press. */
import { fill } from '../../i18n/phrase.ts';
import type { Run } from '../../lessons/run.ts';
import { namesOf } from '../../lessons/scenario.ts';
import { draw } from './draw.ts';
import { Remembers } from './Remembers.tsx';
import { Stage } from './Stage.tsx';
import { type StepperWords, transcript } from './tell.ts';
import { timeline } from './timeline.ts';
import './stepper.css';

export interface StillProps {
  run: Run;
  words: StepperWords;
  lang: string;
}

export function Still({ run, words, lang }: StillProps) {
  const { at, scenario } = run;
  const { participants, setup } = scenario;
  // What comes after this moment is not to be seen.
  const line = timeline({ ...run, inputs: run.inputs.slice(0, at) });
  const diagram = draw({ ...line, moments: line.moments.slice(0, at + 1) }, at, participants);
  const lines = transcript({ line, at, rows: diagram.rows, participants }, words);
  return (
    <figure
      class="sx still not-content"
      aria-label={fill(words.stepper.figure, { who: namesOf(participants, lang) })}
    >
      <Stage
        words={words}
        lang={lang}
        version={setup.version}
        live={false}
        participants={participants}
        diagram={diagram}
      />
      <p class="vh-hide">{lines.map(({ text }) => text).join(' ')}</p>
      <Remembers words={words.stepper} lang={lang} line={line} at={at} participants={participants} />
    </figure>
  );
}
