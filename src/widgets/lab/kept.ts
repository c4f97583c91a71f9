// Where a lab is kept: in the fragment of an address, and in the browser. What comes back is looked through; what cannot be
// read is told apart from what is not there.
import { type Problem, readWorld, writeWorld } from '../../lessons/world-link.ts';
import { squeeze, unfold } from '../squeeze.ts';
import type { Lab } from './lab.ts';

const NAME = 'lab=';
const STORED = 'glass-broker.lab';

const DAMAGED: Problem = { problem: { key: 'damaged' }, place: [] };

/** A lab as the fragment of an address, with its `#`. */
export async function toFragment(lab: Lab): Promise<string> {
  return `#${NAME}${await squeeze(writeWorld(lab))}`;
}

/** The lab that an address names; undefined where it names none. */
export async function fromFragment(fragment: string): Promise<Lab | Problem | undefined> {
  if (!fragment.startsWith(`#${NAME}`)) return undefined;
  const text = await unfold(fragment.slice(1 + NAME.length));
  return text === undefined ? DAMAGED : readWorld(text);
}

/** Keeps a lab in this browser, if it lets pages keep anything. */
export function keep(lab: Lab): void {
  try {
    localStorage.setItem(STORED, writeWorld(lab));
  } catch {
    // The lab lasts as long as its page.
  }
}

/** The lab that was kept; undefined where there is none that can be read. */
export function kept(): Lab | undefined {
  try {
    const text = localStorage.getItem(STORED);
    const lab = text === null ? DAMAGED : readWorld(text);
    return 'problem' in lab ? undefined : lab;
  } catch {
    return undefined;
  }
}

/** Whether two labs are the same. */
export function isSameLab(one: Lab, other: Lab): boolean {
  return writeWorld(one) === writeWorld(other);
}
