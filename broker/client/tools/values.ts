// How the values of options are read. Knows the limits and the words of complaint; knows no option's place.
import { filterFault, type QoS, type Version } from '../../codec/index.ts';
import { Problem, WrongUsage, wrong } from './complaint.ts';
import type { ToolSettings } from './settings.ts';

/** The largest of four bytes: as a Session Expiry Interval it never ends. */
export const NEVER = 0xffff_ffff;

/** The number that a word begins with, 0 if with none, as `atoi` reads it. */
export function integer(word: string): number {
  return Number.parseInt(word, 10) || 0;
}

export function port(word: string): number {
  const number = integer(word);
  if (number < 0 || number > 65_535) throw new WrongUsage(`Error: Invalid port given: ${number}`);
  return number;
}

export function qos(word: string): QoS {
  return qosOf(word) ?? fail(new WrongUsage(`Error: Invalid QoS given: ${integer(word)}`));
}

export function willQos(word: string): QoS {
  return qosOf(word) ?? fail(wrong(`Invalid will QoS ${integer(word)}.`));
}

function qosOf(word: string): QoS | undefined {
  const number = integer(word);
  return number === 0 || number === 1 || number === 2 ? number : undefined;
}

export function keepAlive(word: string): number {
  const seconds = integer(word);
  if (seconds >= 5 && seconds <= 65_535) return seconds;
  throw wrong('Invalid keepalive given, it must be between 5 and 65535 inclusive.');
}

export function maxInflight(word: string): number {
  return atLeast(1, integer(word), () => 'Maximum inflight messages must be greater than 0.');
}

export function messageCount(word: string): number {
  return atLeast(1, integer(word), (count) => `Invalid message count "${count}".`);
}

/** In: seconds. Out: milliseconds. */
export function timeout(word: string): number {
  return 1000 * atLeast(1, integer(word), (seconds) => `Invalid timeout "${seconds}".`);
}

export function repeat(word: string): number {
  return atLeast(1, integer(word), () => '--repeat argument must be >0.');
}

/** In: seconds, with fractions. Out: milliseconds. */
export function repeatDelay(word: string): number {
  return 1000 * atLeast(0, Number.parseFloat(word) || 0, () => '--repeat-delay argument must be >=0.0.');
}

/** In: percent. Out: 0 to 1. */
export function share(word: string): number {
  const percent = Number.parseFloat(word) || 0;
  if (percent >= 0.1 && percent <= 100) return percent / 100;
  throw wrong('--random-filter chance must be between 0.1-100.0');
}

function atLeast(least: number, number: number, complaint: (number: number) => string): number {
  return number >= least ? number : fail(wrong(complaint(number)));
}

/** Seconds; -1 and the sign of infinity are for ever. */
export function sessionExpiryInterval(word: string): number {
  if (word === '∞') return NEVER;
  if (!/^\s*[+-]?(0x[0-9a-f]+|\d+)$/i.test(word)) throw wrong('session-expiry-interval not a number.');
  const sign = /^\s*-/.test(word) ? -1 : 1;
  const digits = word.replace(/^\s*[+-]?/, '');
  const seconds = sign * (/^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits));
  if (seconds < -1 || seconds > NEVER) throw wrong('session-expiry-interval out of range.');
  return seconds === -1 ? NEVER : seconds;
}

const VERSIONS: Readonly<Record<string, Version>> = {
  mqttv31: 3,
  31: 3,
  mqttv311: 4,
  311: 4,
  mqttv5: 5,
  5: 5,
};

export function version(word: string): Version {
  return VERSIONS[word] ?? fail(wrong('Invalid protocol version argument given.'));
}

const TLS_VERSIONS = { 'tlsv1.1': 'TLSv1.1', 'tlsv1.2': 'TLSv1.2', 'tlsv1.3': 'TLSv1.3' } as const;

export function tlsVersion(word: string): (typeof TLS_VERSIONS)[keyof typeof TLS_VERSIONS] {
  if (Object.hasOwn(TLS_VERSIONS, word)) return TLS_VERSIONS[word as keyof typeof TLS_VERSIONS];
  throw new Problem('Error: Problem setting TLS options, check the options are valid.');
}

/** A topic name. In: what it is for, and where it stands. */
export function topicName(word: string, use: 'publish' | 'response' | 'will', flag: string): string {
  checkText(word, flag);
  if (!/[+#]/.test(word)) return word;
  throw new WrongUsage(`Error: Invalid ${use} topic '${word}', does it contain '+' or '#'?`);
}

/** A topic filter. In: what it is for, and where it stands. */
export function topicFilter(
  word: string,
  use: 'subscription' | 'unsubscribe' | 'filter',
  flag: string,
): string {
  checkText(word, flag);
  if (filterFault(word, 4) === undefined) return word;
  throw new WrongUsage(`Error: Invalid ${use} topic '${word}', are all '+' and '#' wildcards correct?`);
}

/** What no string of MQTT should hold: control characters, half pairs, and what is not a character. */
function checkText(word: string, flag: string): void {
  if (/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.test(word))
    throw wrong(`Malformed UTF-8 in ${flag} argument.`);
}

interface Scheme {
  port: number;
  isEncrypted?: true;
  isWebSocket?: true;
}

/** WebSocket is ours to add: the originals know the first two. */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  mqtt: { port: 1883 },
  mqtts: { port: 8883, isEncrypted: true },
  ws: { port: 80, isWebSocket: true },
  wss: { port: 443, isEncrypted: true, isWebSocket: true },
};

/** Reads `scheme://[username[:password]@]host[:port]/topic` into settings. Returns the topic. */
export function readUrl(word: string, settings: ToolSettings): string {
  const [, name = '', rest = ''] = /^(\w+):\/\/(.*)$/s.exec(word) ?? [];
  const scheme = SCHEMES[name.toLowerCase()];
  if (scheme === undefined) throw wrong('unsupported URL scheme.');
  const slash = rest.indexOf('/');
  if (slash === -1) throw new WrongUsage('Error: Invalid URL for -L argument specified - topic missing.');
  const place = rest.slice(0, slash);
  const [, username, password, host = '', digits] =
    /^(?:([^:@]*)(?::([^@]*))?@)?(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(place) ?? [];
  settings.host = host.replace(/^\[(.*)\]$/, '$1');
  settings.port = digits === undefined ? scheme.port : integer(digits);
  settings.isWebSocket = scheme.isWebSocket === true;
  if (scheme.isEncrypted) settings.tls.usesSystemCertificates = true;
  settings.username = username ?? settings.username;
  settings.password = password ?? settings.password;
  return rest.slice(slash + 1);
}

function fail(error: Error): never {
  throw error;
}
