// A capture that has been read, as the viewer asks for it: which packets a filter lets through, a few rows of them, one packet
// with what it is tied to, one conversation to be drawn. Everything it gives is plain data, which a worker can post; it knows
// neither the page nor the file.
import type {
  CaptureContents,
  CapturedPacket,
  Conversation,
  Finding,
} from '../../../broker/capture/index.ts';
import type { PacketType, Version } from '../../../broker/codec/index.ts';
import type { Party, Role } from '../packet/Who.tsx';
import { parseFilter } from './filter.ts';
import { isPacket, type Said, saidBy } from './says.ts';
import type { Subject } from './subject.ts';

/** Everybody who speaks to the brokers of a capture, or one line for them all where they are many. */
export interface Lanes {
  /** From left to right. */
  parties: Party[];
  /** The broker's place among them. */
  broker: number;
  /** Whether the clients have one lane together, so that each row has to name its own. */
  isShared: boolean;
}

/** What is told of a conversation. */
export interface Talk {
  stream: number;
  client: string;
  /** Address and port of both ends. */
  from: string;
  to: string;
  version: Version;
  isVersionKnown: boolean;
  wrappings: readonly ('tls' | 'websocket')[];
  suite: string | undefined;
  isMqtt: boolean;
  began: boolean;
  closed: { how: 'fin' | 'reset'; by: 'client' | 'broker' } | undefined;
  /** Milliseconds since the capture's first frame. */
  begin: number;
  end: number;
  packets: number;
  records: number;
}

/** What the viewer shows first. */
export interface Summary {
  frames: number;
  packets: number;
  startedAt: bigint | undefined;
  lanes: Lanes;
  talks: Talk[];
  /** TCP connections that carry something else. */
  others: number;
  findings: readonly Finding[];
  /** How many there are; only the first are told. */
  findingCount: number;
  fault: CaptureContents['fault'];
}

/** One line of the list. */
export interface Row {
  number: number;
  frame: number;
  /** Milliseconds since the capture's first frame. */
  time: number;
  client: string;
  /** The client's lane. */
  lane: number;
  isUp: boolean;
  type: PacketType | undefined;
  says: Said[];
  length: number;
  /** The heaviest finding about it. */
  weight: Finding['weight'] | undefined;
}

/** Another packet that belongs to one. */
export interface Tie {
  how: 'answers' | 'answeredBy' | 'repeats' | 'repeatedBy';
  number: number;
  frame: number;
  type: PacketType | undefined;
}

/** One packet, opened. */
export interface OpenPacket {
  number: number;
  frame: number;
  firstFrame: number;
  time: number;
  stream: number;
  type: PacketType | undefined;
  bytes: Uint8Array;
  missing: number;
  version: Version;
  from: Party;
  to: Party;
  ties: Tie[];
  /** All packets of the exchange that it is part of, itself among them. */
  exchange: number[];
  findings: Finding[];
}

/** A packet of a conversation, to be drawn. */
export interface DrawnPacket {
  number: number;
  at: number;
  from: string;
  to: string;
  frame: Uint8Array;
  version: Version;
}

/** A stretch of one conversation. */
export interface DrawnTalk {
  stream: number;
  /** The client first. */
  parties: [Party, Party];
  packets: DrawnPacket[];
  /** How many packets there are before and after. */
  before: number;
  after: number;
  /** When the connection was lost, if it was. */
  cutAt: number | undefined;
}

/** Clients that get a lane each. */
const MOST_LANES = 3;

/** Findings that are told; and packets of a conversation that are drawn. */
const MOST_FINDINGS = 1000;
const MOST_DRAWN = 60;

/** After so many packets a filter lets others have their turn. */
const TURN = 2000;

const WEIGHTS = ['note', 'warning', 'error'] as const;

export class OpenCapture {
  readonly contents: CaptureContents;
  readonly #talks: ReadonlyMap<number, Conversation>;
  readonly #names: ReadonlyMap<number, string>;
  readonly #roles: ReadonlyMap<string, Role>;
  readonly #lanes: Lanes;
  readonly #found = new Map<number, Finding[]>();
  readonly #repeatedBy = new Map<number, number>();

