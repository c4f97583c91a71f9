// What a packet may not say although it can be written: the rules that `decode` applies once a packet has been read, and
// that the playground shows for a packet made on purpose. Knows the rules that one packet alone can break; those that need
// a session or a direction are the broker's and the client's.
import { encode } from './encode.ts';
import { type Fault, type FaultId, fault, Malformed } from './fault.ts';
import { FIELDS, type Field, type FieldId, type Rule } from './field.ts';
import type { Auth, Connect, Packet, Publish, Subscribe, Version } from './packet.ts';
import { packetName } from './packet.ts';
import { type Properties, type PropertyKey, type PropertyOwner, propertyRow } from './property.ts';
import { readPacket } from './read.ts';
import { type Part, Reader, type Span } from './reader.ts';
import { CONNECT_RETURN_CODES, FAILURE, REASON, type ReasonOwner, reasonName } from './reason.ts';

/** A broken rule, and the field that breaks it: the `nth` of its name in the packet, counted from 0. A property is the `nth` of its owner. */
interface Finding {
  id: FaultId;
  field: FieldId;
  nth?: number;
  property?: { key: PropertyKey; owner: PropertyOwner };
  values?: Fault['values'];
  rule?: Rule;
}

/**
 * Everything that is wrong with a packet that one has, in the order of its bytes.
 * @returns an empty array for a packet that may be sent
 * @throws RangeError if the packet cannot be encoded at all
 */
export function validate(packet: Packet, version: Version): Fault[] {
  const spans: Span[] = [];
  const reader = new Reader(encode(packet, version), version, spans);
  try {
    const read = readPacket(reader);
    return locate(findings(read, reader.version), spans, reader.version);
  } catch (error) {
    if (error instanceof Malformed) return [error.fault];
    throw error;
  }
}

/** The first thing that is forbidden in a packet that was read from `frame`, if any. */
export function firstForbidden(packet: Packet, version: Version, frame: Uint8Array): Fault | undefined {
  const found = findings(packet, version);
  if (found.length === 0) return undefined;
  const spans: Span[] = [];
  readPacket(new Reader(frame, version, spans));
  return locate(found, spans, version)[0];
}

/** The findings as faults, in the order of the bytes that show them. */
function locate(found: Finding[], spans: Span[], version: Version): Fault[] {
  const places = new Map<string, Span[]>();
  for (const span of spans) {
    const place = placeOf(span.field, span.property, span.part);
    const there = places.get(place);
    if (there === undefined) places.set(place, [span]);
    else there.push(span);
  }
  const faults = found.map(({ id, field, nth = 0, property, values, rule }) => {
    const place = placeOf(field, property?.key, property?.owner === 'will' ? 'payload' : 'properties');
    const { start, bits } = (places.get(place) as Span[])[nth] as Span;
    return fault(id, version, start, values, bits, rule);
  });
  return faults.sort((a, b) => a.offset - b.offset);
}

/** A property is told from one of the same name in the will by the part that it stands in. */
function placeOf(field: FieldId, property: PropertyKey | undefined, part: Part): string {
  return property === undefined ? field : `${field} ${property} ${part}`;
}

function findings(packet: Packet, version: Version): Finding[] {
  const found: Finding[] = [];
  switch (packet.type) {
    case 'connect':
      checkConnect(packet, found);
      break;
    case 'connack':
      if (packet.sessionPresent && packet.reasonCode !== 0)
        found.push({ id: 'sessionPresentRefused', field: 'sessionPresent' }); // v3 [MQTT-3.2.2-4] v5 [MQTT-3.2.2-6]
      if (version === 5)
        checkReason('connack', packet.reasonCode, 'connackReason', found); // v5 [MQTT-3.2.2-8]
      else if (CONNECT_RETURN_CODES[packet.reasonCode] === undefined)
        found.push(unknownReason('connack', packet.reasonCode, 'connectReturnCode'));
      break;
    case 'publish':
      checkPublish(packet, found);
      break;
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      checkPacketId(packet.packetId, found);
      if (version === 5) checkReason(packet.type, packet.reasonCode, `${packet.type}Reason`, found); // v5 [MQTT-3.4.2-1] [MQTT-3.5.2-1] [MQTT-3.6.2-1] [MQTT-3.7.2-1]
      break;
    case 'subscribe':
      checkSubscribe(packet, version, found);
      break;
    case 'unsubscribe':
      checkPacketId(packet.packetId, found);
      if (packet.topicFilters.length === 0) found.push({ id: 'noTopicFilters', field: 'payload' }); // [MQTT-3.10.3-2]
      packet.topicFilters.forEach((filter, nth) => {
        checkFilter(filter, nth, version, found);
      });
      break;
    case 'suback':
    case 'unsuback':
      checkPacketId(packet.packetId, found);
      checkReasons(packet.type, packet.reasonCodes, version, found);
      break;
    case 'disconnect':
      if (version === 5) checkReason('disconnect', packet.reasonCode, 'disconnectReason', found); // v5 [MQTT-3.14.2-1]
      break;
    case 'auth':
      checkAuth(packet, found);
      break;
    case 'pingreq':
    case 'pingresp':
      return found;
    default:
      return packet satisfies never;
  }
  checkProperties(packet.properties, packet.type, found);
  return found;
}

