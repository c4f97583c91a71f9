// The formats of `-F`: `%t %p`, `@H:@M` and `\t`. Knows how a format is written and how each of its pieces prints a message;
// knows no option but this. Inside, each character stands for a byte.
import { PROPERTIES, type Properties, type Publish, textOf } from '../../codec/index.ts';
import { charactersOf, charactersOfText } from './bytes.ts';
import { WrongUsage } from './complaint.ts';
import { normalise, object, spread, string } from './json.ts';
import { optionName } from './properties.ts';
import { strftime } from './strftime.ts';

/** A message, and when it came: milliseconds since 1970, with fractions. */
export interface Printed {
  message: Publish;
  at: number;
}

/** One piece of a format: text as it is, or what stands for a part of the message. */
export type Piece = string | ((printed: Printed, isPretty: boolean) => string);

/** How wide something is printed, in bytes. */
interface Width {
  isLeft: boolean;
  fill: ' ' | '0';
  /** At least; 0 for any. */
  least: number;
  /** At most, if given. */
  most: number | undefined;
}

/** A payload that was to be JSON and is not; what is left of its format is printed all the same. */
export class NotJson extends Error {}

type Write = (printed: Printed, width: Width, isPretty: boolean) => string;

/** Source: mosquitto_sub(1), "Output format". */
// biome-ignore format: a table, a row to each line
const SPECIFIERS: Readonly<Record<string, Write>> = {
  '%': () => '%',
  A: number(({ properties }) => properties?.topicAlias),
  C: text(({ properties }) => properties?.contentType, ({ least }) => ' '.repeat(least)),
  D: ({ message }) => charactersOf(message.properties?.correlationData ?? new Uint8Array()),
  E: number(({ properties }) => properties?.messageExpiryInterval),
  F: number(({ properties }) => properties?.payloadFormatIndicator),
  I: ({ at }, width) => fitted(strftime('%FT%T%z', new Date(at)), width),
  j: (printed, _, isPretty) => json(printed, isPretty, quoted),
  J: (printed, _, isPretty) => json(printed, isPretty, embedded),
  l: number(({ payload }) => payload.length),
  m: number(({ packetId }) => packetId ?? 0),
  P: ({ message }) => (message.properties?.userProperty ?? []).map((pair) => charactersOfText(pair.join(':'))).join(' '),
  p: payload(charactersOf, 1),
  q: ({ message }) => String(message.qos),
  R: text(({ properties }) => properties?.responseTopic, () => ''),
  r: ({ message }) => (message.retain ? '1' : '0'),
  S: number(({ properties }) => properties?.subscriptionIdentifier?.[0]),
  t: text(({ topic }) => topic, () => ''),
  U: ({ at }) => `${Math.floor(at / 1000)}.${nanoseconds(at)}`,
  X: payload((bytes) => hexOf(bytes).toUpperCase(), 2),
  x: payload(hexOf, 2),
};

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\',
  '0': '\0',
  a: '\x07',
  e: '\x1b',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** A sequence of a format, or what stands between two. An incomplete one has nothing in the group that it needs. */
const SEQUENCE =
  /%(?<flag>[-0]?)(?<least>\d*)(?<dot>\.(?<most>\d*))?(?<letter>.?)|@(?<time>.?)|\\(?<escape>.?)|[^%@\\]+/gsu;

/** Reads a format. @throws WrongUsage */
export function parseFormat(format: string): Piece[] {
  return Array.from(format.matchAll(SEQUENCE), ({ 0: sequence, groups = {} }) => {
    if (sequence.startsWith('%')) return specifier(groups);
    if (sequence.startsWith('@')) return timePart(groups['time'] ?? '');
    if (sequence.startsWith('\\')) return escaped(groups['escape'] ?? '');
    return charactersOfText(sequence);
  });
}

function specifier({ flag, least = '', most, dot, letter = '' }: Record<string, string | undefined>): Piece {
  if (letter === '') throw new WrongUsage('Error: Incomplete format specifier.');
  const write = Object.hasOwn(SPECIFIERS, letter) ? SPECIFIERS[letter] : undefined;
  if (write === undefined) throw new WrongUsage(`Error: Invalid format specifier '${letter}'.`);
  const isZeroed = flag === '0' || least.startsWith('0');
  const width: Width = {
    isLeft: flag === '-',
    fill: isZeroed ? '0' : ' ',
    least: Number(least),
    most: dot === undefined ? undefined : Number(most),
  };
  return (printed, isPretty) => write(printed, width, isPretty);
}

