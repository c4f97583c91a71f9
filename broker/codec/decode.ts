// Bytes to packets: what can be read, then what is allowed. Knows no stream; one call takes the bytes of exactly one
// packet, which `framer.ts` cuts from a stream.
import { type Fault, Malformed } from './fault.ts';
import type { Packet, Version } from './packet.ts';
import { readPacket } from './read.ts';
import { Reader, type Span } from './reader.ts';
import { firstForbidden } from './validate.ts';

/**
 * Reads one packet.
 * @param frame the bytes of one packet, from its first byte to its last; payloads in the result are views of it
 * @param version the version that the connection speaks; a CONNECT says its own
 * @throws Malformed if the packet cannot be read, or can be read and is forbidden
 */
export function decode(frame: Uint8Array, version: Version): Packet {
  const reader = new Reader(frame, version);
  const packet = readPacket(reader);
  const forbidden = firstForbidden(packet, reader.version, frame);
  if (forbidden !== undefined) throw new Malformed(forbidden);
  return packet;
}

/** A packet taken apart. */
export interface Dissection {
  /** What was understood, in pre-order. */
  spans: Span[];
  /** There if the packet could be read, even if it is forbidden. */
  packet?: Packet;
  /** There if a receiver would refuse the packet. */
  fault?: Fault;
}

/**
 * Takes a packet apart, field by field and down to bits. Never throws on bytes: what breaks off or breaks a rule gives all
 * that was understood, and the fault.
 * @param frame the bytes of one packet, or what there is of it
 * @param version the version that the connection speaks; a CONNECT says its own
 */
export function dissect(frame: Uint8Array, version: Version): Dissection {
  const spans: Span[] = [];
  const reader = new Reader(frame, version, spans);
  try {
    const packet = readPacket(reader);
    const fault = firstForbidden(packet, reader.version, frame);
    return { spans, packet, ...(fault && { fault }) };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    reader.abandon();
    return { spans, fault: error.fault };
  }
}
