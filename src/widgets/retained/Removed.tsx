/** The goal: a message that outlives its publisher's connection, one that comes live, and one that removes. */
import { goalVariants, judge, solution } from '../../lessons/retained.ts';
import { GoalRun } from '../lesson/GoalRun.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

export function Removed(props: LessonProps<'retained'>) {
  const words = wordsOf(props);
  const { goal } = words.retained;
  return (
    <GoalRun
      words={words}
      lang={props.lang}
      slug="retained"
      id="removed"
      title={goal.title}
      hints={goal.hints}
      variants={goalVariants}
      offers={goal.offers}
      judge={(world) => {
        const { fromTopic, live, removed, flags, obstacle } = judge(world);
        const flagsFound = (found: readonly number[]) =>
          found.length > 0 && <span class="m">{found.map((flag) => `RETAIN ${flag}`).join(', ')}</span>;
        const checks = [
          { text: goal.fromTopic, met: fromTopic, found: flagsFound(flags['21']) },
          { text: goal.live, met: live, found: flagsFound(flags['22']) },
          { text: goal.removed, met: removed },
        ];
        return { checks, difference: obstacle && goal.obstacles[obstacle] };
      }}
      solution={solution}
    />
  );
}
