// All subscriptions of a broker, found by topic name. Knows filters, options and shared groups; of those who subscribe it
// knows only that they are told apart.
import type { Subscription } from '../codec/index.ts';
import { parseShared } from './filter.ts';
import { Group } from './shared.ts';
import { Trie } from './trie.ts';

/** A subscription and whose it is. */
export interface Entry<Holder> {
  readonly holder: Holder;
  readonly subscription: Subscription;
  /** The Subscription Identifier that came with it, in 5.0. */
  readonly identifier: number | undefined;
}

export class Subscriptions<Holder> {
  readonly #own = new Trie<Holder, Entry<Holder>>();
  readonly #shared = new Trie<string, Group<Holder, Entry<Holder>>>();

  /** Adds a subscription in place of the holder's earlier one to the same filter [v3 MQTT-3.8.4-3] [v5 MQTT-3.8.4-3]. Returns whether there was one. */
  add(entry: Entry<Holder>): boolean {
    const { holder, subscription } = entry;
    const parsed = parseShared(subscription.topicFilter);
    if (parsed === undefined) return this.#own.set(subscription.topicFilter, holder, entry) !== undefined;
    const { share, topicFilter } = parsed;
    let group = this.#shared.get(topicFilter, share);
    if (group === undefined) {
      group = new Group();
      this.#shared.set(topicFilter, share, group);
    }
    const before = group.get(holder) !== undefined;
    group.set(holder, entry);
    return before;
  }

  /** Takes away the holder's subscription to exactly this filter [MQTT-3.10.4-1]. Returns whether there was one. */
  remove(holder: Holder, topicFilter: string): boolean {
    const parsed = parseShared(topicFilter);
    if (parsed === undefined) return this.#own.delete(topicFilter, holder) !== undefined;
    const group = this.#shared.get(parsed.topicFilter, parsed.share);
    if (!group?.delete(holder)) return false;
    if (group.isEmpty) this.#shared.delete(parsed.topicFilter, parsed.share);
    return true;
  }

  /**
   * Who gets a message: every holder of a matching subscription, and of each matching group the member whose turn it is.
   * @param isReady whether a holder can take a message right now; a group prefers those who can
   */
  match(
    topic: string,
    isReady: (holder: Holder) => boolean,
  ): { own: Entry<Holder>[]; shared: Entry<Holder>[] } {
    const own: Entry<Holder>[] = [];
    const shared: Entry<Holder>[] = [];
    this.#own.matchName(topic, (entry) => own.push(entry)); // [MQTT-3.3.2-3]
    this.#shared.matchName(topic, (group) => {
      const entry = group.next(isReady);
      if (entry !== undefined) shared.push(entry);
    });
    return { own, shared };
  }
}
