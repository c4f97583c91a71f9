// A run in the hands of a reader: forwards, back, and by itself at a pace that one can follow. Knows time in the page;
// what a step does is for the run to say.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { back, opening, type Publication, publish, type Run, step, toEnd, toStart } from './run.ts';
import { type Scene, sceneOf } from './scene.ts';

/** Between two steps that happen by themselves. */
const PACE = 1100;

export interface Held {
  scene: Scene;
  isPlaying: boolean;
  /** Whether anything was done since the page opened. */
  hasMoved: boolean;
  back(): void;
  step(): void;
  toStart(): void;
  toEnd(): void;
  togglePlay(): void;
  /** Publishes, and plays on. */
  publish(publication: Publication): void;
}

/** The run with which the page opens, and what can be done with it. */
export function useRun(): Held {
  const [run, setRun] = useState(opening);
  const [isPlaying, setPlaying] = useState(false);
  const [hasMoved, setMoved] = useState(false);
  const scene = useMemo(() => sceneOf(run), [run]);

  useEffect(() => {
    if (!isPlaying) return;
    if (!scene.hasNext) return setPlaying(false);
    const timer = setTimeout(() => setRun(step), PACE);
    return () => clearTimeout(timer);
  }, [isPlaying, scene]);

  const move = (change: (run: Run) => Run, playsOn: boolean) => {
    setRun(change);
    setPlaying(playsOn);
    setMoved(true);
  };
  return {
    scene,
    isPlaying,
    hasMoved,
    back: () => move(back, false),
    step: () => move(step, false),
    toStart: () => move(toStart, false),
    toEnd: () => move((now) => toEnd(now), false),
    togglePlay: () => move(isPlaying ? (now) => now : step, !isPlaying),
    publish: (publication) => move((now) => publish(now, publication), true),
  };
}
