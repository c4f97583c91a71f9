/** Draws what this browser remembers: the numbers of lessons, how many are done, and with which one to go on. */

import { fill } from '../i18n/phrase.ts';
import { path } from '../lessons/path.ts';
import { clear, type Progress, watch } from '../lessons/progress.ts';

watch((now) => {
  markNumbers(now);
  countDone(now);
  pointOnwards(now);
});

for (const button of document.querySelectorAll<HTMLElement>('[data-clear-progress]')) {
  button.addEventListener('click', () => {
    if (confirm(button.dataset['clearProgress'])) clear();
  });
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
  for (const count of document.querySelectorAll<HTMLElement>('[data-progress-count]')) {
    count.hidden = stages.length === 0;
    const text = count.querySelector('span');
    if (text) text.textContent = fill(count.dataset['progressCount'] ?? '', { met, all: path.length });
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
