// The small controls of forms: each a label and what is typed or chosen. They know nothing of what it is for.
import type { ComponentChildren } from 'preact';

/** What is typed or chosen; undefined is the default. */
export type Typed = string | number | boolean | undefined;

interface Labelled {
  label: string;
  live: boolean;
}

export function Text({
  label,
  live,
  value,
  set,
  ...rest
}: Labelled & { value: string; set(value: string): void; placeholder?: string; maxLength?: number }) {
  return (
    <label class="lab-row">
      <span>{label}</span>
      <input
        class="field sm"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        disabled={!live}
        value={value}
        onInput={({ currentTarget }) => set(currentTarget.value)}
        {...rest}
      />
    </label>
  );
}

/** A whole number in a range; what is none is let go of when the field is left. */
export function Count({
  label,
  live,
  value,
  set,
  min = 0,
  max,
  placeholder,
}: Labelled & {
  value: number | undefined;
  set(value: number | undefined): void;
  min?: number;
  max: number;
  placeholder?: string | undefined;
}) {
  return (
    <label class="lab-row">
      <span>{label}</span>
      <input
        class="field sm"
        type="number"
        inputMode="numeric"
        disabled={!live}
        min={min}
        max={max}
        placeholder={placeholder ?? ''}
        value={value ?? ''}
        onChange={({ currentTarget }) => {
          const { value: text, valueAsNumber: number } = currentTarget;
          const fits = Number.isInteger(number) && number >= min && number <= max;
          if (fits) set(number);
          else if (text === '') set(undefined);
          else currentTarget.value = String(value ?? '');
        }}
      />
    </label>
  );
}

export function Check({ label, live, value, set }: Labelled & { value: boolean; set(value: boolean): void }) {
  return (
    <label class="chk">
      <input
        type="checkbox"
        disabled={!live}
        checked={value}
        onChange={({ currentTarget }) => set(currentTarget.checked)}
      />
      {label}
    </label>
  );
}

export function Choice({
  label,
  live,
  value,
  options,
  set,
}: Labelled & {
  value: string;
  options: readonly { readonly key: string; readonly text: string }[];
  set(value: string): void;
}) {
  return (
    <label class="lab-row">
      <span>{label}</span>
      <select
        class="field sm"
        disabled={!live}
        value={value}
        onChange={({ currentTarget }) => set(currentTarget.value)}
      >
        {options.map(({ key, text }) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Press({
  live,
  off = false,
  why,
  press,
  children,
  kind = 's',
}: {
  live: boolean;
  off?: boolean;
  /** Why it cannot be pressed. */
  why?: string | undefined;
  press(): void;
  children: ComponentChildren;
  kind?: string;
}) {
  return (
    <button
      type="button"
      class={`btn ${kind}`}
      disabled={!live}
      aria-disabled={off}
      title={off ? why : undefined}
      onClick={() => !off && press()}
    >
      {children}
    </button>
  );
}

interface FieldProps {
  row:
    | { readonly kind: 'text' | 'flag' }
    | { readonly kind: 'count'; readonly min: number; readonly max: number }
    | { readonly kind: 'choice'; readonly of: readonly number[] };
  label: string;
  live: boolean;
  value: Typed;
  /** What is so where nothing is typed. */
  standing?: string | undefined;
  name?: ((option: number) => string) | undefined;
  set(value: Typed): void;
}

/** The control for a row of a form's table. */
export function Field({ row, label, live, value, standing, name = String, set }: FieldProps) {
  switch (row.kind) {
    case 'text':
      return (
        <Text label={label} live={live} value={String(value ?? '')} placeholder={standing ?? ''} set={set} />
      );
    case 'flag':
      return <Check label={label} live={live} value={value === true} set={set} />;
    case 'count':
      return (
        <Count
          label={label}
          live={live}
          value={value as number | undefined}
          min={row.min}
          max={row.max}
          placeholder={standing}
          set={set}
        />
      );
    case 'choice':
      return (
        <Choice
          label={label}
          live={live}
          value={String(value)}
          options={row.of.map((each) => ({ key: String(each), text: name(each) }))}
          set={(key) => set(Number(key))}
        />
      );
    default:
      return row satisfies never;
  }
}
