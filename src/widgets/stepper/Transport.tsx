/**
 * The controls of time: to the start, back, step, play, to the end; a scrubber with a tick for each step; the speed;
 * fork and link. It reports what is wanted and knows nothing of what the steps are.
 */
import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { fill } from '../../i18n/phrase.ts';
import { Icon, PlayIcon } from './icons.tsx';
import { rove } from './rove.ts';
import { Segments } from './Segments.tsx';
import { SPEEDS, type Speed } from './useFigure.ts';
import './transport.css';

/** How a step is marked on the scrubber: on which side of the broker, or as a cut. */
export type Tick = 'left' | 'right' | 'cut' | 'other';

export interface TransportProps {
  words: Dictionary['stepper']['time'];
  /** Names the group of speeds on the page. */
  id: string;
  live: boolean;
  at: number;
  ticks: readonly Tick[];
  /** What the last step was, in words. */
  told: string;
  playing: boolean;
  speed: Speed;
  /** Whether Step is the next thing to do. */
  leads: boolean;
  move(at: number): void;
  togglePlay(): void;
  setSpeed(speed: Speed): void;
  forkHere(): void;
  /** Left out where there is nothing to link to. */
  linkHere: (() => unknown) | undefined;
  /** The files that the run can be saved as; left out where there are none. */
  save?: Readonly<Record<'pcapng' | 'svg', () => unknown>> | undefined;
  /** A control was pressed with a pointer, so that the arrow keys are free for time again. */
  onPointed(): void;
}

export function Transport(props: TransportProps) {
  const { words, live, at, ticks, playing, move, togglePlay } = props;
  const [stop, setStop] = useState(2);
  const last = ticks.length;
  let index = 0;
  const button = (label: string, face: ComponentChildren, press: () => void, off = false, extra = '') => {
    const own = index++;
    return (
      <button
        type="button"
        class={`btn s ${extra}`}
        aria-label={label}
        title={label}
        data-stop
        tabIndex={own === stop ? 0 : -1}
        disabled={!live}
        aria-disabled={off}
        onFocus={() => setStop(own)}
        onClick={({ detail }) => {
          if (!off) press();
          if (detail > 0) props.onPointed();
        }}
      >
        {face}
      </button>
    );
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (rove(event, event.currentTarget, '[data-stop]', ['ArrowLeft', 'ArrowRight'])) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  const text = (label: string) => <span class="lbl">{label}</span>;
  return (
    <div class="tp">
      <div class="tools" role="toolbar" aria-label={words.toolbar} onKeyDown={onKeyDown}>
        {button(words.start, <Icon of="start" />, () => move(0), at === 0, 'ends')}
        {button(words.back, [<Icon of="back" />, text(words.back)], () => move(at - 1), at === 0)}
        {button(
          words.step,
          [<Icon of="step" />, text(words.step)],
          () => move(at + 1),
          at === last,
          props.leads ? 'go' : '',
        )}
        {playing
          ? button(words.pause, [<Icon of="pause" />, text(words.pause)], togglePlay)
          : button(words.play, [<PlayIcon />, text(words.play)], togglePlay, at === last)}
        {button(words.end, <Icon of="end" />, () => move(last), at === last, 'ends')}
      </div>
      <Scrubber {...props} />
      <Segments
        name={`${props.id} speed`}
        label={words.speed}
        live={live}
        options={(Object.keys(SPEEDS) as Speed[]).map((key) => ({ key, text: words.speeds[key] }))}
        chosen={props.speed}
        choose={(key) => props.setSpeed(key as Speed)}
      />
      <span class="keep">
        <Quiet name="fork" {...props} press={props.forkHere} />
        {props.linkHere && <Quiet name="link" {...props} press={props.linkHere} />}
        {props.save && (
          <>
            <Quiet name="pcapng" {...props} press={props.save.pcapng} />
            <Quiet name="svg" {...props} press={props.save.svg} />
          </>
        )}
      </span>
    </div>
  );
}

type QuietName = 'fork' | 'link' | 'pcapng' | 'svg';

/** A small button that says what it does when it is pointed at. */
export function Quiet({
  name,
  words,
  live,
  press,
}: Pick<TransportProps, 'words' | 'live'> & { name: QuietName; press(): unknown }) {
  return (
    <button type="button" class="btn s q" disabled={!live} title={words[name]} onClick={() => void press()}>
      <Icon of={name} />
      <span class="vh-hide">{words[name]}</span>
    </button>
  );
}

/** More ticks than this would be a bar: then only the cuts are marked. */
const MANY = 200;

function Scrubber({ words, live, at, ticks, told, move }: TransportProps) {
  const track = useRef<HTMLDivElement>(null);
  const last = ticks.length;
  const marks = useMemo(
    () => ticks.flatMap((tick, index) => (last <= MANY || tick === 'cut' ? [{ tick, index }] : [])),
    [ticks],
  );
  const share = (step: number) => `${last === 0 ? 0 : (step / last) * 100}%`;
  const drag = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (!live || !track.current || event.buttons === 0) return;
    const { left, width } = track.current.getBoundingClientRect();
    event.currentTarget.setPointerCapture(event.pointerId);
    move(Math.round(((event.clientX - left) / width) * last));
  };
  return (
    <div
      class="scrub"
      role="slider"
      tabIndex={live ? 0 : -1}
      aria-disabled={!live}
      aria-label={words.scrubber}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={at}
      aria-valuetext={`${fill(words.place, { at, all: last })}. ${told}`}
      onPointerDown={drag}
      onPointerMove={drag}
    >
      <div class="track" ref={track}>
        <span class="done" style={{ width: share(at) }} />
        {marks.map(({ tick, index }) => (
          <i key={index} class={index < at ? tick : `${tick} ahead`} style={{ left: share(index + 1) }} />
        ))}
        <span class="hd" style={{ left: share(at) }} />
      </div>
    </div>
  );
}
