// A broker as a configuration wants it: every listener on its port, with who may come in there, in TLS or without, and all of it
// changed while it runs. Knows no command line and no log file.
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket, type Server as TlsServer } from 'node:tls';
import { utf8 } from '../codec/index.ts';
import type { Access } from '../server/access.ts';
import { Broker, type Environment } from '../server/broker.ts';
import type { Entrance } from '../server/entrance.ts';
import { type Bound, bind, bindPath } from './bind.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import {
  type Configuration,
  type ListenerConfiguration,
  type Place,
  renewed,
} from './config/configuration.ts';
import type { LogType } from './config/options.ts';
import { ConfigurationError } from './config/read.ts';
import { Gate } from './gate.ts';
import { Host } from './host.ts';
import type { Carrier } from './link.ts';
import { isLocal, isSameMachine } from './origin.ts';
import { CheckLine } from './passwords.ts';
import { readRules } from './rules.ts';
import { peerOf, TCP_OPTIONS, tcpCarrier } from './tcp.ts';
import { commonName, readTls, subjectOf, watchHandshakes } from './tls.ts';
import { mqttUpgrade } from './websocket.ts';

export interface ServeOptions {
  environment?: Partial<Environment> | undefined;
  clock?: Clock | undefined;
  /** Takes what is to be said besides what the trace tells. */
  note(type: LogType, text: string): void;
}

export interface Serving {
  readonly broker: Broker;
  /** The ports that are listened on, by the place that the configuration names. */
  readonly portsOf: ReadonlyMap<Place, number>;
  /** Publishes what the broker has to say itself, when this turn is over: it may be in the midst of something. */
  say(topic: string, text: string): void;
  /** The port on which a connection came in that is still there. In: what the other end is called. */
  portOf(peer: string): number | undefined;
  /**
   * Changes what can be changed while listeners stay: rules, settings, certificates.
   * @throws ConfigurationError, RulesError, TlsError; then nothing has changed
   */
  reload(configuration: Configuration): void;
  /** Sends clients away and ends. Resolves when the last connection is gone. */
  close(): Promise<void>;
}

/** A listener while it listens. */
interface Door {
  configuration: ListenerConfiguration;
  readonly gate: Gate;
  entrance: Entrance;
  readonly servers: Server[];
  connections: number;
}

/**
 * Starts a broker.
 * @throws RulesError, TlsError if a file that is named cannot be used; PortTaken if something else listens on a port; the
 *   system's error if an address cannot be listened on
 */
export async function serve(configuration: Configuration, options: ServeOptions): Promise<Serving> {
  const { note, clock = systemClock, environment = {} } = options;
  const checks = new CheckLine();
  const rulesOf = (listener: ListenerConfiguration, whole: Configuration) =>
    readRules(listener, whole, checks, (line) => note('error', line));
  const doors = configuration.listeners.map((listener): Door => {
    const gate = new Gate(rulesOf(listener, configuration));
    const door = { configuration: listener, gate, servers: [], connections: 0 };
    return { ...door, entrance: entranceOf(listener, gate) };
  });
  const [first] = doors;
  const broker = new Broker(configuration.settings, {
    ...(first && { access: first.gate }),
    unique: () => randomUUID().toUpperCase(),
    ...environment,
  });
  const host = new Host(broker, clock);
  const ports = new Map<string, number>();
  const bounds: Bound[] = [];
  const sockets = new Set<Socket>();
  const portsOf = new Map<Place, number>();
  let { global } = configuration;
  let connections = 0;

  const meet = (door: Door, carrier: Carrier, socket: Socket, bound: Bound) => {
    const { options: listener } = door.configuration;
    const isFull = (count: number, limit: number) => limit >= 0 && count >= limit;
    if (
      isFull(door.connections, listener.max_connections) ||
      isFull(connections, global.global_max_connections)
    ) {
      note('notice', `Client connection from ${carrier.peer} denied: max_connections exceeded.`);
      return carrier.destroy();
    }
    door.connections++;
    connections++;
    ports.set(carrier.peer, bound.port);
    const access = accessOf(door, socket);
    host.carry(
      carrier,
      (link) => broker.accept(link, carrier.peer, { ...door.entrance, access }),
      () => {
        ports.delete(carrier.peer);
        door.connections--;
        connections--;
      },
    );
  };

  const open = async (door: Door): Promise<void> => {
    const { at } = door.configuration;
    const create = () => {
      const server = serverFor(door, global, (carrier, socket) => meet(door, carrier, socket, bound), note);
      watchHandshakes(server, (peer, reason) => {
        environment.trace?.({ at: clock.now(), by: 'broker', kind: 'failed', peer, reason });
      });
      server.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      door.servers.push(server);
      return server;
    };
    const bound: Bound =
      'path' in at
        ? await bindPath(create, at.path)
        : await bind(create, at.port, await addressesOf(door.configuration));
    bounds.push(bound);
    portsOf.set(at, bound.port);
  };

  const close = async () => {
    const closed = bounds.map((bound) => bound.close());
    host.tell(() => broker.shutdown());
    await host.close();
    for (const socket of sockets) socket.destroy(); // those that never came to speak MQTT
    await Promise.all(closed);
  };

  const reload = (next: Configuration) => {
    if (next.listeners.length !== doors.length) throw new ConfigurationError([FIXED]);
    const changes = doors.map((door) => {
      const listener = renewed(door.configuration, successor(door, next));
      return {
        door,
        listener,
        rules: rulesOf(listener, next),
        secrets: listener.tls && readTls(listener.tls),
      };
    });
    for (const { door, listener, rules, secrets } of changes) {
      door.configuration = listener;
      door.gate.change(rules);
      door.entrance = entranceOf(listener, door.gate);
      for (const server of door.servers)
        if (secrets) (server as TlsServer | HttpsServer).setSecureContext(secrets);
    }
    global = next.global;
    host.tell(() => {
      broker.configure(next.settings);
      broker.review();
    });
  };

  try {
    for (const door of doors) await open(door);
  } catch (error) {
    await close();
    throw error;
  }
  const say = (topic: string, text: string) => {
    setImmediate(() => host.tell(() => broker.say({ topic, payload: utf8(text), qos: 2, retain: false })));
  };
  return { broker, portsOf, say, portOf: (peer) => ports.get(peer), reload, close };
}

