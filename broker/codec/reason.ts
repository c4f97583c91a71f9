// The reason codes of MQTT 5.0 and the return codes that they took over from 3.1.1: number, name, and the packets that
// may carry each. Knows nothing of when an end should use which.
import type { PacketType } from './packet.ts';

/** The packets that carry a reason code. */
export type ReasonOwner = Exclude<
  PacketType,
  'connect' | 'publish' | 'subscribe' | 'unsubscribe' | 'pingreq' | 'pingresp'
>;

interface ReasonRow {
  code: number;
  name: string;
  owners: readonly ReasonOwner[];
}

const PUBLISH_ANSWERS = ['puback', 'pubrec'] as const;

/** Source: 5.0, table 2-6. Codes from 0x80 up are failures. Code 0 has a name of its own in DISCONNECT and in SUBACK. */
// biome-ignore format: a table, a row to each line
export const REASONS = {
  Success: { code: 0x00, name: 'Success', owners: ['connack', ...PUBLISH_ANSWERS, 'pubrel', 'pubcomp', 'unsuback', 'auth'] },
  NormalDisconnection: { code: 0x00, name: 'Normal disconnection', owners: ['disconnect'] },
  GrantedQoS0: { code: 0x00, name: 'Granted QoS 0', owners: ['suback'] },
  GrantedQoS1: { code: 0x01, name: 'Granted QoS 1', owners: ['suback'] },
  GrantedQoS2: { code: 0x02, name: 'Granted QoS 2', owners: ['suback'] },
  DisconnectWithWillMessage: { code: 0x04, name: 'Disconnect with Will Message', owners: ['disconnect'] },
  NoMatchingSubscribers: { code: 0x10, name: 'No matching subscribers', owners: PUBLISH_ANSWERS },
  NoSubscriptionExisted: { code: 0x11, name: 'No subscription existed', owners: ['unsuback'] },
  ContinueAuthentication: { code: 0x18, name: 'Continue authentication', owners: ['auth'] },
  ReAuthenticate: { code: 0x19, name: 'Re-authenticate', owners: ['auth'] },
  UnspecifiedError: { code: 0x80, name: 'Unspecified error', owners: ['connack', ...PUBLISH_ANSWERS, 'suback', 'unsuback', 'disconnect'] },
  MalformedPacket: { code: 0x81, name: 'Malformed Packet', owners: ['connack', 'disconnect'] },
  ProtocolError: { code: 0x82, name: 'Protocol Error', owners: ['connack', 'disconnect'] },
  ImplementationSpecificError: { code: 0x83, name: 'Implementation specific error', owners: ['connack', ...PUBLISH_ANSWERS, 'suback', 'unsuback', 'disconnect'] },
  UnsupportedProtocolVersion: { code: 0x84, name: 'Unsupported Protocol Version', owners: ['connack'] },
  ClientIdentifierNotValid: { code: 0x85, name: 'Client Identifier not valid', owners: ['connack'] },
  BadUserNameOrPassword: { code: 0x86, name: 'Bad User Name or Password', owners: ['connack'] },
  NotAuthorized: { code: 0x87, name: 'Not authorized', owners: ['connack', ...PUBLISH_ANSWERS, 'suback', 'unsuback', 'disconnect'] },
  ServerUnavailable: { code: 0x88, name: 'Server unavailable', owners: ['connack'] },
  ServerBusy: { code: 0x89, name: 'Server busy', owners: ['connack', 'disconnect'] },
  Banned: { code: 0x8a, name: 'Banned', owners: ['connack'] },
  ServerShuttingDown: { code: 0x8b, name: 'Server shutting down', owners: ['disconnect'] },
  BadAuthenticationMethod: { code: 0x8c, name: 'Bad authentication method', owners: ['connack', 'disconnect'] },
  KeepAliveTimeout: { code: 0x8d, name: 'Keep Alive timeout', owners: ['disconnect'] },
  SessionTakenOver: { code: 0x8e, name: 'Session taken over', owners: ['disconnect'] },
  TopicFilterInvalid: { code: 0x8f, name: 'Topic Filter invalid', owners: ['suback', 'unsuback', 'disconnect'] },
  TopicNameInvalid: { code: 0x90, name: 'Topic Name invalid', owners: ['connack', ...PUBLISH_ANSWERS, 'disconnect'] },
  PacketIdentifierInUse: { code: 0x91, name: 'Packet Identifier in use', owners: [...PUBLISH_ANSWERS, 'suback', 'unsuback'] },
  PacketIdentifierNotFound: { code: 0x92, name: 'Packet Identifier not found', owners: ['pubrel', 'pubcomp'] },
  ReceiveMaximumExceeded: { code: 0x93, name: 'Receive Maximum exceeded', owners: ['disconnect'] },
  TopicAliasInvalid: { code: 0x94, name: 'Topic Alias invalid', owners: ['disconnect'] },
  PacketTooLarge: { code: 0x95, name: 'Packet too large', owners: ['connack', 'disconnect'] },
  MessageRateTooHigh: { code: 0x96, name: 'Message rate too high', owners: ['disconnect'] },
  QuotaExceeded: { code: 0x97, name: 'Quota exceeded', owners: ['connack', ...PUBLISH_ANSWERS, 'suback', 'disconnect'] },
  AdministrativeAction: { code: 0x98, name: 'Administrative action', owners: ['disconnect'] },
  PayloadFormatInvalid: { code: 0x99, name: 'Payload format invalid', owners: ['connack', ...PUBLISH_ANSWERS, 'disconnect'] },
  RetainNotSupported: { code: 0x9a, name: 'Retain not supported', owners: ['connack', 'disconnect'] },
  QoSNotSupported: { code: 0x9b, name: 'QoS not supported', owners: ['connack', 'disconnect'] },
  UseAnotherServer: { code: 0x9c, name: 'Use another server', owners: ['connack', 'disconnect'] },
  ServerMoved: { code: 0x9d, name: 'Server moved', owners: ['connack', 'disconnect'] },
  SharedSubscriptionsNotSupported: { code: 0x9e, name: 'Shared Subscriptions not supported', owners: ['suback', 'disconnect'] },
  ConnectionRateExceeded: { code: 0x9f, name: 'Connection rate exceeded', owners: ['connack', 'disconnect'] },
  MaximumConnectTime: { code: 0xa0, name: 'Maximum connect time', owners: ['disconnect'] },
  SubscriptionIdentifiersNotSupported: { code: 0xa1, name: 'Subscription Identifiers not supported', owners: ['suback', 'disconnect'] },
  WildcardSubscriptionsNotSupported: { code: 0xa2, name: 'Wildcard Subscriptions not supported', owners: ['suback', 'disconnect'] },
} as const satisfies Record<string, ReasonRow>;

