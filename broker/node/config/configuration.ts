// What a configuration file comes to: listeners with all that applies to each, and what applies to the whole broker, as plain
// data. Knows what Mosquitto's options mean for this broker; opens no file and no port.
import type { QoS, Version } from '../../codec/index.ts';
import { LOOPBACK, MQTT_PORT } from '../../ports.ts';
import { NEVER, type Settings } from '../../server/settings.ts';
import type { Values } from './options.ts';
import { ConfigurationError, complete, type Reading, type Remark, type Section } from './read.ts';

/** What a broker is to be. */
export interface Configuration {
  readonly listeners: readonly ListenerConfiguration[];
  readonly global: Values<'global'>;
  readonly settings: Partial<Settings>;
  /** Whether no listener was named, and the broker is for this machine only. */
  readonly isLocalOnly: boolean;
  readonly remarks: readonly Remark[];
}

export interface ListenerConfiguration {
  /** What this listener is known by when the configuration is read again. */
  readonly id: string;
  readonly at: Place;
  readonly options: Values<'listener'>;
  readonly security: Security;
  readonly tls: TlsConfiguration | undefined;
  readonly settings: Partial<Settings>;
}

/** Where a listener listens: on a port of some addresses, or on a socket of Unix's. */
export type Place =
  | { readonly port: number; readonly addresses: readonly string[]; readonly host: string | undefined }
  | { readonly path: string };

/** Who may do what on a listener. */
export interface Security extends Values<'security'> {
  readonly allow_anonymous: boolean;
}

/** Paths and names for TLS, still unread. */
export interface TlsConfiguration {
  readonly certfile: string;
  readonly keyfile: string;
  readonly cafile: string | undefined;
  readonly capath: string | undefined;
  readonly crlfile: string | undefined;
  readonly dhparamfile: string | undefined;
  readonly ciphers: string | undefined;
  readonly ciphersuites: string | undefined;
  readonly minimumVersion: TlsVersion;
  readonly requireCertificate: boolean;
}

export type TlsVersion = 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

const TLS_VERSIONS: Readonly<Record<string, TlsVersion>> = {
  'tlsv1.1': 'TLSv1.1',
  'tlsv1.2': 'TLSv1.2',
  'tlsv1.3': 'TLSv1.3',
};

/** The addresses by which anybody reaches a machine, by the version of IP. */
const EVERYWHERE = { ipv4: ['0.0.0.0'], ipv6: ['::'] } as const;
const HERE = { ipv4: ['127.0.0.1'], ipv6: ['::1'] } as const;

/** The largest packet that MQTT knows (3.1.1 and 5.0, section 2.1.4), and the most of anything. */
export const LARGEST_PACKET = 268_435_460;
const MAX_PACKET_ID = 65_535;

/** The longest keep alive there is sets no limit. */
const LONGEST_KEEP_ALIVE = 65_535;

/**
 * Works out what was read.
 * @param ports those of the command line. Where the file names no listener, the broker listens there instead of on 1883; where
 *   it does, there as well, for this machine only
 * @param webSocketPorts those of the command line for WebSocket, for this machine only
 * @throws ConfigurationError if options contradict each other
 */
export function configure(
  reading: Reading,
  ports: readonly number[] = [],
  webSocketPorts: readonly number[] = [],
): Configuration {
  const { sections, unnamed, perListener } = reading;
  const global = complete('global', reading.global);
  const isPlaced = unnamed.port !== undefined || unnamed.address !== undefined;
  const isLocalOnly = sections.length === 0 && !isPlaced;
  const build = (section: Section, at: Place, protocol?: 'websockets'): ListenerConfiguration => {
    const given = perListener ? section.given : reading.security;
    const wanted = complete('security', given);
    const security = { ...wanted, allow_anonymous: wanted.allow_anonymous ?? isLocalOnly };
    const options = { ...complete('listener', section.given), ...(protocol && { protocol }) };
    const settings = listenerSettingsOf(security, options);
    return { id: idOf(at), at, options, security, tls: tlsOf(options), settings };
  };
  const listeners = sections.map((section) => build(section, placeOf(section)));
  if (isPlaced || (!isLocalOnly && isTold(unnamed))) listeners.push(build(unnamed, placeOf(unnamed)));
  const local = isLocalOnly && ports.length === 0 ? [MQTT_PORT] : ports;
  listeners.push(...local.map((port) => build(unnamed, hereOn(port, unnamed))));
  listeners.push(...webSocketPorts.map((port) => build(unnamed, hereOn(port, unnamed), 'websockets')));
  return { listeners, global, settings: settingsOf(global), isLocalOnly, remarks: reading.remarks };
}

/** Whether something was said of the listener without a name that makes sense only if there is one. */
function isTold({ given }: Section): boolean {
  return [...given.keys()].some((name) => name !== 'allow_anonymous' && name !== 'auto_id_prefix');
}

