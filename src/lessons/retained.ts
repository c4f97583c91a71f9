// Lesson 10 as data: the four steps of its figure, what its prediction and its goal look at, the table of RETAIN flags, and
// its exercise. Everything is read from worlds that ran; nothing here knows an answer by heart, and no words are here.
import {
  decode,
  type Flight,
  type Input,
  type Publish,
  type Setup,
  type Version,
  World,
} from '../../broker/index.ts';
import { pick, random, type Seed } from './chance.ts';
import { after, endOf, openingOf } from './exhibit.ts';
import { begin, type Run, settled, way } from './run.ts';
import type { Participant, Scenario, Variant } from './scenario.ts';

const TOPIC = 'Room1/Temperature';
const PUBLISHER = 'p1';
const SUBSCRIBER = 'phone';

const PARTICIPANTS: readonly Participant[] = [
  { name: PUBLISHER, role: 'publisher' },
  { name: 'broker', role: 'broker' },
  { name: SUBSCRIBER, role: 'subscriber' },
];

const connects: readonly Input[] = [PUBLISHER, SUBSCRIBER].map((client) => ({ do: 'connect', client }));
const subscribes: Input & { do: 'subscribe' } = {
  do: 'subscribe',
  client: SUBSCRIBER,
  topicFilter: TOPIC,
  qos: 0,
};

function publishes(payload: string, retain: boolean): Input {
  return { do: 'publish', client: PUBLISHER, topic: TOPIC, payload, qos: 0, retain };
}

/** The experiment, in its parts: each goes on where the one before it ends. */
const STORIES = {
  retain: [publishes('21', true), publishes('22', false), subscribes],
  replace: [publishes('23', true), subscribes],
  remove: [publishes('', true), subscribes],
} as const;

export type Story = keyof typeof STORIES;
const ORDER = Object.keys(STORIES) as Story[];

function setupOf(version: Version): Setup {
  return { version, clients: [PUBLISHER, SUBSCRIBER].map((name) => ({ name, keepAlive: 0 })) };
}

function scenarioOf(version: Version, story: Story): Scenario {
  const setup = setupOf(version);
  const earlier = ORDER.slice(0, ORDER.indexOf(story)).flatMap((each) => STORIES[each]);
  const before = settled(setup, [...connects, ...earlier]);
  const scenario: Scenario = {
    setup,
    participants: PARTICIPANTS,
    tells: 'retain',
    before,
    opening: [],
    script: STORIES[story],
  };
  return { ...scenario, opening: untilArrives(scenario, story) };
}

/** A part opens with the packet on its way that it is about; the last one with the empty message on its first hop. */
function untilArrives(scenario: Scenario, story: Story): Input[] {
  const inputs = way(begin(scenario));
  if (story === 'remove') return inputs.slice(0, 1);
  const world = new World(scenario.setup, scenario.before);
  const at = inputs.findIndex((input) => {
    const flight = input.do === 'deliver' ? world.flights[input.flight - 1] : undefined;
    const arrives = flight?.to === SUBSCRIBER && publicationIn(flight) !== undefined;
    if (!arrives) world.apply(input);
    return arrives;
  });
  return inputs.slice(0, at);
}

/** The stories of the first figure: each part in each version. */
export const variants: readonly Variant[] = ([4, 5] as const).flatMap((version) =>
  ORDER.map((story) => ({ key: `${version}-${story}`, story, scenario: scenarioOf(version, story) })),
);

export const OPENS = '4-retain';

/** The prediction: what does a live subscriber get of the empty message? */
export const prediction: Variant = {
  key: '4-empty',
  scenario: { ...scenarioOf(4, 'remove'), script: [STORIES.remove[0]] },
};

/** What the phone gets of the empty message: nothing, or the message with its RETAIN flag; the options in their order. */
export function outcomeOf(world: World): number {
  const found = world.flights
    .filter(({ to, state }) => to === SUBSCRIBER && state === 'delivered')
    .map(publicationIn)
    .find((packet) => packet?.payload.length === 0);
  return found === undefined ? 0 : found.retain ? 1 : 2;
}

/** The goal's figure: both are connected, and nothing has been published. */
export const goalVariants: readonly [Variant, Variant] = [goalVariant(4), goalVariant(5)];

function goalVariant(version: Version): Variant {
  const setup = setupOf(version);
  const scenario: Scenario = {
    setup,
    participants: PARTICIPANTS,
    tells: 'retain',
    before: settled(setup, connects),
    opening: [],
    script: [],
    offers: [
      { name: 'first', input: publishes('21', true) },
      { name: 'second', input: publishes('22', true) },
      { name: 'passing', input: publishes('22', false) },
      { name: 'empty', input: publishes('', true) },
      { name: 'leave', input: { do: 'disconnect', client: PUBLISHER } },
      { name: 'subscribe', input: subscribes },
    ],
  };
  return { key: String(version), scenario };
}

