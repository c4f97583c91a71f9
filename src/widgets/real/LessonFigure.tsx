/**
 * A figure of a lesson: the stepper, and at its foot the way to a real broker, where the same clients are. What is there is
 * loaded when it is asked for. The run in the page waits meanwhile, and is back when anything leads to it.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Run } from '../../lessons/run.ts';
import type { Scenario } from '../../lessons/scenario.ts';
import { Stepper, type StepperProps } from '../stepper/Stepper.tsx';
import type { Timeline } from '../stepper/timeline.ts';
import { useBehind } from './behind.ts';
import type { LessonReal } from './LessonReal.tsx';
import './elsewhere.css';

export function LessonFigure(props: StepperProps) {
  const behind = useBehind();
  const [Real, setReal] = useState<typeof LessonReal>();
  const [scenario, setScenario] = useState<Scenario>();
  const shown = useRef<Run>();
  const place = useRef<HTMLDivElement>(null);
  const isReturning = useRef(false);
  const back = () => setScenario(undefined);
  useEffect(() => {
    if (scenario || !isReturning.current) return;
    isReturning.current = false;
    place.current?.querySelector<HTMLElement>('.elsewhere button')?.focus();
  }, [scenario]);
  const go = async () => {
    const loaded = await import('./LessonReal.tsx');
    setReal(() => loaded.LessonReal);
    setScenario(shown.current?.scenario);
  };
  const onMoment = (run: Run, line: Timeline, byReader: boolean) => {
    if (shown.current !== undefined) back();
    shown.current = run;
    props.onMoment?.(run, line, byReader);
  };
  return (
    <div class="figure-place" ref={place}>
      <Stepper
        {...props}
        onMoment={onMoment}
        hidden={scenario !== undefined}
        foot={
          <p class="elsewhere">
            {behind !== 'asked' && (
              <button type="button" class="btn s q" onClick={() => void go()}>
                {props.words.stepper.elsewhere[behind]}
              </button>
            )}
          </p>
        }
      />
      {Real && scenario && (
        <Real
          words={props.words}
          lang={props.lang}
          id={props.id}
          scenario={scenario}
          opens={behind === 'there' ? 'machine' : 'other'}
          back={() => {
            isReturning.current = true;
            back();
          }}
        />
      )}
    </div>
  );
}
