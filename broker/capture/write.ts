// A pcapng file, written: one section, one interface, the secrets if there are any, then frames. Knows blocks; knows nothing of
// what is in a frame. Source: draft-ietf-opsawg-pcapng.
import { asciiBytes, concat, viewOf } from './bytes.ts';
import { BLOCKS, BYTE_ORDER_MAGIC, padded, TLS_KEY_LOG } from './pcapng.ts';

export interface FrameToWrite {
  /** Milliseconds since 1970; kept to the microsecond. */
  time: number;
  bytes: Uint8Array;
}

export interface FileToWrite {
  /** As tcpdump.org numbers link-layer header types; 1 is Ethernet. */
  linkType: number;
  frames: readonly FrameToWrite[];
  /** TLS secrets in the key log format of NSS. */
  secrets?: string | undefined;
}

/** No frame is longer. */
const SNAP_LENGTH = 262_144;

/** The bytes of a pcapng file. */
export function writePcapng({ linkType, frames, secrets }: FileToWrite): Uint8Array {
  const blocks = [sectionHeader(), interfaceDescription(linkType)];
  if (secrets !== undefined) blocks.push(decryptionSecrets(asciiBytes(secrets)));
  for (const frame of frames) blocks.push(enhancedPacket(frame));
  return concat(blocks);
}

function block(type: number, length: number, fill: (view: DataView, body: Uint8Array) => void): Uint8Array {
  const total = 12 + padded(length);
  const bytes = new Uint8Array(total);
  const view = viewOf(bytes);
  view.setUint32(0, type, true);
  view.setUint32(4, total, true);
  view.setUint32(total - 4, total, true);
  const body = bytes.subarray(8, 8 + length);
  fill(viewOf(body), body);
  return bytes;
}

function sectionHeader(): Uint8Array {
  return block(BLOCKS.sectionHeader, 16, (view) => {
    view.setUint32(0, BYTE_ORDER_MAGIC, true);
    view.setUint16(4, 1, true);
    view.setBigInt64(8, -1n, true); // the section's length is not told
  });
}

function interfaceDescription(linkType: number): Uint8Array {
  return block(BLOCKS.interfaceDescription, 8, (view) => {
    view.setUint16(0, linkType, true);
    view.setUint32(4, SNAP_LENGTH, true);
  });
}

function decryptionSecrets(secrets: Uint8Array): Uint8Array {
  return block(BLOCKS.decryptionSecrets, 8 + secrets.length, (view, body) => {
    view.setUint32(0, TLS_KEY_LOG, true);
    view.setUint32(4, secrets.length, true);
    body.set(secrets, 8);
  });
}

/** Without an option that says otherwise, times are microseconds. */
function enhancedPacket({ time, bytes }: FrameToWrite): Uint8Array {
  return block(BLOCKS.enhancedPacket, 20 + bytes.length, (view, body) => {
    const microseconds = Math.round(time * 1000);
    view.setUint32(4, Math.floor(microseconds / 0x1_0000_0000), true);
    view.setUint32(8, microseconds >>> 0, true);
    view.setUint32(12, bytes.length, true);
    view.setUint32(16, bytes.length, true);
    body.set(bytes, 20);
  });
}
