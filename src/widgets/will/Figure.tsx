/** The figures that the text leans on: one cable is pulled and one client says goodbye; and a will for those who come later. */
import { begin as begun } from '../../lessons/progress.ts';
import { LATE_OPENS, lateVariants, OPENS, variants } from '../../lessons/will.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

const FIGURES = {
  will: { variants, opens: OPENS },
  late: { variants: lateVariants, opens: LATE_OPENS },
} as const;

export function Figure({ of, ...props }: LessonProps<'will'> & { of: keyof typeof FIGURES }) {
  const words = wordsOf(props);
  return (
    <LessonFigure
      id={of}
      {...FIGURES[of]}
      stories={of === 'late' ? words.will.stories : undefined}
      words={words}
      lang={props.lang}
      onMoment={(_run, _line, byReader) => byReader && begun('will')}
    />
  );
}
