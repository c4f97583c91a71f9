// mosquitto_passwd as a function: its options, its words and its exit codes. Knows the lines of a password file; files, hashes
// and the person at the keyboard are the host's.
import { utf8 } from '../codec/index.ts';

/** How a password is hashed; the names are mosquitto_passwd's. */
export type HashKind = 'sha512' | 'sha512-pbkdf2';

/** The rounds of PBKDF2 that mosquitto_passwd of Mosquitto 2 makes. */
export const DEFAULT_ITERATIONS = 101;

/** What the command needs of the machine that it runs on. */
export interface PasswdEnvironment {
  /** Takes what goes to the standard output and to the standard error, ends of lines included. */
  print(text: string): void;
  complain(text: string): void;
  /** Reads a line that is typed unseen; undefined at the end of the input. */
  readSecret(): Promise<string | undefined>;
  /** Returns what stands behind a user's colon. */
  hash(password: string, kind: HashKind, iterations: number): Promise<string>;
  /** The path that a file really has, if it is there. */
  resolve(path: string): string;
  /** @throws Error whose message says why not, as the system does */
  read(path: string): string;
  /** Replaces a file, or makes it. @throws Error as `read` does */
  write(path: string, content: string): void;
}

const USAGE = `mosquitto_passwd is a tool for managing password files for mosquitto.

Usage: mosquitto_passwd [-H sha512 | -H sha512-pbkdf2] [-c | -D] passwordfile username
       mosquitto_passwd [-H sha512 | -H sha512-pbkdf2] [-c] -b passwordfile username password
       mosquitto_passwd -U passwordfile
 -b : run in batch mode to allow passing passwords on the command line.
 -c : create a new password file. This will overwrite existing files.
 -D : delete the username rather than adding/updating its password.
 -H : specify the hashing algorithm. Defaults to sha512-pbkdf2, which is recommended.
      Mosquitto 1.6 and earlier defaulted to sha512.
 -U : update a plain text password file to use hashed passwords.

See https://mosquitto.org/ for more information.

`;

/** The longest name and the longest password, in bytes: as much as a field of CONNECT holds. */
const LONGEST = 65_535;

/** What ends the command early. */
class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

interface Command {
  isBatch: boolean;
  isNew: boolean;
  isDeletion: boolean;
  isUpdate: boolean;
  kind: HashKind;
  iterations: number;
  /** What stands behind the options: a file, a user, a password. */
  words: string[];
}

/**
 * Runs the command.
 * @param words its command line, without the name of the command
 * @returns the exit code
 */
export async function passwd(words: readonly string[], environment: PasswdEnvironment): Promise<number> {
  try {
    const command = parse(words);
    if (command === undefined) {
      environment.print(USAGE);
      return 1;
    }
    await run(command, environment);
    return 0;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.message !== '') environment.complain(`${error.message}\n`);
    return error.exitCode;
  }
}

/** Reads a command line: options come before all else, each a word of its own. Undefined asks for the usage. */
function parse(words: readonly string[]): Command | undefined {
  const command: Command = {
    isBatch: false,
    isNew: false,
    isDeletion: false,
    isUpdate: false,
    kind: 'sha512-pbkdf2',
    iterations: DEFAULT_ITERATIONS,
    words: [],
  };
  let index = 0;
  const value = (option: string): string => {
    const word = words[++index];
    if (word === undefined)
      throw new Failure(`Error: ${option} argument given but not enough other arguments.`);
    return word;
  };
  const options = new Map<string | undefined, () => void>([
    ['-b', () => (command.isBatch = true)],
    ['-c', () => (command.isNew = true)],
    ['-D', () => (command.isDeletion = true)],
    ['-U', () => (command.isUpdate = true)],
    ['-H', () => (command.kind = kindOf(value('-H')))],
    ['-I', () => (command.iterations = iterationsOf(value('-I')))],
  ]);
  for (let take = options.get(words[index]); take !== undefined; take = options.get(words[index])) {
    take();
    index++;
  }
  command.words = words.slice(index);
  return isComplete(command) ? command : undefined;
}

function kindOf(name: string): HashKind {
  if (name === 'sha512' || name === 'sha512-pbkdf2') return name;
  throw new Failure(`Error: Unknown hash type '${name}'`);
}

function iterationsOf(word: string): number {
  const iterations = Number.parseInt(word, 10);
  if (iterations >= 1) return iterations;
  throw new Failure('Error: Number of iterations must be > 0.');
}

