// Lesson 11 as data: the stories of its figures, the CONNECT that carries a will and one that contradicts itself, the ways in
// which a connection ends, the goal, and the exercise. Everything is read from worlds and brokers that ran; nothing here knows an answer by heart, and no
// words are here.
import {
  Broker,
  type Connect,
  decode,
  encode,
  type Input,
  type Setup,
  type TraceEvent,
  utf8,
  type Version,
  type Will,
  World,
} from '../../broker/index.ts';
import { pick, random, type Seed } from './chance.ts';
import { type Answer, exchange } from './exchange.ts';
import { type Exhibit, endOf, exactly } from './exhibit.ts';
import { type Run, settled } from './run.ts';
import type { Participant, Scenario, Variant } from './scenario.ts';

/** Seconds. */
export const KEEP_ALIVE = 10;
export const DELAY = 30;
const EXPIRY = 120;
const WATCH = 'watch';

const PARTICIPANTS: readonly Participant[] = [
  { name: 'p1', role: 'publisher' },
  { name: 'phone', role: 'subscriber' },
  { name: 'broker', role: 'broker' },
  { name: WATCH, role: 'subscriber' },
];

function willOf(client: string): Will {
  return { topic: `status/${client}`, payload: utf8('lost'), qos: 1, retain: true };
}

const connects = (...clients: string[]): Input[] => clients.map((client) => ({ do: 'connect', client }));
const watches: Input = { do: 'subscribe', client: WATCH, topicFilter: 'status/+', qos: 0 };
const reports: Input = {
  do: 'publish',
  client: 'p1',
  topic: 'status/p1',
  payload: 'here',
  qos: 0,
  retain: true,
};

/** p1 publishes and the phone subscribes; both have a will, and only p1 has a keep alive. A third client watches. */
function scenarioOf(version: Version, script: readonly Input[]): Scenario {
  const setup: Setup = {
    version,
    clients: [
      { name: 'p1', keepAlive: KEEP_ALIVE, will: willOf('p1') },
      { name: 'phone', keepAlive: 0, will: willOf('phone') },
      { name: WATCH, keepAlive: 0 },
    ],
  };
  const before = settled(setup, [
    ...connects('p1', 'phone', WATCH),
    { do: 'subscribe', client: 'p1', topicFilter: 'orders', qos: 0 },
    { do: 'subscribe', client: 'phone', topicFilter: 'Room1/#', qos: 0 },
    watches,
  ]);
  return { setup, participants: PARTICIPANTS, tells: 'retain', before, opening: [], script };
}

const pulls: Input = { do: 'cut', client: 'p1' };
const leaves: Input = { do: 'disconnect', client: 'phone' };

/** The first figure: one cable is pulled, one client says goodbye. It opens with the will on its way. */
export const variants: readonly Variant[] = ([4, 5] as const).map((version) => ({
  key: String(version),
  scenario: { ...scenarioOf(version, [pulls, reports, leaves]), opening: [pulls] },
}));

export const OPENS = '4';

/** The CONNECT of p1, as it sent it. */
export function connectFrame(version: Version): Uint8Array {
  const { setup, before } = scenarioOf(version, []);
  const [first] = new World(setup, before.slice(0, 1)).flights;
  if (first === undefined) throw new Error('p1 sent nothing');
  return first.frame;
}

/** What the flags of that CONNECT say without the bits about the will: Clean Session 1, and no more. */
const NO_WILL = 0x02;
/** Where the flags stand. */
const FLAGS_AT = 9;

/** What may come of a CONNECT whose flags deny the will that its payload brings; the options, in their order. */
export const DENIED = ['accepted', 'refused', 'silent'] as const;

/** Sends that CONNECT to a broker, in both versions. `outcome` is what 3.1.1 shows to be so. */
export function denied(): { answers: Answer[]; outcome: number } {
  const answers = ([4, 5] as const).map((version) =>
    exchange([connectFrame(version).with(FLAGS_AT, NO_WILL)], version),
  );
  const [outcome = -1] = answers.map((answer) => DENIED.indexOf(endingOf(answer)));
  return { answers, outcome };
}

