/**
 * What happens at a real broker, as a diagram that grows: the page's packets wait for the reader, what others do is there as
 * it happens. Going back only looks.
 */
import { useMemo, useState } from 'preact/hooks';
import type { Input } from '#broker/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { namesOf } from '../../lessons/scenario.ts';
import { subscribeCommand } from '../live/commands.ts';
import { Glyph } from '../packet/Who.tsx';
import { save } from '../save.ts';
import type { Action } from '../stepper/diagram.ts';
import { draw, nextFlight } from '../stepper/draw.ts';
import { Links } from '../stepper/Head.tsx';
import { Icon } from '../stepper/icons.tsx';
import { changes, remembered } from '../stepper/memory.ts';
import { OpenedPacket } from '../stepper/Opened.tsx';
import { Stage } from '../stepper/Stage.tsx';
import { Transcript } from '../stepper/Transcript.tsx';
import { announcement, itemText, lineOf, type Scene, told } from '../stepper/tell.ts';
import { MOST_STEPS, type RealWorld } from './real.ts';
import type { LabWords } from './say.ts';

export interface RealStageProps {
  words: LabWords;
  lang: string;
  world: RealWorld;
  /** Whether the broker tells what it decides. */
  isTold: boolean;
  perform(input: Input): void;
}

export function RealStage({ words, lang, world, isTold, perform }: RealStageProps) {
  const { real } = words.lab;
  const [looksAt, lookAt] = useState<number>();
  const [opened, setOpened] = useState<number>();
  const [lit, light] = useState<string>();
  const { line } = world;
  const last = line.moments.length - 1;
  const at = Math.min(looksAt ?? last, last);
  const isNow = at === last;
  const participants = world.participants();
  const names = participants.map(({ name, role }) => `${name} ${role}`).join();
  const diagram = useMemo(() => draw(line, at, participants), [line, at, names]);
  const scene: Scene = { line, at, rows: diagram.rows, participants };
  const chosen = isNow ? nextFlight(line, at) : undefined;
  const flight = line.flights.find(({ number }) => number === opened);
  const moment = line.moments[at];
  const go = (to: number) => lookAt(to >= last ? undefined : Math.max(0, to));
  const act = (action: Action, number: number) => {
    const client = line.flights[number - 1]?.client ?? '';
    perform(action === 'cut' ? { do: 'cut', client } : ({ do: action, flight: number } as Input));
  };
  const saveSvg = async () => {
    const { toSvg } = await import('../stepper/svg.ts');
    save('lab.svg', toSvg(diagram, participants, words, lang), 'image/svg+xml');
  };
  const clients = participants.filter(({ name }) => moment?.snapshot.clients[name]);
  return (
    <figure
      class="sx real not-content"
      aria-label={fill(words.stepper.figure, { who: namesOf(participants, lang) })}
    >
      <div class="sx-b">
        <div class="main">
          <Stage
            words={words}
            lang={lang}
            version={4}
            live={true}
            participants={participants}
            diagram={diagram}
            chosen={chosen}
            opened={opened}
            lit={lit}
            light={light}
            open={(number) => setOpened(number === opened ? undefined : number)}
            act={act}
            place={at}
          >
            <Links
              words={words.stepper}
              live={isNow}
              participants={participants}
              line={line}
              at={at}
              perform={perform}
            />
          </Stage>
          <div class="tp">
            <div class="tools" role="toolbar" aria-label={words.stepper.time.toolbar}>
              <button type="button" class="btn s" aria-disabled={at === 0} onClick={() => go(at - 1)}>
                <Icon of="back" />
                {words.stepper.time.back}
              </button>
              <button type="button" class="btn s" aria-disabled={isNow} onClick={() => go(at + 1)}>
                <Icon of="step" />
                {real.on}
              </button>
              <button type="button" class="btn s" aria-disabled={isNow} onClick={() => go(last)}>
                {real.now}
              </button>
              <button type="button" class="btn s q" onClick={saveSvg}>
                {real.save}
              </button>
            </div>
            <input
              class="past"
              type="range"
              min={0}
              max={last}
              value={at}
              aria-label={words.stepper.time.scrubber}
              onInput={({ currentTarget }) => go(currentTarget.valueAsNumber)}
            />
            <span class="lab">
              {isNow ? real.present : fill(words.stepper.time.place, { at, all: last })}
            </span>
          </div>
          {!isNow && <p class="lab-say">{real.past}</p>}
          {world.isFull && <p class="lab-say">{fill(real.full, { most: MOST_STEPS })}</p>}
          <div class="mems">
            {clients.map((participant) => {
              const [now, before] = [moment, line.moments[at - 1]].map(
                (each) => each && remembered(each, participants, 'session'),
              );
              const items = changes(participant.name, now ?? [], before);
              return (
                <div class="mm" key={participant.name}>
                  <p class="hd">
                    <Glyph role={participant.role} />
                    <span>{fill(words.stepper.remembers.heading, { role: participant.name })}</span>
                  </p>
                  {items.length === 0 && <p class="lab-nil">{words.stepper.remembers.nothing}</p>}
                  <ul>
                    {items.map(({ key, item, change }) => {
                      const { name, text } = itemText(item, false, words.stepper, lang);
                      return (
                        <li key={key} class={change}>
                          <b>{name}</b>
                          <span class="mk">{words.stepper.remembers.changes[change]}</span>
                          <span class="tx">{change === 'gone' ? <del>{text}</del> : text}</span>
                        </li>
                      );
                    })}
                  </ul>
                </div>
              );
            })}
          </div>
          <p class="lab-about">{isTold ? real.unseenOwn : real.unseen}</p>
          {world.port !== null && (
            <p class="lab-about">
              {real.yours} <code class="m">{subscribeCommand(world.port)}</code>
            </p>
          )}
          {flight && (
            <OpenedPacket
              words={words}
              lang={lang}
              flight={flight}
              participants={participants}
              takesFocus={false}
              close={() => setOpened(undefined)}
            />
          )}
        </div>
        <Transcript
          words={words}
          lang={lang}
          version={4}
          live={true}
          rows={told(diagram.rows)}
          tell={(row) => lineOf(row, scene, words)}
          place={isNow ? real.present : fill(words.stepper.time.place, { at, all: last })}
          jump={(number) =>
            go(line.moments.findIndex(({ sent }) => sent.some((each) => each.number === number)))
          }
        />
      </div>
      <p class="vh-hide" role="status">
        {isNow && announcement(scene, words)}
      </p>
    </figure>
  );
}
