// What a reader has done on the home page, and how far along it they stand. One publication is under way at a time; what
// is in flight is delivered, oldest first. Going back is doing less of it again. Knows nothing of how it is drawn.
import { type Input, type Publish, type QoS, World } from '#broker/index.ts';
import { BEFORE, PUBLISHER, SETUP, settle } from './room.ts';

/** What the publisher's form says. */
export interface Publication {
  topic: string;
  message: string;
  qos: QoS;
  retain: boolean;
}

export interface Run {
  /** What was done, and what of it was taken back. */
  readonly inputs: readonly Input[];
  /** How many of them are done. */
  readonly at: number;
}

export const FIRST: Publication = { topic: 'Room1/Light', message: 'Turn On', qos: 0, retain: false };

/** How far the first publication has come when the page opens: one copy has arrived, one is in flight. */
const OPENING_STEPS = 3;

/** The run with which the page opens. */
export function opening(): Run {
  return toEnd(publish({ inputs: [], at: 0 }, FIRST), OPENING_STEPS);
}

/** The world as it is at this place of a run. */
export function worldOf({ inputs, at }: Run): World {
  return new World(SETUP, [...BEFORE, ...inputs.slice(0, at)]);
}

/** Publishes a message, once everything has arrived that is still under way. */
export function publish(run: Run, { topic, message, qos, retain }: Publication): Run {
  const world = worldOf(run);
  settle(world);
  world.apply({ do: 'publish', client: PUBLISHER, topic, payload: message, qos, retain });
  const inputs = world.inputs.slice(BEFORE.length);
  return { inputs, at: inputs.length };
}

/** Goes on by one step: what was taken back, or else the next packet arrives. At the end nothing changes. */
export function step(run: Run): Run {
  const { inputs, at } = run;
  if (at < inputs.length) return { inputs, at: at + 1 };
  const flight = worldOf(run).next();
  if (flight === undefined) return run;
  return { inputs: [...inputs, { do: 'deliver', flight: flight.number }], at: at + 1 };
}

/** Takes the last step back. At the start nothing changes. */
export function back({ inputs, at }: Run): Run {
  return { inputs, at: Math.max(0, at - 1) };
}

/** Before anything was published. */
export function toStart({ inputs }: Run): Run {
  return { inputs, at: 0 };
}

/** Steps until nothing is in flight any more, or until so many steps are done. */
export function toEnd(run: Run, steps: number = Number.POSITIVE_INFINITY): Run {
  let last = run;
  for (let next = step(last); next !== last && next.at <= steps; next = step(last)) last = next;
  return last;
}

/** Whether there is a next step. */
export function canStep(run: Run): boolean {
  return step(run) !== run;
}

/** The PUBLISH that a form would send; its packet identifier is the first one. */
export function publishOf({ topic, message, qos, retain }: Publication): Publish {
  const payload = new TextEncoder().encode(message);
  return { type: 'publish', dup: false, qos, retain, topic, ...(qos > 0 && { packetId: 1 }), payload };
}
