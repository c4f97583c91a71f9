// A moment of a figure to which a sentence elsewhere on the page can point. Knows runs; how it is written into an address is
// not its affair.
import type { Input } from '../../broker/index.ts';
import { begin, go, type Run, settled, way } from './run.ts';
import type { Variant } from './scenario.ts';

export interface Exhibit {
  /** The name that the figure has in links. */
  readonly figure: string;
  readonly variant: string;
  readonly run: Run;
}

/** A story of a figure at its very end. */
export function endOf(figure: string, variants: readonly Variant[], variant: string): Exhibit {
  const run = begin(storyOf(variants, variant).scenario);
  return { figure, variant, run: go(run, way(run).length) };
}

/** A story of a figure as it opens. */
export function openingOf(figure: string, variants: readonly Variant[], variant: string): Exhibit {
  return { figure, variant, run: begin(storyOf(variants, variant).scenario) };
}

/** A story of a figure, from its very beginning, after this was done and all that it set in motion has arrived. */
export function after(
  figure: string,
  variants: readonly Variant[],
  variant: string,
  acts: readonly Input[],
): Exhibit {
  const { scenario } = storyOf(variants, variant);
  return exactly(figure, variants, variant, settled(scenario.setup, acts, scenario.before));
}

/** The same after exactly these steps. */
export function exactly(
  figure: string,
  variants: readonly Variant[],
  variant: string,
  inputs: readonly Input[],
): Exhibit {
  const { scenario } = storyOf(variants, variant);
  return { figure, variant, run: { scenario, inputs, at: inputs.length } };
}

function storyOf(variants: readonly Variant[], key: string): Variant {
  const variant = variants.find((each) => each.key === key);
  if (!variant) throw new RangeError(`There is no story ${key}`);
  return variant;
}
