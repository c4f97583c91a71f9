// biome-ignore-all lint/a11y/useSemanticElements: a line of bytes is broken in two where it is narrow, which a table cannot do
// biome-ignore-all lint/a11y/useFocusableInteractive: the cells have the focus, not the rows
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keys are those of the whole widget
/**
 * The bytes in a grid: eight and eight with their offsets and what they are in ASCII, coloured by part, lit with whatever is
 * lit, hatched where a receiver does not read. One tab stop; where the arrow keys lead, the widget decides.
 */
import { plural } from '../../i18n/phrase.ts';
import { strokeOf } from '../../styles/parts.ts';
import type { Fold } from './folds.ts';
import { ascii, hexByte, hexOffset } from './hex.ts';
import { covers, type Opened, partAt, type Reach, unreadFrom } from './opened.ts';
import { byteLabel, type PacketWords } from './say.ts';
import './bytes.css';

/** Bytes in a line; in a narrow place a line is broken in two. */
export const LINE = 16;

interface Props {
  words: PacketWords;
  lang: string;
  opened: Opened;
  folds: readonly Fold[];
  /** How many places there are, the empty one at the end included. */
  places: number;
  reach: Reach | undefined;
  /** The byte whose bits are shown, when something is lit. */
  shown: number | undefined;
  /** The byte that Tab leads to, and the half of it that a digit would overwrite. */
  cursor: number;
  half: 0 | 1 | undefined;
  onHover(offset: number | undefined): void;
  onPress(offset: number): void;
  onFocus(offset: number): void;
  onMore(): void;
}

export function Bytes(props: Props) {
  const { words, lang, opened, folds, onHover, onPress, onFocus, onMore } = props;
  const offsetOf = (event: Event): number | undefined => {
    const place = (event.target as Element).closest<HTMLElement>('[data-offset]');
    return place ? Number(place.dataset.offset) : undefined;
  };
  return (
    <div
      class="hx"
      role="grid"
      aria-label={words.packet.bytes.heading}
      data-group="bytes"
      onPointerOver={(event) => event.pointerType === 'mouse' && onHover(offsetOf(event))}
      onPointerLeave={() => onHover(undefined)}
      onClick={(event) => {
        const offset = offsetOf(event);
        if (offset !== undefined) onPress(offset);
      }}
      onFocusIn={(event) => {
        const offset = offsetOf(event);
        if (offset !== undefined) onFocus(offset);
      }}
    >
      {folds.map((fold) =>
        typeof fold === 'number' ? (
          <Line key={fold} {...props} line={fold} />
        ) : (
          <div class="fold" role="row" key={`fold-${fold.from}`}>
            <span role="gridcell">
              <button type="button" class="lk" onClick={onMore}>
                {plural(
                  words.packet.bytes.folded,
                  Math.min(fold.to * LINE, opened.bytes.length) - fold.from * LINE,
                  lang,
                )}
              </button>
            </span>
          </div>
        ),
      )}
    </div>
  );
}

function Line(props: Props & { line: number }) {
  const start = props.line * LINE;
  return (
    <div class="ln" role="row">
      <Half {...props} start={start} index={1} isEmpty={false} />
      <Half {...props} start={start + LINE / 2} index={2} isEmpty={isShort(props.line, props.places)} />
    </div>
  );
}

function Half(props: Props & { start: number; index: 1 | 2; isEmpty: boolean }) {
  const { start, index, isEmpty } = props;
  const offsets = Array.from({ length: LINE / 2 }, (_, column) => start + column);
  const nil = isEmpty ? ' nil' : '';
  return (
    <>
      <span class={`of o${index}${nil}`} aria-hidden="true">
        {hexOffset(start)}
      </span>
      <span class={`g g${index}${nil}`} role="presentation">
        {offsets.map((offset) => (
          <Byte key={offset} {...props} offset={offset} />
        ))}
      </span>
      <span class={`a a${index}${nil}`} aria-hidden="true">
        {offsets.map((offset) => (
          <Character key={offset} {...props} offset={offset} />
        ))}
      </span>
    </>
  );
}

function Byte(props: Props & { offset: number }) {
  const { words, opened, places, shown, cursor, half, offset } = props;
  if (offset >= places) return <span class="b e" aria-hidden="true" />;
  const byte = opened.bytes[offset];
  const isCursor = offset === cursor;
  const isFaulty = opened.dissection.fault?.offset === offset;
  const classes = [
    'b',
    ...classesOf(props, offset),
    ...(offset === shown ? ['foc'] : []),
    ...(isCursor && half !== undefined ? [`h${half}`] : []),
  ];
  return (
    <span
      class={classes.join(' ')}
      role="gridcell"
      tabIndex={isCursor ? 0 : -1}
      data-offset={offset}
      aria-label={byteLabel(opened, offset, words)}
      style={isFaulty ? below(props, offset) : undefined}
    >
      {byte === undefined ? '··' : hexByte(byte)}
    </span>
  );
}

/** How many lines there are below a byte, where lines are of sixteen bytes and where they are of eight. */
function below({ folds, places }: Props, offset: number): Record<string, number> {
  const line = Math.floor(offset / LINE);
  const halves = (each: Fold) => (typeof each !== 'number' || isShort(each, places) ? 1 : 2);
  const after = folds.slice(folds.indexOf(line) + 1);
  const own = halves(line) - (offset % LINE < LINE / 2 ? 1 : 2);
  return { '--b16': after.length, '--b8': after.reduce<number>((sum, each) => sum + halves(each), own) };
}

/** Whether the second half of a line is empty. */
function isShort(line: number, places: number): boolean {
  return places - line * LINE <= LINE / 2;
}

function Character(props: Props & { offset: number }) {
  const byte = props.opened.bytes[props.offset];
  if (byte === undefined) return null;
  const character = ascii(byte);
  const classes = classesOf(props, props.offset);
  return (
    <span class={[...classes, ...(character === '·' ? [] : ['t'])].join(' ')} data-offset={props.offset}>
      {character}
    </span>
  );
}

function classesOf({ opened, reach }: Props, offset: number): string[] {
  const { packet, fault } = opened.dissection;
  const isGone = offset >= opened.bytes.length;
  const isFaulty = fault !== undefined && fault.offset === offset;
  const isRead = offset < unreadFrom(opened);
  const part = isGone ? ['end'] : [isRead || isFaulty || packet ? strokeOf(partAt(opened, offset)) : 'x'];
  if (isFaulty) return [...part, 'bad'];
  if (reach?.is.some((range) => covers(range, offset))) return [...part, 'on'];
  return reach?.belongs.some((range) => covers(range, offset)) ? [...part, 'ln1'] : part;
}
