// Every option of a configuration file, in one table: whom it applies to, what it takes, what holds without it, and what it
// is for. The reader, the types, the documentation and the complaints are drawn from here. Knows no file and does nothing.
import { DEFAULT_SETTINGS } from '../../server/settings.ts';
import { SYS_INTERVAL } from '../../server/sys.ts';
import {
  anything,
  count,
  duration,
  file,
  flag,
  folder,
  type Kind,
  limit,
  logDestination,
  MOST,
  oneOf,
  oneOfMore,
  oneOfQuoted,
  someOf,
  text,
  texts,
} from './kinds.ts';

/**
 * Whom an option applies to: the whole broker; one listener; or who may do what, which is the whole broker's unless
 * `per_listener_settings` is true, and then one listener's.
 */
export type Scope = 'global' | 'security' | 'listener';

/** Where else a name leads: to what begins something rather than sets it. */
export type Directive = 'listener' | 'port' | 'bind_address' | 'include_dir' | 'per_listener_settings';

export interface Option<S extends Scope = Scope, Value = unknown, Default = Value | undefined> {
  readonly scope: S;
  readonly takes: Kind<Value>;
  /** What holds where the file says nothing. */
  readonly default: Default;
  /** Whether SIGHUP brings a new value. */
  readonly reloads: boolean;
  /** What it is for, in a sentence. */
  readonly about: string;
}

function global<Value, const Default extends Value | undefined>(
  takes: Kind<Value>,
  fallback: Default,
  about: string,
): Option<'global', Value, Default> {
  return { scope: 'global', takes, default: fallback, reloads: true, about };
}

/** A global option that is looked at once, when the broker starts. */
function initial<Value, const Default extends Value | undefined>(
  takes: Kind<Value>,
  fallback: Default,
  about: string,
): Option<'global', Value, Default> {
  return { ...global(takes, fallback, about), reloads: false };
}

function security<Value, const Default extends Value | undefined>(
  takes: Kind<Value>,
  fallback: Default,
  about: string,
): Option<'security', Value, Default> {
  return { scope: 'security', takes, default: fallback, reloads: true, about };
}

function listener<Value, const Default extends Value | undefined>(
  takes: Kind<Value>,
  fallback: Default,
  about: string,
): Option<'listener', Value, Default> {
  return { scope: 'listener', takes, default: fallback, reloads: false, about };
}

/** The types of lines that a log may have. */
export const LOG_TYPES = [
  'error',
  'warning',
  'notice',
  'information',
  'debug',
  'subscribe',
  'unsubscribe',
  'websockets',
  'internal',
] as const;

export type LogType = (typeof LOG_TYPES)[number];

