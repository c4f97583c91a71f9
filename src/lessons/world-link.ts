// A world as text, for a link to it or a file of it: who takes part, what was done, and where the reader stands. What comes from
// outside is believed in nothing: every field is looked at, and what cannot be is told by its place. It checks that the
// inputs can be done by doing them.
import {
  type ClientSetup,
  ImpossibleInput,
  type Input,
  PROPERTIES,
  type Properties,
  type PropertyOwner,
  type Refusal,
  refusalOf,
  type Settings,
  type Setup,
  type Will,
  World,
} from '../../broker/index.ts';
import {
  bytes,
  type Fault,
  flag,
  list,
  Misfit,
  number,
  oneOf,
  type Place,
  record,
  type Shape,
  text,
  whole,
  writeBytes,
} from './shape.ts';

/** A world, and how many of its inputs have been done. */
export interface SavedWorld {
  readonly setup: Setup;
  readonly inputs: readonly Input[];
  readonly at: number;
}

/** What is wrong with a text that should be a world. */
export interface Problem {
  readonly problem:
    | Fault
    /** It is no JSON, or JSON of something else. */
    | { readonly key: 'damaged' }
    /** It was made by another version of these pages. */
    | { readonly key: 'otherVersion'; readonly values: { readonly version: string } }
    /** The engine refuses it. */
    | { readonly key: 'impossible'; readonly refusal: Refusal };
  /** From the outermost in, such as `inputs`, 17, `topic`. Places in lists count from 0. */
  readonly place: Place;
}

/** Changes with every change that makes older texts mean something else. */
const VERSION = 1;
const FORMAT = 'glass broker world';

const MOST_CLIENTS = 50;
const MOST_INPUTS = 20_000;
const MOST_CHARACTERS = 8 * 1024 * 1024;
const LONGEST_NAME = 200;
const LONGEST_TOPIC = 2000;
const LONGEST_PAYLOAD = 64 * 1024;
/** Thirty days, in milliseconds. */
const LONGEST_WAIT = 30 * 24 * 3_600_000;
const MOST_USER_PROPERTIES = 50;

const UINT16 = 0xffff;
const UINT32 = 0xffff_ffff;
const VARINT = 0xfff_ffff;

const name = text(LONGEST_NAME);
const topic = text(LONGEST_TOPIC);
const payload = text(LONGEST_PAYLOAD);
const qos = oneOf(0, 1, 2);
const version = oneOf(3, 4, 5);
const binary = bytes(LONGEST_PAYLOAD);
const milliseconds = number(0, LONGEST_WAIT);

const pair: Shape<[string, string]> = (value, place) => {
  const [first, second, ...more] = list(topic, 2)(value, place);
  if (first === undefined || second === undefined || more.length > 0)
    throw new Misfit({ key: 'missing' }, place);
  return [first, second];
};

/** Of each type that a property travels as. */
const WIRE_SHAPES = {
  flag: oneOf(0, 1),
  uint16: whole(0, UINT16),
  uint32: whole(0, UINT32),
  varint: whole(0, VARINT),
  string: topic,
  binary,
  pair,
} as const satisfies Record<(typeof PROPERTIES)[number]['type'], Shape<unknown>>;

/** The properties that a packet may carry. */
function properties(owner: PropertyOwner): Shape<Properties> {
  const rows = PROPERTIES.filter(({ owners }) => (owners as readonly PropertyOwner[]).includes(owner));
  const shapes = rows.map((row) => {
    const shape = WIRE_SHAPES[row.type] as Shape<unknown>;
    return [row.key, 'repeats' in row ? list(shape, MOST_USER_PROPERTIES) : shape];
  });
  return record<Record<never, never>, Properties>({}, Object.fromEntries(shapes));
}

const will: Shape<Will> = record(
  { topic, payload: binary, qos, retain: flag },
  { properties: properties('will') },
);

const link = record({}, { delay: milliseconds, jitter: milliseconds, breaks: number(0, 1) });

const client: Shape<ClientSetup> = record(
  { name },
  {
    clientId: text(UINT16),
    version,
    cleanStart: flag,
    keepAlive: whole(0, UINT16),
    username: name,
    password: binary,
    will,
    properties: properties('connect'),
    link,
    reconnect: record(
      { after: number(1, LONGEST_WAIT) },
      { times: whole(0, MOST_INPUTS), backoff: number(1, 100) },
    ),
  },
);

const count = whole(0, UINT32);
const seconds = whole(0, UINT32);

const settings: Shape<Partial<Settings>> = record<Record<never, never>, Settings>(
  {},
  {
    versions: list(version, 3),
    maximumKeepAlive: whole(0, UINT16),
    serverKeepAlive: whole(0, UINT16),
    maximumPacketSize: count,
    maximumConnectSize: count,
    connectTimeout: seconds,
    maximumQoS: qos,
    retainAvailable: flag,
    receiveMaximum: whole(1, UINT16),
    maximumInflight: count,
    maximumInflightBytes: count,
    maximumQueued: count,
    maximumQueuedBytes: count,
    queueQoS0: flag,
    upgradeQoS: flag,
    maximumPayloadSize: count,
    maximumSessions: count,
    retainedSweepInterval: seconds,
    checkRetainSource: flag,
    maximumBacklog: count,
    topicAliasMaximum: whole(0, UINT16),
    outboundTopicAliasMaximum: whole(0, UINT16),
    allowEmptyClientId: flag,
    assignedClientIdPrefix: name,
    maximumSessionExpiry: seconds,
    maximumTopicLevels: count,
    maximumSubscriptionsPerClient: count,
    wildcardSubscriptionAvailable: flag,
    subscriptionIdentifierAvailable: flag,
    sharedSubscriptionAvailable: flag,
    responseInformation: topic,
  },
);

