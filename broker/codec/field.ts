// Every field that a packet can have: the standard's term for it, the name by which Wireshark filters on it, how it is
// written down, and the statement that rules it. Knows nothing of where a field stands; the readers do.

/** The number of a statement of the standards, such as `MQTT-3.3.1-2`. */
export type StatementId = `MQTT-${string}`;

/** A rule's statement in 3.1.1 and in 5.0; either may have none. MQTT 3.1 has no numbered statements and borrows those of 3.1.1. */
export interface Rule {
  v3?: StatementId;
  v5?: StatementId;
}

/** `text`, `bytes` (colon-separated hex), `decimal`, `hex` (two digits behind 0x); a `group` has parts but no value of its own. */
export type Format = 'text' | 'bytes' | 'decimal' | 'hex' | 'group';

export interface Field {
  /** The standard's term. */
  name: string;
  /** The term in MQTT 5.0, where it differs. */
  name5?: string;
  /** Wireshark's filter name. */
  filter?: string;
  format: Format;
  rule?: Rule;
}

/** A rule that has the same number in both standards. */
function both(id: StatementId): Rule {
  return { v3: id, v5: id };
}

// biome-ignore format: a table, a row to each line
export const FIELDS = {
  fixedHeader: { name: 'Fixed header', format: 'group' },
  variableHeader: { name: 'Variable header', format: 'group' },
  payload: { name: 'Payload', format: 'group' },

  headerFlags: { name: 'Control Packet type and flags', filter: 'mqtt.hdrflags', format: 'hex' },
  packetType: { name: 'Control Packet type', filter: 'mqtt.msgtype', format: 'decimal' },
  reservedFlags: { name: 'Reserved', filter: 'mqtt.hdr_reserved', format: 'decimal', rule: { v3: 'MQTT-2.2.2-1', v5: 'MQTT-2.1.3-1' } },
  dup: { name: 'DUP flag', filter: 'mqtt.dupflag', format: 'decimal', rule: both('MQTT-3.3.1-1') },
  qos: { name: 'QoS level', filter: 'mqtt.qos', format: 'decimal', rule: both('MQTT-3.3.4-1') },
  retain: { name: 'RETAIN', filter: 'mqtt.retain', format: 'decimal', rule: both('MQTT-3.3.1-5') },
  retainUnused: { name: 'Reserved', filter: 'mqtt.retain_reserved', format: 'decimal' },
  remainingLength: { name: 'Remaining Length', filter: 'mqtt.len', format: 'decimal', rule: { v5: 'MQTT-1.5.5-1' } },

  protocolNameLength: { name: 'Protocol Name length', filter: 'mqtt.proto_len', format: 'decimal' },
  protocolName: { name: 'Protocol Name', filter: 'mqtt.protoname', format: 'text', rule: both('MQTT-3.1.2-1') },
  protocolVersion: { name: 'Protocol Level', name5: 'Protocol Version', filter: 'mqtt.ver', format: 'decimal', rule: both('MQTT-3.1.2-2') },
  connectFlags: { name: 'Connect Flags', filter: 'mqtt.conflags', format: 'hex' },
  usernameFlag: { name: 'User Name Flag', filter: 'mqtt.conflag.uname', format: 'decimal', rule: { v3: 'MQTT-3.1.2-19', v5: 'MQTT-3.1.2-17' } },
  passwordFlag: { name: 'Password Flag', filter: 'mqtt.conflag.passwd', format: 'decimal', rule: { v3: 'MQTT-3.1.2-21', v5: 'MQTT-3.1.2-19' } },
  willRetain: { name: 'Will Retain', filter: 'mqtt.conflag.retain', format: 'decimal', rule: { v3: 'MQTT-3.1.2-17', v5: 'MQTT-3.1.2-15' } },
  willQoS: { name: 'Will QoS', filter: 'mqtt.conflag.qos', format: 'decimal', rule: { v3: 'MQTT-3.1.2-14', v5: 'MQTT-3.1.2-12' } },
  willFlag: { name: 'Will Flag', filter: 'mqtt.conflag.willflag', format: 'decimal', rule: { v3: 'MQTT-3.1.2-8', v5: 'MQTT-3.1.2-7' } },
  cleanStart: { name: 'Clean Session', name5: 'Clean Start', filter: 'mqtt.conflag.cleansess', format: 'decimal', rule: { v3: 'MQTT-3.1.2-6', v5: 'MQTT-3.1.2-4' } },
  connectReserved: { name: 'Reserved', filter: 'mqtt.conflag.reserved', format: 'decimal', rule: both('MQTT-3.1.2-3') },
  keepAlive: { name: 'Keep Alive', filter: 'mqtt.kalive', format: 'decimal', rule: { v3: 'MQTT-3.1.2-24', v5: 'MQTT-3.1.2-22' } },
  clientIdLength: { name: 'Client Identifier length', filter: 'mqtt.clientid_len', format: 'decimal' },
  clientId: { name: 'Client Identifier', filter: 'mqtt.clientid', format: 'text', rule: both('MQTT-3.1.3-2') },
  willTopicLength: { name: 'Will Topic length', filter: 'mqtt.willtopic_len', format: 'decimal' },
  willTopic: { name: 'Will Topic', filter: 'mqtt.willtopic', format: 'text', rule: { v3: 'MQTT-3.1.3-10', v5: 'MQTT-3.1.3-11' } },
  willPayloadLength: { name: 'Will Message length', name5: 'Will Payload length', filter: 'mqtt.willmsg_len', format: 'decimal' },
  willPayload: { name: 'Will Message', name5: 'Will Payload', filter: 'mqtt.willmsg', format: 'bytes', rule: { v3: 'MQTT-3.1.2-9', v5: 'MQTT-3.1.2-9' } },
  usernameLength: { name: 'User Name length', filter: 'mqtt.username_len', format: 'decimal' },
  username: { name: 'User Name', filter: 'mqtt.username', format: 'text', rule: { v3: 'MQTT-3.1.3-11', v5: 'MQTT-3.1.3-12' } },
  passwordLength: { name: 'Password length', filter: 'mqtt.passwd_len', format: 'decimal' },
  password: { name: 'Password', filter: 'mqtt.passwd', format: 'text' },

  connackFlags: { name: 'Connect Acknowledge Flags', filter: 'mqtt.conack.flags', format: 'hex' },
  connackUnused: { name: 'Reserved', filter: 'mqtt.conack.flags.reserved', format: 'decimal' },
  connackReserved: { name: 'Reserved', filter: 'mqtt.conack.flags.reserved', format: 'decimal', rule: { v5: 'MQTT-3.2.2-1' } },
  sessionPresent: { name: 'Session Present', filter: 'mqtt.conack.flags.sp', format: 'decimal', rule: { v3: 'MQTT-3.2.2-2', v5: 'MQTT-3.2.2-3' } },
  connectReturnCode: { name: 'Connect Return code', filter: 'mqtt.conack.val', format: 'decimal', rule: { v3: 'MQTT-3.2.2-6' } },
  connackReason: { name: 'Connect Reason Code', filter: 'mqtt.connack.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.2.2-8' } },

  topicLength: { name: 'Topic Name length', filter: 'mqtt.topic_len', format: 'decimal' },
  topic: { name: 'Topic Name', filter: 'mqtt.topic', format: 'text', rule: both('MQTT-3.3.2-1') },
  packetId: { name: 'Packet Identifier', filter: 'mqtt.msgid', format: 'decimal', rule: { v3: 'MQTT-2.3.1-1', v5: 'MQTT-2.2.1-3' } },
  message: { name: 'Application Message', filter: 'mqtt.msg', format: 'bytes' },

  pubackReason: { name: 'PUBACK Reason Code', filter: 'mqtt.puback.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.4.2-1' } },
  pubrecReason: { name: 'PUBREC Reason Code', filter: 'mqtt.pubrec.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.5.2-1' } },
  pubrelReason: { name: 'PUBREL Reason Code', filter: 'mqtt.pubrel.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.6.2-1' } },
  pubcompReason: { name: 'PUBCOMP Reason Code', filter: 'mqtt.pubcomp.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.7.2-1' } },

  subscription: { name: 'Subscription', format: 'group' },
  topicFilterLength: { name: 'Topic Filter length', filter: 'mqtt.topic_len', format: 'decimal' },
  topicFilter: { name: 'Topic Filter', filter: 'mqtt.topic', format: 'text', rule: both('MQTT-3.8.3-1') },
  requestedQoS: { name: 'Requested QoS', filter: 'mqtt.sub.qos', format: 'decimal', rule: { v3: 'MQTT-3.8.3-4' } },
  subscriptionOptions: { name: 'Subscription Options', filter: 'mqtt.subscription_options', format: 'hex' },
  optionsReserved: { name: 'Reserved', filter: 'mqtt.subscription_options_reserved', format: 'hex', rule: { v5: 'MQTT-3.8.3-5' } },
  retainHandling: { name: 'Retain Handling', filter: 'mqtt.subscription_options_retain', format: 'decimal', rule: { v5: 'MQTT-3.3.1-9' } },
  retainAsPublished: { name: 'Retain As Published', filter: 'mqtt.subscription_options_rap', format: 'decimal', rule: { v5: 'MQTT-3.3.1-13' } },
  noLocal: { name: 'No Local', filter: 'mqtt.subscription_options_nl', format: 'decimal', rule: { v5: 'MQTT-3.8.3-3' } },
  maximumQoS: { name: 'Maximum QoS', filter: 'mqtt.subscription_options_qos', format: 'decimal', rule: { v5: 'MQTT-3.8.4-8' } },
  subackReturnCode: { name: 'Return Code', filter: 'mqtt.suback.qos', format: 'decimal', rule: { v3: 'MQTT-3.9.3-2' } },
  subackReason: { name: 'SUBACK Reason Code', filter: 'mqtt.suback.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.9.3-2' } },
  unsubackReason: { name: 'UNSUBACK Reason Code', filter: 'mqtt.unsuback.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.11.3-2' } },
  disconnectReason: { name: 'Disconnect Reason Code', filter: 'mqtt.disconnect.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.14.2-1' } },
  authReason: { name: 'Authenticate Reason Code', filter: 'mqtt.auth.reason_code', format: 'decimal', rule: { v5: 'MQTT-3.15.2-1' } },

  properties: { name: 'Properties', filter: 'mqtt.properties', format: 'group' },
  willProperties: { name: 'Will Properties', filter: 'mqtt.will_properties', format: 'group' },
  propertyLength: { name: 'Property Length', filter: 'mqtt.property_len', format: 'decimal', rule: { v5: 'MQTT-2.2.2-1' } },
  property: { name: 'Property', format: 'group' },
  propertyId: { name: 'Property Identifier', filter: 'mqtt.property_id', format: 'hex' },
  propertyNumber: { name: 'Value', filter: 'mqtt.prop_number', format: 'decimal' },
  propertyStringLength: { name: 'Value length', filter: 'mqtt.prop_string_len', format: 'decimal' },
  propertyString: { name: 'Value', filter: 'mqtt.prop_string', format: 'text' },
  propertyBytesLength: { name: 'Value length', filter: 'mqtt.prop_string_len', format: 'decimal' },
  propertyBytes: { name: 'Value', filter: 'mqtt.prop_string', format: 'bytes' },
  propertyNameLength: { name: 'Name length', filter: 'mqtt.prop_key_len', format: 'decimal' },
  propertyName: { name: 'Name', filter: 'mqtt.prop_key', format: 'text', rule: { v5: 'MQTT-1.5.7-1' } },
  propertyValueLength: { name: 'Value length', filter: 'mqtt.prop_value_len', format: 'decimal' },
  propertyValue: { name: 'Value', filter: 'mqtt.prop_value', format: 'text', rule: { v5: 'MQTT-1.5.7-1' } },
} as const satisfies Record<string, Field>;

export type FieldId = keyof typeof FIELDS;
