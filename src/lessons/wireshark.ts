// Lesson 7 as data: the captures and filters of its figures, what its goal compares, captures with one fault in them, and real
// packets with bytes blanked out. Every fault is planted in what a simulated broker saw, and found again by the reader of
// captures; no answer is known by heart, and no words are here.
import {
  type CaptureContents,
  type Connect,
  decode,
  dissect,
  encapsulate,
  encode,
  type FindingId,
  type Part,
  readCapture,
  type TraceEvent,
  utf8,
  type Version,
  World,
  wiresharkFields,
} from '../../broker/index.ts';
import { readFilled, type Unread } from './blanks.ts';
import { pick, random, type Seed, shuffle } from './chance.ts';

/** The capture of the figure and of the prediction, with a packet of each to begin with. */
export const FIGURE = { example: 'v311-pubsub-qos2.pcapng', frame: 18 } as const;
export const PREDICTION = { example: FIGURE.example, filter: 'mqtt.qos == 2' } as const;

/** How many packets the prediction's filter may let through; its options. */
export const COUNTS: readonly number[] = [2, 8, 12, 16];

// The goal

/** A retained message: published, given to a subscriber who came late, removed. */
export const GOAL = {
  example: 'v311-retain.pcapng',
  solution: 'mqtt.msgtype == 3 && mqtt.retain == 1 && tcp.srcport == 23883',
} as const;

/** What the goal looks at in a packet of the list. */
export interface Listed {
  number: number;
  type: string | undefined;
  isUp: boolean;
  isRetained: boolean;
}

/** What is compared, in this order. */
export const COMPARED = ['publish', 'retain', 'down', 'all'] as const;

export interface Comparison {
  what: (typeof COMPARED)[number];
  met: boolean;
  /** How many packets are in the way, or missing. */
  count: number;
}

function isWanted({ type, isUp, isRetained }: Listed): boolean {
  return type === 'publish' && !isUp && isRetained;
}

/** Compares what a filter lets through with what is wanted: all retained messages that the broker handed out, and nothing else. */
export function compare(all: readonly Listed[], shown: readonly Listed[]): Comparison[] {
  const passed = new Set(shown.map(({ number }) => number));
  const counts: Record<Comparison['what'], number> = {
    publish: shown.filter(({ type }) => type !== 'publish').length,
    retain: shown.filter((one) => one.type === 'publish' && !one.isRetained).length,
    down: shown.filter((one) => one.type === 'publish' && one.isUp).length,
    all: all.filter((one) => isWanted(one) && !passed.has(one.number)).length,
  };
  return COMPARED.map((what) => ({ what, met: counts[what] === 0, count: counts[what] }));
}

// A capture with one fault

/** The faults that are planted, and what the reader of captures says of each at the packet that is to be found. */
export const PLANTED = {
  unacknowledged: 'publishUnacknowledged',
  wrongId: 'answersNothing',
  unanswered: 'subscribeUnanswered',
  keepAlive: 'keepAliveExceeded',
  password: 'passwordInClear',
  inUse: 'packetIdInUse',
  secondConnect: 'secondConnect',
} as const satisfies Record<string, FindingId>;

export type Fault = keyof typeof PLANTED;

export const FAULTS = Object.keys(PLANTED) as Fault[];

export interface Faulty {
  fault: Fault;
  /** A pcapng file. */
  file: Uint8Array;
}

type Traffic = Extract<TraceEvent, { kind: 'received' | 'sent' }>;

const TOPICS = ['hall/door', 'Room1/Light', 'roof/wind', 'car/3/fuel', 'well/level'] as const;
const PAYLOADS = ['open', 'On', '17.5', 'Turn Off', 'low', '3'] as const;

/** Who takes part, with how often each has to be heard, in seconds. */
const KEEP_ALIVE = { sensor: 20, display: 600 } as const;

/** In milliseconds: long enough for one of them, and not for the other. */
const SILENCE = 47_000;

