/** The prediction of lesson 3: how many bytes seven bytes are, once they travel. The engine wraps them. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { predicted } from '../../lessons/network-stack.ts';
import { begin } from '../../lessons/progress.ts';
import { Predict } from '../lesson/Predict.tsx';
import { Frame } from './Frame.tsx';
import './envelope.css';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'envelope'>;
  lang: string;
  children?: ComponentChildren;
}

export function EnvelopePredict({ words, lang, children }: Props) {
  const [run, setRun] = useState<ReturnType<typeof predicted>>();
  const { envelope } = words;
  return (
    <Predict
      words={words.lesson.predict}
      question={envelope.predict.question}
      options={envelope.predict.options}
      onRun={() => {
        begin('network-stack');
        setRun(predicted());
      }}
      outcome={run?.outcome}
      result={run && <Frame words={envelope} lang={lang} sent={run.sent} index={0} isOpened />}
    >
      {children}
    </Predict>
  );
}
