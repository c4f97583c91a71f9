// On which terms a client is let in: what is refused, what is granted, and what CONNACK tells of it. Knows the settings and
// one CONNECT; knows no session, and whether the client may come in at all is `access.ts`'s question.
import { type Connect, isUtf8, type Properties, REASON, type StatementId } from '../codec/index.ts';
import { NEVER, type Settings } from './settings.ts';

/** Why something is refused. */
export interface Refusal {
  reasonCode: number;
  /** What the name of the reason code does not say. */
  reasonString?: string;
  v3?: StatementId | undefined;
  v5?: StatementId | undefined;
}

/** The longest client identifier of MQTT 3.1, in characters (3.1, section 3.1). */
const MAX_CLIENT_ID_3_1 = 23;

/** Why a CONNECT is refused that has the right form, if it is. */
export function connectRefusal(
  { version, clientId, will }: Connect,
  settings: Settings,
): Refusal | undefined {
  if (!settings.versions.includes(version)) return { reasonCode: REASON.UnsupportedProtocolVersion };
  const identifier = {
    reasonCode: REASON.ClientIdentifierNotValid,
    v3: 'MQTT-3.1.3-9',
    v5: 'MQTT-3.1.3-8',
  } as const;
  if (clientId === '' && !settings.allowEmptyClientId) return identifier; // v3 [MQTT-3.1.3-9] v5 [MQTT-3.1.3-8]
  // Any other identifier will do [MQTT-3.1.3-5].
  if (version === 3 && [...clientId].length > MAX_CLIENT_ID_3_1) return identifier;
  if (will === undefined) return undefined;
  if (will.qos > settings.maximumQoS)
    return {
      reasonCode: REASON.QoSNotSupported,
      reasonString: `The will is above QoS ${settings.maximumQoS}.`,
      v5: 'MQTT-3.2.2-12',
    }; // v5 [MQTT-3.2.2-12]
  if (will.retain && !settings.retainAvailable)
    return { reasonCode: REASON.RetainNotSupported, v5: 'MQTT-3.2.2-13' }; // v5 [MQTT-3.2.2-13]
  if (levels(will.topic) > settings.maximumTopicLevels)
    return {
      reasonCode: REASON.TopicNameInvalid,
      reasonString: `A topic has at most ${settings.maximumTopicLevels} levels here.`,
    };
  if (will.payload.length > settings.maximumPayloadSize) return { reasonCode: REASON.PacketTooLarge };
  if (will.properties?.payloadFormatIndicator === 1 && !isUtf8(will.payload))
    return { reasonCode: REASON.PayloadFormatInvalid };
  return undefined;
}

/** How many levels a topic name or filter has. */
export function levels(topic: string): number {
  return topic.split('/').length;
}

/** How long the session outlives the connection, in seconds. Before 5.0 Clean Session decides: not at all, or for ever [v3 MQTT-3.1.2-4, MQTT-3.1.2-6] [v5 MQTT-3.1.2-23]. */
export function grantedExpiry({ version, cleanStart, properties }: Connect, settings: Settings): number {
  const wanted = version === 5 ? (properties?.sessionExpiryInterval ?? 0) : cleanStart ? 0 : NEVER;
  return Math.min(wanted, settings.maximumSessionExpiry);
}

/** The keep alive that holds, in seconds. */
export function grantedKeepAlive(
  { version, keepAlive }: Connect,
  { maximumKeepAlive, serverKeepAlive }: Settings,
): number {
  if (version !== 5) return keepAlive; // it cannot be told of another
  if (serverKeepAlive !== undefined) return serverKeepAlive;
  if (maximumKeepAlive === 0) return keepAlive;
  return keepAlive === 0 ? maximumKeepAlive : Math.min(keepAlive, maximumKeepAlive); // v5 [MQTT-3.2.2-22]
}

/**
 * What CONNACK tells a 5.0 client: where a property says what the client would assume, it is left out. MQTT leaves the order
 * of properties open; this one is Mosquitto's, and some that read CONNACK know no other.
 * @param assigned the client identifier that we made up, if we did
 */
export function offer(connect: Connect, assigned: string | undefined, settings: Settings): Properties {
  const { keepAlive, properties } = connect;
  const expiry = grantedExpiry(connect, settings);
  const granted = grantedKeepAlive(connect, settings);
  const isAsked = properties?.requestResponseInformation === 1; // v5 [MQTT-3.1.2-28]
  return {
    topicAliasMaximum: settings.topicAliasMaximum > 0 ? settings.topicAliasMaximum : undefined,
    serverKeepAlive: granted === keepAlive ? undefined : granted,
    assignedClientIdentifier: assigned, // v5 [MQTT-3.1.3-7]
    authenticationMethod: properties?.authenticationMethod, // v5 [MQTT-4.12.0-5, MQTT-4.12.0-6]
    retainAvailable: unavailable(settings.retainAvailable),
    maximumPacketSize: Number.isFinite(settings.maximumPacketSize) ? settings.maximumPacketSize : undefined,
    receiveMaximum: settings.receiveMaximum,
    maximumQoS: settings.maximumQoS < 2 ? settings.maximumQoS : undefined, // v5 [MQTT-3.2.2-9]
    sessionExpiryInterval: expiry === (properties?.sessionExpiryInterval ?? 0) ? undefined : expiry,
    wildcardSubscriptionAvailable: unavailable(settings.wildcardSubscriptionAvailable),
    subscriptionIdentifierAvailable: unavailable(settings.subscriptionIdentifierAvailable),
    sharedSubscriptionAvailable: unavailable(settings.sharedSubscriptionAvailable),
    responseInformation: isAsked ? settings.responseInformation : undefined,
  };
}

function unavailable(isAvailable: boolean): 0 | undefined {
  return isAvailable ? undefined : 0;
}
