// What a key means in a figure: which one it is to obey, and where the arrows lead among its capsules. Knows the page's
// elements; what is done about a key is the figure's affair.
import { rove } from './rove.ts';

/** The key that the figure is to obey, if any: what has the focus may have its own use for it. */
export function keyOf(event: KeyboardEvent, letters: boolean): string | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const target = event.target as HTMLElement;
  if (target.closest('.opened, input, summary')) return undefined;
  if (event.key === ' ' && target.closest('button')) return undefined;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return /^[a-z]$/.test(key) && !letters ? undefined : key;
}

/** On a capsule, up and down go to the next capsule; elsewhere they choose a packet in flight. */
export function moveAmongCapsules(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  if (rove(event, event.currentTarget, '[data-capsule]', ['ArrowUp', 'ArrowDown'])) event.preventDefault();
}

/** Opens what the broker decided in the last step, if it did. */
export function openDecided(body: HTMLElement | null, latest: string | undefined): void {
  const row = latest && body?.querySelector(`[data-row="${latest}"]`);
  const sign = row ? row.querySelector<HTMLElement>('[data-decided]') : undefined;
  sign?.focus({ preventScroll: true });
  sign?.click();
}
