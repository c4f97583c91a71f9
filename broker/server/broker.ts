// The broker: sessions, subscriptions and retained messages, and the way of a message from its publisher to its
// subscribers. Knows no bytes (connection.ts does) and no socket (the host does); time enters through `advance` alone.
import {
  filterFault,
  type Publish,
  type QoS,
  REASON,
  type StatementId,
  type Subscribe,
  type Subscription,
  type Version,
  type Will,
} from '../codec/index.ts';
import type { Connection, Link } from '../session/link.ts';
import { type Timer, Timers } from '../session/timers.ts';
import type { Event, Trace } from '../session/trace.ts';
import { hasWildcard, parseShared } from '../topics/filter.ts';
import { Retained } from '../topics/retained.ts';
import { type Entry, Subscriptions } from '../topics/subscriptions.ts';
import { type Access, OPEN } from './access.ts';
import type { AuthenticationMethod } from './authentication.ts';
import { ServerConnection } from './connection.ts';
import type { Entrance } from './entrance.ts';
import type { Journal } from './journal.ts';
import { type Delivery, Message } from './message.ts';
import { Session, type SessionSnapshot } from './session.ts';
import { DEFAULT_SETTINGS, NEVER, type Settings } from './settings.ts';
import { levels, type Refusal } from './terms.ts';

/** What a host brings. */
export interface Environment {
  /** Told of everything that happens. */
  trace: Trace | undefined;
  /** A text that was never given before, for client identifiers that the broker assigns [v5 MQTT-3.2.2-16]. */
  unique(): string;
  access: Access;
  /** Whether there is room for a message that is to be kept: for those who take it at QoS 1 or 2, or as its topic's retained one. */
  hasRoom(message: Pick<Publish, 'topic' | 'payload'> & { retain: boolean }): boolean;
  /** Told of what is to outlive the broker; undefined where nothing does. */
  journal: Journal | undefined;
  /** How clients of MQTT 5.0 may authenticate beyond user name and password: methods by their names. */
  authenticationMethods: ReadonlyMap<string, AuthenticationMethod>;
}

export class Broker {
  settings: Readonly<Settings>;
  readonly environment: Readonly<Environment>;
  /** Milliseconds on the host's clock. */
  now = 0;
  readonly timers: Timers = new Timers();
  readonly retained: Retained<Message> = new Retained((topic, message) =>
    this.environment.journal?.retained(topic, message),
  );
  readonly #sessions = new Map<string, Session>();
  readonly #subscriptions = new Subscriptions<Session>();
  readonly #connections = new Set<ServerConnection>();
  #sweepTimer: Timer | undefined;
  #opened = 0;
  #assigned = 0;

  constructor(settings: Partial<Settings> = {}, environment: Partial<Environment> = {}) {
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.environment = {
      trace: undefined,
      unique: () => String(++this.#assigned),
      access: OPEN,
      hasRoom: () => true,
      journal: undefined,
      authenticationMethods: new Map(),
      ...environment,
    };
    this.#sweepLater();
  }

  /**
   * A network connection came in.
   * @param peer what the host calls the other end
   * @param entrance where it came in
   * @returns where the host puts what arrives
   */
  accept(link: Link, peer: string, entrance: Entrance = {}): Connection {
    const connection = new ServerConnection(this, link, ++this.#opened, peer, entrance);
    this.#connections.add(connection);
    return connection;
  }

  /** Changes what the broker is set to. Connections that are open keep to what they were let in on. */
  configure(settings: Partial<Settings>): void {
    this.settings = { ...this.settings, ...settings };
    this.#sweepLater();
  }

  /** Searches for retained messages that have expired, after as long as is set, and then again and again. */
  #sweepLater(): void {
    const { retainedSweepInterval } = this.settings;
    this.timers.cancel(this.#sweepTimer);
    if (retainedSweepInterval === 0) return;
    this.#sweepTimer = this.timers.schedule(this.now + 1000 * retainedSweepInterval, () => {
      for (const message of this.retained.snapshot())
        if (message.isExpired(this.now)) this.retained.remove(message.topic);
      this.#sweepLater();
    });
  }

