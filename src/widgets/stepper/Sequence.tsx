/**
 * The diagram itself: lifelines, bars, and a row for each packet and each thing that happened to a link. It shows one
 * moment and reports what is pressed; what that does is for the stepper to say.
 */
import type { Ref } from 'preact';
import type { Version } from '../../../broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { Participant } from '../../lessons/scenario.ts';
import { Capsule, capsuleLabel } from '../packet/Capsule.tsx';
import { StatementRef } from '../packet/StatementRef.tsx';
import { roleClass } from '../packet/Who.tsx';
import {
  type Action,
  type Bar,
  type Diagram,
  handshakeOf,
  type LinkRow,
  type PacketRow,
  type WaitRow,
} from './diagram.ts';
import { Cross, Icon } from './icons.tsx';
import { noteText, type StepperWords, waitTexts } from './tell.ts';

export interface SequenceProps {
  words: StepperWords;
  version: Version;
  participants: readonly Participant[];
  /** The broker's column. */
  middle: number;
  diagram: Diagram;
  /** How much room it takes, if more than it needs now. */
  height?: number;
  /** Whether anything can be pressed. */
  live: boolean;
  /** The packet that the keys are about. */
  chosen?: number | undefined;
  /** The packet that is open below. */
  opened?: number | undefined;
  /** Whether what moved in the last step is seen moving. */
  moving?: boolean;
  lit?: string | undefined;
  body?: Ref<HTMLDivElement>;
  light?(handshake: string | undefined): void;
  open?(flight: number): void;
  jump?(number: number): void;
  act?(action: Action, flight: number): void;
  reconnect?(client: string): void;
  onKeyDown?(event: KeyboardEvent & { currentTarget: HTMLElement }): void;
}

