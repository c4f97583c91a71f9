/** The run in words, line by line: to read, to copy, and to jump from. Of a long one the latest lines are shown. */
import { useState } from 'preact/hooks';
import type { Version } from '../../../broker/index.ts';
import { fill, plural } from '../../i18n/phrase.ts';
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

export function Transcript({ words, lang, version, live, rows, tell, place, jump }: TranscriptProps) {
  const { stepper } = words;
  const [open, setOpen] = useState(false);
  const [copied, setCopied] = useState(false);
  const [stop, setStop] = useState(0);
  const [count, setCount] = useState(LINES);
  const { heading, copy, copied: done, empty } = stepper.transcript;
  const earlier = Math.max(rows.length - count, 0);
  const lines = rows.slice(earlier).map(tell);
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
        {lines.map(({ key, number, text: said, tone, decisions }, index) => {
          const tabIndex = index === Math.min(stop, lines.length - 1) ? 0 : -1;
          return (
            <li key={key} class={tone}>
              {number === undefined ? (
                <span class="n">–</span>
              ) : (
                <button
                  type="button"
                  class="n"
                  disabled={!live}
                  data-stop
                  tabIndex={tabIndex}
                  aria-label={fill(stepper.number, { number })}
                  onFocus={() => setStop(index)}
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
        })}
      </ol>
    </div>
  );
}
