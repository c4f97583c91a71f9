/**
 * The stepper's state while it is on a page: what is on the table, whether it plays, what the address asks for, and what
 * can be done. It knows the browser; how a moment is drawn is not its affair.
 */
import type { RefObject } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ImpossibleInput, type Input } from '../../../broker/index.ts';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { act, type Run } from '../../lessons/run.ts';
import type { Variant } from '../../lessons/scenario.ts';
import {
  addFork,
  chooseRun,
  chooseVariant,
  type Figure,
  goTo,
  letter,
  openFigure,
  shown,
  showRun,
  withRun,
} from './figure.ts';
import { fromFragment, toFragment } from './link.ts';
import { type Moment, type Timeline, timeline } from './timeline.ts';

/** Takes over a figure. Another object is another order. */
export interface Order {
  readonly variant: string;
  readonly run: Run;
  /** Goes on by itself from there. */
  readonly plays?: boolean;
}

export interface FigureOptions {
  /** Names the figure in links. */
  id: string;
  variants: readonly Variant[];
  /** The key of the variant that it opens with. */
  opens: string;
  /** Whether an address can name its steps. A figure that comes and goes on its page is named by none. */
  linked?: boolean;
  order?: Order | undefined;
  /** Told of each moment that is shown, and whether the reader led there. */
  onMoment?: ((run: Run, line: Timeline, byReader: boolean) => void) | undefined;
}

export interface Message {
  readonly text: string;
  readonly isFault: boolean;
}

export const SPEEDS = { half: 0.5, once: 1, four: 4 } as const;
export type Speed = keyof typeof SPEEDS;

/** From one step to the next at 1×, in milliseconds; at any speed for readers who ask for reduced motion. */
const PACE = 1400;
const STILL_PACE = 1000;

/** @param root what is to be seen when the address names a step of this figure */
export function useFigure(
  { id, variants, opens, linked = true, order, onMoment }: FigureOptions,
  words: Dictionary['stepper'],
  root: RefObject<HTMLElement>,
) {
  const [live, setLive] = useState(false);
  const [figure, setFigure] = useState(() => openFigure(variants, opens));
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<Speed>('once');
  const [message, setMessage] = useState<Message>();
  const byReader = useRef(false);

  const run = shown(figure);
  const line = useMemo(() => timeline(run), [run.scenario, run.inputs]);
  const { at } = run;
  const last = line.inputs.length;

  useEffect(() => setLive(true), []);
  useEffect(() => onMoment?.(run, line, byReader.current), [run]);
  useEffect(() => {
    if (!order) return;
    byReader.current = false;
    setMessage(undefined);
    setFigure((now) => showRun(now, variants, order.variant, order.run));
    setPlaying(order.plays ?? false);
  }, [order]);
  useEffect(() => {
    if (!linked) return;
    const follow = () => {
      const found = fromFragment(location.hash, id, variants);
      if (found === undefined) return;
      root.current?.scrollIntoView();
      if (found === 'broken') setMessage({ text: words.brokenLink, isFault: true });
      else setFigure((now) => showRun(now, variants, found.variant.key, found.run));
    };
    follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    if (!playing) return;
    if (at >= last) return setPlaying(false);
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const wait = still ? STILL_PACE : PACE / SPEEDS[speed];
    const timer = setTimeout(() => setFigure((now) => goTo(now, at + 1)), wait);
    return () => clearTimeout(timer);
  }, [playing, at, last, speed]);

  /** What the reader does ends the playing, and what was said of what came before. */
  const change = (next: (figure: Figure) => Figure) => {
    byReader.current = true;
    setPlaying(false);
    setMessage(undefined);
    setFigure(next);
  };
  const move = (to: number) => change((now) => goTo(now, to));
  const linkHere = async () => {
    history.replaceState(null, '', `#${toFragment(id, figure.variant.key, run)}`);
    setMessage({ text: words.time.linked, isFault: false });
    await navigator.clipboard?.writeText(location.href);
  };

  return {
    live,
    figure,
    run,
    line,
    at,
    last,
    moment: line.moments[at] as Moment,
    playing,
    speed,
    message,
    setSpeed,
    move,
    choose: (key: string) => change((now) => chooseVariant(now, variants, key)),
    chooseRun: (index: number) => change((now) => chooseRun(now, index)),
    /** Does something, if the world allows it. */
    perform(input: Input) {
      try {
        const next = act(run, input);
        change((now) => withRun(now, next));
      } catch (error) {
        if (!(error instanceof ImpossibleInput)) throw error;
      }
    },
    togglePlay() {
      byReader.current = true;
      setMessage(undefined);
      const starts = !playing && at < last;
      setPlaying(starts);
      if (starts) setFigure((now) => goTo(now, at + 1));
    },
    forkHere() {
      change(addFork);
      setMessage({ text: fill(words.time.forked, { letter: letter(figure.runs.length) }), isFault: false });
    },
    linkHere: linked ? linkHere : undefined,
    /** Goes to where a packet was sent. */
    jump(number: number) {
      const flight = line.flights[number - 1];
      const step = line.moments.findIndex(({ sent }) => sent.some((each) => each.number === flight?.number));
      move(Math.max(step, 0));
    },
  };
}
