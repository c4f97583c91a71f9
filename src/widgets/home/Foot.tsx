/** Time: back, step, play; how things stand, in a sentence; and the way into a lesson. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { Icon, PlayIcon } from '../stepper/icons.tsx';
import { rove } from '../stepper/rove.ts';
import type { Held } from './useRun.ts';

export interface FootProps extends Held {
  words: Dictionary['home'];
  isReady: boolean;
  status: string;
  /** The address of the lesson with the open packet in it. */
  lesson: string | undefined;
}

export function Foot({ words, isReady, status, lesson, scene, isPlaying, ...run }: FootProps) {
  const { time } = words;
  const [stop, setStop] = useState(1);
  const button = (
    index: number,
    label: string,
    icon: ComponentChildren,
    isPossible: boolean,
    press: () => void,
  ) => (
    <button
      type="button"
      class="btn s"
      disabled={!isReady}
      aria-disabled={!isPossible}
      tabIndex={index === stop ? 0 : -1}
      onFocus={() => setStop(index)}
      onClick={() => isPossible && press()}
    >
      {icon}
      {label}
    </button>
  );
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (rove(event, event.currentTarget, 'button', ['ArrowLeft', 'ArrowRight'])) event.preventDefault();
  };
  return (
    <div class="foot">
      <div class="tools" role="toolbar" aria-label={time.label} onKeyDown={onKeyDown}>
        {button(0, time.back, <Icon of="back" />, scene.hasBack, run.back)}
        {button(1, time.step, <Icon of="step" />, scene.hasNext, run.step)}
        {isPlaying
          ? button(2, time.pause, <Icon of="pause" />, true, run.togglePlay)
          : button(2, time.play, <PlayIcon />, scene.hasNext, run.togglePlay)}
      </div>
      <p class="say" role="status">
        {status}
      </p>
      {lesson && <a href={lesson}>{words.lesson}</a>}
    </div>
  );
}
