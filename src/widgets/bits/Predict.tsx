/** The prediction of lesson 4: a SUBSCRIBE with one wrong bit, sent to the broker in the page in both versions. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { predicted } from '../../lessons/fixed-header.ts';
import { begin } from '../../lessons/progress.ts';
import { Exchange } from '../lesson/Exchange.tsx';
import { Predict } from '../lesson/Predict.tsx';

interface Props {
  words: Pick<Dictionary, 'bits' | 'lesson'>;
  lang: string;
  children?: ComponentChildren;
}

export function BitsPredict({ words, lang, children }: Props) {
  const [run, setRun] = useState<ReturnType<typeof predicted>>();
  return (
    <Predict
      words={words.lesson.predict}
      question={words.bits.predict.question}
      options={words.bits.predict.options}
      onRun={() => {
        begin('fixed-header');
        setRun(predicted());
      }}
      outcome={run?.outcome}
      result={run?.answers.map((answer) => (
        <Exchange
          key={answer.version}
          words={words.lesson.exchange}
          capsule={sharedWords(lang).packet.capsule}
          client="p1"
          answer={answer}
        />
      ))}
    >
      {children}
    </Predict>
  );
}
