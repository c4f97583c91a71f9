/** The prediction of lesson 4: a SUBSCRIBE with one wrong bit, sent to the broker in the page in both versions. */
import type { ComponentChildren } from 'preact';
import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { VERSION_NAMES } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { type Answer, predicted } from '../../lessons/fixed-header.ts';
import { begin } from '../../lessons/progress.ts';
import { Predict } from '../lesson/Predict.tsx';
import { Capsule } from '../packet/Capsule.tsx';
import type { BitsWords } from './words.ts';
import './bits.css';

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
        <Exchange key={answer.version} words={{ bits: words.bits, ...sharedWords(lang) }} answer={answer} />
      ))}
    >
      {children}
    </Predict>
  );
}

/** Who sent what, packet by packet. */
function Exchange({ words, answer }: { words: BitsWords; answer: Answer }) {
  const { predict } = words.bits;
  const { version, packets, isClosed } = answer;
  return (
    <>
      <p class="lab">{fill(predict.version, { version: VERSION_NAMES[version] })}</p>
      <dl class="fb-sent">
        {packets.map(({ from, frame }, index) => (
          <Fragment key={index}>
            <dt>{predict[from]}</dt>
            <dd>
              <Capsule frame={frame} version={version} words={words.packet.capsule} />
            </dd>
          </Fragment>
        ))}
        {isClosed && (
          <>
            <dt>{predict.closer}</dt>
            <dd class="closed">{predict.closes}</dd>
          </>
        )}
      </dl>
    </>
  );
}
