// Which packet answers which, within one session: acknowledgements find their publications and requests by packet identifier,
// across connections where the session outlives them. Knows the order of the steps; what is left over is told when a session
// ends.
import { FAILURE, type Packet, type PacketType, packetName } from '../codec/index.ts';
import { type CapturedPacket, opposite } from './conversation.ts';
import type { FindingId } from './finding.ts';

/** Told of what is found at a packet. */
export type Tell = (
  id: FindingId,
  packet: CapturedPacket,
  values?: Readonly<Record<string, string | number>>,
) => void;

interface StepRow {
  /** What has to come next. */
  awaits: PacketType;
  /** What to say if it never comes. */
  missing: FindingId;
}

/** The steps after which an exchange is still open. */
const STEPS = {
  'publish QoS 1': { awaits: 'puback', missing: 'publishUnacknowledged' },
  'publish QoS 2': { awaits: 'pubrec', missing: 'receiptMissing' },
  pubrec: { awaits: 'pubrel', missing: 'releaseMissing' },
  pubrel: { awaits: 'pubcomp', missing: 'completionMissing' },
  subscribe: { awaits: 'suback', missing: 'subscribeUnanswered' },
  unsubscribe: { awaits: 'unsuback', missing: 'unsubscribeUnanswered' },
} as const satisfies Record<string, StepRow>;

type Step = keyof typeof STEPS;

interface Exchange {
  step: Step;
  packetId: number;
  /** The packet that made the step. */
  packet: CapturedPacket;
}

/** Says that one packet answers another. */
export function tie(answer: CapturedPacket, question: CapturedPacket): void {
  answer.answers = question.number;
  question.answeredBy = answer.number;
}

export class Exchanges {
  /** By the direction of the packet that began it, and its identifier: the two ends choose theirs without the other. */
  readonly #open = new Map<string, Exchange>();
  readonly #tell: Tell;

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  /** @param isWhole whether the capture can be expected to have what this packet answers */
  take(packet: CapturedPacket, read: Packet, isWhole: boolean): void {
    switch (read.type) {
      case 'publish':
        if (read.qos > 0)
          this.#begin(
            packet,
            read.packetId as number,
            read.qos === 1 ? 'publish QoS 1' : 'publish QoS 2',
            read.dup,
          );
        return;
      case 'subscribe':
      case 'unsubscribe':
        return this.#begin(packet, read.packetId, read.type, false);
      case 'pubrec':
        return this.#answer(
          packet,
          read.packetId,
          read.type,
          read.reasonCode < FAILURE ? 'pubrec' : undefined,
          isWhole,
        );
      case 'pubrel':
        return this.#answer(packet, read.packetId, read.type, 'pubrel', isWhole);
      case 'puback':
      case 'pubcomp':
      case 'suback':
      case 'unsuback':
        return this.#answer(packet, read.packetId, read.type, undefined, isWhole);
      case 'connect':
      case 'connack':
      case 'pingreq':
      case 'pingresp':
      case 'disconnect':
      case 'auth':
        return;
      default:
        return read satisfies never;
    }
  }

  /** The connection is over: what was asked on it is not answered any more. */
  endConnection(): void {
    this.#leave(({ step }) => step === 'subscribe' || step === 'unsubscribe');
  }

  /** The broker had no session for a new connection: nothing of older ones goes on. */
  endBefore(stream: number): void {
    this.#leave(({ packet }) => packet.stream !== stream);
  }

  /** The session is over, or the capture. */
  end(): void {
    this.#leave(() => true);
  }

  #leave(isOver: (exchange: Exchange) => boolean): void {
    for (const [key, exchange] of this.#open) {
      if (!isOver(exchange)) continue;
      this.#open.delete(key);
      this.#tell(STEPS[exchange.step].missing, exchange.packet, { packetId: exchange.packetId });
    }
  }

  #begin(packet: CapturedPacket, packetId: number, step: Step, isRepeated: boolean): void {
    const key = `${packet.direction} ${packetId}`;
    const before = this.#open.get(key);
    if (before !== undefined) {
      if (isRepeated) this.#repeat(packet, before);
      else this.#tell('packetIdInUse', packet, { packet: nameOf(packet), packetId });
    }
    this.#open.set(key, { step, packetId, packet });
  }

  /** @param next the step that this makes; undefined where it is the last */
  #answer(
    packet: CapturedPacket,
    packetId: number,
    type: PacketType,
    next: Step | undefined,
    isWhole: boolean,
  ): void {
    const key = `${type === 'pubrel' ? packet.direction : opposite(packet.direction)} ${packetId}`;
    const before = this.#open.get(key);
    if (before !== undefined && STEPS[before.step].awaits === type) tie(packet, before.packet);
    else if (before !== undefined && before.step === type) this.#repeat(packet, before);
    else if (isWhole) this.#tell('answersNothing', packet, { packet: nameOf(packet), packetId });
    if (next !== undefined) this.#open.set(key, { step: next, packetId, packet });
    else if (before !== undefined && STEPS[before.step].awaits === type) this.#open.delete(key);
    else if (type === 'pubrec') this.#open.delete(key);
  }

  #repeat(packet: CapturedPacket, before: Exchange): void {
    packet.repeats = before.packet.number;
    this.#tell('sentAgain', packet, { packet: nameOf(packet), packetId: before.packetId });
  }
}

export function nameOf({ type }: CapturedPacket): string {
  return type === undefined ? 'A packet' : packetName(type);
}
