/** The script: every input in words, one under the other, each with what can be done to it. */
import { useRef, useState } from 'preact/hooks';
import type { Flight, Input } from '#broker/index.ts';
import { fill, type Plural, plural } from '../../i18n/phrase.ts';
import { inputText } from '../client/say.ts';
import { memo, useSteady } from '../memo.ts';
import type { LabWords } from './say.ts';

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

/** Of a long script, so many lines at least are shown on either side of where the reader stands. */
const NEAR = 30;

/** Where the one tab stop is: a line, and what it does or, first of all, its number. */
interface Stop {
  readonly index: number;
  readonly does: Does | 'go';
}

export function Script({ words, lang, live, inputs, flights, at, ...does }: ScriptProps) {
  const { script } = words.lab;
  const list = useRef<HTMLOListElement>(null);
  const { go, remove, move } = useSteady(does);
  // By whole stretches, so that most steps leave the list as it is.
  const stretch = Math.floor(at / NEAR);
  const first = Math.max(0, stretch - 1) * NEAR;
  const shown = inputs.slice(first, (stretch + 2) * NEAR);
  const behind = inputs.length - first - shown.length;
  const [stop, setStop] = useState<Stop>({ index: 0, does: 'go' });
  const tabbed = Math.min(Math.max(stop.index, first), first + shown.length - 1);

  /** The focus goes along with the line that it was on. */
  const focus = (index: number, does: Does) =>
    requestAnimationFrame(() => {
      const line = list.current?.children[Math.min(index, inputs.length - 1) - first];
      line?.querySelector<HTMLElement>(`[data-does="${does}"]`)?.focus();
    });
  const { run } = useSteady({
    run(does: Does | 'go', index: number) {
      if (does === 'go') return go(index + 1);
      if (does === 'insert') return go(index + 1, true);
      if (does === 'remove') {
        remove(index);
        return focus(index, does);
      }
      const to = does === 'up' ? index - 1 : index + 1;
      move(index, to);
      setStop({ index: to, does });
      focus(to, does);
    },
  });
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
        {shown.map((input, place) => (
          <ScriptLine
            key={first + place}
            words={words}
            live={live}
            input={input}
            flights={flights}
            index={first + place}
            isLast={first + place === inputs.length - 1}
            stands={first + place + 1 === at ? 'here' : first + place < at ? 'behind' : 'ahead'}
            stop={first + place === tabbed ? stop.does : undefined}
            run={run}
            setStop={setStop}
          />
        ))}
      </ol>
      {more(script.later, behind)}
    </>
  );
}

interface LineProps extends Pick<ScriptProps, 'words' | 'live' | 'flights'> {
  input: Input;
  index: number;
  isLast: boolean;
  /** How the line stands to the reader's place. */
  stands: 'here' | 'behind' | 'ahead';
  /** Which of its buttons is the tab stop, if one is. */
  stop: Stop['does'] | undefined;
  run(does: Stop['does'], index: number): void;
  setStop(stop: Stop): void;
}

const ScriptLine = memo(
  ({ words, live, input, flights, index, isLast, stands, stop, run, setStop }: LineProps) => {
    const { script } = words.lab;
    const line = index + 1;
    const own = (does: Stop['does']) => ({
      disabled: !live,
      tabIndex: stop === does ? 0 : -1,
      'aria-label': fill(script[does], { line }),
      onFocus: () => setStop({ index, does }),
    });
    const button = (does: Does, off = false) => (
      <button
        type="button"
        class="do"
        data-does={does}
        {...own(does)}
        aria-disabled={off}
        title={fill(script[does], { line })}
        onClick={() => !off && run(does, index)}
      >
        <svg class="i" viewBox="0 0 16 16" aria-hidden="true">
          <path d={SIGNS[does]} />
        </svg>
      </button>
    );
    return (
      <li
        class={stands === 'ahead' ? 'ahead' : undefined}
        aria-current={stands === 'here' ? 'step' : undefined}
      >
        <button type="button" class="n m" {...own('go')} onClick={() => run('go', index)}>
          {line}
        </button>
        <span>
          {inputText(input, flights, words)}
          {stands === 'here' && <span class="vh-hide"> ({script.now})</span>}
        </span>
        <span class="does">
          {button('up', index === 0)}
          {button('down', isLast)}
          {button('insert')}
          {button('remove')}
        </span>
      </li>
    );
  },
);
