/** The prediction of lesson 7: one field as a filter, run on the capture of the figure. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { begin } from '../../lessons/progress.ts';
import { COUNTS, PREDICTION } from '../../lessons/wireshark.ts';
import { CaptureViewer } from '../capture/Capture.tsx';
import type { Example, First } from '../capture/viewer.ts';
import { Predict } from '../lesson/Predict.tsx';

interface Props {
  words: Pick<Dictionary, 'capture' | 'stepper' | 'lesson' | 'wireshark'>;
  lang: string;
  example: Example;
  /** The capture with the filter set. */
  first: First;
  children?: ComponentChildren;
}

export function Prediction({ words, lang, example, first, children }: Props) {
  const [hasRun, setRun] = useState(false);
  const { predict } = words.wireshark;
  return (
    <Predict
      words={words.lesson.predict}
      question={predict.question}
      options={predict.options}
      onRun={() => {
        begin('wireshark');
        setRun(true);
      }}
      outcome={hasRun ? COUNTS.indexOf(first.read.listing.count) : undefined}
      result={
        hasRun && (
          <CaptureViewer
            words={words}
            lang={lang}
            examples={[example]}
            example={example.name}
            first={first}
            filter={PREDICTION.filter}
            lesson="wireshark"
            isBrief
          />
        )
      }
    >
      {children}
    </Predict>
  );
}
