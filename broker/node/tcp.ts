// MQTT over TCP: a socket of Node's as a carrier, in either role.
import type { Socket } from 'node:net';
import type { Carrier } from './link.ts';

/** How a socket for MQTT is opened or accepted: small packets leave at once, and an end is said one way at a time. */
export const TCP_OPTIONS = { noDelay: true, allowHalfOpen: true } as const;

/** Makes a carrier of a socket that is connected. */
export function tcpCarrier(socket: Socket, peer: string = peerOf(socket)): Carrier {
  return {
    peer,
    get buffered() {
      return socket.writableLength;
    },
    write(chunks, left) {
      const last = chunks.length - 1;
      socket.cork();
      for (const [index, chunk] of chunks.entries()) socket.write(chunk, index === last ? left : undefined);
      socket.uncork();
    },
    end: () => socket.end(),
    destroy: () => socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    attend({ received, ended, closed }) {
      socket.on('data', received);
      socket.on('end', ended);
      socket.on('close', closed);
      // A reset or a broken pipe is told by the `close` that follows.
      socket.on('error', () => {});
    },
  };
}

/** What the other end of a socket is called. */
export function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}
