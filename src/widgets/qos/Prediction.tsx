/** The prediction: cut at the PUBACK. How often does the phone receive the message? */
import type { ComponentChildren } from 'preact';
import { fill } from '../../i18n/phrase.ts';
import { deliveries, PAYLOAD, prediction } from '../../lessons/qos.ts';
import { PredictRun } from '../lesson/PredictRun.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { QosProps } from './words.ts';

/** Which of the options says so many deliveries. */
const OPTION_OF = [2, 0, 1] as const;
const variant = { key: '4-1', qos: 1, scenario: prediction } as const;

export function Prediction({ children, ...props }: QosProps & { children?: ComponentChildren }) {
  const words = wordsOf(props);
  const { question, options } = words.qos.prediction;
  return (
    <PredictRun
      words={words}
      lang={props.lang}
      slug="qos"
      question={fill(question, { payload: PAYLOAD })}
      options={options}
      variant={variant}
      outcomeOf={(world) => OPTION_OF[deliveries(world) as 0 | 1 | 2]}
    >
      {children}
    </PredictRun>
  );
}