export const OPTIONS = {
  // Who may do what
  acl_file: security(file, undefined, 'Which topics a user may read and write.'),
  allow_anonymous: security(
    flag,
    undefined,
    'Whether clients without a user name may connect. Without this they may where no listener is defined, and nowhere else.',
  ),
  allow_zero_length_clientid: security(
    flag,
    true,
    'Whether clients may leave their identifier to the broker.',
  ),
  auto_id_prefix: security(text('a text'), 'auto-', 'What identifiers that the broker gives begin with.'),
  password_file: security(
    file,
    undefined,
    'User names and password hashes, as mosquitto_passwd writes them.',
  ),
  check_retain_source: global(
    flag,
    true,
    'Whether a retained message is withheld once its publisher may no longer write to its topic.',
  ),
  clientid_prefixes: global(text('a text'), undefined, 'What every client identifier has to begin with.'),
  glass_refuse_subscribe: security(
    flag,
    false,
    'Whether a SUBSCRIBE is refused where the ACL file leaves nothing to read. Mosquitto grants it and delivers nothing.',
  ),

  // How much
  global_max_clients: global(
    limit(-1),
    -1,
    'How many clients there may be, connected or with a session that waits.',
  ),
  global_max_connections: global(
    limit(-1),
    -1,
    'How many connections there may be on all listeners together.',
  ),
  max_inflight_bytes: global(
    limit(0),
    0,
    'How many bytes of QoS 1 and 2 messages are under way to one client.',
  ),
  max_inflight_messages: global(
    limit(0, 65_535, 'max_inflight_messages must be <= 65535.'),
    20,
    'How many QoS 1 and 2 messages are under way to one client; 0 for as many as there are identifiers.',
  ),
  max_keepalive: global(
    count(0, 65_535),
    65_535,
    'The longest Keep Alive, in seconds. A 5.0 client that asks for more is told to use this one.',
  ),
  max_packet_size: global(count(20, MOST), undefined, 'The largest packet that a client may send, in bytes.'),
  max_queued_bytes: global(limit(0), 0, 'How many bytes of messages wait for one client.'),
  max_queued_messages: global(limit(0), 1000, 'How many messages wait for one client.'),
  memory_limit: global(
    count(0, Number.MAX_SAFE_INTEGER),
    0,
    'How many bytes of memory kept messages may take: those that are retained, wait, or are under way. 0 for no limit. What would have to be kept beyond is refused: clients of 5.0 are told so with 0x97, earlier ones are disconnected; QoS 0 goes through.',
  ),
  message_size_limit: global(
    count(0, 268_435_455),
    0,
    'The largest payload that is passed on, in bytes; 0 for any. A larger one is acknowledged and dropped.',
  ),
  glass_connect_timeout: global(
    count(1, MOST),
    DEFAULT_SETTINGS.connectTimeout,
    'Seconds that a connection may take to send its CONNECT.',
  ),
  glass_max_backlog: global(
    count(1, MOST),
    DEFAULT_SETTINGS.maximumBacklog,
    'How many bytes may wait to leave on one connection. Beyond, QoS 0 messages to it are dropped, others wait their turn, and nothing is read from it.',
  ),
  glass_max_connect_size: global(
    count(20, MOST),
    DEFAULT_SETTINGS.maximumConnectSize,
    'The largest CONNECT packet, in bytes, and how much a client may send behind it before it is let in.',
  ),
  glass_max_retained: global(
    limit(0),
    0,
    'How many topics may have a retained message, those below $SYS among them; 0 for any number. Beyond, what would need another is refused as with memory_limit.',
  ),
  glass_max_retained_bytes: global(
    limit(0),
    0,
    'How many bytes the topics and payloads of retained messages may have together; 0 for any number. Beyond, what would need more is refused as with memory_limit.',
  ),
  glass_max_subscriptions: global(
    count(1, MOST),
    DEFAULT_SETTINGS.maximumSubscriptionsPerClient,
    'How many subscriptions one client may have.',
  ),
  glass_max_topic_levels: global(
    count(1, 1000),
    DEFAULT_SETTINGS.maximumTopicLevels,
    'How many levels a topic may have.',
  ),
  glass_receive_maximum: global(
    count(1, 65_535),
    undefined,
    'How many QoS 1 and 2 messages a 5.0 client may have under way to the broker; without this, as many as max_inflight_messages.',
  ),

  glass_reader_timeout: global(
    count(1, MOST),
    60,
    'Seconds after which a connection is cut on which more than glass_max_backlog waits and nothing leaves.',
  ),

  // How messages go
  queue_qos0_messages: global(flag, false, 'Whether QoS 0 messages wait for a client that is away.'),
  retain_available: global(flag, true, 'Whether messages may be retained.'),
  retain_expiry_interval: global(
    count(0, MOST),
    0,
    'Minutes between two searches for retained messages that have expired; 0 leaves them until they are looked at.',
  ),
  upgrade_outgoing_qos: global(
    flag,
    false,
    'Whether a message goes out at the QoS of the subscription even where it came in at a lower one.',
  ),
  glass_response_information: global(
    text('a text'),
    undefined,
    'What a 5.0 client gets that asks for Response Information.',
  ),
  glass_server_keep_alive: global(
    count(0, 65_535),
    undefined,
    'The Keep Alive that every 5.0 client is told to use, in seconds.',
  ),
  glass_shared_subscriptions: global(flag, true, 'Whether clients may share subscriptions.'),
  glass_subscription_identifiers: global(flag, true, 'Whether subscriptions may have identifiers.'),
  glass_wildcard_subscriptions: global(flag, true, 'Whether subscriptions may have wildcards.'),

  // What outlives the broker
  persistence: initial(flag, false, 'Whether sessions and messages outlive the broker.'),
  persistence_file: initial(
    text('a name'),
    'mosquitto.db',
    'The name of the store. It is a folder, with .glass behind the name: Mosquitto’s own file stays as it is.',
  ),
  persistence_location: initial(
    text('the path of a folder'),
    undefined,
    'Where the store is; without this, where the broker was started.',
  ),
  persistent_client_expiration: global(
    duration,
    undefined,
    'How long a session waits for its client at the longest.',
  ),
  pid_file: initial(file, undefined, 'Where the number of the process is written.'),

  // What is told
  connection_messages: global(flag, true, 'Whether clients that come and go have a line in the log.'),
  log_dest: global(logDestination, { streams: ['stderr'], file: undefined }, 'Where the log goes.'),
  log_timestamp: global(flag, true, 'Whether lines of the log begin with the time.'),
  log_timestamp_format: global(
    text('a format of strftime'),
    undefined,
    'How the time is written; without this, in seconds since 1970.',
  ),
  log_type: global(
    oneOfMore(...LOG_TYPES),
    ['error', 'warning', 'notice', 'information'],
    'What the log tells.',
  ),
  set_tcp_nodelay: global(
    flag,
    true,
    'Whether small packets leave at once. Mosquitto’s default is false; here it would hold up answers and spare nothing.',
  ),
  sys_interval: global(
    count(0, 65_535),
    SYS_INTERVAL,
    'Seconds between two updates of the topics below $SYS; 0 for none of them. Clients may read them, and not write there.',
  ),

  // Listeners
  accept_protocol_versions: listener(
    someOf('3', '4', '5'),
    ['3', '4', '5'],
    'The protocol versions of MQTT that are spoken.',
  ),
  max_connections: listener(limit(-1), -1, 'How many connections there may be on this listener.'),
  max_qos: listener(
    count(0, 2, () => 'max_qos must be between 0 and 2 inclusive.'),
    2,
    'The highest QoS at which clients may publish.',
  ),
  max_topic_alias: listener(
    count(0, 65_535, () => 'Invalid max_topic_alias value in configuration.'),
    10,
    'How many topic aliases a 5.0 client may set.',
  ),
  max_topic_alias_broker: listener(
    count(0, 65_535, () => 'Invalid max_topic_alias_broker value in configuration.'),
    10,
    'How many topic aliases the broker sets for a 5.0 client, if it takes as many.',
  ),
  mount_point: listener(
    text('a topic name'),
    undefined,
    'What stands before every topic of the clients of this listener, and is hidden from them.',
  ),
  protocol: listener(oneOf('mqtt', 'websockets'), 'mqtt', 'What carries MQTT: TCP alone, or WebSocket.'),
  socket_domain: listener(
    oneOfQuoted('ipv4', 'ipv6'),
    undefined,
    'The one version of IP to listen on; without this, both.',
  ),
  use_username_as_clientid: listener(flag, false, 'Whether a client’s identifier is its user name.'),
  websockets_origin: listener(
    texts('an origin such as https://example.org'),
    [],
    'The sites whose pages may connect; without this, this machine’s.',
  ),

  // TLS
  cafile: listener(file, undefined, 'The certificates of those who sign clients’ certificates.'),
  capath: listener(folder, undefined, 'A folder of such certificates.'),
  certfile: listener(file, undefined, 'The broker’s certificate. With keyfile, it turns TLS on.'),
  keyfile: listener(file, undefined, 'The key of the broker’s certificate.'),
  crlfile: listener(file, undefined, 'The certificates that were revoked.'),
  ciphers: listener(
    text('names of ciphers, apart by colons'),
    undefined,
    'The ciphers for TLS 1.2 and before.',
  ),
  'ciphers_tls1.3': listener(
    text('names of ciphers, apart by colons'),
    undefined,
    'The ciphers for TLS 1.3.',
  ),
  dhparamfile: listener(
    file,
    undefined,
    'Parameters for the exchange of keys by Diffie and Hellman’s method.',
  ),
  require_certificate: listener(flag, false, 'Whether clients have to show a certificate.'),
  tls_keyform: listener(oneOf('pem'), 'pem', 'The form of keyfile.'),
  tls_version: listener(
    text('tlsv1.3, tlsv1.2 or tlsv1.1'),
    undefined,
    'The oldest version of TLS that is spoken; without this, 1.2.',
  ),
  use_identity_as_username: listener(
    flag,
    false,
    'Whether the name in a client’s certificate is its user name.',
  ),
  use_subject_as_username: listener(
    flag,
    false,
    'Whether the whole subject of a client’s certificate is its user name.',
  ),
} as const;

