// What can be done to a world: the list of these is the world. Plain data, so that it can be written into a link; knows
// nothing of what follows from it.
import type { ClientRefusal } from '../client/refusal.ts';
import type { QoS } from '../codec/index.ts';
import type { RefusalId } from './refusal.ts';
import type { ClientSetup } from './setup.ts';

/** What a PUBLISH carries beside its message, in 5.0. */
export interface PublishProperties {
  payloadFormatIndicator?: 0 | 1 | undefined;
  /** In seconds. */
  messageExpiryInterval?: number | undefined;
  contentType?: string | undefined;
  responseTopic?: string | undefined;
  /** As text, like payloads. */
  correlationData?: string | undefined;
  topicAlias?: number | undefined;
  userProperty?: readonly (readonly [name: string, value: string])[] | undefined;
}

export interface PublishInput {
  do: 'publish';
  client: string;
  topic: string;
  payload: string;
  qos: QoS;
  retain?: boolean | undefined;
  properties?: PublishProperties | undefined;
}

/** What is not said is as the standard has it by default. All but the QoS is of 5.0. */
export interface SubscribeInput {
  do: 'subscribe';
  client: string;
  topicFilter: string;
  qos: QoS;
  noLocal?: boolean | undefined;
  retainAsPublished?: boolean | undefined;
  retainHandling?: 0 | 1 | 2 | undefined;
  subscriptionIdentifier?: number | undefined;
}

export type Input =
  | { do: 'connect'; client: string }
  /** Says goodbye; 5.0 has more than one way to do so, and can change how many seconds the session is to last. */
  | {
      do: 'disconnect';
      client: string;
      reasonCode?: number | undefined;
      sessionExpiryInterval?: number | undefined;
    }
  /** Loses the connection: everything in flight on it, both ways. */
  | { do: 'cut'; client: string }
  /** Nothing moves on the connection, and nobody is told. */
  | { do: 'freeze' | 'thaw'; client: string }
  | PublishInput
  | SubscribeInput
  | { do: 'unsubscribe'; client: string; topicFilter: string }
  /** Lets a packet arrive, stops it, or lets it go on. */
  | { do: 'deliver' | 'hold' | 'release'; flight: number }
  /**
   * What if this were not TCP? A packet is lost and its connection lives on, arrives twice, or arrives before those that
   * were sent before it.
   */
  | { do: 'drop' | 'duplicate' | 'reorder'; flight: number }
  /** Lets time pass, in milliseconds. */
  | { do: 'wait'; time: number }
  /** The broker crashes and begins anew: all connections are lost, and so is all that it did not keep. */
  | { do: 'restart'; keeps: boolean }
  /** Somebody comes into the world who was not there at its beginning. */
  | { do: 'join'; setup: ClientSetup };

/** Why something cannot happen: a row of the table in `refusal.ts`, a refusal of a client, or a fault of the codec. */
export interface Refusal {
  id: RefusalId | ClientRefusal['id'];
  values: ClientRefusal['values'];
  /** The row's sentence with its values in place. */
  message: string;
}

/** Thrown for an input that cannot happen in the world as it is; the world is then unchanged. */
export class ImpossibleInput extends Error {
  override readonly name = 'ImpossibleInput';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}
