// A reader's way through a scenario: what was done, and how far along it they stand. Going back is doing less of it again.
// Where nothing was chosen, the way goes on by itself: what is in flight is delivered, what was cut returns, what was
// frozen or held goes on. Knows worlds; knows nothing of how they are drawn.
import { ImpossibleInput, type Input, type Setup, World } from '../../broker/index.ts';
import type { Scenario } from './scenario.ts';

export interface Run {
  readonly scenario: Scenario;
  /** What was done since the figure began, with what is planned. */
  readonly inputs: readonly Input[];
  /** How many of them have been done. */
  readonly at: number;
}

/** More steps than any figure has; a way that never ends stops here. */
const LONGEST = 400;

/** The run with which a figure opens. */
export function begin(scenario: Scenario): Run {
  return {
    scenario,
    inputs: [...scenario.opening, ...(scenario.plan ?? [])],
    at: scenario.opening.length,
  };
}

/** What it takes to do each input, and after it to deliver all that it set in motion; `before` has been done already. */
export function settled(setup: Setup, inputs: readonly Input[], before: readonly Input[] = []): Input[] {
  const world = new World(setup, before);
  for (const input of inputs) {
    world.apply(input);
    for (let flight = world.next(); flight; flight = world.next())
      world.apply({ do: 'deliver', flight: flight.number });
  }
  return world.inputs.slice(before.length);
}

/** A world in which the first `count` inputs of a run have been done. */
export function worldOf(run: Run, count: number = run.at): World {
  return new World(run.scenario.setup, [...run.scenario.before, ...run.inputs.slice(0, count)]);
}

/** The whole way: what was done and planned, and what follows from that by itself. */
export function way(run: Run): Input[] {
  const inputs = [...run.inputs];
  const world = worldOf(run, inputs.length);
  while (inputs.length < LONGEST) {
    const input = nextInput(world, run.scenario, inputs);
    if (input === undefined || !does(world, input)) break;
    inputs.push(input);
  }
  return inputs;
}

/**
 * Goes to a place on the way, forwards or back.
 * In: how many inputs are to have been done; beyond either end it stops there.
 */
export function go(run: Run, count: number): Run {
  if (count <= run.inputs.length) return { ...run, at: Math.max(0, count) };
  const inputs = way(run).slice(0, count);
  return { ...run, inputs, at: inputs.length };
}

/** The last place on the way. */
export function toEnd(run: Run): Run {
  return go(run, way(run).length);
}

/**
 * Does something. What lay ahead is kept if this is its first step, and is let go otherwise.
 * Throws `ImpossibleInput` where the world does not allow it.
 */
export function act(run: Run, input: Input): Run {
  if (isSame(way(run)[run.at], input)) return go(run, run.at + 1);
  const world = worldOf(run);
  world.apply(input);
  return { ...run, inputs: [...run.inputs.slice(0, run.at), input], at: run.at + 1 };
}

/** Whether something can be done here and would do anything: a message of a client that is away goes nowhere. */
export function can(run: Run, input: Input): boolean {
  const world = worldOf(run);
  if (input.do === 'publish' && !world.snapshot().clients[input.client]?.connected) return false;
  return does(world, input);
}

/** A copy that ends where the reader stands. */
export function fork(run: Run): Run {
  return { ...run, inputs: run.inputs.slice(0, run.at) };
}

/** What happens next by itself, if anything. */
function nextInput(world: World, scenario: Scenario, done: readonly Input[]): Input | undefined {
  const flight = world.next();
  if (flight) return { do: 'deliver', flight: flight.number };
  const away = scenario.setup.clients.find(({ name }) => wasCut(world, name));
  if (away) return { do: 'connect', client: away.name };
  const scripted = scenario.script[scriptDone(scenario.script, done)];
  if (scripted) return scripted;
  const frozen = scenario.setup.clients.find(({ name }) => world.link(name) === 'frozen');
  if (frozen) return { do: 'thaw', client: frozen.name };
  const held = world.flights.find(({ state }) => state === 'held');
  return held && { do: 'release', flight: held.number };
}

/** Whether a client is without a connection and did not leave by itself. */
function wasCut(world: World, client: string): boolean {
  if (world.link(client) !== 'none') return false;
  const last = world.inputs.findLast(
    (input) =>
      ['connect', 'disconnect', 'cut'].includes(input.do) && 'client' in input && input.client === client,
  );
  return last?.do === 'cut';
}

/** How much of a script has been done, in its order. */
export function scriptDone(script: readonly Input[], inputs: readonly Input[]): number {
  let done = 0;
  for (const input of inputs) if (isSame(script[done], input)) done++;
  return done;
}

function does(world: World, input: Input): boolean {
  try {
    world.apply(input);
    return true;
  } catch (error) {
    if (!(error instanceof ImpossibleInput)) throw error;
    return false;
  }
}

/** Whether two inputs are the same. */
export function isSame(one: Input | undefined, other: Input | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Input>;
  return [...keys].every((key) => one[key] === other[key]);
}
