// The CONNECT of a bridge: a broker that connects to another one sets the highest bit of the protocol version, which no standard
// knows and many brokers take. Reads it as what it is without that bit; knows nothing else of bridges.
import { type Dissection, decode, dissect, type Packet, type Version } from '../codec/index.ts';

const CONNECT = 1;
const BRIDGE = 0x80;

/** Takes a packet apart, a bridge's CONNECT as well. */
export function dissectCaptured(bytes: Uint8Array, version: Version): Dissection {
  const at = bridgeVersionAt(bytes);
  if (at === undefined) return dissect(bytes, version);
  const dissection = dissect(ordinary(bytes, at), version);
  const spans = dissection.spans.map((span) =>
    span.field === 'protocolVersion' ? { ...span, value: bytes[at] } : span,
  );
  return { ...dissection, spans };
}

/**
 * Reads a packet, a bridge's CONNECT as well.
 * @throws Malformed
 */
export function decodeCaptured(bytes: Uint8Array, version: Version): Packet {
  const at = bridgeVersionAt(bytes);
  return decode(at === undefined ? bytes : ordinary(bytes, at), version);
}

/** The version as a bridge's CONNECT has it; undefined for any other packet. */
export function bridgeVersion(bytes: Uint8Array): number | undefined {
  return bytes[bridgeVersionAt(bytes) ?? bytes.length];
}

/** Where the version of a bridge's CONNECT stands: behind the fixed header and the protocol name. */
function bridgeVersionAt(bytes: Uint8Array): number | undefined {
  if ((bytes[0] ?? 0) >> 4 !== CONNECT) return undefined;
  let name = 2;
  while ((bytes[name - 1] ?? 0) > 0x7f && name < 5) name++;
  const at = name + 2 + (((bytes[name] ?? 0) << 8) | (bytes[name + 1] ?? 0));
  return (bytes[at] ?? 0) & BRIDGE ? at : undefined;
}

function ordinary(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (bytes[at] as number) & ~BRIDGE;
  return copy;
}
