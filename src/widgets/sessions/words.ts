// What an island of this lesson is given, and what it says.
import type { LessonProps, LessonWords } from '../stepper/words.ts';

export type SessionsProps = LessonProps<'sessions'>;
export type SessionsWords = LessonWords<'sessions'>;
