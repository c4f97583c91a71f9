// biome-ignore-all lint/a11y/useSemanticElements: a table cannot leave out the rows that are not in view
// biome-ignore-all lint/a11y/useFocusableInteractive: the list has the focus, and names its active line
/**
 * The list of packets: one line for each, with lanes that show who sent it to whom. Only the lines in view are drawn, so that
 * the list may be as long as it likes. It knows rows and keys; which packet is open it is told.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import { packetName } from '../../../broker/codec/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { Glyph } from '../packet/Who.tsx';
import type { Lanes, Row } from './open-capture.ts';
import { saysText } from './phrases.ts';
import { ROW_HEIGHT, scrollTo, windowOf } from './window.ts';

export interface ListProps {
  words: Dictionary['capture'];
  name: string;
  lanes: Lanes;
  count: number;
  rowAt(place: number): Row | undefined;
  /** The packet that is open, and its place in the list; -1 where it is not in it. */
  opened: number | undefined;
  place: number;
  /** Packets of the same exchange. */
  related: ReadonlySet<number>;
  /** Whether faults and warnings are kept back. */
  isQuiet?: boolean | undefined;
  isReady: boolean;
  open(number: number): void;
  openPlace(place: number): void;
}

/** As many rows are in view at most; above them stands the head, in CSS pixels. */
const VIEW = 16;
const HEAD_HEIGHT = 28;

