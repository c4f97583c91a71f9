// The command line with which Mosquitto's tools send a packet, where there is one. Knows which option says what; the names of
// properties are those of the tools' own table.

import { optionName } from '#broker/client/tools/properties.ts';
import {
  type Connect,
  type Packet,
  PROPERTIES,
  type Properties,
  type PropertyOwner,
  type Publish,
  type Subscribe,
  textOf,
  type Version,
  validate,
} from '#broker/codec/index.ts';
import { hexByte } from '../packet/hex.ts';
import { isText } from './typed.ts';

export interface Command {
  line: string;
  /** What the packet says and the command does not, in the standard's terms. */
  unsaid: string[];
}

/** The tools' own keep alive and the shortest that they take, in seconds, and their first packet identifier. */
const KEEP_ALIVE = 60;
const SHORTEST = 5;
const PACKET_ID = 1;

const VERSIONS: Readonly<Record<Version, readonly string[]>> = {
  3: ['-V', 'mqttv31'],
  4: [],
  5: ['-V', 'mqttv5'],
};

/** Characters that the tools refuse in names: control characters, and those that are none. */
const UNSAYABLE = /[\p{Cc}\p{Cn}]/u;

/** The words of a command line, and what they leave unsaid. */
class Line {
  readonly words: string[];
  readonly unsaid: string[] = [];
  /** No word has a character that the tools refuse. */
  isPlain = true;

  constructor(tool: 'mosquitto_pub' | 'mosquitto_sub', version: Version) {
    this.words = [tool, ...VERSIONS[version]];
  }

  say(...words: string[]): void {
    this.isPlain &&= !words.some((word) => UNSAYABLE.test(word));
    this.words.push(...words.map(quoted));
  }

  /** The payload may be any text. */
  message(text: string): void {
    this.words.push('-m', quoted(text));
  }

  properties(owner: PropertyOwner, properties: Properties | undefined): void {
    for (const row of PROPERTIES) {
      const value = properties?.[row.key];
      if (value === undefined) continue;
      for (const one of ('repeats' in row ? value : [value]) as unknown[]) {
        const text = one instanceof Uint8Array ? (isText(one) ? textOf(one) : undefined) : one;
        if (text === undefined || (owner === 'publish' && row.key === 'subscriptionIdentifier'))
          this.unsaid.push(row.name);
        else this.say('-D', owner, optionName(row), ...[text].flat().map(String));
      }
    }
  }
}

/**
 * The command for a packet.
 * @param connect the CONNECT that goes before it, if one is known
 * @returns undefined where no tool sends such a packet, or where a rule forbids it
 */
export function commandFor(packet: Packet, version: Version, connect?: Connect): Command | undefined {
  if (validate(packet, version).length > 0) return undefined;
  const line = new Line(packet.type === 'publish' ? 'mosquitto_pub' : 'mosquitto_sub', version);
  if (connect !== undefined && packet.type !== 'connect') sayConnect(connect, line);
  switch (packet.type) {
    case 'publish':
      return sayPublish(packet, line) ? finished(line, packet.payload) : undefined;
    case 'subscribe':
      return saySubscribe(packet, line) ? finished(line) : undefined;
    case 'connect':
      sayConnect(packet, line);
      line.say('-E', '-t', '#');
      return finished(line);
    default:
      return undefined;
  }
}

function finished({ words, unsaid, isPlain }: Line, payload?: Uint8Array): Command | undefined {
  if (!isPlain) return undefined;
  const line = words.join(' ');
  if (payload === undefined || payload.length === 0 || isText(payload)) return { line, unsaid };
  const escapes = Array.from(payload, (byte) => `\\x${hexByte(byte)}`).join('');
  return { line: `printf '${escapes}' | ${line}`, unsaid };
}

function sayPublish(packet: Publish, line: Line): boolean {
  const { topic, payload, qos, retain, dup, packetId, properties } = packet;
  if (topic === '') return false;
  line.say('-t', topic);
  if (payload.length === 0) line.say('-n');
  else if (isText(payload)) line.message(textOf(payload) ?? '');
  else line.say('-s');
  if (qos > 0) line.say('-q', String(qos));
  if (retain) line.say('-r');
  line.properties('publish', properties);
  if (dup) line.unsaid.push('DUP');
  if (packetId !== undefined && packetId !== PACKET_ID) line.unsaid.push(`Packet Identifier ${packetId}`);
  return true;
}

/** The tool has one set of options for all its filters. */
function saySubscribe({ subscriptions, properties, packetId }: Subscribe, line: Line): boolean {
  const [first] = subscriptions;
  const isOne = subscriptions.every(
    ({ qos, retainAsPublished, retainHandling, noLocal }) =>
      qos === first?.qos &&
      retainAsPublished === first.retainAsPublished &&
      retainHandling === first.retainHandling &&
      noLocal === first.noLocal,
  );
  if (first === undefined || !isOne) return false;
  if (first.qos > 0) line.say('-q', String(first.qos));
  if (first.retainAsPublished) line.say('--retain-as-published');
  if (first.retainHandling === 2) line.say('-R');
  if (first.retainHandling === 1) line.unsaid.push('Retain Handling 1');
  if (first.noLocal) line.unsaid.push('No Local');
  for (const { topicFilter } of subscriptions) line.say('-t', topicFilter);
  line.properties('subscribe', properties);
  if (packetId !== PACKET_ID) line.unsaid.push(`Packet Identifier ${packetId}`);
  return true;
}

function sayConnect(connect: Connect, line: Line): void {
  const { version, clientId, cleanStart, keepAlive, username, password, will } = connect;
  const { sessionExpiryInterval, ...properties } = connect.properties ?? {};
  if (clientId !== '') line.say('-i', clientId);
  if (!cleanStart) line.say('-c');
  if (version === 5 && (sessionExpiryInterval !== undefined || !cleanStart))
    line.say('-x', String(sessionExpiryInterval ?? 0));
  if (keepAlive < SHORTEST) line.unsaid.push(`Keep Alive ${keepAlive}`);
  else if (keepAlive !== KEEP_ALIVE) line.say('-k', String(keepAlive));
  if (username !== undefined) line.say('-u', username);
  if (password !== undefined) {
    if (isText(password)) line.say('-P', textOf(password) ?? '');
    else line.unsaid.push('Password');
  }
  if (will !== undefined) {
    line.say('--will-topic', will.topic);
    if (!isText(will.payload)) line.unsaid.push('Will Payload');
    else if (will.payload.length > 0) line.say('--will-payload', textOf(will.payload) ?? '');
    if (will.qos > 0) line.say('--will-qos', String(will.qos));
    if (will.retain) line.say('--will-retain');
    line.properties('will', will.properties);
  }
  line.properties('connect', properties);
}

/** A word as a shell reads it as one. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
