// mosquitto_sub: subscribes, and prints what comes until it is told to end or has had enough. Knows which messages are printed
// and which is the last; how one is printed stands in `output.ts`.
import { FAILURE, type Publish, type Suback, utf8 } from '../../codec/index.ts';
import { matches } from '../../topics/filter.ts';
import { type Plan, run } from './command.ts';
import { Problem } from './complaint.ts';
import type { Conversation, Role } from './conversation.ts';
import type { ToolHost } from './host.ts';
import { printMessage } from './output.ts';
import { refusalText } from './reasons.ts';

const PLAN: Plan = {
  tool: 'sub',
  async prepare({ isWithoutRetained, isRetainedOnly }) {
    if (isWithoutRetained && isRetainedOnly)
      throw new Problem("\nError: Combining '-R' and '--retained-only' makes no sense.");
    return new Uint8Array();
  },
  role: (conversation, host) => new Subscriber(conversation, host),
};

/**
 * Runs mosquitto_sub.
 * @param words its command line, without its name
 * @returns the exit code: 0, 1 for what does not begin, 27 after `-W`, or the code of a CONNACK that refuses
 */
export function sub(words: readonly string[], host: ToolHost): Promise<number> {
  return run(PLAN, words, host);
}

class Subscriber implements Role {
  readonly persists = true;
  readonly #conversation: Conversation;
  readonly #host: ToolHost;
  #count = 0;
  /** Retained messages whose removal is not acknowledged. */
  #removals = 0;
  #isDone = false;

  constructor(conversation: Conversation, host: ToolHost) {
    this.#conversation = conversation;
    this.#host = host;
  }

  connected(): void {
    const { topics, qos, version, retainAsPublished, isWithoutRetained } = this.#conversation.settings;
    const options = { retainAsPublished, retainHandling: isWithoutRetained ? 2 : 0 } as const;
    this.#conversation.subscribe(
      topics.map((topicFilter) => ({ topicFilter, qos, ...(version === 5 && options) })),
    );
    for (const topicFilter of this.#conversation.settings.unsubscriptions)
      this.#conversation.unsubscribe(topicFilter);
  }

  subscribed({ packetId, reasonCodes }: Suback): void {
    const conversation = this.#conversation;
    const { isDebug, isQuiet } = conversation.settings;
    if (isDebug && !isQuiet)
      this.#host.print(utf8(`Subscribed (mid: ${packetId}): ${reasonCodes.join(', ')}\n`));
    if (reasonCodes.every((code) => code >= FAILURE)) {
      conversation.complain('All subscription requests were denied.');
      conversation.leave();
    } else if (conversation.settings.exitsAfterSubscribing) conversation.leave();
  }

  received(message: Publish): void {
    const { isWithoutRetained, isRetainedOnly, filterOuts, removesRetained, count } =
      this.#conversation.settings;
    if (this.#isDone) return;
    if (isRetainedOnly && !message.retain) return this.#stop();
    if (isWithoutRetained && message.retain) return;
    if (filterOuts.some((topicFilter) => matches(topicFilter, message.topic))) return;
    if (removesRetained && message.retain) this.#remove(message.topic);
    printMessage(message, this.#conversation.settings, this.#host);
    this.#count++;
    if (this.#count === count) this.#stop();
  }

  acknowledged(): void {
    this.#removals--;
    if (this.#isDone) this.#stop();
  }

  refusal(code: number): ReturnType<Role['refusal']> {
    return { line: refusalText(this.#conversation.settings.version, code) };
  }

  #remove(topic: string): void {
    this.#removals++;
    this.#conversation.publish({ topic, payload: new Uint8Array(), qos: 1, retain: true });
  }

  /** Takes no more messages, and leaves when nothing is owed. */
  #stop(): void {
    this.#isDone = true;
    if (this.#removals === 0) this.#conversation.leave();
  }
}
