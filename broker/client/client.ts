// A client: connects, publishes, subscribes, and keeps its half of the session. Knows the rules that bind clients; like the
// broker it knows no socket and no clock, and shares with it `Outbound` and `Inbound`.
import {
  type Auth,
  type Connack,
  type Connect,
  decode,
  encode,
  FAILURE,
  Framer,
  Malformed,
  type Packet,
  type Properties,
  type Puback,
  type Pubcomp,
  type Publish,
  type Pubrec,
  type QoS,
  REASON,
  type StatementId,
  type Suback,
  type Subscribe,
  type Subscription,
  type Unsuback,
  type Unsubscribe,
  type Version,
  validate,
  type Will,
} from '../codec/index.ts';
import { InboundAliases } from '../session/aliases.ts';
import { Inbound } from '../session/inbound.ts';
import type { Connection, Link } from '../session/link.ts';
import { MAX_PACKET_ID, Outbound, type OutboundSnapshot } from '../session/outbound.ts';
import { type Timer, Timers } from '../session/timers.ts';
import type { Event, Trace } from '../session/trace.ts';
import { type ClientRefusal, refusal, refused } from './refusal.ts';

export interface ClientSettings {
  /** What the trace calls it; its identifier if not given. */
  name?: string | undefined;
  clientId: string;
  /** 3.1.1 if not given. */
  version?: Version | undefined;
  /** Clean Session, Clean Start; true if not given. */
  cleanStart?: boolean | undefined;
  /** Seconds; 60 if not given, 0 for none. */
  keepAlive?: number | undefined;
  username?: string | undefined;
  password?: Uint8Array | undefined;
  will?: Will | undefined;
  /** Of CONNECT, in 5.0. */
  properties?: Properties | undefined;
}

/** What the application is told. */
export type ClientEvent =
  | { kind: 'connected'; packet: Connack }
  | { kind: 'refused'; packet: Connack }
  | { kind: 'message'; packet: Publish }
  /** A QoS 1 or 2 message of ours is the broker's now, or was refused; `message` is what was handed to `publish`. */
  | { kind: 'acknowledged'; message: Outgoing; reasonCode: number }
  | { kind: 'subscribed'; packet: Suback }
  | { kind: 'unsubscribed'; packet: Unsuback }
  /** The broker takes us for who we say we are, once more (5.0). */
  | { kind: 'authenticated'; packet: Auth }
  /** The connection is gone. `reason` is there when an end said why. */
  | { kind: 'closed'; reason?: string };

export interface ClientEnvironment {
  trace: Trace | undefined;
  report(event: ClientEvent): void;
  /** What the method that CONNECT named says to what the broker said, in 5.0. Calls `answer` at once or later. */
  authenticate:
    | ((data: Uint8Array | undefined, answer: (data: Uint8Array | undefined) => void) => void)
    | undefined;
}

/** What an application publishes. */
export interface Outgoing {
  topic: string;
  payload: Uint8Array;
  qos: QoS;
  retain?: boolean | undefined;
  properties?: Properties | undefined;
}

/** A topic filter to subscribe to, with options where they are not the defaults. */
export type Wanted = Partial<Subscription> & Pick<Subscription, 'topicFilter'>;

const DEFAULT_KEEP_ALIVE = 60;

export class Client implements Connection {
  readonly settings: Readonly<ClientSettings>;
  readonly name: string;
  readonly version: Version;
  /** What each connection begins with. */
  readonly #packet: Connect;
  readonly #environment: ClientEnvironment;
  readonly #outbound = new Outbound<Outgoing>();
  readonly #inbound = new Inbound();
  readonly #timers = new Timers();
  #now = 0;
  #state: 'away' | 'connecting' | 'connected' = 'away';
  #link: Link | undefined;
  #framer: Framer;
  #connections = 0;
  #aliases = new InboundAliases(0);
  /** QoS 2 messages that came on this connection and whose PUBREL has not. */
  readonly #unreleased = new Set<number>();
  /** What CONNACK said of the broker. */
  #offer: Properties = {};
  #clientId: string;
  #keepAlive = 0;
  #lastSent = 0;
  #timer: Timer | undefined;

