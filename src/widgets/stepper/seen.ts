// Packets that went by, as a drawing with nothing to press: those of a capture, or of a broker that was listened to. What each
// end remembers is inferred from the packets, as whoever looks on has to; it knows no world.
import type { Version } from '../../../broker/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import { barsOf, type Stretch } from './bars.ts';
import {
  arrowOf,
  columnOf,
  type Diagram,
  HEIGHTS,
  handshakeOf,
  MARGIN,
  type PacketRow,
  packetOf,
  type Row,
} from './diagram.ts';
import { brokerOf } from './memory.ts';

/** Something that was seen. Times are in milliseconds, from any moment on. */
export type Seen =
  | SeenPacket
  /** A connection ended without a goodbye. */
  | { readonly kind: 'cut'; readonly client: string; readonly at?: number }
  /** Nothing happened for so long. */
  | { readonly kind: 'wait'; readonly time: number; readonly at?: number };

export interface SeenPacket {
  readonly kind: 'packet';
  /** Stands beside the packet and names it. */
  readonly number: number;
  readonly from: string;
  readonly to: string;
  readonly frame: Uint8Array;
  readonly version: Version;
  readonly at?: number;
  /** Delivered, if nothing is said. */
  readonly state?: 'in flight' | 'held' | 'delivered' | 'lost';
}

/** Draws what was seen, from top to bottom. */
export function drawSeen(seen: readonly Seen[], participants: readonly Participant[]): Diagram {
  const broker = brokerOf(participants);
  const last = participants.length - 1;
  const memory = new Inferred();
  const rows: Row[] = [];
  let [top, time] = [MARGIN, seen.find(({ at }) => at !== undefined)?.at];
  for (const [index, each] of seen.entries()) {
    const place = (height: number) => ({ key: `${each.kind} ${index}`, top, height });
    if (each.kind === 'wait') {
      rows.push({
        ...place(HEIGHTS.link),
        kind: 'wait',
        time: each.time,
        from: 0,
        to: last,
        silent: [],
        expired: [],
      });
    } else if (each.kind === 'cut') {
      const { client } = each;
      const [from, to] = [columnOf(client, participants), columnOf(broker, participants)];
      rows.push({ ...place(HEIGHTS.cut), kind: 'cut', client, from, to, lost: [], open: false });
    } else {
      const isLater = each.at !== undefined && time !== undefined && each.at > time;
      const row = { ...rowOf(each, participants, broker), ...place(HEIGHTS.packet), time: each.at, isLater };
      rows.push(row);
      memory.see(row);
    }
    top += rows.at(-1)?.height ?? 0;
    time = each.at ?? time;
  }
  const height = top + MARGIN;
  return { rows, bars: barsOf(memory.stretches(), participants, height), height, latest: rows.at(-1)?.key };
}

function rowOf(
  { number, from, to, frame, version, state = 'delivered' }: SeenPacket,
  participants: readonly Participant[],
  broker: string,
): Omit<PacketRow, 'key' | 'top' | 'height'> {
  return {
    kind: 'packet',
    flight: { number, from, to, client: from === broker ? to : from, frame, version },
    number,
    state,
    from: columnOf(from, participants),
    to: columnOf(to, participants),
    actions: [],
    notes: [],
    given: [],
    motion: undefined,
  };
}

/** The identifiers that each end must remember, as far as the packets tell. */
class Inferred {
  readonly #open = new Map<string, Stretch>();
  readonly #over: Stretch[] = [];

  /** A sender remembers from the sending on; a receiver from the arrival, which a packet that is lost does not have. */
  see(row: PacketRow): void {
    const { flight, state } = row;
    const { from, to } = flight;
    const packet = packetOf(flight);
    const arrives = state === 'delivered';
    switch (packet?.type) {
      case 'publish':
        if (packet.qos > 0) this.#take(row, from, to);
        if (packet.qos === 2 && arrives) this.#take(row, to, from);
        return;
      case 'pubrel':
      case 'puback':
      case 'pubcomp':
        if (arrives) this.#letGo(row, to);
        return;
      case 'pubrec':
        if (arrives && packet.reasonCode >= 0x80) this.#letGo(row, to);
        return;
      default:
    }
  }

  stretches(): Stretch[] {
    return [...this.#over, ...this.#open.values()];
  }

  #take(row: PacketRow, party: string, peer: string): void {
    const handshake = handshakeOf(row.flight) as string;
    const key = `${party} ${handshake}`;
    if (this.#open.has(key)) return; // sent again
    const packet = packetOf(row.flight);
    const packetId = packet && 'packetId' in packet ? (packet.packetId ?? 0) : 0;
    this.#open.set(key, { key, party, peer, handshake, packetId, top: arrowOf(row), bottom: undefined });
  }

  #letGo(row: PacketRow, party: string): void {
    const key = `${party} ${handshakeOf(row.flight)}`;
    const stretch = this.#open.get(key);
    if (!stretch) return;
    this.#open.delete(key);
    this.#over.push({ ...stretch, bottom: arrowOf(row) });
  }
}
