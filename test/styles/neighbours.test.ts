// What a stylesheet asks of neighbours. A selector that ends in `+ *` or `~ *` makes a browser look anew at everything in a list
// whenever something comes or goes in it: in a long figure that is most of what a step costs.
import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const UNIVERSAL = /[+~]\s*\*/;

test('no selector is about every neighbour of something', () => {
  const sheets = globSync('src/**/*.{css,astro}', { cwd: new URL('../..', import.meta.url) });
  expect(sheets.length).toBeGreaterThan(30);
  const found = sheets.flatMap((sheet) => {
    const text = readFileSync(new URL(`../../${sheet}`, import.meta.url), 'utf8');
    const rules = sheet.endsWith('.css') ? text : text.replace(/^.*?(?=<style|$)/s, '');
    const selectors = rules.replace(/\/\*.*?\*\//gs, '').match(/[^{}]+(?=\{)/g) ?? [];
    return selectors
      .filter((selector) => UNIVERSAL.test(selector))
      .map((selector) => `${sheet}: ${selector.trim()}`);
  });
  expect(found).toEqual([]);
});
