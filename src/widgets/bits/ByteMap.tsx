// biome-ignore-all lint/a11y/useSemanticElements: a grid of cells that the arrow keys lead through, which a table is not
// biome-ignore-all lint/a11y/useFocusableInteractive: the cells have the focus, not the rows and the headers
/**
 * A map of all first bytes: a row for each type, a column for each value of the flags, and how the decoder takes the byte
 * where they meet. One tab stop; the arrow keys move the byte itself.
 */
import { useMemo, useRef } from 'preact/hooks';
import type { Version } from '#broker/codec/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { type FirstByte, firstByteOfType, firstBytes } from '../../lessons/fixed-header.ts';
import { hexByte } from '../packet/hex.ts';
import { type BitsWords, flagsText, nameOf } from './words.ts';

interface Props {
  words: BitsWords;
  byte: number;
  version: Version;
  onByte(byte: number): void;
}

const VALUES = Array.from({ length: 16 }, (_, value) => value);

export function ByteMap({ words, byte, version, onByte }: Props) {
  const { map } = words.bits;
  const all = useMemo(() => firstBytes(version), [version]);
  const grid = useRef<HTMLDivElement>(null);
  const go = (to: number): void => {
    onByte(to);
    grid.current?.querySelector<HTMLElement>(`[data-byte="${to}"]`)?.focus();
  };
  const keyDown = (event: KeyboardEvent): void => {
    const to = step(event.key, byte);
    if (to === undefined) return;
    event.preventDefault();
    go(to);
  };
  return (
    <div class="fb-map">
      <div
        ref={grid}
        role="grid"
        aria-label={map.heading}
        onKeyDown={keyDown}
        onClick={(event) => {
          const cell = (event.target as Element).closest<HTMLElement>('[data-byte]');
          if (cell) onByte(Number(cell.dataset.byte));
        }}
      >
        <div role="row" class="mr head">
          <span role="columnheader" class="mt">
            {map.caption}
          </span>
          {VALUES.map((flags) => (
            <span key={flags} role="columnheader" class="mf">
              {flags.toString(16).toUpperCase()}
            </span>
          ))}
        </div>
        {VALUES.map((value) => (
          <Row
            key={value}
            words={words}
            value={value}
            cells={all.slice(value * 16, value * 16 + 16)}
            byte={byte}
          />
        ))}
      </div>
      <p class="lab">
        {fill(map.count, { count: all.filter(({ standing }) => standing === 'allowed').length })}{' '}
        {(['allowed', 'forbidden', 'malformed'] as const).map((standing) => (
          <span key={standing} class="mk">
            <i class={`mc ${standing}`} aria-hidden="true" />
            {map.standings[standing]}
          </span>
        ))}
      </p>
    </div>
  );
}

function Row({
  words,
  value,
  cells,
  byte,
}: {
  words: BitsWords;
  value: number;
  cells: readonly FirstByte[];
  byte: number;
}) {
  const isHere = byte >> 4 === value;
  const named = cells[0];
  return (
    <div role="row" class={`mr${isHere ? ' here' : ''}`}>
      {/* a press on a name takes the flags that go with it */}
      <span role="rowheader" class="mt" data-byte={firstByteOfType(value)}>
        <b>{value}</b> {named && nameOf(named, words)}
      </span>
      {cells.map((cell) => (
        <span
          key={cell.byte}
          role="gridcell"
          class={`mc ${cell.standing}`}
          tabIndex={cell.byte === byte ? 0 : -1}
          aria-selected={cell.byte === byte}
          aria-label={labelOf(cell, words)}
          title={hexByte(cell.byte)}
          data-byte={cell.byte}
        />
      ))}
    </div>
  );
}

function labelOf(cell: FirstByte, words: BitsWords): string {
  const { map } = words.bits;
  const values = { hex: hexByte(cell.byte), name: nameOf(cell, words), flags: flagsText(cell.byte & 0x0f) };
  return fill(map.cell as string, { ...values, standing: map.standings[cell.standing] });
}

/** Where a key leads from a byte: to other flags, or to another type. */
function step(key: string, byte: number): number | undefined {
  const row = byte & 0xf0;
  const column = byte & 0x0f;
  switch (key) {
    case 'ArrowLeft':
      return row | Math.max(0, column - 1);
    case 'ArrowRight':
      return row | Math.min(15, column + 1);
    case 'ArrowUp':
      return Math.max(0, row - 16) | column;
    case 'ArrowDown':
      return Math.min(0xf0, row + 16) | column;
    case 'Home':
      return row;
    case 'End':
      return row | 15;
    default:
      return undefined;
  }
}
