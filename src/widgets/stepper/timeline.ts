// The moments of a run, one after the other, as a diagram needs them: plain reads, so that something else than a world can
// stand behind them. It draws nothing.
import type { Flight, Input, Moment } from '../../../broker/index.ts';
import { type Line, lineOf, type Run } from '../../lessons/run.ts';
import type { Scenario } from '../../lessons/scenario.ts';

export type { LinkState, Moment } from '../../../broker/index.ts';

export interface Timeline {
  /** The whole way, done or not. */
  readonly inputs: readonly Input[];
  /**
   * How things stood at first, and after each input. For the last input there may be none, where it is known what comes next
   * and not yet what it leads to.
   */
  readonly moments: readonly Moment[];
  /** All packets of the figure, in the order of their numbers, which have no gap. */
  readonly flights: readonly Flight[];
  /** What the story is about. */
  readonly tells?: Scenario['tells'] | undefined;
}

const timelines = new WeakMap<Line, Timeline>();

/** All moments of a run, to its very end. Runs that go the same way have one timeline. */
export function timeline(run: Run): Timeline {
  const line = lineOf(run);
  const known = timelines.get(line);
  if (known) return known;
  const { inputs, moments, flights } = line;
  const made = { inputs, moments, flights, tells: run.scenario.tells };
  timelines.set(line, made);
  return made;
}
