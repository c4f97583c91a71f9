// Lesson 3 as data: a message on its way to the broker, packet by packet and layer by layer, what its prediction runs, what
// its goal counts, and its exercise. Every packet is sent by the client in the page, every frame is made by the engine's
// envelopes; no size here is known by heart, and no words are here.
import {
  dissect,
  type EnvelopeFrame,
  type EnvelopeOptions,
  encode,
  envelope,
  FIELDS,
  LAYER_FIELDS,
  type Layer,
  type LayerField,
  type LayerSpan,
  layerValue,
  type Part,
  type QoS,
  utf8,
  World,
  wiresharkFields,
} from '../../broker/index.ts';
import { pick, random, type Seed } from './chance.ts';

/** The ways that MQTT packets travel, with the ports that are usual for each. */
// biome-ignore format: a table, a row to each line
export const WAYS = {
  tcp:       { options: {},                             ports: [1883] },
  tls:       { options: { tls: true },                  ports: [8883] },
  websocket: { options: { websocket: true },            ports: [9001, 8083] },
  wss:       { options: { tls: true, websocket: true }, ports: [8084] },
} as const satisfies Record<string, { options: EnvelopeOptions; ports: readonly number[] }>;

export type Way = keyof typeof WAYS;

export const WAY_NAMES = Object.keys(WAYS) as [Way, ...Way[]];

/** Who publishes in the figure, and what: the PUBLISH of lesson 6. */
export const CLIENT = 'p1';
const TOPIC = 'Room1/Light';
const PAYLOAD = 'Turn On';

/** The longest message that the figure sends: it fills a few frames. */
export const LONGEST = 4000;

/** What is sent, as far as the figure can change it. */
export interface Message {
  readonly qos: QoS;
  /** Bytes of payload. */
  readonly length: number;
}

/** A message of so many bytes: what the lessons publish, again and again. */
export function payloadOf(length: number): string {
  return `${PAYLOAD}. `.repeat(Math.ceil(length / PAYLOAD.length)).slice(0, length);
}

/** One MQTT packet in its frames. */
export interface Sent {
  readonly packet: Uint8Array;
  readonly from: 'client' | 'broker';
  readonly frames: readonly EnvelopeFrame[];
  readonly sizes: readonly { readonly layer: Layer | 'mqtt'; readonly bytes: number }[];
  readonly total: number;
}

/** The MQTT packets between publisher and broker that one message takes, as the client and the broker in the page send them. */
function exchange({ qos, length }: Message): { packet: Uint8Array; from: 'client' | 'broker' }[] {
  const world = new World({ version: 4, clients: [{ name: CLIENT }] }, [{ do: 'connect', client: CLIENT }]);
  const settle = (): void => {
    for (let flight = world.next(); flight; flight = world.next())
      world.apply({ do: 'deliver', flight: flight.number });
  };
  settle();
  const before = world.flights.length;
  world.apply({ do: 'publish', client: CLIENT, topic: TOPIC, payload: payloadOf(length), qos });
  settle();
  return world.flights
    .slice(before)
    .map(({ frame, from }) => ({ packet: frame, from: from === CLIENT ? 'client' : 'broker' }));
}

/** The same packets as they travel on one of the ways. */
export function travel(message: Message, way: Way): Sent[] {
  return exchange(message).map(({ packet, from }) => {
    const { frames, sizes, total } = envelope(packet, {
      ...WAYS[way].options,
      from,
      port: WAYS[way].ports[0],
    });
    return { packet, from, frames, sizes, total };
  });
}

/** Bytes by layer and, of the MQTT packets, by part, in all frames of a message together; and how many are its payload. */
export interface Share {
  readonly way: Way;
  readonly pieces: readonly { readonly of: Layer | Part; readonly bytes: number }[];
  readonly total: number;
  readonly yours: number;
}

/** How what travels is shared out, from the wire up. */
export function share(message: Message, way: Way): Share {
  const counts = new Map<Layer | Part, number>();
  const add = (of: Layer | Part, bytes: number) => counts.set(of, (counts.get(of) ?? 0) + bytes);
  const packets = travel(message, way);
  for (const { sizes } of packets)
    for (const { layer, bytes } of sizes) if (layer !== 'mqtt') add(layer, bytes);
  for (const { packet } of packets)
    for (const { part, start, end } of groupsOf(packet)) add(part, end - start);
  return {
    way,
    pieces: Array.from(counts, ([of, bytes]) => ({ of, bytes })),
    total: packets.reduce((sum, { total }) => sum + total, 0),
    yours: message.length,
  };
}

/** The parts of a packet. */
function groupsOf(packet: Uint8Array) {
  return dissect(packet, 4).spans.filter(({ depth }) => depth === 0);
}

/** The prediction: how many bytes leave the computer when the message of the figure is sent. */
export const PREDICTED: Message = { qos: 0, length: PAYLOAD.length };
export const GUESSES: readonly number[] = [7, 22, 88, 1500];

/** Runs the prediction: the frame, and which of the guesses it shows to be right. */
export function predicted(): { sent: Sent; outcome: number } {
  const [sent] = travel(PREDICTED, 'tcp');
  if (sent === undefined) throw new Error('the client sent nothing');
  return { sent, outcome: GUESSES.indexOf(sent.total) };
}

/** The goal: over TLS, with QoS 2, and still four bytes of five are the reader's own. */
export const GOAL = { way: 'tls', qos: 2, share: 0.8 } as const;

/** What the goal compares, with what was found. */
export function reached(message: Message, way: Way): { way: boolean; qos: boolean; share: number } {
  const { yours, total } = share(message, way);
  return { way: way === GOAL.way, qos: message.qos === GOAL.qos, share: yours / total };
}

