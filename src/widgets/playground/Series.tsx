/**
 * Several packets in a row, one of which is open, and how much of the last one has not come.
 */
import { dissect, type Version } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { plural } from '../../i18n/phrase.ts';
import { Capsule } from '../packet/Capsule.tsx';
import type { PacketWords } from '../packet/say.ts';
import { frames, type PlaygroundState } from './usePlayground.ts';

/** More packets are not shown. */
const MOST = 200;

export function SeriesView({
  words,
  packetWords,
  lang,
  playground,
}: {
  words: Dictionary['playground'];
  packetWords: PacketWords;
  lang: string;
  playground: PlaygroundState;
}) {
  const { series, version, turnTo } = playground;
  const all = frames(playground);
  const missing = missingIn(all.at(-1), version);
  return (
    <div class="pg-series">
      <h2>{plural(words.series.heading, all.length, lang)}</h2>
      <ol>
        {all.slice(0, MOST).map((frame, index) => (
          <li key={index}>
            <Capsule
              frame={frame}
              version={version}
              words={packetWords.packet.capsule}
              class={index === series?.open ? 'flight' : undefined}
              aria-pressed={index === series?.open}
              onPress={() => turnTo(index)}
            />
          </li>
        ))}
      </ol>
      {missing > 0 && <p class="wrong">{plural(words.series.missing, missing, lang)}</p>}
    </div>
  );
}

/** How many bytes of a packet have not come. */
function missingIn(frame: Uint8Array | undefined, version: Version): number {
  const fault = frame && dissect(frame, version).fault;
  return fault?.id === 'breaksOff' ? Number(fault.values.missing) : 0;
}
