/**
 * The bytes of a packet, some of which are blank and are to be filled in. It knows how two digits are typed into a slot
 * and how one comes to the next; it does not know which digits are right.
 */
import type { Part } from '#broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import { hexByte } from '../packet/hex.ts';
import { useReady } from './ready.ts';
import '../packet/bytes.css';
import './lesson.css';

/** What is typed into the blank bytes of a packet, by their places. */
export type Blanks = ReadonlyMap<number, string>;

interface Props {
  words: Dictionary['lesson']['exercise'];
  bytes: Uint8Array;
  /** The part that each byte belongs to. The parts of blank bytes are not shown. */
  parts: readonly Part[];
  blanks: Blanks;
  onType(offset: number, text: string): void;
  /** Blank bytes that were found wrong. */
  wrong?: ReadonlySet<number> | undefined;
}

export function BlankBytes({ words, bytes, parts, blanks, onType, wrong }: Props) {
  const isReady = useReady();
  const type = (offset: number, input: HTMLInputElement): void => {
    const text = input.value.replace(/[^0-9a-f]/gi, '').toUpperCase();
    input.value = text;
    onType(offset, text);
    if (text.length === 2) nextSlot(input)?.focus();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the form around it is the fieldset
    <div class="hx blank" role="group" aria-label={words.bytes}>
      {groupsOfEight([...bytes]).map((group, row) => (
        <span class="g" key={row}>
          {group.map((byte, column) => {
            const offset = row * 8 + column;
            const part = parts[offset];
            const typed = blanks.get(offset);
            if (typed === undefined)
              return (
                <span key={offset} class={`b ${part ? strokeOf(part) : ''}`}>
                  {hexByte(byte)}
                </span>
              );
            return (
              <input
                key={offset}
                class={`slot${wrong?.has(offset) ? ' bad' : ''}`}
                aria-label={fill(words.blank, { offset })}
                aria-invalid={wrong?.has(offset) ?? false}
                placeholder="··"
                maxLength={2}
                size={2}
                autocomplete="off"
                spellcheck={false}
                disabled={!isReady}
                value={typed}
                onInput={(event) => type(offset, event.currentTarget)}
                onFocus={(event) => event.currentTarget.select()}
              />
            );
          })}
        </span>
      ))}
    </div>
  );
}

/** Nothing typed as yet. */
export function blank({ blanks }: { blanks: readonly number[] }): Blanks {
  return new Map(blanks.map((offset) => [offset, '']));
}

/** All bytes typed as they are. */
export function filled({ blanks, bytes }: { blanks: readonly number[]; bytes: Uint8Array }): Blanks {
  return new Map(blanks.map((offset) => [offset, hexByte(bytes[offset] ?? 0)]));
}

function nextSlot(input: HTMLInputElement): HTMLInputElement | undefined {
  const slots = [...(input.closest('.blank')?.querySelectorAll('input') ?? [])];
  return slots[slots.indexOf(input) + 1];
}

function groupsOfEight<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / 8) }, (_, index) =>
    items.slice(index * 8, index * 8 + 8),
  );
}
