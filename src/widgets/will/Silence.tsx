/** The goal: silence publishes one will, politeness deletes the other one. */
import { fill } from '../../i18n/phrase.ts';
import { goalVariants, judge, solution } from '../../lessons/will.ts';
import { GoalRun } from '../lesson/GoalRun.tsx';
import { type LessonProps, wordsOf } from '../stepper/words.ts';

export function Silence(props: LessonProps<'will'>) {
  const words = wordsOf(props);
  const { goal } = words.will;
  return (
    <GoalRun
      words={words}
      lang={props.lang}
      slug="will"
      id="silence"
      title={goal.title}
      hints={goal.hints}
      variants={goalVariants}
      offers={goal.offers}
      judge={(world) => {
        const { silent, deleted, received, obstacle } = judge(world);
        const count = { count: received.length };
        const checks = [
          { text: goal.silent, met: silent, found: fill(goal.clock, { seconds: world.now / 1000 }) },
          { text: goal.deleted, met: deleted },
          { text: goal.once, met: received.length === 1, found: fill(goal.received, count) },
        ];
        return { checks, difference: obstacle && goal.obstacles[obstacle] };
      }}
      solution={solution}
    />
  );
}