function checkConnect(
  { version, cleanStart, clientId, will, username, password }: Connect,
  found: Finding[],
): void {
  if (clientId === '' && version === 3) found.push({ id: 'clientIdMissing', field: 'clientIdLength' });
  if (clientId === '' && version === 4 && !cleanStart)
    found.push({ id: 'clientIdEmpty', field: 'clientIdLength' }); // v3 [MQTT-3.1.3-8]
  if (password !== undefined && username === undefined && version !== 5)
    found.push({ id: 'passwordAlone', field: 'passwordFlag' }); // v3 [MQTT-3.1.2-22]
  if (will === undefined) return;
  if (will.qos > 2) found.push({ id: 'willQoSThree', field: 'willQoS', values: { value: will.qos } }); // v3 [MQTT-3.1.2-14] v5 [MQTT-3.1.2-12]
  checkTopic(will.topic, 'willTopic', found, { v3: 'MQTT-4.7.1-1', v5: 'MQTT-4.7.0-1' });
  checkProperties(will.properties, 'will', found);
  checkResponseTopic(will.properties, 'will', found); // the will becomes a PUBLISH
}

function checkPublish({ dup, qos, topic, packetId, properties }: Publish, found: Finding[]): void {
  if (dup && qos === 0) found.push({ id: 'dupAtQoS0', field: 'dup' }); // [MQTT-3.3.1-2]
  if (topic !== '' || properties?.topicAlias === undefined) checkTopic(topic, 'topic', found); // [MQTT-3.3.2-2]
  if (qos !== 0) checkPacketId(packetId, found);
  checkResponseTopic(properties, 'publish', found);
}

function checkResponseTopic(
  properties: Properties | undefined,
  owner: PropertyOwner,
  found: Finding[],
): void {
  const value = wildcardIn(properties?.responseTopic ?? '');
  if (value === undefined) return;
  found.push({
    id: 'responseTopicWildcard',
    field: 'property',
    property: { key: 'responseTopic', owner },
    values: { value },
  }); // v5 [MQTT-3.3.2-14]
}

function checkSubscribe(
  { packetId, subscriptions, properties }: Subscribe,
  version: Version,
  found: Finding[],
): void {
  checkPacketId(packetId, found);
  if (subscriptions.length === 0) found.push({ id: 'noSubscriptions', field: 'payload' }); // v3 [MQTT-3.8.3-3] v5 [MQTT-3.8.3-2]
  subscriptions.forEach(({ topicFilter, qos, noLocal, retainHandling }, nth) => {
    checkFilter(topicFilter, nth, version, found);
    if (qos > 2)
      found.push({ id: 'requestedQoSThree', field: version === 5 ? 'maximumQoS' : 'requestedQoS', nth }); // v3 [MQTT-3.8.3-4]
    if (retainHandling > 2) found.push({ id: 'retainHandlingThree', field: 'retainHandling', nth });
    if (noLocal && isShared(topicFilter)) found.push({ id: 'shareNoLocal', field: 'noLocal', nth }); // v5 [MQTT-3.8.3-4]
  });
  if ((properties?.subscriptionIdentifier?.length ?? 0) > 1)
    found.push({
      id: 'propertyRepeated',
      field: 'property',
      property: { key: 'subscriptionIdentifier', owner: 'subscribe' },
      nth: 1,
      values: { property: propertyRow('subscriptionIdentifier').name },
    });
}

/** Only success may stand alone; whatever else AUTH says, it names its method (5.0, sections 3.15.2.1 and 3.15.2.2.2). */
function checkAuth({ reasonCode, properties }: Auth, found: Finding[]): void {
  checkReason('auth', reasonCode, 'authReason', found); // v5 [MQTT-3.15.2-1]
  const isAlone = reasonCode === REASON.Success && properties === undefined;
  if (!isAlone && properties?.authenticationMethod === undefined)
    found.push({ id: 'authenticationMethodMissing', field: 'authReason' });
}

function checkPacketId(packetId: number | undefined, found: Finding[]): void {
  if (packetId === 0) found.push({ id: 'packetIdZero', field: 'packetId' }); // v3 [MQTT-2.3.1-1] v5 [MQTT-2.2.1-3]
}

function checkTopic(topic: string, field: 'topic' | 'willTopic', found: Finding[], rule?: Rule): void {
  const name = field === 'topic' ? 'The Topic Name' : 'The Will Topic';
  if (topic === '') found.push({ id: 'topicEmpty', field: `${field}Length`, values: { field: name } }); // [MQTT-4.7.3-1]
  const wildcard = wildcardIn(topic);
  if (wildcard !== undefined)
    found.push({
      id: 'topicWildcard',
      field,
      values: { field: name, value: wildcard },
      ...(rule && { rule }),
    });
}

function wildcardIn(topic: string): '+' | '#' | undefined {
  return topic.includes('#') ? '#' : topic.includes('+') ? '+' : undefined;
}

const SHARE = '$share/';

