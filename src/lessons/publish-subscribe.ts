// Lesson 1 as data: a message that nobody asked for, a topic that nobody has used before, two devices that talk both ways, four
// messages and a subscriber that goes away, what would have kept them, the goal, and the exercise. Everything is read from worlds that ran; nothing here
// knows an answer by heart, and no words are here.
import {
  type ClientSetup,
  decode,
  type Flight,
  type Input,
  type Publish,
  type QoS,
  type Setup,
  utf8,
  type Version,
  World,
} from '../../broker/index.ts';
import { pick, random, type Seed, shuffle } from './chance.ts';
import { after, endOf, openingOf } from './exhibit.ts';
import { begin, type Run, settled, way } from './run.ts';
import type { Participant, Scenario, Variant } from './scenario.ts';

const TOPIC = 'Room1/Temperature';
const PUBLISHER = 'p1';
const SUBSCRIBER = 'phone';
const STATUS = `status/${SUBSCRIBER}`;

/** Seconds for which a 5.0 session outlives its connection. */
const EXPIRY = 3600;

const ONE_WAY: readonly Participant[] = [
  { name: PUBLISHER, role: 'publisher' },
  { name: 'broker', role: 'broker' },
  { name: SUBSCRIBER, role: 'subscriber' },
];

const BOTH_WAYS: readonly Participant[] = ONE_WAY.map(({ name, role }) => ({
  name,
  role: role === 'broker' ? role : 'both',
}));

const connects = (client: string): Input => ({ do: 'connect', client });
const leaves: Input = { do: 'disconnect', client: SUBSCRIBER };

function subscribes(client: string, topicFilter: string, qos: QoS = 0): Input {
  return { do: 'subscribe', client, topicFilter, qos };
}

function publishes(
  client: string,
  topic: string,
  payload: string,
  how: { qos?: QoS; retain?: true } = {},
): Input {
  return { do: 'publish', client, topic, payload, qos: 0, ...how };
}

const reports = (payload: string, how?: { qos?: QoS; retain?: true }) =>
  publishes(PUBLISHER, TOPIC, payload, how);

/** Clients that keep nothing beyond their connection, and send no PINGREQ while the reader thinks. */
function clientsOf(...names: string[]): ClientSetup[] {
  return names.map((name) => ({ name, keepAlive: 0 }));
}

/** The first figure: “21” goes to nobody; then the phone subscribes, and gets “22”. */
export const variants: readonly Variant[] = ([4, 5] as const).map((version) => {
  const setup: Setup = { version, clients: clientsOf(PUBLISHER, SUBSCRIBER) };
  const before = settled(setup, [connects(PUBLISHER), connects(SUBSCRIBER)]);
  const first = reports('21');
  return {
    key: String(version),
    scenario: {
      setup,
      participants: ONE_WAY,
      tells: 'topic',
      before,
      opening: settled(setup, [first], before),
      script: [first, subscribes(SUBSCRIBER, TOPIC), reports('22')],
    },
  };
});

export const OPENS = '4';

/** The PUBLISH with “22” as p1 sent it, and as the phone got it. */
export function frames(): [sent: Uint8Array, received: Uint8Array] {
  const scenario = scenarioOf(variants, OPENS);
  const world = new World(scenario.setup, [...scenario.before, ...way(begin(scenario))]);
  const [sent, received] = world.flights
    .filter((flight) => textIn(flight) === '22')
    .map(({ frame }) => frame);
  if (!sent || !received) throw new Error('“22” was not passed on');
  return [sent, received];
}

function scenarioOf(all: readonly Variant[], key: string): Scenario {
  const variant = all.find((each) => each.key === key);
  if (!variant) throw new RangeError(`There is no story ${key}`);
  return variant.scenario;
}

/** The same but for one letter: a topic that nobody has used before. */
const MISTYPED = 'Room1/temperature';
const mistypes = (payload: string) => publishes(PUBLISHER, MISTYPED, payload);

