// A trace as a capture: Ethernet, IP and TCP around what one party sent and received, as if its network card had been listened
// to. Knows how a TCP connection is opened, acknowledged and closed; where the trace also has the other end's events, the other
// end acknowledges when it received, and not before.
import type { TraceEvent } from '../session/trace.ts';
import { addressBytes, ipv4Text } from './address.ts';
import type { Endpoint } from './conversation.ts';
import { type Station, stationOf, writeFrame } from './headers.ts';
import { ETHERNET } from './link.ts';
import { TCP_FLAGS } from './tcp.ts';
import { type FrameToWrite, writePcapng } from './write.ts';

export interface EncapsulateOptions {
  /** Whose network card: `broker`, or the name of a client. */
  by?: string;
  /** When the trace's clock was at 0, in milliseconds since 1970. */
  startedAt?: number;
  /** The broker's port. */
  port?: number;
  /** TLS secrets in the key log format of NSS. */
  secrets?: string;
}

const BROKER = 'broker';
const MQTT_PORT = 1883;

/** Addresses for documentation (RFC 5737 and 3849), for parties that have none. */
const BROKER_ADDRESS = '192.0.2.1';
const BROKER_ADDRESS_6 = '2001:db8::1';
const FIRST_CLIENT = 10;
/** The first of the ports that are given out for a while (RFC 6335). */
const FIRST_PORT = 49_152;
const PORTS = 65_536 - FIRST_PORT;

/** As much as an Ethernet frame takes beside the headers, by the length of an IP address. */
const SEGMENT_SIZES: Readonly<Record<number, number>> = { 4: 1460, 16: 1440 };
const WINDOW = 0xffff;
const WINDOW_SHIFT = 7;

const DISCONNECT = 14;

/**
 * Writes a trace as a pcapng file.
 * @param trace events in the order of happening; those that are no bytes on a connection are passed over
 */
export function encapsulate(trace: Iterable<TraceEvent>, options: EncapsulateOptions = {}): Uint8Array {
  const { startedAt = 0, secrets } = options;
  const frames: FrameToWrite[] = [];
  const wiretap = new Wiretap([...trace], options, (at, bytes) =>
    frames.push({ time: startedAt + at, bytes }),
  );
  wiretap.run();
  return writePcapng({ linkType: ETHERNET, frames, secrets });
}

type Emit = (at: number, frame: Uint8Array) => void;

class Wiretap {
  readonly #trace: readonly TraceEvent[];
  readonly #by: string;
  readonly #port: number;
  readonly #emit: Emit;
  readonly #parties: ReadonlySet<string>;
  readonly #names: string[] = [];
  /** By the observer's number, which a broker that begins anew gives out again. */
  readonly #connections = new Map<number, TcpConnection>();
  #opened = 0;
  /** By the other end's name, in the order of opening. */
  readonly #byPeer = new Map<string, TcpConnection[]>();
  /** The broker's connections as its clients number them. */
  readonly #asClientsCount = new Map<number, { client: string; number: number }>();
  /** How many connections each client has had. */
  readonly #counts = new Map<string, number>();

  constructor(
    trace: readonly TraceEvent[],
    { by = BROKER, port = MQTT_PORT }: EncapsulateOptions,
    emit: Emit,
  ) {
    this.#trace = trace;
    this.#by = by;
    this.#port = port;
    this.#emit = emit;
    this.#parties = new Set(trace.map((event) => event.by));
  }

