/** The goal: the phone gets what was published while it was away. It is judged by the packets of the figure above it. */
import { fill } from '../../i18n/phrase.ts';
import { type Found, goalVariants, judge, PAYLOADS, solution } from '../../lessons/sessions.ts';
import type { Check } from '../lesson/Goal.tsx';
import { GoalRun } from '../lesson/GoalRun.tsx';
import { wordsOf } from '../stepper/words.ts';
import type { SessionsProps, SessionsWords } from './words.ts';

export function Missed(props: SessionsProps) {
  const words = wordsOf(props);
  const { goal } = words.sessions;
  const [with0, with1] = PAYLOADS;
  const offers = {
    ...goal.offers,
    publish0: fill(goal.offers.publish0, { payload: with0 }),
    publish1: fill(goal.offers.publish1, { payload: with1 }),
  };
  return (
    <GoalRun
      words={words}
      lang={props.lang}
      slug="sessions"
      id="missed"
      title={goal.title}
      hints={goal.hints}
      variants={goalVariants}
      stories={goal.stories}
      offers={offers}
      judge={(world) => {
        const found = judge(world);
        return {
          checks: checksOf(found, goal),
          difference: found.obstacle && goal.obstacles[found.obstacle],
        };
      }}
      solution={solution}
    />
  );
}

function checksOf(found: Found, goal: SessionsWords['sessions']['goal']): Check[] {
  const { keeps, granted, missed, present, caughtUp } = found;
  return [
    { text: goal.keeps, met: keeps, found: asked(found, goal) },
    {
      text: goal.granted,
      met: granted === 1 || granted === 2,
      found: granted !== undefined && fill(goal.found.granted, { qos: granted }),
    },
    {
      text: goal.missed,
      met: missed.some((qos) => qos > 0),
      found: missed.length > 0 && fill(goal.found.missed, { list: missed.join(', ') }),
    },
    {
      text: goal.caughtUp,
      met: present === true && caughtUp > 0,
      found: present !== undefined && fill(goal.found.present, { flag: Number(present) }),
    },
  ];
}

/** What the newest CONNECT asks for. */
function asked({ connect }: Found, { found }: SessionsWords['sessions']['goal']): string | undefined {
  if (!connect) return undefined;
  const { version, clientId, cleanStart, properties } = connect;
  if (clientId === '') return found.nameless;
  const seconds = properties?.sessionExpiryInterval ?? 0;
  return fill(found.clean[version === 5 ? 5 : 4], { flag: Number(cleanStart), seconds });
}
