/**
 * The switch between the broker in the page, the one behind it, and any other: where they are, and what is so there. It
 * reports where the page's clients are to connect, and connects nothing.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { SERVE_COMMAND } from '../live/commands.ts';
import { Segments } from '../stepper/Segments.tsx';
import { BEHIND, useBehind } from './behind.ts';
import { type AddressTrouble, addressTrouble, ownAddress } from './sockets.ts';
import type { ClientTrouble, Target, Telling } from './useReal.ts';
import './real.css';

export type Place = 'page' | 'machine' | 'other';

export interface WhereProps {
  words: Dictionary['real']['where'];
  /** Names the switch on the page. */
  id: string;
  live: boolean;
  /** Where the figure is at first. */
  opens: Place;
  target: Target | undefined;
  trouble: ClientTrouble | undefined;
  telling: Telling;
  choose(target: Target | undefined, place: Place): void;
}

export function Where({ words, id, live, opens, target, trouble, telling, choose }: WhereProps) {
  const behind = useBehind();
  const [place, setPlace] = useState<Place>(opens);
  const [address, type] = useState('');
  const [wrong, setWrong] = useState<AddressTrouble>();
  useEffect(() => {
    setWrong(undefined);
    const isBehind = place === 'machine' && behind === 'there';
    choose(isBehind ? { address: ownAddress(location), feed: BEHIND } : undefined, place);
  }, [place, behind]);
  const connect = (event: Event) => {
    event.preventDefault();
    const found = addressTrouble(address.trim(), location.protocol);
    setWrong(found);
    choose(found ? undefined : { address: address.trim() }, place);
  };
  return (
    <div class="where">
      <Segments
        name={`${id} where`}
        label={words.label}
        live={live}
        options={(['page', 'machine', 'other'] as const).map((key) => ({ key, text: words.places[key] }))}
        chosen={place}
        choose={(key) => setPlace(key as Place)}
      />
      {place === 'machine' && behind === 'none' && <p class="say">{withCommand(words.away)}</p>}
      {place === 'machine' && behind === 'there' && <p class="say">{words.machine}</p>}
      {place === 'other' && (
        <form onSubmit={connect}>
          <label>
            <span class="vh-hide">{words.address}</span>
            <input
              class="field sm"
              type="text"
              inputMode="url"
              spellcheck={false}
              autocapitalize="off"
              placeholder={words.example}
              value={address}
              onInput={({ currentTarget }) => type(currentTarget.value)}
            />
          </label>
          <button type="submit" class="btn s">
            {words.use}
          </button>
        </form>
      )}
      {place === 'other' && (
        <p class="say">{target ? fill(words.at, { address: target.address }) : words.other}</p>
      )}
      <p class="trouble" role="alert">
        {wrong ? words.addresses[wrong] : target && inWords(words, trouble, telling)}
      </p>
    </div>
  );
}

/** What goes wrong, the broker's own absence first. */
function inWords(
  words: Dictionary['real']['where'],
  trouble: ClientTrouble | undefined,
  telling: Telling,
): string | undefined {
  if (telling) return words.telling[telling];
  return trouble && fill(words.troubles[trouble.kind], { client: trouble.client });
}

/** A sentence with the command in it that serves the site with a broker. */
function withCommand(sentence: string) {
  const [before, after] = sentence.split('{command}');
  return (
    <>
      {before}
      <code class="m">{SERVE_COMMAND}</code>
      {after}
    </>
  );
}
