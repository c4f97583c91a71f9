// The kinds of values that options take: how each is read from the rest of its line, and what Mosquitto says of one that it
// does not take. Knows no option, no file, and no line but the one it is handed.

/** A value that an option does not take. The message has Mosquitto's words where Mosquitto has any. */
export class WrongValue extends Error {
  override readonly name = 'WrongValue';
  /** What the option takes, if there is more to say. */
  readonly expected: string | undefined;

  constructor(message: string, expected?: string) {
    super(message);
    this.expected = expected;
  }
}

/** What stands behind the name of an option: words apart by spaces, and nothing else divides them. */
export class Words {
  #left: string;

  constructor(text: string) {
    this.#left = text;
  }

  /** Takes the next word. */
  next(): string | undefined {
    const [, word, left = ''] = /^ *([^ ]+)(.*)$/s.exec(this.#left) ?? [];
    this.#left = left;
    return word;
  }

  /** Takes all that is left, without the blanks around it; undefined where there is nothing. */
  rest(): string | undefined {
    const rest = this.#left.replace(/^[ \t]+|[ \t\r\n]+$/g, '');
    this.#left = '';
    return rest === '' ? undefined : rest;
  }
}

/** How a value is read. */
export interface Kind<Value> {
  /** What it takes, for documentation and complaints. */
  readonly takes: string;
  /** Whether a second value for the same option is an error; elsewhere the last one holds. */
  readonly once?: true;
  /** @throws WrongValue */
  read(words: Words, name: string, before: Value | undefined): Value;
}

/** `true` or `false`. */
export const flag: Kind<boolean> = {
  takes: 'true or false',
  read(words, name) {
    const word = required(words, name);
    if (word === 'true' || word === '1') return true;
    if (word === 'false' || word === '0') return false;
    throw invalid(name, word, this.takes);
  },
};

/** Everything to the end of the line. May be given once. */
export function text(takes: string): Kind<string> {
  return {
    takes,
    once: true,
    read(words, name, before) {
      const rest = words.rest();
      if (rest !== undefined && before !== undefined)
        throw new WrongValue(`Error: Duplicate ${name} value in configuration.`);
      if (rest === undefined) throw empty(name);
      return rest;
    },
  };
}

/** Whatever there is. */
export const anything: Kind<undefined> = { takes: 'anything', read: () => undefined };

export const file: Kind<string> = text('the path of a file');
export const folder: Kind<string> = text('the path of a folder');

/**
 * A whole number from `least` to `most`.
 * @param complaint what Mosquitto says of another, where that is not `Invalid … value`
 */
export function count(least: number, most: number, complaint?: (word: string) => string): Kind<number> {
  const takes = `a whole number from ${least} to ${most}`;
  return {
    takes,
    read(words, name) {
      const word = required(words, name);
      const number = integer(word);
      if (number !== undefined && number >= least && number <= most) return number;
      if (complaint === undefined) throw invalid(name, word, takes);
      throw new WrongValue(`Error: ${complaint(word)}`, takes);
    },
  };
}

/** The largest number that Mosquitto reads, a C `int`. */
export const MOST = 0x7fff_ffff;

/**
 * A limit, where Mosquitto takes every number below 0 for `unlimited`.
 * @param complaint what Mosquitto says of a number beyond `most`, where that is not `Invalid … value`
 */
export function limit(unlimited: number, most = MOST, complaint?: string): Kind<number> {
  const takes = `a whole number; ${unlimited} for no limit`;
  return {
    takes,
    read(words, name) {
      const word = required(words, name);
      const number = integer(word);
      if (number !== undefined && number > most && complaint !== undefined)
        throw new WrongValue(`Error: ${complaint}`, takes);
      if (number === undefined || number > most) throw invalid(name, word, takes);
      return number < 0 ? unlimited : number;
    },
  };
}

/** One of some words. */
export function oneOf<Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return choice(choices, invalid);
}

/** One of some words; quotes what is none of them, as Mosquitto does for some options. */
export function oneOfQuoted<Choice extends string>(...choices: readonly Choice[]): Kind<Choice> {
  return choice(
    choices,
    (name, word, takes) => new WrongValue(`Error: Invalid ${name} value "${word}" in configuration.`, takes),
  );
}

