/**
 * A message on the wire: how it travels, which packets it takes, and one frame of them, opened layer by layer. It keeps what
 * the reader has chosen; the sizes and bytes are the engine's.
 */
import { useMemo, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { sharedWords } from '../../i18n/shared.ts';
import { PREDICTED, share, travel } from '../../lessons/network-stack.ts';
import { begin } from '../../lessons/progress.ts';
import { useReady } from '../lesson/ready.ts';
import { Capsule } from '../packet/Capsule.tsx';
import { Segments } from '../stepper/Segments.tsx';
import { Frame } from './Frame.tsx';
import { type Choice, Ways } from './Ways.tsx';
import './envelope.css';

interface Props {
  words: Dictionary['envelope'];
  lang: string;
}

export function EnvelopeFigure({ words, lang }: Props) {
  const isReady = useReady();
  const [choice, choose] = useState<Choice>({ message: PREDICTED, way: 'tcp' });
  const [place, setPlace] = useState({ packet: 0, frame: 0 });
  const [isOpened, setOpened] = useState(false);
  const { message, way } = choice;
  const packets = useMemo(() => travel(message, way), [message, way]);
  const sent = packets[Math.min(place.packet, packets.length - 1)];
  if (sent === undefined) return null;
  const index = Math.min(place.frame, sent.frames.length - 1);
  const isWrapped = way !== 'tcp';
  const { total } = share(message, way);
  const label = { way: words.ways[way], qos: message.qos, length: message.length, total };
  return (
    <figure class="ev not-content" aria-label={fill(words.figure as string, label)}>
      <Ways
        words={words}
        lang={lang}
        name="envelope"
        {...choice}
        change={(next) => {
          begin('network-stack');
          choose(next);
        }}
      />
      <div class="ev-packets">
        <span class="lab">{words.packets}</span>
        <ol>
          {packets.map(({ packet, from, total: bytes }, at) => (
            <li key={`${at} ${packet[0]}`}>
              <Capsule
                frame={packet}
                version={4}
                words={sharedWords(lang).packet.capsule}
                {...(isReady && { onPress: () => setPlace({ packet: at, frame: 0 }) })}
                aria-pressed={isReady ? packets[at] === sent : undefined}
              />
              <small>
                {from === 'client' ? words.fromClient : words.fromBroker} · {bytes}
              </small>
            </li>
          ))}
        </ol>
        {sent.frames.length > 1 && (
          <>
            <span class="lab">{words.frame}</span>
            <Segments
              name="envelope frame"
              label={words.frame}
              live={isReady}
              options={sent.frames.map((_, at) => ({
                key: String(at),
                text: fill(words.frameOf as string, { number: at + 1, count: sent.frames.length }),
              }))}
              chosen={String(index)}
              choose={(key) => setPlace({ ...place, frame: Number(key) })}
            />
          </>
        )}
        {isWrapped && (
          <>
            <span class="lab">{words.view}</span>
            <Segments
              name="envelope view"
              label={words.view}
              live={isReady}
              options={(['sent', 'plain'] as const).map((key) => ({ key, text: words.views[key] }))}
              chosen={isOpened ? 'plain' : 'sent'}
              choose={(key) => setOpened(key === 'plain')}
            />
          </>
        )}
      </div>
      {isWrapped && !isOpened && (way !== 'websocket' || sent.from === 'client') && (
        <p class="ev-note">{way === 'websocket' ? words.masked : words.sealed}</p>
      )}
      <Frame words={words} lang={lang} sent={sent} index={index} isOpened={isOpened} />
    </figure>
  );
}
