// The retained messages: at most one for each topic name. They belong to the topic, not to any session [v3 MQTT-3.1.2-7].
import { Trie } from './trie.ts';

/** Each topic holds one value, so one key serves all. */
const ONE = 0;

export class Retained<Message extends { topic: string }> {
  readonly #trie = new Trie<typeof ONE, Message>();
  readonly #changed: (topic: string, message?: Message) => void;
  #count = 0;

  /** @param changed told of each topic that has another message, or none any more */
  constructor(changed: (topic: string, message?: Message) => void = () => {}) {
    this.#changed = changed;
  }

  /** How many topics have a retained message. */
  get size(): number {
    return this.#count;
  }

  /** Puts a message in place of the topic's earlier one, which is returned. */
  store(message: Message): Message | undefined {
    const before = this.#trie.set(message.topic, ONE, message);
    if (before === undefined) this.#count++;
    this.#changed(message.topic, message);
    return before;
  }

  /** Removes the topic's message. Returns whether there was one. */
  remove(topic: string): boolean {
    if (this.#trie.delete(topic, ONE) === undefined) return false;
    this.#count--;
    this.#changed(topic);
    return true;
  }

  get(topic: string): Message | undefined {
    return this.#trie.get(topic, ONE);
  }

  /** The messages whose topic the filter matches [v3 MQTT-3.3.1-6] [v5 MQTT-3.3.1-9]. */
  match(topicFilter: string): Message[] {
    const found: Message[] = [];
    this.#trie.matchFilter(topicFilter, (message) => found.push(message));
    return found;
  }

  snapshot(): Message[] {
    const found: Message[] = [];
    this.#trie.visitAll((message) => found.push(message));
    return found;
  }
}
