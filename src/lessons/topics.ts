// Lesson 2 as data: what its matcher opens with, what its predictions run, the topics of its goal, and its exercise. What
// arrives is found by letting a broker match; nothing here knows an answer by heart, and no words are here.
import { ImpossibleInput, type Input, type Setup, World } from '../../broker/index.ts';
import { pick, random, type Seed, shuffle } from './chance.ts';
import { settled } from './run.ts';
import type { Participant, Scenario, Variant } from './scenario.ts';

const PUBLISHER = 'p1';
const SUBSCRIBER = 'phone';

const PARTICIPANTS: readonly Participant[] = [
  { name: PUBLISHER, role: 'publisher' },
  { name: 'broker', role: 'broker' },
  { name: SUBSCRIBER, role: 'subscriber' },
];

const SETUP: Setup = {
  version: 4,
  clients: [PUBLISHER, SUBSCRIBER].map((name) => ({ name, keepAlive: 0 })),
};

const connects: readonly Input[] = [PUBLISHER, SUBSCRIBER].map((client) => ({ do: 'connect', client }));

const subscribes = (topicFilter: string): Input => ({
  do: 'subscribe',
  client: SUBSCRIBER,
  topicFilter,
  qos: 0,
});

function publishes(topic: string, payload: string): Input {
  return { do: 'publish', client: PUBLISHER, topic, payload, qos: 0 };
}

/** What the matcher shows: filters, topic names, and the pair that is looked at. */
export interface Table {
  readonly filters: readonly string[];
  readonly topics: readonly string[];
  /** A filter and a topic, by their places. */
  readonly picked: readonly [filter: number, topic: number];
}

export const TABLE: Table = {
  filters: ['+/Light', 'Room1/#', '#'],
  topics: [
    'Room1/Light',
    'Room2/Light',
    'Room1/Lamp/Light',
    'Room1/light',
    'Light',
    '/Light',
    'Room1',
    '$SYS/broker/uptime',
  ],
  picked: [0, 2],
};

/** Tables to which common mistakes point. */
export const tables = {
  everything: { filters: ['#', '$SYS/#'], topics: ['Room1/Light', '$SYS/broker/uptime'], picked: [0, 1] },
  parent: { filters: ['Room1/#', 'Room1/+'], topics: ['Room1', 'Room1/', 'Room1/Light'], picked: [0, 0] },
  part: { filters: ['Room+/Light', '+/Light'], topics: ['Room1/Light', 'Room2/Light'], picked: [0, 0] },
  slash: {
    filters: ['Room1/Light', '/Room1/Light'],
    topics: ['Room1/Light', '/Room1/Light'],
    picked: [1, 0],
  },
  spelling: {
    filters: ['Room1/Light'],
    topics: ['Room1/Light', 'room1/light', 'Room1/Light '],
    picked: [0, 2],
  },
  levels: { filters: ['+/Light', '#'], topics: ['Room1/Lamp/Light'], picked: [0, 0] },
} as const satisfies Record<string, Table>;

/** A phone with one subscription, and p1 that publishes “1”, “2” and so on, one to each topic. */
function story(key: string, topicFilter: string, topics: readonly string[]): Variant {
  const script = topics.map((topic, index) => publishes(topic, String(index + 1)));
  const scenario: Scenario = {
    setup: SETUP,
    participants: PARTICIPANTS,
    tells: 'topic',
    before: settled(SETUP, [...connects, subscribes(topicFilter)]),
    opening: [],
    script,
  };
  return { key, scenario };
}

/** The predictions, and for each the payloads that its options name, in their order. */
export const predictions = {
  hash: {
    variant: story('hash', '#', ['Room1/Light', '/Light', '$lab/Light']),
    outcomes: ['123', '12', '1'],
  },
  plus: {
    variant: story('plus', 'Room1/+', ['Room1', 'Room1/Light', 'Room1/', 'Room1/Lamp/Light']),
    outcomes: ['123', '2', '23', '24'],
  },
} as const;

/** Which of the options a world shows. */
export function outcomeOf(world: World, outcomes: readonly string[]): number {
  const received = world.snapshot().clients[SUBSCRIBER]?.received ?? [];
  return outcomes.indexOf(received.map(({ payload }) => new TextDecoder().decode(payload)).join(''));
}

/**
 * Lets a phone subscribe to a filter, and p1 publish to each of these topics.
 * Out: the topics of the messages that reached the phone; undefined where no client can send such a SUBSCRIBE.
 */
