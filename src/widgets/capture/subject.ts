// What a filter can ask of a captured packet: its fields under Wireshark's names, and what is known of its connection. Knows
// names, kinds and values; knows no filter.
import {
  type CapturedPacket,
  type Conversation,
  type Endpoint,
  wiresharkSpans,
} from '../../../broker/capture/index.ts';
import { FIELDS, type Field, PACKET_TYPES, type Span, shownText } from '../../../broker/codec/index.ts';

/** `none` has no value, and is there or not. */
export type Kind = 'number' | 'text' | 'bytes' | 'none';

export type Value = number | string | Uint8Array;

/** The names of packet types as a filter has them: `publish`. */
export const TYPE_WORDS: readonly string[] = PACKET_TYPES.map(({ type }) => type);

/** One packet, taken apart when it is first asked for a field. */
export interface Subject {
  packet: CapturedPacket;
  conversation: Conversation;
  /** Whether there is something to tell about it. */
  isFound: boolean;
  fields?: ReadonlyMap<string, readonly Value[]>;
}

interface Context {
  kind: Kind;
  values(subject: Subject): readonly Value[];
}

function ends({ packet, conversation }: Subject): [source: Endpoint, destination: Endpoint] {
  const { client, broker } = conversation;
  return packet.direction === 'up' ? [client, broker] : [broker, client];
}

/** The addresses of one version of IP. */
function addresses(subject: Subject, isVersion6: boolean, which: 0 | 1 | undefined): string[] {
  const chosen = which === undefined ? ends(subject) : [ends(subject)[which]];
  return chosen.map(({ address }) => address).filter((address) => address.includes(':') === isVersion6);
}

const there: readonly Value[] = [1];

function onlyIf(is: boolean): readonly Value[] {
  return is ? there : [];
}

/** Protocols, and fields of the layers below MQTT. */
const CONTEXT: Readonly<Record<string, Context>> = {
  mqtt: { kind: 'none', values: () => there },
  tcp: { kind: 'none', values: () => there },
  ip: { kind: 'none', values: (subject) => onlyIf(addresses(subject, false, 0).length > 0) },
  ipv6: { kind: 'none', values: (subject) => onlyIf(addresses(subject, true, 0).length > 0) },
  tls: { kind: 'none', values: ({ conversation }) => onlyIf(conversation.wrappings.includes('tls')) },
  websocket: {
    kind: 'none',
    values: ({ conversation }) => onlyIf(conversation.wrappings.includes('websocket')),
  },
  'frame.number': { kind: 'number', values: ({ packet }) => [packet.frame] },
  'frame.time_relative': { kind: 'number', values: ({ packet }) => [packet.time / 1000] },
  'tcp.stream': { kind: 'number', values: ({ packet }) => [packet.stream] },
  'tcp.port': { kind: 'number', values: (subject) => ends(subject).map(({ port }) => port) },
  'tcp.srcport': { kind: 'number', values: (subject) => [ends(subject)[0].port] },
  'tcp.dstport': { kind: 'number', values: (subject) => [ends(subject)[1].port] },
  'ip.addr': { kind: 'text', values: (subject) => addresses(subject, false, undefined) },
  'ip.src': { kind: 'text', values: (subject) => addresses(subject, false, 0) },
  'ip.dst': { kind: 'text', values: (subject) => addresses(subject, false, 1) },
  'ipv6.addr': { kind: 'text', values: (subject) => addresses(subject, true, undefined) },
  'ipv6.src': { kind: 'text', values: (subject) => addresses(subject, true, 0) },
  'ipv6.dst': { kind: 'text', values: (subject) => addresses(subject, true, 1) },
};

const KINDS = { decimal: 'number', hex: 'number', text: 'text', bytes: 'bytes', group: 'none' } as const;

const OF_MQTT: ReadonlyMap<string, Kind> = kindsOfMqtt();

/** The first field of a name decides its kind, but text goes before bytes: Wireshark shows such bytes as text. */
function kindsOfMqtt(): Map<string, Kind> {
  const kinds = new Map<string, Kind>();
  for (const { filter, format } of Object.values<Field>(FIELDS)) {
    if (filter === undefined || kinds.get(filter) === 'text') continue;
    if (!kinds.has(filter) || format === 'text') kinds.set(filter, KINDS[format]);
  }
  return kinds;
}

/** All names that a filter may use, MQTT's first. */
export const FIELD_NAMES: readonly string[] = [...OF_MQTT.keys(), ...Object.keys(CONTEXT)];

/** What kind of values a field has; undefined for a name that is none. */
export function kindOf(name: string): Kind | undefined {
  return OF_MQTT.get(name) ?? (Object.hasOwn(CONTEXT, name) ? CONTEXT[name]?.kind : undefined);
}

/** All values that a packet has of a field; a field may occur more than once. */
export function valuesOf(subject: Subject, name: string): readonly Value[] {
  const context = Object.hasOwn(CONTEXT, name) ? CONTEXT[name] : undefined;
  if (context !== undefined) return context.values(subject);
  subject.fields ??= fieldsOf(subject.packet);
  return subject.fields.get(name) ?? [];
}

function fieldsOf(packet: CapturedPacket): Map<string, Value[]> {
  const fields = new Map<string, Value[]>();
  for (const span of wiresharkSpans(packet)) {
    if (span.filter === undefined) continue;
    const values = fields.get(span.filter);
    if (values === undefined) fields.set(span.filter, [spanValue(span)]);
    else values.push(spanValue(span));
  }
  return fields;
}

function spanValue({ filter = '', value }: Span): Value {
  if (value === undefined) return 1;
  if (value instanceof Uint8Array && OF_MQTT.get(filter) === 'text') return shownText(value);
  return value;
}
