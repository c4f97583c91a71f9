// The header of TCP, and its flags by name. Knows one segment; what segments make together is `reassemble.ts`.
import type { LayerReader } from './reader.ts';

export interface TcpHeader {
  sourcePort: number;
  destinationPort: number;
  sequence: number;
  acknowledgement: number;
  /** Bits of `TCP_FLAGS`. */
  flags: number;
}

export const TCP_FLAGS = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

/** The length of a header without options. */
const LEAST = 20;

/** Reads a header, and leaves the reader at the payload. Source: RFC 9293, section 3.1. */
export function readTcp(reader: LayerReader): TcpHeader | undefined {
  const start = reader.offset;
  reader.begin('tcp');
  const sourcePort = reader.uint('tcpSourcePort', 2);
  const destinationPort = reader.uint('tcpDestinationPort', 2);
  const sequence = reader.uint('tcpSequence', 4);
  const acknowledgement = reader.uint('tcpAcknowledgement', 4);
  reader.word(2);
  const headerLength = reader.bits('tcpHeaderLength', 15, 12, 4);
  const flags = readFlags(reader);
  reader.uint('tcpWindow', 2);
  reader.uint('tcpChecksum', 2);
  reader.uint('tcpUrgentPointer', 2);
  if (headerLength < LEAST) return undefined;
  readOptions(reader, start + headerLength);
  reader.close();
  return { sourcePort, destinationPort, sequence, acknowledgement, flags };
}

/** The flags from the highest bit down, behind the three that are reserved. */
const FLAG_FIELDS = [
  'tcpAccurateEcn',
  'tcpReduced',
  'tcpEcho',
  'tcpUrgent',
  'tcpAck',
  'tcpPush',
  'tcpReset',
  'tcpSyn',
  'tcpFin',
] as const;

function readFlags(reader: LayerReader): number {
  const flags = reader.bits('tcpFlags', 11, 0);
  if (reader.spans === undefined) return flags;
  reader.parts();
  reader.bits('tcpReserved', 11, 9);
  for (const [index, field] of FLAG_FIELDS.entries()) reader.bits(field, 8 - index, 8 - index);
  reader.close();
  return flags;
}

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'End of options',
  1: 'No operation',
  2: 'Maximum segment size',
  3: 'Window scale',
  4: 'SACK permitted',
  5: 'SACK',
  8: 'Timestamps',
};

function readOptions(reader: LayerReader, end: number): void {
  const { offset } = reader;
  reader.raw('tcpOptions', end - offset);
  if (reader.spans === undefined || end === offset) return;
  reader.parts();
  reader.offset = offset;
  while (reader.offset < end) readOption(reader, end);
  reader.close();
}

function readOption(reader: LayerReader, end: number): void {
  const kind = reader.peek(1);
  reader.group('tcpOption', OPTION_NAMES[kind]);
  reader.uint('tcpOptionKind', 1);
  if (kind === 0) reader.raw('tcpOptionData', end - reader.offset);
  else if (kind > 1 && reader.offset < end) {
    const length = reader.uint('tcpOptionLength', 1);
    readOptionData(reader, kind, Math.min(Math.max(length - 2, 0), end - reader.offset));
  }
  reader.close();
}

function readOptionData(reader: LayerReader, kind: number, length: number): void {
  if (kind === 2 && length === 2) reader.uint('tcpMaximumSegment', 2);
  else if (kind === 3 && length === 1) reader.uint('tcpWindowShift', 1);
  else if (kind === 8 && length === 8) {
    reader.uint('tcpTimestamp', 4);
    reader.uint('tcpTimestampEcho', 4);
  } else if (kind === 5 && length % 8 === 0) {
    for (let block = 0; block < length / 8; block++) {
      reader.uint('tcpSackLeft', 4);
      reader.uint('tcpSackRight', 4);
    }
  } else reader.raw('tcpOptionData', length);
}
