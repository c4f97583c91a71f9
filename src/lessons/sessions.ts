// Lesson 9 as data: the stories of its figures, what its predictions and its goal look at, and its exercise. Everything is
// read from worlds that ran; nothing here knows an answer by heart, and no words are here.
import {
  type ClientSetup,
  type Connack,
  type Connect,
  decode,
  type Flight,
  type Input,
  type Packet,
  type QoS,
  type Setup,
  type Version,
  World,
} from '../../broker/index.ts';
import { pick, random, type Seed, shuffle } from './chance.ts';
import { endOf, openingOf } from './exhibit.ts';
import { type Run, settled } from './run.ts';
import type { Participant, Scenario, Variant } from './scenario.ts';

const PUBLISHER = 'p1';
const SUBSCRIBER = 'phone';
/** A second device under the client identifier of the first. */
const TWIN = 'tablet';
const TOPIC = 'Room1/Door';
const FILTER = 'Room1/#';

const PARTICIPANTS: readonly Participant[] = [
  { name: PUBLISHER, role: 'publisher' },
  { name: 'broker', role: 'broker' },
  { name: SUBSCRIBER, role: 'subscriber' },
];

/** How long the phone asks a 5.0 broker to keep its session, in seconds. */
const EXPIRY = 3600;
const SHORT_EXPIRY = 60;

/** What the phone asks for when it connects. */
interface Terms {
  version: Version;
  cleanStart: boolean;
  /** Session Expiry Interval in seconds; 5.0 only. */
  expiry?: number;
  clientId?: string;
}

function phoneOf(
  { cleanStart, expiry = 0, clientId = SUBSCRIBER }: Terms,
  name: string = SUBSCRIBER,
): ClientSetup {
  const properties = expiry > 0 ? { properties: { sessionExpiryInterval: expiry } } : {};
  return { name, clientId, cleanStart, keepAlive: 0, ...properties };
}

/** Terms under which the session outlives the connection, and under which it does not. */
function keeping(version: Version): Terms {
  return { version, cleanStart: false, ...(version === 5 && { expiry: EXPIRY }) };
}

function clean(version: Version): Terms {
  return { version, cleanStart: true };
}

const connects = (client: string): Input => ({ do: 'connect', client });
const leaves: Input = { do: 'disconnect', client: SUBSCRIBER };

function subscribes(qos: QoS, topicFilter: string = FILTER): Input {
  return { do: 'subscribe', client: SUBSCRIBER, topicFilter, qos };
}

function publishes(payload: string, qos: QoS, topic: string = TOPIC): Input {
  return { do: 'publish', client: PUBLISHER, topic, payload, qos };
}

/**
 * A story of p1 and the phone.
 * In: what has happened before, what has when the figure opens, and what Step does then.
 */
function story(
  terms: Terms,
  earlier: readonly Input[],
  opening: readonly Input[],
  script: readonly Input[],
): Scenario {
  const setup: Setup = {
    version: terms.version,
    clients: [{ name: PUBLISHER, keepAlive: 0 }, phoneOf(terms)],
  };
  const before = settled(setup, earlier);
  return {
    setup,
    participants: PARTICIPANTS,
    tells: 'session',
    before,
    opening: settled(setup, opening, before),
    script,
  };
}

/** The first figure: the phone has left, and p1 has published. It keeps its session, or it does not. */
export const variants: readonly Variant[] = ([4, 5] as const).flatMap((version) =>
  (['keep', 'clean'] as const).map((name) => ({
    key: `${version}-${name}`,
    story: name,
    scenario: story(
      name === 'keep' ? keeping(version) : clean(version),
      [connects(PUBLISHER), connects(SUBSCRIBER), subscribes(1)],
      [leaves, publishes('1', 1), publishes('2', 0)],
      [connects(SUBSCRIBER)],
    ),
  })),
);

export const OPENS = '4-keep';

/** The first prediction: the phone keeps its session, and has subscribed with QoS 0. */
export const granted0: Variant = {
  key: '4-granted0',
  scenario: story(
    keeping(4),
    [connects(PUBLISHER), connects(SUBSCRIBER), subscribes(0)],
    [],
    [leaves, publishes('1', 2), connects(SUBSCRIBER)],
  ),
};

