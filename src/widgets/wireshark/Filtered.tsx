/** The goal of lesson 7: a filter that lets through what is asked for and nothing else, compared packet by packet. */
import { useCallback, useState } from 'preact/hooks';
import type { Dictionary } from '../../i18n/index.ts';
import { plural } from '../../i18n/phrase.ts';
import { type Comparison, compare, GOAL } from '../../lessons/wireshark.ts';
import { CaptureViewer } from '../capture/Capture.tsx';
import type { Row } from '../capture/open-capture.ts';
import type { Example, First, Shown } from '../capture/viewer.ts';
import { type Check, Goal } from '../lesson/Goal.tsx';
import { listed } from './listed.ts';

interface Props {
  words: Pick<Dictionary, 'capture' | 'stepper' | 'lesson' | 'wireshark'>;
  lang: string;
  example: Example;
  first: First;
}

export function Filtered({ words, lang, example, first }: Props) {
  const { goal } = words.wireshark;
  const all = first.read.listing.rows;
  const [rows, setRows] = useState<readonly Row[]>(all);
  const [typed, setTyped] = useState<{ text: string; count: number }>();
  const watch = useCallback((shown: Shown) => setRows(shown.rows), []);
  const put = (text: string): void => setTyped({ text, count: (typed?.count ?? 0) + 1 });
  const checks = compare(all.map(listed), rows.map(listed));
  return (
    <Goal
      words={words.lesson.goal}
      slug="wireshark"
      title={goal.title}
      checks={checks.map((comparison) => check(comparison, goal, lang))}
      hints={goal.hints}
      onSolution={() => put(GOAL.solution)}
      onStartOver={() => put('')}
    >
      <p class="task">{goal.task}</p>
      <CaptureViewer
        words={words}
        lang={lang}
        examples={[example]}
        example={example.name}
        first={first}
        lesson="wireshark"
        isBrief
        typed={typed}
        onShown={watch}
      />
    </Goal>
  );
}

function check(
  { what, met, count }: Comparison,
  words: Props['words']['wireshark']['goal'],
  lang: string,
): Check {
  const found = plural(what === 'all' ? words.missing : words.found, count, lang);
  return { text: words.checks[what], met, found: met ? undefined : found };
}
