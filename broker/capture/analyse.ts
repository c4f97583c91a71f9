// What the packets of a capture mean together: each gets its number, its version and its ties, and what is worth telling about
// a conversation is found. Knows MQTT's rules between packets; nothing of frames and segments.
import {
  CONNECT_RETURN_CODES,
  type Connack,
  type Connect,
  type Disconnect,
  type Dissection,
  dissect,
  FAILURE,
  Malformed,
  type Packet,
  type Publish,
  reasonName,
  type Suback,
  VERSION_NAMES,
  type Version,
} from '../codec/index.ts';
import type { ReasonOwner } from '../codec/reason.ts';
import { bridgeVersion, decodeCaptured, dissectCaptured } from './bridge.ts';
import type { CapturedPacket, Conversation, Direction } from './conversation.ts';
import { Exchanges, nameOf, type Tell, tie } from './exchange.ts';
import { type Finding, finding } from './finding.ts';

export interface Analysis {
  packets: CapturedPacket[];
  conversations: Conversation[];
  findings: Finding[];
}

/** How late a client may be: many look at the clock once in a second. */
const TOLERANCE = 1_500;

/** Packets of a conversation by which its version is guessed. */
const SAMPLE = 200;

/** What only one end may send. */
const ONLY: Partial<Record<NonNullable<CapturedPacket['type']>, Direction>> = {
  connect: 'up',
  subscribe: 'up',
  unsubscribe: 'up',
  pingreq: 'up',
  connack: 'down',
  suback: 'down',
  unsuback: 'down',
  pingresp: 'down',
};

/**
 * Gives each packet its number, version and ties, and each conversation what its packets say of it.
 * @param found those of one connection together, and in their order; returned in that of their frames
 * @param now the time of the last frame
 */
export function analyse(found: CapturedPacket[], conversations: Conversation[], now: number): Analysis {
  const packets = byFrame(found);
  const byStream = new Map(conversations.map((conversation) => [conversation.stream, conversation]));
  settleVersions(packets, byStream);
  for (const [index, packet] of packets.entries()) {
    packet.number = index + 1;
    packet.version = (byStream.get(packet.stream) as Conversation).version;
  }
  const findings: Finding[] = [];
  const listener = new Listener(packets, byStream, findings);
  for (const packet of packets) listener.take(packet);
  listener.end(now);
  return { packets, conversations, findings };
}

/** A packet stays behind those before it in its connection, also where its segment overtook theirs. */
function byFrame(found: readonly CapturedPacket[]): CapturedPacket[] {
  let stream = -1;
  let latest = 0;
  const placed = found.map((packet) => {
    latest = packet.stream === stream ? Math.max(latest, packet.frame) : packet.frame;
    stream = packet.stream;
    return { packet, latest };
  });
  return placed.sort((a, b) => a.latest - b.latest).map(({ packet }) => packet);
}

// Versions

function settleVersions(
  packets: readonly CapturedPacket[],
  conversations: ReadonlyMap<number, Conversation>,
): void {
  const samples = new Map<number, Uint8Array[]>();
  for (const { stream, bytes, missing } of packets) {
    const sample = samples.get(stream) ?? [];
    samples.set(stream, sample);
    const isConnect = (bytes[0] as number) >> 4 === 1;
    if (isConnect || (sample.length < SAMPLE && missing === 0)) sample.push(bytes);
  }
  for (const [number, sample] of samples) {
    const conversation = conversations.get(number) as Conversation;
    const known = sample.map(versionOf).find((version) => version !== undefined);
    conversation.isVersionKnown = known !== undefined;
    conversation.version = known ?? guess(sample);
  }
}

/** What a CONNECT says of its version; undefined for any other packet. */
function versionOf(bytes: Uint8Array): Version | undefined {
  if ((bytes[0] as number) >> 4 !== 1) return undefined;
  const { spans, packet } = dissectCaptured(bytes, 4);
  if (packet?.type === 'connect') return packet.version;
  const value = spans.find(({ field }) => field === 'protocolVersion')?.value;
  return value === 3 || value === 4 || value === 5 ? value : undefined;
}

/**
 * The version in which all packets can be read. Where that is both, a PUBLISH decides: what it carries in 3.1.1 seldom looks
 * like the properties of 5.0.
 */
function guess(sample: readonly Uint8Array[]): Version {
  for (const bytes of sample) {
    const is4 = dissect(bytes, 4).fault === undefined;
    if (is4 !== (dissect(bytes, 5).fault === undefined)) return is4 ? 4 : 5;
  }
  return sample.some((bytes) => (bytes[0] as number) >> 4 === 3) ? 5 : 4;
}

// Conversations

/** What is remembered of a conversation while its packets are gone through. */
interface Talk {
  conversation: Conversation;
  exchanges: Exchanges;
  connect: { packet: CapturedPacket; read: Connect } | undefined;
  isAccepted: boolean;
  /** Milliseconds; 0 where it is off or not known. */
  keepAlive: number;
  lastUp: CapturedPacket | undefined;
  pings: CapturedPacket[];
  aliases: Record<Direction, Map<number, string>>;
  /** Who said DISCONNECT. */
  farewell: Direction | undefined;
}

