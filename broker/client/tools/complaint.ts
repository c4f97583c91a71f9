// What ends a tool early: a command line that cannot be meant, or one that cannot be done. Knows the two ways in which that is
// told; the words are those of whoever complains.

/** A command line that is wrong. It is told even to those who want it quiet, with the way to the help or the help itself. */
export class WrongUsage extends Error {
  readonly showsHelp: boolean;

  constructor(message: string, showsHelp = false) {
    super(message);
    this.showsHelp = showsHelp;
  }
}

/** A command line that is right, and cannot be carried out. Told unless quiet. */
export class Problem extends Error {}

/** Ends on a blank line more, as the original does for most options. */
export function wrong(what: string): WrongUsage {
  return new WrongUsage(`Error: ${what}\n`);
}