export function arrivalsOf(topicFilter: string, topics: readonly string[]): ReadonlySet<string> | undefined {
  try {
    const acts = [...connects, subscribes(topicFilter), ...topics.map((topic) => publishes(topic, topic))];
    const world = new World(SETUP, settled(SETUP, acts));
    return new Set(world.snapshot().clients[SUBSCRIBER]?.received.map(({ topic }) => topic));
  } catch (error) {
    if (error instanceof ImpossibleInput) return undefined;
    throw error;
  }
}

/** The goal: one filter for these topics and for none of those. */
export const WANTED = [
  'home/kitchen/temperature',
  'home/attic/temperature/min',
  'home/attic/temperature/max/today',
] as const;
export const UNWANTED = [
  'home/temperature',
  'home/kitchen/light',
  'home/attic/roof/temperature',
  'home/kitchen/Temperature',
  '/home/kitchen/temperature',
] as const;
export const SOLUTION = 'home/+/temperature/#';

/** What the goal found. */
export interface Found {
  readonly granted: boolean;
  /** Topics that were to arrive and did, and that were not and did. */
  readonly right: readonly string[];
  readonly wrong: readonly string[];
  /** The first topic that went wrong. */
  readonly different: string | undefined;
}

/** Compares what arrives with what is to arrive. */
export function judge(topicFilter: string): Found {
  const arrivals = arrivalsOf(topicFilter, [...WANTED, ...UNWANTED]);
  const arrived = (topic: string) => arrivals?.has(topic) ?? false;
  return {
    granted: arrivals !== undefined,
    right: WANTED.filter(arrived),
    wrong: UNWANTED.filter(arrived),
    different: WANTED.find((topic) => !arrived(topic)) ?? UNWANTED.find(arrived),
  };
}

/** An exercise: a filter, and topics of which it matches some. */
export interface Question {
  readonly topicFilter: string;
  readonly topics: readonly string[];
  /** Those that arrive. */
  readonly answer: readonly string[];
}

const NAMES = ['Room1', 'hall', 'garden', 'roof', 'lamp', 'door', 'fan', 'temperature', 'state'] as const;
const TOPICS = 6;

/** Makes the exercise of a seed. */
export function questionOf(seed: Seed): Question {
  const chance = random(seed);
  const topicFilter = filterBy(chance);
  const found = new Set<string>();
  // Every other one is made to match; the rest are changed a little, and may match all the same.
  for (let made = 0; found.size < TOPICS; made++) {
    const topic = topicFor(topicFilter, chance);
    const other = changed(topic, chance);
    found.add(made % 2 === 1 && other !== '' ? other : topic);
  }
  const topics = shuffle(chance, [...found]);
  const arrivals = arrivalsOf(topicFilter, topics);
  return { topicFilter, topics, answer: topics.filter((topic) => arrivals?.has(topic)) };
}

function filterBy(chance: () => number): string {
  const [first = '', second = '', third = ''] = shuffle(chance, NAMES);
  return pick(chance, [
    `${first}/${second}/+`,
    `${first}/+/${second}`,
    `+/${first}`,
    `+/${first}/#`,
    `${first}/#`,
    `${first}/${second}/#`,
    `${first}/+/${second}/#`,
    `+/${first}/+`,
    `/+/${first}`,
    `/${first}/#`,
    `${first}/${second}/${third}`,
  ]);
}

/** A topic that a filter matches. */
function topicFor(topicFilter: string, chance: () => number): string {
  const levels = topicFilter.split('/').flatMap((level) => {
    if (level === '+') return [pick(chance, NAMES)];
    if (level !== '#') return [level];
    return shuffle(chance, NAMES).slice(0, Math.floor(chance() * 3));
  });
  return levels.join('/');
}

/** The same topic with something about it that may matter. */
function changed(topic: string, chance: () => number): string {
  const levels = topic.split('/');
  const at = Math.floor(chance() * levels.length);
  const level = levels[at] ?? '';
  return pick<() => string>(chance, [
    () => levels.with(at, pick(chance, NAMES)).join('/'),
    () => levels.with(at, otherCase(level)).join('/'),
    () => levels.toSpliced(at, 0, pick(chance, NAMES)).join('/'),
    () => levels.toSpliced(at, levels.length > 1 ? 1 : 0).join('/'),
    () => `/${topic}`,
    () => `${topic}/`,
    () => `$${topic}`,
  ])();
}

function otherCase(level: string): string {
  const upper = level.charAt(0).toUpperCase() + level.slice(1);
  return upper === level ? level.toLowerCase() : upper;
}

/** The topics for which an answer is wrong. */
export function markOf({ topics, answer }: Question, given: readonly string[]): string[] {
  return topics.filter((topic) => given.includes(topic) !== answer.includes(topic));
}
