// A command line read into settings, after the user's file of options. Knows the order in which things are looked at, which is
// the originals', so that of several mistakes the same is told.
import { utf8 } from '../../codec/index.ts';
import { Problem, WrongUsage, wrong } from './complaint.ts';
import type { Target, Tool, ToolHost } from './host.ts';
import { flagOf, isFor, OPTIONS, type Option, PROPERTY_OPTION } from './options.ts';
import { checkProperties, readProperty } from './properties.ts';
import { defaultSettings, type ToolSettings } from './settings.ts';
import { NEVER } from './values.ts';

/** What a command line asks for. */
export type Wish = ToolSettings | 'help' | 'version';

/**
 * Reads a command line.
 * @param words without the name of the tool
 * @throws WrongUsage or Problem
 */
export function parse(
  tool: Tool,
  words: readonly string[],
  host: Pick<ToolHost, 'defaults' | 'offers'>,
): Wish {
  const settings = defaultSettings(tool);
  const lines = host.defaults(tool)?.split(/\r?\n/) ?? [];
  for (const line of [...lines.map(wordsOf), words]) {
    const wish = readWords(tool, line, settings, host);
    if (wish !== undefined) return wish;
  }
  check(tool, settings);
  return settings;
}

/** A line of a file of options: an option and its value, in which there may be blanks. */
function wordsOf(line: string): string[] {
  if (line.startsWith('#')) return [];
  const [, option, value] = /^ *([^ ]+) ?(.*)$/.exec(line) ?? [];
  return [option, value].filter((word) => word !== undefined && word !== '') as string[];
}

function readWords(
  tool: Tool,
  words: readonly string[],
  settings: ToolSettings,
  { offers }: Pick<ToolHost, 'offers'>,
): 'help' | 'version' | undefined {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--help') return 'help';
    if (word === '--version') return 'version';
    if (word === PROPERTY_OPTION.short || word === PROPERTY_OPTION.long) {
      at += readProperty(words.slice(at + 1), settings);
      settings.version = 5;
      continue;
    }
    const option = OPTIONS.find((one) => (one.short === word || one.long === word) && isFor(one, tool));
    if (option === undefined) throw new WrongUsage(`Error: Unknown option '${word}'.`);
    const value = option.value === undefined ? '' : words[++at];
    take(option, value, settings, tool, offers);
  }
  return undefined;
}

function take(
  option: Option,
  value: string | undefined,
  settings: ToolSettings,
  tool: Tool,
  offers: ToolHost['offers'],
): void {
  const flag = flagOf(option);
  if (value === undefined) throw wrong(`${flag} argument given but ${option.lacks}.`);
  if (option.needs && !offers.has(option.needs)) throw wrong(`${flag} is not to be had here.`);
  option.set(settings, value, tool, flag);
}

/** Looks at what is wrong between options, and draws what follows from them. */
function check(tool: Tool, settings: ToolSettings): void {
  const { will, tls, version, properties } = settings;
  const isIdOurs = settings.clientId !== undefined && settings.idPrefix === undefined;
  if (will.payload !== undefined && will.topic === undefined)
    throw new WrongUsage('Error: Will payload given, but no will topic given.');
  if (will.retain && will.topic === undefined)
    throw new WrongUsage('Error: Will retain given, but no will topic given.');
  if ((tls.certfile === undefined) !== (tls.keyfile === undefined))
    throw new WrongUsage('Error: Both certfile and keyfile must be provided if one of them is set.');
  if (version === 5) {
    const interval = settings.sessionExpiryInterval ?? (settings.cleanStart ? 0 : NEVER);
    if (interval === NEVER && !isIdOurs)
      throw new WrongUsage(
        'Error: You must provide a client id if you are using an infinite session expiry interval.',
      );
    if (interval > 0) properties.connect = { ...properties.connect, sessionExpiryInterval: interval };
  } else if (!settings.cleanStart && !isIdOurs)
    throw new WrongUsage('Error: You must provide a client id if you are using the -c option.');
  if (tool === 'sub' && settings.topics.length === 0)
    throw new WrongUsage('Error: You must specify a topic to subscribe to.');
  checkProperties(settings);
}

/**
 * Looks at what the library behind the originals refuses, once the command line as such is right.
 * @throws Problem
 */
export function checkConnect(tool: Tool, settings: ToolSettings): void {
  const { clientId, version, will, username, password, properties } = settings;
  const isBadId = clientId === '';
  if (isBadId)
    throw new Problem(tool === 'pub' ? 'Error: Invalid id.' : 'Error: Invalid id and/or clean_session.');
  const hasWillProperties = Object.keys(properties.will).length > 0;
  if (will.topic === '' || (will.topic !== undefined && hasWillProperties && version !== 5))
    throw new Problem('Error: Problem setting will.');
  if (password !== undefined && username === undefined && version !== 5)
    throw new Problem('Error: Problem setting username and/or password.');
  if (utf8(password ?? '').length > 0xffff)
    throw new Problem('Error: Problem setting username and/or password.');
}

/** Where the connection goes. */
export function targetOf({ host, port, isWebSocket, localAddress, tls }: ToolSettings): Target {
  const hasCertificates = tls.cafile !== undefined || tls.capath !== undefined;
  const isEncrypted = hasCertificates || tls.usesSystemCertificates || port === 8883;
  return {
    host,
    port: port ?? (hasCertificates ? 8883 : 1883),
    isWebSocket,
    localAddress,
    ...(isEncrypted && {
      tls: { ...tls, usesSystemCertificates: tls.usesSystemCertificates || !hasCertificates },
    }),
  };
}