export function Sequence(props: SequenceProps) {
  const { words, participants, diagram, moving, lit } = props;
  const isIdle = diagram.rows.every((row) => row.kind !== 'packet' || row.actions.length === 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: the keys of the figure act on it as a whole
    <div
      class={moving ? 'seq moving' : 'seq'}
      ref={props.body ?? null}
      role="group"
      aria-label={words.stepper.diagram}
      tabIndex={props.onKeyDown ? 0 : undefined}
      style={{ height: `${props.height ?? diagram.height}px`, '--gaps': participants.length - 1 }}
      onKeyDown={props.onKeyDown}
    >
      {participants.map(({ name, role }, column) => (
        <span key={name} class={`life ${roleClass[role]}`} style={{ '--c': column }} />
      ))}
      {diagram.bars.map((bar) => (
        <MemoryBar
          key={bar.key}
          bar={bar}
          role={participants[bar.column]?.role ?? 'both'}
          lit={bar.handshake === lit}
        />
      ))}
      <ol>
        {diagram.rows.map((row) =>
          row.kind === 'packet' ? (
            <PacketView key={row.key} row={row} {...props} />
          ) : row.kind === 'wait' ? (
            <WaitView key={row.key} row={row} {...props} />
          ) : (
            <LinkView key={row.key} row={row} {...props} leads={isIdle} />
          ),
        )}
      </ol>
    </div>
  );
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

function PacketView({ row, ...props }: SequenceProps & { row: PacketRow }) {
  const { words, live, chosen, opened, lit, light } = props;
  const { flight, number, state, from, to } = row;
  const handshake = handshakeOf(flight);
  const now = number !== undefined && flight.number === chosen;
  const classes = [
    'ev',
    stateClass[state],
    row.motion,
    from > to && 'left',
    handOf(row, props.middle),
    now && 'now',
  ];
  const known = number !== undefined;
  return (
    <li
      class={classes.filter(Boolean).join(' ')}
      style={{ height: `${row.height}px`, ...wire(from, to) }}
      aria-current={now ? 'step' : undefined}
    >
      {live && known ? (
        <button
          type="button"
          class="no"
          tabIndex={-1}
          aria-label={fill(words.stepper.number, { number })}
          onClick={() => props.jump?.(number)}
        >
          {number}
        </button>
      ) : (
        <span class="no">{number}</span>
      )}
      <span class="wire">
        <span class="ar" />
        {row.motion === 'arrives' && props.moving && <Ghost row={row} words={words} />}
        <Capsule
          frame={flight.frame}
          version={flight.version}
          words={words.packet.capsule}
          state={state}
          class={handshake !== undefined && handshake === lit ? 'lit' : undefined}
          {...(live && known
            ? {
                onPress: () => props.open?.(flight.number),
                'aria-expanded': opened === flight.number,
                tabIndex: now ? 0 : -1,
                'data-capsule': flight.number,
              }
            : {})}
          onFocus={() => light?.(handshake)}
          onBlur={() => light?.(undefined)}
          onPointerEnter={() => light?.(handshake)}
          onPointerLeave={() => light?.(undefined)}
        />
        {state === 'lost' && <Cross />}
        {row.actions.length > 0 && <Actions row={row} {...props} leads={now} />}
      </span>
      <Notes row={row} {...props} />
    </li>
  );
}

/** The packet as it travels the rest of its way, over the outline that stays. */
function Ghost({ row: { flight }, words }: { row: PacketRow; words: StepperWords }) {
  return (
    <Capsule
      frame={flight.frame}
      version={flight.version}
      words={words.packet.capsule}
      state="in flight"
      class="ghost"
      aria-hidden="true"
    />
  );
}

function Actions({ row, words, live, leads, act }: SequenceProps & { row: PacketRow; leads: boolean }) {
  const { flight } = row;
  const packet = capsuleLabel(flight.frame, flight.version, words.packet.capsule);
  return (
    <span class="acts">
      {row.actions.map((action, index) => (
        <button
          key={action}
          type="button"
          class={leads && index === 0 ? 'btn s go' : 'btn s'}
          disabled={!live}
          aria-label={fill(words.stepper.named.packet, { action: words.stepper.actions[action], packet })}
          onClick={() => act?.(action, flight.number)}
        >
          <Icon of={action === 'hold' ? 'pause' : action} />
          {words.stepper.actions[action]}
        </button>
      ))}
    </span>
  );
}

function Notes({ row, words, version, middle }: SequenceProps & { row: PacketRow }) {
  if (row.notes.length === 0) return null;
  return (
    <span class={handOf(row, middle) === '' ? 'nt' : 'nt before'}>
      {row.notes.map((note) => (
        <span key={noteText(note, version, words)}>
          {noteText(note, version, words)}{' '}
          {'rule' in note && note.rule !== undefined && (
            <StatementRef id={note.rule} version={version} words={words.packet.statement} />
          )}
        </span>
      ))}
    </span>
  );
}

function LinkView({
  row,
  words,
  live,
  middle,
  leads,
  reconnect,
}: SequenceProps & { row: LinkRow; leads: boolean }) {
  const { stepper } = words;
  return (
    <li
      class={`gap ${row.kind} ${handOf(row, middle)}`}
      style={{ height: `${row.height}px`, ...wire(row.from, row.to) }}
    >
      <span class="band" />
      <span class="tx">
        {row.kind === 'cut' && <Icon of="cut" />}
        {stepper.rows[row.kind]}
        {row.open && (
          <button
            type="button"
            class={leads ? 'btn s go' : 'btn s'}
            disabled={!live}
            aria-label={fill(stepper.named.client, { action: stepper.actions.reconnect, client: row.client })}
            onClick={() => reconnect?.(row.client)}
          >
            <Icon of="connect" />
            {stepper.actions.reconnect}
          </button>
        )}
      </span>
    </li>
  );
}

function WaitView({ row, words, version }: SequenceProps & { row: WaitRow }) {
  return (
    <li class="gap wait" style={{ height: `${row.height}px`, ...wire(row.from, row.to) }}>
      <span class="band" />
      <span class="tx">
        {waitTexts(row, words).map((text, index) => {
          const rule = [...row.silent, ...row.expired][index - 1]?.rule;
          return (
            <span key={text}>
              {text} {rule && <StatementRef id={rule} version={version} words={words.packet.statement} />}
            </span>
          );
        })}
      </span>
    </li>
  );
}

const stateClass = {
  'in flight': 'fly',
  delivered: 'done',
  held: 'held',
  lost: 'lost',
  expected: 'next',
} as const;

/** The columns that a wire runs between, the left one first. */
function wire(from: number, to: number) {
  return { '--a': Math.min(from, to), '--b': Math.max(from, to) };
}

/** Marks what happens to the right of the broker. */
function handOf({ from, to }: { from: number; to: number }, middle: number): string {
  return Math.max(from, to) > middle ? 'right-hand' : '';
}
