// The sender's half of QoS 1 and 2: what we still owe the other end. The protocol is the same in both directions, so client
// and broker share it; the identifiers taken here have nothing to do with those that the other end takes.
//
//   waiting ──release──▶ PUBLISH sent ──PUBACK──▶ settled                                (QoS 1)
//   waiting ──release──▶ PUBLISH sent ──PUBREC──▶ PUBREL sent ──PUBCOMP──▶ settled       (QoS 2)
//
// After a reconnect, what was sent and is not settled is sent again, in its first order and under its first identifiers.
import { FAILURE } from '../codec/index.ts';

/** The largest packet identifier, and so the largest number of messages under way (3.1.1, section 2.3.1). */
export const MAX_PACKET_ID = 0xffff;

/** A message that was sent, under the identifier that it keeps until it is settled. */
export interface Owed<Message> {
  readonly packetId: number;
  readonly message: Message;
  awaiting: 'puback' | 'pubrec' | 'pubcomp';
  /** How often its PUBLISH was sent. From the second time on DUP is set [MQTT-3.3.1-1]. */
  sent: number;
}

/** What an acknowledgement did. `unexpected` is one that no packet of ours asks for. */
export type Settlement = 'settled' | 'released' | 'unexpected' | 'unknown';

/** Whether a message may be sent on this connection; `isRepeat` for one that was sent on an earlier one. */
export type IsFit<Message> = (message: Message, isRepeat: boolean) => boolean;

export class Outbound<Message extends { qos: number }> {
  /** Messages that were not sent yet, the oldest first: added at the end, and taken from the head alone. */
  readonly waiting: Message[] = [];
  /** What was sent and is not settled, in the order of first sending. */
  readonly owed: Map<number, Owed<Message>> = new Map();
  /** Identifiers of SUBSCRIBE and UNSUBSCRIBE packets, which share the numbers. */
  readonly #requests = new Set<number>();
  #lastId = 0;
  /** What has to be sent again on this connection, the oldest first. */
  #toRepeat: Owed<Message>[] = [];
  /** Messages sent on this connection and not settled. */
  #inFlight = 0;
  #receiveMaximum: number = MAX_PACKET_ID;

  /**
   * A new connection: all that is owed is to be sent again [MQTT-4.4.0-1], and the quota is full (5.0, section 4.9).
   * @param receiveMaximum how many messages the other end takes at a time [v5 MQTT-4.9.0-1]
   */
  reconnect(receiveMaximum: number): void {
    this.#receiveMaximum = receiveMaximum;
    this.#inFlight = 0;
    this.#toRepeat = [...this.owed.values()];
  }

  /**
   * An identifier that nothing uses, for a SUBSCRIBE or UNSUBSCRIBE [v3 MQTT-2.3.1-2] [v5 MQTT-2.2.1-3].
   * @throws RangeError if all are in use
   */
  takeId(): number {
    const packetId = this.#freeId();
    if (packetId === undefined) throw new RangeError('all packet identifiers are in use');
    this.#requests.add(packetId);
    return packetId;
  }

  /** A SUBACK or UNSUBACK came [v3 MQTT-2.3.1-3]. Returns whether it answers a request of ours. */
  settleRequest(packetId: number): boolean {
    return this.#requests.delete(packetId);
  }

  /** The connection is gone, and with it the answers that were awaited: requests are not part of a session. */
  forgetRequests(): void {
    this.#requests.clear();
  }

