/** The four ways a message can travel, each a bar of what travels, layer by layer; and the message itself. All can be changed. */
import type { Dictionary } from '../../i18n/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import {
  LONGEST,
  type Message,
  type Share,
  share,
  WAY_NAMES,
  WAYS,
  type Way,
} from '../../lessons/network-stack.ts';
import { type PacketPart, partClass } from '../../styles/parts.ts';
import { useReady } from '../lesson/ready.ts';
import { Segments } from '../stepper/Segments.tsx';

type Words = Dictionary['envelope'];

export interface Choice {
  message: Message;
  way: Way;
}

interface Props extends Choice {
  words: Words;
  lang: string;
  /** Unique on the page. */
  name: string;
  change(choice: Choice): void;
}

export function Ways({ words, lang, name, message, way, change }: Props) {
  const isReady = useReady();
  const shares = WAY_NAMES.map((each) => share(message, each));
  const longest = Math.max(...shares.map(({ total }) => total));
  return (
    <div class="ev-ways">
      <div class="ev-message">
        <span class="lab">{words.qos}</span>
        <Segments
          name={`${name} qos`}
          label={words.qos}
          live={isReady}
          options={(['0', '1', '2'] as const).map((key) => ({ key, text: key }))}
          chosen={String(message.qos)}
          choose={(key) => change({ way, message: { ...message, qos: Number(key) as Message['qos'] } })}
        />
        <label>
          <span class="lab">{words.length}</span>
          <input
            type="range"
            min="0"
            max={Math.sqrt(LONGEST)}
            step="any"
            disabled={!isReady}
            value={Math.sqrt(message.length)}
            aria-valuetext={plural(words.total, message.length, lang)}
            onInput={({ currentTarget }) => {
              const length = Math.round(currentTarget.valueAsNumber ** 2);
              change({ way, message: { ...message, length } });
            }}
          />
          <input
            class="field"
            inputMode="numeric"
            disabled={!isReady}
            value={message.length}
            aria-label={words.length}
            onInput={({ currentTarget }) => {
              const length = Number(currentTarget.value);
              if (/^\d+$/.test(currentTarget.value) && length <= LONGEST)
                change({ way, message: { ...message, length } });
            }}
            onBlur={({ currentTarget }) => {
              currentTarget.value = String(message.length);
            }}
          />
        </label>
      </div>
      <fieldset class="ev-choose" aria-label={words.way}>
        {shares.map((one) => (
          <label key={one.way} class={one.way === way ? 'on' : ''}>
            <input
              type="radio"
              name={`${name} way`}
              value={one.way}
              disabled={!isReady}
              checked={one.way === way}
              onChange={() => change({ message, way: one.way })}
            />
            <span class="ev-way">
              {words.ways[one.way]}
              <small>{fill(words.ports, { ports: WAYS[one.way].ports.join(', ') })}</small>
            </span>
            <Bar share={one} longest={longest} words={words} />
            <span class="ev-sum">
              {plural(words.total, one.total, lang)}
              <small>{fill(words.yours, { percent: percentOf(one, lang) })}</small>
            </span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}

function Bar({ share, longest, words }: { share: Share; longest: number; words: Words }) {
  const said = share.pieces.map(({ of: layer, bytes }) =>
    fill(words.shares as string, { layer: nameOf(words, layer), bytes }),
  );
  return (
    <span class="ev-bar" role="img" aria-label={said.join(', ')}>
      {share.pieces.map(({ of: layer, bytes }) => (
        <i
          key={layer}
          class={isPart(layer) ? partClass[layer] : `ly-${layer}`}
          style={{ width: `${(100 * bytes) / longest}%` }}
          title={fill(words.shares as string, { layer: nameOf(words, layer), bytes })}
        />
      ))}
    </span>
  );
}

function isPart(of: string): of is PacketPart {
  return of in partClass;
}

/** A layer's name, as far as the envelope has it. */
export function nameOf({ layers }: Words, layer: string): string {
  return layers[layer as keyof typeof layers] ?? layer;
}

/** How much of what travels is the message. */
export function percentOf({ yours, total }: Pick<Share, 'yours' | 'total'>, lang: string): string {
  return new Intl.NumberFormat(lang, { style: 'percent', maximumFractionDigits: 1 }).format(yours / total);
}
