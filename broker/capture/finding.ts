// Everything that a capture can be found to show beyond its packets, as one table: the sentence, how much it weighs, and the
// statement it touches. Knows nothing of how a finding is made.
import { ruleOf } from '../codec/fault.ts';
import type { Rule } from '../codec/field.ts';
import type { StatementId, Version } from '../codec/index.ts';

/** `note` is worth knowing, `warning` worth a look, `error` broke a rule or lost something. */
export type Weight = 'note' | 'warning' | 'error';

interface FindingRow extends Rule {
  /** `{name}` stands for a value of that name. */
  text: string;
  weight: Weight;
}

// biome-ignore format: a table, a row to each line
export const FINDINGS = {
  // The file
  linkTypeUnknown: { text: 'Frames of link type {linkType} cannot be read. There are {count}.', weight: 'warning' },
  fragments: { text: 'Fragments of IP packets are not put together. There are {count}.', weight: 'warning' },
  cutFrames: { text: 'The capture holds only the beginning of some frames. There are {count}.', weight: 'warning' },
  secretsLate: { text: 'Secrets stand behind the packets that they belong to.', weight: 'note' },

  // TCP
  beginsInMiddle: { text: 'The capture begins in the middle of this connection.', weight: 'note' },
  resynchronised: { text: 'Reading went on at what looks like a packet, after {skipped} bytes that could not be told apart.', weight: 'warning' },
  gap: { text: 'Bytes are missing from the capture: {count}.', weight: 'warning' },
  retransmitted: { text: 'Bytes were sent again by TCP: {count}.', weight: 'note' },
  reset: { text: 'The {who} reset the connection.', weight: 'warning' },

  // TLS
  encrypted: { text: 'TLS hides what this connection carries. With a key log it can be read.', weight: 'note' },
  handshakeMissing: { text: 'The beginning of TLS is not in the capture, so that not even a key log opens it.', weight: 'note' },
  suiteUnknown: { text: 'The cipher suite {suite} cannot be opened here.', weight: 'warning' },
  sealed: { text: 'The key log does not open some TLS records. There are {count}.', weight: 'warning' },
  notTls: { text: 'What follows is no TLS record.', weight: 'error' },

  // WebSocket
  upgradeRefused: { text: 'The server refused to speak WebSocket: {status}.', weight: 'warning' },
  compressed: { text: 'The WebSocket messages are compressed, and stay closed here.', weight: 'warning' },
  textFrame: { text: 'A WebSocket frame is text; MQTT travels in binary frames.', weight: 'error', v3: 'MQTT-6.0.0-1', v5: 'MQTT-6.0.0-1' },
  notWebSocket: { text: 'What follows is no WebSocket frame.', weight: 'error' },

  // Packets
  malformed: { text: '{packet}: {fault}', weight: 'error' },
  unreadable: { text: 'What follows is no MQTT packet: its length cannot be told.', weight: 'error' },
  packetTooLarge: { text: 'A packet says that it has {length} bytes; that many are not read.', weight: 'warning' },
  incomplete: { text: '{packet} is not whole: {missing} of its bytes are missing.', weight: 'warning' },
  firstNotConnect: { text: 'The client began with {packet}, not with CONNECT.', weight: 'error', v3: 'MQTT-3.1.0-1', v5: 'MQTT-3.1.0-1' },
  secondConnect: { text: 'The client sent a second CONNECT on one connection.', weight: 'error', v3: 'MQTT-3.1.0-2', v5: 'MQTT-3.1.0-2' },
  wrongSide: { text: 'The {who} sent {packet}, which is not its to send.', weight: 'error' },

  // What was not answered, or answers nothing
  connectUnanswered: { text: 'CONNECT was never answered.', weight: 'warning' },
  publishUnacknowledged: { text: 'QoS 1 publication {packetId} was never acknowledged.', weight: 'warning', v3: 'MQTT-4.3.2-2', v5: 'MQTT-4.3.2-4' },
  receiptMissing: { text: 'QoS 2 publication {packetId} was never acknowledged.', weight: 'warning', v3: 'MQTT-4.3.3-2', v5: 'MQTT-4.3.3-8' },
  releaseMissing: { text: 'QoS 2 publication {packetId} was received and never released.', weight: 'warning', v3: 'MQTT-4.3.3-1', v5: 'MQTT-4.3.3-4' },
  completionMissing: { text: 'QoS 2 publication {packetId} was released and never completed.', weight: 'warning', v3: 'MQTT-4.3.3-2', v5: 'MQTT-4.3.3-11' },
  subscribeUnanswered: { text: 'SUBSCRIBE {packetId} was never answered.', weight: 'warning', v3: 'MQTT-3.8.4-1', v5: 'MQTT-3.8.4-1' },
  unsubscribeUnanswered: { text: 'UNSUBSCRIBE {packetId} was never answered.', weight: 'warning', v3: 'MQTT-3.10.4-4', v5: 'MQTT-3.10.4-4' },
  pingUnanswered: { text: 'PINGREQ was never answered.', weight: 'warning', v3: 'MQTT-3.12.4-1', v5: 'MQTT-3.12.4-1' },
  answersNothing: { text: '{packet} {packetId} answers nothing that is in the capture.', weight: 'warning' },
  packetIdInUse: { text: '{packet} {packetId} takes an identifier that is still in use.', weight: 'error', v3: 'MQTT-2.3.1-2', v5: 'MQTT-2.2.1-3' },
  sentAgain: { text: '{packet} {packetId} was sent again.', weight: 'note' },

  // What a packet says
  connectRefused: { text: 'The broker refused the connection: {reason}.', weight: 'warning' },
  publishRefused: { text: 'Publication {packetId} was refused: {reason}.', weight: 'warning' },
  subscriptionRefused: { text: 'The subscription to {topicFilter} was refused: {reason}.', weight: 'warning' },
  closedByBroker: { text: 'The broker ended the connection: {reason}.', weight: 'warning' },
  closedSilently: { text: 'The broker ended the connection of {clientId} without saying why.', weight: 'warning' },
  passwordInClear: { text: 'The password of {username} travels in the clear.', weight: 'warning' },
  topicAliasUnknown: { text: 'Topic alias {alias} was never given a topic.', weight: 'warning' },

  // The connection
  bridge: { text: 'The client is a bridge: it says version {value}, which no standard knows. It is read as {version}.', weight: 'note' },
  keepAliveExceeded: { text: 'The client was silent for {silence} s: its keep alive of {keepAlive} s was exceeded by {excess} s.', weight: 'warning', v3: 'MQTT-3.1.2-23', v5: 'MQTT-3.1.2-20' },
  takenOver: { text: 'Client {clientId} connected a second time while connection {stream} was open.', weight: 'warning', v3: 'MQTT-3.1.4-2', v5: 'MQTT-3.1.4-3' },
  endedWithoutDisconnect: { text: 'The connection of {clientId} ended without DISCONNECT.', weight: 'note' },
} as const satisfies Record<string, FindingRow>;

export type FindingId = keyof typeof FINDINGS;

/** What a capture shows, where, and in words. */
export interface Finding {
  id: FindingId;
  weight: Weight;
  /** The frame at which it shows, where it is of one. */
  frame?: number;
  /** The TCP connection. */
  stream?: number;
  /** The number of the packet. */
  packet?: number;
  rule?: StatementId;
  /** The row's sentence with its values in place. */
  message: string;
  values: Readonly<Record<string, string | number>>;
}

/** Where a finding belongs. */
export type Place = Pick<Finding, 'frame' | 'stream' | 'packet'>;

/** Fills in a row of the table. */
export function finding(
  id: FindingId,
  place: Place,
  values: Finding['values'] = {},
  version: Version = 4,
): Finding {
  const row: FindingRow = FINDINGS[id];
  const message = row.text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
  const rule = ruleOf(row, version);
  return { id, weight: row.weight, ...place, ...(rule && { rule }), message, values };
}
