// What a packet says, in the pieces that a line of the list is put together from. Knows packets; the words are the dictionary's.
import {
  CONNECT_RETURN_CODES,
  decode,
  dissect,
  FAILURE,
  Malformed,
  type Packet,
  type ReasonOwner,
  reasonName,
  type Version,
} from '../../../broker/codec/index.ts';
import { readable } from '../packet/field.ts';

/** One thing that a packet says: the key of its phrase, and what to put into it. */
export interface Said {
  what:
    | 'clientId'
    | 'noClientId'
    | 'cleanSession'
    | 'cleanStart'
    | 'keepAlive'
    | 'username'
    | 'password'
    | 'will'
    | 'accepted'
    | 'refused'
    | 'sessionPresent'
    | 'qos'
    | 'dup'
    | 'retain'
    | 'id'
    | 'topic'
    | 'alias'
    | 'payload'
    | 'bytes'
    | 'empty'
    | 'subscription'
    | 'more'
    | 'granted'
    | 'reason'
    | 'missing'
    | 'fault';
  values: Readonly<Record<string, string | number>>;
}

/** Of a topic, a filter or a payload, as much is shown in the list; and as many of a list. */
const LONGEST = 120;
const MOST = 3;

/** What a captured packet says. */
export function saidBy({
  bytes,
  version,
  missing,
  topic,
}: {
  bytes: Uint8Array;
  version: Version;
  missing: number;
  topic?: string | undefined;
}): Said[] {
  if (missing > 0) return [said('missing', { count: missing })];
  try {
    return factsOf(decode(bytes, version), version, topic);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return [said('fault', { message: dissect(bytes, version).fault?.message ?? error.fault.message })];
  }
}

/** Whether bytes are a packet without fault. */
export function isPacket(bytes: Uint8Array, version: Version): boolean {
  try {
    decode(bytes, version);
    return true;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return false;
  }
}

function said(what: Said['what'], values: Said['values'] = {}): Said {
  return { what, values };
}

function factsOf(packet: Packet, version: Version, topic: string | undefined): Said[] {
  switch (packet.type) {
    case 'connect':
      return connectFacts(packet);
    case 'connack':
      return [
        packet.reasonCode === 0
          ? said('accepted')
          : said('refused', { reason: connackReason(packet.reasonCode, version) }),
        said('sessionPresent', { flag: Number(packet.sessionPresent) }),
      ];
    case 'publish':
      return publishFacts(packet, topic);
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return [said('id', { id: packet.packetId }), ...reasonFacts(packet.type, packet.reasonCode)];
    case 'subscribe':
      return [
        said('id', { id: packet.packetId }),
        ...some(packet.subscriptions, ({ topicFilter, qos }) =>
          said('subscription', { topicFilter: short(topicFilter), qos }),
        ),
      ];
    case 'unsubscribe':
      return [
        said('id', { id: packet.packetId }),
        ...some(packet.topicFilters, (topicFilter) => said('topic', { topic: short(topicFilter) })),
      ];
    case 'suback':
      return [
        said('id', { id: packet.packetId }),
        ...some(packet.reasonCodes, (code) =>
          code < FAILURE
            ? said('granted', { qos: code })
            : said('refused', { reason: reasonOf('suback', code) }),
        ),
      ];
    case 'unsuback':
      return [
        said('id', { id: packet.packetId }),
        ...some(packet.reasonCodes, (code) => said('reason', { reason: reasonOf('unsuback', code) })),
      ];
    case 'disconnect':
    case 'auth':
      return reasonFacts(packet.type, packet.reasonCode);
    case 'pingreq':
    case 'pingresp':
      return [];
    default:
      return packet satisfies never;
  }
}

function connectFacts(packet: Packet & { type: 'connect' }): Said[] {
  const { clientId, cleanStart, keepAlive, username, password, will, version } = packet;
  return [
    clientId === '' ? said('noClientId') : said('clientId', { clientId: short(clientId) }),
    said(version === 5 ? 'cleanStart' : 'cleanSession', { flag: Number(cleanStart) }),
    said('keepAlive', { keepAlive }),
    ...(username === undefined ? [] : [said('username', { username: short(username) })]),
    ...(password === undefined ? [] : [said('password')]),
    ...(will === undefined ? [] : [said('will', { topic: short(will.topic) })]),
  ];
}

function publishFacts(packet: Packet & { type: 'publish' }, known: string | undefined): Said[] {
  const { dup, qos, retain, packetId, topic, payload, properties } = packet;
  const alias = properties?.topicAlias;
  return [
    ...(dup ? [said('dup')] : []),
    said('qos', { qos }),
    ...(retain ? [said('retain')] : []),
    ...(packetId === undefined ? [] : [said('id', { id: packetId })]),
    topic === '' && alias !== undefined
      ? said('alias', { alias, topic: short(known ?? '?') })
      : said('topic', { topic: short(topic) }),
    payloadFact(payload),
  ];
}

function payloadFact(payload: Uint8Array): Said {
  if (payload.length === 0) return said('empty');
  const text = payload.length > 4 * LONGEST ? undefined : readable(payload);
  return text === undefined
    ? said('bytes', { count: payload.length })
    : said('payload', { payload: short(text) });
}

function reasonFacts(owner: ReasonOwner, code: number): Said[] {
  return code === 0 ? [] : [said('reason', { reason: reasonOf(owner, code) })];
}

function connackReason(code: number, version: Version): string {
  return version === 5 ? reasonOf('connack', code) : (CONNECT_RETURN_CODES[code] ?? String(code));
}

function reasonOf(owner: ReasonOwner, code: number): string {
  return reasonName(owner, code) ?? `0x${code.toString(16).padStart(2, '0').toUpperCase()}`;
}

function some<Item>(items: readonly Item[], say: (item: Item) => Said): Said[] {
  const shown = items.slice(0, MOST).map(say);
  return items.length > MOST ? [...shown, said('more', { count: items.length - MOST })] : shown;
}

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
