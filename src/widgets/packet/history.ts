// What can be undone. Knows states that follow each other; knows nothing of what they are.

/** How many steps back there are; the oldest is forgotten for a new one. */
const MAX_STEPS = 200;

export interface History<State> {
  now: State;
  past: readonly State[];
  future: readonly State[];
  /** What kind of change led here: a following one of the same kind joins it. */
  kind?: string | undefined;
}

export function begin<State>(now: State): History<State> {
  return { now, past: [], future: [] };
}

/**
 * Goes on to a new state.
 * @param kind changes of one kind in a row are undone together, such as the letters typed into one field
 * @param most how many steps back there are, where states are too large for as many as usual
 */
export function change<State>(
  history: History<State>,
  now: State,
  kind?: string,
  most: number = MAX_STEPS,
): History<State> {
  if (kind !== undefined && kind === history.kind) return { ...history, now, future: [] };
  return { now, past: [...history.past, history.now].slice(-Math.min(most, MAX_STEPS)), future: [], kind };
}

export function undo<State>(history: History<State>): History<State> {
  const now = history.past.at(-1);
  if (now === undefined) return history;
  return { now, past: history.past.slice(0, -1), future: [history.now, ...history.future] };
}

export function redo<State>(history: History<State>): History<State> {
  const [now, ...future] = history.future;
  if (now === undefined) return history;
  return { now, past: [...history.past, history.now], future };
}
