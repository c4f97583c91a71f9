// Packets one behind the other, as they are pasted or captured: where each begins, and in which version each is to be read. Knows
// the bytes only as far as the framer and a CONNECT's version tell.
import { type Dissection, dissect } from './decode.ts';
import { Malformed } from './fault.ts';
import { Framer } from './framer.ts';
import type { Version } from './packet.ts';

/** One of several packets, or, as the last, what there is of one. */
export interface Placed extends Dissection {
  frame: Uint8Array;
  /** Its first byte, counted in all of them. */
  start: number;
  version: Version;
}

/**
 * Takes packets apart that stand one behind the other.
 * @param given the version of all packets; without it, a CONNECT tells that of what follows it, and what comes before is
 *   taken for 3.1.1
 */
export function dissectAll(bytes: Uint8Array, given?: Version): Placed[] {
  let current = given ?? 4;
  let start = 0;
  return framesIn(bytes).map((frame) => {
    const dissection = dissect(frame, current);
    const version = versionIn(dissection) ?? current;
    if (given === undefined) current = version;
    const placed = { ...dissection, frame, start, version };
    start += frame.length;
    return placed;
  });
}

/** The version that a CONNECT tells, even one that breaks off or breaks a rule behind it. */
function versionIn({ spans, fault }: Dissection): Version | undefined {
  if (fault?.id === 'protocolVersion') return undefined;
  return spans.find(({ field }) => field === 'protocolVersion')?.value as Version | undefined;
}

/** The packets one after the other, unread; the last one is what is left where it breaks off or has no length. */
export function framesIn(bytes: Uint8Array): Uint8Array[] {
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
