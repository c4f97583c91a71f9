// Lesson 6 as data: the packet of its figure, what its prediction runs, what its goal compares, and its exercise. Every
// packet here was made by the client or the encoder, and is judged by the decoder; nothing here knows an answer by heart,
// and no words are here.
import {
  dissect,
  encode,
  type Part,
  type QoS,
  type Span,
  utf8,
  type Version,
  World,
} from '../../broker/index.ts';
import { readFilled, type Unread } from './blanks.ts';
import { pick, random, type Seed, shuffle } from './chance.ts';

/** What is published in the figure, with `mosquitto_pub -t Room1/Light -m "Turn On" -i p1`. */
export const CLIENT = 'p1';
const TOPIC = 'Room1/Light';
const PAYLOAD = 'Turn On';

/** The PUBLISH that a client sends to the broker in this page. */
export function publication(version: Version, qos: QoS): Uint8Array {
  const world = new World({ version, clients: [{ name: CLIENT }] }, [{ do: 'connect', client: CLIENT }]);
  for (let flight = world.next(); flight; flight = world.next())
    world.apply({ do: 'deliver', flight: flight.number });
  world.apply({ do: 'publish', client: CLIENT, topic: TOPIC, payload: PAYLOAD, qos });
  const flight = world.next();
  if (flight === undefined) throw new Error('the client sent nothing');
  return flight.frame;
}

/** By how many bytes the PUBLISH may grow with QoS 1; the options of the prediction. */
export const GROWTH: readonly number[] = [0, 1, 2, 4];

/** Runs the prediction: the packet at QoS 1, and which of the options it shows to be so. */
export function grown(): { frame: Uint8Array; outcome: number } {
  const frame = publication(4, 1);
  const growth = frame.length - publication(4, 0).length;
  return { frame, outcome: GROWTH.indexOf(growth) };
}

/** What a goal or an exercise asks of a packet. */
export interface Asked {
  version: Version;
  qos: QoS;
  retain: boolean;
  topic: string;
  payload: string;
  packetId: number | undefined;
}

/** The goal: what `mosquitto_pub -t hall/door -m open -q 1 -r` sends first. */
export const GOAL: Asked = {
  version: 4,
  qos: 1,
  retain: true,
  topic: 'hall/door',
  payload: 'open',
  packetId: 1,
};

/** Where the goal begins: the shortest thing that calls itself a PUBLISH. */
export const GOAL_START: Uint8Array = Uint8Array.of(0x30, 0x00);

/** The packet that is asked for. */
export function solution({ version, qos, retain, topic, payload, packetId }: Asked): Uint8Array {
  return encode(
    { type: 'publish', dup: false, qos, retain, topic, packetId, payload: utf8(payload) },
    version,
  );
}

/** What is compared, in this order. */
export const COMPARED = ['whole', 'dup', 'qos', 'retain', 'topic', 'packetId', 'payload'] as const;

/** One thing that was compared: whether it is as asked, and what was found, as far as it was understood. */
export interface Comparison {
  what: (typeof COMPARED)[number];
  met: boolean;
  found: string | undefined;
}

/** Compares a packet with what is asked, field by field, as the decoder reads it. */
export function compare(bytes: Uint8Array, asked: Asked): Comparison[] {
  const { packet, spans, fault } = dissect(bytes, asked.version);
  const publish = packet?.type === 'publish' ? packet : undefined;
  const isPublish = bytes[0] !== undefined && bytes[0] >> 4 === 3;
  const found = (field: Span['field']): string | undefined => {
    const value = isPublish ? spans.find((span) => span.field === field)?.value : undefined;
    return value instanceof Uint8Array ? new TextDecoder().decode(value) : value?.toString();
  };
  const is = (
    what: Comparison['what'],
    wanted: string | undefined,
    value: string | undefined,
  ): Comparison => {
    return { what, met: value !== undefined && value === wanted, found: value };
  };
  return [
    { what: 'whole', met: publish !== undefined && fault === undefined, found: fault?.message },
    is('dup', '0', found('dup')),
    is('qos', String(asked.qos), found('qos')),
    is('retain', asked.retain ? '1' : '0', found('retain')),
    is('topic', asked.topic, found('topic')),
    asked.packetId === undefined
      ? {
          what: 'packetId',
          met: publish !== undefined && publish.packetId === undefined,
          found: found('packetId'),
        }
      : is('packetId', String(asked.packetId), found('packetId')),
    is('payload', asked.payload, found('message')),
  ];
}

/** A packet with bytes blanked out, and what it is to say. */
export interface Blanked {
  asked: Asked;
  bytes: Uint8Array;
  /** The part of each byte. */
  parts: Part[];
  /** The places of the blank bytes, in order. */
  blanks: number[];
}

const TOPICS = ['hall/up', 'Room1/Light', 'door', 'roof/wind', 'car/3/fuel', 'well/level'] as const;
const PAYLOADS = ['open', 'On', '17.5', 'Turn Off', 'low', '3'] as const;
const IDENTIFIERS = 300;
const BLANKS = 4;

/** Makes an exercise: the same seed makes the same. */
export function exercise(seed: Seed): Blanked {
  const next = random(seed);
  const qos = pick(next, [0, 1, 1, 2] as const);
  const asked: Asked = {
    version: pick(next, [4, 4, 5] as const),
    qos,
    retain: next() < 0.3,
    topic: pick(next, TOPICS),
    payload: pick(next, PAYLOADS),
    packetId: qos === 0 ? undefined : 1 + Math.floor(next() * IDENTIFIERS),
  };
  const bytes = solution(asked);
  const { spans } = dissect(bytes, asked.version);
  const blanks = shuffle(next, telling(spans))
    .slice(0, BLANKS)
    .sort((a, b) => a - b);
  return { asked, bytes, parts: partsOf(spans, bytes.length), blanks };
}

/** The bytes that one has to think about: what the first byte says, all lengths, the identifier, and where a text begins. */
function telling(spans: readonly Span[]): number[] {
  const places = spans.flatMap(({ field, start, end }) => {
    switch (field) {
      case 'headerFlags':
      case 'remainingLength':
      case 'propertyLength':
        return [start];
      case 'topicLength':
        return [end - 1];
      case 'packetId':
        return [start, end - 1];
      case 'topic':
      case 'message':
        return [start];
      default:
        return [];
    }
  });
  return [...new Set(places)];
}

function partsOf(spans: readonly Span[], length: number): Part[] {
  const groups = spans.filter(({ depth }) => depth === 0);
  return Array.from(
    { length },
    (_, offset) => groups.find(({ start, end }) => start <= offset && offset < end)?.part ?? 'payload',
  );
}

/** What became of an exercise. */
export type Mark =
  | { is: 'right' }
  | Unread
  /** It says something else than it was to say. */
  | { is: 'different'; comparison: Comparison };

/** Marks an exercise, with what was typed into its blank bytes: the decoder reads it and finds what was asked for, or not. */
export function mark({ asked, bytes, blanks }: Blanked, typed: ReadonlyMap<number, string>): Mark {
  const filled = readFilled({ bytes, blanks }, asked.version, typed);
  if (filled.is !== 'read') return filled;
  const comparison = compare(filled.bytes, asked).find(({ met }) => !met);
  return comparison ? { is: 'different', comparison } : { is: 'right' };
}
