// Who may connect, publish and subscribe. Knows the questions; the answers are the host's.
import { type Connect, REASON } from '../codec/index.ts';

export interface Access {
  /**
   * Whether a client may connect. Calls `decide` with reason code 0 or with a refusal, at once or later: until then the
   * connection waits and nothing that the client sends is handled. With reason code 0, it may say who the client is.
   * @param connect a client that authenticated by a method of MQTT 5.0 comes with the user name that it proved
   */
  connect(connect: Connect, peer: string, decide: Decide): void;
  publish(client: Caller, topic: string): boolean;
  subscribe(client: Caller, topicFilter: string): boolean;
  /** Whether a message may be handed to a client that subscribed to it. Asked at each delivery. */
  read(client: Caller, topic: string): boolean;
  /** Whether a client that was let in may stay. Asked when rights have changed. */
  mayStay(client: Caller): boolean;
}

/** Told whether a client may connect, and who it is where that is not what its CONNECT says. */
export type Decide = (reasonCode: number, identity?: Partial<Caller>) => void;

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
  read: () => true,
  mayStay: () => true,
};
