// The log of a broker, in the form that Mosquitto's has, made of the trace alone. Knows how a line looks, and nothing of where
// it goes.
import {
  type Connect,
  decode,
  type Packet,
  type Publish,
  packetName,
  REASON,
  reasonName,
  type Subscribe,
  type Version,
} from '../codec/index.ts';
import type { Trace, TraceEvent } from '../session/trace.ts';

export interface LogOptions {
  /** Whether every packet has its line, as with Mosquitto's `-v`, or only comings and goings. */
  verbose: boolean;
  /** The port on which a connection came in. In: what the other end is called. */
  portOf(peer: string): number | undefined;
}

/** What the log has to remember of a connection. */
interface Caller {
  peer: string;
  connect?: Connect;
  subscribe?: Subscribe;
  saidGoodbye?: boolean;
}

/** How Mosquitto writes a version: the numbers are its own, but for 5. */
const VERSION_MARKS: Readonly<Record<Version, string>> = { 3: 'p1', 4: 'p2', 5: 'p5' };

const closing = (code: number) => reasonName('disconnect', code);

/** What is said of a client whose connection the broker closed, by the broker's reason. */
const FAREWELLS = new Map<string | undefined, string>([
  [closing(REASON.KeepAliveTimeout), 'has exceeded timeout, disconnecting.'],
  [closing(REASON.SessionTakenOver), 'already connected, closing old connection.'],
  [closing(REASON.MalformedPacket), 'disconnected due to malformed packet.'],
  [closing(REASON.ProtocolError), 'disconnected due to protocol error.'],
  [closing(REASON.PacketTooLarge), 'disconnected due to oversize packet.'],
  [undefined, 'closed its connection.'],
]);

/**
 * Makes a log of a trace.
 * @param write takes one line, without its end
 * @returns where the broker's events go
 */
export function log(write: (line: string) => void, { verbose, portOf }: LogOptions): Trace {
  const callers = new Map<number, Caller>();
  return (event) => {
    const seconds = Math.floor(event.at / 1000);
    for (const line of linesOf(event)) write(`${seconds}: ${printable(line)}`);
  };

  function linesOf(event: TraceEvent): string[] {
    const number = event.connection ?? 0;
    if (event.kind === 'opened') {
      callers.set(number, { peer: event.peer });
      return [`New connection from ${event.peer} on port ${portOf(event.peer)}.`];
    }
    const caller = callers.get(number);
    if (caller === undefined) return [];
    const name = event.clientId || caller.connect?.clientId || '<unknown>';
    switch (event.kind) {
      case 'received':
        return received(decode(event.frame, event.version), caller, name);
      case 'sent':
        return sent(decode(event.frame, event.version), caller, name, event.version);
      case 'closed':
        callers.delete(number);
        return [`Client ${name} ${caller.saidGoodbye ? 'disconnected.' : farewell(event.reason)}`];
      default:
        return [];
    }
  }

  function received(packet: Packet, caller: Caller, name: string): string[] {
    if (packet.type === 'connect') caller.connect = packet;
    if (packet.type === 'subscribe') caller.subscribe = packet;
    if (packet.type === 'disconnect') caller.saidGoodbye = true;
    if (!verbose || packet.type === 'connect') return [];
    return [
      `Received ${packetName(packet.type)} from ${name}${receivedDetail(packet)}`,
      ...filters(packet, name),
    ];
  }

  function sent(packet: Packet, caller: Caller, name: string, version: Version): string[] {
    const isWelcome = packet.type === 'connack' && packet.reasonCode === 0;
    const before = isWelcome ? welcome(caller, name, version) : [];
    if (!verbose) return before;
    if (packet.type === 'suback') before.push(...granted(packet.reasonCodes, caller, name));
    return [...before, `Sending ${packetName(packet.type)} to ${name}${sentDetail(packet)}`];
  }

  function welcome({ peer, connect }: Caller, name: string, version: Version): string[] {
    if (connect === undefined) return [];
    const { will, cleanStart, keepAlive, username } = connect;
    const marks = [VERSION_MARKS[version], `c${Number(cleanStart)}`, `k${keepAlive}`];
    if (username !== undefined) marks.push(`u'${username}'`);
    const line = `New client connected from ${peer} as ${name} (${marks.join(', ')}).`;
    if (!verbose) return [line];
    if (will === undefined) return [line, 'No will message specified.'];
    const willMarks = `(r${Number(will.retain)}, q${will.qos})`;
    return [line, `Will message specified (${will.payload.length} bytes) ${willMarks}.`, `\t${will.topic}`];
  }
}

/** Names and topics are a stranger's words: a line's end in them would pass for another line of the log. */
function printable(line: string): string {
  return line.replace(/(?!\t)\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function farewell(reason: string | undefined): string {
  return FAREWELLS.get(reason) ?? `disconnected: ${reason}.`;
}

function filters(packet: Packet, name: string): string[] {
  if (packet.type === 'subscribe')
    return packet.subscriptions.map(({ topicFilter, qos }) => `\t${topicFilter} (QoS ${qos})`);
  if (packet.type === 'unsubscribe')
    return packet.topicFilters.flatMap((topicFilter) => [`\t${topicFilter}`, `${name} ${topicFilter}`]);
  return [];
}

function granted(reasonCodes: readonly number[], { subscribe }: Caller, name: string): string[] {
  return reasonCodes.map((code, index) => `${name} ${code} ${subscribe?.subscriptions[index]?.topicFilter}`);
}

function receivedDetail(packet: Packet): string {
  switch (packet.type) {
    case 'publish':
      return publication(packet);
    case 'puback':
    case 'pubcomp':
      return ` (Mid: ${packet.packetId}, RC:${packet.reasonCode})`;
    case 'pubrec':
    case 'pubrel':
      return ` (Mid: ${packet.packetId})`;
    case 'auth':
      return ` (rc${packet.reasonCode})`;
    default:
      return '';
  }
}

function sentDetail(packet: Packet): string {
  switch (packet.type) {
    case 'connack':
      return ` (${Number(packet.sessionPresent)}, ${packet.reasonCode})`;
    case 'publish':
      return publication(packet);
    case 'puback':
    case 'pubrec':
      return ` (m${packet.packetId}, rc${packet.reasonCode})`;
    case 'pubrel':
    case 'pubcomp':
      return ` (m${packet.packetId})`;
    case 'disconnect':
    case 'auth':
      return ` (rc${packet.reasonCode})`;
    default:
      return '';
  }
}

function publication({ dup, qos, retain, packetId = 0, topic, payload }: Publish): string {
  const marks = `d${Number(dup)}, q${qos}, r${Number(retain)}, m${packetId}`;
  return ` (${marks}, '${topic}', ... (${payload.length} bytes))`;
}