  /** Whether a client may be added, if it is not one that is there already. */
  hasRoomForClient(clientId: string): boolean {
    return this.#sessions.has(clientId) || this.#sessions.size < this.settings.maximumSessions;
  }

  /** Sends away the clients that may not stay, after rights have changed. */
  review(): void {
    for (const session of [...this.sessions])
      if (!this.accessOf(session).mayStay(session)) session.connection?.disconnect(REASON.NotAuthorized);
  }

  /** Who decides what a client may do. */
  accessOf({ access }: Pick<Session, 'access'>): Access {
    return access ?? this.environment.access;
  }

  /** Tells the time, in milliseconds, and does what is due. To be called before bytes are handed in, and at `deadline`. */
  advance(now: number): void {
    this.now = Math.max(this.now, now);
    this.timers.advance(this.now);
  }

  /** All of them, of clients that are connected and of those that are not. */
  get sessions(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** When `advance` is to be called at the latest; Infinity when nothing is due. */
  get deadline(): number {
    return this.timers.deadline;
  }

  /** Closes every connection; 5.0 clients are told why. Sessions stay. */
  shutdown(): void {
    for (const connection of [...this.#connections]) connection.disconnect(REASON.ServerShuttingDown);
  }

  snapshot(): BrokerSnapshot {
    return {
      sessions: [...this.sessions].map((session) => session.snapshot()),
      retained: this.retained.snapshot().map(({ topic, qos, payload }) => ({ topic, qos, payload })),
    };
  }

  /** A connection has ended, and takes no further part. */
  forget(connection: ServerConnection): void {
    this.#connections.delete(connection);
  }

  /** A client identifier that no session has [MQTT-3.1.3-6] v5 [MQTT-3.2.2-16]. */
  assignClientId(prefix: string): string {
    let clientId: string;
    do {
      clientId = prefix + this.environment.unique();
    } while (this.#sessions.has(clientId));
    return clientId;
  }

  /**
   * Finds or makes the session of a client that is let in, after disconnecting whoever holds it [MQTT-3.1.4-2].
   * @returns the session, and whether it was there before
   */
  open(clientId: string, cleanStart: boolean, version: Version): { session: Session; isPresent: boolean } {
    this.#takeOver(clientId);
    const before = this.#sessions.get(clientId); // taken over, it may have ended with its connection
    if (before !== undefined && cleanStart) this.#end(before, 'discarded'); // v3 [MQTT-3.1.2-6] v5 [MQTT-3.1.2-4]
    if (before !== undefined && !cleanStart) {
      // v3 [MQTT-3.1.2-4] v5 [MQTT-3.1.2-5]
      before.version = version;
      before.leftAt = undefined;
      this.timers.cancel(before.expiryTimer);
      this.timers.cancel(before.willTimer); // v5 [MQTT-3.1.3-9]
      if (before.will !== undefined)
        this.trace(
          before,
          { kind: 'will', action: 'deleted', topic: before.will.topic },
          undefined,
          'MQTT-3.1.3-9',
        );
      this.trace(before, { kind: 'session', action: 'resumed' }, 'MQTT-3.1.2-4', 'MQTT-3.1.2-5');
      return { session: before, isPresent: true };
    }
    const session = new Session(clientId, version); // v5 [MQTT-3.1.2-6]
    this.#sessions.set(clientId, session);
    this.trace(session, { kind: 'session', action: 'created' });
    return { session, isPresent: false };
  }

  /** Disconnects whoever is connected under an identifier [v3 MQTT-3.1.4-2] [v5 MQTT-3.1.4-3]. */
  #takeOver(clientId: string): void {
    const session = this.#sessions.get(clientId);
    if (session?.connection === undefined) return;
    const rule = session.version === 5 ? 'MQTT-3.1.4-3' : 'MQTT-3.1.4-2';
    this.trace(session, { kind: 'session', action: 'taken over' }, rule, rule);
    session.connection.disconnect(REASON.SessionTakenOver, rule);
  }

  /**
   * Takes in the sessions of a broker that was here before. For those that had lost their connection, time has gone on since
   * then; the others lose it now.
   */
  adopt(sessions: readonly Session[]): void {
    for (const session of sessions) {
      session.connection = undefined; // no will goes where nobody reads any more
      this.#sessions.set(session.clientId, session);
      for (const entry of session.subscriptions.values()) this.#subscriptions.add(entry);
    }
    for (const session of sessions) this.leave(session, session.leftAt);
  }

  /** The connection of a session is gone: the will is due, and the session ends or waits, which it does not before [v3 MQTT-4.1.0-1, MQTT-4.1.0-2] [v5 MQTT-4.1.0-1]. */
  leave(session: Session, leftAt: number = this.now): void {
    session.connection = undefined;
    session.leftAt = leftAt;
    this.changed(session);
    const { will, expiryInterval } = session;
    if (will !== undefined) {
      // v3 [MQTT-3.1.2-12]
      const delay = Math.min(will.properties?.willDelayInterval ?? 0, expiryInterval); // v5 [MQTT-3.1.2-8]
      if (delay === 0) this.#publishWill(session);
      else {
        session.willTimer = this.timers.schedule(leftAt + 1000 * delay, () => this.#publishWill(session));
        this.trace(
          session,
          { kind: 'will', action: 'delayed', topic: will.topic },
          undefined,
          'MQTT-3.1.2-8',
        );
      }
    }
    if (expiryInterval === 0) return this.#end(session, 'discarded');
    this.trace(session, { kind: 'session', action: 'kept' }, 'MQTT-3.1.2-4', 'MQTT-3.1.2-23');
    if (expiryInterval === NEVER) return;
    session.expiryTimer = this.timers.schedule(leftAt + 1000 * expiryInterval, () =>
      this.#end(session, 'expired'),
    ); // v5 [MQTT-4.1.0-2]
  }

  /** Ends a session; what it held is gone but for retained messages. A will that still waits is published first [v5 MQTT-3.1.2-8]. */
  #end(session: Session, action: 'discarded' | 'expired'): void {
    this.timers.cancel(session.expiryTimer);
    if (session.will !== undefined) this.#publishWill(session);
    for (const filter of session.subscriptions.keys()) this.#subscriptions.remove(session, filter);
    this.#sessions.delete(session.clientId);
    this.environment.journal?.ended(session);
    this.trace(
      session,
      { kind: 'session', action },
      'MQTT-3.1.2-6',
      action === 'expired' ? 'MQTT-4.1.0-2' : 'MQTT-3.1.2-4',
    );
  }

  /** A will passes through the same door as any message: whoever may not publish there leaves none. */
  #publishWill(session: Session): void {
    const will = session.will as Will;
    this.timers.cancel(session.willTimer);
    session.will = undefined; // [MQTT-3.1.2-10]
    this.changed(session);
    const reasonCode = this.publishRefusal(session, will);
    if (reasonCode !== undefined)
      return this.trace(session, { kind: 'refused', reasonCode, what: 'publish' });
    this.trace(
      session,
      { kind: 'will', action: 'published', topic: will.topic },
      'MQTT-3.1.2-8',
      'MQTT-3.1.2-8',
    );
    this.publish(new Message(will, this.now, session), session);
  }

  /** Why a client may not publish a message, if it may not. */
  publishRefusal(
    publisher: Session,
    message: Pick<Publish, 'topic' | 'payload' | 'qos' | 'retain'>,
  ): number | undefined {
    if (!this.accessOf(publisher).publish(publisher, message.topic)) return REASON.NotAuthorized;
    const isKept = message.qos > 0 || message.retain || this.settings.queueQoS0;
    return isKept && !this.environment.hasRoom(message) ? REASON.QuotaExceeded : undefined;
  }

  /** Publishes what the broker has to say itself. */
  say(message: Pick<Publish, 'topic' | 'payload' | 'qos' | 'retain'>): void {
    this.publish(new Message(message, this.now));
  }

  /**
   * Takes over a message and passes it on [MQTT-4.5.0-1].
   * @param publisher undefined for the broker itself
   * @returns whether it has subscribers, be it one that wants none of its own messages
   */
  publish(message: Message, publisher?: Session): boolean {
    if (message.retain && this.settings.retainAvailable) this.#retain(message, publisher); // v3 [MQTT-3.1.2-16, MQTT-3.1.2-17, MQTT-3.3.1-12] v5 [MQTT-3.1.2-14, MQTT-3.1.2-15, MQTT-3.3.1-8]
    const matched = this.#subscriptions.match(message.topic, ({ connection }) => connection !== undefined);
    const own = matched.own.filter(
      ({ holder, subscription }) => !(subscription.noLocal && holder.clientId === publisher?.clientId),
    ); // v5 [MQTT-3.8.3-3]
    this.environment.trace?.({
      at: this.now,
      by: 'broker',
      ...(publisher && { clientId: publisher.clientId }),
      kind: 'matched',
      topic: message.topic,
      matches: [...own, ...matched.shared].map(({ holder, subscription: { topicFilter, qos } }) => {
        return { clientId: holder.clientId, topicFilter, qos };
      }),
    });
    const bySession = new Map<Session, Entry<Session>[]>();
    for (const entry of own) {
      const entries = bySession.get(entry.holder);
      if (entries === undefined) bySession.set(entry.holder, [entry]);
      else entries.push(entry);
    }
    for (const [session, entries] of bySession) this.#deliver(session, this.#deliveryOf(message, entries));
    for (const entry of matched.shared) this.#deliver(entry.holder, this.#deliveryOf(message, [entry])); // v5 [MQTT-3.3.4-5, MQTT-4.8.2-3]; from here on it is this session's alone [MQTT-4.8.2-4, MQTT-4.8.2-5]
    return matched.own.length + matched.shared.length > 0;
  }

  #retain(message: Message, publisher: Session | undefined): void {
    const { topic, payload } = message;
    let action: 'stored' | 'replaced' | 'removed';
    if (payload.length === 0) {
      if (!this.retained.remove(topic)) return; // v3 [MQTT-3.3.1-10, MQTT-3.3.1-11] v5 [MQTT-3.3.1-6, MQTT-3.3.1-7]
      action = 'removed';
    } else action = this.retained.store(message) === undefined ? 'stored' : 'replaced'; // [MQTT-3.3.1-5] v3 [MQTT-3.3.1-7]
    const v5 = action === 'removed' ? 'MQTT-3.3.1-6' : 'MQTT-3.3.1-5';
    this.trace(
      publisher,
      { kind: 'retained', topic, action },
      action === 'removed' ? 'MQTT-3.3.1-10' : 'MQTT-3.3.1-5',
      v5,
    );
  }

  #deliver(session: Session, delivery: Delivery): void {
    const { connection, outbound } = session;
    const { topic } = delivery.message;
    const { queueQoS0 } = this.settings;
    const isBehind = queueQoS0 && outbound.waiting.some(({ qos }) => qos === 0); // [MQTT-4.6.0-5, MQTT-4.6.0-6]: what waits goes first
    if (delivery.qos === 0 && connection !== undefined && !isBehind)
      return connection.sendAtMostOnce(delivery);
    if (!this.mayRead(session, delivery)) return this.drop(session, delivery, 'refused');
    if (delivery.qos === 0 && !queueQoS0) return this.drop(session, delivery, 'offline');
    if (!this.#hasRoomFor(delivery, outbound.waiting)) return this.drop(session, delivery, 'queue full');
    this.changed(session);
    outbound.waiting.push(delivery); // [MQTT-4.6.0-5, MQTT-4.6.0-6] v3 [MQTT-3.1.2-5]
    connection?.release();
    if (outbound.waiting.at(-1) === delivery)
      this.trace(session, { kind: 'queued', topic, qos: delivery.qos }, 'MQTT-3.1.2-5', 'MQTT-4.5.0-1');
  }

  /** Whether a message may go to a client. Rights may change while it waits. */
  mayRead(session: Session, { message }: Delivery): boolean {
    return this.accessOf(session).read(session, message.topic);
  }

  #hasRoomFor({ message }: Delivery, waiting: readonly Delivery[]): boolean {
    const { maximumQueued, maximumQueuedBytes } = this.settings;
    if (waiting.length >= maximumQueued) return false;
    if (maximumQueuedBytes === Number.POSITIVE_INFINITY) return true;
    return (
      waiting.reduce((sum, { message: { payload } }) => sum + payload.length, message.payload.length) <=
      maximumQueuedBytes
    );
  }

