// The stories that the tests of the stepper tell: those of the lesson on QoS.
import { decode, type Flight, type Input } from '../../../broker/index.ts';
import { variants } from '../../../src/lessons/qos.ts';
import { act, begin, type Run, way } from '../../../src/lessons/run.ts';
import type { Scenario, Variant } from '../../../src/lessons/scenario.ts';
import { timeline } from '../../../src/widgets/stepper/timeline.ts';

/** A story of the lesson, by version and QoS: `4-1` is QoS 1 in 3.1.1. */
function variant(key: string): Variant {
  const found = variants.find((each) => each.key === key);
  if (!found) throw new Error(`There is no story ${key}`);
  return found;
}

export function scenario(key: string): Scenario {
  return variant(key).scenario;
}

/** A run at its very beginning: nothing has been done. */
export function atStart(key: string): Run {
  return { ...begin(scenario(key)), inputs: [], at: 0 };
}

/** A run that has gone on by itself until a packet of this type is in flight to this party. */
export function until(key: string, type: string, to: string): { run: Run; flight: Flight } {
  let run = atStart(key);
  for (const input of way(run)) {
    run = act(run, input);
    const { moments, flights } = timeline(run);
    const flight = flights.find(
      (each) =>
        each.to === to &&
        decode(each.frame, each.version).type === type &&
        moments[run.at]?.states.get(each.number) === 'in flight',
    );
    if (flight) return { run, flight };
  }
  throw new Error(`No ${type} goes to ${to}`);
}

export const cut = (client: string): Input => ({ do: 'cut', client });
