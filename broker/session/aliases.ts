// Topic aliases of MQTT 5.0, for one direction of one connection: small numbers that stand for topic names. They end with
// the connection [v5 MQTT-3.3.2-7].

/** What an alias takes in a packet: its identifier and two bytes. A topic no longer than that is not worth one. */
const ALIAS_LENGTH = 3;

/** The sender's side: which topics have a number. */
export class OutboundAliases {
  readonly #numbers = new Map<string, number>();
  readonly #maximum: number;

  /** @param maximum the Topic Alias Maximum that the receiver announced; 0 is none [v5 MQTT-3.1.2-26, MQTT-3.1.2-27] */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** How to name a topic: by its name alone, by name and number the first time, by number alone after that. */
  shorten(topic: string): { topic: string; topicAlias?: number } {
    const known = this.#numbers.get(topic);
    if (known !== undefined) return { topic: '', topicAlias: known };
    if (topic.length <= ALIAS_LENGTH || this.#numbers.size >= this.#maximum) return { topic };
    const topicAlias = this.#numbers.size + 1;
    this.#numbers.set(topic, topicAlias);
    return { topic, topicAlias };
  }
}

/** The receiver's side: what each number stands for. */
export class InboundAliases {
  readonly #topics = new Map<number, string>();
  readonly #maximum: number;

  /** @param maximum the Topic Alias Maximum that we announced [v5 MQTT-3.3.2-10, MQTT-3.3.2-12] */
  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** The topic of a PUBLISH; `invalid` for a number that we did not offer, `unknown` for one that stands for nothing yet. */
  resolve(topic: string, topicAlias: number | undefined): { topic: string } | 'invalid' | 'unknown' {
    if (topicAlias === undefined) return { topic };
    if (topicAlias > this.#maximum) return 'invalid';
    if (topic !== '') this.#topics.set(topicAlias, topic);
    const meant = this.#topics.get(topicAlias);
    return meant === undefined ? 'unknown' : { topic: meant };
  }
}
