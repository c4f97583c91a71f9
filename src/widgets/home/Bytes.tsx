/** The bytes of the packet in the glass, eight to a line. One is in the order of tabbing; arrow keys lead to the others. */
import { useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import { ascii, hexByte } from '../packet/hex.ts';
import { lit, type Target } from '../packet/lit.ts';
import { covers, nodeAt, type Opened, partAt, reach } from '../packet/opened.ts';
import type { HomeWords } from './Home.tsx';
import { lights, target as targetOf } from './lights.ts';
import '../packet/bytes.css';

const PER_LINE = 8;

const MOVES: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -PER_LINE,
  ArrowDown: PER_LINE,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

export function Bytes({
  words,
  opened,
  target,
}: {
  words: HomeWords;
  opened: Opened;
  target: Target | undefined;
}) {
  const [stop, setStop] = useState(0);
  const last = opened.bytes.length - 1;
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const by = MOVES[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const to = Math.min(Math.max(stop + by, 0), last);
    event.currentTarget.querySelectorAll('button')[to]?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <div class="hx" role="group" aria-label={words.home.broker.bytes} onKeyDown={onKeyDown}>
      {Array.from(opened.bytes, (byte, offset) => {
        const key = nodeAt(opened, offset)?.key ?? '';
        return (
          <button
            key={offset}
            type="button"
            class={`b ${strokeOf(partAt(opened, offset))} ${litClass(opened, offset, target)}`}
            aria-label={label(opened, offset, words)}
            aria-pressed={lit.pinned?.key === key}
            tabIndex={offset === stop ? 0 : -1}
            onFocus={() => {
              setStop(offset);
              lit.focus(targetOf(key));
            }}
            onBlur={() => lit.focus(undefined)}
            onClick={() => lit.press(targetOf(key))}
            {...lights(key)}
          >
            {hexByte(byte)}
          </button>
        );
      })}
    </div>
  );
}

/** `on` for what is lit, `ln1` for what belongs to it. */
function litClass(opened: Opened, offset: number, target: Target | undefined): string {
  const node = target && opened.byKey.get(target.key);
  if (node === undefined) return '';
  const { is, belongs } = reach(opened, node);
  if (is.some((range) => covers(range, offset))) return 'on';
  return belongs.some((range) => covers(range, offset)) ? 'ln1' : '';
}

function label(opened: Opened, offset: number, { packet: { bytes: words } }: HomeWords): string {
  const byte = opened.bytes[offset] ?? 0;
  const letter = ascii(byte);
  const field = nodeAt(opened, offset)?.span.name ?? words.unread;
  const phrase = /[A-Za-z0-9]/.test(letter) ? words.letter : words.byte;
  return fill(phrase as string, { offset, hex: hexByte(byte), letter, field });
}
