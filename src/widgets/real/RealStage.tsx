/**
 * What happens at a real broker, as a diagram that grows: the page's packets wait for the reader, what others do is there as
 * it happens. Going back only looks.
 */
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Input } from '#broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { namesOf } from '../../lessons/scenario.ts';
import { subscribeCommand } from '../live/commands.ts';
import { save } from '../save.ts';
import type { Action } from '../stepper/diagram.ts';
import { draw, nextFlight } from '../stepper/draw.ts';
import { Links } from '../stepper/Head.tsx';
import { Icon } from '../stepper/icons.tsx';
import { Keys, useLetterKeys } from '../stepper/Keys.tsx';
import { keyOf, moveAmongCapsules, openDecided } from '../stepper/keys.ts';
import { OpenedPacket } from '../stepper/Opened.tsx';
import { Remembers } from '../stepper/Remembers.tsx';
import { Stage } from '../stepper/Stage.tsx';
import { Transcript } from '../stepper/Transcript.tsx';
import { Quiet } from '../stepper/Transport.tsx';
import { announcement, lineOf, type Scene, type StepperWords, told } from '../stepper/tell.ts';
import { MOST_STEPS } from './moments.ts';
import type { RealWorld } from './world.ts';

/** The words that the figure needs. */
export interface RealWords extends StepperWords {
  readonly real: Dictionary['real'];
}

export interface RealStageProps {
  words: RealWords;
  lang: string;
  /** Names the files that it is saved as. */
  id: string;
  world: RealWorld;
  /** Whether the broker tells what it decides. */
  isTold: boolean;
  /** What the clients' identifiers end in. */
  mark: string;
  /** Whether identifiers that the reader set stay as they are. */
  keepsTyped: boolean;
  perform(input: Input): void;
}

