// The command `npm run capture`: the MQTT packets of a capture file, field by field, and what is worth telling about them. Knows
// its options and what it prints; the reading is the engine's.
import { createReadStream, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type CaptureContents,
  type CapturedPacket,
  dissectPacket,
  type Finding,
  readCapture,
  Secrets,
  webCrypto,
  wiresharkRows,
  wiresharkSpans,
  wiresharkTime,
} from '../capture/index.ts';
import { packetName, VERSION_NAMES, wiresharkFields } from '../codec/index.ts';

const EXIT = { well: 0, badFile: 1, wrongUsage: 2 } as const;

const OPTIONS = {
  keylog: { type: 'string' },
  port: { type: 'string', multiple: true },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const HELP = `Takes the MQTT packets of a capture apart, field by field, under Wireshark's names.

npm run capture -- [options] FILE   a .pcap or .pcapng file

  --keylog FILE    TLS secrets, as programs write them to the file that SSLKEYLOGFILE names;
                   those that the capture holds are used in any case
  --port PORT      take what goes to this port for MQTT, even where the capture begins in the
                   middle of it; 1883 and 8883 always are. May be given more than once
  --json           the packets as an array, each as tshark -T json writes it
  -h, --help       this

MQTT is found on every port where its CONNECT is in the capture, over TCP, TLS and WebSocket.
Ends with 0 if all is well, 1 if a file cannot be read, 2 if it is called wrongly.`;

/** What a run of the command comes to. */
export interface Answer {
  output: string;
  /** One line on what is wrong, if anything. */
  complaint?: string;
  exitCode: number;
}

class WrongUsage extends Error {}

/** A file that is not there, or that may not be read. */
class Unreadable extends Error {}

/** @param words the command line behind the command's name */
export async function answer(words: string[]): Promise<Answer> {
  try {
    const { values, positionals } = readWords(words);
    if (values.help) return { output: HELP, exitCode: EXIT.well };
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0)
      throw new WrongUsage('one capture file is wanted; --help tells more');
    const contents = await read(file, values.keylog, (values.port ?? []).map(portOf));
    const { fault, frames } = contents;
    const isNothing = fault !== undefined && frames === 0;
    const output = isNothing
      ? ''
      : values.json
        ? JSON.stringify(wiresharkRows(contents), null, 2)
        : text(contents);
    if (fault === undefined) return { output, exitCode: EXIT.well };
    return {
      output,
      complaint: `capture: ${file}, byte ${fault.offset}: ${fault.message}`,
      exitCode: EXIT.badFile,
    };
  } catch (error) {
    if (error instanceof WrongUsage)
      return { output: '', complaint: `capture: ${error.message}`, exitCode: EXIT.wrongUsage };
    if (error instanceof Unreadable)
      return { output: '', complaint: `capture: ${error.message}`, exitCode: EXIT.badFile };
    throw error;
  }
}

interface Words {
  values: { keylog?: string; port?: string[]; json?: boolean; help?: boolean };
  positionals: string[];
}

function readWords(words: string[]): Words {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split(/[.\n] /);
    throw new WrongUsage(sentence);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new WrongUsage(`--port takes a port, 0 to 65535, not “${text}”`);
}

async function read(file: string, keyLog: string | undefined, ports: number[]): Promise<CaptureContents> {
  const secrets = new Secrets();
  if (keyLog !== undefined) secrets.add(await attempt(keyLog, async () => readFileSync(keyLog, 'utf8')));
  const crypto = webCrypto(globalThis.crypto.subtle);
  return attempt(file, () => readCapture(() => createReadStream(file), { secrets, ports, crypto }));
}

/** Runs what reads a file. What the system says against it is told with the file's name. */
async function attempt<Result>(file: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new Unreadable(`${file}, byte 0: ${REFUSALS[code] ?? `it cannot be read (${code}).`}`);
  }
}

const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file.',
  EACCES: 'it may not be read.',
  EISDIR: 'it is a folder.',
};

function text(contents: CaptureContents): string {
  const packets = contents.packets.map((packet) => `${heading(packet, contents)}\n${fields(packet)}`);
  const findings = contents.findings.map(findingLine);
  return [
    ...packets,
    ...(findings.length > 0 ? [`Findings\n${findings.join('\n')}`] : []),
    summary(contents),
  ].join('\n\n');
}

function heading(packet: CapturedPacket, { conversations }: CaptureContents): string {
  const { number, frame, time, stream, direction, type, version } = packet;
  const { client, broker } = conversations.find(
    (conversation) => conversation.stream === stream,
  ) as CaptureContents['conversations'][number];
  const ends = [client, broker].map(
    ({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`,
  );
  if (direction === 'down') ends.reverse();
  const name = type === undefined ? 'no packet' : packetName(type);
  return `${number}  ${name}, MQTT ${VERSION_NAMES[version]}, frame ${frame}, ${wiresharkTime(time)} s, stream ${stream}, ${ends.join(' → ')}${ties(packet)}`;
}

function ties({ answers, answeredBy, repeats }: CapturedPacket): string {
  const said = [
    answers === undefined ? '' : `, answers ${answers}`,
    answeredBy === undefined ? '' : `, answered by ${answeredBy}`,
    repeats === undefined ? '' : `, repeats ${repeats}`,
  ];
  return said.join('');
}

/** A line for each field that Wireshark has a name for, and one for what is wrong. */
function fields(packet: CapturedPacket): string {
  const lines = wiresharkSpans(packet).flatMap((span) => {
    const [field] = wiresharkFields([span]);
    if (field === undefined) return [];
    const indent = '  '.repeat(span.depth + 1);
    return span.value === undefined
      ? [`${indent}${field.filter}`]
      : [`${indent}${field.filter} == ${printable(field.value)}`];
  });
  const { fault } = dissectPacket(packet);
  if (fault !== undefined) lines.push(`  malformed at byte ${fault.offset}: ${fault.message}`);
  return lines.join('\n');
}

function findingLine({ weight, message, packet, frame, stream }: Finding): string {
  const place =
    packet !== undefined ? `packet ${packet}` : frame !== undefined ? `frame ${frame}` : 'the file';
  return `  ${weight}: ${printable(message)} (${place}${stream === undefined ? '' : `, stream ${stream}`})`;
}

function summary({ frames, packets, conversations }: CaptureContents): string {
  const streams = conversations.filter(({ isMqtt }) => isMqtt).length;
  return `${frames} frames, ${packets.length} MQTT packets in ${streams} connections`;
}

/** Values are a stranger's words: a control character in them would write to the terminal. */
function printable(value: string): string {
  return value.replace(/\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { output, complaint, exitCode } = await answer(process.argv.slice(2));
  if (output !== '') process.stdout.write(`${output}\n`);
  if (complaint !== undefined) console.error(complaint);
  process.exitCode = exitCode;
}
