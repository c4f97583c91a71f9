// Keeps the books of a broker: turns what the journal is told into records that a store is to write, and such records into a
// broker's state again. Remembers what it has written, so that only what is different is written anew, and a message only once,
// however many wait for it. Knows no store, and the time of day only by its difference to the broker's.
import type { Will } from '../codec/index.ts';
import type { Access } from './access.ts';
import type { Broker } from './broker.ts';
import { isOwnWord, outlives } from './inherit.ts';
import type { Journal } from './journal.ts';
import type { Delivery, Message } from './message.ts';
import { type Content, type Facts, FORMAT, KEYS, pack } from './record.ts';
import { type RestoredSession, read } from './restore.ts';
import type { Session } from './session.ts';

/** Records to write, by their keys; undefined for one to delete. */
export type Changes = Map<string, Uint8Array | undefined>;

/** What a ledger needs of its host. */
export interface LedgerHost {
  /** Milliseconds from 1970 to the beginning of the broker's clock. */
  epoch(): number;
  /** What the host calls one who decides what a client may do; undefined for the one who decides for the whole broker. */
  nameOf(access: Access): string | undefined;
  accessOf(name: string): Access | undefined;
}

/** A host for whom the broker's clock tells the milliseconds since 1970, and who has one answer for all. */
const PLAIN: LedgerHost = { epoch: () => 0, nameOf: () => undefined, accessOf: () => undefined };

/** What was written of a delivery. */
interface Line {
  readonly delivery: Delivery;
  readonly key: string;
  state: string;
}

/** What was written of a session. */
interface Book {
  readonly number: number;
  /** Whether more than its will is kept. */
  readonly isWhole: boolean;
  facts: string;
  will: Will | undefined;
  readonly subscriptions: Set<string>;
  readonly inbound: Set<number>;
  owed: Map<Delivery, Line>;
  /** In the order in which they wait. */
  waiting: Line[];
  /** The place of the next delivery. */
  nextPlace: number;
}

/** A message that was written, and how many records name it. */
interface Held {
  readonly number: number;
  holders: number;
}

export class Ledger implements Journal {
  readonly #host: LedgerHost;
  readonly #books = new Map<Session, Book>();
  readonly #messages = new Map<Message, Held>();
  readonly #retained = new Map<string, Message>();
  /** Sessions that may have changed, and the filters of subscriptions that did. */
  readonly #changed = new Map<Session, Set<string>>();
  readonly #topics = new Map<string, Message | undefined>();
  #changes: Changes = new Map();
  #nextSession = 1;
  #nextMessage = 1;

  constructor(host: Partial<LedgerHost> = {}) {
    this.#host = { ...PLAIN, ...host };
  }

  changed(session: Session, topicFilter?: string): void {
    let filters = this.#changed.get(session);
    if (filters === undefined) {
      filters = new Set();
      this.#changed.set(session, filters);
    }
    if (topicFilter !== undefined) filters.add(topicFilter);
  }

  ended(session: Session): void {
    this.#changed.delete(session);
    this.#strike(session);
  }

  retained(topic: string, message: Message | undefined): void {
    if (!isOwnWord(topic)) this.#topics.set(topic, message);
  }

  /** What has to be written for all that happened since the last call. */
  take(): Changes {
    for (const [topic, message] of this.#topics) this.#writeRetained(topic, message);
    this.#topics.clear();
    for (const [session, filters] of this.#changed) this.#writeSession(session, filters);
    this.#changed.clear();
    const changes = this.#changes;
    this.#changes = new Map();
    return changes;
  }

  // Writing

  #put<K extends keyof Facts>(key: string, facts: Facts[K], content?: Content): void {
    this.#changes.set(key, pack<K>(facts, content));
  }

  #delete(key: string): void {
    this.#changes.set(key, undefined);
  }