export type ReasonName = keyof typeof REASONS;

/** A reason code by its name: `REASON.MalformedPacket` is 0x81. */
export const REASON = Object.fromEntries(Object.entries(REASONS).map(([name, row]) => [name, row.code])) as {
  readonly [Name in ReasonName]: (typeof REASONS)[Name]['code'];
};

/** From this code on, a reason code tells of a failure (5.0, section 2.4). */
export const FAILURE = 0x80;

const NAMES = new Map<string, string>();
for (const { code, name, owners } of Object.values(REASONS))
  for (const owner of owners) NAMES.set(`${owner} ${code}`, name);

/** The name of a reason code in a packet of MQTT 5.0, or undefined where that packet may not carry it. */
export function reasonName(owner: ReasonOwner, code: number): string | undefined {
  return NAMES.get(`${owner} ${code}`);
}

/** What a CONNACK before MQTT 5.0 says, by return code. Source: 3.1.1, table 3.1. */
export const CONNECT_RETURN_CODES = [
  'Connection Accepted',
  'Connection Refused, unacceptable protocol version',
  'Connection Refused, identifier rejected',
  'Connection Refused, Server unavailable',
  'Connection Refused, bad user name or password',
  'Connection Refused, not authorized',
] as const;

/** The return code by which a 3.1 or 3.1.1 client is told of a refusal, or undefined where no code suits and the connection is closed without a CONNACK [MQTT-3.2.2-6]. */
export function connectReturnCode(reasonCode: number): number | undefined {
  return RETURN_CODES.get(reasonCode);
}

const RETURN_CODES: ReadonlyMap<number, number> = new Map<number, number>([
  [REASON.Success, 0],
  [REASON.UnsupportedProtocolVersion, 1],
  [REASON.ClientIdentifierNotValid, 2],
  [REASON.ServerUnavailable, 3],
  [REASON.ServerBusy, 3],
  [REASON.BadUserNameOrPassword, 4],
  [REASON.BadAuthenticationMethod, 4],
  [REASON.NotAuthorized, 5],
  [REASON.Banned, 5],
]);
