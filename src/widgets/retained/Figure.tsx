/** The first figure of the lesson: RETAIN in three parts, in each version. */
import { begin as begun } from '../../lessons/progress.ts';
import { OPENS, variants } from '../../lessons/retained.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

export function Figure(props: LessonProps<'retained'>) {
  const words = wordsOf(props);
  return (
    <LessonFigure
      id="retained"
      variants={variants}
      opens={OPENS}
      stories={words.retained.stories}
      words={words}
      lang={props.lang}
      onMoment={(_run, _line, byReader) => byReader && begun('retained')}
    />
  );
}
