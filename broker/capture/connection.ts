// One TCP connection of a capture: its two ends, how it began and ended, and its two directions put in order. Knows sequence
// numbers and flags; what it carries is the affair of its stream, which it has once there is something to carry.
import { other, type Side } from './content.ts';
import type { Conversation, Endpoint } from './conversation.ts';
import type { Segment } from './frame.ts';
import { type Carrier, Reassembly } from './reassemble.ts';
import { type Shared, Stream } from './stream.ts';
import { TCP_FLAGS } from './tcp.ts';

interface Ending {
  how: 'fin' | 'reset';
  side: Side;
  frame: number;
  time: number;
}

export class Connection {
  /** From 0, as Wireshark counts them. */
  readonly number: number;
  /** What it carries, once that is something. */
  stream: Stream | undefined;
  readonly #shared: Shared;
  readonly #ends: readonly [Endpoint, Endpoint];
  readonly #firstFrame: number;
  readonly #begin: number;
  #last: number;
  /** The end that sent the SYN. */
  #caller: Side | undefined;
  /** The sequence number of the SYN. */
  #opening: number | undefined;
  #ending: Ending | undefined;
  /** The first sequence number of each side. */
  readonly #first: [number | undefined, number | undefined] = [undefined, undefined];
  #ways: readonly [Reassembly, Reassembly] | undefined;

  constructor(number: number, segment: Segment, { frame, time }: Carrier, shared: Shared) {
    this.number = number;
    this.#shared = shared;
    this.#ends = [
      { address: segment.source, port: segment.sourcePort },
      { address: segment.destination, port: segment.destinationPort },
    ];
    this.#firstFrame = frame;
    this.#begin = time;
    this.#last = time;
  }

  sideOf({ source, sourcePort }: Segment): Side {
    const [{ address, port }] = this.#ends;
    return address === source && port === sourcePort ? 0 : 1;
  }

  /** Whether a segment begins another connection between the same ends. */
  isReused({ flags, sequence }: Segment): boolean {
    const isSyn = (flags & (TCP_FLAGS.syn | TCP_FLAGS.ack)) === TCP_FLAGS.syn;
    if (!isSyn || this.#opening === sequence) return false;
    return this.#opening !== undefined || this.#ending !== undefined || this.#caller === undefined;
  }

  take(segment: Segment, carrier: Carrier): void {
    const { flags, sequence, acknowledgement, length } = segment;
    const side = this.sideOf(segment);
    const isSyn = (flags & TCP_FLAGS.syn) !== 0;
    const start = isSyn ? sequence + 1 : sequence;
    this.#last = carrier.time;
    if (isSyn) this.#open(side, segment);
    this.#first[side] ??= start;
    if (length > 0) this.#ways ??= this.#carry();
    if (flags & TCP_FLAGS.ack) this.#ways?.[other(side)].acknowledge(acknowledgement);
    this.#ways?.[side].take(start, length, carrier);
    if (flags & TCP_FLAGS.rst) this.#close('reset', side, carrier);
    else if (flags & TCP_FLAGS.fin) this.#close('fin', side, carrier);
  }

  /** Nothing more comes: what waited for an earlier byte is handed on, and what is unfinished is told. */
  finish(): void {
    const { stream } = this;
    const ways = this.#ways;
    const ending = this.#ending;
    if (ways === undefined || stream === undefined) return;
    for (const way of ways) way.finish();
    stream.end();
    const repeated = ways[0].repeated + ways[1].repeated;
    if (repeated > 0) stream.note('retransmitted', undefined, { count: repeated });
    if (ending?.how === 'reset')
      stream.note('reset', ending, { who: ending.side === stream.clientSide ? 'client' : 'broker' });
  }

  /** In: the stream that it carries. */
  conversation(stream: Stream): Conversation {
    const side = stream.clientSide;
    return {
      stream: this.number,
      client: this.#ends[side],
      broker: this.#ends[other(side)],
      clientId: '',
      version: 4,
      isVersionKnown: false,
      firstFrame: this.#firstFrame,
      begin: this.#begin,
      end: this.#last,
      began: this.#caller !== undefined,
      packets: 0,
      ...(this.#ending && { closed: closed(this.#ending, side) }),
      ...stream.description(),
    };
  }

  #open(side: Side, { flags, sequence }: Segment): void {
    const isAnswer = (flags & TCP_FLAGS.ack) !== 0;
    this.#caller ??= isAnswer ? other(side) : side;
    if (!isAnswer) this.#opening = sequence;
  }

  #close(how: Ending['how'], side: Side, { frame, time }: Carrier): void {
    this.#ending ??= { how, side, frame, time };
  }

  #carry(): readonly [Reassembly, Reassembly] {
    const { number } = this;
    const shared = this.#shared;
    const frame = this.#firstFrame;
    const caller = this.#caller;
    const ports = [this.#ends[0].port, this.#ends[1].port] as const;
    const stream = new Stream({ number, frame, ports, caller }, shared);
    this.stream = stream;
    const way = (side: Side): Reassembly => {
      const reassembly = new Reassembly(stream.receiver(side));
      const first = this.#first[side];
      if (first !== undefined) reassembly.begin(first);
      return reassembly;
    };
    return [way(0), way(1)];
  }
}

function closed({ how, side, frame, time }: Ending, client: Side): NonNullable<Conversation['closed']> {
  return { how, by: side === client ? 'client' : 'broker', frame, time };
}
