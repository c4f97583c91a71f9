// How data from outside is read: each shape takes what JSON gave, and gives back a value that is what it says it is, or throws
// where something is not, with its place. Knows nothing of what the data means.

/** Where something stands: names of fields, and places in lists, from 0. */
export type Place = readonly (string | number)[];

/** What can be wrong with a value. */
export type Fault =
  | { readonly key: 'missing' | 'unknown' | 'notText' | 'notNumber' | 'notFlag' | 'notList' | 'notRecord' }
  | { readonly key: 'notBytes' }
  | { readonly key: 'notOneOf'; readonly values: { readonly choices: string } }
  | { readonly key: 'outOfRange'; readonly values: { readonly least: number; readonly most: number } }
  | { readonly key: 'tooLong' | 'tooMany'; readonly values: { readonly most: number } };

/** Thrown for a value that is not of its shape. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
  readonly fault: Fault;
  readonly place: Place;

  constructor(fault: Fault, place: Place) {
    super(`${place.join('.')}: ${fault.key}`);
    this.fault = fault;
    this.place = place;
  }
}

/** @throws Misfit */
export type Shape<Value> = (value: unknown, place: Place) => Value;

/** @param most how many characters (UTF-16) it may have */
export function text(most: number): Shape<string> {
  return (value, place) => {
    if (typeof value !== 'string') throw new Misfit({ key: 'notText' }, place);
    if (value.length > most) throw new Misfit({ key: 'tooLong', values: { most } }, place);
    return value;
  };
}

export function number(least: number, most: number): Shape<number> {
  return (value, place) => {
    if (typeof value !== 'number') throw new Misfit({ key: 'notNumber' }, place);
    if (!(value >= least && value <= most))
      throw new Misfit({ key: 'outOfRange', values: { least, most } }, place);
    return value;
  };
}

export function whole(least: number, most: number): Shape<number> {
  const inRange = number(least, most);
  return (value, place) => {
    if (!Number.isInteger(value)) throw new Misfit({ key: 'notNumber' }, place);
    return inRange(value, place);
  };
}

export const flag: Shape<boolean> = (value, place) => {
  if (typeof value !== 'boolean') throw new Misfit({ key: 'notFlag' }, place);
  return value;
};

export function oneOf<Choice extends string | number>(...choices: readonly Choice[]): Shape<Choice> {
  return (value, place) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      throw new Misfit({ key: 'notOneOf', values: { choices: choices.join(', ') } }, place);
    return found;
  };
}

export function list<Item>(item: Shape<Item>, most: number): Shape<Item[]> {
  return (value, place) => {
    if (!Array.isArray(value)) throw new Misfit({ key: 'notList' }, place);
    if (value.length > most) throw new Misfit({ key: 'tooMany', values: { most } }, place);
    return value.map((each, index) => item(each, [...place, index]));
  };
}

/** Bytes are written as text where they are UTF-8, and else as a record with their hexadecimal digits. */
export function bytes(most: number): Shape<Uint8Array> {
  return (value, place) => {
    if (typeof value === 'string') return new TextEncoder().encode(text(most)(value, place));
    const { hex } = record({ hex: text(2 * most) })(value, place);
    if (!/^([0-9a-f]{2})*$/.test(hex)) throw new Misfit({ key: 'notBytes' }, [...place, 'hex']);
    return Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  };
}

/** What `bytes` reads. */
export function writeBytes(value: Uint8Array): string | { hex: string } {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return { hex: Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') };
  }
}

type Shapes<Record> = { [Key in keyof Record]-?: Shape<Exclude<Record[Key], undefined>> };

/** A record with these fields, and no others; those of `optional` may be left out. */
export function record<Needed extends object, Optional extends object = Record<never, never>>(
  needed: Shapes<Needed>,
  optional?: Shapes<Optional>,
): Shape<Needed & Partial<Optional>> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries({ ...needed, ...optional }));
  return (value, place) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Misfit({ key: 'notRecord' }, place);
    const read: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(value)) {
      const shape = shapes.get(key);
      if (shape === undefined) throw new Misfit({ key: 'unknown' }, [...place, key]);
      read[key] = shape(field, [...place, key]);
    }
    for (const key of Object.keys(needed))
      if (!Object.hasOwn(read, key)) throw new Misfit({ key: 'missing' }, [...place, key]);
    return read as Needed & Partial<Optional>;
  };
}