function choice<Choice extends string>(
  choices: readonly Choice[],
  complain: (name: string, word: string, takes: string) => WrongValue,
): Kind<Choice> {
  const takes = listed(choices);
  return {
    takes,
    read(words, name) {
      const word = required(words, name);
      const found = choices.find((known) => known === word);
      if (found === undefined) throw complain(name, word, takes);
      return found;
    },
  };
}

/** Words of which a line names one, and further lines further ones. `none` empties the list, `all` fills it. */
export function oneOfMore<Choice extends string>(...choices: readonly Choice[]): Kind<readonly Choice[]> {
  const takes = listed([...choices, 'all', 'none']);
  return {
    takes,
    read(words, name, before = []) {
      const word = required(words, name);
      if (word === 'none') return [];
      if (word === 'all') return choices;
      const found = choices.find((known) => known === word);
      if (found === undefined) throw invalid(name, word, takes);
      return before.includes(found) ? before : [...before, found];
    },
  };
}

/** Several words of one line, apart by commas or blanks. */
export function someOf<Choice extends string>(...choices: readonly Choice[]): Kind<readonly Choice[]> {
  const takes = `some of ${listed(choices)}`;
  return {
    takes,
    read(words, name) {
      const rest = words.rest();
      if (rest === undefined) throw empty(name);
      const given = rest.split(/[, \t]+/);
      const wrong = given.find((word) => !choices.some((known) => known === word));
      if (wrong !== undefined) throw invalid(name, wrong, takes);
      return choices.filter((known) => given.includes(known));
    },
  };
}

/** Texts of which a line holds one, and further lines further ones. */
export function texts(takes: string): Kind<readonly string[]> {
  return {
    takes,
    read(words, name, before = []) {
      return [...before, text(takes).read(words, name, undefined)];
    },
  };
}

/** Seconds in what a letter stands for. */
const PERIODS: Readonly<Record<string, number>> = {
  h: 3600,
  d: 86_400,
  w: 7 * 86_400,
  m: 30 * 86_400,
  y: 365 * 86_400,
};

/** A number of hours, days, weeks, months or years, such as `14d`, as seconds. */
export const duration: Kind<number> = {
  takes: 'a number and one of h, d, w, m, y: 14d is 14 days',
  read(words, name) {
    const [, digits = '', letter = ''] = /^([0-9]+)([a-z])$/.exec(required(words, name)) ?? [];
    const seconds = Number(digits) * (PERIODS[letter] ?? 0);
    if (seconds > 0) return seconds;
    throw new WrongValue(`Error: Invalid ${name} duration in configuration.`, this.takes);
  },
};

/** Where a log goes. */
export interface LogDestinations {
  readonly streams: readonly ('stdout' | 'stderr' | 'topic')[];
  readonly file: string | undefined;
}

export const logDestination: Kind<LogDestinations> = {
  takes: 'stdout, stderr, topic, none, or file and the path of a file',
  read(words, name, before = { streams: [], file: undefined }) {
    const word = required(words, name);
    switch (word) {
      case 'none':
        return { streams: [], file: undefined };
      case 'stdout':
      case 'stderr':
      case 'topic':
        return { ...before, streams: [...before.streams.filter((stream) => stream !== word), word] };
      case 'file': {
        if (before.file !== undefined) throw new WrongValue('Error: Duplicate "log_dest file" value.');
        const path = words.rest();
        if (path === undefined) throw new WrongValue('Error: Empty "log_dest file" value in configuration.');
        return { ...before, file: path };
      }
      case 'syslog':
      case 'dlt':
        throw new WrongValue(`Error: log_dest ${word} is not supported by this broker.`, this.takes);
      default:
        throw invalid(name, word, this.takes);
    }
  },
};

/** The next word. @throws WrongValue if there is none */
function required(words: Words, name: string): string {
  const word = words.next();
  if (word === undefined) throw empty(name);
  return word;
}

/**
 * A whole number in decimal digits, and nothing else: what only begins with digits is not guessed at. Tabs around it, which
 * nobody sees, are passed over.
 */
export function integer(word: string): number | undefined {
  return /^\s*[+-]?[0-9]+\s*$/.test(word) ? Number(word) : undefined;
}

export function empty(name: string): WrongValue {
  return new WrongValue(`Error: Empty ${name} value in configuration.`);
}

function invalid(name: string, word: string, takes: string): WrongValue {
  return new WrongValue(`Error: Invalid ${name} value (${word}).`, takes);
}

function listed(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
}
