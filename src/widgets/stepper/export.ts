// A run as a file: what went over the broker's network card, as Wireshark reads it. The engine's trace says what happened and
// when; a world begins when it is saved.
import { encapsulate } from '../../../broker/capture/index.ts';
import { type Run, worldOf } from '../../lessons/run.ts';

/**
 * A run, up to where its reader stands, as a capture.
 * @param savedAt when it is saved, in milliseconds since 1970: the last moment of the run
 */
export function toPcapng(run: Run, savedAt: number): Uint8Array<ArrayBuffer> {
  const world = worldOf(run);
  return new Uint8Array(encapsulate(world.trace, { startedAt: savedAt - world.now }));
}
