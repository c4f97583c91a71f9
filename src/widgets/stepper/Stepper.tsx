/**
 * The stepper: a sequence diagram in which the reader holds time. It lays the figure out and says which key does what;
 * what a step does is for the world to say, and how a moment is drawn for the diagram.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { middleOf, namesOf, type Participant } from '../../lessons/scenario.ts';
import { capsuleLabel } from '../packet/Capsule.tsx';
import { save } from '../save.ts';
import type { Action, Diagram, PacketRow } from './diagram.ts';
import { draw, nextFlight, tallest } from './draw.ts';
import { Choices, Links } from './Head.tsx';
import { Keys, useLetterKeys } from './Keys.tsx';
import { keyOf, moveAmongCapsules, openDecided } from './keys.ts';
import { NotTcp } from './NotTcp.tsx';
import { Offers } from './Offers.tsx';
import { OpenedPacket } from './Opened.tsx';
import { Remembers } from './Remembers.tsx';
import { flightOf } from './reading.ts';
import { Stage, TALL } from './Stage.tsx';
import { Transcript } from './Transcript.tsx';
import { type Tick, Transport } from './Transport.tsx';
import { announcement, lineOf, type Scene, type StepperWords, told as toldOf } from './tell.ts';
import type { Timeline } from './timeline.ts';
import { type FigureOptions, SPEEDS, useFigure } from './useFigure.ts';
import './stepper.css';

export interface StepperProps extends FigureOptions {
  words: StepperWords;
  /** What the offers of the scenario are called. */
  offers?: Readonly<Record<string, string>> | undefined;
  /** What its stories are called, if that is what the variants differ in. */
  stories?: Readonly<Record<string, string>> | undefined;
  lang: string;
  /** What stands at the foot of the figure. */
  foot?: ComponentChildren;
  /** Something else stands in its place for now. */
  hidden?: boolean;
}

