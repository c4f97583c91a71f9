// What the layers above TCP have in common: bytes of two sides go in, packets and findings come out at a host. Knows the
// names of both; no layer.
import type { FindingId } from './finding.ts';
import type { Carrier } from './reassemble.ts';

/** The two ends of a connection: 0 sent the first frame of it that the capture has. */
export type Side = 0 | 1;

export function other(side: Side): Side {
  return side === 0 ? 1 : 0;
}

/** Something that a connection carries. */
export interface Content {
  receive(side: Side, bytes: Uint8Array, carrier: Carrier): void;
  /** Bytes are not in the capture: `count` of them, or an unknown number where it is 0. */
  missing(side: Side, count: number, carrier: Carrier): void;
  /** Nothing more comes. */
  end(): void;
}

/** What was cut from a stream as one packet. */
export interface FoundPacket {
  side: Side;
  /** A view that holds only during the call. */
  bytes: Uint8Array;
  /** How many of its bytes the capture lacks. */
  missing: number;
  /** The frame with its first byte. */
  firstFrame: number;
  /** The frame with its last. */
  carrier: Carrier;
}

/** A layer between TCP and MQTT. */
export type Wrapping = 'tls' | 'websocket';

/** A TLS record as it lies in the stream. */
export interface TlsRecord {
  frame: number;
  time: number;
  side: Side;
  /** 20 change of cipher, 21 alert, 22 handshake, 23 application data. */
  contentType: number;
  /** The version in the record's header: 0x0303 in TLS 1.2 and, for old machines' sake, in 1.3. */
  version: number;
  /** The bytes behind the header. */
  length: number;
  /** The handshake messages in it, where they are in the clear. */
  messages: readonly string[];
}

/** Where contents report to: the connection that carries them. */
export interface Host {
  /** The end that is the client, once that is known. */
  client: Side | undefined;
  /** Whether the capture has the connection's beginning. */
  readonly began: boolean;
  /** The side at whose port MQTT is expected, if any. */
  readonly hint: Side | undefined;
  packet(found: FoundPacket): void;
  /** Without a carrier, what is noted is of the connection as a whole. */
  note(
    id: FindingId,
    carrier?: Pick<Carrier, 'frame'>,
    values?: Readonly<Record<string, string | number>>,
  ): void;
  wrap(wrapping: Wrapping): void;
  record(record: TlsRecord): void;
  /** The two ends of TLS chose a cipher suite. */
  agree(suite: string): void;
  /** MQTT was recognised. */
  recognise(): void;
  /** The connection carries something else. */
  abandon(): void;
  /** Does something after what was put off before; what reports to the host from now on is put off likewise. */
  later(job: () => Promise<void> | void): void;
}
