// What a key means in the packet widget, by the group that has the focus. Knows keys; carries out nothing.
import type { Act } from './editor.ts';

/** The three groups that have one tab stop each. */
export type Group = 'bytes' | 'bits' | 'tree';

/** Where an arrow leads: `up` and `down` go by line. */
export type Step = 'back' | 'on' | 'up' | 'down' | 'first' | 'last';

export type Command =
  | { do: 'step'; to: Step }
  | { do: 'pin' | 'letGo' }
  /** Opens the value of a row for typing; pins the row where there is none. */
  | { do: 'type' }
  | { do: 'field'; by: 1 | -1 }
  | { do: 'setBit'; value: 0 | 1 }
  | { do: 'act'; act: Act };

/** What is asked of a keyboard event. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const EVERYWHERE: Readonly<Record<string, Command>> = {
  Escape: { do: 'letGo' },
  '[': { do: 'field', by: -1 },
  ']': { do: 'field', by: 1 },
};

const IN_GROUPS = {
  Home: { do: 'step', to: 'first' },
  End: { do: 'step', to: 'last' },
  Enter: { do: 'pin' },
} as const;

const READING: Readonly<Record<Group, Readonly<Record<string, Command>>>> = {
  bytes: {
    ...IN_GROUPS,
    ArrowLeft: { do: 'step', to: 'back' },
    ArrowRight: { do: 'step', to: 'on' },
    ArrowUp: { do: 'step', to: 'up' },
    ArrowDown: { do: 'step', to: 'down' },
  },
  bits: { ...IN_GROUPS, ArrowLeft: { do: 'step', to: 'back' }, ArrowRight: { do: 'step', to: 'on' } },
  tree: { ...IN_GROUPS, ArrowUp: { do: 'step', to: 'back' }, ArrowDown: { do: 'step', to: 'on' } },
};

const WRITING: Readonly<Record<Group, Readonly<Record<string, Command>>>> = {
  bytes: {
    Insert: { do: 'act', act: { do: 'insert' } },
    Delete: { do: 'act', act: { do: 'remove' } },
    Backspace: { do: 'act', act: { do: 'removeBefore' } },
  },
  bits: { 0: { do: 'setBit', value: 0 }, 1: { do: 'setBit', value: 1 } },
  tree: { Enter: { do: 'type' }, F2: { do: 'type' } },
};

/** With Ctrl, or with Command where that is the custom. */
const UNDO: Readonly<Record<string, Command>> = {
  z: { do: 'act', act: { do: 'undo' } },
  Z: { do: 'act', act: { do: 'redo' } },
  y: { do: 'act', act: { do: 'redo' } },
};

/** What a key means; undefined where it means nothing, and is left to the browser. */
export function commandOf(pressed: Pressed, group: Group | undefined, isEdit: boolean): Command | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = pressed;
  if (altKey) return undefined;
  if (ctrlKey || metaKey) return isEdit ? UNDO[shiftKey ? key.toUpperCase() : key.toLowerCase()] : undefined;
  if (group === undefined) return EVERYWHERE[key];
  const writing = isEdit ? (digit(key, group) ?? WRITING[group][key]) : undefined;
  return writing ?? READING[group][key] ?? EVERYWHERE[key];
}

function digit(key: string, group: Group): Command | undefined {
  const isDigit = group === 'bytes' && /^[0-9a-f]$/i.test(key);
  return isDigit ? { do: 'act', act: { do: 'digit', digit: Number.parseInt(key, 16) } } : undefined;
}

/** Where a step leads from a place in a list. `width` is how many places stand in a line. */
export function stepFrom(at: number, to: Step, last: number, width: number): number {
  const places: Record<Step, number> = {
    back: at - 1,
    on: at + 1,
    up: at - width,
    down: at + width,
    first: 0,
    last,
  };
  const place = places[to];
  return to === 'up' && place < 0 ? at : Math.max(0, place);
}
