// What one TCP connection carries, put in order already: handed to whoever can read it, and what they find collected. Knows no
// segment; knows which end is the client, as soon as anything tells.
import { PACKET_TYPES } from '../codec/index.ts';
import { type FoundPacket, type Host, other, type Side, type TlsRecord, type Wrapping } from './content.ts';
import { type CapturedPacket, type Conversation, type Direction, opposite } from './conversation.ts';
import { Detector } from './detect.ts';
import { type Finding, type FindingId, finding } from './finding.ts';
import type { Carrier, Receiver } from './reassemble.ts';
import type { TlsKeys } from './tls.ts';

/** TLS records that are listed of one connection. */
const LISTED_RECORDS = 1_000;

/** Findings about the layers below MQTT that are told of one connection. */
const NOTES = 200;

/** What all streams of a capture share. */
export interface Shared {
  keys: TlsKeys;
  /** Ports at which MQTT is expected, whatever is seen there. */
  ports: ReadonlySet<number>;
  /** How many packets were found so far. */
  packets: number;
  finding(finding: Finding): void;
  later(job: () => Promise<void> | void): void;
}

/** What is known of the connection before anything of its content is. */
interface Origin {
  number: number;
  /** Its first frame. */
  frame: number;
  ports: readonly [number, number];
  /** The end that opened it; undefined where the capture does not have its beginning. */
  caller: Side | undefined;
}

export class Stream implements Host {
  readonly hint: Side | undefined;
  readonly began: boolean;
  client: Side | undefined;
  readonly #origin: Origin;
  readonly #shared: Shared;
  readonly #content: Detector;
  readonly #wrappings: Wrapping[] = [];
  readonly #records: TlsRecord[] = [];
  readonly #found: CapturedPacket[] = [];
  #recordCount = 0;
  #suite: string | undefined;
  #notes = 0;
  #isMqtt = false;
  #isOther = false;
  #hasGaps = false;
  /** The payload that packets of one frame share. */
  #kept: { frame: number; payload: Uint8Array } | undefined;

  constructor(origin: Origin, shared: Shared) {
    this.#origin = origin;
    this.#shared = shared;
    this.client = origin.caller;
    this.began = origin.caller !== undefined;
    const [first, second] = origin.ports;
    this.hint = shared.ports.has(second) ? 1 : shared.ports.has(first) ? 0 : undefined;
    this.#content = new Detector(this, shared.keys);
  }

  /** Who is to be told what one side sends. */
  receiver(side: Side): Receiver {
    return {
      receive: (bytes, carrier) => this.#content.receive(side, bytes, carrier),
      missing: (count, carrier) => {
        this.#hasGaps = true;
        this.note('gap', carrier, { count });
        this.#content.missing(side, count, carrier);
      },
    };
  }

  end(): void {
    this.#content.end();
  }

  /** Whether it is MQTT, or something hidden that may be MQTT. */
  get isListed(): boolean {
    return this.#isMqtt || this.#wrappings.includes('tls');
  }

  /** Where nothing tells who the client is, it is the end whose port is not MQTT's, or whose port is the higher one. */
  get clientSide(): Side {
    if (this.client !== undefined) return this.client;
    if (this.hint !== undefined) return other(this.hint);
    const [first, second] = this.#origin.ports;
    return first >= second ? 0 : 1;
  }

  /** What a conversation says of its content. */
  description(): Pick<
    Conversation,
    'wrappings' | 'suite' | 'isMqtt' | 'hasGaps' | 'records' | 'recordCount'
  > {
    const wrappings = this.#wrappings;
    const suite = this.#suite;
    const isMqtt = this.#isMqtt;
    const hasGaps = this.#hasGaps;
    const recordCount = this.#recordCount;
    const records = this.#records.map(({ side, ...record }) => ({
      ...record,
      direction: this.#directionOf(side),
    }));
    return { wrappings, suite, isMqtt, hasGaps, records, recordCount };
  }

  /** The packets, with the directions that they went; their numbers and versions are for others to tell. */
  packets(): CapturedPacket[] {
    if (this.clientSide === 1)
      for (const packet of this.#found) packet.direction = opposite(packet.direction);
    return this.#found;
  }

  packet({ side, bytes, missing, firstFrame, carrier }: FoundPacket): void {
    const { frame, time, place } = carrier;
    const segment = this.#wrappings.includes('tls') ? undefined : this.#keep(carrier);
    this.#shared.packets++;
    // All fields at once, the empty ones too: objects of one shape take the least memory.
    this.#found.push({
      number: 0,
      frame,
      firstFrame,
      place,
      time,
      stream: this.#origin.number,
      direction: side === 0 ? 'up' : 'down',
      version: 4,
      bytes: within(bytes, carrier, segment),
      missing,
      segment,
      type: PACKET_TYPES[((bytes[0] as number) >> 4) - 1]?.type,
      topic: undefined,
      answers: undefined,
      answeredBy: undefined,
      repeats: undefined,
    });
  }

  note(id: FindingId, carrier?: Pick<Carrier, 'frame'>, values?: Finding['values']): void {
    if (this.#isOther || this.#notes++ >= NOTES) return;
    const { number, frame } = this.#origin;
    this.#shared.finding(finding(id, { frame: carrier?.frame ?? frame, stream: number }, values));
  }

  wrap(wrapping: Wrapping): void {
    this.#wrappings.push(wrapping);
  }

  record(record: TlsRecord): void {
    this.#recordCount++;
    if (this.#records.length < LISTED_RECORDS) this.#records.push(record);
  }

  agree(suite: string): void {
    this.#suite = suite;
  }

  recognise(): void {
    this.#isMqtt = true;
  }

  abandon(): void {
    this.#isMqtt = false;
    this.#isOther = !this.isListed;
  }

  later(job: () => Promise<void> | void): void {
    this.#shared.later(job);
  }

  #directionOf(side: Side): Direction {
    return side === this.clientSide ? 'up' : 'down';
  }

  #keep({ frame, payload }: Carrier): Uint8Array {
    if (this.#kept?.frame !== frame) this.#kept = { frame, payload: payload.slice() };
    return this.#kept.payload;
  }
}

/** The bytes of a packet for good: the payload that is kept, a part of it, or a copy where they came in pieces. */
function within(bytes: Uint8Array, { payload }: Carrier, kept: Uint8Array | undefined): Uint8Array {
  const start = bytes.byteOffset - payload.byteOffset;
  const isInside = bytes.buffer === payload.buffer && start >= 0 && start + bytes.length <= payload.length;
  if (kept === undefined || !isInside) return bytes.slice();
  return bytes.length === kept.length ? kept : kept.subarray(start, start + bytes.length);
}