/** The prediction about a mistyped topic: “21” is published there; then the phone subscribes to it, and “22” is published. */
export const mistyped: Variant = {
  key: '4-mistyped',
  scenario: (() => {
    const setup: Setup = { version: 4, clients: clientsOf(PUBLISHER, SUBSCRIBER) };
    const before = settled(setup, [connects(PUBLISHER), connects(SUBSCRIBER), subscribes(SUBSCRIBER, TOPIC)]);
    const script = [mistypes('21'), subscribes(SUBSCRIBER, MISTYPED), mistypes('22')];
    return { setup, participants: ONE_WAY, tells: 'topic', before, opening: [], script };
  })(),
};

/** What becomes of “21”: the broker refuses it, the phone gets it, or it goes to nobody; the options in their order. */
export function outcomeOfMistyped(world: World): number {
  if (world.trace.some(({ kind }) => kind === 'refused' || kind === 'closed')) return 0;
  return receivedBy(world, SUBSCRIBER).includes('21') ? 1 : 2;
}

const DEVICES = ['A', 'B'] as const;
type Device = (typeof DEVICES)[number];

const BETWEEN_DEVICES: readonly Participant[] = [
  { name: 'A', role: 'both' },
  { name: 'broker', role: 'broker' },
  { name: 'B', role: 'both' },
];

/** What each device says, to the topic that has its name. */
const SAID: Readonly<Record<Device, string>> = { A: 'hello', B: 'hi' };
const says = (device: Device): Input => publishes(device, device, SAID[device]);

function ofDevices(version: Version, earlier: readonly Input[], rest: Partial<Scenario>): Scenario {
  const setup: Setup = { version, clients: clientsOf(...DEVICES) };
  const before = settled(setup, [...DEVICES.map(connects), ...earlier]);
  return { setup, participants: BETWEEN_DEVICES, tells: 'topic', before, opening: [], script: [], ...rest };
}

/** The first prediction: A publishes to `A` and has subscribed to `B`, and B the other way round. */
export const bothWays: Variant = {
  key: '4-both',
  scenario: ofDevices(4, [subscribes('A', 'B'), subscribes('B', 'A')], { script: [says('A'), says('B')] }),
};

/** Who gets what A publishes: both, A itself, or B; the options in their order. */
export function outcomeOfBothWays(world: World): number {
  const [own, others] = DEVICES.map((device) => receivedBy(world, device).includes(SAID.A));
  if (!others) return own ? 1 : -1;
  return own ? 0 : 2;
}

/** The second prediction: four messages, and a phone that goes after the second and returns after the fourth. */
export const offline: Variant = {
  key: '4-offline',
  scenario: (() => {
    const setup: Setup = { version: 4, clients: clientsOf(PUBLISHER, SUBSCRIBER) };
    const before = settled(setup, [connects(PUBLISHER), connects(SUBSCRIBER), subscribes(SUBSCRIBER, TOPIC)]);
    const script = [
      reports('1'),
      reports('2'),
      leaves,
      reports('3'),
      reports('4'),
      connects(SUBSCRIBER),
      subscribes(SUBSCRIBER, TOPIC),
    ];
    return { setup, participants: ONE_WAY, tells: 'topic', before, opening: [], script };
  })(),
};

/** What the phone has in the end: all four, all but “3”, or the first two; the options in their order. */
export function outcomeOfOffline(world: World): number {
  return ['1234', '124', '12'].indexOf(receivedBy(world, SUBSCRIBER).join(''));
}

/** The same again with what MQTT has against it. The figure begins after “2”. */
export const keptVariants: readonly Variant[] = ([4, 5] as const).flatMap((version) => [
  { key: `${version}-retained`, story: 'retained', scenario: retainedStory(version) },
  { key: `${version}-session`, story: 'session', scenario: sessionStory(version) },
  { key: `${version}-will`, story: 'will', scenario: willStory(version) },
]);

export const KEPT_OPENS = '4-retained';

