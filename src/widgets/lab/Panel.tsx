/** The side of the lab on which things are done: who is there, what the chosen one can do and is set to, and all at once. */
import { useState } from 'preact/hooks';
import type { Input, Moment } from '#broker/index.ts';
import type { Participant } from '../../lessons/scenario.ts';
import { Act } from '../client/Act.tsx';
import { askedFor } from '../client/asked.ts';
import { Clients } from '../client/Clients.tsx';
import { Around } from './Around.tsx';
import {
  addClient,
  changeClient,
  changeSetup,
  type Lab,
  nameRefusal,
  removeClient,
  renameClient,
} from './lab.ts';
import { ClientSettings } from './Settings.tsx';
import type { LabWords } from './say.ts';
import type { LabState } from './useLab.ts';

export interface PanelProps {
  words: LabWords;
  live: boolean;
  lab: Lab;
  /** What identifiers end in at a real broker, whose time and settings are not ours; undefined for the one in the page. */
  mark: string | undefined;
  participants: readonly Participant[];
  moment: Moment | undefined;
  inputs: readonly Input[];
  change: LabState['change'];
  perform(input: Input): void;
}

export function Panel({ words, live, lab, mark, participants, moment, inputs, change, perform }: PanelProps) {
  const { setup } = lab;
  const isReal = mark !== undefined;
  const [chosen, choose] = useState('p1');
  const client = setup.clients.find(({ name }) => name === chosen) ?? setup.clients[0];
  const version = client?.version ?? setup.version;
  return (
    <div class="panel">
      <Clients
        words={words.client.clients}
        live={live}
        participants={participants}
        names={setup.clients.map(({ name }) => name)}
        links={moment?.links ?? {}}
        chosen={client?.name}
        choose={choose}
        add={() => choose(change(() => addClient(lab)).setup.clients.at(-1)?.name ?? '')}
      />
      {client && (
        <Act
          key={client.name}
          words={words.client}
          live={live}
          client={client.name}
          version={version}
          link={moment?.links[client.name] ?? 'none'}
          isConnected={moment?.snapshot.clients[client.name]?.connected ?? false}
          filters={isReal ? askedFor(inputs, client.name) : filtersOf(moment, client.clientId ?? client.name)}
          leads={isReal && Object.values(moment?.links ?? {}).every((link) => link === 'none')}
          perform={perform}
        />
      )}
      {client && (
        <ClientSettings
          key={`${client.name} settings`}
          words={words}
          live={live}
          client={client}
          version={setup.version}
          mark={mark ?? ''}
          refusal={(name) => nameRefusal(lab, client.name, name)}
          rename={(name) => {
            change(() => renameClient(lab, client.name, name));
            choose(name);
          }}
          change={(next) => change(() => changeClient(lab, client.name, next))}
          remove={() => change(() => removeClient(lab, client.name))}
        />
      )}
      {!isReal && (
        <Around
          words={words}
          live={live}
          setup={setup}
          perform={perform}
          change={(next) => change(() => changeSetup(lab, next))}
        />
      )}
    </div>
  );
}

/** The topic filters of a client, as the broker knows them. */
function filtersOf(moment: Moment | undefined, clientId: string): string[] {
  const session = moment?.snapshot.broker.sessions.find((each) => each.clientId === clientId);
  return session?.subscriptions.map(({ topicFilter }) => topicFilter) ?? [];
}