export function List(props: ListProps) {
  const { words, name, lanes, count, rowAt, opened, place, related, isReady } = props;
  const box = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState(0);
  const view = Math.min(count, VIEW) * ROW_HEIGHT;
  const shown = windowOf(count, scrolled, view);
  useEffect(() => {
    const { current } = box;
    if (current === null || place < 0) return;
    current.scrollTop = scrollTo(place, count, current.scrollTop, view);
  }, [place, count, view]);
  const move = (event: KeyboardEvent): void => {
    const to = targetOf(event.key, place, count);
    if (to === undefined) return;
    event.preventDefault();
    props.openPlace(to);
  };
  return (
    <div
      class={`ls${lanes.isShared ? ' shared' : ''}`}
      role="grid"
      aria-label={words.list.label}
      aria-rowcount={count + 1}
      aria-colcount={6}
      tabIndex={isReady && count > 0 ? 0 : undefined}
      aria-activedescendant={opened !== undefined && place >= 0 ? rowId(name, opened) : undefined}
      ref={box}
      style={{ maxHeight: count > VIEW ? `${view + HEAD_HEIGHT}px` : undefined }}
      onScroll={({ currentTarget }) => setScrolled(currentTarget.scrollTop)}
      onKeyDown={move}
    >
      <Head words={words} lanes={lanes} />
      {count === 0 && <p class="lab none">{words.filter.nothing}</p>}
      <div role="rowgroup">
        <div class="all" role="presentation" style={{ height: `${shown.height}px` }}>
          <div class="some" role="presentation" style={{ transform: `translateY(${shown.top}px)` }}>
            {Array.from({ length: shown.to - shown.from }, (_, index) => {
              const at = shown.from + index;
              const row = rowAt(at);
              return row === undefined ? (
                <div key={at} class="row" role="row" aria-rowindex={at + 2}>
                  <span role="gridcell">{words.list.loading}</span>
                </div>
              ) : (
                <Line
                  key={at}
                  words={words}
                  id={rowId(name, row.number)}
                  at={at}
                  row={row}
                  lanes={lanes}
                  isOpen={row.number === opened}
                  isRelated={related.has(row.number)}
                  isQuiet={props.isQuiet}
                  onPress={() => props.open(row.number)}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

function rowId(name: string, number: number): string {
  return `${name}-packet-${number}`;
}

function targetOf(key: string, place: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return place + 1;
    case 'ArrowUp':
      return Math.max(place - 1, 0);
    case 'PageDown':
      return place + VIEW - 1;
    case 'PageUp':
      return Math.max(place - VIEW + 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

function Head({ words: { list, broker, clients }, lanes }: Pick<ListProps, 'words' | 'lanes'>) {
  return (
    <div class="row head" role="row" aria-rowindex={1}>
      <span role="columnheader" class="n">
        {list.number}
      </span>
      <span role="columnheader" class="n wide">
        {list.time}
      </span>
      <span role="columnheader" class="la">
        {lanes.parties.map(({ name, role }) => {
          const said = role === 'broker' ? broker : name || clients;
          return (
            <span key={name} title={said}>
              <Glyph role={role} />
              <span class="vh-hide">{said}</span>
            </span>
          );
        })}
      </span>
      <span role="columnheader" class="ty">
        {list.packet}
      </span>
      <span role="columnheader" class="in">
        {list.says}
      </span>
      <span role="columnheader" class="num wide">
        {list.bytes}
      </span>
    </div>
  );
}

interface LineProps {
  words: Dictionary['capture'];
  id: string;
  at: number;
  row: Row;
  lanes: Lanes;
  isOpen: boolean;
  isRelated: boolean;
  isQuiet: boolean | undefined;
  onPress(): void;
}

function Line({ words, id, at, row, lanes, isOpen, isRelated, isQuiet, onPress }: LineProps) {
  const { frame, time, client, isUp, type, length } = row;
  const weight = isQuiet ? undefined : row.weight;
  const classes = ['row', isOpen && 'on', isRelated && !isOpen && 'rel', weight === 'error' && 'bad'];
  const way = fill(isUp ? words.list.up : words.list.down, { client });
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the whole list's
    <div
      class={classes.filter(Boolean).join(' ')}
      id={id}
      role="row"
      aria-rowindex={at + 2}
      aria-selected={isOpen}
      onClick={onPress}
    >
      <span role="gridcell" class="n">
        {frame}
      </span>
      <span role="gridcell" class="n wide">
        {timeText(time)}
      </span>
      <span role="gridcell" class="la">
        <span class="vh-hide">{way}</span>
        <Way row={row} lanes={lanes} />
      </span>
      <span role="gridcell" class="ty">
        {type === undefined ? words.list.notPacket : packetName(type)}
      </span>
      <span role="gridcell" class="in">
        {lanes.isShared && <b class="who">{client}</b>}
        {saysText(row.says, words)}
        {weight !== undefined && weight !== 'note' && <Mark weight={weight} words={words} />}
      </span>
      <span role="gridcell" class="num wide">
        {length}
      </span>
    </div>
  );
}

/** Milliseconds as seconds, to a tenth of a millisecond. */
function timeText(time: number): string {
  return (time / 1000).toFixed(4);
}

function Mark({ weight, words }: { weight: 'warning' | 'error'; words: Dictionary['capture'] }) {
  return (
    <span class={`mark ${weight}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M6 1.5 11 10.5H1z" />
        <path d="M6 5v2.5M6 9v.2" />
      </svg>
      <span class="vh-hide">{words.list.weights[weight]}</span>
    </span>
  );
}

/** The middle of each lane, and between the lanes of client and broker an arrow. */
function Way({ row: { lane, isUp }, lanes: { parties, broker } }: { row: Row; lanes: Lanes }) {
  const middle = (index: number): number => 10 + (index * 130) / Math.max(parties.length - 1, 1);
  const sign = Math.sign(middle(broker) - middle(lane)) || 1;
  const [client, end] = [middle(lane) + 4 * sign, middle(broker) - 4 * sign];
  const [from, to] = isUp ? [client, end] : [end, client];
  const back = Math.sign(from - to);
  return (
    <svg class="lane" viewBox={`0 0 150 ${ROW_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {parties.map(({ name, role }, index) => (
        <path key={name} class={`l ${role}`} d={`M${middle(index)} 0v${ROW_HEIGHT}`} />
      ))}
      <path class="w" d={`M${from} 14.5H${to + 5 * back}`} />
      <path class="h" d={`M${to} 14.5l${8 * back} -4.5v9z`} />
    </svg>
  );
}
