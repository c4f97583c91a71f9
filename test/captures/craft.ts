/**
 * Makes `crafted.tsv`: what Wireshark sees in the vectors, for all the fields that no capture has. Each vector gets a TCP
 * connection of its own, behind a CONNECT of its version, in a pcapng file that tshark takes apart.
 * Run it with `node test/captures/craft.ts`; it needs tshark.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode, type Version } from '../../broker/codec/index.ts';
import { goodVectors } from '../vectors/vectors.ts';

/** What fits into one IP packet. */
const MOST_BYTES = 1400;
const PORT = 1883;
const COMMAND = ['-o', 'tcp.check_checksum:FALSE', '-T', 'pdml', '-J', 'mqtt'];

/** One line of the field tree. `start` is counted from the packet's first byte. */
interface Line {
  filter: string;
  value: string;
  start: number;
  length: number;
}

const chosen = goodVectors.filter(({ bytes }) => bytes.length <= MOST_BYTES);
const frames: Uint8Array[] = [];
/** Which frame carries which vector; frames count from 1. */
const frameNumbers: number[] = [];
chosen.forEach(({ bytes, packet, version }, index) => {
  const port = 10_000 + index;
  let sequence = 1;
  const send = (payload: Uint8Array): void => {
    frames.push(tcpFrame(port, sequence, payload));
    sequence += payload.length;
  };
  if (packet.type !== 'connect') send(connect(version));
  send(bytes);
  frameNumbers.push(frames.length);
});

const folder = mkdtempSync(join(tmpdir(), 'crafted-'));
const file = join(folder, 'crafted.pcapng');
writeFileSync(file, Buffer.concat([sectionHeader(), interfaceDescription(), ...frames.map(enhancedPacket)]));
const tshark = (...words: string[]): string =>
  execFileSync('tshark', words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
const packets = tshark('-r', file, ...COMMAND)
  .split('<packet>')
  .slice(1);
rmSync(folder, { recursive: true });

const records = chosen.map(({ title, version, bytes }, index) => {
  const packet = packets[(frameNumbers[index] as number) - 1] as string;
  const fields = lines(packet).map(({ filter, value, start, length }) => [
    filter,
    JSON.stringify(value),
    start,
    length,
  ]);
  return [[`# ${title}`, version, Buffer.from(bytes).toString('hex')], ...fields]
    .map((line) => line.join('\t'))
    .join('\n');
});
writeFileSync(new URL('crafted.tsv', import.meta.url), `${records.join('\n')}\n`);

function connect(version: Version): Uint8Array {
  return encode({ type: 'connect', version, cleanStart: true, keepAlive: 60, clientId: 'a' }, version);
}

function lines(pdml: string): Line[] {
  const [, mqtt = ''] = pdml.split('<proto name="mqtt"');
  const base = Number(/pos="(\d+)"/.exec(mqtt)?.[1]);
  const fields = [...mqtt.matchAll(/<field ([^>]*)>/g)].map(([, attributes = '']) => {
    const attribute = (name: string): string =>
      plain(new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? '');
    return {
      filter: attribute('name'),
      value: attribute('show'),
      start: Number(attribute('pos')) - base,
      length: Number(attribute('size')),
    };
  });
  // Notes of Wireshark's own, which have no bytes.
  return fields.filter(({ filter, start }) => start >= 0 && filter.startsWith('mqtt.'));
}

/** Undoes what XML and tshark escape. */
function plain(text: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text
    .replace(/&(\w+);/g, (_, name: string) => names[name] as string)
    .replace(/\\x([0-9a-f]{1,2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Ethernet, IPv4 and TCP around a payload; checksums are 0. */
function tcpFrame(sourcePort: number, sequence: number, payload: Uint8Array): Buffer {
  const headers = Buffer.alloc(14 + 20 + 20);
  headers.writeUInt16BE(0x0800, 12);
  headers.writeUInt8(0x45, 14);
  headers.writeUInt16BE(40 + payload.length, 16);
  headers.writeUInt8(64, 22);
  headers.writeUInt8(6, 23);
  headers.writeUInt32BE(0x7f00_0001, 26);
  headers.writeUInt32BE(0x7f00_0001, 30);
  headers.writeUInt16BE(sourcePort, 34);
  headers.writeUInt16BE(PORT, 36);
  headers.writeUInt32BE(sequence, 38);
  headers.writeUInt32BE(1, 42);
  headers.writeUInt8(5 << 4, 46);
  headers.writeUInt8(0b1_1000, 47);
  headers.writeUInt16BE(0xffff, 48);
  return Buffer.concat([headers, payload]);
}

function sectionHeader(): Buffer {
  const body = Buffer.alloc(16, 0xff);
  body.writeUInt32LE(0x1a2b3c4d, 0);
  body.writeUInt16LE(1, 4);
  body.writeUInt16LE(0, 6);
  return block(0x0a0d0d0a, body);
}

function interfaceDescription(): Buffer {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(1, 0);
  return block(1, body);
}

function enhancedPacket(frame: Uint8Array): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(frame.length, 12);
  head.writeUInt32LE(frame.length, 16);
  return block(6, Buffer.concat([head, frame]));
}

function block(type: number, body: Buffer): Buffer {
  const padding = Buffer.alloc(-body.length & 3);
  const length = 12 + body.length + padding.length;
  const ends = Buffer.alloc(8);
  ends.writeUInt32LE(type, 0);
  ends.writeUInt32LE(length, 4);
  return Buffer.concat([ends, body, padding, ends.subarray(4)]);
}
