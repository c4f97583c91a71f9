// What a stepper has on its table: the variant that is shown, its runs, and those of the variants that were shown before.
// Plain values, changed by making new ones.
import { begin, fork, go, type Run } from '../../lessons/run.ts';
import type { Variant } from '../../lessons/scenario.ts';

interface Table {
  readonly runs: readonly Run[];
  /** Which of them is shown. */
  readonly active: number;
}

export interface Figure extends Table {
  readonly variant: Variant;
  /** The tables of the other variants, by their keys. */
  readonly aside: Readonly<Record<string, Table>>;
  /** The last change was one step on. */
  readonly advanced: boolean;
}

/** A figure as it opens. */
export function openFigure(variants: readonly Variant[], key: string): Figure {
  const variant = find(variants, key);
  return { variant, runs: [begin(variant.scenario)], active: 0, aside: {}, advanced: false };
}

/** The run that is shown. */
export function shown({ runs, active }: Figure): Run {
  const run = runs[active];
  if (!run) throw new RangeError(`There is no run ${active}`);
  return run;
}

/** The same figure with another run in the place of the one that is shown. */
export function withRun(figure: Figure, run: Run): Figure {
  const advanced = run.scenario === shown(figure).scenario && run.at === shown(figure).at + 1;
  return { ...figure, runs: figure.runs.with(figure.active, run), advanced };
}

/** Shows another run. */
export function chooseRun(figure: Figure, active: number): Figure {
  return { ...figure, active, advanced: false };
}

/** Adds a copy of the run, as far as it has come, and shows it. */
export function addFork(figure: Figure): Figure {
  const { runs } = figure;
  return { ...figure, runs: [...runs, fork(shown(figure))], active: runs.length, advanced: false };
}

/** Shows another variant, where it was left. */
export function chooseVariant(figure: Figure, variants: readonly Variant[], key: string): Figure {
  if (key === figure.variant.key) return figure;
  const variant = find(variants, key);
  const { runs, active, aside } = figure;
  const table = aside[key] ?? { runs: [begin(variant.scenario)], active: 0 };
  return { variant, ...table, aside: { ...aside, [figure.variant.key]: { runs, active } }, advanced: false };
}

/** Shows a run of a variant, in the place of what was shown of that variant. */
export function showRun(figure: Figure, variants: readonly Variant[], key: string, run: Run): Figure {
  const chosen = chooseVariant(figure, variants, key);
  return { ...chosen, runs: chosen.runs.with(chosen.active, run), advanced: false };
}

/** Goes to a place on the way. */
export function goTo(figure: Figure, at: number): Figure {
  return withRun(figure, go(shown(figure), at));
}

function find(variants: readonly Variant[], key: string): Variant {
  const variant = variants.find((each) => each.key === key);
  if (!variant) throw new RangeError(`There is no variant ${key}`);
  return variant;
}

/** What a run is called. */
export function letter(run: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + run);
}