  /**
   * What may be sent now: first what has to be repeated, then what waits, as far as the quota reaches
   * [v5 MQTT-3.3.4-7, MQTT-3.3.4-9, MQTT-4.9.0-2]. The caller sends each entry as it comes: a PUBREL where PUBCOMP is
   * awaited, else a PUBLISH, with DUP where `sent` is above 1.
   * A message of QoS 0 that waited leaves under the identifier 0, which is none, and is owed no longer.
   * @param isFit told of each message before its PUBLISH; where it says no, the message counts as delivered
   * @param isFull whether what waits has to wait on, though the quota would let it go
   */
  *release(isFit: IsFit<Message>, isFull: () => boolean = () => false): Generator<Owed<Message>, void, void> {
    for (let entry = this.#toRepeat[0]; entry !== undefined; entry = this.#toRepeat[0]) {
      if (entry.awaiting !== 'pubcomp' && !isFit(entry.message, true)) {
        if (entry.awaiting === 'puback') {
          this.#settle(entry);
          continue;
        }
        entry.awaiting = 'pubcomp'; // the receiver may hold the identifier, so the exchange is carried to its end
      }
      if (entry.awaiting !== 'pubcomp') {
        if (this.#inFlight >= this.#receiveMaximum) return; // v5 [MQTT-3.3.4-8, MQTT-3.3.4-10]: only PUBLISH is held back
        entry.sent++;
      }
      this.#toRepeat.shift();
      this.#inFlight++;
      yield entry;
    }
    while (this.waiting.length > 0 && this.#inFlight < this.#receiveMaximum && !isFull()) {
      const message = this.waiting[0] as Message;
      if (message.qos === 0) {
        this.waiting.shift();
        if (isFit(message, false)) yield { packetId: 0, message, awaiting: 'puback', sent: 1 };
        continue;
      }
      const packetId = isFit(message, false) ? this.#freeId() : 0; // v3 [MQTT-2.3.1-4] v5 [MQTT-2.2.1-4, MQTT-4.3.2-1, MQTT-4.3.3-1]
      if (packetId === undefined) return;
      this.waiting.shift();
      if (packetId === 0) continue;
      const awaiting = message.qos === 1 ? 'puback' : 'pubrec';
      const entry: Owed<Message> = { packetId, message, awaiting, sent: 1 }; // v3 [MQTT-4.3.2-1, MQTT-4.3.3-1] v5 [MQTT-4.3.2-3, MQTT-4.3.3-3]
      this.owed.set(packetId, entry);
      this.#inFlight++;
      yield entry;
    }
  }

  /** PUBACK: the message is the other end's now, or was refused for good [v5 MQTT-4.4.0-2]. */
  receivePuback(packetId: number): Settlement {
    const entry = this.owed.get(packetId);
    if (entry === undefined) return 'unknown';
    if (entry.awaiting !== 'puback') return 'unexpected';
    return this.#settle(entry);
  }

  /** PUBREC: from here on PUBREL is sent and never again the PUBLISH [v3 MQTT-4.3.3-1] [v5 MQTT-4.3.3-4, MQTT-4.3.3-6]; unless it tells of a failure, which settles the message [v5 MQTT-4.4.0-2]. */
  receivePubrec(packetId: number, reasonCode: number): Settlement {
    const entry = this.owed.get(packetId);
    if (entry === undefined) return 'unknown';
    if (entry.awaiting === 'puback') return 'unexpected';
    if (reasonCode >= FAILURE) return this.#settle(entry);
    entry.awaiting = 'pubcomp'; // v5 [MQTT-4.3.3-5]
    if (this.#drop(entry)) this.#inFlight++;
    return 'released';
  }

  /** PUBCOMP: the identifier is free again [v3 MQTT-2.3.1-3]. */
  receivePubcomp(packetId: number): Settlement {
    const entry = this.owed.get(packetId);
    if (entry === undefined) return 'unknown';
    if (entry.awaiting !== 'pubcomp') return 'unexpected';
    return this.#settle(entry);
  }

  /** Forgets what is owed, as when the other end has lost the session. What waits was never sent and stays. */
  forget(): void {
    this.owed.clear();
    this.#toRepeat = [];
    this.#inFlight = 0;
  }

  snapshot(topicOf: (message: Message) => string): OutboundSnapshot[] {
    return [...this.owed.values()].map(({ packetId, message, awaiting, sent }) => {
      return { packetId, qos: message.qos, topic: topicOf(message), awaiting, sent };
    });
  }

  #settle(entry: Owed<Message>): Settlement {
    this.owed.delete(entry.packetId);
    if (!this.#drop(entry)) this.#inFlight--;
    return 'settled';
  }

  /** Takes an entry from those that are to be repeated. Returns whether it was among them. */
  #drop(entry: Owed<Message>): boolean {
    const at = this.#toRepeat.indexOf(entry);
    if (at >= 0) this.#toRepeat.splice(at, 1);
    return at >= 0;
  }

  /** The next number that is not taken; numbers go round, so that one is not used again at once. */
  #freeId(): number | undefined {
    if (this.owed.size + this.#requests.size >= MAX_PACKET_ID) return undefined;
    do {
      this.#lastId = this.#lastId === MAX_PACKET_ID ? 1 : this.#lastId + 1;
    } while (this.owed.has(this.#lastId) || this.#requests.has(this.#lastId));
    return this.#lastId;
  }
}

/** One message that is owed, as plain data. */
export interface OutboundSnapshot {
  packetId: number;
  qos: number;
  topic: string;
  awaiting: 'puback' | 'pubrec' | 'pubcomp';
  sent: number;
}