export type Name = keyof typeof OPTIONS;

type ValueOf<Of> =
  Of extends Option<Scope, infer Value, infer Default>
    ? undefined extends Default
      ? Value | undefined
      : Value
    : never;

/** The values of all options of some scopes. */
export type Values<S extends Scope> = {
  readonly [Key in Name as (typeof OPTIONS)[Key]['scope'] extends S ? Key : never]: ValueOf<
    (typeof OPTIONS)[Key]
  >;
};

/** Other names that Mosquitto knows options by. */
export const ALIASES: Readonly<Record<string, Name>> = {
  maximum_qos: 'max_qos',
  retained_persistence: 'persistence',
};

/** What Mosquitto says of options that it would rather not see. */
export const REMARKS: Readonly<Partial<Record<Name | Directive, string>>> = {
  bind_address:
    "The 'bind_address' option is now deprecated and will be removed in a future version. The behaviour will default to true.",
  clientid_prefixes:
    "The 'clientid_prefixes' option is now deprecated and will be removed in a future version.",
  message_size_limit: 'Note: It is recommended to replace `message_size_limit` with `max_packet_size`.',
  port: "The 'port' option is now deprecated and will be removed in a future version. Please use 'listener' instead.",
};

/** What Mosquitto has and this broker can do without: what it takes, and why a line with it changes nothing. */
export const WITHOUT_EFFECT: Readonly<
  Record<string, { readonly takes: Kind<unknown>; readonly why: string }>