const FIXED = 'Error: It is not currently possible to add/remove listeners when reloading the config file.';

function successor(door: Door, { listeners }: Configuration): ListenerConfiguration {
  const found = listeners.find(({ id }) => id === door.configuration.id);
  if (found === undefined) throw new ConfigurationError([FIXED]);
  return found;
}

function entranceOf({ settings, options }: ListenerConfiguration, access: Access): Entrance {
  return { settings, access, mountPoint: options.mount_point };
}

/** Who decides for one connection: where a certificate says who the client is, the gate hears of it. */
function accessOf({ configuration, gate }: Door, socket: Socket): Access {
  const { use_identity_as_username: byName, use_subject_as_username: bySubject } = configuration.options;
  if (!(socket instanceof TLSSocket) || (!byName && !bySubject)) return gate;
  return gate.certified(byName ? commonName(socket) : subjectOf(socket));
}

/** The addresses of a listener: a name may stand for several. */
async function addressesOf({ at, options }: ListenerConfiguration): Promise<readonly string[]> {
  if ('path' in at) return [];
  const family = options.socket_domain === 'ipv4' ? 4 : options.socket_domain === 'ipv6' ? 6 : 0;
  const found = at.addresses.map(async (address) =>
    isIP(address) ? [{ address }] : await lookup(address, { all: true, family }),
  );
  return [...new Set((await Promise.all(found)).flat().map(({ address }) => address))];
}

function serverFor(
  { configuration }: Door,
  { set_tcp_nodelay: noDelay, glass_connect_timeout }: Configuration['global'],
  meet: (carrier: Carrier, socket: Socket) => void,
  note: ServeOptions['note'],
): Server {
  const { options, tls } = configuration;
  const secrets = tls && { ...readTls(tls), handshakeTimeout: 1000 * glass_connect_timeout };
  const tcp = { ...TCP_OPTIONS, noDelay };
  let unnamed = 0;
  // The other end of a socket of Unix's has no address.
  const carry = (socket: Socket) =>
    tcpCarrier(socket, socket.remotePort === undefined ? `local:${++unnamed}` : peerOf(socket));
  if (options.protocol === 'mqtt') {
    const take = (socket: Socket) => meet(carry(socket), socket);
    return secrets ? createTlsServer({ ...tcp, ...secrets }, take) : createServer(tcp, take);
  }
  const server = secrets ? createHttpsServer({ noDelay, ...secrets }) : createHttpServer({ noDelay });
  server.on('request', (_request, response) => response.writeHead(426, { upgrade: 'websocket' }).end());
  const admit: Parameters<typeof mqttUpgrade>[0] = ({ headers, socket }) => {
    if (isWelcome(configuration, headers)) return true;
    note(
      'notice',
      `Client connection from ${peerOf(socket)} denied: pages of ${headers.origin} may not connect.`,
    );
    return false;
  };
  return server.on(
    'upgrade',
    mqttUpgrade(admit, (carrier, request) => meet(carrier, request.socket)),
  );
}

/** Whether a page may connect: where nobody else is asked who he is, only pages of this machine may. */
function isWelcome(
  { options, security }: ListenerConfiguration,
  headers: Parameters<typeof isLocal>[0],
): boolean {
  if (headers.origin === undefined) return true;
  if (options.websockets_origin.length > 0) return options.websockets_origin.includes(headers.origin);
  return !security.allow_anonymous || isLocal(headers) || isSameMachine(headers);
}