/** Each message is retained: whoever subscribes gets the last one. */
function retainedStory(version: Version): Scenario {
  const setup: Setup = { version, clients: clientsOf(PUBLISHER, SUBSCRIBER) };
  const before = settled(setup, [connects(PUBLISHER), connects(SUBSCRIBER), subscribes(SUBSCRIBER, TOPIC)]);
  const missed = [leaves, reports('3', { retain: true }), reports('4', { retain: true })];
  const opening = settled(setup, missed, before);
  const script = [...missed, connects(SUBSCRIBER), subscribes(SUBSCRIBER, TOPIC)];
  return { setup, participants: ONE_WAY, tells: 'retain', before, opening, script };
}

/** The phone’s session outlives its connection: the broker keeps what comes for it with QoS 1. */
function sessionStory(version: Version): Scenario {
  const lasting = version === 5 ? { properties: { sessionExpiryInterval: EXPIRY } } : {};
  const phone: ClientSetup = { name: SUBSCRIBER, keepAlive: 0, cleanStart: false, ...lasting };
  const setup: Setup = { version, clients: [...clientsOf(PUBLISHER), phone] };
  const before = settled(setup, [
    connects(PUBLISHER),
    connects(SUBSCRIBER),
    subscribes(SUBSCRIBER, TOPIC, 1),
  ]);
  const missed = [leaves, reports('3', { qos: 1 }), reports('4', { qos: 1 })];
  const opening = settled(setup, missed, before);
  return {
    setup,
    participants: ONE_WAY,
    tells: 'session',
    before,
    opening,
    script: [...missed, connects(SUBSCRIBER)],
  };
}

/** The phone has left a will: p1 learns that the phone is gone, and waits with “3” until it is back. */
function willStory(version: Version): Scenario {
  const will = { topic: STATUS, payload: utf8('lost'), qos: 0, retain: false } as const;
  const phone: ClientSetup = { name: SUBSCRIBER, keepAlive: 0, will };
  const setup: Setup = { version, clients: [...clientsOf(PUBLISHER), phone] };
  const before = settled(setup, [
    connects(PUBLISHER),
    subscribes(PUBLISHER, STATUS),
    connects(SUBSCRIBER),
    subscribes(SUBSCRIBER, TOPIC),
  ]);
  const pulls: Input = { do: 'cut', client: SUBSCRIBER };
  const script = [
    pulls,
    subscribes(SUBSCRIBER, TOPIC),
    publishes(SUBSCRIBER, STATUS, 'here'),
    reports('3'),
    reports('4'),
  ];
  const opening = settled(setup, [pulls], before);
  return { setup, participants: BOTH_WAYS, tells: 'topic', before, opening, script };
}

/** The goal’s figure: both devices are connected, and neither has asked for anything. */
export const goalVariants: readonly [Variant, Variant] = [goalVariant(4), goalVariant(5)];

function goalVariant(version: Version): Variant {
  const offers = DEVICES.flatMap((device) => [
    ...DEVICES.map((topic) => ({
      name: `subscribe${device}${topic}`,
      input: subscribes(device, topic),
    })),
    { name: `publish${device}`, input: says(device) },
  ]);
  return { key: String(version), scenario: ofDevices(version, [], { offers }) };
}

/** What the goal found. */
export interface Found {
  /** How often each device got what the other said. */
  readonly heard: Readonly<Record<Device, number>>;
  /** How often a device got what it had said itself. */
  readonly echoes: number;
  /** The messages that reached the broker while nobody had subscribed to their topic. */
  readonly unheard: readonly string[];
  /** What keeps it from being met, if anything does. */
  readonly obstacle: 'ownTopic' | 'early' | 'nothingYet' | 'oneWay' | 'onItsWay' | 'notLost' | undefined;
}

/** Each device gets what the other says and never what it says itself, and one message goes to nobody. */
export function judge(world: World): Found {
  const heardBy = (device: Device, by: Device) =>
    receivedBy(world, device).filter((payload) => payload === SAID[by]).length;
  const unheard = world.flights.flatMap((flight) => {
    const message = textIn(flight);
    return message !== undefined && flight.to === 'broker' && goesToNobody(world, flight) ? [message] : [];
  });
  const found = {
    heard: { A: heardBy('A', 'B'), B: heardBy('B', 'A') },
    echoes: heardBy('A', 'A') + heardBy('B', 'B'),
    unheard,
  };
  return { ...found, obstacle: obstacleIn(world, found) };
}

