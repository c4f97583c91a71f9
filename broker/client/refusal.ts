// Why a client does not send what its application asks for: because of what CONNACK said of the broker, or of a rule that binds
// clients alone. What no packet may be is the codec's affair.
import type { Fault } from '../codec/index.ts';

/** A client's own refusals, each named by the words that it begins with; a number may follow. */
export type ClientRefusalId =
  | 'the broker takes no message above QoS'
  | 'the broker retains no messages'
  | 'the broker takes no topic alias above'
  | 'the broker takes no packet of more bytes than'
  | 'above QoS 0 a message needs its topic'
  | 'only a broker sends subscription identifiers';

/** A refusal, or a fault of the codec. */
export interface ClientRefusal {
  id: ClientRefusalId | Fault['id'];
  values: Fault['values'];
  /** All of it in words. */
  message: string;
}

/** @param most what is allowed, where it is a matter of that */
export function refusal(id: ClientRefusalId, most?: number): ClientRefusal {
  return most === undefined
    ? { id, values: {}, message: id }
    : { id, values: { most }, message: `${id} ${most}` };
}

/** The error that tells a refusal, which is its cause. */
export function refused(cause: ClientRefusal): RangeError {
  return new RangeError(cause.message, { cause });
}
