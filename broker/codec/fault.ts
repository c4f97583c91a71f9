// Everything that can be wrong with a packet, as one table: the sentence, the reason code with which MQTT 5.0 answers, and
// the statement that is broken. Knows nothing of how a fault is found: the readers find what cannot be read, `validate.ts`
// finds what can be read and is forbidden all the same.
import type { Rule, StatementId } from './field.ts';
import type { Version } from './packet.ts';
import { REASON } from './reason.ts';

interface FaultRow extends Rule {
  /** The sentence; `{name}` stands for a value of that name. */
  text: string;
  reasonCode: number;
}

const malformed = REASON.MalformedPacket;
const protocolError = REASON.ProtocolError;

/** Source: the statement in each row; where a row has none, the standard says so without a number. */
// biome-ignore format: a table, a row to each line
export const FAULTS = {
  // The frame
  breaksOff: { text: 'The packet breaks off. Missing bytes: {missing}.', reasonCode: malformed },
  bytesAfterEnd: { text: 'The packet has ended. Bytes behind it: {count}.', reasonCode: malformed },
  packetTooLarge: { text: 'The packet has {length} bytes, and {maximum} are allowed.', reasonCode: REASON.PacketTooLarge },
  varintTooLong: { text: '{field} takes more than four bytes.', reasonCode: malformed },
  varintNotShortest: { text: '{field} is written in more bytes than {value} needs.', reasonCode: malformed, v5: 'MQTT-1.5.5-1' },
  typeReserved: { text: 'Control Packet type {value} is reserved.', reasonCode: malformed },
  flagsReserved: { text: 'The flags of {packet} are {expected}, not {actual}.', reasonCode: malformed, v3: 'MQTT-2.2.2-2', v5: 'MQTT-2.1.3-1' },
  fieldTooLong: { text: '{needed} bytes are needed for {field}, and {left} are left.', reasonCode: malformed },
  bytesLeftOver: { text: 'Behind the last field there is more. Bytes left over: {count}.', reasonCode: malformed },
  notUtf8: { text: '{field} is not UTF-8: no character has these bytes.', reasonCode: malformed, v3: 'MQTT-1.5.3-1', v5: 'MQTT-1.5.4-1' },
  surrogate: { text: '{field} holds a surrogate code point, which is half a character.', reasonCode: malformed, v3: 'MQTT-1.5.3-1', v5: 'MQTT-1.5.4-1' },
  nullCharacter: { text: '{field} holds the character U+0000.', reasonCode: malformed, v3: 'MQTT-1.5.3-2', v5: 'MQTT-1.5.4-2' },

  // CONNECT and CONNACK
  protocolName: { text: 'The protocol name is “{value}”, not MQTT.', reasonCode: REASON.UnsupportedProtocolVersion, v3: 'MQTT-3.1.2-1', v5: 'MQTT-3.1.2-1' },
  protocolVersion: { text: 'There is no protocol {name} with the version {value}.', reasonCode: REASON.UnsupportedProtocolVersion, v3: 'MQTT-3.1.2-2', v5: 'MQTT-3.1.2-2' },
  connectReserved: { text: 'The reserved bit of the Connect Flags is set.', reasonCode: malformed, v3: 'MQTT-3.1.2-3', v5: 'MQTT-3.1.2-3' },
  willQoSWithoutWill: { text: 'Will QoS is {value}, and there is no will.', reasonCode: malformed, v3: 'MQTT-3.1.2-13', v5: 'MQTT-3.1.2-11' },
  willRetainWithoutWill: { text: 'Will Retain is set, and there is no will.', reasonCode: malformed, v3: 'MQTT-3.1.2-15', v5: 'MQTT-3.1.2-13' },
  willQoSThree: { text: 'There is no QoS {value}, for a will either.', reasonCode: malformed, v3: 'MQTT-3.1.2-14', v5: 'MQTT-3.1.2-12' },
  passwordAlone: { text: 'There is a password but no user name.', reasonCode: malformed, v3: 'MQTT-3.1.2-22' },
  clientIdEmpty: { text: 'An empty client identifier needs Clean Session 1.', reasonCode: REASON.ClientIdentifierNotValid, v3: 'MQTT-3.1.3-8' },
  clientIdMissing: { text: 'MQTT 3.1 has no empty client identifier.', reasonCode: REASON.ClientIdentifierNotValid },
  connackReserved: { text: 'The reserved bits of the Connect Acknowledge Flags are not 0.', reasonCode: malformed, v5: 'MQTT-3.2.2-1' },
  sessionPresentRefused: { text: 'A refused connection has no session: Session Present is 0.', reasonCode: protocolError, v3: 'MQTT-3.2.2-4', v5: 'MQTT-3.2.2-6' },

  // PUBLISH
  qosThree: { text: 'There is no QoS 3.', reasonCode: malformed, v3: 'MQTT-3.3.1-4', v5: 'MQTT-3.3.1-4' },
  dupAtQoS0: { text: 'DUP is set at QoS 0, where nothing is ever sent again.', reasonCode: protocolError, v3: 'MQTT-3.3.1-2', v5: 'MQTT-3.3.1-2' },
  topicEmpty: { text: '{field} is empty.', reasonCode: protocolError, v3: 'MQTT-4.7.3-1', v5: 'MQTT-4.7.3-1' },
  topicWildcard: { text: '{field} has the wildcard {value} in it, which only a filter may have.', reasonCode: REASON.TopicNameInvalid, v3: 'MQTT-3.3.2-2', v5: 'MQTT-3.3.2-2' },
  packetIdZero: { text: 'The packet identifier is 0.', reasonCode: protocolError, v3: 'MQTT-2.3.1-1', v5: 'MQTT-2.2.1-3' },

  // SUBSCRIBE and UNSUBSCRIBE
  noSubscriptions: { text: 'SUBSCRIBE asks for nothing: at least one topic filter belongs to it.', reasonCode: protocolError, v3: 'MQTT-3.8.3-3', v5: 'MQTT-3.8.3-2' },
  noTopicFilters: { text: 'UNSUBSCRIBE names nothing: at least one topic filter belongs to it.', reasonCode: protocolError, v3: 'MQTT-3.10.3-2', v5: 'MQTT-3.10.3-2' },
  optionsReserved: { text: 'Reserved bits behind the topic filter are set.', reasonCode: malformed, v3: 'MQTT-3.8.3-4', v5: 'MQTT-3.8.3-5' },
  requestedQoSThree: { text: 'There is no QoS 3 to ask for.', reasonCode: protocolError, v3: 'MQTT-3.8.3-4' },
  retainHandlingThree: { text: 'There is no Retain Handling 3.', reasonCode: protocolError },
  filterMultiLevel: { text: 'The wildcard # stands alone or straight behind a slash, and at the end.', reasonCode: malformed, v3: 'MQTT-4.7.1-2', v5: 'MQTT-4.7.1-1' },
  filterSingleLevel: { text: 'The wildcard + fills a whole level.', reasonCode: malformed, v3: 'MQTT-4.7.1-3', v5: 'MQTT-4.7.1-2' },
  shareNameEmpty: { text: 'Behind $share/ comes a share name of at least one character.', reasonCode: malformed, v5: 'MQTT-4.8.2-1' },
  shareNameInvalid: { text: 'A share name has no wildcard, and a slash and a topic filter follow it.', reasonCode: malformed, v5: 'MQTT-4.8.2-2' },
  shareNoLocal: { text: 'No Local is not for shared subscriptions.', reasonCode: protocolError, v5: 'MQTT-3.8.3-4' },
  noReasonCodes: { text: 'There is no reason code: one for each topic filter belongs here.', reasonCode: malformed, v3: 'MQTT-3.8.4-5', v5: 'MQTT-3.8.4-6' },

  // Reason codes and properties
  reasonUnknown: { text: '{packet} has no reason code {value}.', reasonCode: protocolError },
  propertyUnknown: { text: 'No property has the identifier {value}.', reasonCode: malformed },
  propertyMisplaced: { text: '{property} is not a property of {packet}.', reasonCode: malformed },
  propertyRepeated: { text: '{property} is there twice.', reasonCode: protocolError },
  propertyNotFlag: { text: '{property} is {value}; it can be 0 or 1.', reasonCode: protocolError },
  propertyZero: { text: '{property} may not be 0.', reasonCode: protocolError },
  topicAliasZero: { text: 'There is no topic alias 0.', reasonCode: REASON.TopicAliasInvalid, v5: 'MQTT-3.3.2-8' },
  responseTopicWildcard: { text: 'The response topic has the wildcard {value} in it.', reasonCode: protocolError, v5: 'MQTT-3.3.2-14' },
  authenticationMethodMissing: { text: 'AUTH names no Authentication Method.', reasonCode: protocolError },
  authenticationDataAlone: { text: 'There is Authentication Data but no Authentication Method.', reasonCode: protocolError },
} as const satisfies Record<string, FaultRow>;

