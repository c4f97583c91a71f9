// Files that say who may read and write which topics, as Mosquitto reads them. Knows users, clients and topics; whether
// somebody is who he says he is was asked before.
import { matches } from '../topics/filter.ts';

/** What a rule gives. One that denies comes before all that give. */
type Right = 'read' | 'write' | 'readwrite' | 'deny';

interface Rule {
  readonly right: Right;
  /** A topic filter; in a pattern, `%u` and `%c` stand for the names of the client. */
  readonly topicFilter: string;
}

/** Who wants to read or write. */
export interface Reader {
  readonly clientId: string;
  readonly username: string | undefined;
}

/** A file that cannot be used. The message is Mosquitto's. */
export class AclError extends Error {
  override readonly name = 'AclError';
  /** Counted from 1. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** The rights that are written as a word. */
const RIGHTS: readonly string[] = ['read', 'write', 'readwrite', 'deny'] satisfies Right[];

/** What stands for something else in a pattern would reach too far if it were a wildcard. */
const DANGEROUS = /[+#]/;

export class AccessList {
  /** By user name; `undefined` for clients without one. */
  readonly #users = new Map<string | undefined, Rule[]>();
  readonly #patterns: Rule[] = [];

  /**
   * @param path what the file is called in complaints
   * @throws AclError
   */
  constructor(text: string, path: string) {
    let user: string | undefined;
    for (const [index, line] of text.split('\n').entries()) {
      if (line.startsWith('#')) continue;
      const [, keyword = '', rest = ''] = /^ *([^ ]*) *(.*?)\s*$/.exec(line.replace(/\r$/, '')) ?? [];
      const complain = (what: string, found = '.') =>
        new AclError(`Error: ${what} in acl_file "${path}"${found}`, index + 1);
      if (keyword === 'user') {
        if (rest === '') throw complain('Missing username');
        user = rest;
      } else if (keyword === 'topic') this.#add(user, parseRule(rest, complain));
      else if (keyword === 'pattern') place(this.#patterns, parseRule(rest, complain));
      else if (keyword !== '') throw complain('Invalid line', `: ${keyword}.`);
    }
  }

  /** The filters of patterns in which nothing stands for the client's names. */
  get namelessPatterns(): string[] {
    return this.#patterns.map(({ topicFilter }) => topicFilter).filter((filter) => !/%[uc]/.test(filter));
  }

  /** Whether a client may be handed messages of a topic. */
  mayRead(reader: Reader, topic: string): boolean {
    return this.#may('read', reader, topic);
  }

  /** Whether a client may publish to a topic. */
  mayWrite(reader: Reader, topic: string): boolean {
    return this.#may('write', reader, topic);
  }

  /** Whether a filter could bring a client anything that it may read. */
  mayReadSome(reader: Reader, topicFilter: string): boolean {
    const rules = [...(this.#users.get(reader.username) ?? []), ...this.#filled(reader)];
    if (rules.some((rule) => rule.right === 'deny' && covers(rule.topicFilter, topicFilter))) return false;
    return rules.some((rule) => gives(rule.right, 'read') && overlap(rule.topicFilter, topicFilter));
  }

  #add(user: string | undefined, rule: Rule): void {
    const rules = this.#users.get(user) ?? [];
    this.#users.set(user, rules);
    place(rules, rule);
  }

  #may(wish: 'read' | 'write', reader: Reader, topic: string): boolean {
    const own = decide(this.#users.get(reader.username) ?? [], wish, topic);
    return own ?? decide(this.#filled(reader), wish, topic) ?? false;
  }

  /** The patterns with a client's names put in. None is for a client whose names would act as wildcards. */
  #filled({ clientId, username }: Reader): Rule[] {
    if (DANGEROUS.test(clientId) || DANGEROUS.test(username ?? '')) return [];
    return this.#patterns
      .filter(({ topicFilter }) => username !== undefined || !topicFilter.includes('%u'))
      .map(({ right, topicFilter }) => {
        const names: Record<string, string | undefined> = { '%u': username, '%c': clientId };
        return { right, topicFilter: topicFilter.replace(/%[uc]/g, (mark) => names[mark] ?? mark) };
      });
  }
}

/** What the first rule that has something to say about a topic says; undefined if none has. */
function decide(rules: readonly Rule[], wish: 'read' | 'write', topic: string): boolean | undefined {
  const rule = rules.find(
    ({ right, topicFilter }) => (right === 'deny' || gives(right, wish)) && matches(topicFilter, topic),
  );
  return rule && rule.right !== 'deny';
}

function gives(right: Right, wish: 'read' | 'write'): boolean {
  return right === wish || right === 'readwrite';
}

function place(rules: Rule[], rule: Rule): void {
  if (rule.right === 'deny') rules.unshift(rule);
  else rules.push(rule);
}

/** Reads what stands behind `topic` or `pattern`: a right, which may be missing, and a filter, in which there may be spaces. */
function parseRule(text: string, complain: (what: string, found?: string) => AclError): Rule {
  if (text === '') throw complain('Empty topic');
  const [, first = '', second = ''] = /^([^ ]+) *(.*)$/.exec(text) ?? [];
  if (second !== '' && !RIGHTS.includes(first)) throw complain(`Invalid topic access type "${first}"`);
  const topicFilter = second === '' ? first : second;
  if (!isFilter(topicFilter)) throw complain(`Invalid ACL topic "${topicFilter}"`);
  return { right: second === '' ? 'readwrite' : (first as Right), topicFilter };
}

/** Whether wildcards stand only where they may: alone in their level, and `#` only in the last (3.1.1, section 4.7.1). */
function isFilter(topicFilter: string): boolean {
  const levels = topicFilter.split('/');
  return levels.every(
    (level, index) =>
      level === '+' || (level === '#' && index === levels.length - 1) || !DANGEROUS.test(level),
  );
}

/** Whether one filter matches all that another does. */
function covers(outer: string, inner: string): boolean {
  if (isApart(outer, inner)) return false;
  const [wide, narrow] = [outer.split('/'), inner.split('/')];
  const part = wide.findIndex(
    (level, index) => level === '#' || !(level === narrow[index] || isAnyOf(level, narrow[index])),
  );
  return part === -1 ? wide.length === narrow.length : wide[part] === '#';
}

/** Whether `+` stands for all that a level of another filter does. */
function isAnyOf(level: string, other: string | undefined): boolean {
  return level === '+' && other !== undefined && other !== '#';
}

/** Whether there is a topic that both filters match. */
function overlap(one: string, other: string): boolean {
  if (isApart(one, other) || isApart(other, one)) return false;
  const [left, right] = [one.split('/'), other.split('/')];
  for (let index = 0; ; index++) {
    const [a, b] = [left[index], right[index]];
    if (a === '#' || b === '#') return true;
    if (a === undefined || b === undefined) return a === b;
    if (a !== b && a !== '+' && b !== '+') return false;
  }
}

/** Whether one filter begins with a wildcard and the other with `$`, which no wildcard stands for [MQTT-4.7.2-1]. */
function isApart(one: string, other: string): boolean {
  return /^[+#]/.test(one) && other.startsWith('$');
}