const setup: Shape<Setup> = record(
  { version, clients: list(client, MOST_CLIENTS) },
  { broker: settings, link, seed: count, notTcp: flag },
);

const ofClient = { client: name };
const ofFlight = { flight: whole(1, UINT32) };
const done = <Name extends string>(what: Name) => ({ do: oneOf(what) });

const publishProperties = record(
  {},
  {
    payloadFormatIndicator: oneOf(0, 1),
    messageExpiryInterval: seconds,
    contentType: topic,
    responseTopic: topic,
    correlationData: payload,
    topicAlias: whole(0, UINT16),
    userProperty: list(pair, MOST_USER_PROPERTIES),
  },
);

/** What each input has beside its name. */
const INPUTS: { readonly [Name in Input['do']]: Shape<Input & { do: Name }> } = {
  connect: record({ ...done('connect'), ...ofClient }),
  disconnect: record(
    { ...done('disconnect'), ...ofClient },
    { reasonCode: whole(0, 0xff), sessionExpiryInterval: seconds },
  ),
  cut: record({ ...done('cut'), ...ofClient }),
  freeze: record({ ...done('freeze'), ...ofClient }),
  thaw: record({ ...done('thaw'), ...ofClient }),
  publish: record(
    { ...done('publish'), ...ofClient, topic, payload, qos },
    { retain: flag, properties: publishProperties },
  ),
  subscribe: record(
    { ...done('subscribe'), ...ofClient, topicFilter: topic, qos },
    {
      noLocal: flag,
      retainAsPublished: flag,
      retainHandling: oneOf(0, 1, 2),
      subscriptionIdentifier: whole(1, VARINT),
    },
  ),
  unsubscribe: record({ ...done('unsubscribe'), ...ofClient, topicFilter: topic }),
  deliver: record({ ...done('deliver'), ...ofFlight }),
  hold: record({ ...done('hold'), ...ofFlight }),
  release: record({ ...done('release'), ...ofFlight }),
  drop: record({ ...done('drop'), ...ofFlight }),
  duplicate: record({ ...done('duplicate'), ...ofFlight }),
  reorder: record({ ...done('reorder'), ...ofFlight }),
  wait: record({ ...done('wait'), time: milliseconds }),
  restart: record({ ...done('restart'), keeps: flag }),
  join: record({ ...done('join'), setup: client }),
};

const inputNames = oneOf(...(Object.keys(INPUTS) as Input['do'][]));

/** An input from outside. A number alone is the packet that is delivered. */
const input: Shape<Input> = (value, place) => {
  if (typeof value === 'number') return { do: 'deliver', flight: ofFlight.flight(value, place) };
  const what = (value as { do?: unknown } | null)?.do;
  return INPUTS[inputNames(what, [...place, 'do'])](value, place);
};

/** Reads one input from JSON; undefined where it is none. */
export function readInput(json: string): Input | undefined {
  try {
    return input(JSON.parse(json), []);
  } catch {
    return undefined;
  }
}

const saved = record({
  format: oneOf(FORMAT),
  version: oneOf(VERSION),
  setup,
  inputs: list(input, MOST_INPUTS),
  at: whole(0, MOST_INPUTS),
});

/** An input as JSON, for `readInput`. */
export function writeInput(given: Input): string {
  return JSON.stringify(given, plain);
}

/** Writes a world down. `squeeze` makes it short enough for an address. */
export function writeWorld({ setup, inputs, at }: SavedWorld): string {
  const short = inputs.map((each) => (each.do === 'deliver' ? each.flight : each));
  return JSON.stringify({ format: FORMAT, version: VERSION, setup, inputs: short, at }, plain);
}

/** What JSON has no word for: bytes, and numbers without end, which are what settings are at if nothing is said. */
function plain(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return writeBytes(value);
  return value === Number.POSITIVE_INFINITY ? undefined : value;
}

/** Reads what `writeWorld` wrote, in this version of the pages or in an earlier one. It takes any text, and never throws. */
export function readWorld(written: string): SavedWorld | Problem {
  if (written.length > MOST_CHARACTERS)
    return { problem: { key: 'tooLong', values: { most: MOST_CHARACTERS } }, place: [] };
  let data: unknown;
  try {
    data = JSON.parse(written);
  } catch {
    return { problem: { key: 'damaged' }, place: [] };
  }
  const { format, version: made } = (data ?? {}) as { format?: unknown; version?: unknown };
  if (format !== FORMAT) return { problem: { key: 'damaged' }, place: [] };
  if (made !== VERSION)
    return { problem: { key: 'otherVersion', values: { version: String(made) } }, place: ['version'] };
  try {
    const { setup, inputs, at } = saved(data, []);
    return impossibility(setup, inputs, at) ?? { setup, inputs, at };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { problem: error.fault, place: error.place };
  }
}

/** What the engine does not let happen in a world, if anything. */
function impossibility(setup: Setup, inputs: readonly Input[], at: number): Problem | undefined {
  if (at > inputs.length)
    return { problem: { key: 'outOfRange', values: { least: 0, most: inputs.length } }, place: ['at'] };
  let place: Place = ['setup'];
  try {
    const world = new World(setup);
    inputs.forEach((each, index) => {
      place = ['inputs', index];
      world.apply(each);
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof ImpossibleInput || error instanceof RangeError)) throw error;
    return { problem: { key: 'impossible', refusal: refusalOf(error) }, place };
  }
}
