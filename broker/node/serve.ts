// A broker as a configuration wants it: every listener on its port, with who may come in there, in TLS or without, and all of it
// changed while it runs. Knows no command line and no log file.
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, TLSSocket, type Server as TlsServer } from 'node:tls';
import { utf8 } from '../codec/index.ts';
import type { Access } from '../server/access.ts';
import { Broker, type Environment } from '../server/broker.ts';
import type { Entrance } from '../server/entrance.ts';
import { DamagedRecord } from '../server/record.ts';
import { Room, type RoomLimits } from '../server/room.ts';
import { SystemTopics } from '../server/sys.ts';
import { type Bound, bind, bindPath } from './bind.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import {
  type Configuration,
  LARGEST_PACKET,
  type ListenerConfiguration,
  type Place,
  renewed,
} from './config/configuration.ts';
import { type LogType, OPTIONS, type Values } from './config/options.ts';
import { ConfigurationError } from './config/read.ts';
import { Gate } from './gate.ts';
import { type Failed, Host, type Keeper } from './host.ts';
import type { Carrier, Patience } from './link.ts';
import { isLocal, isSameMachine } from './origin.ts';
import { CheckLine } from './passwords.ts';
import type { Revocations } from './revocations.ts';
import { readRules } from './rules.ts';
import { complaintOf, openStore, StoreError } from './store.ts';
import { peerOf, TCP_OPTIONS, tcpCarrier } from './tcp.ts';
import { commonName, readTls, subjectOf, watchHandshakes } from './tls.ts';
import { VERSION } from './version.ts';
import { mqttUpgrade, type Volume } from './websocket.ts';

export interface ServeOptions {
  environment?: Partial<Environment> | undefined;
  clock?: Clock | undefined;
  /** Takes what is to be said besides what the trace tells. */
  note(type: LogType, text: string): void;
  /** Told once the store cannot be written any more. All connections have been ended by then; the broker is of no more use. */
  lost?(error: StoreError): void;
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
  revocations: Revocations | undefined;
}

/**
 * Starts a broker.
 * @throws RulesError, TlsError if a file that is named cannot be used; StoreError if the store cannot; PortTaken if something else listens on a port; the
 *   system's error if an address cannot be listened on
 */
