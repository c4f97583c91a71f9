// What a broker makes of packets: a fresh one in the page, or the one behind it. Before packets that are no CONNECT goes one of the
// same version. Knows what came back and why a connection was closed; draws nothing.
import {
  Broker,
  encode,
  Framer,
  Malformed,
  type StatementId,
  type TraceEvent,
  type Version,
} from '#broker/index.ts';
import { MQTT_PATH } from '#broker/ports.ts';
import { listenTo } from '../live/connection.ts';
import type { BrokerFile } from '../live/feed.ts';

/** One packet of a conversation. */
export interface Spoken {
  by: 'client' | 'broker';
  frame: Uint8Array;
  version: Version;
  /** It was not asked for, and had to go before. */
  isPrelude?: boolean;
}

export interface Outcome {
  spoken: Spoken[];
  /** What a subscriber of `#` got; undefined where nobody was there to look. */
  delivered: Spoken[] | undefined;
  /** Why the connection was closed, where it was. */
  closed?: { reason: string; rule?: StatementId | undefined } | undefined;
}

const CLIENT_ID = 'playground';
const CONNECT_TYPE = 1;

/** The CONNECT that goes before a packet which is none. */
function prelude(frames: readonly Uint8Array[], version: Version): Spoken[] {
  if ((frames[0]?.[0] ?? 0) >> 4 === CONNECT_TYPE) return [];
  const frame = encode(
    { type: 'connect', version, cleanStart: true, keepAlive: 60, clientId: CLIENT_ID },
    version,
  );
  return [{ by: 'client', frame, version, isPrelude: true }];
}

/** Sends packets to a broker that was made for them, where a subscriber of all topics listens. */
export function sendHere(frames: readonly Uint8Array[], version: Version): Outcome {
  const events: TraceEvent[] = [];
  const broker = new Broker({}, { trace: (event) => events.push(event) });
  const delivered = watch(broker);
  const spoken: Spoken[] = [];
  let isOpen = true;
  const hear = listener(version, (frame, heard) => spoken.push({ by: 'broker', frame, version: heard }));
  const link = { backlog: 0, send: hear, close: () => (isOpen = false) };
  const connection = broker.accept(link, CLIENT_ID);
  for (const one of [...prelude(frames, version), ...frames.map((frame) => ours(frame, version))]) {
    if (!isOpen) break;
    spoken.push(one);
    connection.receive(one.frame);
  }
  return { spoken, delivered, closed: isOpen ? undefined : closing(events) };
}

function ours(frame: Uint8Array, version: Version): Spoken {
  return { by: 'client', frame, version };
}

/** The fault in what was sent, or else what the broker says of the end. */
function closing(events: readonly TraceEvent[]): Outcome['closed'] {
  const last = events.findLast(({ kind }) => kind === 'closed');
  const malformed = events.find((event) => event.kind === 'malformed');
  if (malformed?.kind === 'malformed')
    return { reason: malformed.fault.message, rule: malformed.fault.rule ?? malformed.rule };
  return { reason: (last?.kind === 'closed' && last.reason) || '', rule: last?.rule };
}

/** A subscriber of all topics, and what it gets. */
function watch(broker: Broker): Spoken[] {
  const got: Spoken[] = [];
  const hear = listener(5, (frame) => {
    if (frame[0] !== undefined && frame[0] >> 4 === 3) got.push({ by: 'broker', frame, version: 5 });
  });
  const connection = broker.accept({ backlog: 0, send: hear, close: () => {} }, 'watcher');
  connection.receive(
    encode({ type: 'connect', version: 5, cleanStart: true, keepAlive: 0, clientId: 'watcher' }, 5),
  );
  const everything = {
    topicFilter: '#',
    qos: 0,
    noLocal: false,
    retainAsPublished: true,
    retainHandling: 2,
  } as const;
  connection.receive(encode({ type: 'subscribe', packetId: 1, subscriptions: [everything] }, 5));
  return got;
}

/** Cuts what comes into packets. */
function listener(
  version: Version,
  hear: (frame: Uint8Array, version: Version) => void,
): (chunk: Uint8Array) => void {
  const framer = new Framer(version);
  return (chunk) => {
    for (const frame of framer.push(chunk)) hear(frame, version);
  };
}

/** So long nothing more has to come before one stops to wait; so long the trace takes to tell what was. */
const QUIET = 1200;
const TOLD = 250;

/**
 * Sends packets to the broker behind the page.
 * @param brokerFile the address of the file that says whether there is one
 * @returns undefined where there is none
 */
export async function sendBehind(
  frames: readonly Uint8Array[],
  version: Version,
  brokerFile: string,
): Promise<Outcome | undefined> {
  const { trace } = await fetch(brokerFile).then(
    (response) => response.json() as Promise<BrokerFile>,
    (): BrokerFile => ({}),
  );
  if (trace === undefined) return undefined;
  const address = new URL(MQTT_PATH, location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  const events: TraceEvent[] = [];
  const stop = listenTo(brokerFile, {
    message: (message) => {
      if (message.kind === 'events') events.push(...message.events.map(({ event }) => event));
    },
    status: () => {},
  });
  await pause(TOLD);
  events.length = 0;
  const outcome = await converse(new WebSocket(address, 'mqtt'), frames, version);
  await pause(TOLD);
  stop();
  const opened = events.find(({ kind }) => kind === 'opened');
  const told = events.filter(({ connection }) => connection === opened?.connection);
  return outcome?.closed ? { ...outcome, closed: closing(told) } : outcome;
}

function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

function converse(
  socket: WebSocket,
  frames: readonly Uint8Array[],
  version: Version,
): Promise<Outcome | undefined> {
  socket.binaryType = 'arraybuffer';
  const before = prelude(frames, version);
  const waiting = [...before, ...frames.map((frame) => ours(frame, version))];
  const spoken: Spoken[] = [];
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = (closed?: Outcome['closed']): void => {
      clearTimeout(timer);
      socket.onclose = null;
      socket.close();
      resolve({ spoken, delivered: undefined, closed });
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(end, QUIET);
    };
    const say = (): void => {
      for (const one of waiting.splice(0, before.length > 0 && spoken.length === 0 ? 1 : waiting.length)) {
        spoken.push(one);
        socket.send(one.frame.slice());
      }
      wait();
    };
    const hear = listener(version, (frame, heard) => spoken.push({ by: 'broker', frame, version: heard }));
    socket.onopen = say;
    socket.onmessage = ({ data }) => {
      try {
        hear(new Uint8Array(data as ArrayBuffer));
      } catch (error) {
        if (!(error instanceof Malformed)) throw error;
      }
      say();
    };
    socket.onclose = () => end({ reason: '' });
    socket.onerror = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
  });
}
