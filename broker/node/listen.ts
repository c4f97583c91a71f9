// A broker on a machine: its listeners, and the host that keeps it going. Knows no command line and no log.
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { LOOPBACK, MQTT_PORT } from '../ports.ts';
import { Broker, type Environment } from '../server/broker.ts';
import type { Settings } from '../server/settings.ts';
import { type Bound, bind } from './bind.ts';
import type { Clock } from './clock.ts';
import { type Failed, Host } from './host.ts';
import type { Carrier, Patience } from './link.ts';
import { isLocal } from './origin.ts';
import { TCP_OPTIONS, tcpCarrier } from './tcp.ts';
import { mqttUpgrade } from './websocket.ts';

/** What a host needs of a broker. */
export type Acceptor = Pick<Broker, 'accept' | 'advance' | 'deadline' | 'shutdown'>;

export interface ListenOptions {
  /** The TCP port; 0 takes any that is free. Without this and without `webSocketPort` it is 1883. */
  port?: number | undefined;
  /** The port for MQTT over WebSocket, on any path; 0 takes any that is free. */
  webSocketPort?: number | undefined;
  /** The addresses to listen on: by default those by which the machine reaches only itself. */
  addresses?: readonly string[] | undefined;
  settings?: Partial<Settings> | undefined;
  environment?: Partial<Environment> | undefined;
  /** The broker to serve, instead of a new one of `settings` and `environment`. */
  broker?: Acceptor | undefined;
  clock?: Clock | undefined;
  /** Takes errors of the broker's own. They end a connection, and nothing else; without this, they are thrown. */
  failed?: Failed | undefined;
  /** With clients that do not read; endless without this. */
  patience?: Patience | undefined;
}

export interface Listening {
  readonly port: number | undefined;
  readonly webSocketPort: number | undefined;
  readonly broker: Acceptor;
  /** The port on which a connection came in that is still there. In: what the other end is called. */
  portOf(peer: string): number | undefined;
  /** Sends clients away and ends. Resolves when the last connection is gone. */
  close(): Promise<void>;
}

/**
 * Starts a broker.
 * @throws PortTaken if something else listens on the port
 */
export async function listen(options: ListenOptions = {}): Promise<Listening> {
  const { addresses = LOOPBACK, webSocketPort } = options;
  const port = options.port ?? (webSocketPort === undefined ? MQTT_PORT : undefined);
  const broker = options.broker ?? new Broker(options.settings, options.environment);
  const host = new Host(broker, options.clock, options);
  const ports = new Map<string, number>();
  const meet = (carrier: Carrier, on: Bound) => {
    ports.set(carrier.peer, on.port);
    host.carry(
      carrier,
      (link) => broker.accept(link, carrier.peer),
      () => ports.delete(carrier.peer),
    );
  };
  const bounds: Bound[] = [];
  const open = async (kind: typeof tcpServer, wanted: number | undefined): Promise<number | undefined> => {
    if (wanted === undefined) return undefined;
    const bound: Bound = await bind(() => kind((carrier) => meet(carrier, bound)), wanted, addresses);
    bounds.push(bound);
    return bound.port;
  };
  const close = async () => {
    const closed = bounds.map((bound) => bound.close());
    host.try(() => broker.shutdown());
    await host.close();
    await Promise.all(closed);
  };
  try {
    const bound = {
      port: await open(tcpServer, port),
      webSocketPort: await open(webSocketServer, webSocketPort),
    };
    return { ...bound, broker, portOf: (peer) => ports.get(peer), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A server for MQTT over TCP. In: who takes each connection. */
export function tcpServer(meet: (carrier: Carrier) => void): Server {
  return createServer(TCP_OPTIONS, (socket) => meet(tcpCarrier(socket)));
}

/** A server for MQTT over WebSocket alone. Pages that this machine did not serve are not let in. */
function webSocketServer(meet: (carrier: Carrier) => void): Server {
  const server = createHttpServer((_request, response) => {
    response.writeHead(426, { upgrade: 'websocket' }).end();
  });
  return server.on(
    'upgrade',
    mqttUpgrade(({ headers }) => isLocal(headers), meet),
  );
}
