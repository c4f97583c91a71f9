// A figure at a real broker as a file: what has gone over the network by now, as Wireshark reads it. MQTT stands in it without
// the WebSocket around it that carried it from the page.
import { encapsulate } from '#broker/capture/index.ts';
import type { RealWorld } from './world.ts';

/** All that has left the page or come to it, as a capture. */
export function toPcapng({ trace, startedAt }: RealWorld): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encapsulate(trace, { startedAt }));
}
