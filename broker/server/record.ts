// What the state of a broker looks like in a store: records, each a key and bytes. Knows their keys and their form; when one is
// written, and where, is known elsewhere. Times in records are milliseconds since 1970.
//
//   about                            in which form all of this is written
//   message/NUMBER                   a message, once for all who hold it
//   retained/TOPIC                   the number of the topic's retained message
//   session/NUMBER                   whose it is, and the will
//   subscription/SESSION/FILTER      a subscription
//   delivery/SESSION/PLACE           a message that is owed to the client, by its place in the order
//   inbound/SESSION/IDENTIFIER       a QoS 2 message that was accepted from the client and not yet released
//
// A record's bytes are a checksum, the length of its facts, its facts as JSON, and where it has content, that as a PUBLISH.
import {
  decode,
  encode,
  type Properties,
  type Publish,
  type QoS,
  textOf,
  utf8,
  type Version,
} from '../codec/index.ts';
import type { Owed } from '../session/outbound.ts';

/** What records are called; `NUMBER` is written in such a way that their order is that of the numbers. */
export const KEYS = {
  about: () => 'about',
  message: (number: number) => `message/${ordered(number)}`,
  retained: (topic: string) => `retained/${topic}`,
  session: (number: number) => `session/${ordered(number)}`,
  subscription: (session: number, topicFilter: string) => `subscription/${ordered(session)}/${topicFilter}`,
  delivery: (session: number, place: number) => `delivery/${ordered(session)}/${ordered(place)}`,
  inbound: (session: number, packetId: number) => `inbound/${ordered(session)}/${ordered(packetId)}`,
} as const;

/** What records say besides their content, by their kinds. */
export interface Facts {
  about: { format: typeof FORMAT };
  message: {
    topic: string;
    qos: QoS;
    retain: boolean;
    arrivedAt: number;
    /** Seconds; undefined for a message that does not expire. */
    expiryInterval?: number | undefined;
    /** Undefined for what the broker said itself. */
    source?: { clientId: string; username?: string | undefined; access?: string | undefined } | undefined;
  };
  retained: { message: number };
  session: {
    clientId: string;
    version: Version;
    username?: string | undefined;
    /** What the host calls the one who decides what the client may do. */
    access?: string | undefined;
    /** Seconds. */
    expiryInterval: number;
    /** Undefined while the client is connected. */
    leftAt?: number | undefined;
    /** Its properties and its payload are the record's content. */
    will?: { topic: string; qos: QoS; retain: boolean; delay?: number | undefined } | undefined;
  };
  subscription: {
    qos: QoS;
    noLocal: boolean;
    retainAsPublished: boolean;
    retainHandling: 0 | 1 | 2;
    identifier?: number | undefined;
  };
  delivery: {
    message: number;
    qos: QoS;
    retain: boolean;
    identifiers: readonly number[];
    /** Undefined while the message was not sent. */
    owed?: Omit<Owed<unknown>, 'message'> | undefined;
  };
  inbound: Record<string, never>;
}

export type Kind = keyof Facts;

/** What a message or a will carries. */
export interface Content {
  properties?: Properties | undefined;
  payload: Uint8Array;
}

/** The form that is described here. A store in another one is not read. */
export const FORMAT = 'glass-broker 1';

/** A record that is not what was written. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord';
}

/** Where the facts begin: behind the checksum and the length, four bytes each. */
const FACTS = 8;

/** The version in whose form content is written: it has all the properties. */
const FORM: Version = 5;

/** A packet has a topic; content is written under this one. */
const SOME_TOPIC = '.';

export function pack<K extends Kind>(facts: Facts[K], content?: Content): Uint8Array {
  const text = utf8(JSON.stringify(facts));
  const packet =
    content === undefined
      ? new Uint8Array(0)
      : encode({ ...content, type: 'publish', topic: SOME_TOPIC, dup: false, qos: 0, retain: false }, FORM);
  const bytes = new Uint8Array(FACTS + text.length + packet.length);
  bytes.set(text, FACTS);
  bytes.set(packet, FACTS + text.length);
  const view = viewOf(bytes);
  view.setUint32(4, text.length);
  view.setUint32(0, checksum(bytes));
  return bytes;
}

/** @throws DamagedRecord */
export function unpack<K extends Kind>(bytes: Uint8Array): { facts: Facts[K]; content: Content | undefined } {
  if (bytes.length < FACTS || viewOf(bytes).getUint32(0) !== checksum(bytes)) throw new DamagedRecord();
  const end = FACTS + viewOf(bytes).getUint32(4);
  const facts = JSON.parse(textOf(bytes.subarray(FACTS, end)) as string) as Facts[K];
  if (end === bytes.length) return { facts, content: undefined };
  const { properties, payload } = decode(bytes.subarray(end), FORM) as Publish;
  return { facts, content: { properties, payload } };
}

/** The kind of a record, and what follows in its key. @throws DamagedRecord if there is no such kind */
export function parseKey(key: string): { kind: Kind; number: number; rest: string } {
  const [, kind = '', name = '', rest = ''] = /^(\w+)(?:\/([^/]*))?(?:\/(.*))?$/s.exec(key) ?? [];
  if (!Object.hasOwn(KEYS, kind)) throw new DamagedRecord();
  return { kind: kind as Kind, number: parseInt(name, RADIX), rest };
}

/** The number that stands at the end of a key. */
export function parsePlace(rest: string): number {
  return parseInt(rest, RADIX);
}

const RADIX = 36;
const DIGITS = 9;

function ordered(number: number): string {
  return number.toString(RADIX).padStart(DIGITS, '0');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Of all that follows it in a record (FNV-1a, 32 bits). */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let at = 4; at < bytes.length; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
  return hash >>> 0;
}
