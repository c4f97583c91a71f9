/** A packet in the diagram: its number, its arrow, its capsule with what can be done to it, and what is said beside it. */
import { fill } from '../../i18n/phrase.ts';
import { memo } from '../memo.ts';
import { Capsule, capsuleLabel } from '../packet/Capsule.tsx';
import { StatementRef } from '../packet/StatementRef.tsx';
import { handOf, wire } from './columns.ts';
import { Decided } from './Decided.tsx';
import { handshakeOf, type PacketRow } from './diagram.ts';
import { Cross, Icon } from './icons.tsx';
import type { RowPlace, SequenceProps } from './Sequence.tsx';
import { noteText, type StepperWords, timeText } from './tell.ts';

/** A row but for its place, which is another one where rows come and go above it. */
type Told = Omit<PacketRow, 'key' | 'top' | 'height'>;

type Props = Pick<SequenceProps, 'words' | 'live' | 'light' | 'open' | 'jump' | 'act'> & {
  middle: number;
  /** It is the packet that the keys are about. */
  isNow: boolean;
  isOpened: boolean;
  isLit: boolean;
  isMoving: boolean;
};

export function PacketRowView({ row, place, ...props }: Props & { row: PacketRow; place: RowPlace }) {
  const { key, top, height, ...told } = row;
  const { middle, isNow } = props;
  const { state, from, to } = row;
  const classes = [
    'ev',
    stateClass[state],
    row.motion,
    from > to && 'left',
    handOf(row, middle),
    isNow && 'now',
  ];
  return (
    <li
      {...place}
      class={classes.filter(Boolean).join(' ')}
      style={{ ...place.style, ...wire(row) }}
      aria-current={isNow ? 'step' : undefined}
    >
      <Inside {...props} {...told} />
    </li>
  );
}

const Inside = memo((props: Props & Told) => {
  const { flight, number, state, words, live, light, open, isNow, isOpened, isLit, isMoving } = props;
  const handshake = handshakeOf(flight);
  return (
    <>
      <Place {...props} />
      <span class="wire">
        <span class="ar" />
        {isMoving && <Ghost flight={flight} words={words} />}
        <Capsule
          frame={flight.frame}
          version={flight.version}
          words={words.packet.capsule}
          state={state}
          class={isLit ? 'lit' : undefined}
          {...(live && open && number !== undefined
            ? {
                onPress: () => open(flight.number),
                'aria-expanded': isOpened,
                tabIndex: isNow ? 0 : -1,
                'data-capsule': flight.number,
              }
            : {})}
          onFocus={() => light?.(handshake)}
          onBlur={() => light?.(undefined)}
          onPointerEnter={() => light?.(handshake)}
          onPointerLeave={() => light?.(undefined)}
        />
        {state === 'lost' && <Cross />}
        {props.actions.length > 0 && <Actions {...props} leads={isNow} />}
      </span>
      <Notes {...props} />
    </>
  );
});

/** Where something can be gone to, the number leads there. Time that has passed stands below it. */
function Place({ number, time, isLater, words, live, jump }: Props & Told) {
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
function Ghost({ flight, words }: Pick<Told, 'flight'> & { words: StepperWords }) {
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

function Actions({ flight, actions, words, live, leads, act }: Props & Told & { leads: boolean }) {
  const packet = capsuleLabel(flight.frame, flight.version, words.packet.capsule);
  return (
    <span class="acts">
      {actions.map((action, index) => (
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

function Notes({ flight, from, to, notes, decisions = [], words, live, middle }: Props & Told) {
  if (notes.length === 0 && decisions.length === 0) return null;
  const { version } = flight;
  return (
    <span class={handOf({ from, to }, middle) === '' ? 'nt' : 'nt before'}>
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
