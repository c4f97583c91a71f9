/** MQTT 5: a will that waits for its Will Delay Interval, and a client that may return before. */
import { delay } from '../../lessons/will.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

export function Delay(props: LessonProps<'will'>) {
  const words = wordsOf(props);
  return (
    <LessonFigure
      id="delay"
      variants={[delay]}
      opens={delay.key}
      words={words}
      lang={props.lang}
      offers={words.will.delay.offers}
    />
  );
}