export function RealStage({ words, lang, id, world, isTold, mark, keepsTyped, perform }: RealStageProps) {
  const { real } = words;
  const [looksAt, lookAt] = useState<number>();
  const [opened, setOpened] = useState<{ flight: number; byKey: boolean }>();
  const [picked, setPicked] = useState<number>();
  const [lit, light] = useState<string>();
  const [letters, setLetters] = useLetterKeys();
  const body = useRef<HTMLDivElement>(null);
  const { line } = world;
  const last = line.moments.length - 1;
  const at = Math.min(looksAt ?? last, last);
  const isNow = at === last;
  const moment = line.moments[at];
  const participants = world.participants();
  const names = participants.map(({ name, role }) => `${name} ${role}`).join();
  const diagram = useMemo(() => draw(line, at, participants), [line, at, names]);
  const scene: Scene = { line, at, rows: diagram.rows, participants };
  const waiting = [...(moment?.deliverable ?? [])];
  const chosen = picked !== undefined && waiting.includes(picked) ? picked : nextFlight(line, at);
  const openedFlight = line.flights.find(({ number }) => number === opened?.flight);
  const clientOf = (number: number | undefined) => line.flights[(number ?? 0) - 1]?.client;

  const go = (to: number) => lookAt(to >= last ? undefined : Math.max(0, to));
  /** What was pressed may be gone after it was done; the keys go on to work. */
  const focusBody = () => body.current?.focus({ preventScroll: true });
  const does = (input: Input) => {
    perform(input);
    focusBody();
  };
  const act = (action: Action, flight: number) =>
    does(
      action === 'cut' ? { do: 'cut', client: clientOf(flight) ?? '' } : ({ do: action, flight } as Input),
    );
  const toggle = (flight: number, byKey: boolean) =>
    setOpened(openedFlight?.number === flight ? undefined : { flight, byKey });
  const pick = (by: 1 | -1) =>
    setPicked(waiting[(waiting.indexOf(chosen ?? 0) + by + waiting.length) % waiting.length]);
  const freezeOrThaw = () => {
    const links = Object.entries(moment?.links ?? {});
    const frozen = links.find(([, state]) => state === 'frozen')?.[0];
    const client = frozen ?? clientOf(chosen) ?? links.find(([, state]) => state === 'connected')?.[0];
    if (client && isNow) perform({ do: frozen ? 'thaw' : 'freeze', client });
  };
  const onChosen = (what: (flight: number) => void) => () => chosen !== undefined && what(chosen);
  const isHeld = moment?.states.get(chosen ?? 0) === 'held';
  const keys: Record<string, () => unknown> = {
    ArrowRight: () => (isNow ? chosen !== undefined && act('deliver', chosen) : go(at + 1)),
    ArrowLeft: () => go(at - 1),
    Home: () => go(0),
    End: () => go(last),
    ArrowDown: () => pick(1),
    ArrowUp: () => pick(-1),
    d: onChosen((flight) => act('deliver', flight)),
    h: onChosen((flight) => act(isHeld ? 'release' : 'hold', flight)),
    x: onChosen((flight) => act('cut', flight)),
    z: freezeOrThaw,
    o: onChosen((flight) => toggle(flight, true)),
    // What the broker decided is told after what it sent: the last step may have none of it.
    w: () => openDecided(body.current, diagram.rows.findLast(({ decisions }) => decisions?.length)?.key),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const press = keys[keyOf(event, letters) ?? ''];
    if (!press) return;
    event.preventDefault();
    press();
  };

  const savePcapng = async () => {
    const { toPcapng } = await import('./export.ts');
    save(`${id}.pcapng`, toPcapng(world), 'application/x-pcapng');
  };
  const saveSvg = async () => {
    const { toSvg } = await import('../stepper/svg.ts');
    save(`${id}.svg`, toSvg(diagram, participants, words, lang), 'image/svg+xml');
  };
  const place = isNow ? real.present : fill(words.stepper.time.place, { at, all: last });
  return (
    <figure
      class="sx real not-content"
      aria-label={fill(words.stepper.figure, { who: namesOf(participants, lang) })}
      onKeyDown={onKeyDown}
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
            chosen={isNow ? chosen : undefined}
            opened={openedFlight?.number}
            lit={lit}
            body={body}
            light={light}
            open={(flight) => toggle(flight, false)}
            act={act}
            place={at}
            onKeyDown={moveAmongCapsules}
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
            <span class="lab">{place}</span>
            <span class="keep">
              <Quiet name="pcapng" words={words.stepper.time} live={true} press={savePcapng} />
              <Quiet name="svg" words={words.stepper.time} live={true} press={saveSvg} />
            </span>
          </div>
          {!isNow && <p class="say">{real.past}</p>}
          {world.isFull && <p class="say">{fill(real.full, { most: MOST_STEPS })}</p>}
          <Remembers
            words={words.stepper}
            lang={lang}
            line={line}
            at={at}
            participants={participants}
            of={participants.filter(({ name }) => moment?.snapshot.clients[name])}
            lit={lit}
            light={light}
          />
          <p class="about">{isTold ? real.unseenOwn : real.unseen}</p>
          <p class="about">
            {fill(real.identifiers, { mark })} {keepsTyped && real.typedIdentifiers}
          </p>
          {world.port !== null && (
            <p class="about">
              {real.yours} <code class="m">{subscribeCommand(world.port)}</code>
            </p>
          )}
          {opened && openedFlight && (
            <OpenedPacket
              words={words}
              lang={lang}
              flight={openedFlight}
              participants={participants}
              takesFocus={opened.byKey}
              close={() => {
                setOpened(undefined);
                focusBody();
              }}
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
          place={place}
          jump={(number) =>
            go(line.moments.findIndex(({ sent }) => sent.some((each) => each.number === number)))
          }
        />
      </div>
      <p class="vh-hide" role="status">
        {isNow && announcement(scene, words, false)}
      </p>
      <Keys
        words={words.stepper.keys}
        without={['space', 'fork']}
        letters={letters}
        setLetters={setLetters}
      />
    </figure>
  );
}
