// What was done to a world, as a script that means the same in another world: a packet is named by its place on its way
// instead of by its number. So a line can be taken out, moved or added, and the rest still does what it did. Knows no
// words and no screen.
import { ImpossibleInput, type Input, type Setup, World } from '#broker/index.ts';

/** Which packet: the how manieth, from 0, of those that are on their way to somebody on a client's connections. */
export interface Spot {
  readonly client: string;
  readonly to: string;
  readonly place: number;
}

/** One input of a script. */
export interface Line {
  readonly input: Input;
  /** The packet that it is about, if it is about one. */
  readonly spot?: Spot | undefined;
  /** Nothing was on its way when it was done. */
  readonly rests: boolean;
}

/** A line that cannot be done where it stands. */
export interface Misfit {
  readonly line: Line;
}

/** A script as it was done in a world. */
export interface Fitted {
  readonly inputs: Input[];
  /** For each line, which of the inputs it became; undefined for a misfit. */
  readonly places: (number | undefined)[];
  readonly misfits: Misfit[];
}

/** After so many steps a world that does not come to rest is left as it is. */
const LONGEST_REST = 200;

/** Writes inputs down as a script. They must be possible. */
export function scriptOf(setup: Setup, inputs: readonly Input[]): Line[] {
  const world = new World(setup);
  return inputs.map((input) => {
    const line = { input, spot: spotOf(world, input), rests: isAtRest(world) };
    world.apply(input);
    return line;
  });
}

/**
 * Does a script in a world, as far as it can be done there: a line that cannot is left out.
 * @param settles where the script found nothing on its way, whatever is on its way in this world is delivered first
 */
export function fit(setup: Setup, script: readonly Line[], settles = false): Fitted {
  const world = new World(setup);
  const places: (number | undefined)[] = [];
  const misfits: Misfit[] = [];
  for (const line of script) {
    if (settles && line.rests) settle(world);
    const input = resolve(world, line);
    const isDone = input !== undefined && attempt(world, input);
    places.push(isDone ? world.inputs.length - 1 : undefined);
    if (!isDone) misfits.push({ line });
  }
  return { inputs: [...world.inputs], places, misfits };
}

/** Whether an input names a client that is not this one, or none. */
export function isAbout(line: Line, client: string): boolean {
  return line.spot?.client === client || ('client' in line.input && line.input.client === client);
}

/** The same script for a world in which a client has another name. */
export function renamed(script: readonly Line[], from: string, to: string): Line[] {
  return script.map((line) => {
    if (!isAbout(line, from)) return line;
    const { input, spot } = line;
    const other = (name: string) => (name === from ? to : name);
    return {
      ...line,
      input: 'client' in input ? { ...input, client: other(input.client) } : input,
      spot: spot && { ...spot, client: to, to: other(spot.to) },
    };
  });
}

function isAtRest(world: World): boolean {
  return world.next() === undefined && world.awaited === Number.POSITIVE_INFINITY;
}

/** Lets happen what happens by itself, but for a client that tries to come back for ever. */
function settle(world: World): void {
  for (let step = 0; step < LONGEST_REST && !isAtRest(world); step++) {
    const flight = world.next();
    world.apply(
      flight ? { do: 'deliver', flight: flight.number } : { do: 'wait', time: world.awaited - world.now },
    );
  }
}

/** Does an input, if it can be done. Returns whether it was. */
function attempt(world: World, input: Input): boolean {
  try {
    world.apply(input);
    return true;
  } catch (error) {
    if (!(error instanceof ImpossibleInput)) throw error;
    return false;
  }
}

function spotOf(world: World, input: Input): Spot | undefined {
  if (!('flight' in input)) return undefined;
  const flight = world.flights[input.flight - 1];
  if (flight === undefined) return undefined;
  const { client, to } = flight;
  return { client, to, place: underWay(world, client, to).indexOf(flight) };
}

function resolve(world: World, { input, spot }: Line): Input | undefined {
  if (!('flight' in input)) return input;
  const flight = spot && underWay(world, spot.client, spot.to)[spot.place];
  return flight && { ...input, flight: flight.number };
}

function underWay(world: World, client: string, to: string) {
  return world.flights.filter(
    (flight) => flight.client === client && flight.to === to && ['in flight', 'held'].includes(flight.state),
  );
}