/** A message that reaches the goal: the shortest, in steps of a hundred. */
export function solution(): Message {
  for (let length = 0; length <= LONGEST; length += 100) {
    const message = { qos: GOAL.qos, length };
    if (reached(message, GOAL.way).share >= GOAL.share) return message;
  }
  throw new RangeError('no message of the figure reaches the goal');
}

/** What somebody on the way can read: printable ASCII as it is, a dot for each other byte. */
export function readable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(
    '',
  );
}

/** A PUBLISH whose frame is to be measured. */
export interface Task {
  readonly topic: string;
  readonly payload: string;
  readonly qos: QoS;
  readonly way: Way;
  readonly ipVersion: 4 | 6;
}

/** The three sizes that are asked for. */
export const ASKED = ['mqtt', 'segment', 'frame'] as const;
export type Asked = (typeof ASKED)[number];
export type Answer = Readonly<Record<Asked, number>>;

const TOPICS = ['hall/up', 'Room1/Light', 'door', 'roof/wind', 'car/3/fuel', 'well/level'] as const;
const PAYLOADS = ['open', 'On', '17.5', 'Turn Off', 'low', '{"t":21.5,"h":40}'] as const;

/** Makes an exercise: the same seed makes the same. */
export function exercise(seed: Seed): Task {
  const next = random(seed);
  return {
    topic: pick(next, TOPICS),
    payload: pick(next, PAYLOADS),
    qos: pick(next, [0, 1, 2] as const),
    way: pick(next, WAY_NAMES),
    ipVersion: pick(next, [4, 4, 6] as const),
  };
}

/** Measures what an exercise asks for: bytes of the packet, of what TCP carries, and of the whole frame. */
export function measure({ topic, payload, qos, way, ipVersion }: Task): Answer {
  const packetId = qos === 0 ? undefined : 1;
  const packet = encode(
    { type: 'publish', dup: false, qos, retain: false, topic, packetId, payload: utf8(payload) },
    4,
  );
  const { sizes, total } = envelope(packet, { ...WAYS[way].options, ipVersion });
  const sizeOf = (...layers: (Layer | 'mqtt')[]) =>
    sizes.reduce((sum, { layer, bytes }) => (layers.includes(layer) ? sum + bytes : sum), 0);
  return { mqtt: packet.length, segment: sizeOf('mqtt', 'websocket', 'tls'), frame: total };
}

/** Whose a byte of a frame is. */
export interface Owner {
  readonly layer: Layer | 'mqtt';
  /** Of the MQTT packet, which part. */
  readonly part?: Part;
}

/** The owner of each byte of one frame. */
export function ownersOf({ packet, frames }: Sent, index: number): Owner[] {
  const before = frames.slice(0, index).reduce((sum, frame) => sum + mqttBytes(frame), 0);
  const groups = groupsOf(packet);
  let at = before;
  return (frames[index]?.parts ?? []).flatMap(({ layer, start, end }) =>
    Array.from({ length: end - start }, (): Owner => {
      if (layer !== 'mqtt') return { layer };
      const place = at++;
      const part = groups.find((group) => group.start <= place && place < group.end)?.part;
      return { layer, ...(part && { part }) };
    }),
  );
}

function mqttBytes({ parts }: EnvelopeFrame): number {
  return parts.reduce((sum, { layer, start, end }) => (layer === 'mqtt' ? sum + end - start : sum), 0);
}

/** A field of a frame: of a header around the packet, or of the packet itself. */
export interface Field {
  readonly layer: Layer | 'mqtt';
  readonly name: string;
  /** Wireshark's filter name. */
  readonly filter?: string | undefined;
  readonly value: string;
  /** The bytes in the frame. */
  readonly start: number;
  readonly end: number;
}

/** One layer of a frame with its fields, from the wire up. */
export interface Header {
  readonly layer: Layer | 'mqtt';
  readonly bytes: number;
  readonly fields: readonly Field[];
}

/** The layers of one frame. The packet's own fields are told where the frame has the whole of it. */
export function headersOf(sent: Sent, index: number): Header[] {
  const frame = sent.frames[index];
  if (frame === undefined) return [];
  const sizes = new Map<Layer | 'mqtt', number>();
  for (const { layer, start, end } of frame.parts) sizes.set(layer, (sizes.get(layer) ?? 0) + end - start);
  const fields = [...layerFields(frame), ...(sent.frames.length === 1 ? mqttFields(sent, frame) : [])];
  return Array.from(sizes, ([layer, bytes]) => ({
    layer,
    bytes,
    fields: fields.filter((field) => field.layer === layer),
  }));
}

/** Neither single bits, nor what a layer carries: that has its own fields. */
function layerFields({ spans, parts }: EnvelopeFrame): Field[] {
  const isOwn = ({ layer, start, end }: LayerSpan) =>
    parts.some((part) => part.layer === layer && part.start <= start && end <= part.end);
  return spans
    .filter((span) => span.depth === 1 && isOwn(span))
    .map((span) => {
      const { name, filter }: LayerField = LAYER_FIELDS[span.field];
      return { layer: span.layer, name, filter, value: layerValue(span), start: span.start, end: span.end };
    });
}

function mqttFields({ packet }: Sent, { parts }: EnvelopeFrame): Field[] {
  const base = parts.find(({ layer }) => layer === 'mqtt')?.start ?? 0;
  return dissect(packet, 4)
    .spans.filter(({ depth }) => depth === 1)
    .map((span) => {
      const [shown] = wiresharkFields([span]);
      const value = span.value instanceof Uint8Array ? readable(span.value) : String(span.value ?? '');
      return {
        layer: 'mqtt',
        name: FIELDS[span.field].name,
        filter: shown?.filter,
        value,
        start: base + span.start,
        end: base + span.end,
      };
    });
}
