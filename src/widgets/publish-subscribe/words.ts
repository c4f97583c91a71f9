// What an island of this lesson is given, and what it says.
import type { LessonProps, LessonWords } from '../stepper/words.ts';

export type PublishSubscribeProps = LessonProps<'publishSubscribe'>;
export type PublishSubscribeWords = LessonWords<'publishSubscribe'>;
