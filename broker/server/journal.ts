// The seam between a broker and whoever keeps its state beyond the broker's own end. Knows that something has changed; what of
// it is kept, in what form and where, is known to who listens.
import type { Message } from './message.ts';
import type { Session } from './session.ts';

/** Told of all that a broker would miss if it ended now. What is told of is to be looked at when the turn is over, not before. */
export interface Journal {
  /**
   * Something of a session has changed, or may have: who its client is, its will, what is owed in both directions.
   * @param topicFilter the subscription that was made, replaced or taken back, if it was one
   */
  changed(session: Session, topicFilter?: string): void;
  /** A session is over, and with it all that it held. Nothing more is told of it. */
  ended(session: Session): void;
  /** A topic has another retained message, or none. */
  retained(topic: string, message: Message | undefined): void;
}
