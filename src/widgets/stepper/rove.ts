// One tab stop for a group of controls: the arrow keys move within it, Home and End to its ends. It knows elements, not
// what they are for.

/**
 * Moves the focus among the elements of a group.
 * In: the keydown event, the group, a selector for its members, and the keys that move back and on. Out: whether it moved.
 */
export function rove(
  event: KeyboardEvent,
  group: Element,
  members: string,
  [back, on]: readonly [back: string, on: string],
): boolean {
  const all = [...group.querySelectorAll<HTMLElement>(members)];
  const at = all.indexOf(event.target as HTMLElement);
  if (at < 0) return false;
  const to = { [back]: at - 1, [on]: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return false;
  all[Math.min(Math.max(to, 0), all.length - 1)]?.focus();
  return true;
}
