/** What stands above the diagram: what can be chosen, who takes part, and how each link stands. */
import { type Input, VERSION_NAMES, type Version } from '../../../broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import type { Participant, Variant } from '../../lessons/scenario.ts';
import { Glyph } from '../packet/Who.tsx';
import { type Figure, letter } from './figure.ts';
import { brokerOf } from './memory.ts';
import { Segments } from './Segments.tsx';
import type { Timeline } from './timeline.ts';

type Words = Dictionary['stepper'];

export interface ChoicesProps {
  words: Words;
  id: string;
  live: boolean;
  figure: Figure;
  variants: readonly Variant[];
  /** What the stories are called. */
  stories?: Readonly<Record<string, string>> | undefined;
  choose(key: string): void;
  chooseRun(index: number): void;
}

/** Switches, each there only if there is more than one to choose from. */
export function Choices({ words, id, live, figure, variants, stories, choose, chooseRun }: ChoicesProps) {
  const { variant, runs, active } = figure;
  const version = variant.scenario.setup.version;
  const ofVersion = variants.filter(({ scenario }) => scenario.setup.version === version);
  const ofStory = variants.filter(({ qos, story }) => qos === variant.qos && story === variant.story);
  const options = [
    {
      name: 'story',
      label: stories ? words.choose.story : words.choose.qos,
      options: ofVersion.map(({ key, qos, story = '' }) => ({
        key,
        text: stories?.[story] ?? fill(words.qos, { qos: qos ?? '' }),
      })),
    },
    {
      name: 'version',
      label: words.choose.version,
      options: ofStory.map(({ key, scenario }) => ({ key, text: versionName(scenario.setup.version) })),
    },
  ].filter((each) => each.options.length > 1);
  if (options.length === 0 && runs.length === 1) return null;
  return (
    <div class="choices">
      {options.map((each) => (
        <Segments
          key={each.name}
          {...each}
          name={`${id} ${each.name}`}
          live={live}
          chosen={variant.key}
          choose={choose}
        />
      ))}
      {runs.length > 1 && (
        <Segments
          name={`${id} run`}
          label={words.choose.run}
          live={live}
          options={runs.map((_, index) => ({
            key: String(index),
            text: fill(words.run, { letter: letter(index) }),
          }))}
          chosen={String(active)}
          choose={(key) => chooseRun(Number(key))}
        />
      )}
    </div>
  );
}

function versionName(version: Version): string {
  return VERSION_NAMES[version];
}

/** Who takes part, above their lifelines. */
export function Heads({ words, participants }: { words: Words; participants: readonly Participant[] }) {
  return (
    <div class="heads">
      {participants.map(({ name, role }, column) => (
        <div key={name} title={name} style={{ '--c': column }}>
          <span class="who">
            <Glyph role={role} />
            <span class="role">{words.roles[role]}</span>
          </span>
          <small>{name}</small>
        </div>
      ))}
    </div>
  );
}

export interface LinksProps {
  words: Words;
  live: boolean;
  participants: readonly Participant[];
  line: Timeline;
  at: number;
  perform(input: Input): void;
}

/** How each link stands, and what can be done to it. */
export function Links({ words, live, participants, line, at, perform }: LinksProps) {
  const broker = brokerOf(participants);
  const middle = participants.findIndex(({ name }) => name === broker);
  const links = line.moments[at]?.links ?? {};
  // Between lifelines that are neighbours there is room for what is said of a link; else it stands below the client.
  const isCrowded = participants.length > 3;
  return (
    <div class="links">
      {participants.map(({ name }, column) => {
        const state = links[name];
        if (state === undefined) return null;
        const { kind, act } = offer(state, name);
        return (
          <span key={name} style={{ '--c': isCrowded ? column : (column + middle) / 2 }}>
            <span>{words.links[said(state, name, line, at)]} </span>
            <button
              type="button"
              class="lk"
              disabled={!live}
              aria-label={fill(words.named[kind === 'reconnect' ? 'client' : 'link'], {
                action: words.actions[kind],
                client: name,
              })}
              onClick={() => perform(act)}
            >
              {words.actions[kind]}
            </button>
          </span>
        );
      })}
    </div>
  );
}

type LinkState = Timeline['moments'][number]['links'][string];

function offer(state: LinkState, client: string): { kind: 'freeze' | 'thaw' | 'reconnect'; act: Input } {
  if (state === 'none') return { kind: 'reconnect', act: { do: 'connect', client } };
  if (state === 'frozen') return { kind: 'thaw', act: { do: 'thaw', client } };
  return { kind: 'freeze', act: { do: 'freeze', client } };
}

/** A connection after another one is said to be so. */
function said(state: LinkState, client: string, { inputs }: Timeline, at: number): keyof Words['links'] {
  let ends: Input | undefined;
  for (let step = at; step > 0 && !ends; step--) {
    const input = inputs[step - 1] as Input;
    const isEnd = (input.do === 'cut' || input.do === 'disconnect') && input.client === client;
    if (isEnd || input.do === 'restart') ends = input;
  }
  if (state === 'none' && (!ends || ends.do === 'disconnect')) return 'left';
  return state === 'connected' && ends ? 'again' : state;
}
