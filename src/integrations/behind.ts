/**
 * The broker behind the site: a broker whose code can be exchanged while its listeners stay, and its trace for pages.
 * This file knows sockets and requests; it knows neither Astro nor Vite.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type Bound, bindNext } from '../../broker/node/bind.ts';
import { systemClock } from '../../broker/node/clock.ts';
import { Host } from '../../broker/node/host.ts';
import type { Carrier } from '../../broker/node/link.ts';
import { tcpServer } from '../../broker/node/listen.ts';
import { isSameOrigin, namesThisMachine } from '../../broker/node/origin.ts';
import { VERSION } from '../../broker/node/version.ts';
import { mqttUpgrade, refuse } from '../../broker/node/websocket.ts';
import { BROKER_FILE, LOOPBACK, MQTT_PATH, TRACE_PATH } from '../../broker/ports.ts';
import type { Broker, Environment } from '../../broker/server/broker.ts';
import { isOwnWord } from '../../broker/server/inherit.ts';
import { SYS_INTERVAL, SystemTopics } from '../../broker/server/sys.ts';
import type { TraceEvent } from '../../broker/session/trace.ts';
import type { BrokerFile } from '../widgets/live/feed.ts';
import { Feed } from './feed.ts';

/** What can be asked to serve MQTT clients: the class `Broker`, perhaps of newer code than this file was loaded with. */
export type BrokerClass = new (settings: undefined, environment: Partial<Environment>) => Broker;

export class BrokerBehindSite {
  readonly feed = new Feed(() => ({ kind: 'greeting', port: this.port ?? null }));
  /** Takes a line on what went wrong. */
  complain: (line: string) => void = console.error;
  #broker!: Broker;
  #host!: Host;
  #generation = 0;
  #tcp: Bound | undefined;
  readonly #sites = new WeakSet<Server>();

  /** The port for MQTT over TCP, if it is listened on. */
  get port(): number | undefined {
    return this.#tcp?.port;
  }

  get isServing(): boolean {
    return this.#generation > 0;
  }

  /** Serves whoever comes from now on with a new broker, and sends the clients of the old one away. */
  use(BrokerOfNow: BrokerClass): void {
    const generation = this.#generation + 1;
    const sys = new SystemTopics(() => broker, { version: VERSION });
    const broker = new BrokerOfNow(undefined, {
      trace: (event) => {
        sys.record(event);
        if (!isToItself(event)) this.feed.record(generation, event);
      },
    });
    if (this.isServing) void this.#dismiss();
    this.#generation = generation;
    this.#broker = broker;
    this.#host = new Host(broker, systemClock, {
      // Code that is being written fails, and must not take the site down with it.
      failed: (error) =>
        this.complain(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    this.#host.try(() => sys.every(SYS_INTERVAL));
  }

  /** Listens for MQTT over TCP, for this machine only: on `port` or, where that is taken, the next that is free. */
  async listen(port: number): Promise<void> {
    this.#tcp ??= await bindNext(() => tcpServer((carrier) => this.#meet(carrier)), port, LOOPBACK);
  }

  /** Takes the site's own upgrade requests for MQTT and for the trace, and leaves all others alone. */
  attach(site: Server): void {
    if (this.#sites.has(site)) return;
    this.#sites.add(site);
    const upgrades = new Map([
      [MQTT_PATH, mqttUpgrade(mayConnect, (carrier) => this.#meet(carrier))],
      [TRACE_PATH, this.#traceUpgrade()],
    ]);
    site.on('upgrade', (request, socket, head) => upgrades.get(pathOf(request))?.(request, socket, head));
  }

  /** Answers the request by which a page finds out whether there is a broker. */
  answer(_request: IncomingMessage, response: ServerResponse): void {
    const file: BrokerFile = { trace: TRACE_PATH };
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(file));
  }

  /** Sends all clients away and stops listening. */
  async close(): Promise<void> {
    const tcp = this.#tcp;
    this.#tcp = undefined;
    await Promise.all([tcp?.close(), this.#dismiss()]);
  }

  #dismiss(): Promise<void> {
    const broker = this.#broker;
    const host = this.#host;
    host.try(() => broker.shutdown());
    return host.close();
  }

  #meet(carrier: Carrier): void {
    const broker = this.#broker;
    this.#host.carry(carrier, (link) => broker.accept(link, carrier.peer));
  }

  #traceUpgrade(): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
    const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1024 });
    return (request, socket, head) => {
      if (!isPageOfThisSite(request)) return refuse(socket, '403 Forbidden');
      server.handleUpgrade(request, socket, head, (page) => this.feed.attach(page));
    };
  }
}

/** What the broker notes down of itself, for whoever may ask: pages are told of it when somebody has asked. */
function isToItself(event: TraceEvent): boolean {
  return (event.kind === 'retained' || event.kind === 'matched') && isOwnWord(event.topic);
}

/** What passes through the broker is for the pages of this site alone. */
function isPageOfThisSite({ headers }: IncomingMessage): boolean {
  return namesThisMachine(headers) && isSameOrigin(headers);
}

/** Clients that are no pages may connect; of pages, those of this site. */
function mayConnect(request: IncomingMessage): boolean {
  return request.headers.origin === undefined || isPageOfThisSite(request);
}

function pathOf({ url = '' }: IncomingMessage): string {
  return url.replace(/\?.*$/, '');
}

/** All paths that the broker takes of the site's. */
export const PATHS: readonly string[] = [MQTT_PATH, TRACE_PATH, BROKER_FILE];