  /**
   * @throws RangeError if the settings make a CONNECT that is forbidden, such as an empty identifier with a session that is
   *   to be kept before 5.0 [v3 MQTT-3.1.3-7]
   */
  constructor(settings: ClientSettings, environment: Partial<ClientEnvironment> = {}) {
    this.settings = settings;
    this.#clientId = settings.clientId;
    this.name = settings.name ?? settings.clientId;
    this.version = settings.version ?? 4;
    this.#framer = new Framer(this.version);
    this.#environment = { trace: undefined, report: () => {}, authenticate: undefined, ...environment };
    this.#packet = {
      type: 'connect',
      version: this.version,
      cleanStart: settings.cleanStart ?? true,
      keepAlive: settings.keepAlive ?? DEFAULT_KEEP_ALIVE,
      clientId: settings.clientId,
      will: settings.will,
      username: settings.username,
      password: settings.password,
      properties: settings.properties,
    };
    checkAllowed(this.#packet, this.version);
  }

  /**
   * Begins a connection over a link that is open: CONNECT is the first packet on it [MQTT-3.1.0-1].
   * @returns where the host puts what arrives
   */
  connect(link: Link): Connection {
    if (this.#state !== 'away') throw new Error(`${this.name} is connected already`);
    const { settings, version } = this;
    const packet = this.#packet;
    this.#link = link;
    this.#state = 'connecting';
    this.#connections++;
    this.#framer = new Framer(version, settings.properties?.maximumPacketSize);
    this.#aliases = new InboundAliases(settings.properties?.topicAliasMaximum ?? 0);
    this.#offer = {};
    if (packet.cleanStart) this.#forget(); // v3 [MQTT-3.1.2-6] v5 [MQTT-3.1.2-4]
    this.#trace({ kind: 'opened', peer: 'broker' });
    this.#send(packet);
    return this;
  }

  /**
   * Publishes a message: at once at QoS 0, and at QoS 1 and 2 as soon as the connection and the broker's Receive Maximum
   * allow it.
   * @throws RangeError if such a message may never be sent, or not to this broker
   */
  publish(message: Outgoing): void {
    const cause = this.publishRefusal(message);
    if (cause !== undefined) throw refused(cause);
    if (message.qos > 0) {
      this.#outbound.waiting.push(message);
      this.#release();
    } else if (this.#state === 'connected') this.#send(this.#publication(message, undefined, false));
    else this.#trace({ kind: 'dropped', topic: message.topic, qos: 0, why: 'offline' });
  }

  /** Why a message may not be sent: because no message may be so, or because of what CONNACK said. */
  publishRefusal(message: Outgoing): ClientRefusal | undefined {
    const packet = this.#publication(message, message.qos === 0 ? undefined : 1, false);
    const [fault] = validate(packet, this.version);
    if (fault !== undefined) return fault;
    const { maximumQoS = 2, retainAvailable, topicAliasMaximum = 0 } = this.#offer;
    const { topicAlias = 0 } = message.properties ?? {};
    if (message.qos > maximumQoS) return refusal('the broker takes no message above QoS', maximumQoS); // v5 [MQTT-3.2.2-11]
    if (message.retain && retainAvailable === 0) return refusal('the broker retains no messages'); // v5 [MQTT-3.2.2-14]
    if (topicAlias > topicAliasMaximum)
      return refusal('the broker takes no topic alias above', topicAliasMaximum); // v5 [MQTT-3.2.2-17, MQTT-3.2.2-18, MQTT-3.3.2-9]
    if (message.topic === '' && message.qos > 0) return refusal('above QoS 0 a message needs its topic'); // v5 [MQTT-3.3.2-7]
    if (message.properties?.subscriptionIdentifier !== undefined)
      return refusal('only a broker sends subscription identifiers'); // v5 [MQTT-3.3.4-6]
    return this.#sizeRefusal(packet);
  }

  #sizeRefusal(packet: Packet): ClientRefusal | undefined {
    const { maximumPacketSize = Number.POSITIVE_INFINITY } = this.#offer;
    const { length } = encode(packet, this.version);
    return length > maximumPacketSize
      ? refusal('the broker takes no packet of more bytes than', maximumPacketSize)
      : undefined; // v5 [MQTT-3.2.2-15]
  }

  /**
   * Asks for the messages that match. Returns the packet identifier that SUBACK will carry.
   * @throws RangeError if such a request may never be sent, or not to this broker; Error if we are not connected
   */
  subscribe(wanted: Wanted[], properties?: Properties): number {
    const defaults = { qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;
    return this.#request({
      type: 'subscribe',
      packetId: 1,
      properties,
      subscriptions: wanted.map((one) => ({ ...defaults, ...one })),
    });
  }