/** What the phone was given: the message with its own QoS, with QoS 0, or nothing; the options in their order. */
export function outcomeOfGranted0(world: World): number {
  const [message] = receivedBy(world);
  return message === undefined ? 2 : message.qos === 0 ? 1 : 0;
}

/** The second prediction: another device connects with the identifier of the phone, and then the phone again. */
export const takeover: Variant = { key: '4-takeover', scenario: takeoverIn(4) };

export function takeoverIn(version: Version): Scenario {
  const terms = keeping(version);
  const setup: Setup = { version, clients: [phoneOf(terms), phoneOf(terms, TWIN)] };
  return {
    setup,
    participants: [
      { name: SUBSCRIBER, role: 'subscriber' },
      { name: 'broker', role: 'broker' },
      { name: TWIN, role: 'subscriber' },
    ],
    tells: 'session',
    before: settled(setup, [connects(SUBSCRIBER), subscribes(1)]),
    opening: [],
    script: [connects(TWIN), connects(SUBSCRIBER)],
  };
}

/** The figure behind that prediction: who is told what, in each version. It opens with the phone thrown out. */
export const takeoverVariants: readonly Variant[] = ([4, 5] as const).map((version) => {
  const scenario = takeoverIn(version);
  const opening = settled(scenario.setup, [connects(TWIN)], scenario.before);
  return { key: String(version), scenario: { ...scenario, opening } };
});

/** What became of the two: the second is refused, the first is disconnected, or both stay; the options in their order. */
export function outcomeOfTakeover(world: World): number {
  const answer = packetsTo(world, TWIN).find((packet): packet is Connack => packet.type === 'connack');
  if (answer?.reasonCode !== 0) return 0;
  return world.trace.some((event) => event.kind === 'session' && event.action === 'taken over') ? 1 : 2;
}

/** The figure of 5.0: the phone asks for 60 s and returns before or after, or asks for nothing. */
export const expiryVariants: readonly Variant[] = [
  { key: '5-late', story: 'late', scenario: expiring({ expiry: SHORT_EXPIRY, away: 90 }) },
  { key: '5-early', story: 'early', scenario: expiring({ expiry: SHORT_EXPIRY, away: 30 }) },
  { key: '5-none', story: 'none', scenario: expiring({ expiry: 0, away: 30 }) },
];

function expiring({ expiry, away }: { expiry: number; away: number }): Scenario {
  const untilBack: Input[] = [
    connects(SUBSCRIBER),
    subscribes(1),
    leaves,
    publishes('1', 1),
    { do: 'wait', time: 1000 * away },
  ];
  const terms: Terms = { version: 5, cleanStart: false, expiry };
  return story(terms, [connects(PUBLISHER)], untilBack, [...untilBack, connects(SUBSCRIBER)]);
}

/** Where the figures show what common mistakes are about. */
export const exhibits = {
  waiting: openingOf('away', variants, OPENS),
  returned: endOf('away', variants, OPENS),
  expired: endOf('expiry', expiryVariants, '5-late'),
  thrownOut: openingOf('takeover', takeoverVariants, '4'),
  farewell: openingOf('takeover', takeoverVariants, '5'),
} as const;

/** What the goal's p1 publishes, by QoS. */
export const PAYLOADS = ['Open', 'Shut'] as const;

/** The goal's figure: the phone has connected, and the rest is for the reader to do. */
export const goalVariants: readonly [Variant, ...Variant[]] = [
  goalVariant('clean', clean(4)),
  goalVariant('keep', keeping(4)),
  goalVariant('nameless', { ...clean(4), clientId: '' }),
  goalVariant('clean', clean(5)),
  goalVariant('keep', keeping(5)),
  goalVariant('nameless', { ...keeping(5), clientId: '' }),
];

