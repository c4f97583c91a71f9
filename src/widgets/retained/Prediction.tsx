/** The prediction: what does a live subscriber get of the empty message? */
import type { ComponentChildren } from 'preact';
import { outcomeOf, prediction } from '../../lessons/retained.ts';
import { PredictRun } from '../lesson/PredictRun.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

export function Prediction({
  children,
  ...props
}: LessonProps<'retained'> & { children?: ComponentChildren }) {
  const words = wordsOf(props);
  return (
    <PredictRun
      words={words}
      lang={props.lang}
      slug="retained"
      {...words.retained.prediction}
      variant={prediction}
      outcomeOf={outcomeOf}
    >
      {children}
    </PredictRun>
  );
}
