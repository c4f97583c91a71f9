// What a figure is told: who takes part, what has happened before it begins, what has been done when the page opens, and
// what comes next. Plain data; it knows nothing of how it is drawn.
import type { Input, Setup } from '../../broker/index.ts';

/** What a party does in this story: it decides its glyph. */
export type Role = 'publisher' | 'broker' | 'subscriber' | 'both';

export interface Participant {
  /** The name of a client in the set-up, or `broker`. */
  readonly name: string;
  readonly role: Role;
}

/** Something to do that is neither a packet's nor a link's. */
export interface Offer {
  readonly name: string;
  readonly input: Input;
}

export interface Scenario {
  readonly setup: Setup;
  /** From left to right. One of them is the broker. */
  readonly participants: readonly Participant[];
  /** What happened before the figure begins: connecting and subscribing, mostly. It is not shown. */
  readonly before: readonly Input[];
  /** What has been done when the figure opens. */
  readonly opening: readonly Input[];
  /** What Step does after that, whatever is in flight, until the reader chooses otherwise. */
  readonly plan?: readonly Input[];
  /** What the reader may do at any time, under names that the page has words for. */
  readonly offers?: readonly Offer[];
  /** What this story is about, and is told of it: who gets a message, RETAIN flags, or sessions. */
  readonly tells?: 'topic' | 'retain' | 'session';
  /** What Step does when nothing is in flight. What `opening` and `plan` do of it is not done again. */
  readonly script: readonly Input[];
}

/** One of the stories that a figure can show; the reader switches between them. */
export interface Variant {
  /** Short and without spaces: it stands in links. */
  readonly key: string;
  readonly scenario: Scenario;
  /** What the switch says, in the parts that it is made of. */
  readonly qos?: 0 | 1 | 2;
  /** A name that the page has words for. */
  readonly story?: string;
}

/** The names of all who take part, as a list in words. */
export function namesOf(participants: readonly Participant[], lang: string): string {
  return new Intl.ListFormat(lang).format(participants.map(({ name }) => name));
}

/** The broker's column. */
export function middleOf(participants: readonly Participant[]): number {
  return participants.findIndex(({ role }) => role === 'broker');
}
