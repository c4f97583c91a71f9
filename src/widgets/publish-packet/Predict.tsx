/** The prediction of lesson 6: the same message at QoS 1, published by the client in the page. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { begin } from '../../lessons/progress.ts';
import { CLIENT, grown } from '../../lessons/publish-packet.ts';
import { Predict } from '../lesson/Predict.tsx';
import { PacketView } from '../packet/Packet.tsx';

interface Props {
  words: Pick<Dictionary, 'lesson' | 'publishPacket'>;
  lang: string;
  children?: ComponentChildren;
}

export function PublishPredict({ words, lang, children }: Props) {
  const [run, setRun] = useState<ReturnType<typeof grown>>();
  return (
    <Predict
      words={words.lesson.predict}
      question={words.publishPacket.predict.question}
      options={words.publishPacket.predict.options}
      onRun={() => {
        begin('publish-packet');
        setRun(grown());
      }}
      outcome={run?.outcome}
      result={
        run && (
          <PacketView
            words={sharedWords(lang)}
            lang={lang}
            frame={run.frame}
            name="qos-1"
            focus="packetId"
            from={{ name: CLIENT, role: 'publisher' }}
            to={{ name: 'broker', role: 'broker' }}
          />
        )
      }
    >
      {children}
    </Predict>
  );
}
