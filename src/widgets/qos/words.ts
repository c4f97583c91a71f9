// What the islands of this lesson are given, and the words that they need.
import type { LessonProps, LessonWords } from '../stepper/words.ts';

export type QosProps = LessonProps<'qos'>;
export type QosWords = LessonWords<'qos'>;
