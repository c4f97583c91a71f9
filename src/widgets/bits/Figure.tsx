/** The first figure of lesson 4: a first byte that one may turn into any other. */
import { useState } from 'preact/hooks';
import type { Version } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { OPENS } from '../../lessons/fixed-header.ts';
import { begin } from '../../lessons/progress.ts';
import { ByteSwitches } from './ByteSwitches.tsx';

interface Props {
  words: Pick<Dictionary, 'bits'>;
  lang: string;
  name: string;
}

export function BitsFigure({ words, lang, name }: Props) {
  const [byte, setByte] = useState(OPENS);
  const [version, setVersion] = useState<Version>(4);
  const put = (next: number): void => {
    begin('fixed-header');
    setByte(next);
  };
  return (
    <ByteSwitches
      words={{ ...words, ...sharedWords(lang) }}
      name={name}
      byte={byte}
      version={version}
      onByte={put}
      onVersion={setVersion}
      hasMap
    />
  );
}
