// The log of a broker, in the form that Mosquitto's has, made of the trace alone. Knows what a line says and of which type it is,
// and nothing of where it goes.
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
import type { LogType } from './config/options.ts';

export interface LogOptions {
  /** Whether lines of a type are wanted: of `debug` and `subscribe`, say, only with Mosquitto's `-v`. */
  wants(type: LogType): boolean;
  /** Whether clients that come and go have their lines. */
  readonly hasConnections: boolean;
  /** The port on which a connection came in. In: what the other end is called. */
  portOf(peer: string): number | undefined;
}

/** A line, without its time and its end. */
type Line = readonly [type: LogType, text: string];

/** What the log has to remember of a connection. */
interface Caller {
  peer: string;
  isRefused?: boolean;
  connect?: Connect;
  username?: string | undefined;
  subscribe?: Subscribe;
  saidGoodbye?: boolean;
}

/** How Mosquitto writes a version: the numbers are its own, but for 5. */
const VERSION_MARKS: Readonly<Record<Version, string>> = { 3: 'p1', 4: 'p2', 5: 'p5' };

/** What a client is refused with of whom nobody knows that he is who he says. */
const UNAUTHORISED: ReadonlySet<number> = new Set([REASON.NotAuthorized, REASON.BadUserNameOrPassword]);

const closing = (code: number) => reasonName('disconnect', code);

/** What is said of a client whose connection the broker closed, by the broker's reason. */
const FAREWELLS = new Map<string | undefined, string>([
  [closing(REASON.KeepAliveTimeout), 'has exceeded timeout, disconnecting.'],
  [closing(REASON.SessionTakenOver), 'already connected, closing old connection.'],
  [closing(REASON.MalformedPacket), 'disconnected due to malformed packet.'],
  [closing(REASON.ProtocolError), 'disconnected due to protocol error.'],
  [closing(REASON.PacketTooLarge), 'disconnected due to oversize packet.'],
  [closing(REASON.NotAuthorized), 'disconnected, not authorised.'],
  [undefined, 'closed its connection.'],
]);

/**
 * Makes a log of a trace.
 * @param write takes one line, without its time and its end, and when it happened, in milliseconds
 * @returns where the broker's events go
 */
export function log(write: (type: LogType, text: string, at: number) => void, options: LogOptions): Trace {
  const callers = new Map<number, Caller>();
  return (event) => {
    for (const [type, text] of linesOf(event))
      if (options.wants(type)) write(type, printable(text), event.at);
  };

  function linesOf(event: TraceEvent): Line[] {
    const number = event.connection ?? 0;
    if (event.kind === 'opened') {
      callers.set(number, { peer: event.peer });
      return options.hasConnections
        ? [['notice', `New connection from ${event.peer} on port ${options.portOf(event.peer)}.`]]
        : [];
    }
    if (event.kind === 'failed')
      return [['notice', `Client connection from ${event.peer} failed: ${event.reason}.`]];
    const caller = callers.get(number);
    if (caller === undefined) return [];
    const name = event.clientId || caller.connect?.clientId || '<unknown>';
    switch (event.kind) {
      case 'received':
        return isTraffic(event.frame) && !options.wants('debug')
          ? []
          : received(decode(event.frame, event.version), caller, name);
      case 'sent':
        return isTraffic(event.frame) && !options.wants('debug')
          ? []
          : sent(decode(event.frame, event.version), caller, name, event.version);
      case 'identified':
        caller.username = event.username;
        return [];
      case 'refused':
        caller.isRefused = event.what === 'connect' && UNAUTHORISED.has(event.reasonCode);
        return [];
      case 'closed':
        callers.delete(number);
        return options.hasConnections ? [['notice', `Client ${name} ${farewell(caller, event.reason)}`]] : [];
      default:
        return [];
    }
  }

  function received(packet: Packet, caller: Caller, name: string): Line[] {
    if (packet.type === 'connect') Object.assign(caller, { connect: packet, username: packet.username });
    if (packet.type === 'subscribe') caller.subscribe = packet;
    if (packet.type === 'disconnect') caller.saidGoodbye = true;
    if (packet.type === 'connect') return [];
    const line: Line = ['debug', `Received ${packetName(packet.type)} from ${name}${receivedDetail(packet)}`];
    return [line, ...filters(packet, name)];
  }

  function sent(packet: Packet, caller: Caller, name: string, version: Version): Line[] {
    const isWelcome = packet.type === 'connack' && packet.reasonCode === 0;
    const lines = isWelcome ? welcome(caller, name, version) : [];
    if (packet.type === 'suback') lines.push(...granted(packet.reasonCodes, caller, name));
    return [...lines, ['debug', `Sending ${packetName(packet.type)} to ${name}${sentDetail(packet)}`]];
  }

  function welcome({ peer, connect, username }: Caller, name: string, version: Version): Line[] {
    if (connect === undefined) return [];
    const { will, cleanStart, keepAlive } = connect;
    const marks = [VERSION_MARKS[version], `c${Number(cleanStart)}`, `k${keepAlive}`];
    if (username !== undefined) marks.push(`u'${username}'`);
    const text = `New client connected from ${peer} as ${name} (${marks.join(', ')}).`;
    const lines: Line[] = options.hasConnections ? [['notice', text]] : [];
    if (will === undefined) return [...lines, ['debug', 'No will message specified.']];
    const willMarks = `(r${Number(will.retain)}, q${will.qos})`;
    const size = `${will.payload.length} bytes`;
    return [
      ...lines,
      ['debug', `Will message specified (${size}) ${willMarks}.`],
      ['debug', `\t${will.topic}`],
    ];
  }
}

/** Names and topics are a stranger's words: a line's end in them would pass for another line of the log. */
function printable(line: string): string {
  return line.replace(/(?!\t)\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Whether a packet is one of the many: what nobody reads of them need not be decoded. */
function isTraffic(frame: Uint8Array): boolean {
  const type = (frame[0] ?? 0) >> 4;
  return (type >= 3 && type <= 7) || type === 12 || type === 13; // PUBLISH to PUBCOMP, PINGREQ, PINGRESP
}

function farewell({ saidGoodbye, isRefused }: Caller, reason: string | undefined): string {
  if (saidGoodbye) return 'disconnected.';
  if (isRefused) return 'disconnected, not authorised.';
  return FAREWELLS.get(reason) ?? `disconnected: ${reason}.`;
}

function filters(packet: Packet, name: string): Line[] {
  if (packet.type === 'subscribe')
    return packet.subscriptions.map(({ topicFilter, qos }) => ['debug', `\t${topicFilter} (QoS ${qos})`]);
  if (packet.type !== 'unsubscribe') return [];
  return packet.topicFilters.flatMap((topicFilter): Line[] => [
    ['debug', `\t${topicFilter}`],
    ['unsubscribe', `${name} ${topicFilter}`],
  ]);
}

function granted(reasonCodes: readonly number[], { subscribe }: Caller, name: string): Line[] {
  return reasonCodes.map((code, index) => {
    return ['subscribe', `${name} ${code} ${subscribe?.subscriptions[index]?.topicFilter}`];
  });
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
