// The second exercise of lesson 8: the packets of a handshake, shuffled. An order is right if a world can make the packets
// arrive in it; since the two hops do not wait for each other, more than one is.
import {
  decode,
  type Flight,
  type Input,
  type PacketType,
  type QoS,
  type Setup,
  type Version,
  World,
} from '../../broker/index.ts';
import { pick, random, type Seed, shuffle } from './chance.ts';
import { settled } from './run.ts';

const TOPIC = 'Room1/Light';
const PAYLOAD = 'Turn On';

/** One packet of the handshake. */
export interface Card {
  /** Tells it from the others: no hop has two packets of a type in one direction. */
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly type: PacketType;
  readonly frame: Uint8Array;
  readonly version: Version;
}

export interface Question {
  readonly published: QoS;
  readonly granted: QoS;
  readonly setup: Setup;
  /** What has happened when the first packet is on its way. */
  readonly before: readonly Input[];
  /** Shuffled; this order is not one that can happen. */
  readonly cards: readonly Card[];
  /** An order that can happen, by keys. */
  readonly answer: readonly string[];
}

/** Makes the exercise of a seed. */
export function questionOf(seed: Seed): Question {
  const chance = random(seed);
  const version = pick<Version>(chance, [4, 5]);
  const [published, granted] = pick<readonly [QoS, QoS]>(chance, [
    [1, 1],
    [2, 2],
    [2, 1],
    [2, 0],
    [1, 2],
  ]);
  const setup: Setup = { version, clients: ['p1', 'phone'].map((name) => ({ name, keepAlive: 0 })) };
  const before = [
    ...settled(setup, [
      { do: 'connect', client: 'p1' },
      { do: 'connect', client: 'phone' },
      { do: 'subscribe', client: 'phone', topicFilter: TOPIC, qos: granted },
    ]),
    { do: 'publish', client: 'p1', topic: TOPIC, payload: PAYLOAD, qos: published } as const,
  ];
  const world = new World(setup, before);
  for (let next = world.next(); next; next = world.next())
    world.apply({ do: 'deliver', flight: next.number });
  const cards = ownFlights(world, before).map(cardOf);
  const question = { published, granted, setup, before, cards, answer: cards.map(({ key }) => key) };
  const mixed = shuffle(chance, cards);
  const isRight =
    markOf(
      question,
      mixed.map(({ key }) => key),
    ) === undefined;
  return { ...question, cards: isRight ? mixed.reverse() : mixed };
}

/** The packets of the story; those of connecting and subscribing are not. */
function ownFlights({ flights }: World, before: readonly Input[]): Flight[] {
  return flights.filter(({ sentAfter }) => sentAfter >= before.length - 1);
}

function cardOf({ from, to, frame, version }: Flight): Card {
  const { type } = decode(frame, version);
  return { key: `${from} ${to} ${type}`, from, to, type, frame, version };
}

/**
 * Lets the packets arrive in an order.
 * Out: the place, from 0, of the first one that cannot arrive there; undefined if all can.
 */
export function markOf({ setup, before }: Question, order: readonly string[]): number | undefined {
  const world = new World(setup, before);
  const wrong = order.findIndex((key) => {
    const flight = world.deliverable().find((each) => cardOf(each).key === key);
    if (flight) world.apply({ do: 'deliver', flight: flight.number });
    return !flight;
  });
  return wrong < 0 ? undefined : wrong;
}

/** The same cards with one of them moved up or down by one place, if there is one. */
export function moved(order: readonly string[], place: number, by: 1 | -1): readonly string[] {
  const [card, other] = [order[place], order[place + by]];
  return card === undefined || other === undefined ? order : order.with(place, other).with(place + by, card);
}
