/** What could happen to a single packet if this were not TCP. It is there only where the world is told not to be. */
import { useMemo } from 'preact/hooks';
import type { Input } from '../../../broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { can, type Run } from '../../lessons/run.ts';

const MISCHIEF = ['drop', 'duplicate', 'reorder'] as const;

export interface NotTcpProps {
  words: Dictionary['stepper'];
  live: boolean;
  run: Run;
  /** The packets that are in flight, the one that the keys are about first. */
  flights: readonly number[];
  /** What a packet is called. */
  name(flight: number): string;
  perform(input: Input): void;
}

export function NotTcp({ words, live, run, flights, name, perform }: NotTcpProps) {
  const { notTcp } = words;
  // Each is offered for the first packet that it can be done to.
  const offers = useMemo(
    () =>
      MISCHIEF.map((what) => {
        const flight = flights.find((each) => can(run, { do: what, flight: each }));
        return { what, flight };
      }),
    [run, flights],
  );
  return (
    <fieldset class="not-tcp">
      <legend>{notTcp.heading}</legend>
      {offers.map(({ what, flight }) => (
        <button
          key={what}
          type="button"
          class="btn s"
          disabled={!live}
          aria-disabled={flight === undefined}
          aria-label={
            flight === undefined
              ? undefined
              : fill(words.named.packet, { action: notTcp[what], packet: name(flight) })
          }
          onClick={() => flight !== undefined && perform({ do: what, flight })}
        >
          {notTcp[what]}
        </button>
      ))}
    </fieldset>
  );
}