/** When the exercise's capture began. */
const STARTED = Date.UTC(2026, 0, 15, 8);

/** Makes a capture with a fault in it: the same seed makes the same. */
export function faulty(seed: Seed): Faulty {
  const next = random(seed);
  const fault = pick(next, FAULTS as [Fault, ...Fault[]]);
  const trace = traffic(next).filter(({ by }) => by === 'broker');
  return { fault, file: encapsulate(plant(fault, trace, next), { startedAt: STARTED }) };
}

/** An ordinary quarter of a minute: a display subscribes, a sensor publishes, both say goodbye. */
function traffic(next: () => number): readonly TraceEvent[] {
  const world = new World({
    version: pick(next, [4, 4, 5] as const),
    clients: Object.entries(KEEP_ALIVE).map(([name, keepAlive]) => ({ name, keepAlive })),
  });
  const settle = (): void => {
    for (let flight = world.next(); flight !== undefined; flight = world.next()) {
      world.apply({ do: 'wait', time: 1 + Math.floor(next() * 4) });
      world.apply({ do: 'deliver', flight: flight.number });
    }
    world.apply({ do: 'wait', time: 200 + Math.floor(next() * 1000) });
  };
  const client = 'sensor';
  for (const name of ['display', 'sensor']) {
    world.apply({ do: 'connect', client: name });
    settle();
  }
  world.apply({ do: 'subscribe', client: 'display', topicFilter: '#', qos: 1 });
  settle();
  const count = 3 + Math.floor(next() * 3);
  for (let index = 0; index < count; index++) {
    const qos = index === 1 ? 1 : pick(next, [0, 1, 1, 2] as const);
    world.apply({ do: 'publish', client, topic: pick(next, TOPICS), payload: pick(next, PAYLOADS), qos });
    settle();
  }
  for (const name of ['sensor', 'display']) {
    world.apply({ do: 'disconnect', client: name });
    settle();
  }
  return world.trace;
}

const UNNAMED = 0xfff0;

/** Puts a fault into what a broker saw. */
function plant(fault: Fault, trace: readonly TraceEvent[], next: () => number): TraceEvent[] {
  const packets = trace.filter(
    (event): event is Traffic => event.kind === 'received' || event.kind === 'sent',
  );
  const ofType = (type: string) =>
    packets.filter((event) => decode(event.frame, event.version).type === type);
  const one = (from: readonly Traffic[]): Traffic => pick(next, from as [Traffic, ...Traffic[]]);
  const replaced = (old: Traffic, ...by: TraceEvent[]) =>
    trace.flatMap((event) => (event === old ? by : [event]));
  switch (fault) {
    case 'unacknowledged':
      return replaced(one(ofType('puback').filter(({ kind }) => kind === 'sent')));
    case 'unanswered':
      return replaced(one(ofType('suback')));
    case 'wrongId': {
      const ack = one(ofType('puback').filter(({ kind }) => kind === 'sent'));
      const frame = ack.frame.slice();
      frame.set([UNNAMED >> 8, UNNAMED & 0xff], 2);
      return replaced(ack, { ...ack, frame });
    }
    case 'inUse': {
      const publish = one(ofType('publish').filter(({ frame }) => ((frame[0] as number) & 0b110) === 0b010));
      return replaced(publish, publish, { ...publish, at: publish.at + 1 });
    }
    case 'secondConnect': {
      const connect = one(ofType('connect'));
      const later = one(
        ofType('publish')
          .filter(({ connection, kind }) => connection === connect.connection && kind === 'received')
          .concat(ofType('subscribe').filter(({ connection }) => connection === connect.connection)),
      );
      return replaced(later, later, { ...connect, at: later.at + 1 });
    }
    case 'password': {
      const connect = one(ofType('connect'));
      const read = decode(connect.frame, connect.version) as Connect;
      const named = { ...read, username: read.clientId, password: utf8('s3cret') };
      return replaced(connect, { ...connect, frame: encode(named, connect.version) });
    }
    case 'keepAlive': {
      const late = one(ofType('publish').filter(({ kind }) => kind === 'received'));
      return trace.map((event) => (event.at < late.at ? event : { ...event, at: event.at + SILENCE }));
    }
    default:
      return fault satisfies never;
  }
}

