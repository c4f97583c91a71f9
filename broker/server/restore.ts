// Reads the records of a store as what they were before: messages, sessions, and who holds what. Believes none of them: what does
// not fit together was not written so, and is reported as damage.
import type { LedgerHost } from './ledger.ts';
import { type Delivery, Message, type Source } from './message.ts';
import {
  type Content,
  DamagedRecord,
  type Facts,
  FORMAT,
  type Kind,
  parseKey,
  parsePlace,
  unpack,
} from './record.ts';
import { Session } from './session.ts';

export interface Restored {
  retained: { number: number; message: Message }[];
  sessions: RestoredSession[];
}

export interface RestoredSession {
  number: number;
  session: Session;
  /** In their order; what was sent comes first. */
  deliveries: RestoredDelivery[];
}

interface RestoredDelivery {
  delivery: Delivery;
  /** The number of its message. */
  message: number;
  place: number;
  /** Undefined while it was not sent. */
  owed: Facts['delivery']['owed'];
}

interface Found<K extends Kind> {
  number: number;
  rest: string;
  facts: Facts[K];
  content: Content | undefined;
}

/**
 * Reads all records of a store, in any order.
 * @returns undefined for a store in which nothing was ever written
 * @throws DamagedRecord if the records are not what a ledger wrote
 */
export function read(
  records: Iterable<readonly [key: string, value: Uint8Array]>,
  host: LedgerHost,
): Restored | undefined {
  const sorted = [...records].sort(([one], [other]) => (one < other ? -1 : 1));
  if (sorted.length === 0) return undefined;
  try {
    return new Reader(sorted, host).read();
  } catch (error) {
    throw new DamagedRecord('', { cause: error });
  }
}

class Reader {
  readonly #host: LedgerHost;
  readonly #epoch: number;
  readonly #found: { [K in Kind]: Found<K>[] } = {
    about: [],
    message: [],
    retained: [],
    session: [],
    subscription: [],
    delivery: [],
    inbound: [],
  };
  readonly #messages = new Map<number, Message>();
  readonly #sessions = new Map<number, RestoredSession>();

  constructor(records: (readonly [string, Uint8Array])[], host: LedgerHost) {
    this.#host = host;
    this.#epoch = host.epoch();
    for (const [key, value] of records) {
      const { kind, number, rest } = parseKey(key);
      (this.#found[kind] as Found<Kind>[]).push({ number, rest, ...unpack(value) });
    }
  }

  read(): Restored {
    const { about, message, retained, session, subscription, delivery, inbound } = this.#found;
    if (about[0]?.facts.format !== FORMAT) throw new DamagedRecord();
    for (const each of message) this.#messages.set(each.number, this.#messageOf(each));
    for (const each of session) this.#addSession(each);
    for (const each of subscription) this.#addSubscription(each);
    for (const each of delivery) this.#addDelivery(each);
    for (const { number, rest } of inbound) this.#session(number).session.inbound.accept(parsePlace(rest));
    return {
      retained: retained.map(({ facts }) => ({
        number: facts.message,
        message: this.#message(facts.message),
      })),
      sessions: [...this.#sessions.values()],
    };
  }

  #messageOf({ facts, content }: Found<'message'>): Message {
    const { topic, qos, retain, arrivedAt, expiryInterval: messageExpiryInterval, source } = facts;
    const { payload, properties } = contentOf(content);
    const from: Source | undefined = source && {
      clientId: source.clientId,
      username: source.username,
      access: this.#accessOf(source.access),
    };
    return new Message(
      { topic, qos, retain, payload, properties: { ...properties, messageExpiryInterval } },
      arrivedAt - this.#epoch,
      from,
    );
  }

  #addSession({ number, facts, content }: Found<'session'>): void {
    const { clientId, version, username, access, expiryInterval, leftAt, will } = facts;
    const session = new Session(clientId, version);
    session.username = username;
    session.access = this.#accessOf(access);
    session.expiryInterval = expiryInterval;
    session.leftAt = leftAt === undefined ? undefined : leftAt - this.#epoch;
    if (will !== undefined) {
      const { topic, qos, retain, delay: willDelayInterval } = will;
      const { payload, properties } = contentOf(content);
      session.will = {
        topic,
        qos,
        retain,
        payload: payload.slice(),
        properties: { ...properties, willDelayInterval },
      };
    }
    this.#sessions.set(number, { number, session, deliveries: [] });
  }

  #addSubscription({ number, rest: topicFilter, facts }: Found<'subscription'>): void {
    const { session } = this.#session(number);
    const { identifier, ...options } = facts;
    session.subscriptions.set(topicFilter, {
      holder: session,
      subscription: { topicFilter, ...options },
      identifier,
    });
  }

  #addDelivery({ number, rest, facts }: Found<'delivery'>): void {
    const { session, deliveries } = this.#session(number);
    const { message, qos, retain, identifiers, owed } = facts;
    const delivery = { message: this.#message(message), qos, retain, identifiers };
    if (owed === undefined) session.outbound.waiting.push(delivery);
    else session.outbound.owed.set(owed.packetId, { ...owed, message: delivery });
    deliveries.push({ delivery, message, place: parsePlace(rest), owed });
  }

  #accessOf(name: string | undefined): Session['access'] {
    return name === undefined ? undefined : this.#host.accessOf(name);
  }

  #message(number: number): Message {
    return known(this.#messages.get(number));
  }

  #session(number: number): RestoredSession {
    return known(this.#sessions.get(number));
  }
}

function contentOf(content: Content | undefined): Content {
  return known(content);
}

/** What other records speak of has to be there. */
function known<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new DamagedRecord();
  return thing;
}
