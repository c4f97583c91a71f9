/** The prediction about a CONNECT that contradicts itself: it is sent to a broker in the page, in both versions. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { begin } from '../../lessons/progress.ts';
import { denied } from '../../lessons/will.ts';
import { Exchange } from '../lesson/Exchange.tsx';
import { Predict } from '../lesson/Predict.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

export function Denied({ children, ...props }: LessonProps<'will'> & { children?: ComponentChildren }) {
  const words = wordsOf(props);
  const [run, setRun] = useState<ReturnType<typeof denied>>();
  return (
    <Predict
      words={words.lesson.predict}
      {...words.will.denied}
      onRun={() => {
        begin('will');
        setRun(denied());
      }}
      outcome={run?.outcome}
      result={run?.answers.map((answer) => (
        <Exchange
          key={answer.version}
          words={words.lesson.exchange}
          capsule={words.packet.capsule}
          client="p1"
          answer={answer}
        />
      ))}
    >
      {children}
    </Predict>
  );
}
