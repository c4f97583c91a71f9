// The command `npm run broker`: a broker on this machine, and its log. Knows its options and signals; the rest is `listen`.
import { parseArgs } from 'node:util';
import { MQTT_PORT } from '../ports.ts';
import type { Trace } from '../session/trace.ts';
import { PortTaken } from './bind.ts';
import { type Listening, listen } from './listen.ts';
import { log } from './log.ts';

/** Exit codes; the one for wrong usage is Mosquitto's. */
const PORT_TAKEN = 1;
const WRONG_USAGE = 3;

const OPTIONS = [
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

type Values = { port?: string; ws?: string; verbose?: boolean; help?: boolean };

const values = read(process.argv.slice(2));
if (values.help) console.log(help());
else await run(values);

/** The options of a command line. Ends the process with one line on what is wrong with it, if anything is. */
function read(words: string[]): Values {
  const options = Object.fromEntries(
    OPTIONS.map((option) => [
      option.name,
      {
        type: 'value' in option ? ('string' as const) : ('boolean' as const),
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

function portOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  return complain(`${option} takes a port, 0 to 65535, not ${text}`);
}

async function run({ port, ws, verbose = false }: Values): Promise<void> {
  let trace: Trace = () => {};
  const say = (line: string) => console.error(line);
  const note = (line: string) => say(`${Math.floor(Date.now() / 1000)}: ${line}`);
  const listening = await start({
    port: portOf('-p', port) ?? MQTT_PORT,
    webSocketPort: portOf('--ws', ws),
    environment: { trace: (event) => trace(event) },
  });
  trace = log(say, { verbose, portOf: listening.portOf });
  note(`Listening on port ${listening.port}, for clients on this machine only.`);
  if (listening.webSocketPort !== undefined)
    note(`MQTT over WebSocket is on port ${listening.webSocketPort}.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      note('Ending.');
      void listening.close().then(() => process.exit(0));
    });
  }
}

async function start(options: Parameters<typeof listen>[0]): Promise<Listening> {
  try {
    return await listen(options);
  } catch (error) {
    if (!(error instanceof PortTaken)) throw error;
    console.error(`Port ${error.port} is taken. Choose another with -p, or end what listens there.`);
    process.exit(PORT_TAKEN);
  }
}

function complain(what: string): never {
  console.error(`${what.replace(/\.?$/, '.')} For the options: npm run broker -- --help`);
  process.exit(WRONG_USAGE);
}

function help(): string {
  const rows = OPTIONS.map((option) => {
    const short = 'short' in option ? `-${option.short}, ` : '    ';
    const value = 'value' in option ? ` ${option.value}` : '';
    return `  ${`${short}--${option.name}${value}`.padEnd(18)} ${option.text}`;
  });
  return `An MQTT broker, 3.1, 3.1.1 and 5.0, for clients on this machine.\n\nnpm run broker -- [OPTION...]\n\n${rows.join('\n')}\n
Exit codes: 0 after SIGINT or SIGTERM, ${PORT_TAKEN} if the port is taken, ${WRONG_USAGE} for wrong options.`;
}
