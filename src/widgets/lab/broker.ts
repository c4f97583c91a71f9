// What the broker of the lab can be set to: the rows of its form, a part of all its settings. Times are in seconds. Knows
// no words and no screen.
import { DEFAULT_SETTINGS, type Settings } from '#broker/index.ts';

type NumberKey = {
  [Key in keyof Settings]: Settings[Key] extends number | undefined ? Key : never;
}[keyof Settings];
type FlagKey = { [Key in keyof Settings]: Settings[Key] extends boolean ? Key : never }[keyof Settings];

export type BrokerRow =
  | { readonly key: FlagKey; readonly kind: 'flag' }
  | { readonly key: NumberKey; readonly kind: 'count'; readonly min: number; readonly max: number }
  | { readonly key: NumberKey; readonly kind: 'choice'; readonly of: readonly number[] };

const UINT16 = 0xffff;
const UINT32 = 0xffff_ffff;

// biome-ignore format: a table, a row to each line
export const BROKER_ROWS = [
  { key: 'maximumQoS', kind: 'choice', of: [0, 1, 2] },
  { key: 'retainAvailable', kind: 'flag' },
  { key: 'receiveMaximum', kind: 'count', min: 1, max: UINT16 },
  { key: 'maximumInflight', kind: 'count', min: 1, max: UINT16 },
  { key: 'maximumQueued', kind: 'count', min: 0, max: UINT32 },
  { key: 'queueQoS0', kind: 'flag' },
  { key: 'upgradeQoS', kind: 'flag' },
  { key: 'topicAliasMaximum', kind: 'count', min: 0, max: UINT16 },
  { key: 'outboundTopicAliasMaximum', kind: 'count', min: 0, max: UINT16 },
  { key: 'maximumKeepAlive', kind: 'count', min: 0, max: UINT16 },
  { key: 'serverKeepAlive', kind: 'count', min: 1, max: UINT16 },
  { key: 'maximumSessionExpiry', kind: 'count', min: 0, max: UINT32 },
  { key: 'maximumPacketSize', kind: 'count', min: 2, max: UINT32 },
  { key: 'allowEmptyClientId', kind: 'flag' },
  { key: 'wildcardSubscriptionAvailable', kind: 'flag' },
  { key: 'sharedSubscriptionAvailable', kind: 'flag' },
  { key: 'subscriptionIdentifierAvailable', kind: 'flag' },
] as const satisfies readonly BrokerRow[];

export type BrokerKey = (typeof BROKER_ROWS)[number]['key'];

/** What a setting is, set or not. */
export function readBroker(
  settings: Partial<Settings> | undefined,
  key: BrokerKey,
): number | boolean | undefined {
  return settings?.[key] ?? DEFAULT_SETTINGS[key];
}

/** The settings with one otherwise. What is at its default is not written down. */
export function writeBroker(
  settings: Partial<Settings> | undefined,
  key: BrokerKey,
  value: number | boolean | undefined,
): Partial<Settings> {
  const { [key]: _, ...others } = settings ?? {};
  return value === undefined || value === DEFAULT_SETTINGS[key] ? others : { ...others, [key]: value };
}