function placeOf({ port = MQTT_PORT, address, given }: Section): Place {
  if (port === 0 && address !== undefined) return { path: address };
  const everywhere = addressesOf(given.get('socket_domain'), EVERYWHERE);
  return { port, addresses: address === undefined ? everywhere : [address], host: address };
}

function hereOn(port: number, { given }: Section): Place {
  const domain = given.get('socket_domain');
  return { port, addresses: domain === undefined ? LOOPBACK : addressesOf(domain, HERE), host: undefined };
}

function addressesOf(domain: unknown, known: Record<'ipv4' | 'ipv6', readonly string[]>): readonly string[] {
  if (domain === 'ipv4') return known.ipv4;
  return domain === 'ipv6' ? known.ipv6 : [...known.ipv4, ...known.ipv6];
}

function idOf(at: Place): string {
  return 'path' in at ? at.path : `${at.port} ${at.host ?? ''}`;
}

function tlsOf(options: Values<'listener'>): TlsConfiguration | undefined {
  const {
    certfile,
    keyfile,
    cafile,
    capath,
    crlfile,
    dhparamfile,
    ciphers,
    tls_version = 'tlsv1.2',
  } = options;
  if (certfile === undefined && keyfile === undefined) {
    const lonely = cafile !== undefined || capath !== undefined || options.require_certificate;
    if (lonely)
      throw new ConfigurationError([
        'Error: cafile, capath and require_certificate need certfile and keyfile.',
      ]);
    return undefined;
  }
  if (certfile === undefined || keyfile === undefined)
    throw new ConfigurationError(['Error: certfile and keyfile need each other.']);
  const minimumVersion = TLS_VERSIONS[tls_version];
  if (minimumVersion === undefined)
    throw new ConfigurationError([
      `Error: Unsupported tls_version "${tls_version}".`,
      `Expected: ${Object.keys(TLS_VERSIONS).join(', ')}.`,
    ]);
  const requireCertificate = options.require_certificate;
  const ciphersuites = options['ciphers_tls1.3'];
  return {
    certfile,
    keyfile,
    cafile,
    capath,
    crlfile,
    dhparamfile,
    ciphers,
    ciphersuites,
    minimumVersion,
    requireCertificate,
  };
}

/** What applies to the whole broker. */
function settingsOf(global: Values<'global'>): Partial<Settings> {
  const maximumPacketSize = global.max_packet_size ?? Number.POSITIVE_INFINITY;
  const maximumInflight = global.max_inflight_messages || MAX_PACKET_ID;
  return {
    maximumKeepAlive: global.max_keepalive === LONGEST_KEEP_ALIVE ? 0 : global.max_keepalive,
    serverKeepAlive: global.glass_server_keep_alive,
    maximumPacketSize,
    maximumConnectSize: Math.min(global.glass_max_connect_size, maximumPacketSize),
    maximumPayloadSize: unlimited(global.message_size_limit),
    connectTimeout: global.glass_connect_timeout,
    retainAvailable: global.retain_available,
    checkRetainSource: global.check_retain_source,
    retainedSweepInterval: 60 * global.retain_expiry_interval,
    maximumSessions: global.global_max_clients < 0 ? Number.POSITIVE_INFINITY : global.global_max_clients,
    receiveMaximum: global.glass_receive_maximum ?? maximumInflight,
    maximumInflight,
    maximumInflightBytes: unlimited(global.max_inflight_bytes),
    maximumQueued: unlimited(global.max_queued_messages),
    maximumQueuedBytes: unlimited(global.max_queued_bytes),
    queueQoS0: global.queue_qos0_messages,
    upgradeQoS: global.upgrade_outgoing_qos,
    maximumBacklog: global.glass_max_backlog,
    maximumSessionExpiry: global.persistent_client_expiration ?? NEVER,
    maximumTopicLevels: global.glass_max_topic_levels,
    maximumSubscriptionsPerClient: global.glass_max_subscriptions,
    wildcardSubscriptionAvailable: global.glass_wildcard_subscriptions,
    subscriptionIdentifierAvailable: global.glass_subscription_identifiers,
    sharedSubscriptionAvailable: global.glass_shared_subscriptions,
    responseInformation: global.glass_response_information,
  };
}

/** A listener as it goes on when the configuration was read again: who may do what is new, the rest is as it was. */
export function renewed(
  listener: ListenerConfiguration,
  { security }: ListenerConfiguration,
): ListenerConfiguration {
  return { ...listener, security, settings: listenerSettingsOf(security, listener.options) };
}

/** What a listener has of its own. */
function listenerSettingsOf(security: Values<'security'>, listener: Values<'listener'>): Partial<Settings> {
  return {
    versions: listener.accept_protocol_versions.map(Number) as Version[],
    maximumQoS: listener.max_qos as QoS,
    topicAliasMaximum: listener.max_topic_alias,
    outboundTopicAliasMaximum: listener.max_topic_alias_broker,
    allowEmptyClientId: security.allow_zero_length_clientid,
    assignedClientIdPrefix: security.auto_id_prefix,
  };
}

function unlimited(limit: number): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : limit;
}
