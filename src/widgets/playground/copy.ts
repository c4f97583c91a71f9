// Bytes for other places: as text of hex digits, as an array of a program, as JSON, as a packet's fields. All but the last are read
// again where bytes are pasted. Knows no clipboard.
import { type Packet, packetName, VERSION_NAMES, type Version } from '#broker/codec/index.ts';
import { hexBytes } from '../packet/hex.ts';

export type Format = 'hex' | 'c' | 'rust' | 'python' | 'json' | 'fields';

/** Numbers in a line of a program. */
const IN_A_LINE = 12;

/** The formats that bytes can be copied in, and how each is made. */
export const FORMATS: Readonly<Record<Exclude<Format, 'fields'>, (bytes: Uint8Array) => string>> = {
  hex: hexBytes,
  c: (bytes) => `const unsigned char packet[${bytes.length}] = {\n${numbers(bytes)}\n};\n`,
  rust: (bytes) => `let packet: [u8; ${bytes.length}] = [\n${numbers(bytes)}\n];\n`,
  python: (bytes) => `packet = bytes([\n${numbers(bytes)}\n])\n`,
  json: (bytes) => JSON.stringify([...bytes]),
};

function numbers(bytes: Uint8Array): string {
  const words = Array.from(bytes, (byte) => `0x${byte.toString(16).padStart(2, '0')}`);
  const lines: string[] = [];
  for (let at = 0; at < words.length; at += IN_A_LINE)
    lines.push(`    ${words.slice(at, at + IN_A_LINE).join(', ')},`);
  return lines.join('\n');
}

/** What the packet says, field by field. Binary data is hex. */
export function fieldsAsJson(packet: Packet, version: Version): string {
  const { type, ...fields } = packet;
  const content = { packet: packetName(type), ...fields, version: VERSION_NAMES[version] };
  return JSON.stringify(content, (_, value) => (value instanceof Uint8Array ? hexBytes(value) : value), 2);
}
