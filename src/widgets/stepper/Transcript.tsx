/** The run in words, line by line: to read, to copy, and to jump from. Of a long one the latest lines are shown. */
import { useState } from 'preact/hooks';
import type { Version } from '../../../broker/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
import { memo, useSteady } from '../memo.ts';
import { DecidedThere } from './Decided.tsx';
import type { Row } from './diagram.ts';
import { Icon } from './icons.tsx';
import { rove } from './rove.ts';
import type { Line, StepperWords } from './tell.ts';
import './transcript.css';

export interface TranscriptProps {
  words: StepperWords;
  lang: string;
  version: Version;
  live: boolean;
  /** What is told, from the first to the last. */
  rows: readonly Row[];
  tell(row: Row): Line;
  place: string;
  jump(number: number): void;
}

/** Names of packets are set like what is on the wire. */
const NAME = /(\b[A-Z]{4,}\b)/;
/** As many lines are shown at first, and as many more at each asking. */
const LINES = 100;
/** It begins elsewhere after so many: most steps change its end alone, and nothing of it moves. */
const COARSE = 50;

export function Transcript({ words, lang, version, live, rows, tell, place, jump }: TranscriptProps) {
  const { stepper } = words;
  const [open, setOpen] = useState(false);
  const [copied, setCopied] = useState(false);
  const [stop, setStop] = useState<string>();
  const [count, setCount] = useState(LINES);
  const { heading, copy, copied: done, empty } = stepper.transcript;
  const steady = useSteady({ jump });
  const earlier = Math.max(Math.floor((rows.length - count) / COARSE) * COARSE, 0);
  const lines = rows.slice(earlier).map(tell);
  const tabbed = lines.some(({ key }) => key === stop) ? stop : lines[0]?.key;
  const copyAll = async () => {
    const all = rows.map(tell).map(({ number, text }) => `${number ?? '–'} ${text}`);
    await navigator.clipboard.writeText(all.join('\n'));
    setCopied(true);
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (rove(event, event.currentTarget, '[data-stop]', ['ArrowUp', 'ArrowDown'])) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <div class="ts" data-open={open}>
      <div class="hd">
        <span class="wide">{heading}</span>
        <button
          type="button"
          class="narrow"
          disabled={!live}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {heading}
        </button>
        <span class="lab">{place}</span>
        <button
          type="button"
          class="btn s q"
          disabled={!live}
          onBlur={() => setCopied(false)}
          onClick={() => void copyAll()}
        >
          <Icon of="copy" />
          {copied ? done : copy}
        </button>
      </div>
      {lines.length === 0 && <p class="nil">{empty}</p>}
      {earlier > 0 && (
        <button type="button" class="btn s" disabled={!live} onClick={() => setCount(count + LINES)}>
          {plural(stepper.earlier, Math.min(earlier, LINES), lang)}
        </button>
      )}
      <ol start={earlier + 1} style={{ '--digits': String(rows.length).length }} onKeyDown={onKeyDown}>
        {lines.map((line) => (
          <TranscriptLine
            key={line.key}
            words={words}
            version={version}
            live={live}
            line={line}
            isStop={line.key === tabbed}
            setStop={setStop}
            jump={steady.jump}
          />
        ))}
      </ol>
    </div>
  );
}

interface LineProps extends Pick<TranscriptProps, 'words' | 'version' | 'live' | 'jump'> {
  line: Line;
  /** Whether Tab leads here. */
  isStop: boolean;
  setStop(key: string): void;
}

const TranscriptLine = memo(({ words, version, live, line, isStop, setStop, jump }: LineProps) => {
  const { key, number, text: said, tone, decisions } = line;
  return (
    <li class={tone}>
      {number === undefined ? (
        <span class="n">–</span>
      ) : (
        <button
          type="button"
          class="n"
          disabled={!live}
          data-stop
          tabIndex={isStop ? 0 : -1}
          aria-label={fill(words.stepper.number, { number })}
          onFocus={() => setStop(key)}
          onClick={() => jump(number)}
        >
          {number}
        </button>
      )}
      <span>
        {said.split(NAME).map((part, place) =>
          NAME.test(part) ? (
            <span key={`${place} ${part}`} class="m">
              {part}
            </span>
          ) : (
            part
          ),
        )}
      </span>
      <DecidedThere words={words} live={live} version={version} decisions={decisions} />
    </li>
  );
});
