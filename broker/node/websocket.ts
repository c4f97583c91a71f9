// MQTT over WebSocket: a WebSocket of `ws` as a carrier, in either role, and the rules by which an HTTP request becomes one.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Carrier } from './link.ts';
import { peerOf } from './tcp.ts';

/** What the other end is asked for; clients that speak only MQTT 3.1 know the older name. */
const SUBPROTOCOLS = ['mqtt', 'mqttv3.1'];

/** The longest MQTT packet there can be: nothing longer is put together from the frames of one message. */
const MAX_MESSAGE = 268_435_460;

/** Close codes of RFC 6455, section 7.4.1. */
const NORMAL = 1000;
const UNSUPPORTED_DATA = 1003;

/** How a client opens a WebSocket for MQTT. [MQTT-6.0.0-3] */
export const CLIENT_SUBPROTOCOLS: readonly string[] = ['mqtt'];
export const WEBSOCKET_OPTIONS = { perMessageDeflate: false, maxPayload: MAX_MESSAGE } as const;

/** What the headers of a frame take at most, in bytes: what a message may have beyond its packets. */
const FRAMING = 14;

/** How much may come from a client of whom nothing is known yet, in bytes, and how much at a time from one that was answered. */
export interface Volume {
  readonly beforeAnswer: number;
  readonly message: number;
}

const ANY: Volume = { beforeAnswer: MAX_MESSAGE, message: MAX_MESSAGE };

/**
 * Makes a carrier of a WebSocket that is open. What a turn sends leaves in one frame. [MQTT-6.0.0-2]
 * @param writing is called before anything is written
 */
export function webSocketCarrier(socket: WebSocket, peer: string, writing: () => void = () => {}): Carrier {
  let code = NORMAL;
  return {
    peer,
    get buffered() {
      return socket.bufferedAmount;
    },
    write(chunks, left) {
      writing();
      const [only, second] = chunks;
      socket.send(only && !second ? only : Buffer.concat(chunks), () => left());
    },
    end: () => socket.close(code),
    destroy: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    attend({ received, ended, closed }) {
      socket.on('message', (data, isBinary) => {
        if (isBinary) return received(data as Buffer);
        code = UNSUPPORTED_DATA; // [MQTT-6.0.0-1]
        ended();
      });
      socket.on('close', closed);
      // A broken frame or a lost socket is told by the `close` that follows.
      socket.on('error', () => {});
    },
  };
}

/**
 * Makes WebSockets for MQTT of upgrade requests.
 * @param admit whether a request may have one; a page of another site may not, say
 * @param meet takes each new one, and the request that it was
 * @param volumeOf how much a client may send that comes now; WebSocket puts whole messages together before anybody sees them
 */
export function mqttUpgrade(
  admit: (request: IncomingMessage) => boolean,
  meet: (carrier: Carrier, request: IncomingMessage) => void,
  volumeOf: () => Volume = () => ANY,
): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const server = new WebSocketServer({
    ...WEBSOCKET_OPTIONS,
    noServer: true,
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false, // [MQTT-6.0.0-4]
  });
  return (request, socket, head) => {
    if (!admit(request)) return refuse(socket, '403 Forbidden');
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
    if (!SUBPROTOCOLS.some((name) => offered.includes(name))) return refuse(socket, '400 Bad Request');
    const volume = volumeOf();
    server.options.maxPayload = volume.message;
    server.handleUpgrade(request, socket, head, (webSocket) => {
      const answered = restrain(socket, volume.beforeAnswer + FRAMING);
      meet(webSocketCarrier(webSocket, peerOf(request.socket), answered), request);
    });
  };
}

/** Gives a socket up when more comes of it than may. Returns what ends that. */
function restrain(socket: Duplex, most: number): () => void {
  let room = most;
  const count = ({ length }: Uint8Array) => {
    room -= length;
    if (room < 0) socket.destroy();
  };
  socket.on('data', count);
  return () => socket.off('data', count);
}

/** Answers an upgrade request with a status instead of a WebSocket. */
export function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
