// Identifiers that are remembered, as bars along the lifelines: on which side of which line, and which stand side by side.
// It knows heights and columns; what is remembered is for others to find.
import type { Participant } from '../../lessons/scenario.ts';
import { type Bar, columnOf } from './diagram.ts';

/** An identifier of a handshake, remembered from one height to another; until now where there is no other. */
export interface Stretch {
  readonly key: string;
  readonly party: string;
  /** With whom the handshake is. */
  readonly peer: string;
  readonly handshake: string;
  readonly packetId: number;
  readonly top: number;
  readonly bottom: number | undefined;
}

/** More of them side by side would cover the arrows. */
const LANES = 4;

const SIDES = { left: 0, middle: 1, right: 2 } as const;

/** The bars of a drawing that ends at a height, from top to bottom. Those that would cover each other stand side by side. */
export function barsOf(
  stretches: readonly Stretch[],
  participants: readonly Participant[],
  height: number,
): Bar[] {
  const beside: Bar[][] = [];
  const sorted = [...stretches].sort((one, other) => one.top - other.top);
  return sorted.map((stretch) => {
    const bar = ended.get(stretch) ?? barOf(stretch, participants, height);
    const line = 3 * bar.column + SIDES[bar.side];
    const lasting = (beside[line] ?? []).filter((each) => each.top + each.height > bar.top);
    const lane = freeLane(lasting);
    const placed = lane === bar.lane ? bar : { ...bar, lane };
    if (!placed.open) ended.set(stretch, placed);
    lasting.push(placed);
    beside[line] = lasting;
    return placed;
  });
}

/** The bars of stretches that have an end: they stay what they are. */
const ended = new WeakMap<Stretch, Bar>();

function barOf(stretch: Stretch, participants: readonly Participant[], height: number): Bar {
  const { key, party, peer, handshake, packetId, top, bottom } = stretch;
  const column = columnOf(party, participants);
  const isBroker = participants[column]?.role === 'broker';
  const towards = columnOf(peer, participants) < column ? 'left' : 'right';
  return {
    key: `${key} ${top}`,
    column,
    side: isBroker ? towards : 'middle',
    lane: 0,
    top,
    height: (bottom ?? height - 2) - top,
    open: bottom === undefined,
    packetId,
    handshake,
  };
}

/** The lane that is nearest to the lifeline and that none of these bars is in. */
function freeLane(bars: readonly Bar[]): number {
  let lane = 0;
  while (lane < LANES - 1 && bars.some((each) => each.lane === lane)) lane++;
  return lane;
}