class Listener {
  readonly #packets: readonly CapturedPacket[];
  readonly #findings: Finding[];
  readonly #talks: ReadonlyMap<number, Talk>;
  /** What outlives a connection, by client identifier. */
  readonly #sessions = new Map<string, Exchanges>();
  readonly #newest = new Map<string, Talk>();
  readonly #tell: Tell;

  constructor(
    packets: readonly CapturedPacket[],
    conversations: ReadonlyMap<number, Conversation>,
    findings: Finding[],
  ) {
    this.#packets = packets;
    this.#findings = findings;
    this.#tell = (id, { number, frame, stream, version }, values) => {
      findings.push(finding(id, { packet: number, frame, stream }, values, version));
    };
    this.#talks = new Map(
      [...conversations].map(([number, conversation]) => [number, this.#talk(conversation)]),
    );
  }

  take(packet: CapturedPacket): void {
    const talk = this.#talks.get(packet.stream) as Talk;
    talk.conversation.packets++;
    this.#watchSilence(talk, packet);
    const { packet: read, fault } = readQuickly(packet);
    if (packet.missing > 0) {
      this.#tell('incomplete', packet, { packet: nameOf(packet), missing: packet.missing });
    } else if (fault !== undefined)
      this.#tell('malformed', packet, { packet: nameOf(packet), fault: fault.message });
    this.#watchOrder(talk, packet);
    if (packet.direction === 'up') talk.lastUp = packet;
    if (read === undefined) return;
    talk.exchanges.take(packet, read, isWhole(talk.conversation));
    this.#follow(talk, packet, read);
  }

