/** The predictions: what # does not match, and what + does. */
import type { ComponentChildren } from 'preact';
import { outcomeOf, predictions } from '../../lessons/topics.ts';
import { PredictRun } from '../lesson/PredictRun.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { TopicsProps } from './words.ts';

interface Props extends TopicsProps {
  of: keyof typeof predictions;
  children?: ComponentChildren;
}

export function Prediction({ of, children, ...props }: Props) {
  const words = wordsOf(props);
  const { variant, outcomes } = predictions[of];
  return (
    <PredictRun
      words={words}
      lang={props.lang}
      slug="topics"
      {...words.topics.predictions[of]}
      variant={variant}
      outcomeOf={(world) => outcomeOf(world, outcomes)}
    >
      {children}
    </PredictRun>
  );
}
