/** The goal: one message, two PUBLISH packets, one delivery. It is judged by the packets of the figure above it. */
import { useState } from 'preact/hooks';
import { fill } from '../../i18n/phrase.ts';
import { begin as begun } from '../../lessons/progress.ts';
import { type Found, goalVariants, judge, PAYLOAD, solution } from '../../lessons/qos.ts';
import { begin, type Run, worldOf } from '../../lessons/run.ts';
import { type Check, Goal } from '../lesson/Goal.tsx';
import { hexByte } from '../packet/hex.ts';
import { Stepper } from '../stepper/Stepper.tsx';
import type { Order } from '../stepper/useFigure.ts';
import { type QosProps, type QosWords, wordsOf } from './words.ts';

const OPENS = '4-2';

export function Once(props: QosProps) {
  const { lang } = props;
  const words = wordsOf(props);
  const [run, setRun] = useState<Run>(() => begin(scenarioOf(OPENS)));
  const [order, setOrder] = useState<Order>();
  const { goal } = words.qos;
  const found = judge(worldOf(run), run.scenario);
  const key = goalVariants.find(({ scenario }) => scenario === run.scenario)?.key ?? OPENS;
  return (
    <>
      <Stepper
        id="once"
        variants={goalVariants}
        opens={OPENS}
        words={words}
        lang={lang}
        order={order}
        onMoment={(now, _line, byReader) => {
          setRun(now);
          if (byReader) begun('qos');
        }}
      />
      <Goal
        words={words.lesson.goal}
        slug="qos"
        title={goal.title}
        checks={checksOf(found, words)}
        difference={found.obstacle && goal.obstacles[found.obstacle]}
        hints={goal.hints}
        onSolution={() => setOrder({ variant: key, run: solution(run.scenario), plays: true })}
        onStartOver={() => setOrder({ variant: key, run: begin(run.scenario) })}
      />
    </>
  );
}

function checksOf(found: Found, { qos: { goal } }: QosWords): Check[] {
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

function scenarioOf(key: string) {
  const variant = goalVariants.find((each) => each.key === key);
  if (!variant) throw new RangeError(`There is no variant ${key}`);
  return variant.scenario;
}
