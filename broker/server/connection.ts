// One network connection, seen from the broker: bytes in, packets handled, packets out. Knows the rules that hold within a
// connection (who speaks first, keep alive, sizes, aliases, quotas) and the acknowledgements; what lives longer is the
// session's, what concerns others is the broker's.
import {
  type Connack,
  type Connect,
  connectReturnCode,
  decode,
  type Disconnect,
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
  REASON,
  reasonName,
  type StatementId,
  type Subscribe,
  type Unsubscribe,
  type Version,
} from '../codec/index.ts';
import { InboundAliases, OutboundAliases } from '../session/aliases.ts';
import type { Connection, Link } from '../session/link.ts';
import { MAX_PACKET_ID } from '../session/outbound.ts';
import type { Timer } from '../session/timers.ts';
import type { Event } from '../session/trace.ts';
import type { Caller } from './access.ts';
import type { Broker } from './broker.ts';
import { type Delivery, Message } from './message.ts';
import type { Session } from './session.ts';
import { NEVER } from './settings.ts';

/** Of the keep alive, how much silence is allowed [v3 MQTT-3.1.2-24] [v5 MQTT-3.1.2-22]. */
const PATIENCE = 1.5;

/** The version in whose form a client of an unknown version is refused. */
const COMMON: Version = 4;

export class ServerConnection implements Connection, Caller {
  readonly number: number;
  version: Version = COMMON;
  username: string | undefined;
  private readonly broker: Broker;
  private readonly link: Link;
  private readonly peer: string;
  private readonly framer: Framer;
  private state: 'new' | 'deciding' | 'open' | 'closed' = 'new';
  private session: Session | undefined;
  /** Packets that came while it is being decided whether the client may connect. */
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private lastHeard: number;
  private timer: Timer | undefined;
  private maximumPacketSize = Number.POSITIVE_INFINITY;
  private inboundAliases = new InboundAliases(0);
  private outboundAliases: OutboundAliases | undefined;
  /** QoS 2 messages that came on this connection and whose PUBREL has not. */
  private readonly unreleased = new Set<number>();
  private connectExpiryInterval = 0;

  constructor(broker: Broker, link: Link, number: number, peer: string) {
    const { settings } = broker;
    this.broker = broker;
    this.link = link;
    this.number = number;
    this.peer = peer;
    this.framer = new Framer(COMMON, settings.maximumConnectSize);
    this.lastHeard = broker.now;
    this.timer = broker.timers.schedule(broker.now + 1000 * settings.connectTimeout, () => this.close('no CONNECT in time'));
    this.trace({ kind: 'opened', peer });
  }

  get clientId(): string {
    return this.session?.clientId ?? '';
  }

