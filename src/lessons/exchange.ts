// What a broker answers to bytes, whatever they are: a new broker for each try, and nobody else is connected to it. Knows no
// lesson and no words.
import { Broker, Framer, type Version } from '../../broker/index.ts';

/** A packet between the client and the broker. */
export interface Sent {
  from: 'client' | 'broker';
  frame: Uint8Array;
}

export interface Answer {
  version: Version;
  packets: Sent[];
  /** The broker has closed the connection. */
  isClosed: boolean;
}

/** Sends packets to a broker one after the other, and keeps what comes back. */
export function exchange(frames: readonly Uint8Array[], version: Version): Answer {
  const packets: Sent[] = [];
  let isClosed = false;
  const framer = new Framer(version);
  const link = {
    backlog: 0,
    send: (bytes: Uint8Array) => {
      for (const frame of framer.push(bytes)) packets.push({ from: 'broker', frame });
    },
    close: () => {
      isClosed = true;
    },
  };
  const connection = new Broker().accept(link, 'client');
  for (const frame of frames) {
    packets.push({ from: 'client', frame });
    connection.receive(frame);
  }
  return { version, packets, isClosed };
}