function endingOf({ packets, isClosed }: Answer): (typeof DENIED)[number] {
  const isAnswered = packets.some(({ from }) => from === 'broker');
  if (isClosed) return isAnswered ? 'refused' : 'silent';
  return 'accepted';
}

/** Two who watch p1 die: the watch has subscribed before, the phone only afterwards. Will Retain is 1, or 0. */
export const lateVariants: readonly Variant[] = ([4, 5] as const).flatMap((version) => [
  { key: `${version}-retained`, story: 'retained', scenario: lateStory(version, true) },
  { key: `${version}-passing`, story: 'passing', scenario: lateStory(version, false) },
]);

export const LATE_OPENS = '4-retained';

function lateStory(version: Version, retain: boolean): Scenario {
  const setup: Setup = {
    version,
    clients: [
      { name: 'p1', keepAlive: 0, will: { ...willOf('p1'), qos: 0, retain } },
      { name: WATCH, keepAlive: 0 },
      { name: 'phone', keepAlive: 0 },
    ],
  };
  const before = settled(setup, [...connects('p1', WATCH, 'phone'), watches]);
  const asks: Input = { do: 'subscribe', client: 'phone', topicFilter: 'status/+', qos: 0 };
  const opening = [...settled(setup, [pulls], before), asks];
  return { setup, participants: PARTICIPANTS, tells: 'retain', before, opening, script: [asks, reports] };
}

/** Time passes in steps of this many milliseconds. */
const STEP = 5000;

/** The prediction: nothing that p1 sends arrives any more, and nobody is told. */
export const prediction: Variant = {
  key: 'silence',
  scenario: {
    ...scenarioOf(4, [
      { do: 'freeze', client: 'p1' },
      { do: 'wait', time: 2 * STEP },
      { do: 'wait', time: STEP },
    ]),
    opening: [{ do: 'freeze', client: 'p1' }],
  },
};

/** After how many seconds the options of the prediction say that the will is published; the last one says never. */
export const AFTER: readonly (number | undefined)[] = [0, KEEP_ALIVE, 1.5 * KEEP_ALIVE, undefined];

/** Which of the options a world shows. */
export function outcomeOf(world: World): number {
  return AFTER.indexOf(publishedAt(world, 'p1'));
}

/** At which second the will of a client was published, if it was. */
function publishedAt({ trace }: World, client: string): number | undefined {
  const found = trace.find((event) => event.clientId === client && isWill(event, 'published'));
  return found && found.at / 1000;
}

function isWill(event: TraceEvent, action: 'published' | 'deleted'): boolean {
  return event.kind === 'will' && event.action === action;
}

/** The goal's figure: all are connected, and time stands still until it is let pass. */
export const goalVariants: readonly [Variant, Variant] = [goalVariant(4), goalVariant(5)];

function goalVariant(version: Version): Variant {
  const offers = [
    { name: 'wait', input: { do: 'wait', time: STEP } },
    {
      name: 'publish',
      input: { do: 'publish', client: 'p1', topic: 'Room1/Light', payload: 'Turn On', qos: 0 },
    },
    { name: 'order', input: { do: 'publish', client: 'phone', topic: 'orders', payload: 'Report', qos: 0 } },
    { name: 'cut', input: pulls },
    { name: 'leave', input: { do: 'disconnect', client: 'p1' } },
    { name: 'leavePhone', input: leaves },
    { name: 'cutPhone', input: { do: 'cut', client: 'phone' } },
  ] as const satisfies Scenario['offers'];
  return { key: String(version), scenario: { ...scenarioOf(version, []), offers } };
}