/** Where the figures show what common mistakes are about. */
export const exhibits = {
  older: openingOf('retained', variants, OPENS),
  replaced: endOf('retained', variants, '4-replace'),
  removed: endOf('retained', variants, '4-remove'),
  /** p1 is gone, with its session, and the phone gets what it left. */
  outlived: after('removed', goalVariants, '4', [
    publishes('21', true),
    { do: 'disconnect', client: PUBLISHER },
    subscribes,
  ]),
} as const;

/** What the goal found. */
export interface Found {
  /** “21” came with RETAIN 1, and p1 was away when it was sent. */
  readonly fromTopic: boolean;
  /** “22” came with RETAIN 0, and p1 had published it with RETAIN 1. */
  readonly live: boolean;
  /** Nothing is retained, and an empty message came. */
  readonly removed: boolean;
  /** The RETAIN flags with which “21” and “22” came. */
  readonly flags: Readonly<Record<'21' | '22', readonly number[]>>;
  /** What keeps it from being met, if there is something to say. */
  readonly obstacle:
    | 'tooEarly'
    | 'stillThere'
    | 'notLive'
    | 'notRetained'
    | 'notRemoved'
    | 'nobodyTold'
    | undefined;
}

/** A message that outlives its publisher's connection, one that comes live, and a store that is empty in the end. */
export function judge(world: World): Found {
  const arrived = world.flights.flatMap((flight) => {
    const packet = publicationIn(flight);
    return packet && flight.to === SUBSCRIBER && flight.state === 'delivered'
      ? [{ flight, payload: textOf(packet), retain: packet.retain }]
      : [];
  });
  const of = (payload: string) => arrived.filter((each) => each.payload === payload);
  const late = of('21').filter(({ retain }) => retain);
  const isEmpty = world.snapshot().broker.retained.length === 0;
  const live = of('22').filter(({ retain }) => !retain);
  const found = {
    fromTopic: late.some(({ flight }) => isAway(world, flight)),
    live: live.some(({ flight }) => wasRetained(world, flight)),
    removed: isEmpty && of('').length > 0,
    flags: { '21': of('21').map(flagOf), '22': of('22').map(flagOf) },
  };
  const obstacle = ((): Found['obstacle'] => {
    if (!found.fromTopic && late.length > 0) return 'stillThere';
    if (!found.fromTopic) return of('21').length > 0 ? 'tooEarly' : undefined;
    if (!found.live && of('22').some(({ retain }) => retain)) return 'notLive';
    if (!found.live) return live.length > 0 ? 'notRetained' : undefined;
    if (found.removed) return undefined;
    return isEmpty ? 'nobodyTold' : 'notRemoved';
  })();
  return { ...found, obstacle };
}

function flagOf({ retain }: { retain: boolean }): number {
  return Number(retain);
}

/** Whether p1 had no connection when a packet was sent. */
function isAway({ setup, inputs }: World, { sentAfter }: Flight): boolean {
  const then = new World(setup, inputs.slice(0, sentAfter + 1));
  return then
    .snapshot()
    .broker.sessions.every(({ clientId, connected }) => clientId !== PUBLISHER || !connected);
}

/** Whether the message that a packet passes on had come to the broker with RETAIN 1. */
function wasRetained({ flights }: World, { sentAfter }: Flight): boolean {
  const cause = flights.find(({ from, endedAfter }) => from === PUBLISHER && endedAfter === sentAfter);
  return (cause && publicationIn(cause)?.retain) ?? false;
}

/** A way to the goal. */
export function solution(scenario: Scenario): Run {
  const { setup, before } = scenario;
  const inputs = settled(
    setup,
    [
      publishes('21', true),
      { do: 'disconnect', client: PUBLISHER },
      subscribes,
      { do: 'connect', client: PUBLISHER },
      publishes('22', true),
      publishes('', true),
    ],
    before,
  );
  return { scenario, inputs, at: 0 };
}

/** How a message reaches a subscription. */
export const ROUTES = ['live', 'late', 'asPublished'] as const;

/** The RETAIN flag with which a message reaches a subscription, if it does; found by letting a broker do it. */
export function flagAt(route: (typeof ROUTES)[number], retain: boolean): number | undefined {
  const subscription: Input =
    route === 'asPublished' ? { ...subscribes, retainAsPublished: true } : subscribes;
  const publication = publishes('21', retain);
  const acts = route === 'late' ? [publication, subscription] : [subscription, publication];
  const setup = setupOf(route === 'asPublished' ? 5 : 4);
  const world = new World(setup, settled(setup, [...connects, ...acts]));
  const received = world.snapshot().clients[SUBSCRIBER]?.received[0];
  return received && Number(received.retain);
}

