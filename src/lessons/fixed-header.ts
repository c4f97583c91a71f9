// Lesson 4 as data: what every first byte means, what the prediction sends, what the goal compares, and the exercise. Every
// meaning is the decoder's, of the shortest packet that begins with the byte; no words are here.
import {
  decode,
  dissect,
  encode,
  type Fault,
  PACKET_TYPES,
  type Packet,
  type PacketType,
  type Publish,
  type QoS,
  type Span,
  utf8,
  type Version,
  World,
} from '../../broker/index.ts';
import { type Answer, exchange } from './exchange.ts';
import { samples } from './packet-parts.ts';

/** The byte that the figure opens with. */
export const OPENS = 0x32;

const CLIENT = 'p1';
const TOPIC = 'Room1/Light';

/** `malformed`: a receiver reads no further. `forbidden`: it can be read, and may not be sent. */
export type Standing = 'allowed' | 'forbidden' | 'malformed';

/** What a first byte means. */
export interface FirstByte {
  byte: number;
  /** The shortest packet that begins with it. */
  frame: Uint8Array;
  /** Undefined where the version has no packet of this type. */
  type: PacketType | undefined;
  /** The groups of bits with a name, from the highest on. */
  bits: Span[];
  standing: Standing;
  fault: Fault | undefined;
}

/** Reads the shortest packet that begins with a byte. */
export function firstByte(byte: number, version: Version): FirstByte {
  const frame = packetOf(byte, version);
  const { spans, packet, fault } = dissect(frame, version);
  const standing = fault === undefined ? 'allowed' : packet === undefined ? 'malformed' : 'forbidden';
  const bits = spans.filter(({ start, bits }) => start === 0 && bits !== undefined);
  return { byte, frame, type: typeOf(byte, version), bits, standing, fault };
}

/** All 256, in their order. */
export function firstBytes(version: Version): FirstByte[] {
  return Array.from({ length: 256 }, (_, byte) => firstByte(byte, version));
}

/** The packet type that the upper four bits name; AUTH is new in 5.0. */
function typeOf(byte: number, version: Version): PacketType | undefined {
  const type = PACKET_TYPES[(byte >> 4) - 1]?.type;
  return type === 'auth' && version !== 5 ? undefined : type;
}

/** The shortest packet of the type that a byte names, with this byte in front. */
function packetOf(byte: number, version: Version): Uint8Array {
  const type = typeOf(byte, version);
  if (type === undefined) return Uint8Array.of(byte, 0);
  const packet =
    type === 'publish' ? shortestPublish(byte) : samples(version).find((each) => each.type === type);
  return packet === undefined ? Uint8Array.of(byte, 0) : encode(packet, version).with(0, byte);
}

function shortestPublish(byte: number): Publish {
  const qos = qosOf(byte);
  const id = qos === 0 ? {} : { packetId: 1 };
  return { type: 'publish', dup: false, qos, retain: false, topic: 'a', payload: new Uint8Array(), ...id };
}

/** The QoS bits; 3 is none, and is read no further. */
function qosOf(byte: number): QoS {
  const qos = (byte >> 1) & 0b11;
  return qos === 1 || qos === 2 ? qos : 0;
}

/** The first byte of a packet type by its value, with the flags that it has to have. */
export function firstByteOfType(value: number): number {
  return (value << 4) | (PACKET_TYPES[value - 1]?.flags ?? 0);
}

/** The first byte of the SUBSCRIBE in the prediction: one bit is not what it has to be. */
const WRONG = 0x80;

/** Sends a SUBSCRIBE with another first byte to the broker in the page, and keeps what comes back. */
export function answerTo(byte: number, version: Version): Answer {
  const subscription = {
    topicFilter: TOPIC,
    qos: 0,
    noLocal: false,
    retainAsPublished: false,
    retainHandling: 0,
  } as const;
  const connect = encode(
    { type: 'connect', version, cleanStart: true, keepAlive: 60, clientId: CLIENT },
    version,
  );
  const subscribe = encode({ type: 'subscribe', packetId: 1, subscriptions: [subscription] }, version);
  return exchange([connect, subscribe.with(0, byte)], version);
}

/** What may come of the prediction; the options, in their order. */
export const OUTCOMES = ['subscribed', 'refused', 'closed'] as const;

/** Runs the prediction in both versions, and tells which of the options it shows to be so. */
export function predicted(): { answers: Answer[]; outcome: number } {
  const answers = ([4, 5] as const).map((version) => answerTo(WRONG, version));
  const [outcome = -1] = answers.map((answer) => OUTCOMES.indexOf(outcomeOf(answer)));
  return { answers, outcome };
}

