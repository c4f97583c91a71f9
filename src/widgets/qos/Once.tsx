/** The goal: one message, two PUBLISH packets, one delivery. It is judged by the packets of the figure above it. */
import { fill } from '../../i18n/phrase.ts';
import { type Found, goalVariants, judge, PAYLOAD, solution } from '../../lessons/qos.ts';
import type { Check } from '../lesson/Goal.tsx';
import { GoalRun } from '../lesson/GoalRun.tsx';
import { hexByte } from '../packet/hex.ts';
import { wordsOf } from '../stepper/words.ts';
import type { QosProps, QosWords } from './words.ts';

export function Once(props: QosProps) {
  const words = wordsOf(props);
  const { goal } = words.qos;
  return (
    <GoalRun
      words={words}
      lang={props.lang}
      slug="qos"
      id="once"
      title={goal.title}
      hints={goal.hints}
      variants={goalVariants}
      judge={(world, scenario) => {
        const found = judge(world, scenario);
        const difference = found.obstacle && goal.obstacles[found.obstacle];
        return { checks: checksOf(found, words), difference };
      }}
      solution={solution}
    />
  );
}

function checksOf(found: Found, { qos: { goal } }: Pick<QosWords, 'qos'>): Check[] {
  const { published, bothArrived, sameId, deliveries } = found;
  const numbers = published.map(({ number }) => number).join(', ');
  const ids = published.map(({ packet }) => idBytes(packet.packetId ?? 0));
  return [
    {
      text: fill(goal.repeated, { payload: PAYLOAD }),
      met: bothArrived,
      found: published.length > 0 && fill(published.length > 1 ? goal.packets : goal.only, { numbers }),
    },
    { text: goal.sameId, met: sameId, found: ids.length > 1 && <span class="m">{ids.join(' = ')}</span> },
    {
      text: fill(goal.once, { payload: PAYLOAD }),
      met: bothArrived && deliveries === 1,
      found: fill(goal.received, { count: deliveries }),
    },
  ];
}

function idBytes(packetId: number): string {
  return `${hexByte(packetId >> 8)} ${hexByte(packetId & 0xff)}`;
}