function goalVariant(name: string, terms: Terms): Variant {
  const scenario = story(terms, [connects(PUBLISHER)], [connects(SUBSCRIBER)], []);
  const offers = [
    { name: 'subscribe0', input: subscribes(0) },
    { name: 'subscribe1', input: subscribes(1) },
    { name: 'leave', input: leaves },
    { name: 'publish0', input: publishes(PAYLOADS[0], 0) },
    { name: 'publish1', input: publishes(PAYLOADS[1], 1) },
    { name: 'return', input: connects(SUBSCRIBER) },
  ];
  return { key: `${terms.version}-${name}`, story: name, scenario: { ...scenario, offers } };
}

/** What the goal found. */
export interface Found {
  /** The phone's newest CONNECT. */
  readonly connect: Connect | undefined;
  /** It has an identifier and asks for a session that outlives the connection. */
  readonly keeps: boolean;
  /** The QoS that the newest SUBACK granted. */
  readonly granted: number | undefined;
  /** The QoS of each message that reached the broker while the phone was away. */
  readonly missed: readonly QoS[];
  /** Session Present of the phone's newest CONNACK, if it has come back. */
  readonly present: boolean | undefined;
  /** How many messages the broker sent the phone because it came back, and the phone got. */
  readonly caughtUp: number;
  /** What keeps it from being met, if anything does. */
  readonly obstacle:
    | 'notSubscribed'
    | 'notAway'
    | 'notPublished'
    | 'stillAway'
    | 'nameless'
    | 'forgets'
    | 'granted0'
    | 'published0'
    | 'onItsWay'
    | undefined;
}

/** The phone gets what was published while it was away. */
export function judge(world: World): Found {
  const arrived = world.flights.filter(({ state }) => state === 'delivered');
  const read = arrived.map((flight) => ({ flight, packet: decode(flight.frame, flight.version) }));
  const ofPhone = read.filter(({ flight }) => flight.client === SUBSCRIBER);
  const last = <Type extends Packet['type']>(type: Type) =>
    ofPhone.findLast(({ packet }) => packet.type === type)?.packet as (Packet & { type: Type }) | undefined;
  const returns = ofPhone.filter(({ flight, packet }) => packet.type === 'connect' && flight.connection > 1);
  const returned = new Set(returns.map(({ flight }) => flight.endedAfter));
  const connect = last('connect');
  const found = {
    connect,
    keeps: connect !== undefined && connect.clientId !== '' && outlives(connect),
    granted: last('suback')?.reasonCodes[0],
    missed: read.flatMap(({ flight, packet }) =>
      flight.from === PUBLISHER && packet.type === 'publish' && isAway(world, flight) ? [packet.qos] : [],
    ),
    present: returns.length === 0 ? undefined : last('connack')?.sessionPresent,
    caughtUp: ofPhone.filter(
      ({ flight, packet }) => packet.type === 'publish' && returned.has(flight.sentAfter),
    ).length,
  };
  return { ...found, obstacle: obstacleIn(world, found, returns.length > 0) };
}

function obstacleIn(world: World, found: Omit<Found, 'obstacle'>, hasReturned: boolean): Found['obstacle'] {
  const { connect, keeps, granted, missed, present, caughtUp } = found;
  if (keeps && granted !== undefined && granted > 0 && present && caughtUp > 0) return undefined;
  if (granted === undefined) return 'notSubscribed';
  if (missed.length === 0) return world.link(SUBSCRIBER) === 'none' ? 'notPublished' : 'notAway';
  if (!hasReturned) return 'stillAway';
  if (connect?.clientId === '') return 'nameless';
  if (!keeps) return 'forgets';
  if (granted === 0) return 'granted0';
  return missed.every((qos) => qos === 0) ? 'published0' : 'onItsWay';
}

/** Whether a CONNECT asks for a session that outlives the connection. */
function outlives({ version, cleanStart, properties }: Connect): boolean {
  return version === 5 ? (properties?.sessionExpiryInterval ?? 0) > 0 : !cleanStart;
}

/** Whether the broker had no connection with the phone when a packet arrived. */
function isAway({ setup, inputs }: World, { endedAfter }: Flight): boolean {
  const then = new World(setup, inputs.slice(0, endedAfter)).snapshot().broker.sessions;
  return then.every(({ clientId, connected }) => clientId === PUBLISHER || !connected);
}