  /** The capture is over. */
  end(now: number): void {
    const exchanges = new Set([
      ...this.#sessions.values(),
      ...[...this.#talks.values()].map((talk) => talk.exchanges),
    ]);
    for (const one of exchanges) one.end();
    for (const talk of this.#talks.values()) this.#close(talk, now);
  }

  #talk(conversation: Conversation): Talk {
    return {
      conversation,
      exchanges: new Exchanges(this.#tell),
      connect: undefined,
      isAccepted: false,
      keepAlive: 0,
      lastUp: undefined,
      pings: [],
      aliases: { up: new Map(), down: new Map() },
      farewell: undefined,
    };
  }

  #watchOrder(talk: Talk, packet: CapturedPacket): void {
    const { type, direction } = packet;
    const only = type && ONLY[type];
    if (only !== undefined && only !== direction)
      this.#tell('wrongSide', packet, {
        who: direction === 'up' ? 'client' : 'broker',
        packet: nameOf(packet),
      });
    const isFirst = direction === 'up' && talk.lastUp === undefined && isWhole(talk.conversation);
    if (isFirst && type !== 'connect') this.#tell('firstNotConnect', packet, { packet: nameOf(packet) });
  }

  #follow(talk: Talk, packet: CapturedPacket, read: Packet): void {
    switch (read.type) {
      case 'connect':
        return this.#followConnect(talk, packet, read);
      case 'connack':
        return this.#followConnack(talk, packet, read);
      case 'publish':
        return this.#followPublish(talk, packet, read);
      case 'puback':
      case 'pubrec':
        if (read.reasonCode >= FAILURE)
          this.#tell('publishRefused', packet, {
            packetId: read.packetId,
            reason: reason(read.type, read.reasonCode),
          });
        return;
      case 'pingreq':
        talk.pings.push(packet);
        return;
      case 'pingresp': {
        const ping = talk.pings.shift();
        if (ping !== undefined) tie(packet, ping);
        return;
      }
      case 'disconnect':
        return this.#followDisconnect(talk, packet, read);
      case 'suback':
        return this.#followSuback(packet, read);
      case 'pubrel':
      case 'pubcomp':
      case 'subscribe':
      case 'unsubscribe':
      case 'unsuback':
      case 'auth':
        return;
      default:
        return read satisfies never;
    }
  }

  #followConnect(talk: Talk, packet: CapturedPacket, read: Connect): void {
    if (packet.direction === 'down') return;
    if (talk.connect !== undefined) return this.#tell('secondConnect', packet);
    const { conversation } = talk;
    const { clientId, keepAlive, password, username } = read;
    talk.connect = { packet, read };
    talk.keepAlive = 1000 * keepAlive;
    conversation.clientId = clientId;
    const value = bridgeVersion(packet.bytes);
    if (value !== undefined)
      this.#tell('bridge', packet, { value, version: VERSION_NAMES[conversation.version] });
    if (password !== undefined && !conversation.wrappings.includes('tls'))
      this.#tell('passwordInClear', packet, { username: username ?? '' });
    if (clientId === '') return;
    this.#takeOver(talk, packet);
    this.#resume(talk, read);
  }

  #takeOver(talk: Talk, packet: CapturedPacket): void {
    const { clientId, stream } = talk.conversation;
    const before = this.#newest.get(clientId);
    this.#newest.set(clientId, talk);
    const ended = before?.conversation.closed?.time ?? Number.POSITIVE_INFINITY;
    if (before !== undefined && before.farewell === undefined && ended > packet.time)
      this.#tell('takenOver', packet, { clientId, stream: before.conversation.stream, by: stream });
  }

  #resume(talk: Talk, { clientId, cleanStart }: Connect): void {
    const before = this.#sessions.get(clientId);
    if (cleanStart) before?.end();
    else before?.endConnection();
    if (before !== undefined && !cleanStart) talk.exchanges = before;
    this.#sessions.set(clientId, talk.exchanges);
  }

  #followConnack(
    talk: Talk,
    packet: CapturedPacket,
    { reasonCode, sessionPresent, properties }: Connack,
  ): void {
    if (talk.connect !== undefined && talk.connect.packet.answeredBy === undefined)
      tie(packet, talk.connect.packet);
    talk.isAccepted = reasonCode === 0;
    if (!talk.isAccepted)
      this.#tell('connectRefused', packet, {
        reason:
          packet.version === 5
            ? reason('connack', reasonCode)
            : (CONNECT_RETURN_CODES[reasonCode] ?? reasonCode),
      });
    // MQTT 3.1 does not tell whether there was a session.
    else if (!sessionPresent && packet.version !== 3) talk.exchanges.endBefore(packet.stream);
    if (properties?.serverKeepAlive !== undefined) talk.keepAlive = 1000 * properties.serverKeepAlive;
    if (properties?.assignedClientIdentifier !== undefined)
      talk.conversation.clientId = properties.assignedClientIdentifier;
  }

  #followPublish(talk: Talk, packet: CapturedPacket, { topic, properties }: Publish): void {
    const aliases = talk.aliases[packet.direction];
    const alias = properties?.topicAlias;
    if (topic !== '') {
      packet.topic = topic;
      if (alias !== undefined) aliases.set(alias, topic);
      return;
    }
    const known = alias === undefined ? undefined : aliases.get(alias);
    if (known !== undefined) packet.topic = known;
    else if (alias !== undefined && talk.conversation.began)
      this.#tell('topicAliasUnknown', packet, { alias });
  }

  #followSuback(packet: CapturedPacket, { reasonCodes }: Suback): void {
    const question = packet.answers === undefined ? undefined : this.#packets[packet.answers - 1];
    const asked = question && readQuickly(question).packet;
    reasonCodes.forEach((code, index) => {
      if (code < FAILURE) return;
      const topicFilter =
        (asked?.type === 'subscribe' && asked.subscriptions[index]?.topicFilter) || `filter ${index + 1}`;
      this.#tell('subscriptionRefused', packet, { topicFilter, reason: reason('suback', code) });
    });
  }

  #followDisconnect(talk: Talk, packet: CapturedPacket, { reasonCode }: Disconnect): void {
    talk.farewell ??= packet.direction;
    if (packet.direction === 'down')
      this.#tell('closedByBroker', packet, { reason: reason('disconnect', reasonCode) });
  }

  #watchSilence(talk: Talk, packet: CapturedPacket): void {
    if (packet.direction === 'up' && talk.farewell === undefined)
      this.#checkSilence(talk, packet, packet.time);
  }

  /** v3 [MQTT-3.1.2-23] v5 [MQTT-3.1.2-20] */
  #checkSilence({ keepAlive, lastUp }: Talk, at: CapturedPacket, time: number): void {
    if (lastUp === undefined || keepAlive === 0) return;
    const silence = time - lastUp.time;
    if (silence <= keepAlive + TOLERANCE) return;
    this.#tell('keepAliveExceeded', at, {
      silence: seconds(silence),
      keepAlive: seconds(keepAlive),
      excess: seconds(silence - keepAlive),
    });
  }

  #close(talk: Talk, now: number): void {
    const { conversation, connect, farewell, lastUp, isAccepted } = talk;
    const { closed, clientId } = conversation;
    for (const ping of talk.pings) this.#tell('pingUnanswered', ping);
    if (connect !== undefined && connect.packet.answeredBy === undefined)
      this.#tell('connectUnanswered', connect.packet);
    if (lastUp !== undefined && isAccepted && farewell === undefined)
      this.#checkSilence(talk, lastUp, closed?.time ?? now);
    if (closed === undefined || farewell !== undefined || !isAccepted) return;
    const place = { frame: closed.frame, stream: conversation.stream };
    const id = closed.by === 'broker' && closed.how === 'fin' ? 'closedSilently' : 'endedWithoutDisconnect';
    this.#findings.push(finding(id, place, { clientId }, conversation.version));
  }
}

/** A dissection without its spans, which take long. */
function readQuickly({ bytes, version }: CapturedPacket): Pick<Dissection, 'packet' | 'fault'> {
  try {
    return { packet: decodeCaptured(bytes, version) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return dissectCaptured(bytes, version);
  }
}

/** Whether the capture should have everything that was said. */
function isWhole({ began, hasGaps }: Conversation): boolean {
  return began && !hasGaps;
}

function reason(owner: ReasonOwner, code: number): string {
  return reasonName(owner, code) ?? `0x${code.toString(16).padStart(2, '0')}`;
}

/** To a tenth. */
function seconds(time: number): number {
  return Math.round(time / 100) / 10;
}
