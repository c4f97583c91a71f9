import { expect, test } from 'vitest';
import { variants } from '../../../src/lessons/qos.ts';
import { toEnd } from '../../../src/lessons/run.ts';
import {
  addFork,
  chooseRun,
  chooseVariant,
  goTo,
  letter,
  openFigure,
  shown,
  showRun,
} from '../../../src/widgets/stepper/figure.ts';
import { atStart } from './world.ts';

test('only a single step on is seen moving', () => {
  const figure = openFigure(variants, '4-1');
  const { at } = shown(figure);
  expect(goTo(figure, at + 1).advanced).toBe(true);
  expect(goTo(figure, at - 1).advanced).toBe(false);
  expect(goTo(goTo(figure, 0), at).advanced).toBe(false);
});

test('a variant that is left is found again as it was', () => {
  const figure = goTo(openFigure(variants, '4-1'), 2);
  const back = chooseVariant(chooseVariant(figure, variants, '5-2'), variants, '4-1');
  expect(shown(back)).toEqual(shown(figure));
  expect(chooseVariant(figure, variants, '4-1')).toBe(figure);
});

test('a fork is shown, and the first run stays as it is', () => {
  const figure = openFigure(variants, '4-1');
  const forked = goTo(addFork(figure), 1);
  expect(forked.active).toBe(1);
  expect(shown(chooseRun(forked, 0))).toEqual(shown(figure));
});

test('a run can be put in the place of what is shown of its variant', () => {
  const run = toEnd(atStart('4-2'));
  const figure = showRun(openFigure(variants, '4-1'), variants, '4-2', run);
  expect(figure.variant.key).toBe('4-2');
  expect(shown(figure)).toBe(run);
});

test('a variant that there is not is refused', () => {
  expect(() => openFigure(variants, '9-9')).toThrow('9-9');
});

test('runs are called by letters', () => {
  expect([0, 1, 2].map(letter)).toEqual(['A', 'B', 'C']);
});
