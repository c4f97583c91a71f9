/** The figures that the text leans on: the phone is away, it is thrown out, and the Session Expiry Interval runs out. */
import { begin as begun } from '../../lessons/progress.ts';
import { expiryVariants, OPENS, takeoverVariants, variants } from '../../lessons/sessions.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { SessionsProps } from './words.ts';

const FIGURES = {
  away: { variants, opens: OPENS, stories: 'stories' },
  expiry: { variants: expiryVariants, opens: '5-late', stories: 'expiry' },
  takeover: { variants: takeoverVariants, opens: '5', stories: undefined },
} as const;

export function Figure({ of, ...props }: SessionsProps & { of: keyof typeof FIGURES }) {
  const words = wordsOf(props);
  const figure = FIGURES[of];
  return (
    <LessonFigure
      id={of}
      variants={figure.variants}
      opens={figure.opens}
      stories={figure.stories && words.sessions[figure.stories]}
      words={words}
      lang={props.lang}
      onMoment={(_run, _line, byReader) => byReader && begun('sessions')}
    />
  );
}
