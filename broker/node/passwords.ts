// Password files as mosquitto_passwd writes them: reading and writing their lines, and checking a password against one without
// holding up the event loop. Knows hashes; who may come in without a password is asked elsewhere.
import { createHash, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { DEFAULT_ITERATIONS, type HashKind } from '../client/passwd.ts';

export interface Hash {
  readonly kind: HashKind;
  /** How often PBKDF2 goes round; 0 for plain SHA-512, which does not. */
  readonly iterations: number;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

const SALT_LENGTH = 12;
const DIGEST_LENGTH = 64;

/** What the kinds are called in a file. */
const MARKS: Readonly<Record<string, HashKind>> = { '6': 'sha512', '7': 'sha512-pbkdf2' };

/** How many passwords are checked at the same time: Node's pool has four threads, and others need it too. */
const AT_ONCE = 2;

/** How many checks wait at most; what comes beyond is turned away. */
const MAX_WAITING = 1000;

/**
 * Reads a password file. A later line for a name takes the place of an earlier one.
 * @param complain takes what Mosquitto says of a line that cannot be used, and which it is, counted from 1
 */
export function parsePasswords(
  text: string,
  complain: (complaint: string, line: number) => void,
): Map<string, Hash> {
  const hashes = new Map<string, Hash>();
  for (const [index, line] of text.split('\n').entries()) {
    const [username = '', written] = line.split(':').map((part) => part.trim());
    if (line.startsWith('#') || written === undefined) continue;
    const hash = username === '' ? undefined : parseHash(written);
    if (hash === undefined) complain('Error: There is no user name before the colon.', index + 1);
    else if (typeof hash !== 'string') hashes.set(username, hash);
    else complain(`Error: ${hash} for user ${username}, removing entry.`, index + 1);
  }
  return hashes;
}

/** Reads the part of a line behind the colon. Returns what is wrong with it if it is no hash. */
function parseHash(written: string): Hash | string {
  const parts = written.split('$').filter((part) => part !== '');
  const mark = parts.shift();
  if (mark === undefined) return 'Invalid password hash';
  const kind = MARKS[mark];
  if (kind === undefined) return 'Invalid password hash type';
  if (parts.length === 0) return 'Invalid password hash';
  const iterations = kind === 'sha512' ? 0 : Number(parts.shift());
  if (kind !== 'sha512' && !(iterations >= 1 && iterations < 2 ** 31)) return 'Invalid hash iterations';
  const salt = bytesOf(parts.shift());
  if (salt?.length !== SALT_LENGTH) return 'Unable to decode password salt';
  if (parts.length === 0) return 'Invalid password hash';
  const digest = bytesOf(parts.shift());
  if (digest?.length !== DIGEST_LENGTH) return 'Unable to decode password';
  return { kind, iterations: Math.trunc(iterations), salt, digest };
}

function bytesOf(base64: string | undefined): Buffer | undefined {
  return base64 !== undefined && /^[A-Za-z0-9+/]+={0,2}$/.test(base64)
    ? Buffer.from(base64, 'base64')
    : undefined;
}

/** Writes what stands behind a user's colon. */
export function formatHash({ kind, iterations, salt, digest }: Hash): string {
  const mark = Object.keys(MARKS).find((known) => MARKS[known] === kind);
  const rounds = kind === 'sha512' ? [] : [String(iterations)];
  const parts = [mark, ...rounds, salt.toString('base64'), digest.toString('base64')];
  return `$${parts.join('$')}`;
}

/** Hashes a password under a new salt. */
export async function hashPassword(
  password: string,
  kind: HashKind,
  iterations: number = DEFAULT_ITERATIONS,
): Promise<Hash> {
  const salt = randomBytes(SALT_LENGTH);
  const rounds = kind === 'sha512' ? 0 : iterations;
  return {
    kind,
    iterations: rounds,
    salt,
    digest: await digestOf(Buffer.from(password), { iterations: rounds, salt }),
  };
}

function digestOf(
  password: Uint8Array,
  { iterations, salt }: Pick<Hash, 'iterations' | 'salt'>,
): Promise<Buffer> {
  if (iterations === 0) return Promise.resolve(createHash('sha512').update(password).update(salt).digest());
  return new Promise((resolve, reject) => {
    pbkdf2(password, salt, iterations, DIGEST_LENGTH, 'sha512', (error, digest) =>
      error ? reject(error) : resolve(digest),
    );
  });
}

/** The users of one password file. */
export class Passwords {
  readonly #hashes: ReadonlyMap<string, Hash>;
  /** What the costliest check costs: every check is made to cost it, so that none tells which users there are. */
  readonly #rounds: number;
  readonly #nobody: Hash;
  readonly #line: CheckLine;

  /** @param line where checks wait; brokers with several files share one */
  constructor(hashes: ReadonlyMap<string, Hash>, line: CheckLine = new CheckLine()) {
    this.#hashes = hashes;
    this.#rounds = Math.max(0, ...[...hashes.values()].map(({ iterations }) => iterations));
    this.#nobody = {
      kind: 'sha512',
      iterations: 0,
      salt: randomBytes(SALT_LENGTH),
      digest: randomBytes(DIGEST_LENGTH),
    };
    this.#line = line;
  }

  /**
   * Checks a password. An empty one is never right, as with Mosquitto, nor is none.
   * @param decide told whether it is right, after this call has returned; `busy` if too many checks wait
   */
  check(
    username: string,
    password: Uint8Array | undefined,
    decide: (answer: boolean | 'busy') => void,
  ): void {
    this.#line.add(() => this.#isRight(username, password), decide);
  }

  /** The users of this file whom another does not have, or not with the same hash. */
  changed(other: Passwords | undefined): string[] {
    const theirs = other === undefined ? undefined : other.#hashes;
    const isSame = ([username, { salt, digest }]: [string, Hash]) => {
      const next = theirs?.get(username);
      return next?.salt.equals(salt) && next.digest.equals(digest);
    };
    return [...this.#hashes].filter((entry) => !isSame(entry)).map(([username]) => username);
  }

  async #isRight(username: string, password: Uint8Array = new Uint8Array()): Promise<boolean> {
    const known = this.#hashes.get(username);
    const hash = known ?? this.#nobody;
    const isEqual = timingSafeEqual(await digestOf(password, hash), hash.digest);
    const iterations = this.#rounds - hash.iterations;
    if (iterations > 0) await digestOf(password, { ...this.#nobody, iterations });
    return isEqual && known !== undefined && password.length > 0; // an empty password is none, as for Mosquitto
  }
}

/** Checks that wait for their turn. */
export class CheckLine {
  readonly #waiting: (() => Promise<void>)[] = [];
  readonly #tell: (happening: () => void) => void;
  #running = 0;

  /** @param tell tells somebody of an answer; what happens then is their affair */
  constructor(tell: (happening: () => void) => void = (happening) => happening()) {
    this.#tell = tell;
  }

  add(check: () => Promise<boolean>, decide: (answer: boolean | 'busy') => void): void {
    const answer = (given: boolean | 'busy') => this.#tell(() => decide(given));
    if (this.#waiting.length >= MAX_WAITING) return queueMicrotask(() => answer('busy'));
    this.#waiting.push(async () => answer(await check()));
    this.#next();
  }

  #next(): void {
    if (this.#running >= AT_ONCE) return;
    const check = this.#waiting.shift();
    if (check === undefined) return;
    this.#running++;
    void check().finally(() => {
      this.#running--;
      this.#next();
    });
  }
}
