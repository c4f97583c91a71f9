// What real clients sent and were sent since the page was opened, kept to be saved as a capture. Knows events, and how many of
// them it keeps; how a capture is written is the engine's affair.
import type { TraceEvent } from '#broker/session/trace.ts';
import type { FeedEvent } from './feed.ts';

/** The oldest are let go of beyond so many events, or bytes in them. */
export const KEPT = { events: 20_000, bytes: 32 * 1024 * 1024 } as const;

/** A broker numbers its connections from 1; after so many another one's come. */
const CONNECTIONS = 1_000_000;

export class LiveRecording {
  #events: TraceEvent[] = [];
  #bytes = 0;

  /** Takes an event that is of bytes on a connection; others are passed over, and packets whose end did not come with them. */
  take({ broker, event, whole }: FeedEvent): void {
    if (event.connection === undefined || whole !== undefined || !KINDS.includes(event.kind)) return;
    this.#events.push({ ...event, connection: broker * CONNECTIONS + event.connection });
    this.#bytes += sizeOf(event);
    if (this.#events.length > KEPT.events || this.#bytes > KEPT.bytes) this.#letGo();
  }

  /** A tenth at a time: an array does not like to lose its first item again and again. */
  #letGo(): void {
    this.#events = this.#events.slice(Math.ceil(this.#events.length / 10));
    this.#bytes = this.#events.reduce((sum, event) => sum + sizeOf(event), 0);
  }

  /** The same, as a pcapng file. The broker's events have times since 1970. */
  async file(): Promise<Uint8Array<ArrayBuffer>> {
    const { encapsulate } = await import('#broker/capture/index.ts');
    return new Uint8Array(encapsulate(this.#events));
  }
}

const KINDS: readonly TraceEvent['kind'][] = ['opened', 'received', 'sent', 'malformed', 'closed'];

function sizeOf(event: TraceEvent): number {
  return 'frame' in event ? event.frame.length : 0;
}
