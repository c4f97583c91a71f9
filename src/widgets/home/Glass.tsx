/**
 * The broker, seen through its glass: the packet that is open, byte by byte and in words, and who asked for the topic.
 */
import { Fragment } from 'preact';
import type { Flight } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import type { Target } from '../packet/lit.ts';
import { mateOf, type Opened, open } from '../packet/opened.ts';
import { useLit } from '../packet/use-lit.ts';
import { Who } from '../packet/Who.tsx';
import { Bytes } from './Bytes.tsx';
import type { HomeWords } from './Home.tsx';
import { lights } from './lights.ts';
import { type Phrase, readout } from './readout.ts';
import type { Scene, Subscriber } from './scene.ts';
import { openedText, verdictText } from './tell.ts';

export interface GlassProps {
  words: HomeWords;
  lang: string;
  scene: Scene;
  /** The packet that is open. */
  flight: Flight | undefined;
}

export function Glass({ words, lang, scene, flight }: GlassProps) {
  const { broker } = words.home;
  return (
    <section class="glass" aria-label={broker.heading}>
      <h2>
        <Who party={{ name: broker.heading, role: 'broker' }} />
        <span class="lab">{openedText(flight, words.home)}</span>
      </h2>
      {flight ? (
        <Packet key={flight.number} words={words} lang={lang} opened={open(flight.frame, flight.version)} />
      ) : (
        <p class="unopened">{scene.sent.length > 0 ? broker.unopened.waiting : broker.unopened.idle}</p>
      )}
      <Filters words={words} scene={scene} />
    </section>
  );
}

function Packet({ words, lang, opened }: { words: HomeWords; lang: string; opened: Opened }) {
  const target = useLit();
  const { parts } = words.packet;
  return (
    <div class="op">
      <Bytes words={words} opened={opened} target={target} />
      <dl class="rd">
        {readout(opened, words.home.parts, lang).map(({ part, phrases }) => (
          <div key={part} class={strokeOf(part)}>
            <dt class="pt">
              <abbr title={parts[part].name}>{parts[part].letters}</abbr>
            </dt>
            <dd>
              {phrases.map((phrase, index) => (
                <Fragment key={phrase.key}>
                  {index > 0 && words.home.parts.separator}
                  <span class={isLit(opened, phrase, target) ? 'ph lit' : 'ph'} {...lights(phrase.key)}>
                    {phrase.text}
                    {phrase.value !== undefined && (
                      <>
                        {' '}
                        <span class="m">{phrase.value}</span>
                      </>
                    )}
                  </span>
                </Fragment>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Whether what is lit is what a phrase speaks of: a field, or the length that stands before it. */
function isLit(opened: Opened, { key }: Phrase, target: Target | undefined): boolean {
  const node = opened.byKey.get(key);
  return (
    target !== undefined &&
    (target.key === key || (node !== undefined && mateOf(opened, node)?.key === target.key))
  );
}

function Filters({ words: { home }, scene: { topic, subscribers } }: { words: HomeWords; scene: Scene }) {
  const { filters } = home;
  return (
    <table class="mt">
      <caption class="lab">{topic === undefined ? filters.all : fill(filters.asked, { topic })}</caption>
      <thead class="vh-hide">
        <tr>
          <th scope="col">{filters.filter}</th>
          <th scope="col">{filters.verdict}</th>
          <th scope="col">{filters.client}</th>
        </tr>
      </thead>
      <tbody>
        {subscribers.map((subscriber) => (
          <tr
            key={subscriber.name}
            class={subscriber.verdict && subscriber.verdict.kind !== 'matches' ? 'no' : undefined}
          >
            <td class="m">
              <Filter {...subscriber} />
            </td>
            <td>{subscriber.verdict && verdictText(subscriber.verdict, home)}</td>
            <td>
              <Who party={{ name: subscriber.name, role: 'subscriber' }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A topic filter, the level underlined at which it fails; where it has no such level, the place is. */
function Filter({ topicFilter, verdict }: Subscriber) {
  if (verdict === undefined || verdict.kind === 'matches') return topicFilter;
  const [before, level, after] = verdict.pieces;
  return (
    <>
      {before}
      <u>{level || '\u2003'}</u>
      {after}
    </>
  );
}
