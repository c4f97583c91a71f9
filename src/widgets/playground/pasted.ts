// Pasted text as packets: read in whatever way it is written, cut where packets end, and freed of the headers of a whole frame, as
// Wireshark copies it. Draws nothing.
import { readFrame } from '#broker/capture/frame.ts';
import { dissect, type Version } from '#broker/codec/index.ts';
import { dissectAll, framesIn } from '#broker/codec/sequence.ts';
import type { Problem } from '#broker/codec/unreadable.ts';
import { readBytes, type Writing } from '#broker/codec/written.ts';

export interface Pasted {
  writing: Writing;
  /** How many bytes there were. */
  length: number;
  /** How many of them were headers of what carries the packets. */
  headers: number;
  /** The packets; the last may be there in part. */
  frames: Uint8Array[];
  /** The version that a CONNECT among them tells. */
  version: Version | undefined;
}

/** Ethernet, Linux cooked capture of both versions, loopback: the links whose frames are pasted. */
const LINK_TYPES = [1, 276, 113, 0] as const;

const CONNECT_TYPE = 1;

/** Reads packets from a text, or says where it cannot be read. */
export function readPasted(text: string): Pasted | Problem {
  const reading = readBytes(text);
  if ('problem' in reading) return reading.problem;
  const { bytes, writing } = reading;
  const content = contentOf(bytes);
  const frames = framesIn(content);
  const connect = frames.find((frame) => (frame[0] ?? 0) >> 4 === CONNECT_TYPE);
  return {
    writing,
    length: bytes.length,
    headers: bytes.length - content.length,
    frames,
    version: connect && dissectAll(connect)[0]?.version,
  };
}

/** What a frame carries, if these bytes are one that carries packets; or else all of them. */
function contentOf(bytes: Uint8Array): Uint8Array {
  if (beginsReadable(bytes)) return bytes;
  const payloads = LINK_TYPES.map((linkType) => readFrame(bytes, linkType)).map((segment) =>
    typeof segment === 'string' ? undefined : segment.payload,
  );
  return payloads.find((payload) => payload !== undefined && beginsReadable(payload)) ?? bytes;
}

/** Whether a packet stands at the beginning that can be read, in one version or another. */
function beginsReadable(bytes: Uint8Array): boolean {
  const [first] = framesIn(bytes);
  return (
    first !== undefined && ([4, 5] as const).some((version) => dissect(first, version).packet !== undefined)
  );
}