/** Reads a capture of the exercise. */
export function readFaulty({ file }: Faulty): Promise<CaptureContents> {
  return readCapture(() => [file]);
}

/** What became of a try. */
export type Verdict = 'right' | 'place' | 'fault' | 'both';

/** Marks a try by what is found in the capture at the chosen packet. */
export function markFound(
  contents: CaptureContents,
  { fault }: Faulty,
  packet: number,
  chosen: Fault,
): Verdict {
  const isThere = contents.findings.some((found) => found.packet === packet && found.id === PLANTED[fault]);
  if (chosen === fault) return isThere ? 'right' : 'place';
  return isThere ? 'fault' : 'both';
}

/** The packet at which the fault shows. */
export function placeOf(contents: CaptureContents, { fault }: Faulty): number {
  const found = contents.findings.find(({ id, packet }) => id === PLANTED[fault] && packet !== undefined);
  if (found?.packet === undefined) throw new Error(`${fault} does not show`);
  return found.packet;
}

// A real packet with bytes blanked out

/** A packet of a capture, as it can be written into a page. */
export interface Real {
  hex: string;
  version: Version;
}

export interface Blanked {
  bytes: Uint8Array;
  version: Version;
  /** The part of each byte. */
  parts: Part[];
  /** The places of the blank bytes, in order. */
  blanks: number[];
  /** What Wireshark shows of the packet. */
  fields: { filter: string; value: string }[];
}

const BLANKS = 4;

/** Packets that are long enough to have something blanked out, and short enough to be read. */
export const LENGTHS = { least: 8, most: 48 } as const;

/** Makes an exercise of one of the packets: the same seed makes the same. */
export function blanked(seed: Seed, real: readonly Real[]): Blanked {
  const next = random(seed);
  const { hex, version } = pick(next, real as [Real, ...Real[]]);
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const { spans } = dissect(bytes, version);
  const named = spans.filter(({ filter, start, end }) => filter !== undefined && end > start);
  const places = new Set(named.flatMap(({ start, end }) => (end - start > 2 ? [start] : [start, end - 1])));
  const blanks = shuffle(next, [...places]).slice(0, BLANKS);
  const groups = spans.filter(({ depth }) => depth === 0);
  return {
    bytes,
    version,
    parts: Array.from(
      bytes,
      (_, at) => groups.find(({ start, end }) => start <= at && at < end)?.part ?? 'payload',
    ),
    blanks: blanks.sort((a, b) => a - b),
    fields: wiresharkFields(spans).filter(({ value }) => value !== ''),
  };
}

/** What became of the blanks. */
export type BlankMark =
  | { is: 'right' }
  | Unread
  /** A field that Wireshark would show otherwise. */
  | { is: 'different'; filter: string; found: string; wanted: string };

/** Marks what was typed into the blank bytes: taken apart, the packet has to show the fields that Wireshark saw. */
export function markBlanks(
  { bytes, version, blanks, fields }: Blanked,
  typed: ReadonlyMap<number, string>,
): BlankMark {
  const filled = readFilled({ bytes, blanks }, version, typed);
  if (filled.is !== 'read') return filled;
  const shown = wiresharkFields(filled.spans).filter(({ value }) => value !== '');
  const at = fields.findIndex(
    (field, index) => field.filter !== shown[index]?.filter || field.value !== shown[index]?.value,
  );
  const wanted = fields[at];
  if (wanted === undefined) return { is: 'right' };
  const found = shown.find(({ filter }) => filter === wanted.filter)?.value ?? '';
  return { is: 'different', filter: wanted.filter, found, wanted: wanted.value };
}
