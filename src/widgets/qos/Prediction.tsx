/** The prediction: cut at the PUBACK. The run is a real one, in a figure of its own; what it shows is the outcome. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { begin as begun } from '../../lessons/progress.ts';
import { deliveries, PAYLOAD, prediction } from '../../lessons/qos.ts';
import { begin, worldOf } from '../../lessons/run.ts';
import { Predict } from '../lesson/Predict.tsx';
import { Stepper } from '../stepper/Stepper.tsx';
import { type QosProps, wordsOf } from './words.ts';
import './qos.css';

/** Which of the options says so many deliveries. */
const OPTION_OF = [2, 0, 1] as const;
const KEY = '4-1';
const variants = [{ key: KEY, qos: 1, scenario: prediction }] as const;

export function Prediction({ children, ...props }: QosProps & { children?: ComponentChildren }) {
  const { lang } = props;
  const words = wordsOf(props);
  const [order, setOrder] = useState<{ variant: string; run: ReturnType<typeof begin>; plays: boolean }>();
  const [outcome, setOutcome] = useState<number>();
  const { question, options } = words.qos.prediction;
  return (
    <Predict
      words={words.lesson.predict}
      question={fill(question, { payload: PAYLOAD })}
      options={options}
      outcome={outcome}
      onRun={() => {
        begun('qos');
        setOrder({ variant: KEY, run: begin(prediction), plays: true });
      }}
      result={
        order && (
          <Stepper
            id="prediction"
            linked={false}
            variants={variants}
            opens={KEY}
            words={words}
            lang={lang}
            order={order}
            onMoment={(run, line) => {
              if (run.at === line.inputs.length) setOutcome(OPTION_OF[deliveries(worldOf(run)) as 0 | 1 | 2]);
            }}
          />
        )
      }
    >
      {(outcome !== undefined || !order) && <div class="explained">{children}</div>}
    </Predict>
  );
}
