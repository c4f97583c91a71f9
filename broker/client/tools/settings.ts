// What a command line comes to. Knows the defaults; how each setting is written stands in `options.ts`.
import type { Properties, QoS, Version } from '../../codec/index.ts';
import type { Piece } from './format.ts';
import type { TlsTarget, Tool } from './host.ts';

/** The packets whose properties can be set. */
export const PROPERTY_OWNERS = [
  'connect',
  'publish',
  'subscribe',
  'unsubscribe',
  'disconnect',
  'will',
] as const;
export type SettableOwner = (typeof PROPERTY_OWNERS)[number];

/** Where a message comes from. */
export type Source =
  | { from: 'words'; text: string }
  | { from: 'nothing' }
  | { from: 'file'; path: string }
  | { from: 'input' }
  | { from: 'lines' };

export interface ToolSettings {
  host: string;
  /** Undefined leaves the choice to how the connection is encrypted. */
  port: number | undefined;
  isWebSocket: boolean;
  localAddress: string | undefined;
  tls: TlsTarget;
  clientId: string | undefined;
  idPrefix: string | undefined;
  version: Version;
  cleanStart: boolean;
  /** Seconds. */
  keepAlive: number;
  username: string | undefined;
  password: string | undefined;
  will: { topic?: string; payload?: string; qos: QoS; retain: boolean };
  properties: Record<SettableOwner, Properties>;
  /** Owners that were given a property twice that may stand once. */
  repeated: Set<SettableOwner>;
  /** Seconds; undefined if not given. */
  sessionExpiryInterval: number | undefined;
  isDebug: boolean;
  isQuiet: boolean;
  qos: QoS;
  /** What to subscribe to; the last is what to publish to. */
  topics: string[];

  source: Source | undefined;
  retain: boolean;
  maxInflight: number;
  repeat: number;
  repeatDelay: number;

  responseTopic: string | undefined;

  unsubscriptions: string[];
  filterOuts: string[];
  retainAsPublished: boolean;
  isWithoutRetained: boolean;
  isRetainedOnly: boolean;
  removesRetained: boolean;
  exitsAfterSubscribing: boolean;
  /** How many messages are received before the end. */
  count: number | undefined;
  timeout: number | undefined;

  format: readonly Piece[] | undefined;
  isVerbose: boolean;
  isPretty: boolean;
  hasLineEnds: boolean;
  /** Which share of the messages is printed: 0 to 1. */
  share: number;
}

/** What holds where nothing is said. */
export function defaultSettings(tool: Tool): ToolSettings {
  return {
    host: 'localhost',
    port: undefined,
    isWebSocket: false,
    localAddress: undefined,
    tls: { usesSystemCertificates: false, isInsecure: false },
    clientId: undefined,
    idPrefix: undefined,
    version: tool === 'rr' ? 5 : 4,
    cleanStart: true,
    keepAlive: 60,
    username: undefined,
    password: undefined,
    will: { qos: 0, retain: false },
    properties: { connect: {}, publish: {}, subscribe: {}, unsubscribe: {}, disconnect: {}, will: {} },
    repeated: new Set(),
    sessionExpiryInterval: undefined,
    isDebug: false,
    isQuiet: false,
    qos: 0,
    topics: [],
    source: undefined,
    retain: false,
    maxInflight: 20,
    repeat: 1,
    repeatDelay: 0,
    responseTopic: undefined,
    unsubscriptions: [],
    filterOuts: [],
    retainAsPublished: false,
    isWithoutRetained: false,
    isRetainedOnly: false,
    removesRetained: false,
    exitsAfterSubscribing: false,
    count: tool === 'rr' ? 1 : undefined,
    timeout: undefined,
    format: undefined,
    isVerbose: false,
    isPretty: false,
    hasLineEnds: true,
    share: 1,
  };
}
