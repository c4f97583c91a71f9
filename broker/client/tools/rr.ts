// mosquitto_rr: publishes a request, and prints the first message on the topic of the response. Knows the order of the two;
// how a message is printed stands in `output.ts`.
import { FAILURE, type Publish, REASON, type Suback } from '../../codec/index.ts';
import { type Plan, run } from './command.ts';
import { Problem, WrongUsage } from './complaint.ts';
import type { Conversation, Role } from './conversation.ts';
import type { ToolHost } from './host.ts';
import { printMessage } from './output.ts';
import { payloadOf } from './payload.ts';
import { reasonText } from './reasons.ts';

const PLAN: Plan = {
  tool: 'rr',
  async prepare(settings, host) {
    const { topics, source, responseTopic, properties } = settings;
    const payload = await payloadOf(source, host);
    if (topics.length === 0 || source === undefined || responseTopic === undefined)
      throw new WrongUsage('Error: All of topic, message, and response topic must be supplied.');
    if (properties.publish.responseTopic !== undefined)
      throw new Problem('Error in PUBLISH properties: Duplicate response topic.');
    properties.publish = { ...properties.publish, responseTopic };
    return payload;
  },
  role: (conversation, host, payload) => new Requester(conversation, host, payload),
};

/**
 * Runs mosquitto_rr.
 * @param words its command line, without its name
 * @returns the exit code: 0, 1 for what does not begin, 27 after `-W`, the code of a CONNACK that refuses, or 7 if the
 *   connection is lost
 */
export function rr(words: readonly string[], host: ToolHost): Promise<number> {
  return run(PLAN, words, host);
}

class Requester implements Role {
  readonly persists = false;
  readonly #conversation: Conversation;
  readonly #host: ToolHost;
  readonly #payload: Uint8Array;

  constructor(conversation: Conversation, host: ToolHost, payload: Uint8Array) {
    this.#conversation = conversation;
    this.#host = host;
    this.#payload = payload;
  }

  connected(): void {
    const { responseTopic = '', qos } = this.#conversation.settings;
    this.#conversation.subscribe([{ topicFilter: responseTopic, qos }]);
  }

  subscribed({ reasonCodes: [code = FAILURE] }: Suback): void {
    if (code < FAILURE) return this.#request();
    this.#conversation.complain(reasonText(code));
    this.#conversation.leave();
  }

  /** The originals end here without a DISCONNECT. */
  received(message: Publish): void {
    const { settings } = this.#conversation;
    if (message.retain && settings.isWithoutRetained) return;
    printMessage(message, settings, this.#host);
    this.#conversation.finish();
  }

  refusal(code: number): ReturnType<Role['refusal']> {
    const { version } = this.#conversation.settings;
    const hint = '. mosquitto_rr only supports connecting to an MQTT v5 broker';
    const isVersion = version === 5 && code === REASON.UnsupportedProtocolVersion;
    return { line: `${reasonText(code)}${isVersion ? hint : ''}` };
  }

  #request(): void {
    const { topics, qos } = this.#conversation.settings;
    const message = {
      topic: topics.at(-1) ?? '',
      payload: this.#payload,
      qos,
      properties: this.#conversation.propertiesOf('publish'),
    };
    const refusal = this.#conversation.publishRefusal(message);
    if (refusal === undefined) return this.#conversation.publish(message);
    this.#conversation.complain(`Error: ${refusal}.`);
    this.#conversation.leave();
  }
}
