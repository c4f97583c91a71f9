/** A large capture, made quickly: one connection with publications until the file has as many bytes as are wanted. */
import { encapsulate } from '../../../broker/capture/index.ts';
import type { TraceEvent } from '../../../broker/session/trace.ts';
import { CONNACK, connect, DISCONNECT, publish } from '../../capture/packets.ts';

/** Bytes of a frame in the file, beside its packet: Ethernet, IP, TCP and the block around them; and of the ACK behind it. */
const AROUND = 86 + 86;

/** @param size about how many bytes the file is to have */
export function large(size: number): Uint8Array {
  const common = { by: 'broker', connection: 1, version: 4 } as const;
  const frames = Array.from({ length: 100 }, (_, index) => publish(`hall/sensor/${index}`, `value ${index}`));
  const events: TraceEvent[] = [
    { ...common, at: 0, kind: 'opened', peer: '203.0.113.9:50123' },
    { ...common, at: 1, kind: 'received', frame: connect({ keepAlive: 0 }) },
    { ...common, at: 2, kind: 'sent', frame: CONNACK },
  ];
  for (let bytes = 0, at = 3; bytes < size; at++) {
    const frame = frames[at % frames.length] as Uint8Array;
    events.push({ ...common, at, kind: 'received', frame });
    bytes += AROUND + frame.length;
  }
  events.push({ ...common, at: events.length, kind: 'received', frame: DISCONNECT });
  return encapsulate(events);
}
