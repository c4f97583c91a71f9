/**
 * The diagram itself: lifelines, bars, and a row for each packet and for each thing that happened besides. It shows one
 * moment, or some of its rows, and reports what is pressed; what that does is for others to say.
 */
import type { Ref } from 'preact';
import type { Version } from '../../../broker/index.ts';
import { middleOf, type Participant } from '../../lessons/scenario.ts';
import { useSteady } from '../memo.ts';
import { roleClass } from '../packet/Who.tsx';
import { BetweenView } from './Between.tsx';
import { type Action, type Bar, handshakeOf } from './diagram.ts';
import { FoldView } from './FoldView.tsx';
import type { Folded } from './fold.ts';
import { PacketRowView } from './PacketRow.tsx';
import type { StepperWords } from './tell.ts';
import './motion.css';
import './sequence.css';

export interface SequenceProps {
  words: StepperWords;
  lang: string;
  version: Version;
  participants: readonly Participant[];
  diagram: Folded;
  /** Which of the rows are to be in the page, by their places; all, if nothing is said. */
  shows?: readonly number[] | undefined;
  /** How much room it takes, if more than it needs now. */
  height?: number | undefined;
  /** Whether anything can be pressed. */
  live: boolean;
  /** The packet that the keys are about. */
  chosen?: number | undefined;
  /** The packet that is open below. */
  opened?: number | undefined;
  /** Whether what moved in the last step is seen moving. */
  moving?: boolean;
  lit?: string | undefined;
  body?: Ref<HTMLDivElement> | undefined;
  light?: ((handshake: string | undefined) => void) | undefined;
  open?: ((flight: number) => void) | undefined;
  jump?: ((number: number) => void) | undefined;
  act?: ((action: Action, flight: number) => void) | undefined;
  reconnect?: ((client: string) => void) | undefined;
  /** Opens a fold, or folds it again. */
  turn?: ((fold: string) => void) | undefined;
  onKeyDown?(event: KeyboardEvent & { currentTarget: HTMLElement }): void;
}

/** What a row needs to know of its place among the others. */
export interface RowPlace {
  readonly style: Readonly<Record<string, string | number>>;
  readonly 'data-row': string;
  readonly 'aria-setsize'?: number;
  readonly 'aria-posinset'?: number;
}

export function Sequence(props: SequenceProps) {
  const { words, participants, diagram, shows, moving, lit } = props;
  const { rows, beginnings } = diagram;
  const middle = middleOf(participants);
  const isIdle = rows.every((row) => row.kind !== 'packet' || row.actions.length === 0);
  const { light, open, jump, act, reconnect, turn } = useSteady(handlersOf(props));
  const told = { words, version: props.version, live: props.live };
  const [above, below] = reach(props);
  let bottom = 0;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the keys of the figure act on it as a whole
    <div
      class={moving ? 'seq moving' : 'seq'}
      ref={props.body ?? null}
      role="group"
      aria-label={words.stepper.diagram}
      tabIndex={props.onKeyDown ? 0 : undefined}
      style={{ height: `${props.height ?? diagram.height}px` }}
      onKeyDown={props.onKeyDown}
    >
      {participants.map(({ name, role }, column) => (
        <span
          key={name}
          class={`life ${roleClass[role]}`}
          style={{ '--c': column, top: beginnings?.has(column) ? `${beginnings.get(column)}px` : undefined }}
        />
      ))}
      {diagram.bars
        .filter(({ top, height }) => top < below && top + height > above)
        .map((bar) => (
          <MemoryBar
            key={bar.key}
            bar={bar}
            role={participants[bar.column]?.role ?? 'both'}
            lit={bar.handshake === lit}
          />
        ))}
      <ol>
        {(shows ?? rows.keys().toArray()).map((index) => {
          const row = rows[index];
          if (!row) return null;
          const place = placeOf(row, bottom, shows && { index, all: rows.length });
          bottom = row.top + row.height;
          if (row.kind === 'fold')
            return (
              <FoldView
                key={row.key}
                words={words}
                lang={props.lang}
                live={props.live}
                turn={turn}
                row={row}
                place={place}
              />
            );
          if (row.kind !== 'packet')
            return (
              <BetweenView
                key={row.key}
                {...told}
                reconnect={reconnect}
                row={row}
                place={place}
                middle={middle}
                leads={isIdle}
              />
            );
          const { flight, motion } = row;
          return (
            <PacketRowView
              key={row.key}
              {...told}
              {...{ light, open, jump, act }}
              row={row}
              place={place}
              middle={middle}
              isNow={row.number !== undefined && flight.number === props.chosen}
              isOpened={flight.number === props.opened}
              isLit={lit !== undefined && handshakeOf(flight) === lit}
              isMoving={moving === true && motion === 'arrives'}
            />
          );
        })}
      </ol>
    </div>
  );
}

/** What a row may do when it is pressed. */
function handlersOf({ light, open, jump, act, reconnect, turn }: SequenceProps) {
  return { light, open, jump, act, reconnect, turn };
}

/** The heights between which something is to be seen. */
function reach({ diagram: { rows }, shows }: SequenceProps): [number, number] {
  if (!shows) return [0, Number.POSITIVE_INFINITY];
  const all = shows.flatMap((index) => rows[index] ?? []);
  return [Math.min(...all.map(({ top }) => top)), Math.max(...all.map(({ top, height }) => top + height))];
}

/** Rows that are left out leave their room; those who do not see it are told how many there are. */
function placeOf(
  { key, top, height }: Folded['rows'][number],
  bottom: number,
  among: { index: number; all: number } | undefined,
): RowPlace {
  return {
    'data-row': key,
    style: { height: `${height}px`, marginTop: `${top - bottom}px` },
    ...(among && { 'aria-setsize': among.all, 'aria-posinset': among.index + 1 }),
  };
}

function MemoryBar({ bar, role, lit }: { bar: Bar; role: Participant['role']; lit: boolean }) {
  const classes = ['mem', roleClass[role], bar.side, bar.open && 'open', lit && 'lit'];
  return (
    <span
      class={classes.filter(Boolean).join(' ')}
      aria-hidden="true"
      style={{ '--c': bar.column, '--lane': bar.lane, top: `${bar.top}px`, height: `${bar.height}px` }}
    >
      <span>{bar.packetId}</span>
    </span>
  );
}