  /** Lets go of a message without delivery, and says so. */
  drop(
    session: Session,
    { message, qos }: Delivery,
    why: 'queue full' | 'offline' | 'too large' | 'expired' | 'refused',
  ): void {
    this.trace(session, { kind: 'dropped', topic: message.topic, qos, why });
  }

  /** What a SUBSCRIBE asks for that this broker does not have. */
  missingFeature({ subscriptions, properties }: Subscribe): Refusal | undefined {
    const { settings } = this;
    const filters = subscriptions.map(({ topicFilter }) => topicFilter);
    if (!settings.sharedSubscriptionAvailable && filters.some((filter) => parseShared(filter) !== undefined))
      return { reasonCode: REASON.SharedSubscriptionsNotSupported };
    if (!settings.wildcardSubscriptionAvailable && filters.some(hasWildcard))
      return { reasonCode: REASON.WildcardSubscriptionsNotSupported };
    if (!settings.subscriptionIdentifierAvailable && properties?.subscriptionIdentifier !== undefined)
      return { reasonCode: REASON.SubscriptionIdentifiersNotSupported };
    return undefined;
  }

  /** Grants or refuses each filter of a SUBSCRIBE, in its order [MQTT-3.9.3-1]. Returns the reason codes. */
  subscribe(session: Session, { subscriptions, properties }: Subscribe): SubscribeResult[] {
    const identifier = properties?.subscriptionIdentifier?.[0];
    return subscriptions.map((subscription) => this.#subscribeOne(session, subscription, identifier));
  }

  #subscribeOne(
    session: Session,
    subscription: Subscription,
    identifier: number | undefined,
  ): SubscribeResult {
    const { topicFilter } = subscription;
    const refusal = this.#subscribeRefusal(session, subscription);
    if (refusal !== undefined) {
      const { reasonCode, reasonString } = refusal;
      this.trace(session, { kind: 'refused', reasonCode, what: 'subscribe' });
      return { reasonCode, ...(reasonString && { reasonString }), retained: [] };
    }
    const entry = { holder: session, subscription, identifier };
    const isNew = !this.#subscriptions.add(entry); // [MQTT-3.8.4-3]
    session.subscriptions.set(topicFilter, entry);
    this.changed(session, topicFilter);
    this.trace(session, { kind: 'subscribed', topicFilter }, 'MQTT-3.8.4-1', 'MQTT-3.8.4-1');
    return { reasonCode: subscription.qos, retained: this.#retainedFor(entry, isNew) }; // v5 [MQTT-3.2.2-10]
  }

  #subscribeRefusal(session: Session, subscription: Subscription): Refusal | undefined {
    const { settings } = this;
    const { topicFilter } = subscription;
    const missing = this.missingFeature({ type: 'subscribe', packetId: 0, subscriptions: [subscription] }); // v3 [MQTT-3.8.3-2]
    if (missing !== undefined) return missing;
    if (filterFault(topicFilter, 5) !== undefined)
      // before 5.0 the codec lets any share name pass
      return { reasonCode: REASON.TopicFilterInvalid };
    if (levels(topicFilter) > settings.maximumTopicLevels)
      return {
        reasonCode: REASON.TopicFilterInvalid,
        reasonString: `A filter has at most ${settings.maximumTopicLevels} levels here.`,
      };
    if (
      session.subscriptions.size >= settings.maximumSubscriptionsPerClient &&
      !session.subscriptions.has(topicFilter)
    )
      return {
        reasonCode: REASON.QuotaExceeded,
        reasonString: `A client has at most ${settings.maximumSubscriptionsPerClient} subscriptions here.`,
      };
    if (!this.accessOf(session).subscribe(session, topicFilter)) return { reasonCode: REASON.NotAuthorized };
    return undefined;
  }

