// What the server behind the page tells of its broker: the packets of clients that are not the page's, and what the broker
// decided about any of them. Finds out who is at the other end of the broker's connections; says nothing of how it is heard.
import { decode, type TraceEvent } from '#broker/index.ts';
import type { FeedEvent, FeedMessage } from '../live/feed.ts';
import { MOST_CLIENTS } from '../stepper/columns.ts';
import type { PageClient } from './client.ts';
import type { Moments } from './moments.ts';
import type { Overheard, Wiretap } from './wiretap.ts';

/** A client that is not the page's. */
export interface Stranger {
  name: string;
  publishes: boolean;
  subscribes: boolean;
  readonly overheard: Overheard;
}

/** One of those at the other ends of the broker's connections. */
type Peer = { readonly own: PageClient } | { readonly stranger: Stranger };

/** The events that are of bytes on a connection. */
const OF_WIRES: readonly TraceEvent['kind'][] = ['opened', 'received', 'sent', 'malformed', 'closed'];

/** What is heard is put into. */
export interface Hearing {
  readonly moments: Moments;
  readonly wiretap: Wiretap;
  /** Milliseconds since the figure began. */
  now(): number;
  clients(): readonly PageClient[];
}

export class Heard {
  readonly #hearing: Hearing;
  /** By connections of the broker. */
  readonly #peers = new Map<string, Peer>();
  /** Those that are in the figure, by connections of the broker. */
  readonly #strangers = new Map<string, Stranger>();
  /** The moment that what the broker tells next belongs to. */
  #ruling: number | undefined;
  /** Whether what is told happens now: what is told first happened before. */
  #isNow = false;
  /** The latest event: a server that is heard again tells of what was before. */
  #latest: { readonly number: number; readonly at: number } | undefined;
  #isAgain = false;
  /** Where the broker takes MQTT over TCP, once it has said so. */
  port: number | null = null;

  constructor(hearing: Hearing) {
    this.#hearing = hearing;
  }

