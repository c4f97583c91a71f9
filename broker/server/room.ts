// Whether there is room for one more message in a broker that may keep only so much. Knows limits and what the broker keeps; a
// message for which there is no room is refused by those who asked, and what is kept already stays.

import type { TraceEvent } from '../session/trace.ts';
import type { Broker } from './broker.ts';
import { DELIVERY_WEIGHT, type Holdings, holdings, MESSAGE_WEIGHT, sizeOf } from './holdings.ts';
import type { Message } from './message.ts';

/** How much may be kept; Infinity where there is no limit. */
export interface RoomLimits {
  /** Retained messages. */
  retained: number;
  /** Bytes of their topics and payloads. */
  retainedBytes: number;
  /** Bytes of memory for all messages. */
  bytes: number;
}

/** To count what is kept takes time, so it is done when a limit comes near, and otherwise no oftener than this, in milliseconds. */
const FRESH = 1000;

/** What is left below a limit when there is no more room, as a part of it: so long as so little is left, nobody counts. */
const REST = 1 / 64;

/** Bytes against a limit, known from counting and from what has come since. */
class Gauge {
  limit = Number.POSITIVE_INFINITY;
  isFull = false;
  #counted = 0;
  #since = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  /** More has come. */
  add(bytes: number): void {
    this.#since += bytes;
  }

  /** Whether so many bytes more may be kept. */
  hasRoom(bytes: number, now: number, count: () => number): boolean {
    if (this.limit === Number.POSITIVE_INFINITY) return true;
    const isNear = !this.isFull && this.#counted + this.#since + bytes > this.limit;
    if (isNear || now >= this.#countedAt + FRESH) {
      this.#counted = count();
      this.#since = 0;
      this.#countedAt = now;
      this.isFull = this.#counted > this.limit * (1 - REST);
    }
    const kept = this.#counted + this.#since;
    return !this.isFull && kept + bytes <= this.limit;
  }
}

export class Room {
  readonly #broker: () => Broker;
  readonly #changed: (isFull: boolean) => void;
  readonly #memory = new Gauge();
  readonly #retained = new Gauge();
  #maximumRetained = Number.POSITIVE_INFINITY;

  /** @param changed told when the memory that is allowed is full, and when it is no longer */
  constructor(broker: () => Broker, limits: RoomLimits, changed: (isFull: boolean) => void = () => {}) {
    this.#broker = broker;
    this.#changed = changed;
    this.limit(limits);
  }

  limit({ retained, retainedBytes, bytes }: RoomLimits): void {
    this.#maximumRetained = retained;
    this.#retained.limit = retainedBytes;
    this.#memory.limit = bytes;
  }

  /** Takes what the broker tells: each receiver of a message adds to what is kept. */
  record(event: TraceEvent): void {
    if (event.kind === 'matched') this.#memory.add(event.matches.length * DELIVERY_WEIGHT);
  }

  /** Whether the broker may keep a message. One that removes a retained message always has room. */
  hasRoom(message: Pick<Message, 'topic' | 'payload' | 'retain'>): boolean {
    const size = sizeOf(message);
    const isRetained = message.retain && message.payload.length > 0;
    if (message.retain && !isRetained) return true;
    if (isRetained && !this.#hasRoomToRetain(message.topic, size)) return false;
    if (!this.#hasMemory(size + MESSAGE_WEIGHT)) return false;
    if (isRetained) this.#retained.add(size);
    this.#memory.add(size + MESSAGE_WEIGHT);
    return true;
  }

  #hasRoomToRetain(topic: string, size: number): boolean {
    const { retained } = this.#broker();
    const before = retained.get(topic);
    if (before === undefined && retained.size >= this.#maximumRetained) return false;
    const growth = before === undefined ? size : size - sizeOf(before);
    return growth <= 0 || this.#count(this.#retained, growth, 'retainedBytes');
  }

  #hasMemory(bytes: number): boolean {
    const { isFull } = this.#memory;
    const hasRoom = this.#count(this.#memory, bytes, 'bytes');
    if (this.#memory.isFull !== isFull) this.#changed(!isFull);
    return hasRoom;
  }

  #count(gauge: Gauge, bytes: number, what: keyof Holdings): boolean {
    const broker = this.#broker();
    return gauge.hasRoom(bytes, broker.now, () => holdings(broker)[what]);
  }
}