function obstacleIn(world: World, { heard, echoes, unheard }: Omit<Found, 'obstacle'>): Found['obstacle'] {
  if (echoes > 0) return 'ownTopic';
  if (world.flights.some(({ state }) => state === 'in flight')) return 'onItsWay';
  const count = DEVICES.filter((device) => heard[device] > 0).length;
  if (count === 2) return unheard.length > 0 ? undefined : 'notLost';
  if (count === 1) return 'oneWay';
  return unheard.length > 0 ? 'early' : 'nothingYet';
}

/** Whether a message arrived at the broker, which then had nobody to pass it on to. */
function goesToNobody({ setup, inputs }: World, { state, endedAfter = 0 }: Flight): boolean {
  if (state !== 'delivered') return false;
  const known = new World(setup, inputs.slice(0, endedAfter)).trace.length;
  const events = new World(setup, inputs.slice(0, endedAfter + 1)).trace.slice(known);
  return events.some((event) => event.kind === 'matched' && event.matches.length === 0);
}

/** A way to the goal: A speaks before anybody listens. */
export function solution(scenario: Scenario): Run {
  const acts = [says('A'), subscribes('A', 'B'), subscribes('B', 'A'), says('A'), says('B')];
  return { scenario, inputs: settled(scenario.setup, acts, scenario.before), at: 0 };
}

/** Where the figures show what common mistakes are about. */
export const exhibits = {
  unheard: openingOf('nobody', variants, OPENS),
  passedOn: endOf('nobody', variants, OPENS),
  /** The phone waits at one topic, and p1 publishes to another that nobody has used before. */
  mistyped: after('nobody', variants, OPENS, [subscribes(SUBSCRIBER, TOPIC), mistypes('21')]),
  returned: openingOf('kept', keptVariants, KEPT_OPENS),
  echo: after('talk', goalVariants, '4', [subscribes('A', 'A'), says('A')]),
} as const;

/** The clients of an exercise. */
export const CLIENTS = ['phone', 'tablet', 'clock', PUBLISHER] as const;
export type ClientName = (typeof CLIENTS)[number];

/** One line of an exercise's story. */
export type Line =
  | { readonly kind: 'subscribes' | 'unsubscribes'; readonly client: ClientName; readonly topic: string }
  | { readonly kind: 'leaves' | 'returns'; readonly client: ClientName }
  | { readonly kind: 'publishes'; readonly topic: string; readonly payload: string };

/** Why a client gets a message, or does not. */
export type Reason = 'subscribed' | 'away' | 'later' | 'other' | 'ended' | 'nothing';

/** An exercise: a story, and which clients get one message of it. */
export interface Question {
  readonly version: Version;
  readonly topic: string;
  readonly payload: string;
  readonly lines: readonly Line[];
  readonly answer: Readonly<Record<ClientName, boolean>>;
}

const PLACES = [
  ['Room1/Light', 'Room1/light', 'Turn On'],
  ['hall/lamp', 'hall', 'off'],
  ['garden/gate', 'gate', 'open'],
  ['roof/fan', 'roof/fan/', 'slow'],
] as const satisfies [readonly [string, string, string], ...(readonly [string, string, string])[]];

/** Makes the exercise of a seed. */
export function questionOf(seed: Seed): Question {
  const chance = random(seed);
  const version = pick<Version>(chance, [4, 5]);
  const [topic, near, payload] = pick<(typeof PLACES)[number]>(chance, PLACES);
  const fates = shuffle(chance, CLIENTS).map((client, index) => {
    const [early, late] = fateOf(client, topic, near, chance, index === 0);
    return { early, late };
  });
  const publication: Line = { kind: 'publishes', topic, payload };
  const lines = [
    ...together(
      chance,
      fates.map(({ early }) => early),
    ),
    publication,
    ...together(
      chance,
      fates.map(({ late }) => late),
    ),
  ];
  return { version, topic, payload, lines, answer: answerOf(version, payload, lines) };
}

