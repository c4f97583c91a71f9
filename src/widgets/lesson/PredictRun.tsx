/** A prediction about a story: its run is a real one, in a figure of its own; what it shows at its end is the outcome. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { World } from '#broker/index.ts';
import type { Slug } from '../../lessons/path.ts';
import { begin as begun } from '../../lessons/progress.ts';
import { begin, worldOf } from '../../lessons/run.ts';
import type { Variant } from '../../lessons/scenario.ts';
import { LessonFigure } from '../real/LessonFigure.tsx';
import type { Order } from '../stepper/useFigure.ts';
import type { LessonWords } from '../stepper/words.ts';
import { Predict } from './Predict.tsx';

export interface PredictRunProps {
  words: LessonWords;
  lang: string;
  slug: Slug;
  question: string;
  options: readonly string[];
  variant: Variant;
  /** Which of the options a world shows that has come to the end of the story. */
  outcomeOf(world: World): number;
  /** The explanation. */
  children?: ComponentChildren;
}

export function PredictRun(props: PredictRunProps) {
  const { words, lang, slug, question, options, variant, outcomeOf, children } = props;
  const [order, setOrder] = useState<Order>();
  const [outcome, setOutcome] = useState<number>();
  return (
    <Predict
      words={words.lesson.predict}
      question={question}
      options={options}
      outcome={outcome}
      onRun={() => {
        begun(slug);
        setOrder({ variant: variant.key, run: begin(variant.scenario), plays: true });
      }}
      result={
        order && (
          <LessonFigure
            id="prediction"
            linked={false}
            variants={[variant]}
            opens={variant.key}
            words={words}
            lang={lang}
            order={order}
            onMoment={(run, line) => {
              if (run.at === line.inputs.length) setOutcome(outcomeOf(worldOf(run)));
            }}
          />
        )
      }
    >
      {(outcome !== undefined || !order) && <div class="explained">{children}</div>}
    </Predict>
  );
}
