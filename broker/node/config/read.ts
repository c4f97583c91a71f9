// Configuration files as Mosquitto reads them: lines, sections and inclusions, and the complaint with file and line where
// something is wrong. Knows which line belongs to which section; what the values mean together is configuration.ts's.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { count, empty, flag, integer, text, Words, WrongValue } from './kinds.ts';
import {
  ALIASES,
  type Directive,
  missing,
  type Name,
  OPTIONS,
  type Option,
  REMARKS,
  type Scope,
  type Values,
  WITHOUT_EFFECT,
} from './options.ts';

/** A configuration that cannot be used. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** What the log says, line by line, in Mosquitto's words where it has any. */
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** What the log says of a configuration that can be used. */
export interface Remark {
  readonly type: 'error' | 'warning' | 'notice' | 'information';
  readonly text: string;
}

/** What files said, by option. */
type Given = Map<Name, unknown>;

/** What files said of one listener. */
export interface Section {
  /** 0 where it is named by a path; undefined for the listener that is there without being named. */
  port: number | undefined;
  /** A host name, an address, or the path of a socket of Unix's. */
  address: string | undefined;
  readonly given: Given;
}

/** What files said. */
export interface Reading {
  readonly global: Given;
  /** The values of the scope `security` that apply to the whole broker. */
  readonly security: Given;
  readonly sections: readonly Section[];
  /** What stood before any `listener`. */
  readonly unnamed: Section;
  readonly perListener: boolean;
  readonly remarks: readonly Remark[];
}

/** The values of all options of a scope, with the defaults of those that were not given. */
export function complete<S extends Scope>(scope: S, given: Given): Values<S> {
  const options = Object.entries(OPTIONS).filter(([, option]) => option.scope === scope);
  const values = options.map(([name, option]) => [name, given.get(name as Name) ?? option.default]);
  return Object.fromEntries(values) as Values<S>;
}

/** What a broker without a file is told. */
export function nothing(): Reading {
  return new Reader();
}

/**
 * Reads a configuration file and those that it includes.
 * @throws ConfigurationError
 */
export function read(path: string): Reading {
  const reader = new Reader();
  reader.readFile(path, false);
  return reader;
}

class Reader implements Reading {
  readonly global: Given = new Map();
  readonly security: Given = new Map();
  readonly sections: Section[] = [];
  readonly unnamed: Section = { port: undefined, address: undefined, given: new Map() };
  readonly remarks: Remark[] = [];
  perListener = false;
  #hasSecurity = false;
  readonly #withoutEffect = new Map<string, unknown>();

  readFile(path: string, isIncluded: boolean): void {
    const file = { current: this.unnamed, isIncluded };
    for (const [index, line] of linesOf(path).entries()) {
      try {
        this.#readLine(line, file, `${path}:${index + 1}`);
      } catch (error) {
        throw located(error, path, index + 1);
      }
    }
  }

  #readLine(line: Buffer, file: { current: Section; isIncluded: boolean }, place: string): void {
    if (line[0] === 0x23 /* # */) return;
    const words = new Words(decoded(line));
    const name = words.next();
    if (name === undefined) return;
    const known = own(ALIASES, name) ?? name;
    const remark = own(REMARKS, known);
    if (remark !== undefined) this.remarks.push({ type: 'notice', text: remark });
    const directive = own(this.#directives, known);
    if (Object.hasOwn(OPTIONS, known)) this.#set(known as Name, name, words, file.current);
    else if (directive !== undefined) file.current = directive(words, file) ?? file.current;
    else this.#readOther(name, words, place);
  }

  /** @param written the name that the file has for it */
  #set(name: Name, written: string, words: Words, section: Section): void {
    const option: Option = OPTIONS[name];
    const given = this.#place(option.scope, section);
    if (name === 'mount_point' && this.sections.length === 0) throw new WrongValue(NO_LISTENER);
    const value = option.takes.read(words, written, given.get(name));
    if (name === 'mount_point' && /[+#]/.test(value as string))
      throw new WrongValue(`Error: Invalid mount_point '${value}'. Does it contain a wildcard character?`);
    given.set(name, value);
  }

  #place(scope: Scope, section: Section): Given {
    if (scope === 'global') return this.global;
    if (scope === 'listener') return section.given;
    this.#hasSecurity = true;
    return this.perListener ? section.given : this.security;
  }

