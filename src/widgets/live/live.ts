/**
 * What the live view shows: the latest packets of real clients, and the one of them that is open. This file knows events
 * and no screen; what it says of a packet is its parts, not words.
 */
import { decode, type Packet, type PacketType, type Version } from '#broker/codec/index.ts';
import type { TraceEvent } from '#broker/session/trace.ts';
import { readable } from '../packet/field.ts';
import type { Role } from '../packet/Who.tsx';
import type { FeedEvent, FeedMessage } from './feed.ts';
import { LiveRecording } from './recording.ts';

/** Somebody at the other end of a connection, as far as it has shown who it is. */
export interface Caller {
  /** Its client identifier or, before it has said that, its address. */
  name: string;
  publishes: boolean;
  subscribes: boolean;
}

/** A packet that a client sent or was sent. */
export interface LivePacket {
  /** Its event's number: no two have the same. */
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly caller: Caller;
  readonly isFromClient: boolean;
  readonly frame: Uint8Array;
  readonly version: Version;
  readonly type: PacketType | undefined;
  /** The message's topic and text, or the topic filters. */
  readonly detail: string;
  /** How many bytes there were, where too many to be sent here. */
  readonly whole: number | undefined;
}

/** How many packets the list holds. */
export const LIST_LENGTH = 100;

/** Of a topic, a filter or a payload, as much is shown in the list. */
const LONGEST_DETAIL = 80;

export class LiveList {
  /** The port for MQTT over TCP, once the server has said it. */
  port: number | null | undefined;
  /** The newest first. */
  packets: LivePacket[] = [];
  /** What came while the list was made to stand still, the newest first. */
  waiting: LivePacket[] = [];
  /** How many packets had their time in the list, and are in it no more. */
  letGo = 0;
  /** How many events the server let go of: before this page was there, or because it was slow. */
  missed = 0;
  isFollowing = true;
  /** Whether somebody has come since the server began. */
  isKnown = false;
  /** All that came, for whoever wants to keep it. */
  readonly recording: LiveRecording = new LiveRecording();
  #chosen: LivePacket | undefined;
  readonly #preferred: PacketType | undefined;
  readonly #callers = new Map<string, Caller>();

  /** @param preferred the type of packet that is opened when it comes; without it, or before one has come, any is */
  constructor(preferred?: PacketType) {
    this.#preferred = preferred;
  }

  /** The packet that is open: the one that was picked or, while following, the latest that the reader waits for. */
  get open(): LivePacket | undefined {
    if (!this.isFollowing) return this.#chosen;
    const isPreferred = ({ type, isFromClient }: LivePacket) => isFromClient && type === this.#preferred;
    return this.packets.find(isPreferred) ?? this.packets[0];
  }

  /** Takes what the server says. */
  take(message: FeedMessage): void {
    if (message.kind === 'greeting') return this.#begin(message.port);
    this.missed += message.letGo;
    for (const event of message.events) {
      this.recording.take(event);
      this.#takeEvent(event);
    }
  }

  /** Opens a packet of the list, which stands still from then on. */
  pick(packet: LivePacket): void {
    this.isFollowing = false;
    this.#chosen = packet;
  }

  /** Makes the list stand still. */
  pause(): void {
    this.#chosen = this.open;
    this.isFollowing = false;
  }

  /** Lets come what has waited, and whatever comes. */
  follow(): void {
    this.isFollowing = true;
    this.packets = this.#shortened([...this.waiting, ...this.packets]);
    this.waiting = [];
  }

  /** Empties the list. */
  clear(): void {
    this.packets = [];
    this.waiting = [];
    this.letGo = 0;
    this.missed = 0;
    this.isFollowing = true;
  }

  /** The server tells what it knows from the start, also to a page that it told before. */
  #begin(port: number | null): void {
    this.port = port;
    this.#callers.clear();
    this.isKnown = false;
    this.clear();
  }

  #takeEvent({ number, broker, event, whole }: FeedEvent): void {
    const key = `${broker}/${event.connection}`;
    if (event.kind === 'opened')
      this.#callers.set(key, { name: event.peer, publishes: false, subscribes: false });
    const caller = this.#callers.get(key) ?? {
      name: event.clientId ?? '',
      publishes: false,
      subscribes: false,
    };
    if (event.kind === 'closed') this.#callers.delete(key);
    if (event.kind !== 'received' && event.kind !== 'sent' && event.kind !== 'malformed') return;
    const packet = packetOf(event, whole);
    noteWho(caller, event, packet);
    this.isKnown = true;
    this.#add({
      number,
      at: event.at,
      caller,
      isFromClient: event.kind !== 'sent',
      frame: event.frame,
      version: event.version,
      type: packet?.type,
      detail: packet ? detailOf(packet) : '',
      whole,
    });
  }

  #add(packet: LivePacket): void {
    if (this.isFollowing) this.packets = this.#shortened([packet, ...this.packets]);
    else this.waiting = this.#shortened([packet, ...this.waiting]);
  }

  #shortened(packets: LivePacket[]): LivePacket[] {
    this.letGo += Math.max(0, packets.length - LIST_LENGTH);
    return packets.slice(0, LIST_LENGTH);
  }
}

/** What a client has shown that it does. */
export function roleOf({ publishes, subscribes }: Caller): Role {
  if (publishes) return subscribes ? 'both' : 'publisher';
  return subscribes ? 'subscriber' : 'unknown';
}

type WithFrame = Extract<TraceEvent, { frame: Uint8Array }>;

function packetOf({ kind, frame, version }: WithFrame, whole: number | undefined): Packet | undefined {
  return kind === 'malformed' || whole !== undefined ? undefined : decode(frame, version);
}

function noteWho(caller: Caller, { kind, clientId }: WithFrame, packet: Packet | undefined): void {
  if (packet?.type === 'connect' && packet.clientId !== '') caller.name = packet.clientId;
  if (clientId) caller.name = clientId;
  if (kind === 'received' && packet?.type === 'publish') caller.publishes = true;
  if (kind === 'received' && packet?.type === 'subscribe') caller.subscribes = true;
}

function detailOf(packet: Packet): string {
  switch (packet.type) {
    case 'publish':
      return `${shortened(packet.topic)} ${shortened(readable(packet.payload.subarray(0, 1024)) ?? '')}`.trim();
    case 'subscribe':
      return shortened(packet.subscriptions.map(({ topicFilter }) => topicFilter).join(' '));
    case 'unsubscribe':
      return shortened(packet.topicFilters.join(' '));
    default:
      return '';
  }
}

function shortened(text: string): string {
  return text.length > LONGEST_DETAIL ? `${text.slice(0, LONGEST_DETAIL)}…` : text;
}
