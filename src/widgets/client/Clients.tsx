/** Who is in the world, and how the link of each stands; one of them is chosen. */
import type { Dictionary } from '../../i18n/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import { Glyph } from '../packet/Who.tsx';
import { MOST_CLIENTS } from '../stepper/columns.ts';
import type { LinkState } from '../stepper/timeline.ts';

export interface ClientsProps {
  words: Dictionary['client']['clients'];
  live: boolean;
  participants: readonly Participant[];
  /** In the order of the set-up. */
  names: readonly string[];
  links: Readonly<Record<string, LinkState>>;
  chosen: string | undefined;
  choose(name: string): void;
  /** Left out where nobody can be added. */
  add?: () => void;
}

export function Clients({ words, live, participants, names, links, chosen, choose, add }: ClientsProps) {
  const isFull = names.length >= MOST_CLIENTS;
  return (
    <section class="clients">
      <h2>{words.heading}</h2>
      {names.length === 0 && <p class="lab-nil">{words.none}</p>}
      <ul>
        {names.map((name) => (
          <li key={name}>
            <button
              type="button"
              disabled={!live}
              aria-pressed={name === chosen}
              onClick={() => choose(name)}
            >
              <Glyph role={participants.find((each) => each.name === name)?.role ?? 'unknown'} />
              <span class="m">{name}</span>
              <span class="lab">{words.states[links[name] ?? 'none']}</span>
            </button>
          </li>
        ))}
      </ul>
      {add && (
        <button
          type="button"
          class="btn s"
          disabled={!live}
          aria-disabled={isFull}
          title={isFull ? words.most : undefined}
          onClick={() => !isFull && add()}
        >
          {words.add}
        </button>
      )}
    </section>
  );
}
