/** Two forms that are drawn from tables: what a client is set to, and what the broker is. */
import { useState } from 'preact/hooks';
import { type ClientSetup, type Setup, VERSION_NAMES, type Version } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { Check, Count, Field, Press } from '../client/controls.tsx';
import { BROKER_ROWS, readBroker, writeBroker } from './broker.ts';
import { CLIENT_ROWS, type ClientKey, type ClientRow, readClient, writeClient } from './clients.ts';
import type { NameRefusal } from './lab.ts';
import type { LabWords } from './say.ts';

export interface ClientSettingsProps {
  words: LabWords;
  live: boolean;
  client: ClientSetup;
  version: Version;
  /** What identifiers end in that nobody has set. */
  mark: string;
  refusal(name: string): NameRefusal | undefined;
  rename(name: string): void;
  change(client: ClientSetup): void;
  remove(): void;
}

export function ClientSettings(props: ClientSettingsProps) {
  const { words, live, client, version, mark, change, remove } = props;
  const { options } = words.lab;
  const spoken = client.version ?? version;
  const shown = (row: ClientRow) =>
    (row.only === undefined || row.only === spoken) && (!row.ofWill || client.will !== undefined);
  return (
    <details class="lab-options">
      <summary>{fill(options.heading, { client: client.name })}</summary>
      <Name {...props} />
      {CLIENT_ROWS.filter(shown).map((row) => (
        <Field
          key={row.key}
          row={row}
          label={labelOf(row.key, spoken, words)}
          live={live}
          value={readClient(client, row.key, version)}
          standing={row.key === 'clientId' ? client.name + mark : row.key === 'keepAlive' ? '60' : undefined}
          name={row.key === 'version' ? (each) => VERSION_NAMES[each as Version] : undefined}
          set={(typed) => change(writeClient(client, row.key, typed))}
        />
      ))}
      <Reconnect {...props} />
      <Press live={live} kind="s q" press={remove}>
        {fill(options.remove, { client: client.name })}
      </Press>
    </details>
  );
}

function labelOf(key: ClientKey, version: Version, { lab: { options } }: LabWords): string {
  return key === 'cleanStart' ? options.cleanStart[version === 5 ? 5 : 4] : options.rows[key];
}

/** A name is taken over when the field is left, if it can be. */
function Name({ words, live, client, refusal, rename }: ClientSettingsProps) {
  const [typed, type] = useState(client.name);
  const { options } = words.lab;
  const why = typed === client.name ? undefined : refusal(typed);
  return (
    <>
      <label class="lab-row">
        <span>{options.name}</span>
        <input
          class="field sm"
          autocomplete="off"
          disabled={!live}
          value={typed}
          aria-invalid={why !== undefined}
          onInput={({ currentTarget }) => type(currentTarget.value)}
          onChange={() => {
            if (typed !== client.name && why === undefined) rename(typed);
          }}
        />
      </label>
      <p class="cannot" role="status">
        {why && options.names[why]}
      </p>
    </>
  );
}

const FIRST_RECONNECT = { after: 1000 } as const;
const LONGEST_WAIT = 86_400;

function Reconnect({ words, live, client, change }: ClientSettingsProps) {
  const { options } = words.lab;
  const { reconnect } = client;
  const set = (next: ClientSetup['reconnect']) => {
    const { reconnect: _, ...rest } = client;
    change(next ? { ...rest, reconnect: next } : rest);
  };
  return (
    <>
      <Check
        label={options.reconnect}
        live={live}
        value={reconnect !== undefined}
        set={(on) => set(on ? FIRST_RECONNECT : undefined)}
      />
      {reconnect && (
        <>
          <Count
            label={options.after}
            live={live}
            value={reconnect.after / 1000}
            min={1}
            max={LONGEST_WAIT}
            set={(seconds = 1) => set({ ...reconnect, after: seconds * 1000 })}
          />
          <Count
            label={options.times}
            live={live}
            value={reconnect.times}
            min={1}
            max={1000}
            placeholder={options.forEver}
            set={(times) => {
              const { times: _, ...rest } = reconnect;
              set(times === undefined ? rest : { ...rest, times });
            }}
          />
          <Count
            label={options.backoff}
            live={live}
            value={reconnect.backoff}
            min={1}
            max={10}
            placeholder="1"
            set={(backoff) => {
              const { backoff: _, ...rest } = reconnect;
              set(backoff === undefined ? rest : { ...rest, backoff });
            }}
          />
        </>
      )}
    </>
  );
}

export interface BrokerSettingsProps {
  words: LabWords;
  live: boolean;
  setup: Setup;
  change(setup: Setup): void;
}

export function BrokerSettings({ words, live, setup, change }: BrokerSettingsProps) {
  const { broker } = words.lab;
  return (
    <details class="lab-options">
      <summary>{broker.heading}</summary>
      {BROKER_ROWS.map((row) => (
        <Field
          key={row.key}
          row={row}
          label={broker.rows[row.key]}
          live={live}
          value={readBroker(setup.broker, row.key)}
          standing={row.key === 'serverKeepAlive' ? broker.notSet : undefined}
          set={(typed) => {
            const settings = writeBroker(setup.broker, row.key, typed as number | boolean | undefined);
            const { broker: _, ...rest } = setup;
            change(Object.keys(settings).length === 0 ? rest : { ...rest, broker: settings });
          }}
        />
      ))}
    </details>
  );
}