/** Where the figures show what common mistakes are about. */
export const exhibits = {
  departed: endOf('will', variants, OPENS),
  /** Without Will Retain, the watch has the will, and the phone that came later has nothing. */
  passed: endOf('late', lateVariants, '4-passing'),
  /** Nothing moves on p1's link: at 10 s it sends PINGREQ, at 15 s the broker gives it up. */
  silent: inTime({ do: 'freeze', client: 'p1' }, 'wait', 'wait', 'wait'),
  /** p1 publishes at 5 s: at 10 s no PINGREQ is due. */
  busy: inTime('wait', 'publish', 'wait'),
  /** p1's PINGREQ is held, and p1 receives a message at 10 s: at 15 s the broker gives it up. */
  deaf: inTime('wait', 'wait', 'hold', 'order', 'wait'),
} as const;

/**
 * The goal's figure after these acts: offers by their names, or the newest packet held. All else arrives at once.
 */
function inTime(...acts: readonly ('wait' | 'publish' | 'order' | 'hold' | Input)[]): Exhibit {
  const [{ key, scenario }] = goalVariants;
  const world = new World(scenario.setup, scenario.before);
  for (const [index, act] of acts.entries()) {
    const input = act === 'hold' ? hold(world) : typeof act === 'object' ? act : offered(scenario, act);
    world.apply(input);
    if (act === 'hold' || acts[index + 1] === 'hold') continue;
    for (let flight = world.next(); flight; flight = world.next())
      world.apply({ do: 'deliver', flight: flight.number });
  }
  return exactly('silence', goalVariants, key, world.inputs.slice(scenario.before.length));
}

/** Stops the packet that was sent last. */
function hold({ flights }: World): Input {
  return { do: 'hold', flight: flights.length };
}

function offered({ offers = [] }: Scenario, name: string): Input {
  const offer = offers.find((each) => each.name === name);
  if (!offer) throw new RangeError(`There is no offer ${name}`);
  return offer.input;
}

/** What the goal found. */
export interface Found {
  /** The keep alive of p1 ran out, and its will reached the watch. */
  readonly silent: boolean;
  /** The DISCONNECT of the phone reached the broker, and its will was deleted. */
  readonly deleted: boolean;
  /** The topics of what the watch received. */
  readonly received: readonly string[];
  /** What keeps it from being met, if there is something to say. */
  readonly obstacle: 'cut' | 'left' | 'phoneCut' | 'answered' | 'onItsWay' | 'waiting' | undefined;
}

/** Silence publishes one will, politeness deletes the other one. */
export function judge(world: World): Found {
  const { trace, inputs, now } = world;
  const ranOut = trace.some((event) => event.kind === 'silent' && event.clientId === 'p1');
  const received = (world.snapshot().clients[WATCH]?.received ?? []).map(({ topic }) => topic);
  const did = (kind: 'cut' | 'disconnect', client: string) =>
    inputs.some((input) => input.do === kind && input.client === client);
  const found = {
    silent: ranOut && received.includes('status/p1'),
    deleted: trace.some((event) => event.clientId === 'phone' && isWill(event, 'deleted')),
    received,
  };
  const obstacle = ((): Found['obstacle'] => {
    if (did('cut', 'phone')) return 'phoneCut';
    if (did('cut', 'p1')) return 'cut';
    if (did('disconnect', 'p1')) return 'left';
    if (ranOut) return found.silent ? undefined : 'onItsWay';
    const pings = world.flights.filter((flight) => decode(flight.frame, flight.version).type === 'pingreq');
    if (pings.some(({ state }) => state === 'delivered')) return 'answered';
    return now > 0 ? 'waiting' : undefined;
  })();
  return { ...found, obstacle };
}

/** A way to the goal: p1's link stands still for 15 seconds, and the phone says goodbye. */
export function solution(scenario: Scenario): Run {
  const wait: Input = { do: 'wait', time: STEP };
  const inputs = settled(
    scenario.setup,
    [leaves, { do: 'freeze', client: 'p1' }, wait, wait, wait],
    scenario.before,
  );
  return { scenario, inputs, at: 0 };
}

