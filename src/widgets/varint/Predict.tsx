/** The prediction of lesson 5: a message of one letter more, published by the client in the page. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { begin } from '../../lessons/progress.ts';
import { grown, LETTERS, lengthBytes, RANGES } from '../../lessons/remaining-length.ts';
import { Predict } from '../lesson/Predict.tsx';
import { Beginning } from './Beginning.tsx';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'varint'>;
  lang: string;
  children?: ComponentChildren;
}

export function VarintPredict({ words, lang, children }: Props) {
  const { predict, exercise } = words.varint;
  const [run, setRun] = useState<ReturnType<typeof grown>>();
  return (
    <Predict
      words={words.lesson.predict}
      question={fill(predict.question as string, {
        letters: LETTERS,
        value: RANGES[0]?.last ?? 0,
        more: LETTERS + 1,
      })}
      options={predict.options}
      onRun={() => {
        begin('remaining-length');
        setRun(grown());
      }}
      outcome={run?.outcome}
      result={
        run && (
          <ul class="vi-sent">
            {run.frames.map((frame, index) => (
              <li key={frame.length}>
                <span>{plural(predict.sent, LETTERS + index, lang)}</span>
                <Beginning
                  frame={frame}
                  header={1 + lengthBytes(frame).length}
                  label={exercise.shown}
                  more={exercise.more}
                />
                <span class="lab">{fill(predict.size, { size: frame.length })}</span>
              </li>
            ))}
          </ul>
        )
      }
    >
      {children}
    </Predict>
  );
}
