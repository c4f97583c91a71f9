// The command `npm run decode`: takes packets in hex apart. Knows its options and what it prints; reads no file but its
// input, and opens no connection.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Dissection, dissect, Framer, Malformed, VERSION_NAMES, type Version } from '../codec/index.ts';
import { fieldTree, title } from './fields.ts';
import { NotHex, readHex } from './hex.ts';

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

npm run decode -- [options] 30 14 00 0B …     the bytes, in hex
npm run decode -- [options] < FILE            the same from the input

  --mqtt VERSION   3.1, 3.1.1 or 5 (also 3, 4, 5.0). Without it, a CONNECT tells the version of
                   what follows it, and what comes before is taken for 3.1.1
  --json           the spans, the packet and the fault as JSON; of several packets, as an array.
                   Binary data is hex
  -h, --help       this

Blanks, commas, colons and 0x between the bytes are passed over. Several packets may stand one
behind the other. Ends with 0 if all is well, 1 if a packet is malformed, 2 if it is called wrongly.`;

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
    const bytes = readHex(positionals.length > 0 ? positionals.join(' ') : readInput());
    if (bytes.length === 0) throw new WrongUsage('no bytes to decode; --help tells how');
    const dissections = dissectAll(bytes, version);
    return {
      output: values.json ? json(dissections) : text(dissections),
      exitCode: dissections.some(({ fault }) => fault !== undefined) ? EXIT.malformed : EXIT.well,
    };
  } catch (error) {
    if (!(error instanceof NotHex || error instanceof WrongUsage)) throw error;
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

/** A packet taken apart, and where it stands among the others. */
interface Placed extends Dissection {
  start: number;
  length: number;
  version: Version;
}

/** @param given the version of all packets; undefined lets a CONNECT decide */
function dissectAll(bytes: Uint8Array, given: Version | undefined): Placed[] {
  let current = given ?? 4;
  return cut(bytes).map((frame) => {
    const dissection = dissect(frame, current);
    const version = versionIn(dissection) ?? current;
    if (given === undefined) current = version;
    return { ...dissection, start: frame.byteOffset - bytes.byteOffset, length: frame.length, version };
  });
}

/** The version that a CONNECT tells, even one that breaks off or breaks a rule behind it. */
function versionIn({ spans, fault }: Dissection): Version | undefined {
  if (fault?.id === 'protocolVersion') return undefined;
  return spans.find(({ field }) => field === 'protocolVersion')?.value as Version | undefined;
}

/** The packets one after the other; the last one is what is left where it breaks off or has no length. */
function cut(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let at = 0;
  try {
    for (const frame of new Framer(4).push(bytes)) {
      frames.push(frame);
      at += frame.length;
    }
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
  }
  return at < bytes.length ? [...frames, bytes.subarray(at)] : frames;
}

function text(dissections: Placed[]): string {
  return dissections
    .map((dissection) => `${heading(dissection, dissections.length)}\n\n${fieldTree(dissection)}`)
    .join('\n\n\n');
}

function heading(dissection: Placed, count: number): string {
  const { version, length, start } = dissection;
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
