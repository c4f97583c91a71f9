// Lesson 8 as data: the stories of its figures, what its prediction and its goal look at, and its exercise. Everything is
// read from worlds that ran; nothing here knows an answer by heart, and no words are here.
import {
  decode,
  type Flight,
  type Input,
  type Publish,
  type QoS,
  type Setup,
  type Version,
  World,
} from '../../broker/index.ts';
import { pick, random, type Seed } from './chance.ts';
import { type Exhibit, endOf, exactly } from './exhibit.ts';
import { begin, type Run, settled, way } from './run.ts';
import type { Participant, Scenario, Variant } from './scenario.ts';

const TOPIC = 'Room1/Light';
export const PAYLOAD = 'Turn On';

const PARTICIPANTS: readonly Participant[] = [
  { name: 'p1', role: 'publisher' },
  { name: 'broker', role: 'broker' },
  { name: 'phone', role: 'subscriber' },
];

/** Seconds for which a 5.0 session outlives its connection: what Clean Session 0 does by itself in 3.1.1. */
const SESSION_EXPIRY = 3600;
/** What p1 published before, so that its next packet identifier is not the same as the broker's. */
const EARLIER = 3;

/** What a story is made of. */
interface Story {
  version: Version;
  published: QoS;
  granted?: QoS;
  topic?: string;
  payload?: string;
  /** How many messages p1 has published before. */
  earlier?: number;
}

/** p1 publishes one message and the phone receives it. Both keep their sessions; both were connected long before. */
function scenarioOf(story: Story, steps: number): Scenario {
  const { version, published, granted = 2, topic = TOPIC, payload = PAYLOAD, earlier = EARLIER } = story;
  const lasting = version === 5 ? { properties: { sessionExpiryInterval: SESSION_EXPIRY } } : {};
  const session = { cleanStart: false, keepAlive: 0, ...lasting };
  const setup: Setup = { version, clients: ['p1', 'phone'].map((name) => ({ name, ...session })) };
  const before = settled(setup, [
    { do: 'connect', client: 'p1' },
    { do: 'connect', client: 'phone' },
    { do: 'subscribe', client: 'phone', topicFilter: topic, qos: granted },
    ...Array.from({ length: earlier }, (): Input => {
      return { do: 'publish', client: 'p1', topic: 'Room2/Door', payload: 'Shut', qos: 1 };
    }),
  ]);
  const publish: Input = { do: 'publish', client: 'p1', topic, payload, qos: published };
  const scenario = { setup, participants: PARTICIPANTS, before, opening: [], script: [publish] };
  return { ...scenario, opening: way(begin(scenario)).slice(0, steps) };
}

/** The stories of the first figure: each QoS in each version. */
export const variants: readonly Variant[] = ([4, 5] as const).flatMap((version) =>
  ([0, 1, 2] as const).map((qos) => ({
    key: `${version}-${qos}`,
    qos,
    scenario: qos === 1 ? oneAnswerLeft(version) : scenarioOf({ version, published: qos }, 1),
  })),
);

/** The figure opens with all delivered at QoS 1 but the PUBACK to p1. */
function oneAnswerLeft(version: Version): Scenario {
  const scenario = scenarioOf({ version, published: 1 }, 0);
  const inputs = way(begin(scenario));
  const world = new World(scenario.setup, [...scenario.before, ...inputs]);
  const last = world.flights.find(
    (flight) => flight.to === 'p1' && flight.sentAfter >= scenario.before.length,
  );
  return {
    ...scenario,
    opening: inputs.filter((input) => input.do !== 'deliver' || input.flight !== last?.number),
  };
}

export const OPENS = '4-1';

/** The prediction: the same beginning, and then p1's connection is cut. */
export const prediction: Scenario = {
  ...oneAnswerLeft(4),
  plan: [{ do: 'cut', client: 'p1' }],
};

const MINUTE = 60_000;

/** Where the first figure shows what common mistakes are about. */
export const exhibits = {
  hops: endOf('handshake', variants, '4-2'),
  /** The PUBACK is on its way, and nobody sends anything for an hour. */
  patient: afterOpening({ do: 'wait', time: 60 * MINUTE }),
  /** The link stands still for a minute and moves again: the PUBACK comes, late. */
  late: afterOpening(
    { do: 'freeze', client: 'p1' },
    { do: 'wait', time: MINUTE },
    { do: 'thaw', client: 'p1' },
  ),
  /** The PUBACK is lost with its connection, and p1 comes back. */
  again: afterOpening({ do: 'cut', client: 'p1' }),
} as const;