  /**
   * Takes requests back. Returns the packet identifier that UNSUBACK will carry.
   * @throws as `subscribe` does
   */
  unsubscribe(topicFilters: string[], properties?: Properties): number {
    return this.#request({ type: 'unsubscribe', packetId: 1, properties, topicFilters });
  }

  #request(packet: Subscribe | Unsubscribe): number {
    if (this.#state !== 'connected') throw new Error(`${this.name} is not connected`); // v5 [MQTT-3.1.2-30]
    checkAllowed(packet, this.version);
    const cause = this.#sizeRefusal(packet);
    if (cause !== undefined) throw refused(cause);
    const packetId = this.#outbound.takeId();
    this.#send({ ...packet, packetId });
    return packetId;
  }

  /** Authenticates anew, by the method that CONNECT named [v5 MQTT-4.12.1-1]. */
  reauthenticate(data: Uint8Array | undefined): void {
    if (this.#state !== 'connected' || this.#method === undefined)
      throw new Error(`${this.name} has no authentication to renew`); // v5 [MQTT-4.12.0-7]
    this.#sendAuth(REASON.ReAuthenticate, data);
  }

  /** Says goodbye, and closes [v3 MQTT-3.14.4-1, MQTT-3.14.4-2] [v5 MQTT-3.14.4-1, MQTT-3.14.4-2]. */
  disconnect(reasonCode: number = REASON.NormalDisconnection, properties?: Properties): void {
    if (this.#state === 'away') return;
    this.#send({ type: 'disconnect', reasonCode, properties });
    this.#close('we said goodbye');
  }

  /** Tells the time, in milliseconds, and does what is due. */
  advance(now: number): void {
    this.#now = Math.max(this.#now, now);
    this.#timers.advance(this.#now);
  }

  /** When `advance` is to be called at the latest. */
  get deadline(): number {
    return this.#timers.deadline;
  }

  receive(chunk: Uint8Array): void {
    if (this.#state === 'away') return;
    let frame: Uint8Array | undefined;
    try {
      for (frame of this.#framer.push(chunk)) {
        if (this.#isAway()) return;
        this.#receiveFrame(frame);
        frame = undefined;
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const { fault } = error;
      this.#trace(
        { kind: 'malformed', frame: frame ?? this.#framer.unread, version: this.version, fault },
        fault.rule,
      );
      this.#fail(fault.message, fault.rule, fault.reasonCode); // v3 [MQTT-4.8.0-1] v5 [MQTT-4.13.1-1]
    }
  }

  drained(): void {
    this.#release();
  }

  closed(): void {
    if (this.#state === 'away') return;
    this.#trace({ kind: 'closed' });
    this.#leave();
    this.#environment.report({ kind: 'closed' });
  }

  snapshot(): ClientSnapshot {
    return {
      clientId: this.#clientId,
      connected: this.#state === 'connected',
      outbound: this.#outbound.snapshot(({ topic }) => topic),
      inbound: this.#inbound.snapshot(),
      queued: this.#outbound.waiting.map(({ topic, qos }) => ({ topic, qos })),
    };
  }

  #receiveFrame(frame: Uint8Array): void {
    const packet = decode(frame, this.version);
    this.#trace({ kind: 'received', frame, version: this.version });
    const isExpected =
      this.#state === 'connected'
        ? packet.type !== 'connack'
        : packet.type === 'connack' || packet.type === 'auth';
    if (!isExpected) return this.#failOn(packet, 'MQTT-3.2.0-1'); // [MQTT-3.2.0-1] v5 [MQTT-3.2.0-2]
    this.#handle(packet);
  }

  #handle(packet: Packet): void {
    switch (packet.type) {
      case 'connack':
        return this.#receiveConnack(packet);
      case 'publish':
        return this.#receivePublish(packet);
      case 'puback':
        return this.#settle(packet, this.#outbound.receivePuback);
      case 'pubrec':
        return this.#settle(packet, this.#outbound.receivePubrec);
      case 'pubrel':
        return this.#receivePubrel(packet.packetId);
      case 'pubcomp':
        return this.#settle(packet, this.#outbound.receivePubcomp);
      case 'suback':
        if (this.#outbound.settleRequest(packet.packetId))
          this.#environment.report({ kind: 'subscribed', packet });
        return;
      case 'unsuback':
        if (this.#outbound.settleRequest(packet.packetId))
          this.#environment.report({ kind: 'unsubscribed', packet });
        return;
      case 'pingresp':
        return this.#watch();
      case 'disconnect':
        if (this.version !== 5) return this.#failOn(packet); // before 5.0 only clients disconnect
        return this.#close(
          `the broker said goodbye: ${packet.properties?.reasonString ?? `reason code ${packet.reasonCode}`}`,
        );
      case 'auth':
        return this.#receiveAuth(packet);
      case 'connect':
      case 'subscribe':
      case 'unsubscribe':
      case 'pingreq':
        return this.#failOn(packet);
      default:
        return packet satisfies never;
    }
  }

  #receiveConnack(connack: Connack): void {
    if (connack.reasonCode !== REASON.Success) {
      this.#trace({ kind: 'refused', reasonCode: connack.reasonCode, what: 'connect' });
      this.#environment.report({ kind: 'refused', packet: connack });
      return this.#close(`refused with code ${connack.reasonCode}`);
    }
    if (connack.sessionPresent && this.#packet.cleanStart)
      return this.#fail(
        'the broker knows a session that we do not',
        this.version === 5 ? 'MQTT-3.2.2-4' : 'MQTT-3.2.2-1',
      ); // v5 [MQTT-3.2.2-4]
    if (connack.properties?.authenticationMethod !== this.#method)
      return this.#failOn(connack, 'MQTT-4.12.0-5'); // v5 [MQTT-4.12.0-5]
    if (!connack.sessionPresent && this.version !== 3) this.#forget(); // v5 [MQTT-3.2.2-5]; the CONNACK of 3.1 does not tell
    this.#state = 'connected';
    this.#offer = connack.properties ?? {};
    this.#clientId = this.#offer.assignedClientIdentifier ?? this.#packet.clientId;
    this.#keepAlive = this.#offer.serverKeepAlive ?? this.#packet.keepAlive; // v5 [MQTT-3.1.2-21, MQTT-3.2.2-21]
    this.#watch();
    this.#trace({ kind: 'session', action: connack.sessionPresent ? 'resumed' : 'created' });
    this.#unreleased.clear();
    this.#outbound.reconnect(this.#offer.receiveMaximum ?? MAX_PACKET_ID); // v5 [MQTT-3.3.4-7]
    this.#release(); // [MQTT-4.4.0-1], before anything that the application adds
    this.#environment.report({ kind: 'connected', packet: connack });
  }

  /** The method of enhanced authentication, if CONNECT named one. */
  get #method(): string | undefined {
    return this.version === 5 ? this.settings.properties?.authenticationMethod : undefined;
  }

  #receiveAuth(auth: Auth): void {
    const { reasonCode, properties } = auth;
    const { authenticate } = this.#environment;
    if (this.#method === undefined || properties?.authenticationMethod !== this.#method)
      return this.#fail('the broker names another authentication method', 'MQTT-4.12.0-5'); // v5 [MQTT-4.12.0-5, MQTT-4.12.0-6]
    if (reasonCode === REASON.Success && this.#state === 'connected')
      return this.#environment.report({ kind: 'authenticated', packet: auth });
    if (reasonCode !== REASON.ContinueAuthentication || authenticate === undefined) return this.#failOn(auth);
    authenticate(properties.authenticationData, (data) => {
      if (!this.#isAway()) this.#sendAuth(REASON.ContinueAuthentication, data); // v5 [MQTT-4.12.0-3]
    });
  }

  #sendAuth(reasonCode: number, authenticationData: Uint8Array | undefined): void {
    this.#send({
      type: 'auth',
      reasonCode,
      properties: { authenticationMethod: this.#method, authenticationData },
    }); // v5 [MQTT-4.12.0-5]
  }

  #receivePublish(publish: Publish): void {
    const { packetId, qos, properties } = publish;
    const resolved = this.#aliases.resolve(publish.topic, properties?.topicAlias); // v5 [MQTT-3.3.2-10]
    if (resolved === 'invalid')
      return this.#fail('a topic alias is above what we offered', 'MQTT-3.3.2-11', REASON.TopicAliasInvalid); // v5 [MQTT-3.3.2-11]
    if (resolved === 'unknown') return this.#fail('a topic alias stands for nothing', 'MQTT-3.3.2-7'); // v5 [MQTT-3.3.2-7]
    if (
      qos === 2 &&
      !this.#unreleased.has(packetId as number) &&
      this.#unreleased.size >= this.#receiveMaximum
    )
      return this.#fail('more is under way than we take', 'MQTT-3.3.4-9', REASON.ReceiveMaximumExceeded); // v5 [MQTT-3.3.4-9]
    if (qos === 2) this.#unreleased.add(packetId as number);
    if (qos === 2 && this.#inbound.has(packetId as number)) {
      this.#trace(
        { kind: 'duplicate', packetId: packetId as number },
        this.version === 5 ? 'MQTT-4.3.3-10' : 'MQTT-4.3.3-2',
      );
    } else {
      if (qos === 2) this.#inbound.accept(packetId as number);
      this.#deliver({ ...publish, ...resolved });
    }
    if (packetId === undefined || this.#isAway()) return;
    this.#send({ type: qos === 1 ? 'puback' : 'pubrec', packetId, reasonCode: REASON.Success }); // [MQTT-4.5.0-2]
  }

  /** How many messages at QoS 1 and 2 we take at a time, before 5.0 any number. */
  get #receiveMaximum(): number {
    return (this.version === 5 ? this.settings.properties?.receiveMaximum : undefined) ?? MAX_PACKET_ID;
  }

  #deliver(publish: Publish): void {
    const { topic, payload, qos, retain, dup } = publish;
    this.#trace({ kind: 'delivered', topic, payload, qos, retain, dup });
    this.#environment.report({ kind: 'message', packet: publish });
  }

  #receivePubrel(packetId: number): void {
    this.#unreleased.delete(packetId);
    const isKnown = this.#inbound.release(packetId);
    const reasonCode = isKnown || this.version !== 5 ? REASON.Success : REASON.PacketIdentifierNotFound;
    this.#send({ type: 'pubcomp', packetId, reasonCode });
  }

