/** The predictions: a subscription with QoS 0, and two devices with one client identifier. */
import type { ComponentChildren } from 'preact';
import { granted0, outcomeOfGranted0, outcomeOfTakeover, takeover } from '../../lessons/sessions.ts';
import { PredictRun } from '../lesson/PredictRun.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { SessionsProps } from './words.ts';

const STORIES = {
  granted0: { variant: granted0, outcomeOf: outcomeOfGranted0 },
  takeover: { variant: takeover, outcomeOf: outcomeOfTakeover },
} as const;

interface Props extends SessionsProps {
  of: keyof typeof STORIES;
  children?: ComponentChildren;
}

export function Prediction({ of, children, ...props }: Props) {
  const words = wordsOf(props);
  return (
    <PredictRun words={words} lang={props.lang} slug="sessions" {...STORIES[of]} {...words.sessions[of]}>
      {children}
    </PredictRun>
  );
}
