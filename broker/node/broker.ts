// The command `npm run broker`: a broker on this machine, and its log. Knows its options, signals and exit codes; what a
// configuration file means and what listens is known elsewhere.
import { rmSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MQTT_PORT } from '../ports.ts';
import type { Trace } from '../session/trace.ts';
import { PathTaken, PortTaken } from './bind.ts';
import { type Configuration, configure, type ListenerConfiguration } from './config/configuration.ts';
import { OPTIONS as CONFIGURATION_OPTIONS, LOG_TYPES } from './config/options.ts';
import { ConfigurationError, nothing, read } from './config/read.ts';
import { log } from './log.ts';
import { Logbook, LogbookError, type LogbookSettings } from './logbook.ts';
import { RulesError } from './rules.ts';
import { type Serving, serve } from './serve.ts';
import { StoreError } from './store.ts';
import { TlsError } from './tls.ts';

/** Exit codes; but for wrong usage, Mosquitto's are the same. */
const NOT_STARTED = 1;
const WRONG_USAGE = 3;
const UNUSABLE_FILE = 13;

/** Errors whose message is all there is to say. */
const ONE_LINERS = [TlsError, StoreError, LogbookError, PathTaken];

const OPTIONS = [
  {
    name: 'config-file',
    short: 'c',
    value: 'FILE',
    text: 'do as this file says, which is written like mosquitto.conf',
  },
  {
    name: 'port',
    short: 'p',
    value: 'PORT',
    text: `listen for MQTT over TCP on this port; ${MQTT_PORT} by default`,
  },
  { name: 'ws', value: 'PORT', text: 'listen for MQTT over WebSocket on this port as well' },
  { name: 'verbose', short: 'v', text: 'log every packet, in the form of mosquitto -v' },
  { name: 'help', short: 'h', text: 'print this, and nothing else' },
] as const;

interface Values {
  'config-file'?: string;
  port?: string[];
  ws?: string[];
  verbose?: boolean;
  help?: boolean;
}

const values = readOptions(process.argv.slice(2));
if (values.help) console.log(help());
else await run(values);

/** The options of a command line. Ends the process with one line on what is wrong with it, if anything is. */
function readOptions(words: string[]): Values {
  const options = Object.fromEntries(
    OPTIONS.map((option) => [
      option.name,
      {
        type: 'value' in option ? ('string' as const) : ('boolean' as const),
        multiple: 'value' in option && option.value === 'PORT',
        ...('short' in option && { short: option.short }),
      },
    ]),
  );
  try {
    return parseArgs({ args: words, options }).values as Values;
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
    return complain(line);
  }
}

function portsOf(option: string, words: readonly string[] = []): number[] {
  return words.map((text) => {
    const port = Number(text);
    if (/^\d+$/.test(text) && port <= 65_535) return port;
    return complain(`${option} takes a port, 0 to 65535, not ${text}`);
  });
}

async function run({ 'config-file': file, port, ws, verbose = false }: Values): Promise<void> {
  const ports = portsOf('-p', port);
  const webSocketPorts = portsOf('--ws', ws);
  const load = () => configure(file === undefined ? nothing() : read(file), ports, webSocketPorts);
  const book = new Logbook(bookSettings(undefined, verbose));
  let configuration = await attempt(book, load);
  await attempt(book, () => book.reopen(bookSettings(configuration, verbose)));
  remark(book, configuration);
  if (file !== undefined) book.write('information', `Config loaded from ${file}.`);

  let trace: Trace = () => {};
  const start = () =>
    serve(configuration, {
      note: (type, text) => book.write(type, text),
      lost: (error) => {
        for (const line of linesOf(error)) book.write('error', line);
        process.exit(NOT_STARTED);
      },
      environment: { trace: (event) => trace(event) },
    });
  const serving: Serving = await attempt(book, start, configuration.listeners);
  book.publish = serving.say;
  trace = log((type, text, at) => book.write(type, text, at), {
    wants: (type) => book.types.includes(type),
    get hasConnections() {
      return configuration.global.connection_messages;
    },
    portOf: serving.portOf,
  });
  const forget = await attempt(book, () => leaveNumber(configuration.global.pid_file));

  process.on('SIGHUP', () => {
    book.write('information', 'Reloading config.');
    try {
      const next = load();
      remark(book, next);
      serving.reload(next);
      configuration = next;
      book.reopen(bookSettings(configuration, verbose));
    } catch (error) {
      for (const line of linesOf(error)) book.write('error', line);
    }
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      book.write('information', 'Ending.');
      forget();
      void serving.close().then(() => process.exit(0));
    });
  }
  for (const listener of configuration.listeners) book.write('information', announcement(listener, serving));
}

