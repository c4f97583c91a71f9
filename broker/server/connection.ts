// One network connection, seen from the broker: bytes in, packets handled, packets out. Knows the rules that hold within a
// connection (who speaks first, keep alive, sizes, aliases, quotas) and the acknowledgements; what lives longer is the
// session's, what concerns others is the broker's.
import {
  type Auth,
  type Connect,
  connectReturnCode,
  type Disconnect,
  decode,
  dissect,
  encode,
  FAILURE,
  type Fault,
  Framer,
  isUtf8,
  Malformed,
  type Packet,
  type Properties,
  type Puback,
  type Pubcomp,
  type Publish,
  type Pubrec,
  type Pubrel,
  type QoS,
  REASON,
  reasonName,
  type StatementId,
  type Subscribe,
  type Subscription,
  type Unsubscribe,
  type Version,
} from '../codec/index.ts';
import { InboundAliases, OutboundAliases } from '../session/aliases.ts';
import type { Connection, Link } from '../session/link.ts';
import { MAX_PACKET_ID } from '../session/outbound.ts';
import type { Timer } from '../session/timers.ts';
import type { Event } from '../session/trace.ts';
import type { Caller } from './access.ts';
import { Authentication, type Step } from './authentication.ts';
import type { Broker } from './broker.ts';
import { type Entrance, mount } from './entrance.ts';
import { type Delivery, Message } from './message.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';
import { connectRefusal, grantedExpiry, grantedKeepAlive, levels, offer, type Refusal } from './terms.ts';

/** Of the keep alive, how much silence is allowed [v3 MQTT-3.1.2-24] [v5 MQTT-3.1.2-22]. */
const PATIENCE = 1.5;

/** The version in whose form a client of an unknown version is refused. */
const COMMON: Version = 4;

/** What a topic alias can add to a packet: three bytes, and one to each of the two lengths before them. */
const ALIAS_ROOM = 5;

/**
 * What explains an answer and is not the answer itself, so that it can be left out
 * [v5 MQTT-3.2.2-19, MQTT-3.2.2-20, MQTT-3.4.2-2, MQTT-3.4.2-3, MQTT-3.5.2-2, MQTT-3.5.2-3, MQTT-3.6.2-2, MQTT-3.6.2-3]
 * [v5 MQTT-3.7.2-2, MQTT-3.7.2-3, MQTT-3.9.2-1, MQTT-3.9.2-2, MQTT-3.11.2-1, MQTT-3.11.2-2, MQTT-3.14.2-3, MQTT-3.14.2-4]
 * [v5 MQTT-3.15.2-2, MQTT-3.15.2-3].
 */
const UNEXPLAINED = { reasonString: undefined, userProperty: undefined } as const;

export class ServerConnection implements Connection {
  readonly number: number;
  version: Version = COMMON;
  readonly #broker: Broker;
  readonly #link: Link;
  readonly #peer: string;
  readonly #entrance: Entrance;
  readonly #settings: Readonly<Settings>;
  readonly #framer: Framer;
  /** What is waited for: a CONNECT, more of an authentication, whether the client may come in, or anything. */
  #state: 'new' | 'authenticating' | 'deciding' | 'open' | 'closed' = 'new';
  #session: Session | undefined;
  #authentication: Authentication | undefined;
  /** Packets that came while it is being decided whether the client may connect. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #lastHeard: number;
  #timer: Timer | undefined;
  #maximumPacketSize = Number.POSITIVE_INFINITY;
  #wantsProblems = true;
  /** The Session Expiry Interval that CONNECT asked for, in seconds. */
  #wantedExpiry = 0;
  #inboundAliases = new InboundAliases(0);
  #outboundAliases = new OutboundAliases(0);
  /** QoS 2 messages that came on this connection and whose PUBREL has not. */
  readonly #unreleased = new Set<number>();

