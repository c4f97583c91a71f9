// What a client has asked for so far, from what it was made to do. Knows no broker, and so not what was granted.
import type { Input } from '#broker/index.ts';

/** The topic filters that a client asked for and has not let go of. */
export function askedFor(inputs: readonly Input[], client: string): string[] {
  const filters = new Set<string>();
  for (const input of inputs) {
    if (input.do === 'subscribe' && input.client === client) filters.add(input.topicFilter);
    if (input.do === 'unsubscribe' && input.client === client) filters.delete(input.topicFilter);
  }
  return [...filters];
}
