/**
 * The switch between the broker in the page, the one behind it, and any other: where they are, and what is so there. It
 * reports where the page's clients are to connect, and connects nothing.
 */
import { useEffect, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { SERVE_COMMAND } from '../live/commands.ts';
import { Segments } from '../stepper/Segments.tsx';
import { addressTrouble, ownAddress, type Trouble } from './sockets.ts';
import { type Target, useBehind } from './useReal.ts';

export interface WhereProps {
  words: Dictionary['lab']['where'];
  live: boolean;
  /** The address of the file that says whether there is a broker behind the page. */
  file: string;
  target: Target | undefined;
  trouble: Trouble | undefined;
  choose(target: Target | undefined): void;
}

type Place = 'page' | 'machine' | 'other';

export function Where({ words, live, file, target, trouble, choose }: WhereProps) {
  const behind = useBehind(file);
  const [place, setPlace] = useState<Place>('page');
  const [address, type] = useState('');
  const [wrong, setWrong] = useState<Trouble>();
  const told = wrong ?? (target ? trouble : undefined);
  useEffect(() => {
    setWrong(undefined);
    choose(
      place === 'machine' && behind === 'there' ? { address: ownAddress(location), feed: file } : undefined,
    );
  }, [place, behind]);
  const connect = (event: Event) => {
    event.preventDefault();
    const found = addressTrouble(address.trim(), location.protocol);
    setWrong(found);
    if (!found) choose({ address: address.trim() });
  };
  return (
    <div class="where">
      <Segments
        name="lab where"
        label={words.label}
        live={live}
        options={(['page', 'machine', 'other'] as const).map((key) => ({ key, text: words.places[key] }))}
        chosen={place}
        choose={(key) => setPlace(key as Place)}
      />
      {place === 'machine' && behind === 'none' && <p class="lab-say">{withCommand(words.away)}</p>}
      {place === 'machine' && behind === 'there' && <p class="lab-say">{words.machine}</p>}
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
      {place === 'other' && <p class="lab-say">{words.other}</p>}
      <p class="lab-trouble" role="alert">
        {told && words.troubles[told]}
      </p>
    </div>
  );
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
