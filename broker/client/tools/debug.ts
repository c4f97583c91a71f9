// What `-d` tells of packets, in the words of libmosquitto. Knows one line for each packet, or for each of its topics; a line
// is made when the packet is sent or has come.
import type { Packet, Publish, Subscribe, Subscription, Unsubscribe } from '../../codec/index.ts';

/** Tells of the packets of one client. */
export class Debug {
  readonly #print: (line: string) => void;
  /** The client identifier; `(null)` as long as there is none. */
  #name: string;
  /** The library numbers all messages and requests, also those that are sent at QoS 0. */
  #lastId = 0;

  constructor(clientId: string, print: (line: string) => void) {
    this.#name = clientId || '(null)';
    this.#print = print;
  }

  sent(packet: Packet): void {
    if (isNumbered(packet)) this.#lastId = packet.packetId ?? this.#lastId + 1;
    for (const words of this.#sentLines(packet)) this.#print(`Client ${this.#name} sending ${words}`);
  }

  received(packet: Packet): void {
    if (packet.type === 'connack') this.#name = packet.properties?.assignedClientIdentifier ?? this.#name;
    if (packet.type === 'disconnect') return this.#print(`Received DISCONNECT (${packet.reasonCode})`);
    this.#print(`Client ${this.#name} received ${receivedLine(packet)}`);
  }

  #sentLines(packet: Packet): string[] {
    const name = packet.type.toUpperCase();
    switch (packet.type) {
      case 'publish':
        return [`${name} ${publishWords(packet, packet.packetId ?? this.#lastId)}`];
      case 'puback':
      case 'pubrec':
        return [`${name} (m${packet.packetId}, rc${packet.reasonCode})`];
      case 'pubrel':
      case 'pubcomp':
        return [`${name} (m${packet.packetId})`];
      case 'subscribe':
        return packet.subscriptions.map(
          (one) =>
            `${name} (Mid: ${packet.packetId}, Topic: ${one.topicFilter}, QoS: ${one.qos}, Options: ${optionsOf(one)})`,
        );
      case 'unsubscribe':
        return packet.topicFilters.map((one) => `${name} (Mid: ${packet.packetId}, Topic: ${one})`);
      default:
        return [name];
    }
  }
}

function isNumbered(packet: Packet): packet is Publish | Subscribe | Unsubscribe {
  return packet.type === 'publish' || packet.type === 'subscribe' || packet.type === 'unsubscribe';
}

function receivedLine(packet: Packet): string {
  const name = packet.type.toUpperCase();
  switch (packet.type) {
    case 'connack':
      return `${name} (${packet.reasonCode})`;
    case 'publish':
      return `${name} ${publishWords(packet, packet.packetId ?? 0)}`;
    case 'puback':
    case 'pubcomp':
      return `${name} (Mid: ${packet.packetId}, RC:${packet.reasonCode})`;
    case 'pubrec':
    case 'pubrel':
      return `${name} (Mid: ${packet.packetId})`;
    default:
      return name;
  }
}

function publishWords({ dup, qos, retain, topic, payload }: Publish, id: number): string {
  const flags = `d${Number(dup)}, q${qos}, r${Number(retain)}, m${id}`;
  return `(${flags}, '${topic || '(null)'}', ... (${payload.length} bytes))`;
}

/** The options but for the QoS, as they stand in their byte (5.0, section 3.8.3.1). */
function optionsOf({ noLocal, retainAsPublished, retainHandling }: Subscription): string {
  const bits = (Number(noLocal) << 2) | (Number(retainAsPublished) << 3) | (retainHandling << 4);
  return `0x${bits.toString(16).padStart(2, '0')}`;
}