/** What comes to a client of a message: nothing, or the message with this RETAIN flag. */
export type Arrival = 'none' | '0' | '1';

/** One line of an exercise's story. */
export type Line =
  | { kind: 'subscribes'; client: string; topicFilter: string; asPublished: boolean }
  | { kind: 'publishes'; topic: string; payload: string; retain: boolean }
  | { kind: 'leaves' };

/** An exercise: a story, and what each subscriber gets of one message. */
export interface Question {
  readonly version: Version;
  readonly payload: string;
  readonly lines: readonly Line[];
  readonly answer: Readonly<Record<string, Arrival>>;
}

export const SUBSCRIBERS = ['phone', 'tablet', 'clock'] as const;

const PLACES = [
  ['Room1/Temperature', ['Room1/#', 'Room1/+', '+/Temperature', 'Room1/Temperature', 'Room2/#', '+/Light']],
  ['hall/lamp', ['hall/#', '+/lamp', '#', 'hall/lamp', 'hall/lamp/+', 'lamp']],
  ['garden/gate', ['garden/+', '#', '+/+', 'garden/gate', 'garden/Gate', '+']],
] as const satisfies [
  readonly [string, readonly [string, ...string[]]],
  ...(readonly [string, readonly [string, ...string[]]])[],
];

/** Makes the exercise of a seed. */
export function questionOf(seed: Seed): Question {
  const chance = random(seed);
  const version = pick<Version>(chance, [4, 5]);
  const [topic, filters] = pick<(typeof PLACES)[number]>(chance, PLACES);
  const payload = pick(chance, ['21', 'on', 'open']);
  const subscriptions = SUBSCRIBERS.map((client): Line & { isEarly: boolean } => ({
    kind: 'subscribes',
    client,
    topicFilter: pick<string>(chance, filters),
    asPublished: version === 5 && chance() < 0.4,
    isEarly: chance() < 0.5,
  }));
  const publication: Line = { kind: 'publishes', topic, payload, retain: chance() < 0.75 };
  const then = pick<readonly Line[]>(chance, [
    [],
    [],
    [{ kind: 'leaves' }],
    [{ kind: 'publishes', topic, payload: 'other', retain: false }],
    [{ kind: 'publishes', topic, payload: 'other', retain: true }],
    [{ kind: 'publishes', topic, payload: '', retain: true }],
  ]);
  const withoutHour = ({ isEarly: _, ...line }: Line & { isEarly: boolean }) => line as Line;
  const lines = [
    ...subscriptions.filter(({ isEarly }) => isEarly).map(withoutHour),
    publication,
    ...then,
    ...subscriptions.filter(({ isEarly }) => !isEarly).map(withoutHour),
  ];
  return { version, payload, lines, answer: answerOf(version, payload, lines) };
}

/** Lets a world do what a story tells, and reads off who got the message. */
function answerOf(version: Version, payload: string, lines: readonly Line[]): Question['answer'] {
  const names = [PUBLISHER, ...SUBSCRIBERS];
  const setup: Setup = { version, clients: names.map((name) => ({ name, keepAlive: 0 })) };
  const acts = [...names.map((client): Input => ({ do: 'connect', client })), ...lines.map(inputOf)];
  const { clients } = new World(setup, settled(setup, acts)).snapshot();
  const arrivals = SUBSCRIBERS.map((client): [string, Arrival] => {
    const found = clients[client]?.received.find(
      (each) => new TextDecoder().decode(each.payload) === payload,
    );
    return [client, found === undefined ? 'none' : found.retain ? '1' : '0'];
  });
  return Object.fromEntries(arrivals);
}

function inputOf(line: Line): Input {
  switch (line.kind) {
    case 'subscribes': {
      const { client, topicFilter, asPublished } = line;
      return { do: 'subscribe', client, topicFilter, qos: 0, retainAsPublished: asPublished };
    }
    case 'publishes': {
      const { topic, payload, retain } = line;
      return { do: 'publish', client: PUBLISHER, topic, payload, qos: 0, retain };
    }
    case 'leaves':
      return { do: 'disconnect', client: PUBLISHER };
    default:
      return line satisfies never;
  }
}

/** The clients for which an answer is wrong. */
export function markOf({ answer }: Question, given: Readonly<Record<string, Arrival>>): string[] {
  return SUBSCRIBERS.filter((client) => given[client] !== answer[client]);
}

function publicationIn({ frame, version }: Flight): Publish | undefined {
  const packet = decode(frame, version);
  return packet.type === 'publish' ? packet : undefined;
}

function textOf({ payload }: Publish): string {
  return new TextDecoder().decode(payload);
}
