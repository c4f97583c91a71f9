// What an island of this lesson is given, and what it says.
import type { LessonProps, LessonWords } from '../stepper/words.ts';

export type TopicsProps = LessonProps<'topics'>;
export type TopicsWords = LessonWords<'topics'>;
