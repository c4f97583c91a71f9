/** Who sent what, packet by packet, between one client and the broker. */
import { Fragment } from 'preact';
import { VERSION_NAMES } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { Answer } from '../../lessons/exchange.ts';
import { Capsule, type CapsuleWords } from '../packet/Capsule.tsx';
import './lesson.css';

interface Props {
  words: Dictionary['lesson']['exchange'];
  capsule: CapsuleWords;
  /** The name of the client. */
  client: string;
  answer: Answer;
}

export function Exchange({ words, capsule, client, answer: { version, packets, isClosed } }: Props) {
  return (
    <>
      <p class="lab">{fill(words.version, { version: VERSION_NAMES[version] })}</p>
      <dl class="exchange">
        {packets.map(({ from, frame }, index) => (
          <Fragment key={index}>
            <dt>{from === 'client' ? fill(words.client, { client }) : words.broker}</dt>
            <dd>
              <Capsule frame={frame} version={version} words={capsule} />
            </dd>
          </Fragment>
        ))}
        {isClosed && (
          <>
            <dt>{words.closer}</dt>
            <dd class="closed">{words.closes}</dd>
          </>
        )}
      </dl>
    </>
  );
}
