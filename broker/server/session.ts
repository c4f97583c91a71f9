// What the broker remembers of one client, under its client identifier: subscriptions, what is owed in both directions, the
// will (3.1.1, section 3.1.2.4; 5.0, section 4.1). Lives on without a connection for as long as it was asked to.
import type { QoS, Subscription, Version, Will } from '../codec/index.ts';
import { Inbound } from '../session/inbound.ts';
import { Outbound, type OutboundSnapshot } from '../session/outbound.ts';
import type { Timer } from '../session/timers.ts';
import type { Entry } from '../topics/subscriptions.ts';
import type { Access, Caller } from './access.ts';
import type { ServerConnection } from './connection.ts';
import type { Delivery } from './message.ts';

export class Session implements Caller {
  /** Both ends file the state of a session under it [MQTT-3.1.3-2]. */
  readonly clientId: string;
  readonly subscriptions: Map<string, Entry<Session>> = new Map();
  readonly outbound: Outbound<Delivery> = new Outbound();
  readonly inbound: Inbound = new Inbound();
  /** The version that its client speaks, or last spoke. */
  version: Version;
  /** The user name that its client showed, or last showed. */
  username: string | undefined;
  /** Who decides what its client may do; undefined for the one who decides it for the whole broker. */
  access: Access | undefined;
  /** There while the client is connected. */
  connection: ServerConnection | undefined;
  /** Seconds that the session outlives its connection. */
  expiryInterval = 0;
  expiryTimer: Timer | undefined;
  /** When its last connection ended, in milliseconds; undefined while its client is connected. */
  leftAt: number | undefined;
  /** To be published unless the client says goodbye. */
  will: Will | undefined;
  /** Of a will that waits for its Will Delay Interval, or did. */
  willTimer: Timer | undefined;

  constructor(clientId: string, version: Version) {
    this.clientId = clientId;
    this.version = version;
  }

  snapshot(): SessionSnapshot {
    return {
      clientId: this.clientId,
      connected: this.connection !== undefined,
      subscriptions: [...this.subscriptions.values()].map(({ subscription }) => subscription),
      outbound: this.outbound.snapshot(({ message }) => message.topic),
      inbound: this.inbound.snapshot(),
      queued: this.outbound.waiting.map(({ message, qos }) => ({ topic: message.topic, qos })),
      ...(this.will && { will: this.will }),
    };
  }
}

/** A session as plain data. */
export interface SessionSnapshot {
  clientId: string;
  connected: boolean;
  subscriptions: Subscription[];
  outbound: OutboundSnapshot[];
  inbound: number[];
  queued: { topic: string; qos: QoS }[];
  will?: Will;
}
