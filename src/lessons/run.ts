// A reader's way through a scenario: what was done, and how far along it they stand. Going back is doing less of it again.
// Where nothing was chosen, the way goes on by itself: what is in flight is delivered, what was cut returns, what was
// frozen or held goes on. Knows worlds; knows nothing of how they are drawn.
import { type Flight, type Input, type Moment, Recording, type Setup, World } from '../../broker/index.ts';
import type { Scenario } from './scenario.ts';

export interface Run {
  readonly scenario: Scenario;
  /** What was done since the figure began, with what is planned. */
  readonly inputs: readonly Input[];
  /** How many of them have been done. */
  readonly at: number;
}

/** The whole way of a run: what was done and planned, and what follows from that by itself. */
export interface Line {
  readonly inputs: readonly Input[];
  /** One more than there are inputs; or as many, where it is known what comes next and not yet what it leads to. */
  readonly moments: readonly Moment[];
  readonly flights: readonly Flight[];
  /** The world behind them. It may have gone on since. */
  readonly recording: Recording;
  readonly scenario: Scenario;
}

/**
 * What follows by itself is found out ahead, up to this many steps; in longer runs only the next one is named. So a way that
 * never ends stops here, and a step on in a long run does one step and no more.
 */
const AHEAD = 400;

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
export function way(run: Run): readonly Input[] {
  return lineOf(run).inputs;
}

/** The lines of the runs that there are, by what was done and planned in them. */
const lines = new WeakMap<readonly Input[], Line>();

/**
 * The whole way of a run, with its moments. It is found out once.
 * @param like a run that may have begun in the same way, from whose world this one can go on
 */
export function lineOf({ scenario, inputs }: Run, like?: Line): Line {
  const known = lines.get(inputs);
  if (known && isSameStory(known.scenario, scenario)) return known;
  const recording = recordingOf(scenario, inputs, like);
  const next = goOn(recording, scenario);
  const line = {
    inputs: next ? [...recording.inputs, next] : [...recording.inputs],
    moments: [...recording.moments],
    flights: recording.flights,
    recording,
    scenario,
  };
  lines.set(inputs, line);
  return line;
}

/** A recording at whose end these inputs have been done: the one of a line that ends where they part from it, or a fork. */
function recordingOf(scenario: Scenario, inputs: readonly Input[], like: Line | undefined): Recording {
  let recording =
    like && isSameStory(like.scenario, scenario)
      ? like.recording
      : new Recording(scenario.setup, scenario.before);
  const parting = inputs.findIndex((input, index) => input !== recording.inputs[index]);
  const common = parting < 0 ? inputs.length : parting;
  if (common < recording.inputs.length) recording = recording.fork(common);
  for (const input of inputs.slice(common)) recording.apply(input);
  return recording;
}

function isSameStory(one: Scenario, other: Scenario): boolean {
  return one.setup === other.setup && one.before === other.before && one.script === other.script;
}

/** Lets a world go on by itself. Returns what would come next. */
function goOn(recording: Recording, scenario: Scenario): Input | undefined {
  for (;;) {
    const next = nextInput(recording.world, scenario, recording.inputs);
    if (next === undefined || !recording.world.allows(next)) return undefined;
    if (recording.inputs.length >= AHEAD) return next;
    recording.apply(next);
  }
}

/**
 * Goes to a place on the way, forwards or back.
 * In: how many inputs are to have been done; beyond either end it stops there.
 */
export function go(run: Run, count: number): Run {
  if (count <= run.inputs.length) return { ...run, at: Math.max(0, count) };
  const line = lineOf(run);
  const inputs = line.inputs.slice(0, count);
  const there = { ...run, inputs, at: inputs.length };
  if (there.at < line.moments.length) lines.set(inputs, line);
  else lineOf(there, line);
  return there;
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
  const line = lineOf(run);
  if (isSame(line.inputs[run.at], input)) return go(run, run.at + 1);
  const inputs = [...run.inputs.slice(0, run.at), input];
  const there = { ...run, inputs, at: inputs.length };
  lineOf(there, line);
  return there;
}

/** Whether something can be done here and would do anything: a message of a client that is away goes nowhere. */
export function can(run: Run, input: Input): boolean {
  const line = lineOf(run);
  if (input.do === 'publish' && !line.moments[run.at]?.snapshot.clients[input.client]?.connected)
    return false;
  const { recording } = line;
  return (recording.inputs.length === run.at ? recording.world : worldOf(run)).allows(input);
}

/** A copy that ends where the reader stands. */
export function fork(run: Run): Run {
  const inputs = run.inputs.slice(0, run.at);
  lineOf({ ...run, inputs }, lineOf(run));
  return { ...run, inputs };
}

/** What happens next by itself, if anything. */
function nextInput(world: World, scenario: Scenario, done: readonly Input[]): Input | undefined {
  const flight = world.next();
  if (flight) return { do: 'deliver', flight: flight.number };
  if (world.awaited < Number.POSITIVE_INFINITY) return { do: 'wait', time: world.awaited - world.now };
  const away = world.clients.find(({ name, reconnect }) => world.isBereft(name) && !reconnect);
  if (away) return { do: 'connect', client: away.name };
  const scripted = scenario.script[scriptDone(scenario.script, done)];
  if (scripted) return scripted;
  const frozen = world.clients.find(({ name }) => world.link(name) === 'frozen');
  if (frozen) return { do: 'thaw', client: frozen.name };
  const held = world.flights.find(({ state }) => state === 'held');
  return held && { do: 'release', flight: held.number };
}

/** How much of a script has been done, in its order. */
export function scriptDone(script: readonly Input[], inputs: readonly Input[]): number {
  let done = 0;
  for (const input of inputs) if (isSame(script[done], input)) done++;
  return done;
}

/** Whether two inputs, or parts of them, are the same. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other || typeof one !== 'object' || typeof other !== 'object' || !one || !other)
    return one === other;
  const [parts, others] = [one, other] as Record<string, unknown>[];
  return Object.keys({ ...one, ...other }).every((key) => isSame(parts?.[key], others?.[key]));
}
