/** Draws what this browser remembers: the numbers of lessons, how many are done, and with which one to go on. */

import type { Dictionary } from '../i18n/index.ts';
import { fill, plural } from '../i18n/phrase.ts';
import { path } from '../lessons/path.ts';
import { clear, fromFile, type Progress, type Reading, toFile, watch } from '../lessons/progress.ts';
import { save } from '../widgets/save.ts';

type Words = Dictionary['frame']['path'];

watch((now) => {
  markNumbers(now);
  countDone(now);
  pointOnwards(now);
});

for (const group of groups()) {
  const words = wordsOf(group);
  const input = group.querySelector('input');
  const said = group.querySelector('[role="status"]');
  onPress(group, 'save', () => save(words.file, toFile(), 'application/json'));
  onPress(group, 'load', () => input?.click());
  onPress(group, 'clear', () => {
    if (confirm(words.confirm)) clear();
  });
  input?.addEventListener('change', async () => {
    const [file] = input.files ?? [];
    input.value = '';
    if (file && said) said.textContent = readingText(fromFile(await file.text()), words);
  });
}

/** Where progress is counted. It is hidden until somebody can make it work. */
function groups(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-progress]')];
}

function wordsOf(group: HTMLElement): Words {
  return JSON.parse(group.dataset['progress'] ?? '{}');
}

function onPress(group: HTMLElement, act: 'save' | 'load' | 'clear', does: () => void): void {
  group.querySelector(`[data-progress-${act}]`)?.addEventListener('click', does);
}

/** What came of loading a file, in words. */
function readingText(reading: Reading, words: Words): string {
  if (reading.is !== 'read') return words.refused[reading.is];
  const { lang } = document.documentElement;
  const known = plural(words.loaded, reading.known, lang);
  return reading.unknown === 0 ? known : `${known} ${plural(words.unknown, reading.unknown, lang)}`;
}

function markNumbers(now: Progress): void {
  for (const number of document.querySelectorAll<HTMLElement>('[data-lesson]')) {
    const stage = Object.entries(now).find(([slug]) => slug === number.dataset['lesson'])?.[1];
    if (stage) number.dataset['stage'] = stage;
    else delete number.dataset['stage'];
    const word = number.querySelector('.vh-hide');
    if (word) word.textContent = stage ? ` ${number.dataset[stage]} ` : '';
  }
}

function countDone(now: Progress): void {
  const stages = Object.values(now);
  const met = stages.filter((stage) => stage === 'met').length;
  for (const group of groups()) {
    group.hidden = false;
    const count = group.querySelector('[data-progress-count]');
    if (count) count.textContent = fill(wordsOf(group).count, { met, all: path.length });
    // Without any progress there is nothing to save or to clear.
    for (const button of group.querySelectorAll<HTMLElement>('[data-progress-save], [data-progress-clear]'))
      button.hidden = stages.length === 0;
  }
}

/** The link that begins the path leads to the lesson begun, else to the first one not done. */
function pointOnwards(now: Progress): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-go-on]')) {
    const written = path.filter(({ slug }) => document.querySelector(`[data-path] a[data-slug="${slug}"]`));
    const next =
      written.find(({ slug }) => now[slug] === 'begun') ??
      written.find(({ slug }) => !now[slug]) ??
      written[0];
    const target =
      next && document.querySelector<HTMLAnchorElement>(`[data-path] a[data-slug="${next.slug}"]`);
    if (!target) continue;
    link.href = target.href;
    const phrase = written.some(({ slug }) => now[slug]) ? link.dataset['goOn'] : link.dataset['begin'];
    link.textContent = fill(phrase ?? '', { number: next.number });
  }
}
