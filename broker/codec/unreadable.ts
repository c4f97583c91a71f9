// Why a text could not be read as bytes, and where in it. Knows no way of writing bytes.

/**
 * `nothing`: there are no bytes in it. `digit`: not a hex digit. `half`: a word that is not whole bytes. `number`: not a byte.
 * `escape`: no such escape. `offset`: what a line of a dump has does not reach to the offset of the next. `cut`: whoever wrote
 * it left bytes out. `long`: more bytes than are read.
 */
export type ProblemKind = 'nothing' | 'digit' | 'half' | 'number' | 'escape' | 'offset' | 'cut' | 'long';

export interface Problem {
  what: ProblemKind;
  /** What stands there. */
  found: string;
  /** The character, counted from 0, and its line and column, counted from 1. */
  at: number;
  line: number;
  column: number;
}

export class Unreadable extends Error {
  readonly what: ProblemKind;
  readonly at: number;
  readonly found: string;

  constructor(what: ProblemKind, at: number, found: string) {
    super(what);
    this.what = what;
    this.at = at;
    this.found = found;
  }
}

/** Longer words are cut where they are only named. */
const LONGEST = 24;

/** The same with its line and its column. */
export function placed({ what, at, found }: Unreadable, text: string): Problem {
  const before = text.slice(0, at).split('\n');
  return {
    what,
    at,
    found: found.length > LONGEST ? `${found.slice(0, LONGEST)}…` : found,
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
  };
}