  #writeRetained(topic: string, message: Message | undefined): void {
    const before = this.#retained.get(topic);
    if (before === message) return;
    if (message === undefined) {
      this.#retained.delete(topic);
      this.#delete(KEYS.retained(topic));
    } else {
      this.#retained.set(topic, message);
      this.#put<'retained'>(KEYS.retained(topic), { message: this.#hold(message) });
    }
    if (before !== undefined) this.#release(before);
  }

  #writeSession(session: Session, filters: Iterable<string>): void {
    if (!outlives(session)) return this.#strike(session);
    const isWhole = session.expiryInterval > 0;
    const book = this.#books.get(session);
    if (book?.isWhole !== isWhole) {
      this.#strike(session);
      this.#fill(session, this.#begin(session, this.#nextSession, isWhole), session.subscriptions.keys());
    } else this.#fill(session, book, filters);
  }

  #begin(session: Session, number: number, isWhole: boolean): Book {
    const book: Book = {
      number,
      isWhole,
      facts: '',
      will: undefined,
      subscriptions: new Set(),
      inbound: new Set(),
      owed: new Map(),
      waiting: [],
      nextPlace: 1,
    };
    this.#nextSession = Math.max(this.#nextSession, number + 1);
    this.#books.set(session, book);
    return book;
  }

  #fill(session: Session, book: Book, filters: Iterable<string>): void {
    this.#writeFacts(session, book);
    if (!book.isWhole) return;
    for (const topicFilter of filters) this.#writeSubscription(session, book, topicFilter);
    this.#writeDeliveries(session, book);
    this.#writeInbound(session, book);
  }

  #writeFacts(session: Session, book: Book): void {
    const { will } = session;
    const facts = this.#factsOf(session);
    const text = JSON.stringify(facts);
    if (book.facts === text && book.will === will) return;
    book.facts = text;
    book.will = will;
    const leftAt = facts.leftAt === undefined ? undefined : facts.leftAt + this.#host.epoch();
    const { willDelayInterval: _, ...properties } = will?.properties ?? {};
    const content = will && { properties, payload: will.payload };
    this.#put<'session'>(KEYS.session(book.number), { ...facts, leftAt }, content);
  }

  /** On the broker's clock. */
  #factsOf({ clientId, version, username, access, expiryInterval, leftAt, will }: Session): Facts['session'] {
    return {
      clientId,
      version,
      username,
      access: access && this.#host.nameOf(access),
      expiryInterval,
      leftAt,
      will: will && {
        topic: will.topic,
        qos: will.qos,
        retain: will.retain,
        delay: will.properties?.willDelayInterval,
      },
    };
  }

  #writeSubscription(session: Session, book: Book, topicFilter: string): void {
    const key = KEYS.subscription(book.number, topicFilter);
    const entry = session.subscriptions.get(topicFilter);
    if (entry !== undefined) {
      book.subscriptions.add(topicFilter);
      const { topicFilter: _, ...options } = entry.subscription;
      this.#put<'subscription'>(key, { ...options, identifier: entry.identifier });
    } else if (book.subscriptions.delete(topicFilter)) this.#delete(key);
  }

  /** What waits is added to at its end and taken from at its head alone, so that only the ends have to be looked at. */
  #writeDeliveries({ outbound }: Session, book: Book): void {
    const [head] = outbound.waiting;
    const stays = book.waiting.findIndex(({ delivery }) => delivery === head);
    const left = book.waiting.splice(0, stays < 0 ? book.waiting.length : stays);
    const before = new Map([...book.owed, ...left.map((line) => [line.delivery, line] as const)]);
    book.owed = new Map();
    for (const { message: delivery, packetId, awaiting, sent } of outbound.owed.values()) {
      const owed = { packetId, awaiting, sent };
      book.owed.set(delivery, this.#writeDelivery(book, delivery, before.get(delivery), owed));
      before.delete(delivery);
    }
    for (const line of before.values()) this.#strikeDelivery(line);
    for (const delivery of outbound.waiting.slice(book.waiting.length))
      book.waiting.push(this.#writeDelivery(book, delivery));
  }

  #writeDelivery(book: Book, delivery: Delivery, before?: Line, owed?: Facts['delivery']['owed']): Line {
    const state = stateOf(owed);
    if (before?.state === state) return before;
    const line = before ?? { delivery, key: KEYS.delivery(book.number, book.nextPlace++), state };
    line.state = state;
    const { qos, retain, identifiers } = delivery;
    const message = before === undefined ? this.#hold(delivery.message) : this.#numberOf(delivery.message);
    this.#put<'delivery'>(line.key, { message, qos, retain, identifiers, owed });
    return line;
  }

  #writeInbound({ inbound }: Session, book: Book): void {
    for (const packetId of book.inbound) {
      if (inbound.has(packetId)) continue;
      book.inbound.delete(packetId);
      this.#delete(KEYS.inbound(book.number, packetId));
    }
    for (const packetId of inbound.snapshot()) {
      if (book.inbound.has(packetId)) continue;
      book.inbound.add(packetId);
      this.#put<'inbound'>(KEYS.inbound(book.number, packetId), {});
    }
  }

  /** Deletes all that was written of a session. */
  #strike(session: Session): void {
    const book = this.#books.get(session);
    if (book === undefined) return;
    this.#books.delete(session);
    this.#delete(KEYS.session(book.number));
    for (const topicFilter of book.subscriptions) this.#delete(KEYS.subscription(book.number, topicFilter));
    for (const packetId of book.inbound) this.#delete(KEYS.inbound(book.number, packetId));
    for (const line of [...book.owed.values(), ...book.waiting]) this.#strikeDelivery(line);
  }

  #strikeDelivery({ key, delivery }: Line): void {
    this.#delete(key);
    this.#release(delivery.message);
  }

  /** One more record names a message. Returns its number. */
  #hold(message: Message): number {
    const held = this.#messages.get(message);
    if (held !== undefined) {
      held.holders++;
      return held.number;
    }
    const number = this.#nextMessage++;
    this.#messages.set(message, { number, holders: 1 });
    const { topic, qos, retain, arrivedAt, expiresAt, source, properties, payload } = message;
    const facts: Facts['message'] = {
      topic,
      qos,
      retain,
      arrivedAt: arrivedAt + this.#host.epoch(),
      expiryInterval: Number.isFinite(expiresAt) ? (expiresAt - arrivedAt) / 1000 : undefined,
      source: source && {
        clientId: source.clientId,
        username: source.username,
        access: source.access && this.#host.nameOf(source.access),
      },
    };
    this.#put<'message'>(KEYS.message(number), facts, { properties, payload });
    return number;
  }

  #numberOf(message: Message): number {
    return (this.#messages.get(message) as Held).number;
  }

  /** One record less names a message; without any it is not kept. */
  #release(message: Message): void {
    const held = this.#messages.get(message) as Held;
    if (--held.holders > 0) return;
    this.#messages.delete(message);
    this.#delete(KEYS.message(held.number));
  }

  // Reading

  /**
   * Lets a broker begin with what was written of another. To be called once, before anything else, when the broker has been
   * told the time.
   * @throws DamagedRecord if the records are not what was written
   */
  restore(broker: Broker, records: Iterable<readonly [key: string, value: Uint8Array]>): void {
    const restored = read(records, this.#host);
    if (restored === undefined) return this.#put<'about'>(KEYS.about(), { format: FORMAT });
    for (const { number, message } of restored.retained) {
      this.#retained.set(message.topic, message);
      this.#recall(message, number);
      broker.retained.store(message);
    }
    for (const each of restored.sessions) this.#recallSession(each);
    broker.adopt(restored.sessions.map(({ session }) => session));
  }

  #recallSession({ number, session, deliveries }: RestoredSession): void {
    const book = this.#begin(session, number, true); // one without more than a will ends as soon as it is adopted
    book.facts = JSON.stringify(this.#factsOf(session));
    book.will = session.will;
    for (const topicFilter of session.subscriptions.keys()) book.subscriptions.add(topicFilter);
    for (const packetId of session.inbound.snapshot()) book.inbound.add(packetId);
    for (const { delivery, message, place, owed } of deliveries) {
      book.waiting.push({ delivery, key: KEYS.delivery(number, place), state: stateOf(owed) });
      book.nextPlace = place + 1;
      this.#recall(delivery.message, message);
    }
  }

  /** A record was found that names a message. */
  #recall(message: Message, number: number): void {
    const held = this.#messages.get(message);
    if (held !== undefined) held.holders++;
    else this.#messages.set(message, { number, holders: 1 });
    this.#nextMessage = Math.max(this.#nextMessage, number + 1);
  }
}

/** What becomes of a delivery, as text to compare. */
function stateOf(owed: Facts['delivery']['owed']): string {
  return owed === undefined ? '' : `${owed.packetId} ${owed.awaiting} ${owed.sent}`;
}
