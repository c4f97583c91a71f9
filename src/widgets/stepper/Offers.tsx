/** Buttons for what a story offers besides its packets and links: to publish, to leave, to let time pass. */
import { useMemo } from 'preact/hooks';
import type { Input } from '#broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { can, type Run } from '../../lessons/run.ts';

export interface OffersProps {
  words: Dictionary['stepper'];
  names: Readonly<Record<string, string>>;
  live: boolean;
  run: Run;
  perform(input: Input): void;
}

export function Offers({ words, names, live, run, perform }: OffersProps) {
  const offers = useMemo(
    () => (run.scenario.offers ?? []).map((offer) => ({ ...offer, isPossible: can(run, offer.input) })),
    [run],
  );
  return (
    <fieldset class="offers" aria-label={words.offers}>
      {offers.map(({ name, input, isPossible }) => (
        <button
          key={name}
          type="button"
          class="btn s"
          disabled={!live}
          aria-disabled={!isPossible}
          onClick={() => isPossible && perform(input)}
        >
          {names[name]}
        </button>
      ))}
    </fieldset>
  );
}
