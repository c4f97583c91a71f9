// The command `npm run decode`: takes packets apart. Knows its options and what it prints; reads no file but its
// input, and opens no connection.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VERSION_NAMES, type Version } from '../codec/index.ts';
import { dissectAll, type Placed } from '../codec/sequence.ts';
import type { Problem, ProblemKind } from '../codec/unreadable.ts';
import { readBytes } from '../codec/written.ts';
import { fieldTree, title } from './fields.ts';

const EXIT = { well: 0, malformed: 1, wrongUsage: 2 } as const;

const VERSIONS: ReadonlyMap<string, Version> = new Map([
  ['3', 3],
  ['3.1', 3],
  ['4', 4],
  ['3.1.1', 4],
  ['5', 5],
  ['5.0', 5],
]);

const OPTIONS = {
  mqtt: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const HELP = `Takes MQTT packets apart, field by field.

npm run decode -- [options] 30 14 00 0B …     the bytes
npm run decode -- [options] < FILE            the same from the input

  --mqtt VERSION   3.1, 3.1.1 or 5 (also 3, 4, 5.0). Without it, a CONNECT tells the version of
                   what follows it, and what comes before is taken for 3.1.1
  --json           the spans, the packet and the fault as JSON; of several packets, as an array.
                   Binary data is hex
  -h, --help       this

The bytes may be written in any usual way: in hex, with or without blanks, commas, colons and 0x; as
a dump of xxd, hexdump, od or Wireshark; with \\x; as an array of a program; in base64. Several
packets may stand one behind the other. Ends with 0 if all is well, 1 if a packet is malformed, 2 if it is called wrongly.`;

/** What a run of the command comes to. */
export interface Answer {
  output: string;
  /** One line on what is wrong with the call, if anything. */
  complaint?: string;
  exitCode: number;
}

class WrongUsage extends Error {}

/**
 * @param words the command line behind the command's name
 * @param readInput gives the input as text; called only if no bytes are on the command line
 */
export function answer(words: string[], readInput: () => string): Answer {
  try {
    const { values, positionals } = readWords(words);
    if (values.help) return { output: HELP, exitCode: EXIT.well };
    const version = values.mqtt === undefined ? undefined : versionOf(values.mqtt);
    const dissections = dissectAll(
      bytesOf(positionals.length > 0 ? positionals.join(' ') : readInput()),
      version,
    );
    return {
      output: values.json ? json(dissections) : text(dissections),
      exitCode: dissections.some(({ fault }) => fault !== undefined) ? EXIT.malformed : EXIT.well,
    };
  } catch (error) {
    if (!(error instanceof WrongUsage)) throw error;
    return { output: '', complaint: `decode: ${error.message}`, exitCode: EXIT.wrongUsage };
  }
}

interface Words {
  values: { mqtt?: string; json?: boolean; help?: boolean };
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

function versionOf(name: string): Version {
  const version = VERSIONS.get(name);
  if (version === undefined) throw new WrongUsage(`--mqtt takes 3.1, 3.1.1 or 5, not “${name}”`);
  return version;
}

/** What is wrong with a text that is to be bytes, in words. */
const PROBLEMS: Readonly<Record<Exclude<ProblemKind, 'nothing'>, (found: string) => string>> = {
  digit: (found) => `“${found}” is not a hex digit`,
  half: (found) => `“${found}” is not whole bytes, of two hex digits each`,
  number: (found) => `“${found}” is not a byte`,
  escape: (found) => `“${found}” is no escape`,
  offset: (found) => `the line with the offset ${found} has fewer bytes than the next offset says`,
  cut: (found) => `bytes were left out at “${found}”`,
  long: () => 'that is more than is read',
};

function bytesOf(text: string): Uint8Array {
  const reading = readBytes(text);
  if ('bytes' in reading) return reading.bytes;
  throw new WrongUsage(complaint(reading.problem));
}

function complaint({ what, found, line, column }: Problem): string {
  if (what === 'nothing') return 'no bytes to decode; --help tells how';
  return `line ${line}, column ${column}: ${PROBLEMS[what](found)}`;
}

function text(dissections: Placed[]): string {
  return dissections
    .map((dissection) => `${heading(dissection, dissections.length)}\n\n${fieldTree(dissection)}`)
    .join('\n\n\n');
}

function heading(dissection: Placed, count: number): string {
  const { version, start, frame } = dissection;
  const { length } = frame;
  const place = count > 1 ? `, from byte ${start} of the input` : '';
  return `${title(dissection)}, MQTT ${VERSION_NAMES[version]}, ${length} ${length === 1 ? 'byte' : 'bytes'}${place}`;
}

function json(dissections: Placed[]): string {
  const packets = dissections.map(({ spans, packet, fault }) => ({ spans, packet, fault }));
  const [first, ...more] = packets;
  return JSON.stringify(
    more.length > 0 ? packets : first,
    (_, value) => (value instanceof Uint8Array ? plainHex(value) : value),
    2,
  );
}

function plainHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { output, complaint, exitCode } = answer(process.argv.slice(2), () =>
    process.stdin.isTTY ? '' : readFileSync(0, 'utf8'),
  );
  if (output !== '') console.log(output);
  if (complaint !== undefined) console.error(complaint);
  process.exitCode = exitCode;
}