/** MQTT 5: a will that waits. p1 keeps its session, so that the delay counts. */
export const delay: Variant = delayVariant();

function delayVariant(): Variant {
  const will: Will = { ...willOf('p1'), properties: { willDelayInterval: DELAY } };
  const properties = { sessionExpiryInterval: EXPIRY };
  const setup: Setup = {
    version: 5,
    clients: [
      { name: 'p1', keepAlive: 0, cleanStart: false, will, properties },
      { name: WATCH, keepAlive: 0 },
    ],
  };
  const before = settled(setup, [...connects('p1', WATCH), watches]);
  const wait: Input = { do: 'wait', time: 10_000 };
  const scenario: Scenario = {
    setup,
    participants: PARTICIPANTS.filter(({ name }) => name !== 'phone'),
    tells: 'retain',
    before,
    opening: [pulls, wait],
    script: [],
    offers: [
      { name: 'wait', input: wait },
      { name: 'cut', input: pulls },
      { name: 'leave', input: { do: 'disconnect', client: 'p1' } },
      { name: 'leaveWithWill', input: { do: 'disconnect', client: 'p1', reasonCode: 0x04 } },
    ],
  };
  return { key: 'delay', scenario };
}

/** The ways in which a connection ends. */
export const ENDINGS = ['lost', 'silent', 'malformed', 'takenOver', 'goodbye', 'goodbyeWithWill'] as const;
export type Ending = (typeof ENDINGS)[number];

/** Whether the will is published when a connection ends so; a broker is asked. Undefined where the version has no such end. */
export function isPublished(ending: Ending, version: Version): boolean | undefined {
  if (ending === 'goodbyeWithWill' && version !== 5) return undefined;
  const events: TraceEvent[] = [];
  const broker = new Broker({}, { trace: (event) => events.push(event) });
  const link = { backlog: 0, send: () => {}, close: () => {} };
  const will = willOf('p1');
  const connect: Connect = {
    type: 'connect',
    version,
    cleanStart: true,
    keepAlive: KEEP_ALIVE,
    clientId: 'p1',
    will,
  };
  const frame = encode(connect, version);
  const connection = broker.accept(link, 'p1');
  connection.receive(frame);
  switch (ending) {
    case 'lost':
      connection.closed();
      break;
    case 'silent':
      broker.advance(1500 * KEEP_ALIVE);
      break;
    case 'malformed':
      connection.receive(QOS_3);
      break;
    case 'takenOver':
      broker.accept(link, 'p1').receive(frame);
      break;
    case 'goodbye':
      connection.receive(encode({ type: 'disconnect', reasonCode: 0x00 }, version));
      break;
    case 'goodbyeWithWill':
      connection.receive(encode({ type: 'disconnect', reasonCode: 0x04 }, version));
      break;
    default:
      ending satisfies never;
  }
  return events.some((event) => isWill(event, 'published'));
}

/** A PUBLISH whose QoS bits are both set, which no version allows. */
const QOS_3 = Uint8Array.of(0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01);

/** One line of an exercise's story, and the second at which it happens. */
export type Line = { at: number } & (
  | { kind: 'connects'; keepAlive: number; delay: number | undefined; expiry: number | undefined }
  /** A packet of p1 reaches the broker, or one of the broker reaches p1. */
  | { kind: 'publishes' | 'receives' }
  | { kind: 'cut' | 'freezes' | 'leaves' | 'leavesWithWill' | 'returns' }
);

/** An exercise: a story, and when the will is published, if it is. */
export interface Question {
  readonly version: Version;
  readonly lines: readonly Line[];
  /** In seconds from the beginning; undefined if it never is. */
  readonly answer: number | undefined;
}