/** Whether a filter asks for a shared subscription (5.0, section 4.8.2). */
export function isShared(topicFilter: string): boolean {
  return topicFilter.startsWith(SHARE);
}

function checkFilter(topicFilter: string, nth: number, version: Version, found: Finding[]): void {
  if (topicFilter === '') {
    found.push({ id: 'topicEmpty', field: 'topicFilterLength', nth, values: { field: 'The Topic Filter' } }); // [MQTT-4.7.3-1]
    return;
  }
  const id = filterFault(topicFilter, version);
  if (id !== undefined) found.push({ id, field: 'topicFilter', nth });
}

/** What is wrong with the form of a topic filter that is not empty, if anything. Shared subscriptions are 5.0's. */
export function filterFault(topicFilter: string, version: Version): FaultId | undefined {
  if (version !== 5 || !isShared(topicFilter)) return wildcardFault(topicFilter);
  const [share = '', ...levels] = topicFilter.slice(SHARE.length).split('/');
  const shared = levels.join('/');
  if (share === '') return 'shareNameEmpty'; // v5 [MQTT-4.8.2-1]
  if (wildcardIn(share) !== undefined || shared === '') return 'shareNameInvalid'; // v5 [MQTT-4.8.2-2]
  return wildcardFault(shared);
}

function wildcardFault(topicFilter: string): FaultId | undefined {
  const last = topicFilter.length - 1;
  const hash = topicFilter.indexOf('#');
  if (hash !== -1 && !(hash === last && begins(topicFilter, hash))) return 'filterMultiLevel'; // v3 [MQTT-4.7.1-2] v5 [MQTT-4.7.1-1]
  for (let plus = topicFilter.indexOf('+'); plus !== -1; plus = topicFilter.indexOf('+', plus + 1)) {
    const ends = plus === last || topicFilter[plus + 1] === '/';
    if (!(begins(topicFilter, plus) && ends)) return 'filterSingleLevel'; // v3 [MQTT-4.7.1-3] v5 [MQTT-4.7.1-2]
  }
  return undefined;
}

/** Whether a level of the filter begins at `index`. */
function begins(topicFilter: string, index: number): boolean {
  return index === 0 || topicFilter[index - 1] === '/';
}

function checkReason(owner: ReasonOwner, code: number, field: FieldId, found: Finding[]): void {
  if (reasonName(owner, code) === undefined) found.push(unknownReason(owner, code, field));
}

/** The statement that a packet has only the codes of its table is the one that rules the field. */
function unknownReason(owner: ReasonOwner, code: number, field: FieldId, nth = 0): Finding {
  const { rule }: Field = FIELDS[field];
  const value = `0x${code.toString(16).padStart(2, '0')}`;
  return {
    id: 'reasonUnknown',
    field,
    nth,
    values: { packet: packetName(owner), value },
    ...(rule && { rule }),
  };
}

/** One reason code for each filter, from the packet's own table. v3 [MQTT-3.9.3-2] v5 [MQTT-3.9.3-2] [MQTT-3.11.3-2] */
function checkReasons(
  owner: 'suback' | 'unsuback',
  codes: number[],
  version: Version,
  found: Finding[],
): void {
  if (owner === 'unsuback' && version !== 5) return;
  const field = version === 5 ? (`${owner}Reason` as const) : 'subackReturnCode';
  if (codes.length === 0)
    found.push({
      id: 'noReasonCodes',
      field: 'payload',
      ...(owner === 'unsuback' && { rule: FIELDS[field].rule }),
    });
  codes.forEach((code, nth) => {
    const isKnown = version === 5 ? reasonName(owner, code) !== undefined : code <= 2 || code === FAILURE;
    if (!isKnown) found.push(unknownReason(owner, code, field, nth));
  });
}

function checkProperties(properties: Properties | undefined, owner: PropertyOwner, found: Finding[]): void {
  if (properties === undefined) return;
  for (const key of Object.keys(properties) as PropertyKey[]) {
    const { name, type, repeats, notZero, owners } = propertyRow(key);
    const value = properties[key];
    const values = (repeats ? value : [value]) as readonly unknown[];
    const report = (id: FaultId, nth: number): void => {
      const packet = owner === 'will' ? 'a will' : packetName(owner);
      found.push({
        id,
        field: 'property',
        property: { key, owner },
        nth,
        values: { property: name, packet, value: String(values[nth]) },
      });
    };
    if (!owners.includes(owner)) report('propertyMisplaced', 0);
    values.forEach((one, nth) => {
      if (type === 'flag' && (one as number) > 1) report('propertyNotFlag', nth);
      if (notZero && one === 0) report(key === 'topicAlias' ? 'topicAliasZero' : 'propertyZero', nth); // v5 [MQTT-3.3.2-8]
    });
  }
  checkAuthentication(properties, owner, found);
}

function checkAuthentication(
  { authenticationMethod, authenticationData }: Properties,
  owner: PropertyOwner,
  found: Finding[],
): void {
  if (authenticationData === undefined || authenticationMethod !== undefined) return;
  found.push({
    id: 'authenticationDataAlone',
    field: 'property',
    property: { key: 'authenticationData', owner },
  });
}
