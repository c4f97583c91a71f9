/**
 * The trace, on its way to pages: keeps the latest events for pages that open late, and sends each page as much as it
 * takes. This file knows how much that is; it knows neither a broker nor who may listen.
 */
import type { TraceEvent } from '../../broker/session/trace.ts';
import { type FeedEvent, type FeedMessage, writeMessage } from '../widgets/live/feed.ts';

/** How many events are kept for pages that open late, and at most how many bytes of packets with them. */
const KEPT_EVENTS = 1000;
const KEPT_BYTES = 4 * 1024 * 1024;

/** A page that has as many bytes before it is slow: it is sent no more until it has taken them. */
const SLOW = 1024 * 1024;

/** Of what happens in one turn of the event loop, a page is sent the latest events, as many as this. */
const LARGEST_BATCH = 200;

/** What a page is reached by: a WebSocket, as far as it is needed here. */
export interface PageSocket {
  send(text: string): void;
  /** How many bytes were sent and have not left. */
  readonly bufferedAmount: number;
  on(event: 'close' | 'error', listener: () => void): unknown;
}

interface Page {
  readonly socket: PageSocket;
  letGo: number;
}

export class Feed {
  readonly #greeting: () => FeedMessage;
  readonly #pages = new Set<Page>();
  readonly #kept: FeedEvent[] = [];
  #keptBytes = 0;
  #fresh: FeedEvent[] = [];
  #count = 0;

  /** @param greeting makes what a page is told first */
  constructor(greeting: () => FeedMessage) {
    this.#greeting = greeting;
  }

  /**
   * Takes the next event.
   * @param broker which broker it is of
   */
  record(broker: number, event: TraceEvent): void {
    const one: FeedEvent = { number: ++this.#count, broker, event };
    this.#kept.push(one);
    this.#keptBytes += sizeOf(one);
    while (this.#kept.length > KEPT_EVENTS || this.#keptBytes > KEPT_BYTES)
      this.#keptBytes -= sizeOf(this.#kept.shift() as FeedEvent);
    if (this.#pages.size === 0) return;
    this.#fresh.push(one);
    if (this.#fresh.length === 1) setImmediate(() => this.#send());
  }

  /** Begins to tell a page: what is known of the past at once, and then what happens. */
  attach(socket: PageSocket): void {
    // What is fresh goes to the pages that were here before; this one has it among what is kept.
    this.#send();
    const page: Page = { socket, letGo: 0 };
    socket.send(writeMessage(this.#greeting()));
    socket.send(writeMessage({ kind: 'events', letGo: this.#count - this.#kept.length, events: this.#kept }));
    this.#pages.add(page);
    socket.on('close', () => this.#pages.delete(page));
    socket.on('error', () => {});
  }

  #send(): void {
    const fresh = this.#fresh;
    this.#fresh = [];
    if (fresh.length === 0) return;
    const latest = fresh.slice(-LARGEST_BATCH);
    for (const page of this.#pages) {
      if (page.socket.bufferedAmount > SLOW) {
        page.letGo += fresh.length;
        continue;
      }
      const letGo = page.letGo + fresh.length - latest.length;
      page.letGo = 0;
      page.socket.send(writeMessage({ kind: 'events', letGo, events: latest }));
    }
  }
}

function sizeOf({ event }: FeedEvent): number {
  return 'frame' in event ? event.frame.length : 0;
}
