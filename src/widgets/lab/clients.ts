// What a client of the lab can be set to: one table, from which the form is drawn, and how a value gets in and out of a
// client's set-up. Knows which settings each version has; knows no words and no screen.
import { type ClientSetup, type Properties, utf8, type Version, type Will } from '#broker/index.ts';
import type { Typed } from '../client/controls.tsx';

export type ClientKey =
  | 'version'
  | 'clientId'
  | 'assigned'
  | 'cleanStart'
  | 'sessionExpiryInterval'
  | 'keepAlive'
  | 'username'
  | 'password'
  | 'receiveMaximum'
  | 'topicAliasMaximum'
  | 'maximumPacketSize'
  | 'willTopic'
  | 'willMessage'
  | 'willQos'
  | 'willRetain'
  | 'willDelayInterval';

export type ClientRow = {
  readonly key: ClientKey;
  /** Only where a will is set. */
  readonly ofWill?: true;
  /** The versions that know it; all if not given. */
  readonly only?: Version;
} & (
  | { readonly kind: 'text' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'count'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly of: readonly number[] }
);

const UINT16 = 0xffff;
const UINT32 = 0xffff_ffff;

// biome-ignore format: a table, a row to each line
export const CLIENT_ROWS: readonly ClientRow[] = [
  { key: 'version', kind: 'choice', of: [4, 5] },
  { key: 'clientId', kind: 'text' },
  { key: 'assigned', kind: 'flag' },
  { key: 'cleanStart', kind: 'flag' },
  { key: 'sessionExpiryInterval', kind: 'count', min: 0, max: UINT32, only: 5 },
  { key: 'keepAlive', kind: 'count', min: 0, max: UINT16 },
  { key: 'username', kind: 'text' },
  { key: 'password', kind: 'text' },
  { key: 'receiveMaximum', kind: 'count', min: 1, max: UINT16, only: 5 },
  { key: 'topicAliasMaximum', kind: 'count', min: 0, max: UINT16, only: 5 },
  { key: 'maximumPacketSize', kind: 'count', min: 1, max: UINT32, only: 5 },
  { key: 'willTopic', kind: 'text' },
  { key: 'willMessage', kind: 'text', ofWill: true },
  { key: 'willQos', kind: 'choice', of: [0, 1, 2], ofWill: true },
  { key: 'willRetain', kind: 'flag', ofWill: true },
  { key: 'willDelayInterval', kind: 'count', min: 0, max: UINT32, only: 5, ofWill: true },
];

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
const FIRST_WILL = { topic: '', payload: utf8('gone'), qos: 0, retain: false } as const;

/** What a setting of a client is. In: the version for clients that do not say their own. */
export function readClient(client: ClientSetup, key: ClientKey, version: Version): Typed {
  const { will, properties } = client;
  switch (key) {
    case 'version':
      return client.version ?? version;
    case 'clientId':
      return client.clientId;
    case 'assigned':
      return client.clientId === '';
    case 'cleanStart':
      return client.cleanStart ?? true;
    case 'keepAlive':
      return client.keepAlive;
    case 'username':
      return client.username;
    case 'password':
      return text(client.password);
    case 'sessionExpiryInterval':
    case 'receiveMaximum':
    case 'topicAliasMaximum':
    case 'maximumPacketSize':
      return properties?.[key];
    case 'willTopic':
      return will?.topic;
    case 'willMessage':
      return text(will?.payload);
    case 'willQos':
      return will?.qos ?? 0;
    case 'willRetain':
      return will?.retain ?? false;
    case 'willDelayInterval':
      return will?.properties?.willDelayInterval;
    default:
      return key satisfies never;
  }
}

/** The client with a setting otherwise. An empty text is none; a client without a will topic has no will. */
export function writeClient(client: ClientSetup, key: ClientKey, typed: Typed): ClientSetup {
  const value = typed === '' ? undefined : typed;
  const will = (part: Partial<Will>) => ({ ...client, will: { ...FIRST_WILL, ...client.will, ...part } });
  switch (key) {
    case 'version':
      return forVersion(client, value as Version);
    case 'assigned':
      return without({ ...client, clientId: value ? '' : undefined });
    case 'clientId':
    case 'cleanStart':
    case 'keepAlive':
    case 'username':
      return without({ ...client, [key]: value });
    case 'password':
      return without({ ...client, password: value === undefined ? undefined : utf8(String(value)) });
    case 'sessionExpiryInterval':
    case 'receiveMaximum':
    case 'topicAliasMaximum':
    case 'maximumPacketSize':
      return without({ ...client, properties: some({ ...client.properties, [key]: value }) });
    case 'willTopic':
      return value === undefined ? without({ ...client, will: undefined }) : will({ topic: String(value) });
    case 'willMessage':
      return will({ payload: utf8(String(value ?? '')) });
    case 'willQos':
      return will({ qos: value as Will['qos'] });
    case 'willRetain':
      return will({ retain: value === true });
    case 'willDelayInterval': {
      const properties = some({ ...client.will?.properties, willDelayInterval: value as number | undefined });
      const { properties: _, ...rest } = { ...FIRST_WILL, ...client.will };
      return { ...client, will: properties ? { ...rest, properties } : rest };
    }
    default:
      return key satisfies never;
  }
}

/** The client as it is in another version: before 5.0 there are no properties. */
export function forVersion(client: ClientSetup, version: Version): ClientSetup {
  if (version === 5) return { ...client, version };
  const { properties: _, will, ...rest } = client;
  if (!will) return { ...rest, version };
  const { properties: __, ...plain } = will;
  return { ...rest, version, will: plain };
}

/** Properties, if there are any. */
function some(properties: Properties): Properties | undefined {
  const entries = Object.entries(properties).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Properties);
}

/** Leaves out what is not set, so that a set-up that is written down is as short as it can be. */
function without(client: { [Key in keyof ClientSetup]: ClientSetup[Key] | undefined }): ClientSetup {
  return Object.fromEntries(
    Object.entries(client).filter(([, value]) => value !== undefined),
  ) as unknown as ClientSetup;
}