  constructor(broker: Broker, link: Link, number: number, peer: string, entrance: Entrance) {
    const settings = { ...broker.settings, ...entrance.settings };
    this.#broker = broker;
    this.#entrance = entrance;
    this.#settings = settings;
    this.#link = link;
    this.number = number;
    this.#peer = peer;
    this.#framer = new Framer(COMMON, settings.maximumConnectSize);
    this.#lastHeard = broker.now;
    this.#timer = broker.timers.schedule(broker.now + 1000 * settings.connectTimeout, () =>
      this.#close('no CONNECT in time'),
    );
    this.#trace({ kind: 'opened', peer });
  }

  receive(chunk: Uint8Array): void {
    if (this.#state === 'closed') return;
    this.#attempt(() => {
      for (const frame of this.#framer.push(chunk)) {
        if (this.#isClosed()) return;
        this.#lastHeard = this.#broker.now;
        if (this.#state === 'deciding') this.#postpone(frame);
        else this.#receiveFrame(frame);
      }
    });
    if (this.#session && !this.#isClosed()) this.#broker.changed(this.#session);
  }

  drained(): void {
    this.#attempt(() => this.release());
  }

  /** Does what is to be done. What goes wrong in it for no fault of the client's ends this connection alone, and the host hears of it. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (error instanceof Malformed) return this.#receiveMalformed(this.#framer.unread, error.fault);
      this.disconnect(REASON.ImplementationSpecificError);
      throw error;
    }
  }

  closed(): void {
    if (this.#state === 'closed') return;
    this.#trace({ kind: 'closed' });
    this.#leave();
  }

  /** A packet that comes before the client is let in waits for its turn [v3 MQTT-3.1.4-5] [v5 MQTT-3.1.4-6]. */
  #postpone(frame: Uint8Array): void {
    this.#pending.push(frame);
    this.#pendingBytes += frame.length;
    if (this.#pendingBytes > this.#settings.maximumConnectSize) this.#close('too much before CONNACK');
  }

  #receiveFrame(frame: Uint8Array): void {
    let packet: Packet;
    try {
      packet = decode(frame, this.version);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return this.#receiveMalformed(frame, error.fault);
    }
    if (packet.type === 'connect' && this.#state === 'new') this.version = packet.version;
    this.#trace({ kind: 'received', frame, version: this.version });
    if (this.#state === 'new') {
      if (packet.type !== 'connect') return this.#close('the first packet was no CONNECT', 'MQTT-3.1.0-1'); // [MQTT-3.1.0-1] v5 [MQTT-3.14.0-1]
      return this.#receiveConnect(packet);
    }
    if (this.#state === 'authenticating') return this.#handleEarly(packet);
    this.#handle(packet, this.#session as Session);
  }

  #handle(packet: Packet, session: Session): void {
    switch (packet.type) {
      case 'connect':
        return this.disconnect(REASON.ProtocolError, 'MQTT-3.1.0-2'); // [MQTT-3.1.0-2] v5 [MQTT-3.2.0-2]
      case 'publish':
        return this.#receivePublish(packet, session);
      case 'puback':
        return this.#settle(packet, session, session.outbound.receivePuback);
      case 'pubrec':
        return this.#settle(packet, session, session.outbound.receivePubrec);
      case 'pubrel':
        return this.#receivePubrel(packet, session);
      case 'pubcomp':
        return this.#settle(packet, session, session.outbound.receivePubcomp);
      case 'subscribe':
        return this.#receiveSubscribe(packet, session);
      case 'unsubscribe':
        return this.#receiveUnsubscribe(packet, session);
      case 'pingreq':
        return this.#send({ type: 'pingresp' }); // [MQTT-3.12.4-1]
      case 'disconnect':
        return this.#receiveDisconnect(packet, session);
      case 'auth':
        return this.#receiveAuth(packet);
      case 'connack':
      case 'suback':
      case 'unsuback':
      case 'pingresp':
        return this.disconnect(REASON.ProtocolError, this.#ruleOf('MQTT-4.8.0-1', 'MQTT-4.13.1-1')); // v3 [MQTT-4.8.0-1] v5 [MQTT-4.13.1-1]
      default:
        return packet satisfies never;
    }
  }

  /** While it is authenticated, a client may send nothing but AUTH and DISCONNECT [v5 MQTT-3.1.2-30]. */
  #handleEarly(packet: Packet): void {
    if (packet.type === 'auth') this.#receiveAuth(packet);
    else if (packet.type === 'disconnect') this.#close('the client said goodbye');
    else this.#refuse({ reasonCode: REASON.ProtocolError, v5: 'MQTT-3.1.2-30' });
  }

  // Connecting

  #receiveConnect(connect: Connect): void {
    const { version, properties } = connect;
    this.#framer.version = version;
    this.#maximumPacketSize = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    this.#wantsProblems = properties?.requestProblemInformation !== 0;
    const refusal = connectRefusal(connect, this.#settings);
    const method = properties?.authenticationMethod;
    if (refusal !== undefined) this.#refuse(refusal);
    else if (method === undefined) this.#askAccess(connect);
    else this.#authenticate(connect, method);
  }

  #authenticate(connect: Connect, name: string): void {
    const method = this.#broker.environment.authenticationMethods.get(name);
    if (method === undefined)
      return this.#refuse({ reasonCode: REASON.BadAuthenticationMethod, v5: 'MQTT-4.12.0-1' }); // v5 [MQTT-4.12.0-1]
    this.#state = 'authenticating';
    this.#authentication = new Authentication(name, method, connect, (step) =>
      this.#attempt(() => this.#conclude(step, connect)),
    );
    this.#authentication.begin(connect.properties?.authenticationData);
  }

  /** Does what the method made of the client's words, when it connects and when it authenticates anew. */
  #conclude(step: Step, connect: Connect): void {
    const isOpen = this.#state === 'open';
    if (!isOpen && this.#state !== 'authenticating') return;
    switch (step.kind) {
      case 'continue':
        return this.#sendAuth(REASON.ContinueAuthentication, step.data); // v5 [MQTT-4.12.0-2]
      case 'failure':
        if (isOpen) return this.disconnect(step.reasonCode, 'MQTT-4.12.1-2'); // v5 [MQTT-4.12.1-2]
        return this.#refuse({ reasonCode: step.reasonCode, v5: 'MQTT-4.12.0-4' }); // v5 [MQTT-4.12.0-4]
      case 'success':
        if (!isOpen) return this.#askAccess({ ...connect, username: step.username }, step.data);
        (this.#session as Session).username = step.username;
        return this.#sendAuth(REASON.Success, step.data);
      default:
        return step satisfies never;
    }
  }

  #sendAuth(reasonCode: number, authenticationData: Uint8Array | undefined): void {
    this.#send({
      type: 'auth',
      reasonCode,
      properties: { authenticationMethod: this.#authentication?.name, authenticationData },
    }); // v5 [MQTT-4.12.0-5] [MQTT-3.15.2-1]
  }

  #receiveAuth(auth: Auth): void {
    if (this.#authentication?.receive(auth, this.#state === 'open')) return;
    const rule = this.#authentication === undefined ? 'MQTT-4.12.0-7' : 'MQTT-4.12.0-5'; // v5 [MQTT-4.12.0-7]
    if (this.#state === 'open') this.disconnect(REASON.ProtocolError, rule);
    else this.#refuse({ reasonCode: REASON.ProtocolError, v5: rule });
  }

  /** @param authenticationData the last word of an authentication */
  #askAccess(connect: Connect, authenticationData?: Uint8Array): void {
    this.#state = 'deciding';
    const access = this.#entrance.access ?? this.#broker.environment.access;
    access.connect(connect, this.#peer, (reasonCode, identity) => {
      if (this.#state !== 'deciding') return;
      this.#attempt(() => {
        if (reasonCode >= FAILURE)
          this.#refuse({ reasonCode, v3: 'MQTT-3.2.2-5', v5: 'MQTT-3.1.4-2' }); // v5 [MQTT-3.1.4-2]
        else this.#welcome(this.#identify(connect, identity), authenticationData);
      });
    });
  }

  /** What CONNECT would say if the client had said who it is taken for. */
  #identify(connect: Connect, identity: Partial<Caller> = {}): Connect {
    const { username } = { ...connect, ...identity };
    if (username !== connect.username) this.#trace({ kind: 'identified', username });
    return { ...connect, ...identity };
  }

  #welcome(connect: Connect, authenticationData: Uint8Array | undefined): void {
    const { version, clientId, cleanStart, properties, will, username } = connect;
    const broker = this.#broker;
    const settings = this.#settings;
    if (!broker.hasRoomForClient(clientId))
      return this.#refuse({
        reasonCode: REASON.ServerBusy,
        reasonString: 'There are as many clients as there may be.',
      });
    const assigned = clientId === '' ? broker.assignClientId(settings.assignedClientIdPrefix) : undefined; // [MQTT-3.1.3-6] v5 [MQTT-3.2.2-16]
    const { session, isPresent } = broker.open(assigned ?? clientId, cleanStart, version); // v3 [MQTT-3.1.4-3] v5 [MQTT-3.1.4-4]
    this.#state = 'open';
    this.#framer.maximumPacketSize = settings.maximumPacketSize;
    this.#session = session;
    session.connection = this;
    session.username = username;
    session.access = this.#entrance.access;
    session.will = will && { ...will, topic: this.#mountPoint + will.topic }; // v3 [MQTT-3.1.2-8] v5 [MQTT-3.1.2-7]
    if (session.will !== undefined)
      broker.trace(
        session,
        { kind: 'will', action: 'stored', topic: session.will.topic },
        'MQTT-3.1.2-8',
        'MQTT-3.1.2-7',
      );
    session.expiryInterval = grantedExpiry(connect, settings);
    this.#wantedExpiry = properties?.sessionExpiryInterval ?? 0;
    this.#inboundAliases = new InboundAliases(version === 5 ? settings.topicAliasMaximum : 0);
    this.#outboundAliases = new OutboundAliases(
      Math.min(properties?.topicAliasMaximum ?? 0, settings.outboundTopicAliasMaximum),
    ); // v5 [MQTT-3.3.2-11]
    this.#watch(grantedKeepAlive(connect, settings));
    this.#send({
      type: 'connack', // [MQTT-3.2.0-1] v3 [MQTT-3.1.4-4] v5 [MQTT-3.1.4-5]
      sessionPresent: isPresent && version !== 3, // v3 [MQTT-3.2.2-1, MQTT-3.2.2-2, MQTT-3.2.2-3] v5 [MQTT-3.2.2-2, MQTT-3.2.2-3]
      reasonCode: REASON.Success,
      properties: version === 5 ? { ...offer(connect, assigned, settings), authenticationData } : undefined,
    });
    session.outbound.reconnect(
      Math.min(properties?.receiveMaximum ?? MAX_PACKET_ID, settings.maximumInflight),
    ); // v5 [MQTT-3.3.4-9]
    this.release(); // [MQTT-4.4.0-1]
    this.#resume();
  }

  /** Handles what came before the client was let in. */
  #resume(): void {
    const frames = this.#pending;
    this.#pending = [];
    for (const frame of frames) if (!this.#isClosed()) this.#receiveFrame(frame);
  }

  /** Answers CONNECT with a refusal, if the version has one for it, and closes [v3 MQTT-3.2.2-5] [v5 MQTT-3.2.2-7, MQTT-4.13.2-1]. */
  #refuse({ reasonCode, reasonString, v3, v5 }: Refusal): void {
    const rule = this.#ruleOf(v3, v5);
    this.#trace({ kind: 'refused', reasonCode, what: 'connect' }, rule);
    const code = this.version === 5 ? reasonCode : connectReturnCode(reasonCode); // v3 [MQTT-3.2.2-6]
    if (code !== undefined)
      this.#send({ type: 'connack', sessionPresent: false, reasonCode: code, properties: { reasonString } }); // v3 [MQTT-3.2.2-4] v5 [MQTT-3.2.2-6, MQTT-3.2.2-8]
    this.#close('the connection was refused', rule);
  }

  // Publishing: what comes in

  #receivePublish(publish: Publish, session: Session): void {
    const settings = this.#settings;
    const { packetId, properties, qos, retain } = publish;
    const resolved = this.#inboundAliases.resolve(publish.topic, properties?.topicAlias);
    if (resolved === 'invalid') return this.disconnect(REASON.TopicAliasInvalid, 'MQTT-3.3.2-9'); // v5 [MQTT-3.3.2-9]
    if (resolved === 'unknown') return this.disconnect(REASON.ProtocolError, 'MQTT-3.3.2-7'); // v5 [MQTT-3.3.2-7]
    if (properties?.subscriptionIdentifier !== undefined)
      return this.disconnect(REASON.ProtocolError, 'MQTT-3.3.4-6'); // v5 [MQTT-3.3.4-6]
    if (qos > settings.maximumQoS) return this.disconnect(REASON.QoSNotSupported, 'MQTT-3.2.2-11'); // v5 [MQTT-3.2.2-11]
    if (retain && !settings.retainAvailable)
      return this.disconnect(REASON.RetainNotSupported, 'MQTT-3.2.2-14'); // v5 [MQTT-3.2.2-14]
    if (qos === 2 && session.inbound.has(packetId as number)) return this.#receiveAgain(packetId as number);
    if (qos === 2 && this.version === 5 && this.#unreleased.size >= settings.receiveMaximum)
      return this.disconnect(REASON.ReceiveMaximumExceeded, 'MQTT-3.3.4-7'); // v5 [MQTT-3.3.4-7]
    const answer = this.#pass({ ...publish, topic: this.#mountPoint + resolved.topic }, session);
    if (packetId === undefined) return; // QoS 0 is not answered [MQTT-3.3.4-1]
    if (qos === 1) return this.#send({ type: 'puback', packetId, ...answer }); // v3 [MQTT-2.3.1-6, MQTT-4.3.2-2] v5 [MQTT-2.2.1-5, MQTT-4.3.2-4, MQTT-4.3.2-5]
    if (answer.reasonCode < FAILURE) {
      session.inbound.accept(packetId); // v5 [MQTT-4.3.3-9]: not after a refusal
      this.#unreleased.add(packetId);
    }
    this.#send({ type: 'pubrec', packetId, ...answer }); // v3 [MQTT-4.3.3-2] v5 [MQTT-4.3.3-8]
  }

  /** A QoS 2 PUBLISH whose identifier is held is the same message once more: answered, and not passed on [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-10]. */
  #receiveAgain(packetId: number): void {
    this.#trace({ kind: 'duplicate', packetId }, this.#ruleOf('MQTT-4.3.3-2', 'MQTT-4.3.3-10'));
    this.#unreleased.add(packetId);
    this.#send({ type: 'pubrec', packetId, reasonCode: REASON.Success });
  }

  /** Passes a message on if it may be. Returns what to answer; before 5.0 there is no way to say no [v3 MQTT-3.3.5-2]. */
  #pass(publish: Publish, session: Session): { reasonCode: number; properties?: Properties } {
    const { version } = this;
    const broker = this.#broker;
    const refusal = this.#publishRefusal(publish, session);
    if (refusal !== undefined) {
      const { reasonCode, reasonString } = refusal;
      this.#trace({ kind: 'refused', reasonCode, what: 'publish' }, this.#ruleOf('MQTT-3.3.5-2'));
      if (version === 5) return { reasonCode, properties: { reasonString } };
      if (reasonCode !== REASON.QuotaExceeded || publish.qos === 0) return { reasonCode: REASON.Success };
      this.disconnect(reasonCode); // there may be room when the client tries again
      return { reasonCode };
    }
    const isSubscribed = broker.publish(new Message(publish, broker.now, session), session);
    return { reasonCode: version === 5 && !isSubscribed ? REASON.NoMatchingSubscribers : REASON.Success };
  }

  #publishRefusal(publish: Publish, session: Session): Refusal | undefined {
    const { topic, payload, properties } = publish;
    const settings = this.#settings;
    if (levels(topic) > settings.maximumTopicLevels)
      return {
        reasonCode: REASON.TopicNameInvalid,
        reasonString: `A topic has at most ${settings.maximumTopicLevels} levels here.`,
      };
    const reasonCode = this.#broker.publishRefusal(session, publish);
    if (reasonCode !== undefined) return { reasonCode };
    if (properties?.payloadFormatIndicator === 1 && !isUtf8(payload))
      return { reasonCode: REASON.PayloadFormatInvalid };
    if (payload.length > settings.maximumPayloadSize)
      return {
        reasonCode: REASON.ImplementationSpecificError,
        reasonString: `A payload has at most ${settings.maximumPayloadSize} bytes here.`,
      };
    return undefined;
  }

  #receivePubrel({ packetId }: Pubrel, session: Session): void {
    this.#unreleased.delete(packetId);
    const isKnown = session.inbound.release(packetId);
    const reasonCode = isKnown || this.version !== 5 ? REASON.Success : REASON.PacketIdentifierNotFound;
    this.#send({ type: 'pubcomp', packetId, reasonCode }); // v3 [MQTT-4.3.3-2] v5 [MQTT-4.3.3-11, MQTT-4.3.3-13]
  }

  // Publishing: what goes out

  /** Sends a QoS 0 message, unless more waits to leave on this connection than may. */
  sendAtMostOnce(delivery: Delivery): void {
    const session = this.#session as Session;
    if (!this.#isFit(delivery, session, false)) return;
    if (this.#link.backlog > this.#settings.maximumBacklog)
      return this.#broker.drop(session, delivery, 'queue full');
    this.#sendPublication(delivery, undefined, false); // [MQTT-4.3.1-1] v5 [MQTT-4.9.0-3]: it needs no quota
  }

  /** Sends as much of what the session owes as the client takes at a time. */
  release(): void {
    const session = this.#session;
    const link = this.#link;
    const settings = this.#settings;
    if (session === undefined || this.#state !== 'open' || link.backlog > settings.maximumBacklog) return;
    this.#broker.changed(session);
    const isFit = (delivery: Delivery, isRepeat: boolean): boolean =>
      this.#isFit(delivery, session, isRepeat);
    for (const { packetId, message, awaiting, sent } of session.outbound.release(isFit, () =>
      this.#isFull(session),
    )) {
      if (awaiting === 'pubcomp') this.#sendPubrel(packetId, false);
      else this.#sendPublication(message, packetId || undefined, sent > 1); // [MQTT-3.3.1-1] [MQTT-3.3.1-3] v5 [MQTT-4.3.2-2, MQTT-4.3.3-2]
      if (link.backlog > settings.maximumBacklog) return;
    }
  }

  /** Whether as many bytes are under way as may be. */
  #isFull({ outbound }: Session): boolean {
    const { maximumInflightBytes } = this.#settings;
    if (maximumInflightBytes === Number.POSITIVE_INFINITY || outbound.owed.size === 0) return false;
    let sum = 0;
    for (const { message } of outbound.owed.values()) sum += message.message.payload.length;
    return sum >= maximumInflightBytes;
  }

  /** Whether a message may still go to this client; if not, it is dropped as if it had been delivered. */
  #isFit(delivery: Delivery, session: Session, isRepeat: boolean): boolean {
    const broker = this.#broker;
    const packetId = delivery.qos === 0 ? undefined : 1;
    if (!isRepeat && delivery.message.isExpired(broker.now))
      broker.drop(session, delivery, 'expired'); // v5 [MQTT-3.3.2-5] [MQTT-4.3.3-7]
    else if (!isRepeat && !broker.mayRead(session, delivery)) broker.drop(session, delivery, 'refused');
    else if (!this.#hasRoomFor(delivery, packetId, 0))
      broker.drop(session, delivery, 'too large'); // v5 [MQTT-3.1.2-25]
    else return true;
    return false;
  }

  /** Whether the client takes a packet of this size [v5 MQTT-3.1.2-24]. */
  #hasRoomFor(delivery: Delivery, packetId: number | undefined, extra: number): boolean {
    const maximumPacketSize = this.#maximumPacketSize;
    return (
      maximumPacketSize === Number.POSITIVE_INFINITY ||
      this.#frameOf(delivery, packetId).length + extra <= maximumPacketSize
    );
  }

  /** The PUBLISH for this client. Behind a mount point it is like nobody else's. */
  #frameOf(delivery: Delivery, packetId: number | undefined): Uint8Array {
    const { message } = delivery;
    const { version } = this;
    const broker = this.#broker;
    if (this.#mountPoint === '') return message.frame(delivery, version, packetId, broker.now);
    return encode(
      { ...message.publication(delivery, broker.now), topic: this.#ownTopic(message), packetId },
      version,
    );
  }

  /** What this client knows the topic of a message as. */
  #ownTopic({ topic }: Message): string {
    return topic.startsWith(this.#mountPoint) ? topic.slice(this.#mountPoint.length) : topic;
  }

  get #mountPoint(): string {
    return this.#entrance.mountPoint ?? '';
  }

  #sendPublication(delivery: Delivery, packetId: number | undefined, dup: boolean): void {
    const { message } = delivery;
    const { now } = this.#broker;
    const ownTopic = this.#ownTopic(message);
    const named = this.#hasRoomFor(delivery, packetId, ALIAS_ROOM)
      ? this.#outboundAliases.shorten(ownTopic)
      : { topic: ownTopic };
    const topicAlias = 'topicAlias' in named ? named.topicAlias : undefined;
    if (topicAlias === undefined && !dup) return this.#sendFrame(this.#frameOf(delivery, packetId));
    const publication = message.publication(delivery, now);
    const properties = { ...publication.properties, topicAlias };
    this.#sendFrame(encode({ ...publication, topic: named.topic, properties, packetId, dup }, this.version));
  }

  /** Handles an acknowledgement of a message that was delivered. One of the wrong kind is a protocol error; one that names nothing is let pass. */
  #settle(
    packet: Puback | Pubrec | Pubcomp,
    { outbound }: Session,
    receive: typeof outbound.receivePubrec,
  ): void {
    const { type, packetId, reasonCode } = packet;
    const settlement = receive.call(outbound, packetId, reasonCode); // v5 [MQTT-4.8.2-6]: what is rejected goes to nobody else
    if (settlement === 'unexpected')
      return this.disconnect(REASON.ProtocolError, this.#ruleOf('MQTT-4.8.0-1', 'MQTT-4.13.1-1'));
    if (type === 'pubrec' && settlement !== 'settled' && reasonCode < FAILURE)
      this.#sendPubrel(packetId, settlement === 'unknown');
    this.release(); // there may be room for the next message
  }

  #sendPubrel(packetId: number, isUnknown: boolean): void {
    const reasonCode = isUnknown && this.version === 5 ? REASON.PacketIdentifierNotFound : REASON.Success;
    this.#send({ type: 'pubrel', packetId, reasonCode }); // v3 [MQTT-4.3.3-1] v5 [MQTT-4.3.3-4]
  }

  // Subscribing

  #receiveSubscribe(subscribe: Subscribe, session: Session): void {
    const { packetId, subscriptions } = subscribe;
    const missing = this.version === 5 ? this.#broker.missingFeature(subscribe) : undefined;
    if (missing !== undefined) return this.disconnect(missing.reasonCode, undefined, missing.reasonString); // 5.0, sections 3.2.2.3.11 to 3.2.2.3.13
    const results = this.#broker.subscribe(session, {
      ...subscribe,
      subscriptions: subscriptions.map((each) => this.#mounted(each)),
    });
    const reasonCodes = results.map(({ reasonCode }, index) =>
      this.#subackCode(reasonCode, (subscriptions[index] as Subscription).qos),
    );
    const reasonString = results.find((result) => result.reasonString !== undefined)?.reasonString;
    this.#send({ type: 'suback', packetId, reasonCodes, properties: { reasonString } }); // [MQTT-3.8.4-1, MQTT-3.8.4-2] v3 [MQTT-2.3.1-7, MQTT-3.8.4-4] v5 [MQTT-2.2.1-6, MQTT-3.8.4-5]
    for (const { retained } of results) this.#broker.sendRetained(session, retained);
  }

  #mounted(subscription: Subscription): Subscription {
    return { ...subscription, topicFilter: mount(this.#mountPoint, subscription.topicFilter) };
  }

  /** The granted QoS or a failure [v5 MQTT-3.8.4-7]. 3.1.1 knows one failure [v3 MQTT-3.9.3-2]; 3.1 knows none, and grants what it does not mean (3.1, section 3.8). */
  #subackCode(reasonCode: number, requested: QoS): number {
    if (this.version === 5 || reasonCode < FAILURE) return reasonCode;
    return this.version === 4 ? FAILURE : requested;
  }

  #receiveUnsubscribe({ packetId, topicFilters }: Unsubscribe, session: Session): void {
    const reasonCodes = this.#broker.unsubscribe(
      session,
      topicFilters.map((topicFilter) => mount(this.#mountPoint, topicFilter)),
    );
    this.#send({ type: 'unsuback', packetId, reasonCodes }); // [MQTT-3.10.4-4, MQTT-3.10.4-5, MQTT-3.10.4-6]
  }

  // Ending

  #receiveDisconnect({ reasonCode, properties }: Disconnect, session: Session): void {
    const expiry = properties?.sessionExpiryInterval;
    if (expiry !== undefined) {
      if (this.#wantedExpiry === 0 && expiry > 0) return this.disconnect(REASON.ProtocolError); // 5.0, section 3.14.2.2.2
      session.expiryInterval = Math.min(expiry, this.#settings.maximumSessionExpiry);
    }
    if (reasonCode === REASON.NormalDisconnection && session.will !== undefined) {
      this.#broker.trace(
        session,
        { kind: 'will', action: 'deleted', topic: session.will.topic },
        'MQTT-3.14.4-3',
        'MQTT-3.14.4-3',
      );
      session.will = undefined; // [MQTT-3.14.4-3]
    }
    this.#close('the client said goodbye');
  }

  /** Ends the connection for a reason, of which a 5.0 client is told first. */
  disconnect(reasonCode: number, rule?: StatementId, reasonString?: string): void {
    const reason = reasonName('disconnect', reasonCode);
    if (this.#state === 'open' && this.version === 5 && reason !== undefined)
      this.#send({ type: 'disconnect', reasonCode, properties: { reasonString } }); // v5 [MQTT-3.14.0-1] [MQTT-3.14.2-1, MQTT-3.14.2-2]
    this.#close(reason ?? `reason code ${reasonCode}`, rule);
  }

  #receiveMalformed(frame: Uint8Array, fault: Fault): void {
    this.#trace({ kind: 'malformed', frame, version: this.version, fault }, fault.rule);
    if (this.#state !== 'new') return this.disconnect(fault.reasonCode, fault.rule, fault.message); // v3 [MQTT-4.8.0-1] v5 [MQTT-4.13.1-1]
    const version = versionOf(frame);
    if (version === undefined) return this.#close(fault.message, fault.rule); // [MQTT-3.1.2-1]: behind another name nothing is read
    this.version = version;
    this.#refuse({
      reasonCode: fault.reasonCode,
      reasonString: fault.message,
      v3: fault.rule,
      v5: fault.rule,
    }); // [MQTT-3.1.4-1]; v3: most faults have no return code, and are met with silence
  }

  /** Closes from our side [MQTT-3.14.4-2] v5 [MQTT-3.14.4-1]. */
  #close(reason: string, rule?: StatementId): void {
    if (this.#isClosed()) return;
    this.#trace({ kind: 'closed', reason }, rule);
    this.#link.close();
    this.#leave();
  }

  #leave(): void {
    this.#state = 'closed';
    this.#broker.timers.cancel(this.#timer);
    this.#broker.forget(this);
    if (this.#session?.connection === this) this.#broker.leave(this.#session);
  }

  /** Waits for the keep alive to run out. Each packet moves that moment, so the timer looks again when it comes. */
  #watch(keepAlive: number): void {
    const { timers } = this.#broker;
    timers.cancel(this.#timer);
    if (keepAlive === 0) return;
    const patience = 1000 * PATIENCE * keepAlive;
    const look = (): void => {
      const due = this.#lastHeard + patience;
      if (due > this.#broker.now) {
        this.#timer = timers.schedule(due, look);
        return;
      }
      const rule = this.#ruleOf('MQTT-3.1.2-24', 'MQTT-3.1.2-22');
      this.#trace({ kind: 'silent', keepAlive }, rule);
      this.disconnect(REASON.KeepAliveTimeout, rule); // v3 [MQTT-3.1.2-24] v5 [MQTT-3.1.2-22]
    };
    this.#timer = timers.schedule(this.#lastHeard + patience, look);
  }

  /** Sends a packet, without what explains it where the client did not ask for that or takes no packet so large. */
  #send(packet: Packet): void {
    const isExplained = this.#wantsProblems || packet.type === 'connack' || packet.type === 'disconnect'; // v5 [MQTT-3.1.2-29]
    let frame = encode(isExplained ? packet : unexplained(packet), this.version);
    if (frame.length > this.#maximumPacketSize) frame = encode(unexplained(packet), this.version);
    if (frame.length <= this.#maximumPacketSize) this.#sendFrame(frame);
    else if (packet.type === 'connack') this.#close('the client takes no CONNACK', 'MQTT-3.1.2-24');
    else this.disconnect(REASON.PacketTooLarge, 'MQTT-3.1.2-24'); // v5 [MQTT-3.1.2-24]; where CONNACK had room, this has
  }

  #sendFrame(frame: Uint8Array): void {
    if (this.#state === 'closed') return; // v5 [MQTT-3.14.4-1]
    this.#link.send(frame);
    this.#trace({ kind: 'sent', frame, version: this.version });
  }

  /** Asks anew: what is called in between may have closed it. */
  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #ruleOf(v3?: StatementId, v5?: StatementId): StatementId | undefined {
    return this.version === 5 ? v5 : v3;
  }

  #trace(event: Event, rule?: StatementId): void {
    const session = this.#session;
    const broker = this.#broker;
    broker.environment.trace?.({
      at: broker.now,
      by: 'broker',
      connection: this.number,
      ...(session && { clientId: session.clientId }),
      ...(rule && { rule }),
      ...event,
    });
  }
}

function unexplained(packet: Packet & { properties?: Properties | undefined }): Packet {
  return { ...packet, properties: { ...packet.properties, ...UNEXPLAINED } } as Packet;
}

/** The version that a CONNECT names although it is malformed; the common one for versions that do not exist. */
function versionOf(frame: Uint8Array): Version | undefined {
  const span = dissect(frame, COMMON).spans.find(({ field }) => field === 'protocolVersion');
  if (span === undefined) return undefined;
  return span.value === 3 || span.value === 5 ? span.value : COMMON;
}
