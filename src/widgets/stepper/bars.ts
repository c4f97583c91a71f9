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

/** The bars of a drawing that ends at a height. */
export function barsOf(
  stretches: readonly Stretch[],
  participants: readonly Participant[],
  height: number,
): Bar[] {
  const bars = stretches.map((stretch): Bar => {
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
  });
  return inLanes(bars.sort((one, other) => one.top - other.top));
}

/** Bars that would cover each other stand side by side. In: bars from top to bottom. */
function inLanes(bars: readonly Bar[]): Bar[] {
  const beside = new Map<string, Bar[]>();
  return bars.map((bar) => {
    const line = `${bar.column} ${bar.side}`;
    const lasting = (beside.get(line) ?? []).filter(({ top, height }) => top + height > bar.top);
    let lane = 0;
    while (lane < LANES - 1 && lasting.some((each) => each.lane === lane)) lane++;
    const placed = { ...bar, lane };
    beside.set(line, [...lasting, placed]);
    return placed;
  });
}
