// The filter line of the capture viewer: words (`publish`, `topic:Room1/#`, `client:p1`) and Wireshark's comparisons
// (`mqtt.qos == 2`), joined by `&&`, `||`, `!` and parentheses. Knows how they are written and what they mean; what a packet
// answers stands in `subject.ts`.
import { filterFault, utf8 } from '../../../broker/codec/index.ts';
import { matches } from '../../../broker/topics/filter.ts';
import { FIELD_NAMES, type Kind, kindOf, type Subject, TYPE_WORDS, type Value, valuesOf } from './subject.ts';

/** Whether a packet is let through. */
export type Filter = (subject: Subject) => boolean;

/** What can be wrong with a filter; the words are the dictionary's. */
export type FilterFaultId =
  | 'unknownField'
  | 'unknownWord'
  | 'valueMissing'
  | 'notNumber'
  | 'notText'
  | 'noValue'
  | 'notFilter'
  | 'testMissing'
  | 'unclosed'
  | 'unopened'
  | 'quoteOpen'
  | 'notSupported'
  | 'tooDeep';

/** A filter that cannot be understood, and the place in it. */
export class FilterFault extends Error {
  override readonly name = 'FilterFault';
  readonly id: FilterFaultId;
  readonly start: number;
  readonly end: number;
  /** What stands there. */
  readonly found: string;
  /** Names that may be meant. */
  readonly known: readonly string[];

  constructor(id: FilterFaultId, { start, end, text }: Token, known: readonly string[] = []) {
    super(`${id} at ${start}`);
    this.id = id;
    this.start = start;
    this.end = end;
    this.found = text;
    this.known = known;
  }
}

/**
 * Reads a filter.
 * @returns undefined for an empty one, which lets everything through
 * @throws FilterFault
 */
export function parseFilter(text: string): Filter | undefined {
  const tokens = tokensOf(text);
  return tokens.length > 1 ? new Parser(tokens).parse() : undefined;
}

// Tokens

interface Token {
  kind: 'word' | 'quoted' | 'sign' | 'end';
  /** A quoted text without its quotation marks. */
  text: string;
  start: number;
  end: number;
}

