/** The script: every input in words, one under the other, each with what can be done to it. */
import { useRef, useState } from 'preact/hooks';
import type { Flight, Input } from '#broker/index.ts';
import { fill, type Plural, plural } from '../../i18n/phrase.ts';
import { inputText, type LabWords } from './say.ts';

export interface ScriptProps {
  words: LabWords;
  lang: string;
  live: boolean;
  inputs: readonly Input[];
  flights: readonly Flight[];
  /** How many of them are done. */
  at: number;
  go(at: number, inserts?: boolean): void;
  remove(index: number): void;
  move(from: number, to: number): void;
}

/** What can be done to a line. */
type Does = 'up' | 'down' | 'insert' | 'remove';
const SIGNS: Readonly<Record<Does, string>> = {
  up: 'M8 13V3.500M4 7l4-4 4 4',
  down: 'M8 3v9.500M4 9l4 4 4-4',
  insert: 'M8 3v10M3 8h10',
  remove: 'M4 4l8 8M12 4l-8 8',
};

/** Of a long script, so many lines are shown on either side of where the reader stands. */
const NEAR = 150;

export function Script({ words, lang, live, inputs, flights, at, go, remove, move }: ScriptProps) {
  const { script } = words.lab;
  const list = useRef<HTMLOListElement>(null);
  const first = Math.max(0, at - NEAR);
  const shown = inputs.slice(first, at + NEAR);
  const behind = inputs.length - first - shown.length;
  /** The one tab stop: a line, and what it does or, first of all, its number. */
  const [stop, setStop] = useState<{ index: number; does: Does | 'go' }>({ index: 0, does: 'go' });
  const tabbed = Math.min(Math.max(stop.index, first), first + shown.length - 1);

  /** The focus goes along with the line that it was on. */
  const focus = (index: number, does: Does) =>
    requestAnimationFrame(() => {
      const line = list.current?.children[Math.min(index, inputs.length - 1) - first];
      line?.querySelector<HTMLElement>(`[data-does="${does}"]`)?.focus();
    });
  const run = (does: Does, index: number) => {
    if (does === 'insert') return go(index + 1, true);
    if (does === 'remove') {
      remove(index);
      return focus(index, does);
    }
    const to = does === 'up' ? index - 1 : index + 1;
    move(index, to);
    setStop({ index: to, does });
    focus(to, does);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = (event.target as HTMLElement).closest('li');
    const all = [...(list.current?.children ?? [])];
    if (!line) return;
    const at = all.indexOf(line);
    const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (sideways === undefined && to === undefined) return;
    event.preventDefault();
    const buttons = [...line.querySelectorAll('button')];
    const column = buttons.indexOf(event.target as HTMLButtonElement);
    if (sideways !== undefined) return buttons[column + sideways]?.focus();
    all[Math.max(0, Math.min(to ?? 0, all.length - 1))]?.querySelectorAll('button')[column]?.focus();
  };

  if (inputs.length === 0) return <p class="lab-nil">{script.empty}</p>;
  const more = (forms: Plural, count: number) =>
    count > 0 && <p class="lab-nil">{plural(forms, count, lang)}</p>;
  return (
    <>
      {more(script.earlier, first)}
      <ol class="script" ref={list} onKeyDown={onKeyDown}>
        {shown.map((input, place) => {
          const index = first + place;
          const line = index + 1;
          const tab = (does: Does | 'go') => (index === tabbed && does === stop.does ? 0 : -1);
          const button = (does: Does, off = false) => (
            <button
              type="button"
              class="do"
              data-does={does}
              disabled={!live}
              aria-disabled={off}
              tabIndex={tab(does)}
              aria-label={fill(script[does], { line })}
              title={fill(script[does], { line })}
              onFocus={() => setStop({ index, does })}
              onClick={() => !off && run(does, index)}
            >
              <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
                <path d={SIGNS[does]} />
              </svg>
            </button>
          );
          return (
            <li
              key={index}
              class={index >= at ? 'ahead' : undefined}
              aria-current={line === at ? 'step' : undefined}
            >
              <button
                type="button"
                class="n m"
                disabled={!live}
                tabIndex={tab('go')}
                aria-label={fill(script.go, { line })}
                onFocus={() => setStop({ index, does: 'go' })}
                onClick={() => go(line)}
              >
                {line}
              </button>
              <span>
                {inputText(input, flights, words)}
                {line === at && <span class="vh-hide"> ({script.now})</span>}
              </span>
              <span class="does">
                {button('up', index === 0)}
                {button('down', index === inputs.length - 1)}
                {button('insert')}
                {button('remove')}
              </span>
            </li>
          );
        })}
      </ol>
      {more(script.later, behind)}
    </>
  );
}
