// A run, replayed: what each step of it changed, moment by moment. It holds plain copies of a world's state, so that a
// diagram of any moment can be drawn from it; it draws nothing.
import { type Flight, type Input, type TraceEvent, World } from '../../../broker/index.ts';
import { type Run, way } from '../../lessons/run.ts';
import type { Scenario } from '../../lessons/scenario.ts';

export type LinkState = 'none' | 'connected' | 'frozen';

/** How things stand after a number of steps. */
export interface Moment {
  /** The step that led here; undefined at the beginning. */
  readonly input: Input | undefined;
  /** Where each packet is, by its number. Those sent before the figure began are not in it. */
  readonly states: ReadonlyMap<number, Flight['state']>;
  readonly snapshot: ReturnType<World['snapshot']>;
  readonly links: Readonly<Record<string, LinkState>>;
  /** The packets that can arrive next: one at most in each direction of a link that moves. */
  readonly deliverable: ReadonlySet<number>;
  /** What the step made happen. */
  readonly events: readonly TraceEvent[];
  /** The packets that the step made somebody send. */
  readonly sent: readonly Flight[];
}

export interface Timeline {
  /** The whole way, done or not. */
  readonly inputs: readonly Input[];
  /** One more than there are inputs: the first is the beginning. */
  readonly moments: readonly Moment[];
  /** All packets of the figure. */
  readonly flights: readonly Flight[];
  /** What the story is about. */
  readonly tells?: Scenario['tells'] | undefined;
}

/** Replays a run to its very end, and writes down every moment of it. */
export function timeline(run: Run): Timeline {
  const { setup, before } = run.scenario;
  const inputs = way(run);
  const world = new World(setup, before);
  const earlier = world.flights.length;
  const moments = [momentOf(world, earlier, undefined, { flights: earlier, events: world.trace.length })];
  for (const input of inputs) {
    const seen = { flights: world.flights.length, events: world.trace.length };
    world.apply(input);
    moments.push(momentOf(world, earlier, input, seen));
  }
  return { inputs, moments, flights: world.flights.slice(earlier), tells: run.scenario.tells };
}

function momentOf(
  world: World,
  earlier: number,
  input: Input | undefined,
  seen: { flights: number; events: number },
): Moment {
  const links = world.setup.clients.map(({ name }) => [name, world.link(name)] as const);
  return {
    input,
    states: new Map(world.flights.slice(earlier).map(({ number, state }) => [number, state])),
    snapshot: world.snapshot(),
    links: Object.fromEntries(links),
    deliverable: new Set(world.deliverable().map(({ number }) => number)),
    events: world.trace.slice(seen.events),
    sent: world.flights.slice(seen.flights),
  };
}
