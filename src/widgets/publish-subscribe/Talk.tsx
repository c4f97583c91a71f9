/** The goal: two devices talk both ways, and one message goes to nobody. It is judged by the packets of the figure above it. */
import { fill } from '../../i18n/phrase.ts';
import { goalVariants, judge, solution } from '../../lessons/publish-subscribe.ts';
import { GoalRun } from '../lesson/GoalRun.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { PublishSubscribeProps } from './words.ts';

export function Talk(props: PublishSubscribeProps) {
  const words = wordsOf(props);
  const { goal } = words.publishSubscribe;
  const quoted = new Intl.ListFormat(props.lang);
  return (
    <GoalRun
      words={words}
      lang={props.lang}
      slug="publish-subscribe"
      id="talk"
      title={goal.title}
      hints={goal.hints}
      variants={goalVariants}
      offers={goal.offers}
      judge={(world) => {
        const { heard, echoes, unheard, obstacle } = judge(world);
        const checks = [
          { text: goal.heard.B, met: heard.B > 0 },
          { text: goal.heard.A, met: heard.A > 0 },
          {
            text: goal.noEcho,
            met: echoes === 0 && heard.A + heard.B > 0,
            found: echoes > 0 && fill(goal.echoes, { count: echoes }),
          },
          {
            text: goal.unheard,
            met: unheard.length > 0,
            found:
              unheard.length > 0 && quoted.format(unheard.map((payload) => fill(goal.quoted, { payload }))),
          },
        ];
        return { checks, difference: obstacle && goal.obstacles[obstacle] };
      }}
      solution={solution}
    />
  );
}
