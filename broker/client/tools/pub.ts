// mosquitto_pub: publishes a message once or several times, or each line of its input, and ends when the broker has it all. Knows
// when the next message is due; what a session owes is the client's business.
import type { Connack } from '../../codec/index.ts';
import type { Outgoing } from '../client.ts';
import { type Plan, run } from './command.ts';
import { WrongUsage } from './complaint.ts';
import type { Conversation, Role } from './conversation.ts';
import type { ToolHost } from './host.ts';
import { linesOf, payloadOf } from './payload.ts';
import { ERROR, refusalText } from './reasons.ts';

const PLAN: Plan = {
  tool: 'pub',
  async prepare({ topics, source }, host) {
    const payload = await payloadOf(source, host);
    if (topics.length > 0 && source !== undefined) return payload;
    throw new WrongUsage('Error: Both topic and message must be supplied.', true);
  },
  role: (conversation, host, payload) => new Publisher(conversation, host, payload),
};

/**
 * Runs mosquitto_pub.
 * @param words its command line, without its name
 * @returns the exit code: 0, 1 for what does not begin, the code of a CONNACK that refuses, or one of libmosquitto's
 */
export function pub(words: readonly string[], host: ToolHost): Promise<number> {
  return run(PLAN, words, host);
}

class Publisher implements Role {
  readonly persists = false;
  readonly #conversation: Conversation;
  readonly #host: ToolHost;
  readonly #payload: Uint8Array;
  readonly #topic: string;
  #published = 0;
  #settled = 0;
  #isLast = false;
  #maximumQoS = 2;
  /** Lets the next line through. */
  #proceed: () => void = () => {};

  constructor(conversation: Conversation, host: ToolHost, payload: Uint8Array) {
    this.#conversation = conversation;
    this.#host = host;
    this.#payload = payload;
    this.#topic = conversation.settings.topics.at(-1) ?? '';
  }

  connected({ properties }: Connack): void {
    this.#maximumQoS = properties?.maximumQoS ?? 2;
    if (this.#conversation.settings.source?.from === 'lines') void this.#publishLines();
    else this.#publish(this.#payload);
  }

  acknowledged(): void {
    this.#settled++;
    this.#proceed();
    const { source, repeat, repeatDelay } = this.#conversation.settings;
    if (source?.from === 'lines') return this.#leaveIfDone();
    if (this.#settled >= repeat) return this.#conversation.leave();
    this.#conversation.after(repeatDelay, () => this.#publish(this.#payload));
  }

  drained(): void {
    this.#proceed();
  }

  refusal(code: number): ReturnType<Role['refusal']> {
    const { version } = this.#conversation.settings;
    return { line: refusalText(version, code), error: code < 6 ? ERROR.refused : ERROR.protocol };
  }

  #publish(payload: Uint8Array): void {
    const message = this.#message(payload);
    const refusal = this.#conversation.publishRefusal(message);
    if (refusal !== undefined) {
      this.#conversation.complain(`Error: ${this.#words(message, refusal)}`);
      return this.#conversation.leave();
    }
    this.#published++;
    this.#conversation.publish(message);
    if (message.qos === 0) this.acknowledged();
  }

  /** From the second message on, a topic alias stands for the topic, where that is safe: at QoS 0. */
  #message(payload: Uint8Array): Outgoing {
    const { qos, retain } = this.#conversation.settings;
    const properties = this.#conversation.propertiesOf('publish');
    const isAliased = properties?.topicAlias !== undefined && this.#published > 0 && qos === 0;
    return { topic: isAliased ? '' : this.#topic, payload, qos, retain, properties };
  }

  #words({ qos }: Outgoing, refusal: string): string {
    if (this.#topic === '') return "Invalid input. Does your topic contain '+' or '#'?";
    if (qos > this.#maximumQoS) return 'Message QoS not supported on broker, try a lower QoS.';
    return `${refusal}.`;
  }

  async #publishLines(): Promise<void> {
    for await (const line of linesOf(this.#host.input())) {
      await this.#room();
      this.#conversation.tell(() => this.#publish(line));
    }
    this.#isLast = true;
    this.#conversation.tell(() => this.#leaveIfDone());
  }

  async #room(): Promise<void> {
    const { maxInflight } = this.#conversation.settings;
    while (this.#published - this.#settled >= maxInflight || this.#conversation.isCrowded)
      await new Promise<void>((resolve) => {
        this.#proceed = resolve;
      });
  }

  #leaveIfDone(): void {
    if (this.#isLast && this.#settled === this.#published) this.#conversation.leave();
  }
}