  receive(chunk: Uint8Array): void {
    if (this.state === 'closed') return;
    this.lastHeard = this.broker.now;
    try {
      for (const frame of this.framer.push(chunk)) {
        if (this.isClosed()) return;
        if (this.state === 'deciding') this.postpone(frame);
        else this.receiveFrame(frame);
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.receiveMalformed(chunk, error.fault);
    }
  }

  drained(): void {
    this.release();
  }

  closed(): void {
    if (this.state === 'closed') return;
    this.trace({ kind: 'closed' });
    this.leave();
  }

  /** A packet that comes before the client is let in waits for its turn. */
  private postpone(frame: Uint8Array): void {
    this.pending.push(frame);
    this.pendingBytes += frame.length;
    if (this.pendingBytes > this.broker.settings.maximumConnectSize) this.close('too much before CONNACK');
  }

  private receiveFrame(frame: Uint8Array): void {
    let packet: Packet;
    try {
      packet = decode(frame, this.version);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      return this.receiveMalformed(frame, error.fault);
    }
    if (packet.type === 'connect' && this.state === 'new') this.version = packet.version;
    this.trace({ kind: 'received', frame, version: this.version });
    if (this.state === 'new') {
      if (packet.type !== 'connect') return this.close('the first packet was no CONNECT', 'MQTT-3.1.0-1'); // [MQTT-3.1.0-1]
      return this.receiveConnect(packet);
    }
    this.handle(packet, this.session as Session);
  }

  private handle(packet: Packet, session: Session): void {
    switch (packet.type) {
      case 'connect':
        return this.disconnect(REASON.ProtocolError, 'MQTT-3.1.0-2'); // [MQTT-3.1.0-2]
      case 'publish':
        return this.receivePublish(packet, session);
      case 'puback':
        return this.settle(packet, session, session.outbound.receivePuback);
      case 'pubrec':
        return this.settle(packet, session, session.outbound.receivePubrec);
      case 'pubrel':
        return this.receivePubrel(packet, session);
      case 'pubcomp':
        return this.settle(packet, session, session.outbound.receivePubcomp);
      case 'subscribe':
        return this.receiveSubscribe(packet, session);
      case 'unsubscribe':
        return this.receiveUnsubscribe(packet, session);
      case 'pingreq':
        return this.send({ type: 'pingresp' }); // [MQTT-3.12.4-1]
      case 'disconnect':
        return this.receiveDisconnect(packet, session);
      case 'auth': // v5 [MQTT-4.12.0-7]
      case 'connack':
      case 'suback':
      case 'unsuback':
      case 'pingresp':
        return this.disconnect(REASON.ProtocolError, 'MQTT-4.8.0-1');
      default:
        return packet satisfies never;
    }
  }

  // Connecting

  private receiveConnect(connect: Connect): void {
    const { settings, environment } = this.broker;
    const { version, properties, clientId, will } = connect;
    this.framer.version = version;
    this.framer.maximumPacketSize = settings.maximumPacketSize;
    this.maximumPacketSize = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    if (properties?.authenticationMethod !== undefined) return this.refuse(REASON.BadAuthenticationMethod, 'MQTT-4.12.0-1'); // v5 [MQTT-4.12.0-1]
    if (clientId === '' && !settings.allowEmptyClientId) return this.refuse(REASON.ClientIdentifierNotValid, version === 5 ? 'MQTT-3.1.3-8' : 'MQTT-3.1.3-9');
    if (will !== undefined && will.qos > settings.maximumQoS) return this.refuse(REASON.QoSNotSupported, 'MQTT-3.2.2-12'); // v5 [MQTT-3.2.2-12]
    if (will?.retain && !settings.retainAvailable) return this.refuse(REASON.RetainNotSupported, 'MQTT-3.2.2-13'); // v5 [MQTT-3.2.2-13]
    if (will?.properties?.payloadFormatIndicator === 1 && !isUtf8(will.payload)) return this.refuse(REASON.PayloadFormatInvalid);
    this.state = 'deciding';
    environment.access.connect(connect, this.peer, (reasonCode) => {
      if (this.state !== 'deciding') return;
      if (reasonCode >= FAILURE) this.refuse(reasonCode, version === 5 ? 'MQTT-3.1.4-2' : 'MQTT-3.2.2-5');
      else this.welcome(connect);
    });
  }

  private welcome(connect: Connect): void {
    const { version, clientId, cleanStart, properties, will, username } = connect;
    const { settings } = this.broker;
    const assigned = clientId === '' ? settings.assignedClientIdPrefix + this.broker.environment.unique() : undefined; // v3 [MQTT-3.1.3-6] v5 [MQTT-3.1.3-6, MQTT-3.2.2-16]
    const { session, isPresent } = this.broker.open(assigned ?? clientId, cleanStart, version); // v3 [MQTT-3.1.4-3] v5 [MQTT-3.1.4-4]
    this.state = 'open';
    this.username = username;
    this.session = session;
    session.connection = this;
    session.will = will; // v3 [MQTT-3.1.2-8] v5 [MQTT-3.1.2-7]
    if (will !== undefined) this.broker.trace(session, { kind: 'will', action: 'stored', topic: will.topic }, 'MQTT-3.1.2-8', 'MQTT-3.1.2-7');
    session.expiryInterval = this.grantedExpiry(connect);
    this.connectExpiryInterval = session.expiryInterval;
    this.inboundAliases = new InboundAliases(version === 5 ? settings.topicAliasMaximum : 0);
    const aliases = Math.min(properties?.topicAliasMaximum ?? 0, settings.topicAliasMaximum); // v5 [MQTT-3.3.2-11]
    if (aliases > 0) this.outboundAliases = new OutboundAliases(aliases);
    const keepAlive = this.grantedKeepAlive(connect);
    this.watch(keepAlive);
    const connack: Connack = {
      type: 'connack',
      sessionPresent: isPresent && version !== 3, // v3 [MQTT-3.2.2-1 to -3] v5 [MQTT-3.2.2-2, MQTT-3.2.2-3]
      reasonCode: REASON.Success,
      properties: version === 5 ? this.offer(connect, assigned, keepAlive) : undefined,
    };
    this.send(connack); // v3 [MQTT-3.1.4-4] v5 [MQTT-3.1.4-5]
    session.outbound.reconnect(Math.min(properties?.receiveMaximum ?? MAX_PACKET_ID, settings.maximumInflight)); // v5 [MQTT-3.3.4-9]
    this.release(); // [MQTT-4.4.0-1]
    this.resume();
  }

  /** Handles what came before the client was let in. */
  private resume(): void {
    const frames = this.pending;
    this.pending = [];
    for (const frame of frames) if (!this.isClosed()) this.receiveFrame(frame);
  }

  /** How long the session outlives the connection, in seconds. Before 5.0 Clean Session decides: not at all, or for ever. */
  private grantedExpiry({ version, cleanStart, properties }: Connect): number {
    const wanted = version === 5 ? (properties?.sessionExpiryInterval ?? 0) : cleanStart ? 0 : NEVER;
    return Math.min(wanted, this.broker.settings.maximumSessionExpiry);
  }

  private grantedKeepAlive({ version, keepAlive }: Connect): number {
    const { maximumKeepAlive, serverKeepAlive } = this.broker.settings;
    if (version !== 5) return keepAlive; // it cannot be told of another
    if (serverKeepAlive !== undefined) return serverKeepAlive;
    const isTooLong = maximumKeepAlive > 0 && (keepAlive === 0 || keepAlive > maximumKeepAlive);
    return isTooLong ? maximumKeepAlive : keepAlive; // v5 [MQTT-3.2.2-22]
  }

  /** What CONNACK tells a 5.0 client of us: only what differs from what it would assume. */
  private offer(connect: Connect, assigned: string | undefined, keepAlive: number): Properties {
    const { settings } = this.broker;
    const offer: Properties = {};
    if (this.connectExpiryInterval !== (connect.properties?.sessionExpiryInterval ?? 0)) offer.sessionExpiryInterval = this.connectExpiryInterval;
    offer.receiveMaximum = settings.receiveMaximum;
    if (settings.maximumQoS < 2) offer.maximumQoS = settings.maximumQoS; // v5 [MQTT-3.2.2-9]
    if (!settings.retainAvailable) offer.retainAvailable = 0;
    offer.maximumPacketSize = settings.maximumPacketSize;
    if (assigned !== undefined) offer.assignedClientIdentifier = assigned; // v5 [MQTT-3.1.3-7]
    if (settings.topicAliasMaximum > 0) offer.topicAliasMaximum = settings.topicAliasMaximum;
    if (!settings.wildcardSubscriptionAvailable) offer.wildcardSubscriptionAvailable = 0;
    if (!settings.subscriptionIdentifierAvailable) offer.subscriptionIdentifierAvailable = 0;
    if (!settings.sharedSubscriptionAvailable) offer.sharedSubscriptionAvailable = 0;
    if (keepAlive !== connect.keepAlive) offer.serverKeepAlive = keepAlive;
    if (connect.properties?.requestResponseInformation === 1 && settings.responseInformation !== undefined) // v5 [MQTT-3.1.2-28]
      offer.responseInformation = settings.responseInformation;
    return offer;
  }

  /** Answers CONNECT with a refusal, if the version has one for it, and closes [v3 MQTT-3.2.2-5] [v5 MQTT-3.2.2-7]. */
  private refuse(reasonCode: number, rule?: StatementId): void {
    this.trace({ kind: 'refused', reasonCode, what: 'connect' }, rule);
    const code = this.version === 5 ? reasonCode : connectReturnCode(reasonCode); // v3 [MQTT-3.2.2-6]
    if (code !== undefined) this.send({ type: 'connack', sessionPresent: false, reasonCode: code }); // v3 [MQTT-3.2.2-4] v5 [MQTT-3.2.2-6]
    this.close('the connection was refused', rule);
  }

  // Publishing: what comes in

  private receivePublish(publish: Publish, session: Session): void {
    const { settings } = this.broker;
    const resolved = this.inboundAliases.resolve(publish.topic, publish.properties?.topicAlias);
    if (resolved === 'invalid') return this.disconnect(REASON.TopicAliasInvalid, 'MQTT-3.3.2-9');
    if (resolved === 'unknown') return this.disconnect(REASON.ProtocolError);
    const { topic } = resolved;
    if (publish.properties?.subscriptionIdentifier !== undefined) return this.disconnect(REASON.ProtocolError, 'MQTT-3.3.4-6'); // v5 [MQTT-3.3.4-6]
    if (publish.qos > settings.maximumQoS) return this.disconnect(REASON.QoSNotSupported, 'MQTT-3.2.2-11'); // v5 [MQTT-3.2.2-11]
    if (publish.retain && !settings.retainAvailable) return this.disconnect(REASON.RetainNotSupported, 'MQTT-3.2.2-14'); // v5 [MQTT-3.2.2-14]
    const { packetId } = publish;
    if (publish.qos === 2 && session.inbound.has(packetId as number)) return this.receiveAgain(packetId as number);
    if (publish.qos === 2 && this.unreleased.size >= settings.receiveMaximum && this.version === 5)
      return this.disconnect(REASON.ReceiveMaximumExceeded, 'MQTT-3.3.4-7'); // v5 [MQTT-3.3.4-7]
    const reasonCode = this.pass({ ...publish, topic }, session);
    if (packetId === undefined) return; // QoS 0 is not answered [MQTT-3.3.4-1]
    const answer = this.version === 5 ? reasonCode : REASON.Success; // v3 [MQTT-3.3.5-2]
    if (publish.qos === 1) return this.send({ type: 'puback', packetId, reasonCode: answer }); // v3 [MQTT-4.3.2-2] v5 [MQTT-4.3.2-4]
    if (answer < FAILURE) {
      session.inbound.accept(packetId); // v5 [MQTT-4.3.3-9]: not after a refusal
      this.unreleased.add(packetId);
    }
    this.send({ type: 'pubrec', packetId, reasonCode: answer }); // v3 [MQTT-4.3.3-2] v5 [MQTT-4.3.3-8]
  }

  /** A QoS 2 PUBLISH whose identifier is held is the same message once more: answered, and not passed on [v3 MQTT-4.3.3-2] [v5 MQTT-4.3.3-10]. */
  private receiveAgain(packetId: number): void {
    this.trace({ kind: 'duplicate', packetId }, this.version === 5 ? 'MQTT-4.3.3-10' : 'MQTT-4.3.3-2');
    this.unreleased.add(packetId);
    this.send({ type: 'pubrec', packetId, reasonCode: REASON.Success });
  }

  /** Passes a message on if it may be. Returns what to answer. */
  private pass(publish: Publish, session: Session): number {
    const { broker } = this;
    const refusal = this.publishRefusal(publish);
    if (refusal !== undefined) {
      this.trace({ kind: 'refused', reasonCode: refusal, what: 'publish' }, this.version === 5 ? undefined : 'MQTT-3.3.5-2');
      return refusal;
    }
    const count = broker.publish(new Message(publish, broker.now), session);
    return count === 0 ? REASON.NoMatchingSubscribers : REASON.Success;
  }

  private publishRefusal({ topic, payload, properties }: Publish): number | undefined {
    const { settings, environment } = this.broker;
    if (topic.split('/').length > settings.maximumTopicLevels) return REASON.TopicNameInvalid;
    if (!environment.access.publish(this, topic)) return REASON.NotAuthorized;
    if (properties?.payloadFormatIndicator === 1 && !isUtf8(payload)) return REASON.PayloadFormatInvalid;
    return undefined;
  }

  private receivePubrel({ packetId }: Pubrel, session: Session): void {
    this.unreleased.delete(packetId);
    const isKnown = session.inbound.release(packetId);
    const reasonCode = isKnown || this.version !== 5 ? REASON.Success : REASON.PacketIdentifierNotFound;
    this.send({ type: 'pubcomp', packetId, reasonCode }); // v3 [MQTT-4.3.3-2] v5 [MQTT-4.3.3-11]
  }

  // Publishing: what goes out

  /** Sends a QoS 0 message, unless more waits to leave on this connection than may. */
  sendAtMostOnce(delivery: Delivery): void {
    const session = this.session as Session;
    if (!this.isFit(delivery, session)) return;
    if (this.link.backlog > this.broker.settings.maximumBacklog) return this.broker.drop(session, delivery, 'queue full');
    this.sendPublication(delivery, undefined, false);
  }

  /** Sends as much of what the session owes as the client takes at a time. */
  release(): void {
    const { session, link, broker } = this;
    if (session === undefined || this.state !== 'open' || link.backlog > broker.settings.maximumBacklog) return;
    for (const { packetId, message, awaiting, sent } of session.outbound.release((delivery) => this.isFit(delivery, session))) {
      if (awaiting === 'pubcomp') this.sendPubrel(packetId, false);
      else this.sendPublication(message, packetId, sent > 1); // [MQTT-3.3.1-1] [MQTT-3.3.1-3]
      if (link.backlog > broker.settings.maximumBacklog) return;
    }
  }

  /** Whether a message may still go to this client; if not, it is dropped as if it had been delivered. */
  private isFit(delivery: Delivery, session: Session): boolean {
    const { broker, maximumPacketSize } = this;
    const { message, qos } = delivery;
    if (message.isExpired(broker.now)) broker.drop(session, delivery, 'expired'); // v5 [MQTT-3.3.2-5]
    else if (
      Number.isFinite(maximumPacketSize) &&
      message.frame(delivery, this.version, qos === 0 ? undefined : 1, broker.now).length > maximumPacketSize
    )
      broker.drop(session, delivery, 'too large'); // v5 [MQTT-3.1.2-24, MQTT-3.1.2-25]
    else return true;
    return false;
  }

  private sendPublication(delivery: Delivery, packetId: number | undefined, dup: boolean): void {
    const { message } = delivery;
    const { now } = this.broker;
    if (this.outboundAliases === undefined && !dup) return this.sendFrame(message.frame(delivery, this.version, packetId, now));
    const publication = message.publication(delivery, now);
    const { topic, topicAlias } = this.shorten(publication.topic);
    const properties = { ...publication.properties, topicAlias };
    this.sendFrame(encode({ ...publication, topic, properties, packetId, dup }, this.version));
  }

  private shorten(topic: string): { topic: string; topicAlias?: number } {
    return this.outboundAliases?.shorten(topic) ?? { topic };
  }

  /** Handles an acknowledgement of a message that was delivered. One of the wrong kind is a protocol error; one that names nothing is let pass. */
  private settle(packet: Puback | Pubrec | Pubcomp, { outbound }: Session, receive: typeof outbound.receivePubrec): void {
    const { type, packetId, reasonCode } = packet;
    const settlement = receive.call(outbound, packetId, reasonCode);
    if (settlement === 'unexpected') return this.disconnect(REASON.ProtocolError, 'MQTT-4.8.0-1');
    if (type === 'pubrec' && settlement !== 'settled' && reasonCode < FAILURE) this.sendPubrel(packetId, settlement === 'unknown');
    this.release(); // there may be room for the next message
  }

  private sendPubrel(packetId: number, isUnknown: boolean): void {
    const reasonCode = isUnknown && this.version === 5 ? REASON.PacketIdentifierNotFound : REASON.Success;
    this.send({ type: 'pubrel', packetId, reasonCode }); // v3 [MQTT-4.3.3-1] v5 [MQTT-4.3.3-4]
  }

  // Subscribing

  private receiveSubscribe(subscribe: Subscribe, session: Session): void {
    const results = this.broker.subscribe(session, subscribe);
    const reasonCodes = results.map(({ reasonCode }) => (this.version === 5 ? reasonCode : Math.min(reasonCode, FAILURE))); // v3 [MQTT-3.9.3-2]
    this.send({ type: 'suback', packetId: subscribe.packetId, reasonCodes }); // [MQTT-3.8.4-1, MQTT-3.8.4-2]
    for (const { retained } of results) this.broker.sendRetained(session, retained);
  }

  private receiveUnsubscribe({ packetId, topicFilters }: Unsubscribe, session: Session): void {
    const reasonCodes = this.broker.unsubscribe(session, topicFilters);
    this.send({ type: 'unsuback', packetId, reasonCodes }); // [MQTT-3.10.4-4, MQTT-3.10.4-5]
  }

  // Ending

  private receiveDisconnect({ reasonCode, properties }: Disconnect, session: Session): void {
    const expiry = properties?.sessionExpiryInterval;
    if (expiry !== undefined) {
      if (this.connectExpiryInterval === 0 && expiry > 0) return this.disconnect(REASON.ProtocolError); // 5.0, section 3.14.2.2.2
      session.expiryInterval = Math.min(expiry, this.broker.settings.maximumSessionExpiry);
    }
    if (reasonCode === REASON.NormalDisconnection && session.will !== undefined) {
      this.broker.trace(session, { kind: 'will', action: 'deleted', topic: session.will.topic }, 'MQTT-3.14.4-3', 'MQTT-3.14.4-3');
      session.will = undefined; // [MQTT-3.14.4-3]
    }
    this.close('the client said goodbye');
  }

  /** Ends the connection for a reason, of which a 5.0 client is told first. */
  disconnect(reasonCode: number, rule?: StatementId, reasonString?: string): void {
    if (this.isClosed()) return;
    if (this.state === 'open' && this.version === 5 && reasonName('disconnect', reasonCode) !== undefined) // v5 [MQTT-3.14.0-1]
      this.send({ type: 'disconnect', reasonCode, properties: reasonString === undefined ? undefined : { reasonString } });
    this.close(reasonName('disconnect', reasonCode) ?? `reason code ${reasonCode}`, rule);
  }

  private receiveMalformed(frame: Uint8Array, fault: Fault): void {
    this.trace({ kind: 'malformed', frame, version: this.version, fault }, fault.rule);
    if (this.state !== 'new') return this.disconnect(fault.reasonCode, fault.rule, fault.message); // v3 [MQTT-4.8.0-1] v5 [MQTT-4.13.1-1]
    const version = versionOf(frame);
    if (version === undefined || fault.id === 'protocolName') return this.close(fault.message, fault.rule); // [MQTT-3.1.2-1]
    this.version = version;
    this.refuse(fault.reasonCode, fault.rule); // v3 [MQTT-3.1.4-1]: most faults have no return code, and are met with silence
  }

  /** Closes from our side. */
  private close(reason: string, rule?: StatementId): void {
    if (this.isClosed()) return;
    this.trace({ kind: 'closed', reason }, rule);
    this.link.close();
    this.leave();
  }

  private leave(): void {
    this.state = 'closed';
    this.broker.timers.cancel(this.timer);
    this.broker.forget(this);
    if (this.session?.connection === this) this.broker.leave(this.session);
  }

  /** Waits for the keep alive to run out. Each packet moves that moment, so the timer looks again when it comes. */
  private watch(keepAlive: number): void {
    const { timers } = this.broker;
    timers.cancel(this.timer);
    if (keepAlive === 0) return;
    const patience = 1000 * PATIENCE * keepAlive;
    const look = (): void => {
      const due = this.lastHeard + patience;
      if (due > this.broker.now) {
        this.timer = timers.schedule(due, look);
        return;
      }
      this.trace({ kind: 'silent', keepAlive }, this.version === 5 ? 'MQTT-3.1.2-22' : 'MQTT-3.1.2-24');
      this.disconnect(REASON.KeepAliveTimeout); // v3 [MQTT-3.1.2-24] v5 [MQTT-3.1.2-22]
    };
    this.timer = timers.schedule(this.lastHeard + patience, look);
  }

  /** Sends a packet. What explains an answer is left out where the packet would be too large with it, or was not asked for. */
  private send(packet: Packet): void {
    let frame = encode(packet, this.version);
    if (frame.length > this.maximumPacketSize && 'properties' in packet) // v5 [MQTT-3.2.2-19, MQTT-3.14.2-3]
      frame = encode({ ...packet, properties: { ...packet.properties, reasonString: undefined } } as Packet, this.version);
    this.sendFrame(frame);
  }

  private sendFrame(frame: Uint8Array): void {
    if (this.state === 'closed') return;
    this.link.send(frame);
    this.trace({ kind: 'sent', frame, version: this.version });
  }

  /** Asks anew: what is called in between may have closed it. */
  private isClosed(): boolean {
    return this.state === 'closed';
  }

  private trace(event: Event, rule?: StatementId): void {
    const { session, broker } = this;
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

/** The version that a CONNECT names although it is malformed; the common one for versions that do not exist. */
function versionOf(frame: Uint8Array): Version | undefined {
  const span = dissect(frame, COMMON).spans.find(({ field }) => field === 'protocolVersion');
  if (span === undefined) return undefined;
  return span.value === 3 || span.value === 5 ? span.value : COMMON;
}