/** What became of a SUBSCRIBE. */
export function outcomeOf({ version, packets, isClosed }: Answer): (typeof OUTCOMES)[number] {
  if (isClosed) return 'closed';
  const last = packets.filter(({ from }) => from === 'broker').at(-1);
  const packet = last && decode(last.frame, version);
  return packet?.type === 'suback' && packet.reasonCodes.every((code) => code < 0x80)
    ? 'subscribed'
    : 'refused';
}

/** Where the goal begins. */
export const GOAL_START = 0x82;

/** The PUBLISH of the goal: what the client in the page sends again after `-q 2 -r`, a lost PUBREC and a reconnect. */
export function resent(): Uint8Array {
  const world = new World({ version: 4, clients: [{ name: CLIENT, cleanStart: false }] });
  const settle = (): void => {
    for (let flight = world.next(); flight; flight = world.next())
      world.apply({ do: 'deliver', flight: flight.number });
  };
  world.apply({ do: 'connect', client: CLIENT });
  settle();
  world.apply({ do: 'publish', client: CLIENT, topic: TOPIC, payload: 'Turn On', qos: 2, retain: true });
  world.apply({ do: 'cut', client: CLIENT });
  world.apply({ do: 'connect', client: CLIENT });
  settle();
  const published = world.flights.filter(({ from, frame }) => from === CLIENT && (frame[0] ?? 0) >> 4 === 3);
  const last = published.at(-1);
  if (last === undefined) throw new Error('the client sent nothing');
  return last.frame;
}

/** What is compared of a first byte, in this order. */
export const COMPARED = ['packetType', 'dup', 'qos', 'retain'] as const;

/** One group of bits of two first bytes. */
export interface Comparison {
  what: (typeof COMPARED)[number];
  met: boolean;
  wanted: string;
  /** Undefined where the byte has no such bits. */
  found: string | undefined;
}

/** Compares the groups of bits of a byte with those of the one that is wanted, as the decoder reads both. */
export function compare(byte: number, wanted: number, version: Version = 4): Comparison[] {
  const [is, asked] = [byte, wanted].map((each) => firstByte(each, version).bits);
  return COMPARED.flatMap((what) => {
    const [found, value] = [is, asked].map((bits) => textOf(bits?.find(({ field }) => field === what)));
    return value === undefined ? [] : [{ what, met: found === value, wanted: value, found }];
  });
}

/** The name of a type, or the value of flags; a type that is reserved has no name. */
function textOf(span: Span | undefined): string | undefined {
  return span?.field === 'packetType' ? span.meaning : span?.value?.toString();
}

/** A packet whose first byte is blank. */
export interface Task {
  packet: Packet;
  frame: Uint8Array;
}

/** The types that the exercise asks for beside PUBLISH. */
const OTHERS = [
  'pubrel',
  'subscribe',
  'unsubscribe',
  'puback',
  'pingreq',
  'disconnect',
  'suback',
  'connack',
] as const;

/** Makes the exercise from a source of chance: three packets of 3.1.1, one of them a PUBLISH, one a type with its own flags. */
export function exercise(next: () => number): Task[] {
  const one = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(next() * items.length)];
  const qos = one([0, 1, 2] as const) ?? 0;
  const publish: Publish = {
    type: 'publish',
    dup: qos > 0 && next() < 0.5,
    qos,
    retain: next() < 0.5,
    topic: one(['door', 'hall/up', 'roof']) ?? 'door',
    payload: utf8(one(['on', 'off', '17']) ?? 'on'),
    ...(qos > 0 && { packetId: 1 + Math.floor(next() * 99) }),
  };
  const odd = one(OTHERS.slice(0, 3));
  const plain = one(OTHERS.slice(3));
  const packets = [odd, plain]
    .map((type) => samples(4).find((each) => each.type === type))
    .filter((each) => each !== undefined);
  packets.splice(Math.floor(next() * 3), 0, publish);
  return packets.map((packet) => ({ packet, frame: Uint8Array.from(encode(packet, 4)) }));
}

/** What became of an exercise; `index` is the packet that it is about. */
export type Mark =
  | { is: 'right' }
  | { is: 'blank'; index: number }
  | { is: 'fault'; index: number; message: string }
  | { is: 'different'; index: number; comparison: Comparison };

/** Marks an exercise, with what was typed for the first byte of each packet: the decoder reads the packets with it. */
export function mark(tasks: readonly Task[], typed: readonly string[]): Mark {
  for (const [index, { frame }] of tasks.entries()) {
    const text = typed[index] ?? '';
    if (!/^[0-9A-F]{2}$/i.test(text)) return { is: 'blank', index };
    const byte = Number.parseInt(text, 16);
    const comparison = compare(byte, frame[0] ?? 0).find(({ met }) => !met);
    if (comparison?.what === 'packetType') return { is: 'different', index, comparison };
    const { fault } = dissect(frame.with(0, byte), 4);
    if (fault) return { is: 'fault', index, message: fault.message };
    if (comparison) return { is: 'different', index, comparison };
  }
  return { is: 'right' };
}
