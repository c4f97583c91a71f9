// What lights up with a field of the packet in the broker's glass. Knows the packet's name on this page.
import { lit, type Target } from '../packet/lit.ts';

const NAME = 'home';

/** A field of the open packet. */
export function target(key: string): Target {
  return { packet: NAME, key };
}

/** Attributes that light a field while it is pointed at. */
export function lights(key: string) {
  return {
    onPointerEnter: () => lit.hover(target(key)),
    onPointerLeave: () => lit.hover(undefined),
  };
}