  run(): void {
    for (const event of this.#trace) {
      if (event.connection === undefined) continue;
      if (event.by === this.#by) this.#observe(event, event.connection);
      else this.#farSide(event, event.connection)?.hear(event);
    }
  }

  /** The observer's connection that an event of another party is about. */
  #farSide(event: TraceEvent, number: number): TcpConnection | undefined {
    if (event.by !== BROKER) return this.#byPeer.get(event.by)?.[number - 1];
    if (event.kind === 'opened') {
      const count = (this.#counts.get(event.peer) ?? 0) + 1;
      this.#counts.set(event.peer, count);
      this.#asClientsCount.set(number, { client: event.peer, number: count });
    }
    const counted = this.#asClientsCount.get(number);
    return counted?.client === this.#by ? this.#connections.get(counted.number) : undefined;
  }

  #observe(event: TraceEvent, number: number): void {
    const connection = this.#connections.get(number);
    switch (event.kind) {
      case 'opened':
        this.#open(number, event.peer).open(event.at);
        return;
      case 'received':
      case 'malformed':
        return (connection ?? this.#open(number, '')).receive(event.at, event.frame);
      case 'sent':
        return (connection ?? this.#open(number, '')).send(event.at, event.frame);
      case 'closed':
        return connection?.close(event.at, event.reason !== undefined);
      default:
        return;
    }
  }

  #open(number: number, peer: string): TcpConnection {
    const count = ++this.#opened;
    const isBroker = this.#by === BROKER;
    const far = this.#farEnd(count, peer, isBroker);
    const near = isBroker
      ? { address: brokerAddress(far), port: this.#port }
      : { address: this.#clientAddress(this.#by), port: clientPort(count) };
    const connection = new TcpConnection(stationOf(near), stationOf(far), {
      number: count,
      isServer: isBroker,
      isHeard: this.#parties.has(peer),
      emit: this.#emit,
    });
    this.#connections.set(number, connection);
    this.#byPeer.set(peer, [...(this.#byPeer.get(peer) ?? []), connection]);
    return connection;
  }

  #farEnd(number: number, peer: string, isClient: boolean): Endpoint {
    const known = endpointOf(peer);
    if (known !== undefined) return known;
    return isClient
      ? { address: this.#clientAddress(peer), port: clientPort(number) }
      : { address: BROKER_ADDRESS, port: this.#port };
  }

  /** One for each name, in the order of appearance. */
  #clientAddress(name: string): string {
    if (!this.#names.includes(name)) this.#names.push(name);
    const number = FIRST_CLIENT + this.#names.indexOf(name);
    return `192.0.${2 + (number >> 8)}.${number & 0xff}`;
  }
}

function clientPort(number: number): number {
  return FIRST_PORT + (number % PORTS);
}

/** A broker has an address of the same kind as its client's; on the same machine, the same one. */
function brokerAddress({ address }: Endpoint): string {
  if (address === '::1' || address.startsWith('127.')) return address;
  return address.includes(':') ? BROKER_ADDRESS_6 : BROKER_ADDRESS;
}

/** Reads `127.0.0.1:49152`, `::1:49152` and `[::1]:49152`; undefined for a name. */
function endpointOf(peer: string): Endpoint | undefined {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d{1,5})$/.exec(peer) ?? [];
  const bytes = addressBytes(host);
  if (bytes === undefined || Number(port) > 0xffff) return undefined;
  const isMapped = host.toLowerCase().startsWith('::ffff:') && host.includes('.');
  return { address: isMapped ? ipv4Text(bytes.subarray(-4)) : host.replace(/%.*$/, ''), port: Number(port) };
}

/** One direction of a connection. */
interface End {
  station: Station;
  /** The next sequence number. */
  next: number;
  /** Up to where it has acknowledged the other. */
  acknowledged: number;
  identification: number;
}

interface ConnectionTraits {
  number: number;
  /** Whether the observer is the server. */
  isServer: boolean;
  /** Whether the trace has the other end's events as well. */
  isHeard: boolean;
  emit: Emit;
}

class TcpConnection {
  readonly #near: End;
  readonly #far: End;
  readonly #traits: ConnectionTraits;
  #state: 'open' | 'closing' | 'closed' = 'open';
  /** Whether the other end said DISCONNECT. */
  #farewell = false;
  /** What is known of how the other end left. */
  #farLeft: 'closed' | 'lost' | undefined;

  constructor(near: Station, far: Station, traits: ConnectionTraits) {
    this.#traits = traits;
    const begin = (traits.number * 1_000_000) >>> 0;
    this.#near = { station: near, next: begin, acknowledged: begin + 500_000, identification: 0 };
    this.#far = { station: far, next: begin + 500_000, acknowledged: begin, identification: 0 };
  }

  open(at: number): void {
    const near = this.#near;
    const far = this.#far;
    const [client, server] = this.#traits.isServer ? [far, near] : [near, far];
    this.#segment(at, client, TCP_FLAGS.syn, undefined, synOptions(client.station));
    client.next++;
    server.acknowledged = client.next;
    this.#segment(at, server, TCP_FLAGS.syn | TCP_FLAGS.ack, undefined, synOptions(server.station));
    server.next++;
    client.acknowledged = server.next;
    this.#segment(at, client, TCP_FLAGS.ack);
  }

  receive(at: number, frame: Uint8Array): void {
    if ((frame[0] as number) >> 4 === DISCONNECT) this.#farewell = true;
    this.#data(at, this.#far, frame);
    this.#near.acknowledged = this.#far.next;
    this.#segment(at, this.#near, TCP_FLAGS.ack);
  }

  send(at: number, frame: Uint8Array): void {
    this.#data(at, this.#near, frame);
    if (!this.#traits.isHeard) this.#acknowledge(at, this.#near.next);
  }

  /** What the other end says of itself: what reached it, and that it closed. */
  hear(event: TraceEvent): void {
    const { kind, at } = event;
    if (this.#state === 'closed') return;
    if (kind === 'received' || kind === 'malformed')
      this.#acknowledge(at, (this.#far.acknowledged + event.frame.length) >>> 0);
    if (kind !== 'closed') return;
    this.#farLeft = event.reason === undefined ? 'lost' : 'closed';
    if (this.#state === 'closing') this.#answerFin(at);
  }

  /** @param isOurs whether the observer closed, and not the other end */
  close(at: number, isOurs: boolean): void {
    if (this.#state !== 'open') return;
    if (this.#farewell || (!isOurs && this.#farLeft === 'closed'))
      return this.#finish(at, this.#far, this.#near);
    if (!isOurs) {
      this.#state = 'closed';
      return this.#segment(at, this.#far, TCP_FLAGS.rst | TCP_FLAGS.ack);
    }
    this.#state = 'closing';
    this.#segment(at, this.#near, TCP_FLAGS.fin | TCP_FLAGS.ack);
    this.#near.next++;
    if (!this.#traits.isHeard) this.#answerFin(at);
    else if (this.#farLeft !== undefined) this.#state = 'closed';
  }

  /** One end closes, the other does likewise, and the first says that it knows. */
  #finish(at: number, first: End, second: End): void {
    this.#segment(at, first, TCP_FLAGS.fin | TCP_FLAGS.ack);
    first.next++;
    second.acknowledged = first.next;
    this.#segment(at, second, TCP_FLAGS.fin | TCP_FLAGS.ack);
    second.next++;
    first.acknowledged = second.next;
    this.#segment(at, first, TCP_FLAGS.ack);
    this.#state = 'closed';
  }

  #answerFin(at: number): void {
    const near = this.#near;
    const far = this.#far;
    far.acknowledged = near.next;
    this.#segment(at, far, TCP_FLAGS.fin | TCP_FLAGS.ack);
    far.next++;
    near.acknowledged = far.next;
    this.#segment(at, near, TCP_FLAGS.ack);
    this.#state = 'closed';
  }

  #acknowledge(at: number, upTo: number): void {
    this.#far.acknowledged = upTo;
    this.#segment(at, this.#far, TCP_FLAGS.ack);
  }

  #data(at: number, from: End, bytes: Uint8Array): void {
    const size = SEGMENT_SIZES[from.station.ip.length] as number;
    for (let start = 0; start < bytes.length; start += size) {
      const payload = bytes.subarray(start, start + size);
      const isLast = start + size >= bytes.length;
      this.#segment(at, from, isLast ? TCP_FLAGS.psh | TCP_FLAGS.ack : TCP_FLAGS.ack, payload);
      from.next = (from.next + payload.length) >>> 0;
    }
  }

  #segment(
    at: number,
    from: End,
    flags: number,
    payload: Uint8Array = new Uint8Array(0),
    options?: Uint8Array,
  ): void {
    const to = from === this.#near ? this.#far : this.#near;
    const frame = writeFrame({
      source: from.station,
      destination: to.station,
      sequence: from.next,
      acknowledgement: flags & TCP_FLAGS.ack ? from.acknowledged : 0,
      flags,
      window: WINDOW,
      payload,
      identification: from.identification++,
      ...(options && { options }),
    });
    this.#traits.emit(at, frame);
  }
}

/** Maximum segment size, SACK permitted, window scale. Sources: RFC 9293, 2018 and 7323. */
function synOptions({ ip }: Station): Uint8Array {
  const size = SEGMENT_SIZES[ip.length] as number;
  return Uint8Array.of(2, 4, size >> 8, size & 0xff, 4, 2, 3, 3, WINDOW_SHIFT, 1, 1, 0);
}