export function Stepper({ words, lang, offers, stories, foot, hidden = false, ...options }: StepperProps) {
  const root = useRef<HTMLElement>(null);
  const figure = useFigure(options, words.stepper, root);
  const { live, run, line, at, last, moment, move, perform } = figure;
  const { participants, setup } = run.scenario;
  const [picked, setPicked] = useState<number>();
  const [opened, setOpened] = useState<{ flight: number; byKey: boolean }>();
  const [lit, light] = useState<string>();
  const [letters, setLetters] = useLetterKeys();
  const body = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (hidden && figure.playing) figure.togglePlay();
  }, [hidden]);

  const diagram = useMemo(() => draw(line, at, participants), [line, at, participants]);
  const height = useMemo(() => tallest(line, TALL), [line]);
  const scene: Scene = { line, at, rows: diagram.rows, participants };
  const told = announcement(scene, words);
  const chosen = picked !== undefined && moment.deliverable.has(picked) ? picked : nextFlight(line, at);
  const openedFlight = moment.states.has(opened?.flight ?? 0)
    ? flightOf(line, opened?.flight ?? 0)
    : undefined;

  /** What was pressed may be gone after it was done; the keys go on to work. */
  const focusBody = () => body.current?.focus({ preventScroll: true });
  const clientOf = (flight: number | undefined) => flightOf(line, flight ?? 0)?.client;
  const nameOf = (number: number) => {
    const flight = flightOf(line, number);
    return flight ? capsuleLabel(flight.frame, flight.version, words.packet.capsule) : '';
  };
  const toggle = (flight: number, byKey: boolean) =>
    setOpened(openedFlight?.number === flight ? undefined : { flight, byKey });
  const act = (action: Action, flight: number) => {
    const client = clientOf(flight) ?? '';
    perform(action === 'cut' ? { do: 'cut', client } : { do: action, flight });
    focusBody();
  };
  const freezeOrThaw = () => {
    const frozen = setup.clients.find(({ name }) => moment.links[name] === 'frozen');
    const client = frozen?.name ?? clientOf(chosen);
    if (client) perform({ do: frozen ? 'thaw' : 'freeze', client });
  };
  const pick = (by: 1 | -1) => {
    const all = [...moment.deliverable];
    setPicked(all[(all.indexOf(chosen ?? 0) + by + all.length) % all.length]);
  };
  const ticks = useMemo(() => ticksOf(line, participants), [line, participants]);
  const onChosen = (does: (flight: number) => void) => () => chosen !== undefined && does(chosen);
  const isHeld = moment.states.get(chosen ?? 0) === 'held';

  const fileName = `${options.id}-${figure.figure.variant.key}-${at}`;
  const savePcapng = async () => {
    const { toPcapng } = await import('./export.ts');
    save(`${fileName}.pcapng`, toPcapng(run, Date.now()), 'application/x-pcapng');
  };
  const saveSvg = async () => {
    const { toSvg } = await import('./svg.ts');
    save(`${fileName}.svg`, toSvg(diagram, participants, words, lang), 'image/svg+xml');
  };

  const keys: Record<string, () => unknown> = {
    ArrowRight: () => move(at + 1),
    ArrowLeft: () => move(at - 1),
    Home: () => move(0),
    End: () => move(last),
    ArrowDown: () => pick(1),
    ArrowUp: () => pick(-1),
    ' ': figure.togglePlay,
    d: onChosen((flight) => act('deliver', flight)),
    h: onChosen((flight) => act(isHeld ? 'release' : 'hold', flight)),
    x: onChosen((flight) => act('cut', flight)),
    z: freezeOrThaw,
    o: onChosen((flight) => toggle(flight, true)),
    w: () => openDecided(body.current, diagram.latest),
    f: figure.forkHere,
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const key = keyOf(event, letters);
    const does = key === undefined ? undefined : keys[key];
    if (!does) return;
    event.preventDefault();
    does();
  };

  return (
    <figure
      class="sx not-content"
      hidden={hidden}
      ref={root}
      aria-label={fill(words.stepper.figure, { who: namesOf(participants, lang) })}
      style={{ '--speed': SPEEDS[figure.speed] }}
      onKeyDown={onKeyDown}
    >
      {setup.notTcp && <figcaption>{words.stepper.notTcp.heading}</figcaption>}
      <Choices {...options} {...figure} words={words.stepper} stories={stories} />
      {figure.message?.isFault && (
        <p class="broken" role="alert">
          {figure.message.text}
        </p>
      )}
      <div class="sx-b">
        <div class="main">
          <Stage
            words={words}
            lang={lang}
            version={setup.version}
            live={live}
            participants={participants}
            diagram={diagram}
            height={height}
            place={at}
            chosen={chosen}
            opened={openedFlight?.number}
            moving={figure.figure.advanced && live}
            lit={lit}
            body={body}
            light={light}
            open={(flight) => toggle(flight, false)}
            jump={figure.jump}
            act={act}
            reconnect={(client) => {
              perform({ do: 'connect', client });
              focusBody();
            }}
            onKeyDown={moveAmongCapsules}
          >
            <Links
              words={words.stepper}
              live={live}
              participants={participants}
              line={line}
              at={at}
              perform={perform}
            />
          </Stage>
          {setup.notTcp && (
            <NotTcp
              words={words.stepper}
              live={live}
              run={run}
              flights={inFlight(diagram, chosen)}
              name={nameOf}
              perform={(input) => {
                perform(input);
                focusBody();
              }}
            />
          )}
          {offers && (
            <Offers
              words={words.stepper}
              names={offers}
              live={live}
              run={run}
              perform={(input) => {
                perform(input);
                focusBody();
              }}
            />
          )}
          <Transport
            {...figure}
            words={words.stepper.time}
            id={options.id}
            ticks={ticks}
            told={told}
            leads={at < last && !hasButtons(diagram)}
            save={{ pcapng: savePcapng, svg: saveSvg }}
            onPointed={focusBody}
          />
          <Remembers
            words={words.stepper}
            lang={lang}
            line={line}
            at={at}
            participants={participants}
            lit={lit}
            light={light}
          />
          {opened && openedFlight && (
            <OpenedPacket
              words={words}
              lang={lang}
              flight={openedFlight}
              participants={participants}
              takesFocus={opened.byKey}
              strip={() => body.current?.querySelector(`[data-capsule="${openedFlight.number}"] > u`)}
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
          version={setup.version}
          live={live}
          rows={toldOf(diagram.rows)}
          tell={(row) => lineOf(row, scene, words)}
          place={fill(words.stepper.time.place, { at, all: last })}
          jump={figure.jump}
        />
      </div>
      <p class="vh-hide" role="status">
        {live && (figure.message?.text ?? told)}
      </p>
      {figure.message && !figure.message.isFault && (
        <p class="said" aria-hidden="true">
          {figure.message.text}
        </p>
      )}
      {foot}
      <Keys words={words.stepper.keys} letters={letters} setLetters={setLetters} />
    </figure>
  );
}

/** Whether something in the diagram leads on, so that Step need not. */
function hasButtons({ rows }: Diagram): boolean {
  return rows.some((row) =>
    row.kind === 'packet' ? row.actions.length > 0 : row.kind === 'cut' && row.open,
  );
}

/** The packets that are under way, first the one that is chosen. */
function inFlight({ rows }: Diagram, chosen: number | undefined): number[] {
  const all = rows.filter((row): row is PacketRow => row.kind === 'packet');
  const underWay = all.filter(({ state }) => state === 'in flight' || state === 'held');
  const numbers = underWay.map(({ flight }) => flight.number);
  return chosen === undefined ? numbers : [chosen, ...numbers];
}

function ticksOf(line: Timeline, participants: readonly Participant[]): Tick[] {
  const names = participants.map(({ name }) => name);
  const middle = middleOf(participants);
  return line.inputs.map((input) => {
    if (input.do === 'cut' || input.do === 'restart') return 'cut';
    if (input.do !== 'deliver') return 'other';
    const client = flightOf(line, input.flight)?.client ?? '';
    return names.indexOf(client) < middle ? 'left' : 'right';
  });
}