  /** Those who are in the figure and are not the page's. */
  get strangers(): readonly Stranger[] {
    return [...this.#strangers.values()];
  }

  hear(message: FeedMessage): void {
    if (message.kind === 'greeting') {
      this.port = message.port;
      this.#isAgain = this.#latest !== undefined;
      this.#isNow = false;
      return;
    }
    const { events } = message;
    const last = events.at(-1);
    if (this.#isNow && last) this.#hearing.wiretap.setClock(last.event.at, this.#hearing.now());
    for (const event of this.#isAgain ? this.#unheard(events) : events) this.#take(event);
    this.#isAgain = false;
    this.#isNow = true;
    if (last) this.#latest = { number: last.number, at: last.event.at };
  }

  /** Of what a server tells that was heard before: what came since. Another server has none of the old connections. */
  #unheard(events: readonly FeedEvent[]): readonly FeedEvent[] {
    const known = events.findIndex(
      ({ number, event }) => number === this.#latest?.number && event.at === this.#latest.at,
    );
    if (known < 0) this.#peers.clear();
    this.#isNow = known >= 0;
    return events.slice(known + 1);
  }

  #take({ broker, event, whole }: FeedEvent): void {
    const key = `${broker}/${event.connection}`;
    if (event.kind === 'opened') this.#peers.set(key, { stranger: this.#newStranger() });
    const peer = this.#peers.get(key);
    if (whole === undefined && peer) this.#overhear(peer, event);
    switch (event.kind) {
      case 'opened':
        return;
      case 'closed':
        this.#peers.delete(key);
        // Where this end did not close, what follows is about the end of the connection, and about no packet.
        if (event.reason === undefined) this.#ruling = peer && 'own' in peer ? peer.own.cutAt : undefined;
        return;
      case 'received':
      case 'sent':
        if (whole === undefined && peer) this.#packet(key, peer, event);
        return;
      default:
        if (this.#isNow) this.#rule(event);
    }
  }

  #newStranger(): Stranger {
    return { name: '', publishes: false, subscribes: false, overheard: this.#hearing.wiretap.overhear() };
  }

  #overhear(peer: Peer, event: TraceEvent): void {
    if (!('stranger' in peer) || this.#hearing.moments.isFull || !OF_WIRES.includes(event.kind)) return;
    peer.stranger.overheard.events.push(event);
  }

  #packet(key: string, known: Peer, event: TraceEvent & { kind: 'received' | 'sent' }): void {
    const { frame, kind, version, clientId } = event;
    const packet = decode(frame, version);
    const peer = packet.type === 'connect' ? this.#named(key, known, frame, packet.clientId) : known;
    if ('own' in peer) {
      if (kind === 'received') this.#ruling = this.#sentBy(peer.own, frame);
      return;
    }
    const { stranger } = peer;
    if (stranger.name === '' && clientId) stranger.name = clientId;
    if (kind === 'received' && packet.type === 'publish') stranger.publishes = true;
    if (kind === 'received' && packet.type === 'subscribe') stranger.subscribes = true;
    if (this.#isNow) this.#show(key, stranger, event);
  }

  /** Who connects: one of the page's clients, if it has just sent this very CONNECT. */
  #named(key: string, known: Peer, frame: Uint8Array, clientId: string): Peer {
    if ('own' in known) return known;
    const own = this.#hearing
      .clients()
      .find(({ knocking }) => knocking !== undefined && isSameBytes(knocking, frame));
    if (!own) {
      known.stranger.name = clientId;
      return known;
    }
    own.knocking = undefined;
    const peer = { own };
    this.#peers.set(key, peer);
    return peer;
  }

  /** A stranger's packet appears in the figure. */
  #show(
    key: string,
    stranger: Stranger,
    { frame, version, kind }: TraceEvent & { kind: 'received' | 'sent' },
  ): void {
    const { moments } = this.#hearing;
    if (moments.isFull || !this.#admit(key, stranger)) return;
    stranger.overheard.isShown = true;
    const way = kind === 'received' ? 'up' : 'down';
    moments.event(() => {
      const flight = moments.launch({ client: stranger.name, way, frame, version, connection: 1 });
      moments.turn(flight, 'delivered');
    });
    if (kind === 'received') this.#ruling = moments.last;
  }

  /** Gives a stranger a place in the figure, if there is one. */
  #admit(key: string, stranger: Stranger): boolean {
    if (this.#strangers.has(key)) return true;
    const clients = this.#hearing.clients();
    const same = [...this.#strangers].find(([, { name }]) => name === stranger.name);
    if (same) {
      stranger.publishes ||= same[1].publishes;
      stranger.subscribes ||= same[1].subscribes;
      this.#strangers.delete(same[0]);
    }
    if (clients.length + this.#strangers.size >= MOST_CLIENTS) return false;
    if (stranger.name === '' || clients.some(({ name }) => name === stranger.name))
      stranger.name = `${stranger.name || '?'}′`;
    this.#strangers.set(key, stranger);
    return true;
  }

  /** The moment at which a client's packet left the page. */
  #sentBy({ name }: PageClient, frame: Uint8Array): number | undefined {
    const flight = this.#hearing.moments.flights.find(
      (each) =>
        each.client === name &&
        each.from === name &&
        each.state === 'delivered' &&
        !each.isHeard &&
        isSameBytes(each.frame, frame),
    );
    if (!flight) return undefined;
    flight.isHeard = true;
    return flight.turns.at(-1)?.step;
  }

  /** What the broker decided, at the packet that it decided on. Clients have the names that they have in the figure. */
  #rule(event: TraceEvent): void {
    if (this.#ruling === undefined) return;
    const named = event.clientId === undefined ? event : { ...event, clientId: this.#nameOf(event.clientId) };
    const told =
      named.kind === 'matched'
        ? {
            ...named,
            matches: named.matches.map((match) => ({ ...match, clientId: this.#nameOf(match.clientId) })),
          }
        : named;
    this.#hearing.moments.rule(this.#ruling, told);
  }

  #nameOf(clientId: string): string {
    const own = this.#hearing.clients().find(({ setup: { name, clientId: id = name } }) => id === clientId);
    return own?.name ?? clientId;
  }
}

function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