/** QoS 1 as the figure opens, then this, then all that follows by itself. */
function afterOpening(...acts: readonly Input[]): Exhibit {
  const scenario = oneAnswerLeft(4);
  const inputs = [...scenario.opening, ...acts];
  return exactly('handshake', variants, OPENS, way({ scenario, inputs, at: inputs.length }));
}

/** The goal's figure: QoS 2, with the first PUBLISH on its way. */
export const goalVariants: readonly [Variant, Variant] = [goalVariant(4), goalVariant(5)];

function goalVariant(version: Version): Variant {
  return { key: `${version}-2`, qos: 2, scenario: scenarioOf({ version, published: 2 }, 1) };
}

/** How often the phone's application was given the message. */
export function deliveries(world: World, payload: string = PAYLOAD): number {
  const received = world.snapshot().clients['phone']?.received ?? [];
  return received.filter((each) => new TextDecoder().decode(each.payload) === payload).length;
}

/** What the goal found. */
export interface Found {
  /** PUBLISH packets of p1 in this story, and their numbers in the figure. */
  readonly published: readonly {
    readonly number: number;
    readonly flight: Flight;
    readonly packet: Publish;
  }[];
  readonly repeated: boolean;
  readonly bothArrived: boolean;
  readonly sameId: boolean;
  readonly deliveries: number;
  /** What keeps it from being met, if anything does. */
  readonly obstacle:
    | 'notCut'
    | 'notBack'
    | 'firstLost'
    | 'released'
    | 'secondLost'
    | 'onItsWay'
    | 'notDelivered'
    | undefined;
}

/** One message, two PUBLISH packets that reach the broker, one delivery. */
export function judge(world: World, scenario: Scenario): Found {
  const own = world.flights.filter(({ sentAfter }) => sentAfter >= scenario.before.length);
  const published = own.flatMap((flight, index) => {
    const packet = decode(flight.frame, flight.version);
    return flight.from === 'p1' && packet.type === 'publish' ? [{ number: index + 1, flight, packet }] : [];
  });
  const [first, second] = published;
  const repeated = second?.packet.dup ?? false;
  const bothArrived = repeated && [first, second].every((each) => each?.flight.state === 'delivered');
  const found = {
    published,
    repeated,
    bothArrived,
    sameId: second !== undefined && first?.packet.packetId === second.packet.packetId,
    deliveries: deliveries(world),
  };
  return { ...found, obstacle: obstacleIn(world, own, found) };
}

function obstacleIn(world: World, own: readonly Flight[], found: Omit<Found, 'obstacle'>): Found['obstacle'] {
  const [first, second] = found.published;
  if (first?.flight.state === 'lost') return 'firstLost';
  if (!found.repeated) {
    const sent = own.map(({ frame, version }) => decode(frame, version).type);
    if (sent.includes('pubrel') && own.some(({ from, frame }) => from === 'p1' && frame[0] === PUBREL))
      return 'released';
    if (world.link('p1') === 'none') return 'notBack';
    return sent.includes('connect') ? 'onItsWay' : 'notCut';
  }
  if (second?.flight.state === 'lost') return 'secondLost';
  if (!found.bothArrived) return 'onItsWay';
  return found.deliveries === 1 ? undefined : 'notDelivered';
}

const PUBREL = 0x62;

/** A way to the goal: cut while the PUBREC is on its way to p1, then go on to the end. */
export function solution(scenario: Scenario): Run {
  const start = begin(scenario);
  const inputs = way(start);
  const world = new World(scenario.setup, scenario.before);
  const steps: Input[] = [];
  for (const input of inputs) {
    const answer = world.flights.find(
      (flight) => flight.to === 'p1' && flight.sentAfter >= scenario.before.length,
    );
    if (answer) break;
    world.apply(input);
    steps.push(input);
  }
  const run: Run = { scenario, inputs: [...steps, { do: 'cut', client: 'p1' }], at: start.at };
  return { ...run, inputs: way(run) };
}

