// Comparisons to begin with: a world, and what the one beside it has otherwise. Plain data; no words are here.
import type { Input, Setup } from '#broker/index.ts';
import { settled } from '../../lessons/run.ts';
import type { Twist } from './compare.ts';
import { type Lab, labOf } from './lab.ts';

export interface Ready {
  /** A name that the page has words for. */
  readonly name: 'versions' | 'cut' | 'qos';
  readonly lab: Lab;
  readonly twist: Twist;
}

const publish = (qos: 1 | 2): Input => ({
  do: 'publish',
  client: 'p1',
  topic: 'Room1/Light',
  payload: 'Turn On',
  qos,
});

/** Both keep their sessions; Clean Session 0 is all that says so. */
const KEEPING: Setup = {
  version: 4,
  clients: ['p1', 'phone'].map((name) => ({ name, keepAlive: 0, cleanStart: false })),
};

const ARRIVED: readonly Input[] = [
  { do: 'connect', client: 'phone' },
  { do: 'subscribe', client: 'phone', topicFilter: 'Room1/#', qos: 2 },
  { do: 'connect', client: 'p1' },
];

/** Who is away while a message comes: the same CONNECT means a session in 3.1.1, and none in 5.0. */
function versions(): Ready {
  const inputs = settled(KEEPING, [
    ...ARRIVED,
    { do: 'disconnect', client: 'phone' },
    publish(1),
    { do: 'connect', client: 'phone' },
  ]);
  return { name: 'versions', lab: labOf(KEEPING, inputs), twist: { kind: 'version', version: 5 } };
}

/** The broker has the message, and its answer is on the way. */
function answering(qos: 1 | 2): { inputs: Input[]; behind: number } {
  const before = settled(KEEPING, ARRIVED);
  const sent = [...before, publish(qos)];
  const last = settled(KEEPING, [], sent);
  const first = { do: 'deliver', flight: ARRIVED.length * 2 + 1 } as const;
  return { inputs: [...sent, first, ...last.slice(1)], behind: sent.length + 1 };
}

/** The answer is lost with the connection of p1, and p1 returns. */
function cut(): Ready {
  const { inputs, behind } = answering(1);
  return { name: 'cut', lab: labOf(KEEPING, inputs), twist: { kind: 'cut', client: 'p1', behind } };
}

/** The same cut at QoS 1 and at QoS 2: who has the message twice? */
function qos(): Ready {
  const { inputs, behind } = answering(1);
  const lost: Input[] = [
    ...inputs.slice(0, behind),
    { do: 'cut', client: 'p1' },
    { do: 'connect', client: 'p1' },
  ];
  return {
    name: 'qos',
    lab: labOf(KEEPING, [...lost, ...settled(KEEPING, [], lost)]),
    twist: { kind: 'qos', qos: 2 },
  };
}

/** All of them, made when they are asked for. */
export const READY = { versions, cut, qos } as const satisfies Record<Ready['name'], () => Ready>;