function timePart(letter: string): Piece {
  if (letter === '') throw new WrongUsage('Error: Incomplete format specifier.');
  if (letter === '@') return '@';
  if (letter === 'N') return ({ at }) => nanoseconds(at);
  return ({ at }) => charactersOfText(strftime(`%${letter}`, new Date(at)));
}

function escaped(letter: string): Piece {
  if (letter === '') throw new WrongUsage('Error: Incomplete escape specifier.');
  const character = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  if (character === undefined) throw new WrongUsage(`Error: Invalid escape specifier '${letter}'.`);
  return character;
}

function number(of: (message: Publish) => number | undefined): Write {
  return ({ message }, { isLeft, fill, least }) => {
    const value = of(message);
    if (value === undefined) return fill.repeat(least);
    return isLeft ? String(value).padEnd(least) : String(value).padStart(least, fill);
  };
}

function text(of: (message: Publish) => string | undefined, missing: (width: Width) => string): Write {
  return ({ message }, width) => {
    const value = of(message);
    return value === undefined ? missing(width) : fitted(charactersOfText(value), width);
  };
}

function fitted(characters: string, { isLeft, least, most }: Width): string {
  const cut = characters.slice(0, most);
  return isLeft ? cut.padEnd(least) : cut.padStart(least);
}

/** In: how bytes are written, and how many characters each takes. The originals halve the bytes of hex that has a width. */
function payload(write: (bytes: Uint8Array) => string, size: 1 | 2): Write {
  return ({ message }, { isLeft, fill, least }) => {
    const { length } = message.payload;
    if (least === 0) return write(message.payload) + (isLeft ? ' '.repeat(length) : '');
    const kept = Math.floor(Math.min(length, least) / size);
    const characters = write(message.payload.subarray(0, kept));
    return isLeft ? characters.padEnd(least) : characters.padStart(least, fill);
  };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The part of a second, in nine digits. */
function nanoseconds(at: number): string {
  return String(Math.floor((at % 1000) * 1e6)).padStart(9, '0');
}

function json({ message, at }: Printed, isPretty: boolean, written: (message: Publish) => string): string {
  const { topic, qos, retain, packetId, properties } = message;
  const time = new Date(at);
  const microseconds = nanoseconds(at).slice(0, 6);
  const whole = object([
    ['tst', string(`${strftime('%FT%T', time)}.${microseconds}${strftime('Z%z', time)}`)],
    ['topic', string(charactersOfText(topic))],
    ['qos', String(qos)],
    ['retain', retain ? '1' : '0'],
    ['payloadlen', String(message.payload.length)],
    ...(packetId === undefined ? [] : [['mid', String(packetId)] as const]),
    ...(properties === undefined ? [] : [['properties', propertiesJson(properties)] as const]),
    ['payload', message.payload.length === 0 ? 'null' : written(message)],
  ]);
  return isPretty ? spread(whole) : whole;
}

function quoted({ payload }: Publish): string {
  return string(charactersOf(payload));
}

/** @throws NotJson */
function embedded({ topic, payload }: Publish): string {
  const text = textOf(payload);
  try {
    JSON.parse(text as string);
  } catch {
    throw new NotJson(`Error: Message payload is not valid JSON on topic ${topic}.`);
  }
  return normalise(text as string, charactersOfText);
}

/** The properties in the order in which they came. */
function propertiesJson(properties: Properties): string {
  const members = Object.keys(properties).flatMap((key) => {
    const row = PROPERTIES.find((one) => one.key === key);
    if (row === undefined) return [];
    if (row.type === 'pair') return [['user-properties', pairsJson(properties.userProperty ?? [])] as const];
    const values = [properties[row.key]].flat();
    return values.map(
      (value) => [optionName(row), valueJson(value as number | string | Uint8Array)] as const,
    );
  });
  return object(members);
}

function pairsJson(pairs: readonly [string, string][]): string {
  return object(pairs.map(([name, value]) => [charactersOfText(name), valueJson(value)]));
}

function valueJson(value: number | string | Uint8Array): string {
  if (typeof value === 'number') return String(value);
  return string(typeof value === 'string' ? charactersOfText(value) : charactersOf(value));
}