/** Makes the exercise of a seed. */
export function questionOf(seed: Seed): Question {
  const chance = random(seed);
  const between = (low: number, high: number) => low + Math.floor(chance() * (high - low + 1));
  const version = pick<Version>(chance, [4, 5]);
  const keepAlive = pick(chance, [10, 20, 30, 40]);
  const delay = version === 5 ? pick(chance, [0, 20, 60]) : undefined;
  const expiry = version === 5 ? pick(chance, [0, 30, 3600]) : undefined;
  const publishes = between(1, keepAlive - 4);
  const receives = publishes + between(1, 2);
  const end = receives + 1;
  const kinds = ['cut', 'freezes', 'freezes', 'leaves'] as const;
  const kind = pick<(typeof kinds)[number] | 'leavesWithWill'>(
    chance,
    version === 5 ? [...kinds, 'leavesWithWill', 'cut'] : kinds,
  );
  const returns =
    kind === 'cut' && chance() < 0.5
      ? [{ at: end + pick(chance, [5, 10, 40]), kind: 'returns' as const }]
      : [];
  const lines: Line[] = [
    { at: 0, kind: 'connects', keepAlive, delay, expiry },
    { at: publishes, kind: 'publishes' },
    { at: receives, kind: 'receives' },
    { at: end, kind },
    ...returns,
  ];
  return { version, lines, answer: answerOf(version, lines) };
}

/** Longer than any will of a story waits. */
const LATEST = 240;

/** Lets a world do what a story tells, second by second, and reads off when the will was published. */
function answerOf(version: Version, lines: readonly Line[]): number | undefined {
  const [first] = lines;
  if (first?.kind !== 'connects') throw new Error('a story begins with CONNECT');
  const { keepAlive, delay, expiry } = first;
  const will: Will = {
    ...willOf('p1'),
    ...(delay !== undefined && { properties: { willDelayInterval: delay } }),
  };
  const session =
    expiry === undefined ? {} : { cleanStart: false, properties: { sessionExpiryInterval: expiry } };
  const world = new World({
    version,
    clients: [
      { name: 'p1', keepAlive, will, ...session },
      { name: WATCH, keepAlive: 0 },
    ],
  });
  const act = (input: Input): void => {
    world.apply(input);
    for (let flight = world.next(); flight; flight = world.next())
      world.apply({ do: 'deliver', flight: flight.number });
  };
  act({ do: 'connect', client: WATCH });
  for (let second = 0; second <= LATEST; second++) {
    if (second > 0) act({ do: 'wait', time: 1000 });
    for (const line of lines) if (line.at === second) for (const input of inputsOf(line)) act(input);
  }
  return publishedAt(world, 'p1');
}

function inputsOf({ kind }: Line): Input[] {
  switch (kind) {
    case 'connects':
      return [
        { do: 'connect', client: 'p1' },
        { do: 'subscribe', client: 'p1', topicFilter: 'orders', qos: 0 },
      ];
    case 'publishes':
      return [{ do: 'publish', client: 'p1', topic: 'Room1/Light', payload: 'Turn On', qos: 0 }];
    case 'receives':
      return [{ do: 'publish', client: WATCH, topic: 'orders', payload: 'Report', qos: 0 }];
    case 'cut':
      return [pulls];
    case 'freezes':
      return [{ do: 'freeze', client: 'p1' }];
    case 'leaves':
      return [{ do: 'disconnect', client: 'p1' }];
    case 'leavesWithWill':
      return [{ do: 'disconnect', client: 'p1', reasonCode: 0x04 }];
    case 'returns':
      return [{ do: 'connect', client: 'p1' }];
    default:
      return kind satisfies never;
  }
}

/** What is wrong with an answer: whether it is published, or when. */
export function markOf({ answer }: Question, given: number | undefined): 'whether' | 'when' | undefined {
  if ((given === undefined) !== (answer === undefined)) return 'whether';
  return given === answer ? undefined : 'when';
}
