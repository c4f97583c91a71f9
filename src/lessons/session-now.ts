// The second exercise of lesson 9: what the broker keeps for the phone at the end of a story. Read off the broker of a world
// that did what the story tells.
import {
  type ClientSetup,
  type Input,
  type QoS,
  type Setup,
  type Version,
  World,
} from '../../broker/index.ts';
import { pick, random, type Seed, shuffle } from './chance.ts';
import { settled } from './run.ts';

const PHONE = 'phone';
const PUBLISHER = 'p1';

export interface Message {
  readonly topic: string;
  readonly qos: QoS;
}

export interface Question {
  readonly version: Version;
  readonly cleanStart: boolean;
  /** Session Expiry Interval in seconds; undefined before 5.0. */
  readonly expiry: number | undefined;
  readonly subscriptions: readonly { readonly topicFilter: string; readonly qos: QoS }[];
  /** A filter from which the phone unsubscribes. */
  readonly unsubscribed: string | undefined;
  /** Whether the phone is gone when the messages come. */
  readonly isAway: boolean;
  readonly messages: readonly Message[];
  /** Seconds from then until now. */
  readonly later: number;
  readonly answer: Answer;
}

/** What is kept: topic filters, and the topics of messages that wait. Nothing of either if there is no session. */
export interface Answer {
  readonly subscriptions: readonly string[];
  readonly messages: readonly string[];
}

const FILTERS = ['Room1/#', 'hall/lamp'] as const;
/** One message to each, so that the topic tells it. */
const TOPICS = ['Room1/Door', 'Room1/Light', 'hall/lamp', 'garden/gate'] as const;

/** Makes the exercise of a seed. */
export function questionOf(seed: Seed): Question {
  const chance = random(seed);
  const qos = (): QoS => pick<QoS>(chance, [0, 1, 1, 2]);
  const version = pick<Version>(chance, [4, 5]);
  const story = {
    version,
    cleanStart: pick(chance, [false, false, false, true]),
    expiry: version === 5 ? pick(chance, [0, 60, 300, 300]) : undefined,
    subscriptions: FILTERS.map((topicFilter) => ({ topicFilter, qos: qos() })),
    unsubscribed: chance() < 0.3 ? pick<string>(chance, FILTERS) : undefined,
    isAway: chance() < 0.8,
    messages: shuffle(chance, TOPICS).map((topic) => ({ topic, qos: qos() })),
    later: pick(chance, [30, 30, 120]),
  };
  return { ...story, answer: answerOf(story) };
}

/** Lets a world do what the story tells, and looks at what its broker has on file. */
function answerOf(story: Omit<Question, 'answer'>): Answer {
  const { version, cleanStart, expiry = 0, subscriptions, unsubscribed, isAway, messages, later } = story;
  const properties = expiry > 0 ? { properties: { sessionExpiryInterval: expiry } } : {};
  const phone: ClientSetup = { name: PHONE, cleanStart, keepAlive: 0, ...properties };
  const setup: Setup = { version, clients: [{ name: PUBLISHER, keepAlive: 0 }, phone] };
  const acts: Input[] = [
    { do: 'connect', client: PUBLISHER },
    { do: 'connect', client: PHONE },
    ...subscriptions.map((each): Input => ({ do: 'subscribe', client: PHONE, ...each })),
  ];
  if (unsubscribed) acts.push({ do: 'unsubscribe', client: PHONE, topicFilter: unsubscribed });
  if (isAway) acts.push({ do: 'disconnect', client: PHONE });
  for (const message of messages) acts.push({ do: 'publish', client: PUBLISHER, payload: '1', ...message });
  acts.push({ do: 'wait', time: 1000 * later });
  const { sessions } = new World(setup, settled(setup, acts)).snapshot().broker;
  const session = sessions.find(({ clientId }) => clientId === PHONE);
  return {
    subscriptions: (session?.subscriptions ?? []).map(({ topicFilter }) => topicFilter),
    messages: (session?.queued ?? []).map(({ topic }) => topic),
  };
}

/** What is wrong with an answer, the first thing first; undefined if nothing is. */
export function markOf(
  { answer }: Question,
  given: Answer,
): 'ended' | 'subscriptions' | 'messages' | undefined {
  const isSame = (part: keyof Answer) =>
    given[part].length === answer[part].length && answer[part].every((each) => given[part].includes(each));
  if (answer.subscriptions.length === 0 && given.subscriptions.length + given.messages.length > 0)
    return 'ended';
  if (!isSame('subscriptions')) return 'subscriptions';
  return isSame('messages') ? undefined : 'messages';
}
