// Who may connect, publish and subscribe. Knows the questions; the answers are the host's.
import { type Connect, REASON } from '../codec/index.ts';

export interface Access {
  /**
   * Whether a client may connect. Calls `decide` with reason code 0 or with a refusal, at once or later: until then the
   * connection waits and nothing that the client sends is handled.
   */
  connect(connect: Connect, peer: string, decide: (reasonCode: number) => void): void;
  publish(client: Caller, topic: string): boolean;
  subscribe(client: Caller, topicFilter: string): boolean;
}

/** Whose wish it is. */
export interface Caller {
  readonly clientId: string;
  readonly username: string | undefined;
}

/** Lets everybody do everything but write to the broker's own topics. */
export const OPEN: Access = {
  connect: (_connect, _peer, decide) => decide(REASON.Success),
  publish: (_client, topic) => !topic.startsWith('$SYS/'),
  subscribe: () => true,
};
