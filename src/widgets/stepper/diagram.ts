// A sequence of packets as a drawing: rows from top to bottom, who sends to whom, what state each packet is in, what can be
// done with it, and the bars on the lifelines. All in numbers and names; it knows the shapes, and neither HTML nor words.
import { decode, type Flight, type Packet, type StatementId, type Version } from '../../../broker/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import type { CapsuleState } from '../packet/Capsule.tsx';
import type { Decision } from './decisions.ts';
import type { Note } from './notes.ts';

/** Heights in CSS pixels. A row with buttons has them below its arrow. */
export const HEIGHTS = {
  packet: 46,
  packetWithActions: 86,
  cut: 58,
  link: 34,
  line: 20,
  fold: 40,
} as const;
/** From the top of a packet's row to its arrow. */
const ARROW = 23;
/** Above the first row, and below the last. */
export const MARGIN = 6;

export type Action = 'deliver' | 'hold' | 'release' | 'cut';

/** A packet between two parties, in a world or seen elsewhere. */
export type Sent = Pick<Flight, 'number' | 'from' | 'to' | 'client' | 'frame' | 'version'>;

interface Place {
  readonly key: string;
  readonly top: number;
  readonly height: number;
}

interface Happening extends Place {
  /** What the broker decided then, as far as that is known. */
  readonly decisions?: readonly Decision[];
}

/** An application message as a receiver's application got it. */
export interface Given {
  readonly payload: string;
  /** How often it has had the same by then. */
  readonly times: number;
}

export interface PacketRow extends Happening {
  readonly kind: 'packet';
  readonly flight: Sent;
  /** Its number in this figure; undefined for a packet that is only expected. */
  readonly number: number | undefined;
  readonly state: CapsuleState;
  /** Columns of the participants. */
  readonly from: number;
  readonly to: number;
  readonly actions: readonly Action[];
  readonly notes: readonly Note[];
  /** What the application got when it arrived. */
  readonly given: readonly Given[];
  /** What the last step did to it. */
  readonly motion: 'leaves' | 'arrives' | undefined;
  /** When it was sent, in milliseconds. */
  readonly time?: number | undefined;
  /** Time has passed since the row above. */
  readonly isLater?: boolean;
}

/** Something that happened to a link. */
export interface LinkRow extends Happening {
  readonly kind: 'cut' | 'freeze' | 'thaw';
  readonly client: string;
  readonly from: number;
  readonly to: number;
  /** The numbers of the packets that were lost. */
  readonly lost: readonly number[];
  /** Nobody has reconnected yet. */
  readonly open: boolean;
}

/** Time that was let pass. */
export interface WaitRow extends Happening {
  readonly kind: 'wait';
  /** In milliseconds. */
  readonly time: number;
  /** The first and the last column. */
  readonly from: number;
  readonly to: number;
  /** Whose keep alive ran out meanwhile. */
  readonly silent: readonly { client: string; keepAlive: number; rule: StatementId | undefined }[];
  /** Whose session expired. */
  readonly expired: readonly { client: string; rule: StatementId | undefined }[];
}

/** The broker crashed, and came back. */
export interface RestartRow extends Happening {
  readonly kind: 'restart';
  /** It had a store, which survived. */
  readonly keeps: boolean;
  readonly from: number;
  readonly to: number;
  readonly lost: readonly number[];
}

/** Somebody came who had not been there. */
export interface JoinRow extends Happening {
  readonly kind: 'join';
  readonly client: string;
  readonly from: number;
  readonly to: number;
}

export type BetweenRow = LinkRow | WaitRow | RestartRow | JoinRow;

export type Row = PacketRow | BetweenRow;

/** A packet identifier that is remembered, for as long as it is. */
export interface Bar {
  readonly key: string;
  readonly column: number;
  readonly side: 'left' | 'middle' | 'right';
  /** 0 is nearest to the lifeline. */
  readonly lane: number;
  readonly top: number;
  readonly height: number;
  /** It lasts still. */
  readonly open: boolean;
  readonly packetId: number;
  readonly handshake: string;
}

export interface Diagram<Each = Row> {
  readonly rows: readonly Each[];
  readonly bars: readonly Bar[];
  readonly height: number;
  /** The key of the row that the last step was about. */
  readonly latest?: string | undefined;
  /** Where the lifelines begin of those who came later, by their columns. */
  readonly beginnings?: ReadonlyMap<number, number>;
}

/** Where a row's arrow is, or its middle. */
export function arrowOf(row: Row): number {
  return row.top + (row.kind === 'packet' ? ARROW : row.height / 2);
}

/** The column of a party. */
export function columnOf(name: string, participants: readonly Participant[]): number {
  return participants.findIndex((each) => each.name === name);
}

/** The handshake that a packet belongs to: on whose link, who took the identifier, and which; undefined for others. */
export function handshakeOf(flight: Sent): string | undefined {
  if (!handshakes.has(flight)) handshakes.set(flight, handshakeIn(flight));
  return handshakes.get(flight);
}

const handshakes = new WeakMap<Sent, string | undefined>();

function handshakeIn(flight: Sent): string | undefined {
  const packet = packetOf(flight);
  switch (packet?.type) {
    case 'publish':
    case 'pubrel':
      return packet.packetId === undefined ? undefined : `${flight.client} ${flight.from} ${packet.packetId}`;
    case 'puback':
    case 'pubrec':
    case 'pubcomp':
      return `${flight.client} ${flight.to} ${packet.packetId}`;
    default:
      return undefined;
  }
}

const read = new WeakMap<Uint8Array, Packet | 'unreadable'>();

/** What the bytes of a flight say; undefined where they cannot be read, which no engine sends. */
export function packetOf({ frame, version }: { frame: Uint8Array; version: Version }): Packet | undefined {
  let packet = read.get(frame);
  if (packet === undefined) {
    packet = readable(frame, version);
    read.set(frame, packet);
  }
  return packet === 'unreadable' ? undefined : packet;
}

function readable(frame: Uint8Array, version: Version): Packet | 'unreadable' {
  try {
    return decode(frame, version);
  } catch {
    return 'unreadable';
  }
}
