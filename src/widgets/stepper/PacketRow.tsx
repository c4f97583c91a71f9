/** A packet in the diagram: its number, its arrow, its capsule with what can be done to it, and what is said beside it. */
import { fill } from '../../i18n/phrase.ts';
import { Capsule, capsuleLabel } from '../packet/Capsule.tsx';
import { StatementRef } from '../packet/StatementRef.tsx';
import { handOf, wire } from './columns.ts';
import { Decided } from './Decided.tsx';
import { handshakeOf, type PacketRow } from './diagram.ts';
import { Cross, Icon } from './icons.tsx';
import type { RowPlace, SequenceProps } from './Sequence.tsx';
import { noteText, type StepperWords, timeText } from './tell.ts';

type Props = Pick<
  SequenceProps,
  'words' | 'live' | 'chosen' | 'opened' | 'moving' | 'lit' | 'light' | 'open' | 'jump' | 'act'
> & { row: PacketRow; middle: number };

export function PacketRowView({ place, ...props }: Props & { place: RowPlace }) {
  const { row, words, live, chosen, opened, lit, light, open, middle } = props;
  const { flight, number, state, from, to } = row;
  const handshake = handshakeOf(flight);
  const now = number !== undefined && flight.number === chosen;
  const classes = [
    'ev',
    stateClass[state],
    row.motion,
    from > to && 'left',
    handOf(row, middle),
    now && 'now',
  ];
  return (
    <li
      {...place}
      class={classes.filter(Boolean).join(' ')}
      style={{ ...place.style, ...wire(row) }}
      aria-current={now ? 'step' : undefined}
    >
      <Place {...props} />
      <span class="wire">
        <span class="ar" />
        {row.motion === 'arrives' && props.moving && <Ghost row={row} words={words} />}
        <Capsule
          frame={flight.frame}
          version={flight.version}
          words={words.packet.capsule}
          state={state}
          class={handshake !== undefined && handshake === lit ? 'lit' : undefined}
          {...(live && open && number !== undefined
            ? {
                onPress: () => open(flight.number),
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
        {row.actions.length > 0 && <Actions {...props} leads={now} />}
      </span>
      <Notes {...props} />
    </li>
  );
}

/** Where something can be gone to, the number leads there. Time that has passed stands below it. */
function Place({ row: { number, time, isLater }, words, live, jump }: Props) {
  const since = isLater && time !== undefined && <small class="at">{timeText(time, words)}</small>;
  if (!live || !jump || number === undefined)
    return (
      <span class="no">
        {number}
        {since}
      </span>
    );
  return (
    <button
      type="button"
      class="no"
      tabIndex={-1}
      aria-label={fill(words.stepper.number, { number })}
      onClick={() => jump(number)}
    >
      {number}
      {since}
    </button>
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

function Actions({ row, words, live, leads, act }: Props & { leads: boolean }) {
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

function Notes({ row, words, live, middle }: Props) {
  const { notes, decisions = [], flight } = row;
  if (notes.length === 0 && decisions.length === 0) return null;
  const { version } = flight;
  return (
    <span class={handOf(row, middle) === '' ? 'nt' : 'nt before'}>
      {notes.map((note) => (
        <span key={noteText(note, version, words)}>
          {noteText(note, version, words)}{' '}
          {'rule' in note && note.rule !== undefined && (
            <StatementRef id={note.rule} version={version} words={words.packet.statement} />
          )}
        </span>
      ))}
      <Decided words={words} live={live} version={version} decisions={decisions} />
    </span>
  );
}

const stateClass = {
  'in flight': 'fly',
  delivered: 'done',
  held: 'held',
  lost: 'lost',
  expected: 'next',
} as const;