  /** The retained messages that a subscription brings at once, also one that replaces another [v3 MQTT-3.8.4-3] [v5 MQTT-3.8.4-4]. */
  #retainedFor(entry: Entry<Session>, isNew: boolean): Delivery[] {
    const { topicFilter, retainHandling } = entry.subscription;
    const isWanted = retainHandling === 0 || (retainHandling === 1 && isNew); // v5 [MQTT-3.3.1-9, MQTT-3.3.1-10, MQTT-3.3.1-11]
    if (!isWanted || parseShared(topicFilter) !== undefined) return [];
    const found = this.retained.match(topicFilter);
    for (const message of found) if (message.isExpired(this.now)) this.retained.remove(message.topic); // v5 [MQTT-3.3.2-5]
    const alive = found.filter((message) => !message.isExpired(this.now) && this.#isStillRightful(message));
    return alive.map((message) => ({ ...this.#deliveryOf(message, [entry]), retain: true })); // v3 [MQTT-3.3.1-6, MQTT-3.3.1-8]
  }

  /** Whether whoever published a retained message might still do so. */
  #isStillRightful({ source, topic }: Message): boolean {
    if (source === undefined || !this.settings.checkRetainSource) return true;
    return this.accessOf(source).publish(source, topic);
  }

  /** One copy for all of a session's matching subscriptions: the highest QoS among them [v3 MQTT-3.3.5-1] [v5 MQTT-3.3.4-2], and all their identifiers [v5 MQTT-3.3.4-4]. */
  #deliveryOf(message: Message, entries: Entry<Session>[]): Delivery {
    const granted = Math.max(...entries.map(({ subscription }) => subscription.qos));
    return {
      message,
      qos: (this.settings.upgradeQoS ? granted : Math.min(message.qos, granted)) as QoS, // v3 [MQTT-3.8.4-6] v5 [MQTT-3.8.4-8]
      retain: message.retain && entries.some(({ subscription }) => subscription.retainAsPublished), // v3 [MQTT-3.3.1-9] v5 [MQTT-3.3.1-12, MQTT-3.3.1-13]
      identifiers: entries.flatMap(({ identifier }) => (identifier === undefined ? [] : [identifier])),
    };
  }

  /** Sends what a new subscription brings. */
  sendRetained(session: Session, deliveries: Delivery[]): void {
    for (const delivery of deliveries) this.#deliver(session, delivery);
  }

  /** Deletes subscriptions [MQTT-3.10.4-1, MQTT-3.10.4-2]. Deliveries that had started go on [MQTT-3.10.4-3]. Returns one reason code for each filter, in their order [v5 MQTT-3.11.3-1]. */
  unsubscribe(session: Session, topicFilters: string[]): number[] {
    return topicFilters.map((topicFilter) => {
      session.subscriptions.delete(topicFilter);
      this.changed(session, topicFilter);
      if (!this.#subscriptions.remove(session, topicFilter)) return REASON.NoSubscriptionExisted;
      this.trace(session, { kind: 'unsubscribed', topicFilter }, 'MQTT-3.10.4-1', 'MQTT-3.10.4-1');
      return REASON.Success;
    });
  }

  /** Tells the journal of a session. */
  changed(session: Session, topicFilter?: string): void {
    this.environment.journal?.changed(session, topicFilter);
  }

  /** Reports what happened to a session, with the statement of the version that its client speaks. */
  trace(session: Session | undefined, event: Event, v3?: StatementId, v5?: StatementId): void {
    const { trace } = this.environment;
    if (trace === undefined) return;
    const connection = session?.connection;
    const rule = session?.version === 5 ? v5 : v3;
    trace({
      at: this.now,
      by: 'broker',
      ...(connection && { connection: connection.number }),
      ...(session && { clientId: session.clientId }),
      ...(rule && { rule }),
      ...event,
    });
  }
}

/** What became of one filter of a SUBSCRIBE. */
export interface SubscribeResult {
  reasonCode: number;
  reasonString?: string;
  retained: Delivery[];
}

/** A broker as plain data. */
export interface BrokerSnapshot {
  sessions: SessionSnapshot[];
  retained: { topic: string; qos: QoS; payload: Uint8Array }[];
}