  constructor(contents: CaptureContents) {
    this.contents = contents;
    const { conversations, findings, packets } = contents;
    this.#talks = new Map(conversations.map((talk) => [talk.stream, talk]));
    this.#names = new Map(conversations.map((talk) => [talk.stream, nameOf(talk)]));
    this.#roles = rolesOf(packets, this.#names);
    this.#lanes = lanesOf(this.#roles);
    for (const finding of findings) {
      if (finding.packet === undefined) continue;
      const before = this.#found.get(finding.packet);
      if (before === undefined) this.#found.set(finding.packet, [finding]);
      else before.push(finding);
    }
    for (const { number, repeats } of packets)
      if (repeats !== undefined) this.#repeatedBy.set(repeats, number);
  }

  summary(): Summary {
    const { frames, packets, startedAt, conversations, connections, findings, fault } = this.contents;
    return {
      frames,
      packets: packets.length,
      startedAt,
      lanes: this.#lanes,
      talks: conversations.map((talk) => this.#tell(talk)),
      others: connections - conversations.length,
      findings: findings.slice(0, MOST_FINDINGS),
      findingCount: findings.length,
      fault,
    };
  }

  /**
   * Goes through all packets, in turns.
   * @returns in the end, the numbers of those that are let through
   * @throws FilterFault
   */
  *filter(text: string): Generator<number, Uint32Array, void> {
    const { packets } = this.contents;
    const filter = parseFilter(text);
    const passed = new Uint32Array(packets.length);
    let count = 0;
    for (const [index, packet] of packets.entries()) {
      if (filter === undefined || filter(this.#subject(packet))) passed[count++] = packet.number;
      if (index % TURN === TURN - 1) yield index;
    }
    return passed.slice(0, count);
  }

  /** @param numbers of packets, in any order */
  rows(numbers: Iterable<number>): Row[] {
    return Array.from(numbers, (number) => this.#row(this.#packet(number)));
  }

  /** A packet by its number, with all that belongs to it; undefined where there is none. */
  open(number: number): OpenPacket | undefined {
    const packet = this.contents.packets[number - 1];
    if (packet === undefined) return undefined;
    const { frame, firstFrame, time, stream, type, bytes, missing, version } = packet;
    const client = this.#party(stream);
    const [from, to] = packet.direction === 'up' ? [client, BROKER] : [BROKER, client];
    return {
      number,
      frame,
      firstFrame,
      time,
      stream,
      type,
      bytes,
      missing,
      version,
      from,
      to,
      ties: this.#ties(packet),
      exchange: this.#exchange(packet),
      findings: this.#found.get(number) ?? [],
    };
  }

  /** The conversation of a packet, as much of it around the packet as can be drawn. */
  drawn(number: number): DrawnTalk | undefined {
    const packet = this.contents.packets[number - 1];
    if (packet === undefined) return undefined;
    const talk = this.#talk(packet);
    const all = this.contents.packets.filter(({ stream }) => stream === packet.stream);
    const middle = all.indexOf(packet);
    const first = Math.max(0, Math.min(middle - MOST_DRAWN / 2, all.length - MOST_DRAWN));
    const shown = all.slice(first, first + MOST_DRAWN);
    const client = this.#party(packet.stream);
    const after = all.length - first - shown.length;
    const isCut = talk.closed !== undefined && shown.at(-1)?.type !== 'disconnect' && after === 0;
    return {
      stream: packet.stream,
      parties: [client, BROKER],
      packets: shown.filter(isReadable).map(({ number: own, time, direction, bytes, version }) => ({
        number: own,
        at: time,
        from: direction === 'up' ? client.name : BROKER.name,
        to: direction === 'up' ? BROKER.name : client.name,
        frame: bytes,
        version,
      })),
      before: first,
      after,
      cutAt: isCut ? talk.closed?.time : undefined,
    };
  }

  #packet(number: number): CapturedPacket {
    const packet = this.contents.packets[number - 1];
    if (packet === undefined) throw new RangeError(`There is no packet ${number}`);
    return packet;
  }

  #talk({ stream }: { stream: number }): Conversation {
    return this.#talks.get(stream) as Conversation;
  }

  #subject(packet: CapturedPacket): Subject {
    return { packet, conversation: this.#talk(packet), isFound: this.#found.has(packet.number) };
  }

  #party(stream: number): Party {
    const name = this.#names.get(stream) ?? '';
    return { name, role: this.#roles.get(name) ?? 'unknown' };
  }

  #row(packet: CapturedPacket): Row {
    const { number, frame, time, stream, direction, type, bytes, missing } = packet;
    const { name } = this.#party(stream);
    const { parties, isShared, broker } = this.#lanes;
    const weights = (this.#found.get(number) ?? []).map(({ weight }) => WEIGHTS.indexOf(weight));
    return {
      number,
      frame,
      time,
      client: name,
      lane: isShared
        ? 1 - broker
        : parties.findIndex((party) => party.role !== 'broker' && party.name === name),
      isUp: direction === 'up',
      type,
      says: saidBy(packet),
      length: bytes.length + missing,
      weight: WEIGHTS[Math.max(-1, ...weights)],
    };
  }

  #ties(packet: CapturedPacket): Tie[] {
    const { answers, answeredBy, repeats, number } = packet;
    const ties = { answers, answeredBy, repeats, repeatedBy: this.#repeatedBy.get(number) };
    return Object.entries(ties).flatMap(([how, other]) => {
      if (other === undefined) return [];
      const { frame, type } = this.#packet(other);
      return [{ how: how as Tie['how'], number: other, frame, type }];
    });
  }

  /** Follows the ties both ways. */
  #exchange(packet: CapturedPacket): number[] {
    const known = new Set<number>();
    const ahead = [packet];
    for (let one = ahead.pop(); one !== undefined; one = ahead.pop()) {
      if (known.has(one.number)) continue;
      known.add(one.number);
      for (const { number } of this.#ties(one)) ahead.push(this.#packet(number));
    }
    return [...known].sort((a, b) => a - b);
  }

  #tell(talk: Conversation): Talk {
    const { stream, client, broker, version, isVersionKnown, wrappings, suite, isMqtt } = talk;
    const { began, closed, begin, end, packets, recordCount } = talk;
    return {
      stream,
      client: this.#names.get(stream) ?? '',
      from: endText(client),
      to: endText(broker),
      version,
      isVersionKnown,
      wrappings,
      suite,
      isMqtt,
      began,
      closed: closed && { how: closed.how, by: closed.by },
      begin,
      end,
      packets,
      records: recordCount,
    };
  }
}

/** Whether the packet is whole and without fault: others cannot be drawn. */
function isReadable({ bytes, version, missing }: CapturedPacket): boolean {
  return missing === 0 && isPacket(bytes, version);
}

const BROKER: Party = { name: 'broker', role: 'broker' };

/** A client is called by its identifier or, where it has said none or calls itself a broker, by where it is. */
function nameOf({ clientId, client }: Conversation): string {
  return clientId === '' || clientId === BROKER.name ? endText(client) : clientId;
}

function endText({ address, port }: Conversation['client']): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** What each client has shown that it does, in the order of appearance. */
function rolesOf(packets: readonly CapturedPacket[], names: ReadonlyMap<number, string>): Map<string, Role> {
  const roles = new Map<string, Role>();
  for (const { stream, type, direction } of packets) {
    const name = names.get(stream) ?? '';
    const before = roles.get(name) ?? 'unknown';
    const isPublisher = type === 'publish' && direction === 'up';
    const isSubscriber = type === 'subscribe' || (type === 'publish' && direction === 'down');
    const now = isPublisher ? 'publisher' : isSubscriber ? 'subscriber' : before;
    roles.set(name, before === 'unknown' || now === before ? now : 'both');
  }
  return roles;
}

/** Those that publish stand left of the broker, the others right of it. */
function lanesOf(roles: ReadonlyMap<string, Role>): Lanes {
  const clients = Array.from(roles, ([name, role]) => ({ name, role }));
  if (clients.length > MOST_LANES)
    return { parties: [{ name: '', role: 'unknown' }, BROKER], broker: 1, isShared: true };
  const left = clients.filter(({ role }) => role === 'publisher');
  const right = clients.filter(({ role }) => role !== 'publisher');
  if (left.length === 0 && right.length > 0) left.push(right.shift() as (typeof right)[number]);
  return { parties: [...left, BROKER, ...right], broker: left.length, isShared: false };
}