/** A way to the goal, in the same version: it takes the story in which the phone keeps its session. */
export function solution({ setup }: Scenario): Run {
  const { scenario } =
    goalVariants.find((each) => each.story === 'keep' && each.scenario.setup.version === setup.version) ??
    goalVariants[0];
  const acts = [subscribes(1), leaves, publishes(PAYLOADS[1], 1), connects(SUBSCRIBER)];
  const { opening, before } = scenario;
  const inputs = [...opening, ...settled(setup, acts, [...before, ...opening])];
  return { scenario, inputs, at: opening.length };
}

/** A message of an exercise. */
export interface Message {
  readonly topic: string;
  readonly payload: string;
  readonly qos: QoS;
}

/** An exercise: a story, and what the phone finds when it returns. */
export interface Question {
  readonly version: Version;
  readonly cleanStart: boolean;
  /** In seconds; undefined before 5.0. */
  readonly expiry: number | undefined;
  readonly subscriptions: readonly { readonly topicFilter: string; readonly qos: QoS }[];
  readonly messages: readonly Message[];
  /** How long the phone is away, in seconds. */
  readonly away: number;
  readonly scenario: Scenario;
  readonly answer: Answer;
}

export interface Answer {
  readonly present: boolean;
  /** The payloads that the phone gets, in any order. */
  readonly received: readonly string[];
}

const TOPICS = ['Room1/Door', 'Room1/Light', 'hall/lamp', 'garden/gate'] as const;

/** Makes the exercise of a seed. */
export function questionOf(seed: Seed): Question {
  const chance = random(seed);
  const qos = (): QoS => pick<QoS>(chance, [0, 1, 1, 2]);
  const version = pick<Version>(chance, [4, 5]);
  const terms: Terms =
    version === 4
      ? { version, cleanStart: pick(chance, [false, false, false, true]) }
      : {
          version,
          cleanStart: pick(chance, [false, false, false, true]),
          expiry: pick(chance, [0, 60, 300, 300, 300]),
        };
  const [first = TOPIC, second = TOPIC, other = TOPIC] = shuffle(chance, TOPICS);
  const subscriptions = [first, second].map((topicFilter) => ({ topicFilter, qos: qos() }));
  const topics = shuffle(chance, [first, first, second, second, other]).slice(0, 4);
  const messages = topics.map((topic, index) => ({ topic, payload: String(index + 1), qos: qos() }));
  const away = pick(chance, [30, 30, 120]);
  const scenario = story(
    terms,
    [connects(PUBLISHER), connects(SUBSCRIBER)],
    [
      ...subscriptions.map(({ topicFilter, qos }) => subscribes(qos, topicFilter)),
      leaves,
      ...messages.map(({ payload, qos, topic }) => publishes(payload, qos, topic)),
      { do: 'wait', time: 1000 * away },
      connects(SUBSCRIBER),
    ],
    [],
  );
  const world = new World(scenario.setup, [...scenario.before, ...scenario.opening]);
  const { cleanStart, expiry } = terms;
  return { version, cleanStart, expiry, subscriptions, messages, away, scenario, answer: answerIn(world) };
}

/** Reads off what the phone found when it came back. */
function answerIn(world: World): Answer {
  const answers = packetsTo(world, SUBSCRIBER).filter((packet) => packet.type === 'connack');
  const received = receivedBy(world).map(({ payload }) => new TextDecoder().decode(payload));
  return { present: answers.at(-1)?.sessionPresent ?? false, received };
}

/** What is wrong with an answer, the first thing first; undefined if nothing is. */
export function markOf({ answer }: Question, given: Answer): 'present' | 'tooFew' | 'tooMany' | undefined {
  if (given.present !== answer.present) return 'present';
  if (given.received.some((payload) => !answer.received.includes(payload))) return 'tooMany';
  return answer.received.every((payload) => given.received.includes(payload)) ? undefined : 'tooFew';
}

function receivedBy(world: World) {
  return world.snapshot().clients[SUBSCRIBER]?.received ?? [];
}

function packetsTo(world: World, client: string): Packet[] {
  return world.flights
    .filter(({ to, state }) => to === client && state === 'delivered')
    .map(({ frame, version }) => decode(frame, version));
}
