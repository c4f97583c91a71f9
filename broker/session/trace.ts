// What happened, one event at a time, in the order of happening: the one stream that figures, goals, the live page and the
// tests read. Knows the shapes of events; draws no conclusion from them.
import type { Fault, StatementId, Version } from '../codec/index.ts';

interface Happening {
  /** Milliseconds on the clock of the host. */
  at: number;
  /** Who noticed: `broker`, or the name of a client. */
  by: string;
  /** The network connection it happened on, numbered from 1 by the party that noticed. */
  connection?: number;
  /** The client that it is about, once its identifier is known. */
  clientId?: string;
  /** The statement that ruled it. */
  rule?: StatementId | undefined;
}

/** Something that a party did, or that was done to it. */
export type Event =
  /** A network connection began. `peer` is what the host calls the other end. */
  | { kind: 'opened'; peer: string }
  /** A network connection ended before it could carry MQTT, as where both ends found no way to speak TLS. */
  | { kind: 'failed'; peer: string; reason: string }
  /** A network connection ended. `reason` is there when this end closed it, and says why. */
  | { kind: 'closed'; reason?: string }
  /** A packet came in, or went out. `frame` is its bytes. */
  | { kind: 'received'; frame: Uint8Array; version: Version }
  | { kind: 'sent'; frame: Uint8Array; version: Version }
  /** What came in was not a packet, or was forbidden. */
  | { kind: 'malformed'; frame: Uint8Array; version: Version; fault: Fault }
  /** A client that connects is taken for somebody else than its CONNECT says, as where a certificate names it. */
  | { kind: 'identified'; username: string | undefined }
  /** A request was turned down. */
  | { kind: 'refused'; reasonCode: number; what: 'connect' | 'publish' | 'subscribe' | 'unsubscribe' }
  | { kind: 'session'; action: 'created' | 'resumed' | 'discarded' | 'kept' | 'taken over' | 'expired' }
  | { kind: 'subscribed' | 'unsubscribed'; topicFilter: string }
  /** Who asked for a message that came in. */
  | { kind: 'matched'; topic: string; matches: { clientId: string; topicFilter: string; qos: number }[] }
  /** A message waits: its receiver is away, or has as many in flight as it takes. */
  | { kind: 'queued'; topic: string; qos: number }
  /** A message was let go of without delivery. */
  | {
      kind: 'dropped';
      topic: string;
      qos: number;
      why: 'queue full' | 'offline' | 'too large' | 'expired' | 'refused';
    }
  | { kind: 'retained'; topic: string; action: 'stored' | 'replaced' | 'removed' }
  | { kind: 'will'; topic: string; action: 'stored' | 'delayed' | 'published' | 'deleted' }
  /** A QoS 2 PUBLISH came again and was not passed on again. */
  | { kind: 'duplicate'; packetId: number }
  /** The keep alive ran out. */
  | { kind: 'silent'; keepAlive: number }
  /** An application was handed a message. */
  | { kind: 'delivered'; topic: string; payload: Uint8Array; qos: number; retain: boolean; dup: boolean };

export type TraceEvent = Happening & Event;

/** Where events go. */
export type Trace = (event: TraceEvent) => void;
