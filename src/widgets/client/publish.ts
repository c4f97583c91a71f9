// What a publication and a subscription can carry beside the plain thing, in 5.0: the rows of two forms. Knows no words and
// no screen.
import type { Input, PublishProperties } from '#broker/index.ts';
import type { Typed } from './controls.tsx';

export type PublishRow =
  | {
      readonly key: Exclude<keyof PublishProperties, 'userProperty'> | 'userName' | 'userValue';
      readonly kind: 'text';
    }
  | {
      readonly key: keyof PublishProperties;
      readonly kind: 'count';
      readonly min: number;
      readonly max: number;
    }
  | { readonly key: keyof PublishProperties; readonly kind: 'flag' };

// biome-ignore format: a table, a row to each line
export const PUBLISH_ROWS = [
  { key: 'messageExpiryInterval', kind: 'count', min: 0, max: 0xffff_ffff },
  { key: 'topicAlias', kind: 'count', min: 1, max: 0xffff },
  { key: 'contentType', kind: 'text' },
  { key: 'responseTopic', kind: 'text' },
  { key: 'correlationData', kind: 'text' },
  { key: 'payloadFormatIndicator', kind: 'flag' },
  { key: 'userName', kind: 'text' },
  { key: 'userValue', kind: 'text' },
] as const satisfies readonly PublishRow[];

export type PublishKey = (typeof PUBLISH_ROWS)[number]['key'];

/** What was typed into the form of a publication. */
export type PublishForm = Partial<Record<PublishKey, Typed>>;

/** The properties that a form says; undefined where it says none. */
export function propertiesOf(form: PublishForm): PublishProperties | undefined {
  const { userName, userValue, payloadFormatIndicator, ...plain } = form;
  const entries = Object.entries(plain).filter(([, value]) => value !== undefined && value !== '');
  const properties = {
    ...Object.fromEntries(entries),
    ...(payloadFormatIndicator === true && { payloadFormatIndicator: 1 as const }),
    ...(userName && { userProperty: [[String(userName), String(userValue ?? '')] as const] }),
  } as PublishProperties;
  return Object.keys(properties).length === 0 ? undefined : properties;
}

/** What a subscription may ask for in 5.0. */
export type SubscribeForm = Partial<
  Pick<
    Input & { do: 'subscribe' },
    'noLocal' | 'retainAsPublished' | 'retainHandling' | 'subscriptionIdentifier'
  >
>;

/** What a form says that is not the default. */
export function optionsOf(form: SubscribeForm): SubscribeForm {
  return Object.fromEntries(Object.entries(form).filter(([, value]) => value)) as SubscribeForm;
}
