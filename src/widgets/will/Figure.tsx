/** The first figure of the lesson: one cable is pulled, one client says goodbye. */
import { begin as begun } from '../../lessons/progress.ts';
import { OPENS, variants } from '../../lessons/will.ts';
import { Stepper } from '../stepper/Stepper.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

export function Figure(props: LessonProps<'will'>) {
  const words = wordsOf(props);
  return (
    <Stepper
      id="will"
      variants={variants}
      opens={OPENS}
      words={words}
      lang={props.lang}
      onMoment={(_run, _line, byReader) => byReader && begun('will')}
    />
  );
}
