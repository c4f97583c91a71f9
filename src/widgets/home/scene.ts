// One moment of a run, as the figure shows it: what is on each wire, what the broker found, what each subscriber got.
// Everything in it is read from the world and its trace; nothing is decided here.
import { decode, type Flight, type PacketType, type World } from '#broker/index.ts';
import { PUBLISHER, SUBSCRIBERS } from './room.ts';
import { canStep, type Run, worldOf } from './run.ts';
import { type Verdict, verdict } from './verdict.ts';

export interface Subscriber {
  name: string;
  topicFilter: string;
  /** What travelled between it and the broker for this publication, in the order of sending. */
  flights: readonly Flight[];
  state: 'nothing' | 'on its way' | 'got';
  /** What it got, as text. */
  message: string | undefined;
  /** What the broker found; undefined until the publication has reached it. */
  verdict: Verdict | undefined;
}

export interface Scene {
  hasBack: boolean;
  hasNext: boolean;
  /** What travelled between the publisher and the broker. */
  sent: readonly Flight[];
  subscribers: readonly Subscriber[];
  /** The publication's topic, once the broker has it. */
  topic: string | undefined;
  /** The publication's QoS; 0 while there is none. */
  qos: number;
  /** Whether the broker does not let this client publish there. */
  isRefused: boolean;
  /** What the broker did with the message that it keeps for the topic, if it did anything. */
  retained: 'stored' | 'replaced' | 'removed' | undefined;
  /** The packet that the last step let arrive; undefined when the last step was to publish. */
  arrived: Flight | undefined;
}

/** Looks at a run where it stands. */
export function sceneOf(run: Run): Scene {
  const { world, publication, flights, events } = replay(run);
  const sent = flights.filter(({ client }) => client === PUBLISHER);
  const matched = events.find((event) => event.kind === 'matched');
  const retained = events.find((event) => event.kind === 'retained');
  const last = run.inputs[run.at - 1];
  return {
    hasBack: run.at > 0,
    hasNext: canStep(run),
    sent,
    subscribers: SUBSCRIBERS.map((one) => subscriber(one, world, flights, matched?.topic)),
    topic: sent[0]?.state === 'delivered' ? publication?.topic : undefined,
    qos: publication?.qos ?? 0,
    isRefused: events.some((event) => event.kind === 'refused'),
    retained: retained?.action,
    arrived: last?.do === 'deliver' ? world.flights[last.flight - 1] : undefined,
  };
}

/** The world at this place, and of all that happened in it what came of the last publication. */
function replay({ inputs, at }: Run) {
  const done = inputs.slice(0, at);
  const place = Math.max(
    0,
    done.findLastIndex((input) => input.do === 'publish'),
  );
  const publication = done[place];
  const world = worldOf({ inputs, at: place });
  const before = { flights: world.flights.length, events: world.trace.length };
  for (const input of done.slice(place)) world.apply(input);
  return {
    world,
    publication: publication?.do === 'publish' ? publication : undefined,
    flights: world.flights.slice(before.flights),
    events: world.trace.slice(before.events),
  };
}

function subscriber(
  { name, topicFilter }: { name: string; topicFilter: string },
  world: World,
  flights: readonly Flight[],
  matched: string | undefined,
): Subscriber {
  const own = flights.filter(({ client }) => client === name);
  const state = own[0] === undefined ? 'nothing' : own[0].state === 'delivered' ? 'got' : 'on its way';
  const received = state === 'got' ? world.snapshot().clients[name]?.received.at(-1) : undefined;
  return {
    name,
    topicFilter,
    flights: own,
    state,
    message: received && text(received.payload),
    verdict: matched === undefined ? undefined : verdict(topicFilter, matched),
  };
}

/** All packets on the wires, those of the publisher first. */
export function flightsOf({ sent, subscribers }: Scene): Flight[] {
  return [...sent, ...subscribers.flatMap(({ flights }) => flights)];
}

/** The packet that the broker shows: the one chosen, or else the publication, once it has arrived. */
export function openedOf(scene: Scene, chosen: number | undefined): Flight | undefined {
  const found = flightsOf(scene).find(({ number }) => number === chosen);
  return found ?? scene.sent.find(({ state }) => state === 'delivered');
}

/** What type of packet is in flight. */
export function typeOf({ frame, version }: Flight): PacketType {
  return decode(frame, version).type;
}

/** Bytes as the text that they spell. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
