// SUBSCRIBE, UNSUBSCRIBE and their acknowledgements, read beside written. Knows their bytes; what a filter matches stands
// in `broker/topics`.
import type {
  QoS,
  RetainHandling,
  Suback,
  Subscribe,
  Subscription,
  Unsuback,
  Unsubscribe,
  Version,
} from './packet.ts';
import { readPropertyPart, writeProperties } from './property.ts';
import type { Reader } from './reader.ts';
import { FAILURE, reasonName } from './reason.ts';
import { checkRange, type Writer } from './writer.ts';

/** The bits of Subscription Options (5.0, section 3.8.3.1). Before 5.0 only the QoS is there. */
const RETAIN_HANDLING_SHIFT = 4;
const RETAIN_AS_PUBLISHED = 0b1000;
const NO_LOCAL = 0b0100;
const QOS = 0b0011;

/** The variable header that all four share: a packet identifier and, in 5.0, properties. */
function readHead(reader: Reader): Pick<Subscribe, 'packetId' | 'properties'> {
  reader.begin('variable', 'variableHeader');
  const packetId = reader.uint16('packetId');
  reader.close();
  const properties = reader.version === 5 ? readPropertyPart(reader) : undefined;
  return { packetId, properties };
}

function writeHead(
  writer: Writer,
  { packetId, properties }: Pick<Subscribe, 'packetId' | 'properties'>,
  version: Version,
): void {
  writer.uint16('the Packet Identifier', packetId);
  if (version === 5) writeProperties(writer, properties);
}

/** Reads a payload that is a list, up to the end of the packet. */
function readList<Item>(reader: Reader, readItem: () => Item): Item[] {
  const items: Item[] = [];
  reader.begin('payload', 'payload');
  while (reader.left > 0) items.push(readItem());
  reader.close();
  return items;
}

export function readSubscribe(reader: Reader): Subscribe {
  const { packetId, properties } = readHead(reader);
  const subscriptions = readList(reader, () => readSubscription(reader));
  return { type: 'subscribe', packetId, properties, subscriptions };
}

function readSubscription(reader: Reader): Subscription {
  reader.group('subscription');
  const topicFilter = reader.string('topicFilterLength', 'topicFilter');
  const options = reader.version === 5 ? readOptions(reader) : readRequestedQoS(reader);
  reader.close();
  return {
    topicFilter,
    qos: (options & QOS) as QoS,
    noLocal: (options & NO_LOCAL) !== 0,
    retainAsPublished: (options & RETAIN_AS_PUBLISHED) !== 0,
    retainHandling: (options >> RETAIN_HANDLING_SHIFT) as RetainHandling,
  };
}

function readRequestedQoS(reader: Reader): number {
  const options = reader.uint8('requestedQoS');
  if (options > QOS) reader.fail('optionsReserved', reader.offset - 1, {}, [7, 2]); // v3 [MQTT-3.8.3-4]
  return options;
}

function readOptions(reader: Reader): number {
  const options = reader.flags('subscriptionOptions');
  reader.bits('optionsReserved', 7, 6);
  reader.bits('retainHandling', 5, 4);
  reader.bits('retainAsPublished', 3, 3);
  reader.bits('noLocal', 2, 2);
  reader.bits('maximumQoS', 1, 0);
  reader.close();
  if (options >> 6 !== 0) reader.fail('optionsReserved', reader.offset - 1, {}, [7, 6]); // v5 [MQTT-3.8.3-5]
  return options;
}

export function writeSubscribe(writer: Writer, packet: Subscribe, version: Version): void {
  writeHead(writer, packet, version);
  for (const subscription of packet.subscriptions) {
    writer.string('a Topic Filter', subscription.topicFilter);
    writer.uint8(version === 5 ? optionsOf(subscription) : requestedQoS(subscription));
  }
}

function requestedQoS({ qos }: Subscription): number {
  checkRange('the QoS', qos, QOS);
  return qos;
}

function optionsOf(subscription: Subscription): number {
  const { noLocal, retainAsPublished, retainHandling } = subscription;
  checkRange('the Retain Handling', retainHandling, 0b11);
  const flags = (retainAsPublished ? RETAIN_AS_PUBLISHED : 0) | (noLocal ? NO_LOCAL : 0);
  return (retainHandling << RETAIN_HANDLING_SHIFT) | flags | requestedQoS(subscription);
}

export function readUnsubscribe(reader: Reader): Unsubscribe {
  const { packetId, properties } = readHead(reader);
  const topicFilters = readList(reader, () => reader.string('topicFilterLength', 'topicFilter'));
  return { type: 'unsubscribe', packetId, properties, topicFilters };
}

export function writeUnsubscribe(writer: Writer, packet: Unsubscribe, version: Version): void {
  writeHead(writer, packet, version);
  for (const topicFilter of packet.topicFilters) writer.string('a Topic Filter', topicFilter);
}

export function readSuback(reader: Reader): Suback {
  const { packetId, properties } = readHead(reader);
  const isV5 = reader.version === 5;
  const reasonCodes = readList(reader, () => {
    const code = reader.uint8(isV5 ? 'subackReason' : 'subackReturnCode');
    reader.mean(isV5 ? reasonName('suback', code) : returnCodeName(code));
    return code;
  });
  return { type: 'suback', packetId, properties, reasonCodes };
}

/** What a return code of a SUBACK before 5.0 says (3.1.1, section 3.9.3). */
function returnCodeName(code: number): string | undefined {
  if (code === FAILURE) return 'Failure';
  return code <= 2 ? `Success - Maximum QoS ${code}` : undefined;
}

export function readUnsuback(reader: Reader): Unsuback {
  const { packetId, properties } = readHead(reader);
  if (reader.version !== 5) return { type: 'unsuback', packetId, properties, reasonCodes: [] };
  const reasonCodes = readList(reader, () => {
    const code = reader.uint8('unsubackReason');
    reader.mean(reasonName('unsuback', code));
    return code;
  });
  return { type: 'unsuback', packetId, properties, reasonCodes };
}

export function writeSuback(writer: Writer, packet: Suback, version: Version): void {
  writeHead(writer, packet, version);
  for (const code of packet.reasonCodes) writer.uint8(code);
}

export function writeUnsuback(writer: Writer, packet: Unsuback, version: Version): void {
  writeHead(writer, packet, version);
  if (version === 5) for (const code of packet.reasonCodes) writer.uint8(code);
}
