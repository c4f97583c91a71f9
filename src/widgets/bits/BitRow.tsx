// biome-ignore-all lint/a11y/useSemanticElements: a fieldset cannot be a grid of eight columns in every browser
/**
 * A byte as eight switches in a row, the highest bit first. It knows the keys (arrows, Home and End to move, 0 and 1 to
 * set) and that the row is one tab stop; what the bits mean it is told.
 */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { rove } from '../stepper/rove.ts';
import '../packet/bytes.css';
import '../packet/packet.css';

const BITS = [7, 6, 5, 4, 3, 2, 1, 0] as const;

interface Props {
  byte: number;
  /** What the row is called. */
  label: string;
  labelOf(bit: number, value: number): string;
  /** Further classes of a bit: `lit`, `bad`, `hov`. */
  classOf(bit: number): string;
  /** Whether the bits carry their numbers. */
  isNumbered: boolean;
  onFlip(bit: number): void;
  onHover(bit: number | undefined): void;
  onFocus(bit: number | undefined): void;
  /** Enter; where it is missing, Enter turns the bit over. */
  onPin?: ((bit: number) => void) | undefined;
  /** What stands below the bits, in the same eight columns. */
  children?: ComponentChildren;
}

export function BitRow({
  byte,
  label,
  labelOf,
  classOf,
  isNumbered,
  onFlip,
  onHover,
  onFocus,
  onPin,
  children,
}: Props) {
  const [cursor, setCursor] = useState(7);
  const keyDown = (event: KeyboardEvent & { currentTarget: Element }): void => {
    const value = (byte >> cursor) & 1;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (rove(event, event.currentTarget, '.bit', ['ArrowLeft', 'ArrowRight'])) event.preventDefault();
    else if (event.key === '0' || event.key === '1') {
      event.preventDefault();
      if (value !== Number(event.key)) onFlip(cursor);
    } else if (event.key === 'Enter' && onPin) {
      event.preventDefault();
      onPin(cursor);
    }
  };
  return (
    <div
      class="row"
      role="group"
      aria-label={label}
      data-group="bits"
      onKeyDown={keyDown}
      onPointerLeave={() => onHover(undefined)}
      onFocusOut={() => onFocus(undefined)}
    >
      {isNumbered &&
        BITS.map((bit) => (
          <i key={`n${bit}`} aria-hidden="true">
            {bit}
          </i>
        ))}
      {BITS.map((bit) => {
        const value = (byte >> bit) & 1;
        return (
          <button
            key={bit}
            type="button"
            class={`bit ${value ? 'one' : 'zero'} ${classOf(bit)}`}
            tabIndex={bit === cursor ? 0 : -1}
            aria-label={labelOf(bit, value)}
            aria-pressed={value === 1}
            data-bit={bit}
            onPointerEnter={(event) => event.pointerType === 'mouse' && onHover(bit)}
            onClick={() => onFlip(bit)}
            onFocus={() => {
              setCursor(bit);
              onFocus(bit);
            }}
          >
            {value}
          </button>
        );
      })}
      {children}
    </div>
  );
}
