// Properties on a command line: `-D publish content-type text/plain`. Knows how they are written; which there are, and which
// packet may carry them, is the codec's to tell.
import {
  PROPERTIES,
  type Properties,
  type PropertyKey,
  type PropertyOwner,
  utf8,
} from '../../codec/index.ts';
import { WrongUsage, wrong } from './complaint.ts';
import { ERROR } from './reasons.ts';
import { PROPERTY_OWNERS, type SettableOwner, type ToolSettings } from './settings.ts';
import { integer } from './values.ts';

type Row = (typeof PROPERTIES)[number];
type Loose = Partial<Record<PropertyKey, unknown>>;

/** The packets that the originals know by name here; what is not settable of them is refused in words of its own. */
const OWNERS: readonly PropertyOwner[] = [
  ...PROPERTY_OWNERS,
  'connack',
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'suback',
  'unsuback',
  'auth',
];

const ROWS: ReadonlyMap<string, Row> = new Map(PROPERTIES.map((row) => [optionName(row), row]));

/** How a property is called on a command line and in JSON: `content-type`. */
export function optionName({ name }: Pick<Row, 'name'>): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

const LARGEST = { flag: 0xff, uint16: 0xffff, uint32: 0xffff_ffff, varint: 0xfff_ffff } as const;

/**
 * Reads the words behind `-D` into settings.
 * @returns how many words were read
 */
export function readProperty(words: readonly string[], settings: ToolSettings): number {
  const [command = '', name = '', first, second] = words;
  const few = wrong('--property argument given but not enough arguments specified.');
  if (first === undefined) throw few;
  const owner = OWNERS.find((one) => one === command.toLowerCase());
  if (owner === undefined) throw wrong('Invalid command given in --property argument.');
  const row = ROWS.get(name.toLowerCase());
  if (row === undefined) throw wrong('Invalid property name given in --property argument.');
  const owners: readonly PropertyOwner[] = row.owners;
  if (!owners.includes(owner))
    throw wrong(`${name} property not allowed for ${command} in --property argument.`);
  if (row.type === 'pair' && second === undefined) throw few;
  if (!isSettable(owner) || (owner === 'publish' && row.key === 'subscriptionIdentifier'))
    throw wrong(`${name} property not supported for ${command} in --property argument.`);
  add(settings, owner, row, row.type === 'pair' ? [first, second] : readValue(first, row, name));
  return row.type === 'pair' ? 4 : 3;
}

function isSettable(owner: PropertyOwner): owner is SettableOwner {
  return (PROPERTY_OWNERS as readonly PropertyOwner[]).includes(owner);
}

function readValue(word: string, { type }: Row, name: string): string | number | Uint8Array {
  if (type === 'string' || type === 'pair') return word;
  if (type === 'binary') {
    const bytes = utf8(word);
    if (bytes.length > 0xffff) throw wrong(`Property value too long for property ${name}.`);
    return bytes;
  }
  const number = integer(word);
  if (number < 0 || number > LARGEST[type])
    throw wrong(`Property value (${number}) out of range for property ${name}.`);
  return number;
}

function add({ properties, repeated }: ToolSettings, owner: SettableOwner, row: Row, value: unknown): void {
  const owned: Loose = properties[owner];
  const before = owned[row.key];
  if (before !== undefined && row.type !== 'pair') repeated.add(owner);
  const repeats = 'repeats' in row;
  owned[row.key] = repeats ? [...((before as unknown[] | undefined) ?? []), value] : value;
}

/** Refuses properties that no packet may carry: one twice, or one with a value that is forbidden. */
export function checkProperties({ properties, repeated }: ToolSettings): void {
  for (const owner of PROPERTY_OWNERS) {
    const reason = repeated.has(owner)
      ? ERROR.duplicateProperty
      : forbiddenIn(properties[owner]) && ERROR.protocol;
    if (!reason) continue;
    const title = owner === 'will' ? 'Will' : owner.toUpperCase();
    throw new WrongUsage(`Error in ${title} properties: ${reason.text}`);
  }
}

function forbiddenIn(properties: Properties): boolean {
  return PROPERTIES.some((row) => {
    const values = [properties[row.key]].flat();
    return ('notZero' in row && values.includes(0)) || (row.type === 'flag' && Number(values[0] ?? 0) > 1);
  });
}
