/** A goal in a figure: it is judged by the packets of the run that the figure shows, and its solution is a run. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { World } from '#broker/index.ts';
import type { Slug } from '../../lessons/path.ts';
import { begin as begun } from '../../lessons/progress.ts';
import { begin, type Run, worldOf } from '../../lessons/run.ts';
import type { Scenario, Variant } from '../../lessons/scenario.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import type { Order } from '../stepper/useFigure.ts';
import type { LessonWords } from '../stepper/words.ts';
import { type Check, Goal } from './Goal.tsx';

export interface GoalRunProps {
  words: LessonWords;
  lang: string;
  slug: Slug;
  /** Names the figure in links. */
  id: string;
  title: string;
  hints: readonly string[];
  variants: readonly [Variant, ...Variant[]];
  offers?: Readonly<Record<string, string>>;
  stories?: Readonly<Record<string, string>>;
  /** What is compared, and what keeps it from being met. */
  judge(world: World, scenario: Scenario): { checks: Check[]; difference: ComponentChildren };
  /** A run of this story that meets it, or of another of the stories if this one has none. */
  solution(scenario: Scenario): Run;
}

export function GoalRun(props: GoalRunProps) {
  const { words, lang, slug, id, variants, offers, stories, judge, solution } = props;
  const [first] = variants;
  const [run, setRun] = useState<Run>(() => begin(first.scenario));
  const [order, setOrder] = useState<Order>();
  const { scenario } = run;
  const show = (shown: Run, plays = false) => {
    const { key } = variants.find((each) => each.scenario === shown.scenario) ?? first;
    setOrder({ variant: key, run: shown, plays });
  };
  return (
    <>
      <LessonFigure
        id={id}
        variants={variants}
        opens={first.key}
        words={words}
        lang={lang}
        offers={offers}
        stories={stories}
        order={order}
        onMoment={(now, _line, byReader) => {
          setRun(now);
          if (byReader) begun(slug);
        }}
      />
      <Goal
        words={words.lesson.goal}
        slug={slug}
        title={props.title}
        {...judge(worldOf(run), scenario)}
        hints={props.hints}
        onSolution={() => show(solution(scenario), true)}
        onStartOver={() => show(begin(scenario))}
      />
    </>
  );
}