  readonly #directives: Record<
    Directive,
    (words: Words, file: { current: Section; isIncluded: boolean }) => Section | undefined
  > = {
    listener: (words) => {
      const section = readListener(words);
      this.sections.push(section);
      return section;
    },
    port: (words) => {
      if (this.unnamed.port !== undefined) {
        const again = 'Default listener port specified multiple times. Only the latest will be used.';
        this.remarks.push({ type: 'warning', text: `Warning: ${again}` });
      }
      this.unnamed.port = port.read(words, 'port', undefined);
      return undefined;
    },
    bind_address: (words) => {
      this.unnamed.address = address.read(words, 'default listener bind_address', this.unnamed.address);
      return undefined;
    },
    include_dir: (words, { isIncluded }) => {
      if (!isIncluded) this.#readFolder(folder.read(words, 'include_dir', undefined));
      return undefined;
    },
    per_listener_settings: (words) => {
      const isWanted = flag.read(words, 'per_listener_settings', undefined);
      if (isWanted && !this.perListener && this.#hasSecurity)
        throw new WrongValue('Error: per_listener_settings must be set before any other security settings.');
      this.perListener ||= isWanted; // once true, it stays
      return undefined;
    },
  };

  #readFolder(path: string): void {
    for (const file of filesOf(path)) {
      this.remarks.push({ type: 'information', text: `Loading config file ${file}` });
      this.readFile(file, true);
    }
  }

  #readOther(name: string, words: Words, place: string): void {
    const needless = own(WITHOUT_EFFECT, name);
    if (needless !== undefined) {
      const { takes, why } = needless;
      this.#withoutEffect.set(name, takes.read(words, name, this.#withoutEffect.get(name)));
      const text = `Warning: The '${name}' option at ${place} has no effect here: ${why}.`;
      this.remarks.push({ type: 'warning', text });
      return;
    }
    const what = missing(name);
    if (what === undefined)
      throw new WrongValue(
        `Error: Unknown configuration variable "${name}".`,
        name.startsWith('\ufeff') ? 'a file that begins without a byte order mark' : undefined,
      );
    throw new WrongValue(`Error: The '${name}' option is Mosquitto's alone: this broker has no ${what}.`);
  }
}

const NO_LISTENER =
  'Error: You must use create a listener before using the mount_point option in the configuration file.';

const port = count(1, 65_535, (word) => `Invalid port value (${word}).`);
const address = text('a host name or an address');
const folder = text('the path of a folder');

/** What a table has under a name that a stranger chose. */
function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function readListener(words: Words): Section {
  const word = words.next();
  if (word === undefined) throw empty('listener');
  const number = integer(word);
  const rest = words.next();
  const where = rest?.startsWith('#') ? undefined : rest;
  if (number === undefined || number < 0 || number > 65_535)
    throw new WrongValue(`Error: Invalid port value (${word}).`, 'a port, and perhaps an address');
  if (number === 0 && where === undefined)
    throw new WrongValue('Error: A listener with port 0 must provide a Unix socket path.');
  return { port: number, address: where, given: new Map() };
}

function linesOf(path: string): Buffer[] {
  if (isFolder(path)) throw new ConfigurationError([`Error: Config file ${path} is a directory.`]);
  const content = contentOf(path);
  const lines: Buffer[] = [];
  for (let start = 0; start < content.length; ) {
    const end = content.indexOf(0x0a, start);
    lines.push(content.subarray(start, end === -1 ? content.length : end));
    start = end === -1 ? content.length : end + 1;
  }
  return lines;
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new ConfigurationError([`Error: Unable to open config file ${path}.`]);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function decoded(line: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line).replace(/\r+$/, '');
  } catch {
    throw new WrongValue('Error: Malformed UTF-8 in configuration.');
  }
}

/** The files of a folder that are included, in the order of the alphabet, `A` before `a` and both before `B`. */
function filesOf(path: string): string[] {
  try {
    const names = readdirSync(path).filter((name) => /.\.conf$/.test(name));
    return names.sort(byLetter).map((name) => `${path}/${name}`);
  } catch {
    throw new WrongValue(`Error: Unable to open include_dir '${path}'.`);
  }
}

function byLetter(one: string, other: string): number {
  const [low, high] = [one.toLowerCase(), other.toLowerCase()];
  if (low !== high) return low < high ? -1 : 1;
  return one < other ? -1 : 1;
}

/** An error with the place where it was found behind it, and where the file was included, if it was. */
function located(error: unknown, path: string, line: number): unknown {
  const place = `Error found at ${path}:${line}.`;
  if (error instanceof ConfigurationError) return new ConfigurationError([...error.lines, place]);
  if (!(error instanceof WrongValue)) return error;
  const expected = error.expected === undefined ? [] : [`Expected: ${error.expected}.`];
  return new ConfigurationError([error.message, ...expected, place]);
}
