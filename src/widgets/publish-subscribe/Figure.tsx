/** The figures that the text leans on: a message that nobody asked for, and what would have kept two others. */
import { begin as begun } from '../../lessons/progress.ts';
import { KEPT_OPENS, keptVariants, OPENS, variants } from '../../lessons/publish-subscribe.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { PublishSubscribeProps } from './words.ts';

const FIGURES = {
  nobody: { variants, opens: OPENS },
  kept: { variants: keptVariants, opens: KEPT_OPENS },
} as const;

export function Figure({ of, ...props }: PublishSubscribeProps & { of: keyof typeof FIGURES }) {
  const words = wordsOf(props);
  return (
    <LessonFigure
      id={of}
      {...FIGURES[of]}
      stories={of === 'kept' ? words.publishSubscribe.stories : undefined}
      words={words}
      lang={props.lang}
      onMoment={(_run, _line, byReader) => byReader && begun('publish-subscribe')}
    />
  );
}
