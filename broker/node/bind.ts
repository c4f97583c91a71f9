// Ports: taking one on several addresses at once, or the next that is free. Knows no protocol.
import { lstatSync, rmSync } from 'node:fs';
import { type AddressInfo, isIPv6, type Server } from 'node:net';

/** Something else listens where a broker was to. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is taken`);
    this.port = port;
  }
}

/** Something other than a socket is where one was to be. */
export class PathTaken extends Error {
  override readonly name = 'PathTaken';

  constructor(path: string) {
    super(`Error binding unix socket: ${path} is there already, and is no socket.`);
  }
}

/** A port that is listened on. */
export interface Bound {
  readonly port: number;
  /** Accepts nothing more. Resolves when the connections that were accepted are gone. */
  close(): Promise<void>;
}

/** How many ports are tried one after the other before there is none. */
const TRIES = 100;

/**
 * Listens on one port of several addresses.
 * @param create makes a server; it is called once for each address
 * @param port 0 for any that is free
 * @param addresses those that this machine does not have are passed over, if it has another
 * @throws PortTaken if something else listens on the port of any of them
 */
export async function bind(create: () => Server, port: number, addresses: readonly string[]): Promise<Bound> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await bindAll(create, port, addresses);
    } catch (error) {
      // A port that was free on one address can be taken on the next.
      if (port !== 0 || !(error instanceof PortTaken) || attempt === TRIES) throw error;
    }
  }
}

/**
 * Listens like `bind`, but where the port is taken, on the next that is not.
 * @throws PortTaken if none is free near the one that was asked for
 */
export async function bindNext(
  create: () => Server,
  port: number,
  addresses: readonly string[],
): Promise<Bound> {
  for (let next = port; ; next++) {
    try {
      return await bind(create, next, addresses);
    } catch (error) {
      if (!(error instanceof PortTaken) || next === port + TRIES) throw error;
    }
  }
}

/**
 * Listens on a socket of Unix's. One that an earlier broker left behind gives way.
 * @throws PathTaken if something else is there
 */
export async function bindPath(create: () => Server, path: string): Promise<Bound> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) rmSync(path);
  const server = create();
  await new Promise<void>((resolve, reject) => {
    server.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PathTaken(path) : error),
    );
    server.listen({ path }, resolve);
  });
  return { port: 0, close: () => close(server) };
}

async function bindAll(create: () => Server, port: number, addresses: readonly string[]): Promise<Bound> {
  const servers: Server[] = [];
  let bound = port;
  let missing: unknown;
  try {
    for (const address of addresses) {
      const server = create();
      try {
        bound = await listen(server, bound, address);
        servers.push(server);
      } catch (error) {
        if (!isMissing(error)) throw error;
        missing = error;
      }
    }
  } catch (error) {
    await Promise.all(servers.map(close));
    throw error;
  }
  if (servers.length === 0) throw missing;
  return { port: bound, close: async () => void (await Promise.all(servers.map(close))) };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    // Later errors are of connections that could not be accepted, as when too many files are open; the next may be.
    server.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTaken(port) : error),
    );
    const ipv6Only = isIPv6(host); // the addresses of the other version are bound for themselves
    server.listen({ port, host, ipv6Only }, () => resolve((server.address() as AddressInfo).port));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

/** This machine has no such address; one without IPv6 has no ::1. */
function isMissing(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as NodeJS.ErrnoException).code ?? '');
}
