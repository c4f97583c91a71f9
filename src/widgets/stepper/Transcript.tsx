/** The run in words, line by line: to read, to copy, and to jump from. */
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { Icon } from './icons.tsx';
import { rove } from './rove.ts';
import type { Line } from './tell.ts';

export interface TranscriptProps {
  words: Dictionary['stepper'];
  live: boolean;
  lines: readonly Line[];
  place: string;
  jump(number: number): void;
}

/** Names of packets are set like what is on the wire. */
const NAME = /(\b[A-Z]{4,}\b)/;

export function Transcript({ words, live, lines, place, jump }: TranscriptProps) {
  const [open, setOpen] = useState(false);
  const [copied, setCopied] = useState(false);
  const [stop, setStop] = useState(0);
  const { heading, copy, copied: done, empty } = words.transcript;
  const text = lines.map((line) => `${line.number ?? '–'} ${line.text}`).join('\n');
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (rove(event, event.currentTarget, 'button', ['ArrowUp', 'ArrowDown'])) {
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
          onClick={async () => {
            await navigator.clipboard.writeText(text);
            setCopied(true);
          }}
        >
          <Icon of="copy" />
          {copied ? done : copy}
        </button>
      </div>
      {lines.length === 0 && <p class="nil">{empty}</p>}
      <ol onKeyDown={onKeyDown}>
        {lines.map(({ key, number, text: said, tone }, index) => (
          <li key={key} class={tone}>
            {number === undefined ? (
              <span class="n">–</span>
            ) : (
              <button
                type="button"
                class="n"
                disabled={!live}
                tabIndex={index === Math.min(stop, lines.length - 1) ? 0 : -1}
                aria-label={fill(words.number, { number })}
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
          </li>
        ))}
      </ol>
    </div>
  );
}
