/** The predictions: what becomes of a message to a new topic, who gets what device A publishes, and what a phone has missed. */
import type { ComponentChildren } from 'preact';
import {
  bothWays,
  mistyped,
  offline,
  outcomeOfBothWays,
  outcomeOfMistyped,
  outcomeOfOffline,
} from '../../lessons/publish-subscribe.ts';
import { PredictRun } from '../lesson/PredictRun.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { PublishSubscribeProps } from './words.ts';

const STORIES = {
  mistyped: { variant: mistyped, outcomeOf: outcomeOfMistyped },
  bothWays: { variant: bothWays, outcomeOf: outcomeOfBothWays },
  offline: { variant: offline, outcomeOf: outcomeOfOffline },
} as const;

interface Props extends PublishSubscribeProps {
  of: keyof typeof STORIES;
  children?: ComponentChildren;
}

export function Prediction({ of, children, ...props }: Props) {
  const words = wordsOf(props);
  return (
    <PredictRun
      words={words}
      lang={props.lang}
      slug="publish-subscribe"
      {...STORIES[of]}
      {...words.publishSubscribe[of]}
    >
      {children}
    </PredictRun>
  );
}
