// Bytes in prose take part in what is lit: pointing at them lights the field in the figure, and the other way round. Knows
// the elements that name a field (`data-lights="figure:topic"`), and nothing of the figure.
import { isSame, lit, type Target } from './lit.ts';

/** The field that an element names. */
function targetOf(element: HTMLElement): Target {
  const [packet = '', ...key] = (element.dataset.lights ?? '').split(':');
  return { packet, key: key.join(':') };
}

function takePart(element: HTMLElement): void {
  const target = targetOf(element);
  element.tabIndex = 0;
  element.setAttribute('role', 'button');
  element.addEventListener('pointerenter', ({ pointerType }) => pointerType === 'mouse' && lit.hover(target));
  element.addEventListener('pointerleave', () => lit.hover(undefined));
  element.addEventListener('focus', () => lit.focus(target));
  element.addEventListener('blur', () => lit.focus(undefined));
  element.addEventListener('click', () => lit.press(target));
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') lit.release();
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    lit.press(target);
  });
  const show = (): void => {
    element.classList.toggle('on', isSame(lit.target, target));
    element.setAttribute('aria-pressed', String(isSame(lit.pinned, target)));
  };
  lit.watch(show);
  show();
}

for (const element of document.querySelectorAll<HTMLElement>('[data-lights]')) takePart(element);
