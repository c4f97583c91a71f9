/**
 * A reference to a numbered statement, for use in widgets: its id, and in a popover what it says. The statements are
 * fetched when the first is asked for. In pages, `Statement.astro` does the same while building.
 */
import { useId, useState } from 'preact/hooks';
import { VERSION_NAMES, type Version } from '#broker/codec/index.ts';
import { statementAddress } from '../../address.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import './statement.css';

interface Props {
  id: string;
  version: Version;
  words: Dictionary['packet']['statement'];
}

interface Statement {
  id: string;
  section: { number: string; title: string };
  binds: string;
  summary: string;
}

export function StatementRef({ id, version, words }: Props) {
  const anchor = useId();
  const [statement, setStatement] = useState<Statement>();
  const load = async (): Promise<void> =>
    setStatement((await statementsOf(version)).find((each) => each.id === id));
  const isHere = statement?.id === id;
  return (
    <>
      <button
        type="button"
        class="st"
        popovertarget={anchor}
        aria-label={fill(words.label, { id })}
        onClick={() => void load()}
      >
        {id}
      </button>
      <span id={anchor} popover="auto" class="pop statement">
        <span class="head">
          <b>{id}</b>
          <span class="ver">{fill(words.version, { version: VERSION_NAMES[version] })}</span>
        </span>
        {isHere && (
          <>
            <span>{statement.summary}</span>
            <span class="foot">
              {fill(words.section, statement.section)}.{' '}
              {words.binds[statement.binds as keyof typeof words.binds]}.{' '}
              <a href={statementAddress(version, id)}>{words.all}</a>
            </span>
          </>
        )}
      </span>
    </>
  );
}

/** MQTT 3.1 has no numbered statements and borrows those of 3.1.1. */
async function statementsOf(version: Version): Promise<Statement[]> {
  const file = await (version === 5
    ? import('../../data/spec/mqtt-5.0.json')
    : import('../../data/spec/mqtt-3.1.1.json'));
  return file.default;
}