  /** Handles an acknowledgement of a message of ours. */
  #settle(
    { type, packetId, reasonCode }: Puback | Pubrec | Pubcomp,
    receive: Outbound<Outgoing>['receivePubrec'],
  ): void {
    const message = this.#outbound.owed.get(packetId)?.message;
    const settlement = receive.call(this.#outbound, packetId, reasonCode);
    if (settlement === 'unexpected') return this.#fail(`packet identifier ${packetId} awaits another answer`);
    if (settlement === 'settled')
      this.#environment.report({ kind: 'acknowledged', message: message as Outgoing, reasonCode });
    else if (type === 'pubrec' && reasonCode < FAILURE) this.#sendPubrel(packetId, settlement === 'unknown');
    this.#release();
  }

  #sendPubrel(packetId: number, isUnknown: boolean): void {
    const reasonCode = isUnknown && this.version === 5 ? REASON.PacketIdentifierNotFound : REASON.Success;
    this.#send({ type: 'pubrel', packetId, reasonCode }); // v3 [MQTT-4.3.3-1] v5 [MQTT-4.3.3-4]
  }

  #release(): void {
    if (this.#state !== 'connected') return;
    for (const { packetId, message, awaiting, sent } of this.#outbound.release((message) =>
      this.#isFit(message),
    )) {
      if (awaiting === 'pubcomp') this.#sendPubrel(packetId, false);
      else this.#send(this.#publication(message, packetId, sent > 1)); // [MQTT-3.3.1-1]
    }
  }

  /** Whether the broker that we are connected to now takes a message that may be older than the connection; if not, it is let go. */
  #isFit(message: Outgoing): boolean {
    if (this.publishRefusal(message) === undefined) return true;
    this.#trace({ kind: 'dropped', topic: message.topic, qos: message.qos, why: 'refused' });
    this.#environment.report({
      kind: 'acknowledged',
      message,
      reasonCode: REASON.ImplementationSpecificError,
    });
    return false;
  }

  #publication(
    { topic, payload, qos, retain = false, properties }: Outgoing,
    packetId: number | undefined,
    dup: boolean,
  ): Publish {
    return { type: 'publish', dup, qos, retain, topic, packetId, properties, payload };
  }

  #send(packet: Packet): void {
    const frame = encode(packet, this.version);
    this.#link?.send(frame);
    this.#lastSent = this.#now;
    this.#trace({ kind: 'sent', frame, version: this.version });
  }

  /** Sends PINGREQ when nothing else was sent for the keep alive [v3 MQTT-3.1.2-23] [v5 MQTT-3.1.2-20], and gives up when no PINGRESP comes for as long. */
  #watch(): void {
    this.#timers.cancel(this.#timer);
    if (this.#keepAlive === 0) return;
    const period = 1000 * this.#keepAlive;
    const look = (): void => {
      const due = this.#lastSent + period;
      if (due > this.#now) {
        this.#timer = this.#timers.schedule(due, look);
        return;
      }
      this.#send({ type: 'pingreq' });
      this.#timer = this.#timers.schedule(this.#now + period, () => this.#fail('no PINGRESP came'));
    };
    this.#timer = this.#timers.schedule(this.#lastSent + period, look);
  }

  #forget(): void {
    this.#outbound.forget();
    this.#inbound.forget();
  }

  /** Closes because of a packet that has no place here. */
  #failOn({ type }: Packet, rule?: StatementId): void {
    this.#fail(`${type} was not expected`, rule);
  }

  /** Closes because the broker broke a rule, or went silent. */
  #fail(reason: string, rule?: StatementId, reasonCode: number = REASON.ProtocolError): void {
    if (this.version === 5) this.#send({ type: 'disconnect', reasonCode }); // v5 [MQTT-4.13.2-1]
    this.#close(reason, rule);
  }

  #close(reason: string, rule?: StatementId): void {
    this.#trace({ kind: 'closed', reason }, rule);
    this.#link?.close();
    this.#leave();
    this.#environment.report({ kind: 'closed', reason });
  }

  #leave(): void {
    this.#state = 'away';
    this.#link = undefined;
    this.#offer = {};
    this.#outbound.forgetRequests();
    this.#timers.cancel(this.#timer);
  }

  #isAway(): boolean {
    return this.#state === 'away';
  }

  #trace(event: Event, rule?: StatementId): void {
    const { name } = this;
    const clientId = this.#clientId;
    const connection = this.#connections;
    const at = this.#now;
    this.#environment.trace?.({ at, by: name, connection, clientId, ...(rule && { rule }), ...event });
  }
}

/** @throws RangeError if a packet breaks a rule */
function checkAllowed(packet: Packet, version: Version): void {
  const [fault] = validate(packet, version);
  if (fault !== undefined) throw refused(fault);
}

/** A client as plain data. */
export interface ClientSnapshot {
  clientId: string;
  connected: boolean;
  outbound: OutboundSnapshot[];
  inbound: number[];
  queued: { topic: string; qos: QoS }[];
}
