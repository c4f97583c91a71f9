/** The prediction: after how long a silence is the will published? */
import type { ComponentChildren } from 'preact';
import { outcomeOf, prediction } from '../../lessons/will.ts';
import { PredictRun } from '../lesson/PredictRun.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

export function Prediction({ children, ...props }: LessonProps<'will'> & { children?: ComponentChildren }) {
  const words = wordsOf(props);
  return (
    <PredictRun
      words={words}
      lang={props.lang}
      slug="will"
      {...words.will.prediction}
      variant={prediction}
      outcomeOf={outcomeOf}
    >
      {children}
    </PredictRun>
  );
}
