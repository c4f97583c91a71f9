/**
 * Phrases: texts with named slots such as `{count}`. This file knows how a slot is written, which slots a text
 * has, and how they are filled. It knows no language and no text of its own.
 */

/** The names of the slots in a text, as a union of literals. */
export type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Slots<Rest>
  : never;

/** Any text that has at least the slots named, wherever in it they stand. */
type Phrase<Name extends string> = [Name] extends [never]
  ? string
  : (Name extends string ? (text: `${string}{${Name}}${string}`) => void : never) extends (
        text: infer All,
      ) => void
    ? All
    : never;

/** The shape of a dictionary in another language: the same keys, and in each text the same slots. */
export type Words<Section> = {
  readonly [Key in keyof Section]: Section[Key] extends string
    ? Phrase<Slots<Section[Key]>>
    : Words<Section[Key]>;
};

/** Texts that differ by number, keyed by the plural categories of `Intl.PluralRules`. */
export interface Plural {
  readonly one?: string;
  readonly other: string;
}

/** What a phrase needs to be filled: checked while compiling where it has one slot, at will where it has several. */
export type Values<Text extends string> = Readonly<Record<Slots<Text>, string | number>>;

/**
 * Puts values into the slots of a phrase. A slot without a value stays as it is written.
 * In: the phrase and one value for each slot. Out: the text to show.
 */
export function fill<Text extends string>(phrase: Text, values: Values<Text>): string {
  const given: Readonly<Record<string, string | number>> = values;
  return phrase.replace(/\{(\w+)\}/g, (slot, name: string) => String(given[name] ?? slot));
}

/** By language: they take long to make. */
const rulesOf = new Map<string, Intl.PluralRules>();

/**
 * Chooses the form that goes with a number and puts the number into its `{count}` slot, with any further values.
 * In: the forms, the number, a BCP 47 language tag. Out: the text to show.
 */
export function plural(
  forms: Plural,
  count: number,
  lang: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  let rules = rulesOf.get(lang);
  if (rules === undefined) {
    rules = new Intl.PluralRules(lang);
    rulesOf.set(lang, rules);
  }
  const one = rules.select(count) === 'one';
  return fill((one ? forms.one : undefined) ?? forms.other, { count, ...values });
}
