// One element grows out of the place of another, as a packet's ruler out of its capsule's strip. It knows places on the screen and
// how long the style sheet lets it take; for readers who ask for reduced motion that is no time at all.

/** Shows an element on its way from where another one is to where it belongs. */
export function grow(from: Element | null | undefined, to: Element | null | undefined): void {
  if (!from || !to) return;
  const style = getComputedStyle(to);
  const duration = milliseconds(style.getPropertyValue('--t-open'));
  const [begin, end] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
  if (duration === 0 || begin.width === 0 || end.width === 0) return;
  const way = `translate(${begin.left - end.left}px, ${begin.top - end.top}px)`;
  const size = `scale(${begin.width / end.width}, ${begin.height / end.height})`;
  const transformOrigin = '0 0';
  to.animate(
    [
      { transformOrigin, transform: `${way} ${size}` },
      { transformOrigin, transform: 'none' },
    ],
    { duration, easing: style.getPropertyValue('--ease') || 'ease' },
  );
}

/** A time as a style sheet has it, in seconds or milliseconds. */
function milliseconds(time: string): number {
  const value = Number.parseFloat(time) || 0;
  return time.trim().endsWith('ms') ? value : 1000 * value;
}