/**
 * What one client does before the message, and after it.
 * @param sure that it gets the message: one does in every exercise
 */
function fateOf(
  client: ClientName,
  topic: string,
  near: string,
  chance: () => number,
  sure: boolean,
): [early: Line[], late: Line[]] {
  const subscription: Line = { kind: 'subscribes', client, topic };
  if (sure) return [[subscription], []];
  return pick<[Line[], Line[]]>(chance, [
    [[subscription], []],
    [[subscription], []],
    [[{ ...subscription, topic: near }], []],
    [[], []],
    [[], [subscription]],
    [[subscription, { kind: 'unsubscribes', client, topic }], []],
    ...(client === PUBLISHER
      ? []
      : ([
          [[subscription, { kind: 'leaves', client }], [{ kind: 'returns', client }]],
          [[subscription, { kind: 'leaves', client }, { kind: 'returns', client }], []],
        ] as [Line[], Line[]][])),
  ]);
}

/** The lines of several clients in one story: each keeps the order of its own. */
function together(chance: () => number, lines: readonly (readonly Line[])[]): Line[] {
  const owners = shuffle(
    chance,
    lines.flatMap((own, index) => own.map(() => index)),
  );
  const rest = lines.map((own) => [...own]);
  return owners.flatMap((index) => rest[index]?.shift() ?? []);
}

/** Lets a world do what a story tells. */
function worldOfLines(version: Version, lines: readonly Line[]): World {
  const setup: Setup = { version, clients: clientsOf(...CLIENTS) };
  return new World(setup, settled(setup, [...CLIENTS.map(connects), ...lines.map(inputOf)]));
}

function answerOf(version: Version, payload: string, lines: readonly Line[]): Question['answer'] {
  const world = worldOfLines(version, lines);
  const answers = CLIENTS.map((client) => [client, receivedBy(world, client).includes(payload)] as const);
  return Object.fromEntries(answers) as Record<ClientName, boolean>;
}

function inputOf(line: Line): Input {
  switch (line.kind) {
    case 'subscribes':
      return subscribes(line.client, line.topic);
    case 'unsubscribes':
      return { do: 'unsubscribe', client: line.client, topicFilter: line.topic };
    case 'leaves':
      return { do: 'disconnect', client: line.client };
    case 'returns':
      return connects(line.client);
    case 'publishes':
      return publishes(PUBLISHER, line.topic, line.payload);
    default:
      return line satisfies never;
  }
}

/** Why a client gets the message of an exercise or not, from what the broker knew of it when the message came. */
export function reasonFor({ version, lines, topic, answer }: Question, client: ClientName): Reason {
  if (answer[client]) return 'subscribed';
  const at = lines.findIndex(({ kind }) => kind === 'publishes');
  const early = lines.slice(0, at);
  const { sessions } = worldOfLines(version, early).snapshot().broker;
  const session = sessions.find(({ clientId }) => clientId === client);
  const wanted = (line: Line) => line.kind === 'subscribes' && line.client === client && line.topic === topic;
  if (!session?.connected) return 'away';
  if (session.subscriptions.length > 0) return 'other';
  if (early.some(wanted)) return 'ended';
  return lines.some(wanted) ? 'later' : 'nothing';
}

/** The clients for which an answer is wrong. */
export function markOf({ answer }: Question, given: Partial<Question['answer']>): ClientName[] {
  return CLIENTS.filter((client) => (given[client] ?? false) !== answer[client]);
}

/** The payloads that the application of a client was given, in their order. */
function receivedBy(world: World, client: string): string[] {
  const received = world.snapshot().clients[client]?.received ?? [];
  return received.map(({ payload }) => new TextDecoder().decode(payload));
}

/** What a packet carries, if it is a PUBLISH. */
function textIn({ frame, version }: Flight): string | undefined {
  const packet = decode(frame, version);
  return packet.type === 'publish' ? new TextDecoder().decode((packet as Publish).payload) : undefined;
}
