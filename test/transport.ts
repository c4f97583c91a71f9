// One script over three transports: a broker that is reached by memory, by TCP and by WebSocket, and scripted clients that
// send it packets or bytes and look at what comes back. Whatever is awaited here has happened on both ends: `send` resolves
// when the broker has handled all of it and every answer has arrived, so that nothing depends on the speed of a machine.
import { connect as connectTcp, type Socket } from 'node:net';
import { describe, expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import {
  type Connect,
  decode,
  encode,
  Framer,
  type Packet,
  type PacketType,
  type Version,
} from '#broker/codec/index.ts';
import type { Clock } from '#broker/node/clock.ts';
import { type Acceptor, listen } from '#broker/node/listen.ts';
import { CLIENT_SUBPROTOCOLS, WEBSOCKET_OPTIONS } from '#broker/node/websocket.ts';
import { Broker, type Environment } from '#broker/server/broker.ts';
import type { Settings } from '#broker/server/settings.ts';
import type { Connection, Link } from '#broker/session/link.ts';
import type { TraceEvent } from '#broker/session/trace.ts';

/** A packet as far as a test cares: the type, and any of the fields. */
export type Expected = {
  [Type in PacketType]: { type: Type } & Partial<Extract<Packet, { type: Type }>>;
}[PacketType];

type Found<Wanted extends { type: PacketType }> = Extract<Packet, { type: Wanted['type'] }>;

/** A broker on one transport, with a clock that the test moves. */
export interface Rig {
  readonly broker: Broker;
  /** All that the broker told, in order. */
  readonly trace: readonly TraceEvent[];
  /** Opens a network connection. Nothing is sent on it yet. */
  connect(version?: Version): Promise<Wire>;
  /** Opens a network connection, sends CONNECT and takes the CONNACK, which has to accept. Version 4 unless told otherwise. */
  client(connect?: Partial<Connect>): Promise<Wire>;
  /** Lets time pass, in milliseconds: all that falls due happens at its moment. */
  advance(duration: number): Promise<void>;
}

/** A scripted client's end of a network connection. */
export interface Wire {
  /** How packets are written and read. A CONNECT that is sent sets it. */
  version: Version;
  /** The CONNACK that `Rig.client` took. */
  connack: Found<{ type: 'connack' }> | undefined;
  /** Sends a packet, or bytes as they are, cut as the calls are. */
  send(...parts: (Packet | Uint8Array)[]): Promise<void>;
  /** Takes the next packet, which has to have these fields. */
  expect<Wanted extends Expected>(wanted: Wanted): Found<Wanted>;
  /** Takes the next packets in whatever order they came. */
  expectAll(...wanted: Expected[]): void;
  /** Takes all packets that came. */
  take(): Packet[];
  /** Nothing has come that was not taken, and the connection is open. */
  expectNothing(): void;
  /** Nothing more has come that was not taken, and the broker has closed the connection. */
  expectClose(): void;
  /** True once the broker has closed the connection. */
  readonly closed: boolean;
  /** Ends the connection without a word, as a process that is killed does. */
  cut(): Promise<void>;
}

/** Opens a rig, which is taken down when the test is over. */
export type Open = (settings?: Partial<Settings>, environment?: Partial<Environment>) => Promise<Rig>;

/** What a transport brings: ways to a broker, and to a connection. */
interface Transport {
  name: 'memory' | 'TCP' | 'WebSocket';
  start(
    broker: Acceptor,
    clock: ScriptedClock,
  ): Promise<{ dial(receiver: Receiver): Promise<Dialled>; stop(): Promise<void> }>;
}

interface Receiver {
  received(chunk: Uint8Array): void;
  ended(): void;
}

interface Dialled {
  send(bytes: Uint8Array): void;
  cut(): void;
}

const memory: Transport = {
  name: 'memory',
  async start(broker, clock) {
    const tell = (happening: () => void) => {
      broker.advance(clock.now());
      happening();
      if (broker.deadline <= clock.now()) broker.advance(clock.now());
    };
    clock.party = broker;
    return {
      async dial(receiver) {
        let over = false;
        let connection: Connection | undefined;
        const link: Link = {
          backlog: 0,
          send: (frame) => receiver.received(frame),
          close() {
            over = true;
            receiver.ended();
          },
        };
        tell(() => {
          connection = broker.accept(link, 'memory');
        });
        return {
          send: (bytes) => {
            if (!over) tell(() => connection?.receive(bytes));
          },
          cut: () => tell(() => connection?.closed()),
        };
      },
      stop: async () => {},
    };
  },
};

const tcp: Transport = {
  name: 'TCP',
  async start(broker, clock) {
    const listening = await listen({ port: 0, addresses: ['127.0.0.1'], broker, clock });
    return {
      async dial(receiver) {
        const socket = await new Promise<Socket>((resolve, reject) => {
          const opening = connectTcp(
            { port: listening.port as number, host: '127.0.0.1', noDelay: true },
            () => resolve(opening),
          ).on('error', reject);
        });
        socket.on('data', (chunk) => receiver.received(chunk)).on('close', () => receiver.ended());
        return { send: (bytes) => socket.write(bytes), cut: () => socket.resetAndDestroy() };
      },
      stop: () => listening.close(),
    };
  },
};

const webSocket: Transport = {
  name: 'WebSocket',
  async start(broker, clock) {
    const listening = await listen({ webSocketPort: 0, addresses: ['127.0.0.1'], broker, clock });
    return {
      async dial(receiver) {
        const url = `ws://127.0.0.1:${listening.webSocketPort}/mqtt`;
        const socket = new WebSocket(url, [...CLIENT_SUBPROTOCOLS], WEBSOCKET_OPTIONS);
        await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
        socket.on('message', (data) => receiver.received(data as Buffer)).on('close', () => receiver.ended());
        socket.on('error', () => {});
        return { send: (bytes) => socket.send(bytes), cut: () => socket.terminate() };
      },
      stop: () => listening.close(),
    };
  },
};

/** TRANSPORTS=memory leaves the others out, where the same is run many times. */
const { TRANSPORTS } = process.env;
const all = [memory, tcp, webSocket].filter(({ name }) => TRANSPORTS?.includes(name) ?? true);

export const transports = {
  /**
   * Runs the same tests over each transport.
   * @param tests is called once for each, inside a `describe` that names it
   */
  each(title: string, tests: (open: Open, transport: Transport['name']) => void): void {
    describe.each(all)(`${title}, over $name`, (transport) =>
      tests((settings, environment) => openRig(transport, settings, environment), transport.name),
    );
  },
};

/** What has gone through one connection, counted at the broker's end. */
interface Meter {
  received: number;
  sent: number;
  /** The broker has closed the connection. */
  closed: boolean;
  /** The broker was told that the connection is gone. */
  gone: boolean;
}

async function openRig(
  transport: Transport,
  settings?: Partial<Settings>,
  environment?: Partial<Environment>,
): Promise<Rig> {
  const trace: TraceEvent[] = [];
  const broker = new Broker(settings, { ...environment, trace: (event) => trace.push(event) });
  const clock = new ScriptedClock();
  const meters: Meter[] = [];
  const wires: ScriptedWire[] = [];
  const { dial, stop } = await transport.start(metered(broker, meters), clock);
  onTestFinished(stop);
  const settle = () =>
    until(
      () => wires.every((wire) => wire.isSettled()) && !clock.isDue(),
      () => wires.map((wire, index) => `${index + 1}: ${wire.report()}`).join(', '),
    );

  const connect = async (version: Version = 4): Promise<ScriptedWire> => {
    const wire = new ScriptedWire(version, settle);
    wire.dialled = await dial(wire);
    const number = wires.length;
    await until(
      () => meters.length > number,
      () => 'the broker was not told of the connection',
    );
    wire.meter = meters[number] as Meter;
    wires.push(wire);
    await settle();
    return wire;
  };
  const client = async (partial: Partial<Connect> = {}): Promise<ScriptedWire> => {
    const clientId = `client-${wires.length + 1}`;
    const packet: Connect = {
      type: 'connect',
      version: 4,
      cleanStart: true,
      keepAlive: 0,
      clientId,
      ...partial,
    };
    const wire = await connect(packet.version);
    await wire.send(packet);
    wire.connack = wire.expect({ type: 'connack', reasonCode: 0 });
    return wire;
  };
  return { broker, trace, connect, client, advance: (duration) => clock.advance(duration, settle) };
}

/** The same broker, with a meter at each connection. */
function metered(broker: Broker, meters: Meter[]): Acceptor {
  return {
    accept(link, peer) {
      const meter: Meter = { received: 0, sent: 0, closed: false, gone: false };
      meters.push(meter);
      const connection = broker.accept(
        {
          get backlog() {
            return link.backlog;
          },
          send(frame) {
            meter.sent += frame.length;
            link.send(frame);
          },
          close() {
            meter.closed = true;
            link.close();
          },
        },
        peer,
      );
      return {
        receive(chunk) {
          connection.receive(chunk);
          meter.received += chunk.length;
        },
        drained: () => connection.drained(),
        closed() {
          connection.closed();
          meter.gone = true;
        },
      };
    },
    advance: (now) => broker.advance(now),
    get deadline() {
      return broker.deadline;
    },
    shutdown: () => broker.shutdown(),
  };
}

class ScriptedWire implements Wire, Receiver {
  version: Version;
  connack: Found<{ type: 'connack' }> | undefined;
  closed = false;
  dialled!: Dialled;
  meter!: Meter;
  readonly #settle: () => Promise<void>;
  readonly #framer: Framer;
  readonly #inbox: Packet[] = [];
  #sentBytes = 0;
  #receivedBytes = 0;
  #wasCut = false;

  constructor(version: Version, settle: () => Promise<void>) {
    this.version = version;
    this.#settle = settle;
    this.#framer = new Framer(version);
  }

  received(chunk: Uint8Array): void {
    this.#receivedBytes += chunk.length;
    for (const frame of this.#framer.push(new Uint8Array(chunk)))
      this.#inbox.push(decode(frame, this.version));
  }

  ended(): void {
    this.closed = true;
  }

  /** Whether all that was sent has arrived, both ways, and whoever has to know of an end knows of it. */
  isSettled(): boolean {
    if (this.#wasCut) return this.meter.gone;
    if (this.meter.closed || this.meter.gone) return this.closed;
    return this.meter.received === this.#sentBytes && this.meter.sent === this.#receivedBytes;
  }

  report(): string {
    const { received, sent, closed, gone } = this.meter;
    return `sent ${this.#sentBytes}, of which ${received} were handled; received ${this.#receivedBytes} of ${sent}; ${closed ? 'closed' : gone ? 'gone' : 'open'}`;
  }

  async send(...parts: (Packet | Uint8Array)[]): Promise<void> {
    for (const part of parts) {
      if (!(part instanceof Uint8Array) && part.type === 'connect') this.version = part.version;
      const bytes = part instanceof Uint8Array ? part : encode(part, this.version);
      this.#sentBytes += bytes.length;
      this.dialled.send(bytes);
    }
    await this.#settle();
  }

  expect<Wanted extends Expected>(wanted: Wanted): Found<Wanted> {
    const packet = this.#inbox.shift();
    expect(packet ?? (this.closed ? 'the connection is closed' : 'nothing came')).toMatchObject(wanted);
    return packet as Found<Wanted>;
  }

  expectAll(...wanted: Expected[]): void {
    const found = this.#inbox.splice(0, wanted.length);
    expect(found).toEqual(expect.arrayContaining(wanted.map((each) => expect.objectContaining(each))));
    expect(found).toHaveLength(wanted.length);
  }

  take(): Packet[] {
    return this.#inbox.splice(0);
  }

  expectNothing(): void {
    expect(this.#inbox).toEqual([]);
    expect(this.closed, 'the broker has closed the connection').toBe(false);
  }

  expectClose(): void {
    expect(this.#inbox).toEqual([]);
    expect(this.closed, 'the broker has closed the connection').toBe(true);
  }

  async cut(): Promise<void> {
    this.#wasCut = true;
    this.dialled.cut();
    await this.#settle();
  }
}

/** A clock that stands still until a test moves it. */
class ScriptedClock implements Clock {
  /** Who is told the time without a host between. */
  party: Acceptor | undefined;
  #time = 0;
  readonly #alarms = new Set<{ at: number; ring: () => void }>();

  now(): number {
    return this.#time;
  }

  wake(at: number, ring: () => void): () => void {
    const alarm = { at, ring };
    this.#alarms.add(alarm);
    if (at <= this.#time) setImmediate(() => this.#ring(alarm));
    return () => this.#alarms.delete(alarm);
  }

  isDue(): boolean {
    return [...this.#alarms].some(({ at }) => at <= this.#time);
  }

  /** Stops at each moment at which something falls due, until all that follows from it has happened. */
  async advance(duration: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#time + duration;
    for (let next = this.#next(); next <= end; next = this.#next()) {
      this.#time = Math.max(this.#time, next);
      this.party?.advance(this.#time);
      for (const alarm of [...this.#alarms]) if (alarm.at <= this.#time) this.#ring(alarm);
      await settle();
    }
    this.#time = end;
  }

  #next(): number {
    return Math.min(
      this.party?.deadline ?? Number.POSITIVE_INFINITY,
      ...[...this.#alarms].map(({ at }) => at),
    );
  }

  #ring(alarm: { at: number; ring: () => void }): void {
    if (this.#alarms.delete(alarm)) alarm.ring();
  }
}

/** Lets the event loop turn until something is so. This gives up after a time that no sound run comes near. */
async function until(isSo: () => boolean, report: () => string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`The transport does not come to rest. ${report()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