function remark(book: Logbook, { remarks }: Configuration): void {
  for (const { type, text } of remarks) book.write(type, text);
}

function bookSettings(configuration: Configuration | undefined, verbose: boolean): LogbookSettings {
  const { log_dest, log_type, log_timestamp } = CONFIGURATION_OPTIONS;
  const global = configuration?.global;
  return {
    destinations: global?.log_dest ?? log_dest.default,
    types: verbose ? LOG_TYPES : (global?.log_type ?? log_type.default),
    hasTimestamp: global?.log_timestamp ?? log_timestamp.default,
    format: global?.log_timestamp_format,
  };
}

/** Where a listener is found. */
function announcement({ at, options, tls }: ListenerConfiguration, { portsOf: bound }: Serving): string {
  const secured = tls ? ', with TLS' : '';
  if ('path' in at) return `Listening at ${at.path}${secured}.`;
  const port = bound.get(at) ?? at.port;
  if (options.protocol === 'websockets') return `MQTT over WebSocket is on port ${port}${secured}.`;
  const isLocal = at.addresses.every((address) => address === '::1' || address.startsWith('127.'));
  return `Listening on port ${port}${secured}${isLocal ? ', for clients on this machine only' : ''}.`;
}

/** Writes the number of this process to a file. Returns what removes it. */
function leaveNumber(path: string | undefined): () => void {
  if (path === undefined) return () => {};
  try {
    writeFileSync(path, String(process.pid));
  } catch {
    throw new LogbookError('Error: Unable to write pid file.');
  }
  return () => rmSync(path, { force: true });
}

/**
 * Does what may fail for reasons of the user's. Then it says what is wrong, and ends the process.
 * @param listeners those that may be in each other's way
 */
async function attempt<Result>(
  book: Logbook,
  action: () => Result | Promise<Result>,
  listeners: Configuration['listeners'] = [],
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof PortTaken) console.error(takenLine(error.port, listeners));
    else for (const line of linesOf(error)) book.write('error', line);
    process.exit(exitCodeOf(error));
  }
}

/** What to do about a port that is taken. */
function takenLine(port: number, listeners: Configuration['listeners']): string {
  const { 'config-file': file } = values;
  const several = listeners.filter(({ at }) => 'port' in at && at.port === port).length > 1;
  if (several) return `Error: Address already in use: several listeners are on port ${port}.`;
  const choose = `Choose another ${file === undefined ? 'with -p' : `in ${file}`}`;
  return `Port ${port} is taken. ${choose}, or end what listens there.`;
}

/** What is said of an error that is the user's to mend. @throws any other */
function linesOf(error: unknown): readonly string[] {
  if (error instanceof ConfigurationError || error instanceof RulesError) return error.lines;
  if (ONE_LINERS.some((kind) => error instanceof kind)) return [(error as Error).message];
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND') return ['Error creating listener: Name or service not known.'];
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOENT') return [`Error: ${message}`];
  throw error;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof ConfigurationError) return WRONG_USAGE;
  if (error instanceof RulesError) return error.isReadable ? WRONG_USAGE : UNUSABLE_FILE;
  return NOT_STARTED;
}

function complain(what: string): never {
  console.error(`${what.replace(/\.?$/, '.')} For the options: npm run broker -- --help`);
  process.exit(WRONG_USAGE);
}

function help(): string {
  const rows = OPTIONS.map((option) => {
    const short = 'short' in option ? `-${option.short}, ` : '    ';
    const value = 'value' in option ? ` ${option.value}` : '';
    return `  ${`${short}--${option.name}${value}`.padEnd(24)} ${option.text}`;
  });
  return `An MQTT broker, 3.1, 3.1.1 and 5.0. Without a configuration file it is for clients on this machine.\n
npm run broker -- [OPTION...]\n\n${rows.join('\n')}\n
SIGHUP makes it read the configuration file again.\n
Exit codes: 0 after SIGINT or SIGTERM, ${NOT_STARTED} if it cannot listen or use its store, ${WRONG_USAGE} for wrong options or a wrong
configuration or ACL file, ${UNUSABLE_FILE} for a password file or ACL file that cannot be read.`;
}