function isComplete({ isBatch, isNew, isDeletion, isUpdate, words }: Command): boolean {
  const count = words.length;
  const [, username = '', password = ''] = words;
  const isPlain = !isNew && !isDeletion && !isUpdate;
  if (isPlain && count !== (isBatch ? 3 : 2)) return false;
  const rules: [isBroken: boolean, message: string][] = [
    [isNew && isDeletion, '-c and -D cannot be used together.'],
    [isNew && isUpdate, '-c and -U cannot be used together.'],
    [isDeletion && isUpdate, '-D and -U cannot be used together.'],
    [isDeletion && isBatch, '-b and -D cannot be used together.'],
    [isNew && isBatch && count < 3, '-c argument given but password file, username, or password missing.'],
    [isNew && count < 2, '-c argument given but password file or username missing.'],
    [isDeletion && count < 2, '-D argument given but password file or username missing.'],
    [isUpdate && count !== 1, '-U argument given but password file missing.'],
    [utf8(username).length > LONGEST, 'Username must be less than 65536 characters long.'],
    [/\p{Cc}/u.test(username), 'Username must not contain control characters.'],
    [username.includes(':'), "Username must not contain the ':' character."],
    [utf8(password).length > LONGEST, 'Password must be less than 65536 characters long.'],
  ];
  const broken = rules.find(([isBroken]) => isBroken);
  if (broken) throw new Failure(`Error: ${broken[1]}`);
  return true;
}

async function run(command: Command, environment: PasswdEnvironment): Promise<void> {
  const [path = '', username = ''] = command.words;
  const file = environment.resolve(path);
  const write = (content: string) => {
    attempt(() => environment.write(file, content), `Error: Unable to open file ${file} for writing.`);
  };
  if (command.isNew) return write(await lineFor(username, command, environment));
  const lines = linesOf(
    attempt(() => environment.read(file), `Error: Unable to open password file ${file}.`),
  );
  if (command.isDeletion) return write(without(lines, username));
  if (command.isUpdate) return write(await hashed(lines, command, environment));
  const line = await lineFor(username, command, environment);
  write(replaced(lines, username, line));
}

function attempt<Result>(action: () => Result, complaint: string): Result {
  try {
    return action();
  } catch (error) {
    throw new Failure(`${complaint} ${(error as Error).message}.`);
  }
}

function without(lines: readonly string[], username: string): string {
  const kept = lines.filter((line) => nameOf(line) !== username);
  if (kept.length === lines.length)
    throw new Failure(`Warning: User ${username} not found in password file.`);
  return kept.join('');
}

function replaced(lines: readonly string[], username: string, line: string): string {
  const isKnown = lines.some((known) => nameOf(known) === username);
  const next = lines.map((known) => (nameOf(known) === username ? line : known));
  return (isKnown ? next : [...next, line]).join('');
}

/** Takes what stands behind each colon for a password: there is no telling whether it is a hash already. */
async function hashed(
  lines: readonly string[],
  { kind, iterations }: Command,
  { hash }: PasswdEnvironment,
): Promise<string> {
  if (lines.length === 0) throw new Failure(''); // as the original does: no word, and 1
  const next = lines.map(async (line) => `${nameOf(line)}:${await hash(secretOf(line), kind, iterations)}\n`);
  return (await Promise.all(next)).join('');
}

async function lineFor(username: string, command: Command, environment: PasswdEnvironment): Promise<string> {
  const { isBatch, words, kind, iterations } = command;
  const password = isBatch ? (words[2] ?? '') : await askTwice(environment);
  return `${username}:${await environment.hash(password, kind, iterations)}\n`;
}

/** Asks for a password, and for the same once more. */
async function askTwice({ print, readSecret }: PasswdEnvironment): Promise<string> {
  const ask = async (prompt: string): Promise<string> => {
    print(prompt);
    const password = await readSecret();
    if (!password) throw new Failure('Error: Empty password.');
    print('\n');
    return password;
  };
  const password = await ask('Password: ');
  if (password === (await ask('Reenter password: '))) return password;
  throw new Failure('Error: Passwords do not match.', 2);
}

/** The lines of a password file, each with its end. */
function linesOf(content: string): string[] {
  const lines = content.match(/.*\n|.+$/g) ?? [];
  const corrupt = lines.findIndex((line) => nameOf(line) === '' || secretOf(line) === '');
  if (corrupt !== -1) throw new Failure(`Error: Corrupt password file at line ${corrupt + 1}.`);
  return lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`));
}

function nameOf(line: string): string {
  return (line.split(':')[0] ?? '').trim();
}

function secretOf(line: string): string {
  return (line.split(':')[1] ?? '').trim();
}