/** The QoS at which the phone receives what p1 published, found by letting a broker do it. */
export function deliveredQoS(published: QoS, granted: QoS): QoS | undefined {
  const scenario = scenarioOf({ version: 4, published, granted }, 0);
  const world = new World(scenario.setup, [...scenario.before, ...way(begin(scenario))]);
  return world.snapshot().clients['phone']?.received.find(({ topic }) => topic === TOPIC)?.qos;
}

/** What is sent again. */
export type Again = 'publish' | 'publishDup' | 'pubrel' | 'nothing';

export interface Answer {
  readonly again: Again;
  /** The identifier under which it is sent; undefined where nothing is. */
  readonly packetId: number | undefined;
  readonly deliveries: number;
}

/** An exercise: a cut, and what comes of it. */
export interface Question {
  readonly scenario: Scenario;
  /** Who loses the connection. */
  readonly client: string;
  readonly payload: string;
  /** Up to the cut, and on from there to the end. */
  readonly run: Run;
  /** The same for a figure that goes on from the cut. */
  readonly order: { readonly variant: string; readonly run: Run };
  readonly answer: Answer;
}

const PLACES = [
  ['Room1/Light', 'Turn On'],
  ['hall/lamp', 'off'],
  ['garden/gate', 'open'],
  ['roof/fan', 'slow'],
] as const satisfies [readonly [string, string], ...(readonly [string, string])[]];

/** Makes the exercise of a seed. */
export function questionOf(seed: Seed): Question {
  const chance = random(seed);
  const [topic, payload] = pick<readonly [string, string]>(chance, PLACES);
  const story: Story = {
    version: pick(chance, [4, 5]),
    published: pick<QoS>(chance, [1, 2, 1, 2, 0]),
    topic,
    payload,
    earlier: Math.floor(chance() * 9),
  };
  const client = pick(chance, ['p1', 'p1', 'phone']);
  const scenario = scenarioOf(story, 0);
  const inputs = way(begin(scenario));
  // While something is on its way on this client's link; a cut of an idle link asks nothing.
  const cuts = inputs.flatMap((_, index) =>
    isBusy(scenario, inputs.slice(0, index + 1), client) ? [index + 1] : [],
  );
  const at = pick(chance, [cuts[0] ?? 1, ...cuts.slice(1)]);
  const cut: Input = { do: 'cut', client };
  const run: Run = { scenario, inputs: [...inputs.slice(0, at), cut], at: at + 1 };
  const whole = way(run);
  const world = new World(scenario.setup, [...scenario.before, ...whole]);
  const asked = { ...run, inputs: whole };
  const answer = answerIn(world, scenario, client, at, payload);
  return { scenario, client, payload, run: asked, order: { variant: seed, run: asked }, answer };
}

/** What is wrong with an answer, the first thing first; undefined if nothing is. */
export function markOf(
  { answer }: Question,
  given: Answer,
): 'again' | 'packetId' | 'noId' | 'deliveries' | undefined {
  if (given.again !== answer.again) return 'again';
  if (given.packetId !== answer.packetId) return answer.packetId === undefined ? 'noId' : 'packetId';
  return given.deliveries === answer.deliveries ? undefined : 'deliveries';
}

function isBusy(scenario: Scenario, inputs: readonly Input[], client: string): boolean {
  const world = new World(scenario.setup, [...scenario.before, ...inputs]);
  return world.flights.some((flight) => flight.client === client && flight.state === 'in flight');
}

/** Reads off what is sent again on a client's second connection, by whichever end took the identifier. */
function answerIn(world: World, scenario: Scenario, client: string, at: number, payload: string): Answer {
  const sender = client === 'p1' ? 'p1' : 'broker';
  const after = world.flights.filter(
    (flight) =>
      flight.client === client && flight.from === sender && flight.sentAfter > scenario.before.length + at,
  );
  const packets = after.map(({ frame, version }) => decode(frame, version));
  const first = packets.find(({ type }) => type === 'publish' || type === 'pubrel');
  return { again: againOf(first), packetId: idOf(first), deliveries: deliveries(world, payload) };
}

function againOf(packet: ReturnType<typeof decode> | undefined): Again {
  if (packet?.type === 'pubrel') return 'pubrel';
  if (packet?.type !== 'publish') return 'nothing';
  return packet.dup ? 'publishDup' : 'publish';
}

function idOf(packet: ReturnType<typeof decode> | undefined): number | undefined {
  return packet && 'packetId' in packet ? packet.packetId : undefined;
}
