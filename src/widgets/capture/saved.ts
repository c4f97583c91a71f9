// Packets of a capture as a capture of its own: TLS opened, WebSocket taken off, one plain TCP connection for each that was
// there. Knows which packets go in; how a file is written is the engine's affair.
import { type CaptureContents, type CapturedPacket, encapsulate } from '../../../broker/capture/index.ts';
import type { TraceEvent } from '../../../broker/session/trace.ts';

/**
 * Writes packets as a pcapng file. The CONNECT of each of their connections goes with them: it tells the version.
 * @param isWanted whether a packet is to be in it
 */
export function saved(contents: CaptureContents, isWanted: (packet: CapturedPacket) => boolean): Uint8Array {
  const chosen = new Set(contents.packets.filter(isWanted).map(({ stream }) => stream));
  const events = contents.conversations
    .filter(({ stream }) => chosen.has(stream))
    .flatMap((talk): Timed[] => {
      const { stream, client, begin, closed } = talk;
      const connection = stream + 1;
      const peer = client.address.includes(':')
        ? `[${client.address}]:${client.port}`
        : `${client.address}:${client.port}`;
      const common = { by: BROKER, connection };
      const opened: TraceEvent = { ...common, at: begin, kind: 'opened', peer };
      if (closed === undefined) return [{ order: 0, event: opened }];
      const reason = closed.by === 'broker' ? { reason: closed.how } : {};
      const ended: TraceEvent = { ...common, at: closed.time, kind: 'closed', ...reason };
      return [
        { order: 0, event: opened },
        { order: 2, event: ended },
      ];
    });
  for (const packet of contents.packets) {
    const isNeeded = chosen.has(packet.stream) && (isWanted(packet) || packet.type === 'connect');
    // A packet that lacks bytes would shift all that follows.
    if (isNeeded && packet.missing === 0) events.push({ order: 1, event: eventOf(packet) });
  }
  events.sort((a, b) => a.event.at - b.event.at || a.order - b.order);
  const startedAt = Number((contents.startedAt ?? 0n) / 1000n) / 1000;
  return encapsulate(
    events.map(({ event }) => event),
    { startedAt },
  );
}

const BROKER = 'broker';

/** At the same time, a connection opens before its packets, and ends behind them. */
interface Timed {
  order: 0 | 1 | 2;
  event: TraceEvent;
}

function eventOf({ time, stream, direction, bytes, version }: CapturedPacket): TraceEvent {
  const kind = direction === 'up' ? 'received' : 'sent';
  return { at: time, by: BROKER, connection: stream + 1, kind, frame: bytes, version };
}
