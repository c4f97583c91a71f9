// What a capture holds of MQTT: its packets and its conversations, as plain data. Knows their shapes; how they are found is the
// affair of the other files.
import type { Dissection, PacketType, Version } from '../codec/index.ts';
import { dissectCaptured } from './bridge.ts';
import type { TlsRecord, Wrapping } from './content.ts';
import type { FramePlace } from './reassemble.ts';

/** `up` is from client to broker. */
export type Direction = 'up' | 'down';

export function opposite(direction: Direction): Direction {
  return direction === 'up' ? 'down' : 'up';
}

export interface Endpoint {
  address: string;
  port: number;
}

/** One MQTT packet of a capture. */
export interface CapturedPacket {
  /** From 1, in the order of the frames that complete the packets. */
  number: number;
  /** The frame that completes it, as Wireshark counts. */
  frame: number;
  /** The frame with its first byte. */
  firstFrame: number;
  /** Where that frame is in the file. */
  place: FramePlace;
  /** Milliseconds since the capture's first frame. */
  time: number;
  /** The TCP connection, as Wireshark counts: from 0. */
  stream: number;
  direction: Direction;
  version: Version;
  bytes: Uint8Array;
  /** How many of its bytes the capture lacks; `bytes` then ends where the first is missing. */
  missing: number;
  /** The TCP payload of `frame`, unless the packet came out of TLS. */
  segment?: Uint8Array | undefined;
  /** Undefined where the first byte names no type. */
  type?: PacketType | undefined;
  /** Of a PUBLISH: the topic, also where an alias stands for it. */
  topic?: string | undefined;
  /** The packet, by its number, that this one answers. */
  answers?: number | undefined;
  /** The packet, by its number, that answers this one. */
  answeredBy?: number | undefined;
  /** The packet, by its number, that this one says again. */
  repeats?: number | undefined;
}

/** A TLS record, with the direction it went. */
export type ListedRecord = Omit<TlsRecord, 'side'> & { direction: Direction };

/** One TCP connection that carries MQTT, or something hidden that may be MQTT. */
export interface Conversation {
  stream: number;
  client: Endpoint;
  broker: Endpoint;
  /** From the CONNECT; empty where there was none, or where it left the choice to the broker. */
  clientId: string;
  version: Version;
  /** Whether the version was read in a CONNECT, or guessed from the packets. */
  isVersionKnown: boolean;
  /** What lies between TCP and MQTT, from TCP on. */
  wrappings: readonly Wrapping[];
  /** The cipher suite of TLS, where its beginning is in the capture. */
  suite: string | undefined;
  /** Whether it was recognised as MQTT; what TLS hides is not. */
  isMqtt: boolean;
  firstFrame: number;
  /** Milliseconds since the capture's first frame. */
  begin: number;
  end: number;
  /** Whether the capture has its beginning. */
  began: boolean;
  /** Whether bytes of it are missing from the capture. */
  hasGaps: boolean;
  /** How it ended, and who ended it; undefined where it was still open when the capture ended. */
  closed?: { how: 'fin' | 'reset'; by: 'client' | 'broker'; frame: number; time: number };
  packets: number;
  /** The first so many; `recordCount` tells of all. */
  records: ListedRecord[];
  recordCount: number;
}

/** Takes a captured packet apart: its fields, down to bits, and what is wrong with it. */
export function dissectPacket({ bytes, version }: CapturedPacket): Dissection {
  return dissectCaptured(bytes, version);
}