> = {
  allow_duplicate_messages: { takes: flag, why: 'a message goes to a client once, whatever overlaps' },
  autosave_interval: { takes: limit(0), why: 'what was acknowledged has been saved' },
  autosave_on_changes: { takes: flag, why: 'what was acknowledged has been saved' },
  log_facility: { takes: count(0, 7), why: 'there is no log to syslog' },
  retry_interval: {
    takes: anything,
    why: 'messages are sent again on a new connection, as MQTT says, and never on the same',
  },
  user: { takes: text('a user name'), why: 'the broker stays the user who started it' },
  websockets_headers_size: {
    takes: count(0, 65_535, () => 'Websockets headers size must be between 0 and 65535 inclusive.'),
    why: 'headers may have the size that Node allows',
  },
  websockets_log_level: { takes: limit(0), why: 'there is no library to log for' },
};

/** What Mosquitto has and this broker has not, and may not pretend to have. A name that ends in `*` stands for all that begin so. */
export const MISSING: readonly { readonly what: string; readonly names: readonly string[] }[] = [
  {
    what: 'bridges',
    names: [
      'address',
      'addresses',
      'bridge_*',
      'cleansession',
      'clientid',
      'connection',
      'idle_timeout',
      'keepalive_interval',
      'local_*',
      'notification_topic',
      'notifications',
      'notifications_local_only',
      'password',
      'remote_*',
      'restart_timeout',
      'round_robin',
      'start_type',
      'threshold',
      'topic',
      'try_private',
      'username',
    ],
  },
  {
    what: 'plugins',
    names: [
      'auth_opt_*',
      'auth_plugin',
      'auth_plugin_deny_special_chars',
      'enable_control_api',
      'global_plugin',
      'plugin',
      'plugin_load',
      'plugin_opt_*',
      'plugin_use',
    ],
  },
  { what: 'pre-shared keys', names: ['psk_file', 'psk_hint'] },
  { what: 'engines of OpenSSL’s', names: ['tls_engine', 'tls_engine_kpass_sha1'] },
  { what: 'choice of a network interface; listener takes an address', names: ['bind_interface'] },
  { what: 'web pages to serve', names: ['http_dir'] },
];

/** What Mosquitto has under a name that this broker has not. */
export function missing(name: string): string | undefined {
  const isIt = (known: string) =>
    known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known;
  return MISSING.find(({ names }) => names.some(isIt))?.what;
}
