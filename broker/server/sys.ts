// What a broker tells of itself below $SYS, under Mosquitto's names: who is connected, what went through, what is kept. Knows the
// broker's trace and what it holds; clients cannot write there, which `access.ts` and the host see to, and a filter that begins
// with a wildcard does not find it.
import { utf8, type Version } from '../codec/index.ts';
import type { Timer } from '../session/timers.ts';
import type { TraceEvent } from '../session/trace.ts';
import { parseShared } from '../topics/filter.ts';
import type { Broker } from './broker.ts';
import { holdings } from './holdings.ts';

/** What is counted as it happens. */
const COUNTS = {
  'messages/received': 0,
  'messages/sent': 0,
  'publish/dropped': 0,
  'publish/received': 0,
  'publish/sent': 0,
  'bytes/received': 0,
  'bytes/sent': 0,
  sockets: 0,
  connections: 0,
  'publish bytes received': 0,
  'publish bytes sent': 0,
  'clients expired': 0,
};

type Count = keyof typeof COUNTS;

/** Counts of which a load is told: how many there are in a minute, lately. */
const LOADS = [
  'messages/received',
  'messages/sent',
  'publish/dropped',
  'publish/received',
  'publish/sent',
  'bytes/received',
  'bytes/sent',
  'sockets',
  'connections',
] as const satisfies Count[];

/** What "lately" is, in minutes. */
const SPANS = [1, 5, 15];

/** What a host knows of its machine. */
export interface Machine {
  /** What the broker calls itself. */
  readonly version: string;
  /** How many bytes of memory the program's objects take. */
  heap?(): number;
}

const CONNECT = 1;
const PUBLISH = 3;

/** Seconds between two updates, as Mosquitto has it. */
export const SYS_INTERVAL = 10;

export class SystemTopics {
  readonly #broker: () => Broker;
  readonly #machine: Machine;
  readonly #counts = { ...COUNTS };
  /** Counts when they were last told. */
  #before = { ...COUNTS };
  readonly #loads = new Map<string, number>();
  /** What each topic says. */
  readonly #told = new Map<string, string>();
  readonly #highest = { clients: 0, heap: 0 };
  #startedAt: number | undefined;
  #toldAt = 0;
  #timer: Timer | undefined;

  constructor(broker: () => Broker, machine: Machine) {
    this.#broker = broker;
    this.#machine = machine;
  }

  /** Takes what the broker tells. */
  record(event: TraceEvent): void {
    const counts = this.#counts;
    if (event.kind === 'received') {
      this.#recordFrame(event.frame, event.version, 'received');
      if (typeOf(event.frame) === CONNECT) counts.connections++;
    } else if (event.kind === 'sent') this.#recordFrame(event.frame, event.version, 'sent');
    else if (event.kind === 'dropped') counts['publish/dropped']++;
    else if (event.kind === 'opened') counts.sockets++;
    else if (event.kind === 'session' && event.action === 'expired') counts['clients expired']++;
  }

  #recordFrame(frame: Uint8Array, version: Version, way: 'received' | 'sent'): void {
    this.#counts[`messages/${way}`]++;
    this.#counts[`bytes/${way}`] += frame.length;
    if (typeOf(frame) !== PUBLISH) return;
    this.#counts[`publish/${way}`]++;
    this.#counts[`publish bytes ${way}`] += payloadLength(frame, version);
  }

  /**
   * Tells everything at once and then again and again, each time what is different.
   * @param interval seconds; 0 ends it, and leaves what was told
   */
  every(interval: number): void {
    const { timers, now } = this.#broker();
    timers.cancel(this.#timer);
    if (interval === 0) return;
    this.#startedAt ??= now;
    this.#tell();
    this.#timer = timers.schedule(now + 1000 * interval, () => this.every(interval));
  }

  #tell(): void {
    for (const [name, value] of Object.entries({ ...this.#values(), ...this.#loadValues() })) {
      const text = String(value);
      if (this.#told.get(name) === text) continue;
      this.#told.set(name, text);
      this.#broker().say({ topic: `$SYS/broker/${name}`, payload: utf8(text), qos: 2, retain: true });
    }
  }

  #values(): Record<string, string | number> {
    const broker = this.#broker();
    const counts = this.#counts;
    const { highest, clients, subscriptions } = this.#people(broker);
    const { messages, payloadBytes, underWay } = holdings(broker);
    return {
      version: this.#machine.version,
      uptime: `${Math.floor((broker.now - (this.#startedAt as number)) / 1000)} seconds`,
      'clients/total': clients.connected + clients.away,
      'clients/maximum': highest,
      'clients/inactive': clients.away,
      'clients/disconnected': clients.away,
      'clients/active': clients.connected,
      'clients/connected': clients.connected,
      'clients/expired': counts['clients expired'],
      'messages/inflight': underWay,
      'messages/stored': messages,
      'messages/received': counts['messages/received'],
      'messages/sent': counts['messages/sent'],
      'store/messages/count': messages,
      'store/messages/bytes': payloadBytes,
      'subscriptions/count': subscriptions.own,
      'shared_subscriptions/count': subscriptions.shared,
      'retained messages/count': broker.retained.size,
      'publish/messages/dropped': counts['publish/dropped'],
      'publish/messages/received': counts['publish/received'],
      'publish/messages/sent': counts['publish/sent'],
      'publish/bytes/received': counts['publish bytes received'],
      'publish/bytes/sent': counts['publish bytes sent'],
      'bytes/received': counts['bytes/received'],
      'bytes/sent': counts['bytes/sent'],
      ...this.#heap(),
    };
  }

  #people(broker: Broker) {
    const clients = { connected: 0, away: 0 };
    const subscriptions = { own: 0, shared: 0 };
    for (const session of broker.sessions) {
      clients[session.connection === undefined ? 'away' : 'connected']++;
      for (const filter of session.subscriptions.keys())
        subscriptions[parseShared(filter) === undefined ? 'own' : 'shared']++;
    }
    this.#highest.clients = Math.max(this.#highest.clients, clients.connected);
    return { highest: this.#highest.clients, clients, subscriptions };
  }

  #heap(): Record<string, number> {
    const heap = this.#machine.heap?.();
    if (heap === undefined) return {};
    this.#highest.heap = Math.max(this.#highest.heap, heap);
    return { 'heap/current': heap, 'heap/maximum': this.#highest.heap };
  }

  /** A load follows the number in a minute, the slower the longer its span is. */
  #loadValues(): Record<string, string> {
    const { now } = this.#broker();
    const minutes = (now - this.#toldAt) / 60_000;
    const values: Record<string, string> = {};
    for (const count of LOADS) {
      const rate =
        this.#told.size === 0 || minutes === 0 ? 0 : (this.#counts[count] - this.#before[count]) / minutes;
      for (const span of SPANS) {
        const name = `load/${count}/${span}min`;
        const load = rate + Math.exp(-minutes / span) * ((this.#loads.get(name) ?? 0) - rate);
        this.#loads.set(name, load);
        values[name] = load.toFixed(2);
      }
    }
    this.#before = { ...this.#counts };
    this.#toldAt = now;
    return values;
  }
}

function typeOf(frame: Uint8Array): number {
  return (frame[0] as number) >> 4;
}

/** How long the payload of a PUBLISH is, without reading the rest. */
function payloadLength(frame: Uint8Array, version: Version): number {
  let at = 1;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = frame[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  varint();
  at += 2 + (((frame[at] as number) << 8) | (frame[at + 1] as number));
  if (((frame[0] as number) & 0b0110) !== 0) at += 2;
  const properties = version === 5 ? varint() : 0;
  return frame.length - at - properties;
}
