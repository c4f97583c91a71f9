/** The first figure of the lesson: one publication, at each QoS and in each version. */
import { begin as begun } from '../../lessons/progress.ts';
import { OPENS, variants } from '../../lessons/qos.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { QosProps } from './words.ts';

export function Figure(props: QosProps) {
  const { lang } = props;
  const words = wordsOf(props);
  return (
    <LessonFigure
      id="handshake"
      variants={variants}
      opens={OPENS}
      words={words}
      lang={lang}
      onMoment={(_run, _line, byReader) => byReader && begun('qos')}
    />
  );
}