export type FaultId = keyof typeof FAULTS;

/** What is wrong with a packet, and where. */
export interface Fault {
  id: FaultId;
  /** The byte at which it shows, counted from the start of the packet. */
  offset: number;
  /** The bits of that byte, where it is not the whole of it: 7 is the highest. */
  bits?: [high: number, low: number] | undefined;
  /** How an MQTT 5.0 receiver answers. */
  reasonCode: number;
  rule?: StatementId | undefined;
  /** The row's sentence with its values in place. */
  message: string;
  values: Readonly<Record<string, string | number>>;
}

/** A packet that must not be acted on. Thrown by `decode`, and caught once per connection. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.message} (byte ${fault.offset}${fault.rule ? `, ${fault.rule}` : ''})`);
    this.fault = fault;
  }
}

/**
 * Fills in a row of the table.
 * @param rule the statement, where it is a narrower one than the row's
 */
export function fault(
  id: FaultId,
  version: Version,
  offset: number,
  values: Fault['values'] = {},
  bits?: Fault['bits'],
  rule?: Rule,
): Fault {
  const row: FaultRow = FAULTS[id];
  const message = fill(row.text, values);
  return {
    id,
    offset,
    bits,
    reasonCode: row.reasonCode,
    rule: ruleOf(rule ?? row, version),
    message,
    values,
  };
}

/** The statement of a rule in one version. */
export function ruleOf(rule: Rule, version: Version): StatementId | undefined {
  return version === 5 ? rule.v5 : rule.v3;
}

function fill(text: string, values: Fault['values']): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}