const SIGN = /(?:&&|\|\||==|!=|>=|<=|[!<>(){},])/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const SPACE = /\s+/y;
/** A value behind a colon may be quoted: `topic:"a b"`. */
const WORD = /(?:[^\s"(){},!=<>&|])+(?:"(?:[^"\\]|\\.)*")?/y;
/** Whatever else there is, up to the next space. */
const OTHER = /\S+/y;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = start;
    return pattern.exec(text);
  };
  while (start < text.length) {
    const space = take(SPACE);
    if (space !== null) {
      start += space[0].length;
      continue;
    }
    const quoted = take(QUOTED);
    const found = quoted ?? take(SIGN) ?? take(WORD) ?? (take(OTHER) as RegExpExecArray);
    const end = start + found[0].length;
    const isSign = quoted === null && /^[&|=!<>(){},]/.test(found[0]);
    const kind = quoted !== null ? 'quoted' : isSign ? 'sign' : 'word';
    const token: Token = { kind, text: unquoted(quoted?.[1] ?? found[0]), start, end };
    if (kind === 'word' && found[0].startsWith('"')) throw new FilterFault('quoteOpen', token);
    tokens.push(token);
    start = end;
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}

function unquoted(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

// Grammar

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '==': 'eq',
  eq: 'eq',
  '!=': 'ne',
  ne: 'ne',
  '>': 'gt',
  gt: 'gt',
  '<': 'lt',
  lt: 'lt',
  '>=': 'ge',
  ge: 'ge',
  '<=': 'le',
  le: 'le',
  contains: 'contains',
};
type Comparison = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'contains';

/** Wireshark's, and not ours. */
const UNSUPPORTED: readonly string[] = ['matches', '~', '&', '===', '!==', '~='];

/** Parentheses and negations within each other. */
const DEEPEST = 200;

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Filter {
    const filter = this.#either();
    if (this.#next.kind === 'end') return filter;
    throw new FilterFault(this.#next.text === ')' ? 'unopened' : 'testMissing', this.#next);
  }

  get #next(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] as Token;
  }

  #take(): Token {
    const token = this.#next;
    this.#at++;
    return token;
  }

  #takes(...texts: string[]): boolean {
    const { kind, text } = this.#next;
    const is = kind !== 'quoted' && texts.includes(text);
    if (is) this.#at++;
    return is;
  }

  #either(): Filter {
    const all = [this.#both()];
    while (this.#takes('||', 'or')) all.push(this.#both());
    return all.length === 1 ? (all[0] as Filter) : (subject) => all.some((filter) => filter(subject));
  }

  /** What stands side by side with nothing between must hold together, too. */
  #both(): Filter {
    const all = [this.#negated()];
    while (this.#takes('&&', 'and') || this.#isTestNext()) all.push(this.#negated());
    return all.length === 1 ? (all[0] as Filter) : (subject) => all.every((filter) => filter(subject));
  }

  #isTestNext(): boolean {
    const { kind, text } = this.#next;
    if (kind === 'word') return text !== 'or' && COMPARISONS[text] === undefined && text !== 'in';
    return kind === 'sign' && (text === '!' || text === '(');
  }

  #negated(): Filter {
    if (++this.#depth > DEEPEST) throw new FilterFault('tooDeep', this.#next);
    const isNegated = this.#takes('!', 'not');
    const filter = isNegated ? this.#negated() : this.#primary();
    this.#depth--;
    return isNegated ? (subject) => !filter(subject) : filter;
  }

  #primary(): Filter {
    const opening = this.#next;
    if (!this.#takes('(')) return this.#test();
    const filter = this.#either();
    if (this.#takes(')')) return filter;
    throw new FilterFault(
      this.#next.kind === 'end' ? 'unclosed' : 'testMissing',
      this.#next.kind === 'end' ? opening : this.#next,
    );
  }

  #test(): Filter {
    const token = this.#take();
    if (token.kind !== 'word') throw new FilterFault('testMissing', token);
    const kind = kindOf(token.text);
    if (kind !== undefined) return this.#field(token, kind);
    return wordFilter(token);
  }

  #field(field: Token, kind: Kind): Filter {
    const name = field.text;
    const operator = this.#next;
    if (UNSUPPORTED.includes(operator.text) && operator.kind !== 'quoted')
      throw new FilterFault('notSupported', operator);
    const isSet = this.#takes('in');
    const comparison = Object.hasOwn(COMPARISONS, operator.text) ? COMPARISONS[operator.text] : undefined;
    if (!isSet && (comparison === undefined || operator.kind === 'quoted'))
      return (subject) => valuesOf(subject, name).length > 0;
    if (kind === 'none') throw new FilterFault('noValue', field);
    if (isSet) return isAmong(name, this.#set(kind));
    this.#at++;
    return compared(name, comparison as Comparison, this.#value(kind, comparison === 'contains'));
  }

  #set(kind: Kind): Value[] {
    const opening = this.#next;
    if (!this.#takes('{')) throw new FilterFault('valueMissing', opening);
    const values = [this.#value(kind, false)];
    while (this.#takes(',')) values.push(this.#value(kind, false));
    if (!this.#takes('}')) throw new FilterFault('unclosed', opening);
    return values;
  }

  #value(kind: Kind, isPart: boolean): Value {
    const token = this.#take();
    if (token.kind === 'end' || token.kind === 'sign') throw new FilterFault('valueMissing', token);
    if (kind === 'number') {
      if (isPart) throw new FilterFault('notText', token);
      return numberOf(token);
    }
    if (kind === 'bytes') return bytesOf(token);
    return token.text;
  }
}

function numberOf(token: Token): number {
  const { text } = token;
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  if (!/^(?:-?\d+(?:\.\d+)?|0x[0-9a-f]+)$/i.test(text)) throw new FilterFault('notNumber', token);
  return Number(text);
}

/** `68:65:6c` and `68656c` are bytes; in quotation marks, and where it can be nothing else, it is text. */
function bytesOf({ kind, text }: Token): Uint8Array {
  const isHex = kind === 'word' && /^(?:[0-9a-f]{2}[:.-]?)+$/i.test(text);
  if (!isHex) return utf8(text);
  return Uint8Array.from(text.match(/[0-9a-f]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
}

// What filters do

function isAmong(name: string, values: readonly Value[]): Filter {
  const tests = values.map((value) => compared(name, 'eq', value));
  return (subject) => tests.some((test) => test(subject));
}

/** One value that compares is enough; but `!=` holds only where all differ, and where there is one. */
function compared(name: string, comparison: Comparison, wanted: Value): Filter {
  const holds = (value: Value): boolean => holdsFor(value, comparison, wanted);
  if (comparison !== 'ne') return (subject) => valuesOf(subject, name).some(holds);
  return (subject) => {
    const values = valuesOf(subject, name);
    return values.length > 0 && values.every(holds);
  };
}

function holdsFor(value: Value, comparison: Comparison, wanted: Value): boolean {
  if (comparison === 'contains') return contains(value, wanted);
  const order = orderOf(value, wanted);
  switch (comparison) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'gt':
      return order > 0;
    case 'lt':
      return order < 0;
    case 'ge':
      return order >= 0;
    case 'le':
      return order <= 0;
    default:
      return comparison satisfies never;
  }
}

function orderOf(one: Value, other: Value): number {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return orderOfBytes(one, other);
  return one === other ? 0 : one > other ? 1 : -1;
}

function orderOfBytes(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  if (at < 0) return one.length - other.length;
  return (one[at] as number) - (other[at] ?? -1);
}

function contains(value: Value, part: Value): boolean {
  if (typeof value === 'string') return value.includes(String(part));
  if (!(value instanceof Uint8Array && part instanceof Uint8Array)) return false;
  const last = value.length - part.length;
  for (let at = 0; at <= last; at++) if (part.every((byte, index) => value[at + index] === byte)) return true;
  return false;
}

// Words

/** What may stand before a colon. */
const PREFIXES: Readonly<Record<string, (token: Token) => Filter>> = {
  topic: topicFilter,
  client: (token) => {
    const wanted = token.text;
    return ({ conversation: { clientId, client } }) =>
      clientId === wanted || client.address === wanted || `${client.address}:${client.port}` === wanted;
  },
  id: (token) => compared('mqtt.msgid', 'eq', numberOf(token)),
  stream: (token) => compared('tcp.stream', 'eq', numberOf(token)),
};

/** The words, for whoever asks what there are. */
const WORDS: readonly string[] = [
  ...TYPE_WORDS,
  'found',
  ...Object.keys(PREFIXES).map((prefix) => `${prefix}:`),
];

function wordFilter(token: Token): Filter {
  const { text } = token;
  const word = text.toLowerCase();
  if (TYPE_WORDS.includes(word)) return ({ packet }) => packet.type === word;
  if (word === 'found') return ({ isFound }) => isFound;
  const colon = text.indexOf(':');
  const prefix = text.slice(0, Math.max(colon, 0)).toLowerCase();
  const make = Object.hasOwn(PREFIXES, prefix) ? PREFIXES[prefix] : undefined;
  if (make !== undefined) return make(behind(token, colon + 1));
  const isField = text.includes('.');
  throw new FilterFault(isField ? 'unknownField' : 'unknownWord', token, meant(text, isField));
}

/** The value behind a prefix, without quotation marks. */
function behind({ kind, text, start, end }: Token, from: number): Token {
  const value = text.slice(from).replace(/^"(.*)"$/s, '$1');
  const token: Token = { kind, text: value, start: start + from, end };
  if (value === '') throw new FilterFault('valueMissing', token);
  return token;
}

/** A PUBLISH on a matching topic, a subscription to one, a will for one. */
function topicFilter(token: Token): Filter {
  const wanted = token.text;
  if (filterFault(wanted, 5) !== undefined) throw new FilterFault('notFilter', token);
  return (subject) => {
    const { topic } = subject.packet;
    if (topic !== undefined) return matches(wanted, topic);
    const others = [...valuesOf(subject, 'mqtt.topic'), ...valuesOf(subject, 'mqtt.willtopic')];
    return others.some((other) => other === wanted || matches(wanted, String(other)));
  };
}

/** As many names are offered for one that is not known. */
const OFFERED = 8;

/** Names that have what was typed in them, or else begin as it does. */
function meant(text: string, isField: boolean): string[] {
  const typed = text.toLowerCase();
  const names = isField ? FIELD_NAMES : [...WORDS, ...FIELD_NAMES];
  const tail = typed.slice(typed.lastIndexOf('.') + 1);
  const tests: ((name: string) => boolean)[] = [
    (name) => typed !== '' && name.includes(typed),
    (name) => tail.length > 1 && name.includes(tail),
    (name) => typed.length > 3 && distance(name, typed) <= 2,
  ];
  for (const test of tests) {
    const found = names.filter(test);
    if (found.length > 0) return found.slice(0, OFFERED);
  }
  return isField ? FIELD_NAMES.slice(0, OFFERED) : WORDS.slice(0, OFFERED);
}

/** How many letters have to be changed, put in or taken away. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 0; at < one.length; at++) {
    const next = [at + 1];
    for (let index = 0; index < other.length; index++)
      next.push(
        Math.min(
          (next[index] as number) + 1,
          (row[index + 1] as number) + 1,
          (row[index] as number) + (one[at] === other[index] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[other.length] as number;
}
