// Network connections to a broker: TCP, TLS, WebSocket, WebSocket over TLS, and sockets of the file system. Knows how each is
// opened and why none is; knows no packet.
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';
import type { Target } from '../client/tools/host.ts';
import { MQTT_PATH } from '../ports.ts';
import { clientTls } from './clientTls.ts';
import type { Carrier } from './link.ts';
import { TCP_OPTIONS, tcpCarrier } from './tcp.ts';
import { CLIENT_SUBPROTOCOLS, WEBSOCKET_OPTIONS, webSocketCarrier } from './websocket.ts';

/** Where a connection goes. On a WebSocket, a path may be asked for. */
export interface Address extends Target {
  path?: string | undefined;
}

/**
 * Opens a network connection.
 * @throws the socket's error if there is none; TlsFileMissing if a file that TLS needs cannot be read
 */
export async function dial(address: Address): Promise<Carrier> {
  return address.isWebSocket ? dialWebSocket(address) : tcpCarrier(await dialSocket(address));
}

function dialSocket({ host, port, localAddress, tls }: Address): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const place = port === 0 ? { path: host } : { host, port, ...(localAddress && { localAddress }) };
    const socket = tls
      ? connectTls({ ...TCP_OPTIONS, ...place, ...clientTls(tls, host) })
      : connectTcp({ ...TCP_OPTIONS, ...place });
    socket.once('error', reject);
    socket.once(tls ? 'secureConnect' : 'connect', () => resolve(socket));
  });
}

function dialWebSocket({ host, port, path = MQTT_PATH, localAddress, tls }: Address): Promise<Carrier> {
  return new Promise((resolve, reject) => {
    const name = host.includes(':') ? `[${host}]` : host;
    const socket = new WebSocket(`${tls ? 'wss' : 'ws'}://${name}:${port}${path}`, [...CLIENT_SUBPROTOCOLS], {
      ...WEBSOCKET_OPTIONS,
      ...(localAddress && { localAddress }),
      ...(tls && clientTls(tls, host)),
    });
    socket.once('error', reject);
    socket.once('open', () => resolve(webSocketCarrier(socket, `${name}:${port}`)));
  });
}