export async function serve(configuration: Configuration, options: ServeOptions): Promise<Serving> {
  const { note, clock = systemClock, environment = {} } = options;
  const checks = new CheckLine((happening) => host.try(happening));
  const rulesOf = (listener: ListenerConfiguration, whole: Configuration) =>
    readRules(listener, whole, checks, note);
  const doors = configuration.listeners.map((listener): Door => {
    const gate = new Gate(rulesOf(listener, configuration));
    const door = { configuration: listener, gate, servers: [], connections: 0, revocations: undefined };
    return { ...door, entrance: entranceOf(listener, gate) };
  });
  const [first] = doors;
  const listenerOf = new WeakMap<Access, string>(doors.map(({ gate, configuration: { id } }) => [gate, id]));
  const path = storePath(configuration.global);
  const store =
    path === undefined
      ? undefined
      : await openStore(path, {
          epoch: () => Date.now() - clock.now(),
          nameOf: (access) => listenerOf.get(access),
          accessOf: (name) => doors.find((door) => door.configuration.id === name)?.gate,
        });
  const keeper: Keeper | undefined = store && {
    commit: () => store.commit(),
    lost: (error) => options.lost?.(storeError(error, path)),
  };
  const room = new Room(
    () => broker,
    roomLimits(configuration.global),
    (isFull) =>
      note(
        'warning',
        isFull
          ? `memory_limit is reached: what would have to be kept is refused.`
          : 'There is room for messages again.',
      ),
  );
  const sys = new SystemTopics(() => broker, {
    version: VERSION,
    heap: () => process.memoryUsage().heapUsed,
  });
  const broker: Broker = new Broker(configuration.settings, {
    ...(first && { access: first.gate }),
    unique: () => randomUUID().toUpperCase(),
    journal: store?.journal,
    hasRoom: (message) => room.hasRoom(message),
    ...environment,
    trace(event) {
      room.record(event);
      sys.record(event);
      environment.trace?.(event);
    },
  });
  const failed: Failed = (error, peer) => {
    const where = peer === undefined ? '' : ` on the connection from ${peer}`;
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    for (const line of `Error: The broker failed${where}: ${what}`.split('\n')) note('error', line);
  };
  const patience: Patience = {
    get maximumBacklog() {
      return global.glass_max_backlog;
    },
    get timeout() {
      return 1000 * global.glass_reader_timeout;
    },
    cut: (peer) => note('notice', `Client connection from ${peer} cut: nothing is read there.`),
  };
  const host = new Host(broker, clock, { failed, patience, keeper });
  const ports = new Map<string, number>();
  const bounds: Bound[] = [];
  const sockets = new Set<Socket>();
  const portsOf = new Map<Place, number>();
  let { global } = configuration;

  const meet = (door: Door, carrier: Carrier, socket: Socket, bound: Bound) => {
    ports.set(carrier.peer, bound.port);
    const access = accessOf(door, socket);
    listenerOf.set(access, door.configuration.id);
    host.carry(
      carrier,
      (link) => broker.accept(link, carrier.peer, { ...door.entrance, access }),
      () => ports.delete(carrier.peer),
    );
  };

  /** Counts a socket from its first moment, long before it may come to speak MQTT. */
  const admit = (door: Door, socket: Socket): void => {
    const isFull = (count: number, limit: number) => limit >= 0 && count >= limit;
    if (
      isFull(door.connections, door.configuration.options.max_connections) ||
      isFull(sockets.size, global.global_max_connections)
    ) {
      note('notice', `Client connection from ${peerOf(socket)} denied: max_connections exceeded.`);
      return void socket.destroy();
    }
    socket.setNoDelay(global.set_tcp_nodelay);
    door.connections++;
    sockets.add(socket);
    socket.once('close', () => {
      door.connections--;
      sockets.delete(socket);
    });
  };

  const open = async (door: Door): Promise<void> => {
    const { at } = door.configuration;
    const create = () => {
      const server = serverFor(
        door,
        () => global,
        (carrier, socket) => meet(door, carrier, socket, bound),
        note,
      );
      watchHandshakes(
        server,
        (peer, reason) =>
          environment.trace?.({ at: clock.now(), by: 'broker', kind: 'failed', peer, reason }),
        () => door.revocations,
      );
      server.prependListener('connection', (socket: Socket) => admit(door, socket));
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
    host.try(() => broker.shutdown());
    await host.close();
    for (const socket of sockets) socket.destroy(); // those that never came to speak MQTT
    await Promise.all(closed);
    await store?.close();
  };

  const reload = (next: Configuration) => {
    if (next.listeners.length !== doors.length) throw new ConfigurationError([FIXED]);
    const changes = doors.map((door) => {
      const successor = successorOf(door, next);
      const listener = renewed(door.configuration, successor);
      const { options } = door.configuration;
      return {
        door,
        listener,
        late: initialOptions('listener').filter((name) => !isSame(options[name], successor.options[name])),
        rules: rulesOf(listener, next),
        secrets: listener.tls && readTls(listener.tls),
      };
    });
    for (const { door, listener, late, rules, secrets } of changes) {
      for (const name of late) note('warning', tooLate(name));
      door.configuration = listener;
      door.gate.change(rules);
      door.entrance = entranceOf(listener, door.gate);
      door.revocations = secrets?.revocations;
      for (const server of door.servers)
        if (secrets) (server as TlsServer | HttpsServer).setSecureContext(secrets);
    }
    const before = global;
    global = next.global;
    for (const name of initialOptions('global'))
      if (!isSame(before[name], global[name])) note('warning', tooLate(name));
    room.limit(roomLimits(global));
    host.try(() => {
      broker.configure(next.settings);
      broker.review();
      if (global.sys_interval !== before.sys_interval) sys.every(global.sys_interval);
    });
  };

  try {
    const restore = await store?.read();
    if (restore) host.tell(() => restore(broker));
    host.try(() => sys.every(global.sys_interval));
    for (const door of doors) await open(door);
  } catch (error) {
    await close();
    throw error instanceof DamagedRecord ? storeError(error, path) : error;
  }
  const say = (topic: string, text: string) => {
    setImmediate(() => host.try(() => broker.say({ topic, payload: utf8(text), qos: 2, retain: false })));
  };
  return { broker, portsOf, say, portOf: (peer) => ports.get(peer), reload, close };
}

function roomLimits({
  glass_max_retained,
  glass_max_retained_bytes,
  memory_limit,
}: Configuration['global']): RoomLimits {
  const [retained, retainedBytes, bytes] = [glass_max_retained, glass_max_retained_bytes, memory_limit].map(
    (limit) => limit || Number.POSITIVE_INFINITY,
  ) as [number, number, number];
  return { retained, retainedBytes, bytes };
}

/** Where the store is; undefined if nothing is to outlive the broker. Mosquitto's own file may be there under the same name. */
function storePath({
  persistence,
  persistence_location,
  persistence_file,
}: Configuration['global']): string | undefined {
  return persistence ? join(persistence_location ?? '', `${persistence_file}.glass`) : undefined;
}

function storeError(error: unknown, path = ''): StoreError {
  return new StoreError(complaintOf(error, path));
}

/** How often connections are looked for that have not asked for a WebSocket in time, in milliseconds. */
const LOOK_INTERVAL = 5000;

/** How many packets of the largest size a message of WebSocket's may hold, and what it may hold in any case, in bytes. */
const SEVERAL = 4;
const LEAST_MESSAGE = 1_048_576;

const FIXED = 'Error: It is not currently possible to add/remove listeners when reloading the config file.';

/** The options of a scope that are looked at once, when the broker starts. */
function initialOptions<S extends 'global' | 'listener'>(scope: S): (keyof Values<S>)[] {
  const options = Object.entries(OPTIONS).filter(([, option]) => option.scope === scope && !option.reloads);
  return options.map(([name]) => name) as (keyof Values<S>)[];
}

function tooLate(name: string): string {
  return `Warning: The '${name}' option keeps its value until the broker is started again.`;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function successorOf(door: Door, { listeners }: Configuration): ListenerConfiguration {
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
  door: Door,
  global: () => Configuration['global'],
  meet: (carrier: Carrier, socket: Socket) => void,
  note: ServeOptions['note'],
): Server {
  const { options, tls } = door.configuration;
  const connectTimeout = 1000 * global().glass_connect_timeout;
  const secrets = tls && { ...readTls(tls), handshakeTimeout: connectTimeout };
  door.revocations = secrets?.revocations;
  let unnamed = 0;
  // The other end of a socket of Unix's has no address.
  const carry = (socket: Socket) =>
    tcpCarrier(socket, socket.remotePort === undefined ? `local:${++unnamed}` : peerOf(socket));
  if (options.protocol === 'mqtt') {
    const take = (socket: Socket) => {
      if (!socket.destroyed) meet(carry(socket), socket);
    };
    return secrets ? createTlsServer({ ...TCP_OPTIONS, ...secrets }, take) : createServer(TCP_OPTIONS, take);
  }
  const http = {
    headersTimeout: connectTimeout,
    requestTimeout: connectTimeout,
    connectionsCheckingInterval: Math.min(connectTimeout, LOOK_INTERVAL),
  };
  const server = secrets ? createHttpsServer({ ...http, ...secrets }) : createHttpServer(http);
  server.on('request', (_request, response) => response.writeHead(426, { upgrade: 'websocket' }).end());
  const admit: Parameters<typeof mqttUpgrade>[0] = ({ headers, socket }) => {
    if (isWelcome(door.configuration, headers)) return true;
    note(
      'notice',
      `Client connection from ${peerOf(socket)} denied: pages of ${headers.origin} may not connect.`,
    );
    return false;
  };
  return server.on(
    'upgrade',
    mqttUpgrade(
      admit,
      (carrier, request) => meet(carrier, request.socket),
      () => volumeOf(global()),
    ),
  );
}

/** A message of WebSocket's may hold several packets. */
function volumeOf({
  glass_max_connect_size,
  max_packet_size = LARGEST_PACKET,
}: Configuration['global']): Volume {
  return {
    beforeAnswer: glass_max_connect_size,
    message: Math.min(Math.max(SEVERAL * max_packet_size, LEAST_MESSAGE), LARGEST_PACKET),
  };
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
