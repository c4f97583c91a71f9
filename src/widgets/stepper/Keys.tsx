/** The keys of the figure, and the switch that turns the single letters off: some readers speak to their computer. */
import { useEffect, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import './keys.css';

const STORED = 'glass-broker.letter-keys';

const KEYS = [
  ['arrows', '← →'],
  ['space', 'Space'],
  ['ends', 'Home End'],
  ['choose', '↑ ↓'],
  ['letters', 'D H X'],
  ['freeze', 'Z'],
  ['open', 'O'],
  ['why', 'W'],
  ['fork', 'F'],
] as const;

type KeyRow = (typeof KEYS)[number][0];

export interface KeysProps {
  words: Dictionary['stepper']['keys'];
  /** Those that the figure has not. */
  without?: readonly KeyRow[];
  letters: boolean;
  setLetters(on: boolean): void;
}

export function Keys({ words, without = [], letters, setLetters }: KeysProps) {
  return (
    <details class="keys">
      <summary>{words.heading}</summary>
      <dl>
        {KEYS.filter(([name]) => !without.includes(name)).map(([name, keys]) => (
          <div key={name}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{words.names[key as keyof typeof words.names] ?? key}</kbd>
              ))}
            </dt>
            <dd>{words.list[name]}</dd>
          </div>
        ))}
      </dl>
      <label class="chk">
        <input type="checkbox" checked={letters} onChange={() => setLetters(!letters)} />
        {words.letters}
      </label>
    </details>
  );
}

/** Whether single letters are keys: kept in the browser for all figures. */
export function useLetterKeys(): [boolean, (on: boolean) => void] {
  const [letters, set] = useState(true);
  useEffect(() => {
    try {
      set(localStorage.getItem(STORED) !== 'off');
    } catch {
      // Storage may be forbidden: they stay on.
    }
  }, []);
  return [
    letters,
    (on) => {
      set(on);
      try {
        localStorage.setItem(STORED, on ? 'on' : 'off');
      } catch {
        // It holds for this page at least.
      }
    },
  ];
}
